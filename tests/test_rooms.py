"""The rooms of the house: what each may import, and how long a module may grow."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_MAY = {"pipelines": {"pipelines"}, "analysis": {"analysis"}, "tenders": {"tenders", "pipelines"}}
# The composition root: the command line and the jobs behind it put both sides together.
_ROOT_MODULES = {
    "tenders/commands/gather.py", "tenders/commands/show.py", "tenders/commands/judge.py", "tenders/jobs.py", "tenders/review.py"
}  # fmt: skip
_MODULES = sorted(path for room in _MAY for path in (_ROOT / room).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: str(path.relative_to(_ROOT)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    name = str(path.relative_to(_ROOT))
    room = name.split("/")[0]
    allowed = {*_MAY[room], "analysis"} if name in _ROOT_MODULES else _MAY[room]
    assert _imports(path) & {"tenders", "pipelines", "analysis", "tests"} <= allowed


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: str(path.relative_to(_ROOT)))
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize(
    "path",
    [p for p in _MODULES if p.parts[-2] == "parsing" or "pipelines" in p.parts or p.parts[-2] == "portals"],
    ids=lambda p: p.name,
)
def test_reading_opens_no_socket_and_knows_no_crawler(path: Path) -> None:
    assert not _imports(path) & {"scrapy", "socket", "urllib3", "requests", "aiohttp", "httpx", "twisted"}


def test_pipelines_know_no_portal_by_name() -> None:
    names = {path.stem for path in (_ROOT / "tenders" / "portals").glob("*.toml")}
    for path in (_ROOT / "pipelines").rglob("*.py"):
        strings = {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}
        assert not strings & names, path
