# Every target works from a fresh clone: what it needs is installed first, and only when it changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.up-to-date
PORTAL ?= ccgp
REPORT ?= $(or $(TENDERS_DATA),data)/report-$(MONTH).html

.DEFAULT_GOAL := help
.PHONY: help setup demo reproduce test lint bench crawl schedule summary report clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(STAMP) ## create .venv with the tenders command in .venv/bin

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make setup PYTHON=python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP) ## crawl from the cassettes, load, print the month: no network needed
	@$(BIN)/tenders demo

reproduce: $(STAMP) ## the published table from a made-up world whose answer it is: see docs/reproduce.md
	@$(BIN)/python -m tests.reproduce

lint: $(STAMP) ## ruff and mypy
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy

test: lint ## lint, then all tests
	@$(BIN)/pytest -n 2

bench: $(STAMP) ## notices a second and peak memory, with bare lxml parsing as the floor
	@$(BIN)/python -m bench

crawl: $(STAMP) ## crawl a portal live: make crawl PORTAL=ccgp
	@$(BIN)/tenders crawl $(PORTAL)

summary: $(STAMP) ## the monthly summary: make summary MONTH=2026-07
	@test -n "$(MONTH)" || { echo "say which month: make summary MONTH=2026-07" >&2; exit 2; }
	@$(BIN)/tenders summary --month $(MONTH)

schedule: $(STAMP) ## run the scheduled crawls until stopped: see docs/schedule.md
	@$(BIN)/tenders schedule

report: $(STAMP) ## the month as one page to open, print or pass on: make report MONTH=2026-07
	@test -n "$(MONTH)" || { echo "say which month: make report MONTH=2026-07" >&2; exit 2; }
	@$(BIN)/tenders summary --month $(MONTH) --format html -o $(REPORT)
	@echo "written: $(REPORT)"

clean: ## remove what can be made again: the environment and the caches, never data/
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
