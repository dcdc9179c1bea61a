"""What every test may ask for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.data_folders import empty_data_folder
from tests.helpers.storing import tenders

# A test that asks for one of these takes seconds.
_SLOW_FIXTURES = {"demo", "own_demo", "empty_data"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test as slow that uses a slow fixture."""
    for item in items:
        if _SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``tenders demo`` has run, once for all tests. They only read ``data/demo`` in it."""
    folder = tmp_path_factory.mktemp("newcomer")
    result = tenders("demo", cwd=folder)
    assert result.returncode == 0, result.stderr
    (folder / "demo.txt").write_text(result.stdout, "utf-8")
    return folder


@pytest.fixture
def own_demo(demo: Path, tmp_path: Path) -> Path:
    """A copy of that folder for a test that changes it."""
    return Path(shutil.copytree(demo, tmp_path / "own"))


@pytest.fixture
def empty_data(tmp_path: Path) -> Path:
    """The folder ``data`` of the test, with an empty database: a first load into it takes half of the usual time."""
    return empty_data_folder(tmp_path / "data")
