"""What every test may ask for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.storing import tenders


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
