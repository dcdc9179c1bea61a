"""``tenders pull``: take a published data set of somebody else as a base, or let go of it."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from analysis.publication import FORMAT, tables
from pipelines.common.safe_text import first_line
from pipelines.storage import store, version
from tenders.archive.writer import archive_files
from tenders.data_folder import DataFolder
from tenders.files.bases import (
    Base,
    all_bases,
    draft_of,
    key_of,
    origin_of,
    replaced,
    same_source,
    settle,
    write_source,
)
from tenders.files.published_set import PublishedSetError, copy_files, open_set
from tenders.jobs import merge_bases
from tenders.jobs.load import load_locked


@dataclass(frozen=True, slots=True)
class Pulled:
    """A base, how many awards it holds, and how many of them count here because no own award is of their project."""

    base: Base
    awards: int
    added: int


def pull(data_dir: Path, source: str) -> Pulled:
    """Check a published set, keep it in ``DIR/bases`` and publish with it.

    Pulling the same source again replaces what was pulled before. Raises PublishedSetError, and then nothing was
    changed.
    """
    folder = DataFolder(data_dir)
    target = folder.bases / key_of(source)
    draft = draft_of(target)
    shutil.rmtree(draft, ignore_errors=True)
    try:
        base, awards = _checked_copy(source, draft)
        with folder.lock():
            settle(folder.bases)
            base = replace(base, folder=target)
            with replaced(target, draft):
                load_locked(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        _remove_if_empty(folder.bases)
    with closing(duckdb.connect(str(folder.merged), read_only=True)) as con:
        added = store.scalar(con, "SELECT count(*) FROM awards WHERE origin IS NOT NULL")
    return Pulled(base, awards, int(added))


def remove(data_dir: Path, source: str) -> Base:
    """Let go of the base that was pulled from ``source``, and publish without it. Raises PublishedSetError."""
    folder = DataFolder(data_dir)
    with folder.lock():
        settle(folder.bases)
        bases = {base.key: base for base in all_bases(folder.bases)}
        base = bases.get(key_of(source))
        if base is None:
            pulled = ", ".join(one.source for one in bases.values()) or "none"
            raise PublishedSetError(f"{source} is no base of this folder; pulled are: {pulled}")
        with replaced(base.folder, None):
            if len(bases) == 1 and _has_nothing_of_its_own(folder):
                databases = (folder.store, folder.own, folder.published, folder.merged)
                for path in (*databases, folder.mark, folder.added_mark, folder.last_load):
                    path.unlink(missing_ok=True)
                shutil.rmtree(folder.prepared_bases, ignore_errors=True)
            else:
                load_locked(folder)
        _remove_if_empty(folder.bases)
    return base


def _checked_copy(source: str, staged: Path) -> tuple[Base, int]:
    """Copy what a base needs of a checked set to ``staged``. Raises PublishedSetError."""
    with open_set(source, FORMAT, _is_needed) as (published, manifest):
        if manifest.get("schema_version") != version.VERSION:
            raise PublishedSetError(
                f"{source}: was written by tenders {manifest.get('version')} with other tables; "
                "pull it with that version, or ask its publisher for a newer one"
            )
        copy_files(published, staged, _is_needed)
        origin = origin_of(manifest, source)
    now = datetime.now(UTC)
    write_source(staged, source, origin, now)
    base = Base(staged, same_source(source), origin, now, version.VERSION, bool(manifest.get("made_up")))
    try:
        database = merge_bases.prepare(base, staged / "check")
        with closing(duckdb.connect(str(database), read_only=True)) as con:
            awards = int(store.scalar(con, "SELECT count(*) FROM awards"))
            doubled = tables.with_doubled_rows(con)
    except duckdb.Error as error:
        raise PublishedSetError(f"{source}: its tables cannot be read: {first_line(error)}") from None
    if doubled:
        raise PublishedSetError(f"{source}: rows of {', '.join(doubled)} are there twice: its figures would be wrong")
    shutil.rmtree(staged / "check")
    return base, awards


def _is_needed(path: str) -> bool:
    return path.startswith("data/") and path.endswith(".parquet")


def _has_nothing_of_its_own(folder: DataFolder) -> bool:
    """Return whether the folder had no database before its first base."""
    if archive_files(folder.root) or not folder.store.exists():
        return not folder.store.exists()
    with closing(store.open_for_reading(folder.store)) as con:
        rows = "SELECT (SELECT count(*) FROM private.observations) + (SELECT count(*) FROM private.crawls)"
        return not store.scalar(con, rows)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
