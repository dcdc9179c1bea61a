"""Data folders and stores that are ready for a test, because creating their tables and views takes a second."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines.storage import store
from tenders.data_folder import DataFolder
from tenders.jobs.load import load_spool

create_store = store.open_store


def empty_data_folder(path: Path) -> Path:
    """Make ``path`` a data folder with a published database that holds nothing yet."""
    shutil.copytree(_template().root, path, dirs_exist_ok=True)
    return path


def open_ready_store(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the store at ``path``, cheaply for a few notices.

    If it is missing, it begins as a copy of one with all tables and views, and no notice.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_template().store, path)
    con = create_store(path)
    # A second thread and a choice of compression cost a few notices more than they save.
    con.execute("SET threads = 1")
    con.execute("SET force_compression = 'uncompressed'")
    return con


@cache
def _template() -> DataFolder:
    folder = Path(_temporary_folder().name)
    opened, store.open_store = store.open_store, create_store
    load_spool(folder)
    store.open_store = opened
    return DataFolder(folder)


@cache
def _temporary_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="tenders-empty-")
