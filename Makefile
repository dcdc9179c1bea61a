# Every target works from a fresh clone: what it needs is installed first, and only when it changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Each of the two processes gets half of the tests in their order and takes over some of the other's when it is done.
# So most fixtures of a module are built once, and no process waits for the other's last long module.
# Tests start many processes: compiled modules are kept for them, also where the environment forbids it.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 2 --dist worksteal
COMPILE := $(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
LOCK := $(COMPILE) --all-build-deps
PORTAL ?= ccgp
REPORT ?= $(or $(TENDERS_DATA),data)/report-$(MONTH).html

.DEFAULT_GOAL := help
.PHONY: help setup dev spark demo reproduce lint test test-fast test-heavy test-long docs references accuracy bench lock wheel crawl schedule summary report clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(RUNTIME) ## create .venv with the tenders command in .venv/bin

dev: $(DEV) ## the same with everything that tests, linters and documentation need

spark: $(DEV) ## add Spark, which --engine spark and its heavy tests need; Java comes from the system
	$(PIP) --no-build-isolation --require-hashes --requirement requirements-spark.lock

$(RUNTIME): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make setup PYTHON=python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.lock
	$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

demo: $(RUNTIME) ## crawl from the cassettes, load, print the month: no network needed
	@$(BIN)/tenders demo

reproduce: $(DEV) ## the published table from a made-up world whose answer it is: see docs/reproduce.md
	@$(BIN)/python -m tests.reproduce

lint: $(DEV) ## ruff (rules and format), mypy, import walls
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "run: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

test: lint ## lint, then all tests but the heavy and the long ones
	@$(PYTEST) -m "not heavy and not long"

test-fast: $(DEV) ## the tests of a working day, in under a minute
	@$(PYTEST) -q -m "not heavy and not long and not slow"

test-heavy: $(DEV) ## the tests that need a browser, Java, a wheel or the documentation site
	@$(PYTEST) -m heavy

test-long: $(DEV) ## the tests that run the tool from end to end: all portals, worlds, kills, days of the scheduler
	@$(PYTEST) -m long

docs: $(DEV) ## the documentation site, into build/site
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "written: build/site/index.html"

references: $(DEV) ## write the generated pages of docs/reference again
	@$(BIN)/python -m tests.docs.write_references

accuracy: $(DEV) ## the share of the small cases in ../shared/cases that is read right
	@$(BIN)/python -m tests.accuracy

bench: $(DEV) ## how fast each step is, against bare lxml parsing and the previous release
	@$(BIN)/python -m bench

lock: $(RUNTIME) ## resolve the lock files again, after a change of dependencies in pyproject.toml
	$(PIP) pip-tools
	@$(LOCK) pyproject.toml -o requirements.lock
	@$(LOCK) --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	@$(LOCK) --extra ocr pyproject.toml -c requirements.lock -o requirements-ocr.lock
	@echo 'pyspark>=4.1' | $(COMPILE) -c requirements.lock -o requirements-spark.lock -

wheel: $(DEV) ## the installable package, into dist/
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

crawl: $(RUNTIME) ## crawl a portal live: make crawl PORTAL=ccgp
	@$(BIN)/tenders crawl $(PORTAL)

summary: $(RUNTIME) ## the monthly summary: make summary MONTH=2026-07
	@test -n "$(MONTH)" || { echo "say which month: make summary MONTH=2026-07" >&2; exit 2; }
	@$(BIN)/tenders summary --month $(MONTH)

schedule: $(RUNTIME) ## run the scheduled crawls until stopped: see docs/schedule.md
	@$(BIN)/tenders schedule

report: $(RUNTIME) ## the month as one page to open, print or pass on: make report MONTH=2026-07
	@test -n "$(MONTH)" || { echo "say which month: make report MONTH=2026-07" >&2; exit 2; }
	@$(BIN)/tenders summary --month $(MONTH) --format html -o $(REPORT)
	@echo "written: $(REPORT)"

clean: ## remove what can be made again: the environment and the caches, never data/
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
