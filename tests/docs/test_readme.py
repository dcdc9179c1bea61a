"""The documentation says what is: its commands run, its links lead somewhere, what it shows is what comes out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tenders.review.form import FILLED_IN
from tests.helpers.storing import tenders
from tests.paths import ROOT

_ROOT = ROOT
_DOCS = [
    _ROOT / "README.md",
    _ROOT / "README.zh.md",
    _ROOT / "CONTRIBUTING.md",
    *sorted((_ROOT / "docs").rglob("*.md")),
]
_BLOCKS = re.findall(r"```sh\n(.*?)```", (_ROOT / "README.md").read_text(), re.DOTALL)
_COMMANDS = [line for block in _BLOCKS for line in block.splitlines() if "data/demo" in line]


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_command_of_the_readme_runs(command: str, own_demo: Path) -> None:
    result = tenders(*shlex.split(command)[1:], cwd=own_demo)
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr


def test_the_readme_shows_the_months_that_the_demo_gives(demo: Path) -> None:
    readme = (_ROOT / "README.md").read_text()
    query = re.search(r'\$ tenders --data data/demo query "([^"]+)"', readme)
    assert query
    shown = tenders("--data", "data/demo", "query", query.group(1), cwd=demo).stdout
    for line in shown.splitlines()[:5]:
        assert line.rstrip() in readme


@pytest.mark.parametrize(("page", "language"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_readme_shows_what_explain_says(page: str, language: str, demo: Path) -> None:
    readme = (_ROOT / page).read_text("utf-8")
    key = re.search(r"explain (aw\w+)", readme)
    assert key
    said = tenders("--data", "data/demo", "explain", key.group(1), "--lang", language, cwd=demo).stdout
    shown = readme.split(f"explain {key.group(1)}")[1].split("…")[0].strip().splitlines()
    assert len(shown) > 5
    for line in shown:
        assert line.strip() in said


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (_ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z]+)", "\n".join(_BLOCKS), re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


@pytest.mark.parametrize("document", _DOCS, ids=lambda path: path.relative_to(_ROOT).as_posix())
def test_links_and_paths_of_a_document_lead_to_files(document: Path) -> None:
    text = document.read_text()
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (document.parent / link).exists(), link
    for path in re.findall(r"`((?:tenders|pipelines|analysis|tests|docs|cassettes)/[\w./-]+)`", text):
        if not re.search(r"NAME|FAMILY", path):
            assert (_ROOT / path).exists(), path


def test_sections_that_docstrings_name_exist() -> None:
    named = 0
    for module in (path for folder in ("tenders", "pipelines", "analysis") for path in (_ROOT / folder).rglob("*.py")):
        text = " ".join(module.read_text("utf-8").split())
        for page, titles in re.findall(r'(docs/[\w/-]+\.md), sections? ((?:"[^"]+"(?:, | and | to )?)+)', text):
            headings = re.findall(r"^#+ (.+)$", (_ROOT / page).read_text("utf-8"), re.MULTILINE)
            for title in re.findall(r'"([^"]+)"', titles):
                named += 1
                assert title in headings, f"{module}: {page} has no section {title!r}"
    assert named > 5


def test_the_contract_names_the_columns_of_the_review_form_that_are_read_back() -> None:
    contract = (_ROOT / "docs" / "reference" / "contract.md").read_text("utf-8")
    listed, rest = contract.split("The table of `review` has the columns")[1].split("`award_key` and the last ")
    columns = re.findall(r"`(\w+)`", listed)
    words = ["six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    assert columns[-len(FILLED_IN) :] == list(FILLED_IN)
    assert rest.startswith(f"{words[len(FILLED_IN) - 6]} are read back")


def test_every_command_has_help_with_an_example() -> None:
    listed = tenders("--help").stdout
    names = re.findall(r"^│ (\w+)  ", listed, re.MULTILINE)
    assert {"crawl", "ingest", "summary", "explain", "query"} <= set(names)
    for name in names:
        assert "Example:" in tenders(name, "--help").stdout, name
