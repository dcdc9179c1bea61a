"""``tenders publish``: the public data set and its site, written from the store (docs/open-data.md)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import duckdb
import orjson

from analysis.exports import ocds
from analysis.exports.selection import Selection
from analysis.publication import datapackage, selection, tables
from pipelines.storage import store, version
from tenders.config.models import PublishSection
from tenders.data_folder import DataFolder
from tenders.database import NoDatabaseError
from tenders.files import checksums
from tenders.files.published_set import MANIFEST
from tenders.jobs.load import prepare_folder
from tenders.jobs.published_manifest import Statements, json_bytes, manifest
from tenders.jobs.published_pages import PageCounts, write_pages
from tenders.jobs.published_site import write_site
from tenders.jobs.user_lexicon import apply_user_lexicon

DATABASE = "tenders.duckdb"
DATAPACKAGE = "datapackage.json"
OCDS = "ocds"
# The words and rules that were used: those of the tool, and those of the data folder.
RULES = {"vocabulary": ("pipelines", "lexicon"), "definitions": ("analysis.figures", "definitions")}
OWN_RULES = "own"


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What a publication holds and how many of its files were written, because their content is new."""

    awards: int
    notices: int
    files: int
    written: int
    pages: PageCounts | None


def publish(
    data_dir: Path, target: Path, settings: PublishSection, since: date | None, until: date | None, *, with_pages: bool
) -> PublishResult:
    """Write or update the publication in ``target``: awards of the days from ``since`` to ``until``, both included.

    Raises NoDatabaseError, and ValueError if ``target`` holds other things than a publication.
    """
    folder = DataFolder(data_dir)
    if not (folder.own.exists() or folder.published.exists()):
        raise NoDatabaseError(data_dir)
    if target.exists() and not (target.is_dir() and _is_ours(target)):
        raise ValueError(f"{target} holds other things than a publication: name a new folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f".{target.name}.{os.getpid()}.part")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    try:
        with folder.lock():
            prepare_folder(folder)
            with apply_user_lexicon(data_dir), closing(store.open_for_reading(folder.store)) as con:
                con.execute("SET TimeZone = 'Asia/Shanghai'")
                selection.copy_selection(con, staged / DATABASE, since, until, version.STORAGE)
                pages = write_pages(con, staged) if with_pages else None
        stated = Statements(
            licence=settings.licence,
            origin=settings.origin,
            url=settings.url,
            made_up=folder.made_up.exists(),
            since=f"{since:%Y-%m}" if since else None,
            until=f"{until:%Y-%m}" if until else None,
        )
        content = write_files(folder, staged, target, stated, pages)
        files = sum(1 for path in staged.rglob("*") if path.is_file())
        written = checksums.update(staged, target)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    counts = content["tables"]
    return PublishResult(counts["awards"], counts["notices"], files, written, pages)


def write_files(
    folder: DataFolder, staged: Path, target: Path, stated: Statements, pages: PageCounts | None
) -> dict[str, Any]:
    """Write all files of a publication into ``staged``, which has its database with the tables. Returns the manifest.

    The database file of ``target`` is kept if it holds the same.
    """
    with _database(staged) as con:
        selection.finish(con)
        copy_shipped_rules(staged)
        _copy_own_rules(folder, staged)
        tables.write(con, staged)
        write_descriptor(con, staged, stated.licence)
        for month in tables.award_months(con):
            write_ocds(con, staged, month, stated.licence)
        content = manifest(con, staged, stated, pages)
        (staged / MANIFEST).write_bytes(json_bytes(content))
    _keep_equal_database(staged, target, content["database"])
    with _database(staged, read_only=True) as con:
        write_site(con, staged, staged, content)
    return content


def write_descriptor(con: duckdb.DuckDBPyConnection, folder: Path, licence: str) -> None:
    """Write the descriptor of a publication below ``folder``."""
    package = datapackage.datapackage(con, tables.csv_files(con), licence, "大模型中标项目 Large-model awards")
    (folder / DATAPACKAGE).write_bytes(json_bytes(package))


def write_ocds(con: duckdb.DuckDBPyConnection, folder: Path, month: str, licence: str) -> None:
    """Write the OCDS package of a month (``YYYY-MM``) below ``folder``."""
    path = folder / OCDS / f"{month}.json"
    path.parent.mkdir(exist_ok=True)
    ocds.write_month(con, path, Selection(*tables.days_of(month)), licence)


def copy_shipped_rules(folder: Path) -> None:
    """Copy the words and rules of the tool below ``folder``."""
    for name, (package, rules) in RULES.items():
        _copy_toml(resources.files(package) / rules, folder / name)


@contextmanager
def _database(folder: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(folder / DATABASE), read_only=read_only) as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        con.execute("SET threads = 1")  # rows stay in their order, so the files are the same each time
        yield con


def _is_ours(target: Path) -> bool:
    return (target / MANIFEST).is_file() or not any(target.iterdir())


def _keep_equal_database(staged: Path, target: Path, content: str) -> None:
    """Keep the published database file if it has the same content and nobody changed it."""
    try:
        published = orjson.loads((target / MANIFEST).read_bytes())
        listed = checksums.read((target / checksums.FILE_NAME).read_text("utf-8"))
        if published["database"] == content and checksums.digest(target / DATABASE) == listed[DATABASE]:
            shutil.copyfile(target / DATABASE, staged / DATABASE)
    except (OSError, ValueError, KeyError, TypeError):
        return  # nothing to keep: the new file is published


def _copy_own_rules(folder: DataFolder, staged: Path) -> None:
    for own in (folder.lexicon, folder.definitions):
        if own.is_dir():
            _copy_toml(own, staged / OWN_RULES / own.name)


def _copy_toml(source: Traversable, target: Path) -> None:
    for entry in source.iterdir():
        if entry.is_dir():
            _copy_toml(entry, target / entry.name)
        elif entry.name.endswith(".toml"):
            target.mkdir(parents=True, exist_ok=True)
            (target / entry.name).write_bytes(entry.read_bytes())
