"""Data folders that are ready for a test."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tenders.jobs.load import load_spool


def empty_data_folder(path: Path) -> Path:
    """Make ``path`` a data folder with a published database that holds nothing yet.

    It is copied, because creating the tables and views of a new database takes a second.
    """
    shutil.copytree(_template().name, path, dirs_exist_ok=True)
    return path


@cache
def _template() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory(prefix="tenders-empty-")
    load_spool(Path(folder.name))
    return folder
