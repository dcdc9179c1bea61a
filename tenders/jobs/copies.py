"""The published databases of a data folder: what it knows by itself, and that together with its bases.

Without bases there is one database, in two copies. With bases (``tenders pull``) crawls and monitoring read what the
folder knows by itself, and everything else reads both together.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from pathlib import Path

import duckdb

from analysis.figures.definition import Definition, load_all, load_usable
from analysis.views import catalog
from analysis.warehouse import publish
from pipelines.common.atomic_files import replace_text
from pipelines.storage import published_copy
from tenders.data_folder import DataFolder
from tenders.files.bases import Base, all_bases
from tenders.jobs import merge_bases

logger = logging.getLogger(__name__)


def are_current(con: duckdb.DuckDBPyConnection, folder: DataFolder) -> bool:
    """Return whether every published database is there and whole, and shows the last load.

    They must also show the definitions and the bases of today.
    """
    bases = all_bases(folder.bases)
    if not bases and (folder.merged.exists() or folder.prepared_bases.exists()):
        return False  # the removal of the last base was killed, and everybody still reads what it left
    own = [folder.own] if bases else [folder.own, folder.published]
    return published_copy.is_published(con, own, folder.mark) and _text(folder.added_mark) == _note_of(
        folder, _definitions(folder), bases
    )


def write(con: duckdb.DuckDBPyConnection, folder: DataFolder) -> None:
    """Replace the published databases by copies of the store's public tables, with the bases of today."""
    bases, definitions = all_bases(folder.bases), _definitions(folder)
    # A copy can be used again only if it has the same definitions.
    reuse = _text(folder.added_mark).split(" ")[0] == _digest(definitions, bases)
    if not reuse:
        folder.mark.unlink(missing_ok=True)
    folder.added_mark.unlink(missing_ok=True)

    def add_definitions(published: duckdb.DuckDBPyConnection) -> None:
        catalog.create_definitions(published, definitions)

    targets = [folder.own] if bases else [folder.own, folder.published]
    finish = add_definitions if definitions != load_all() else None
    published_copy.publish(
        con, publish.PUBLIC_TABLES, targets, folder.mark, finish, built=publish.BUILT_TABLES, reuse=reuse
    )
    if bases:
        _write_merged(con, folder, bases)
    else:
        folder.merged.unlink(missing_ok=True)
        shutil.rmtree(folder.prepared_bases, ignore_errors=True)
    if note := _note_of(folder, definitions, bases):
        replace_text(folder.added_mark, note)


def _definitions(folder: DataFolder) -> list[Definition]:
    return load_usable(folder.definitions, logger.warning)


def _write_merged(con: duckdb.DuckDBPyConnection, folder: DataFolder, bases: list[Base]) -> None:
    draft = folder.private / "merging.duckdb"
    shutil.copyfile(folder.own, draft)
    merge_bases.merge(con, draft, bases, folder.prepared_bases)
    copy = folder.published.with_name(f".{folder.published.name}.part")
    shutil.copyfile(draft, copy)
    published_copy.replace(copy, folder.published)
    published_copy.replace(draft, folder.merged)


def _note_of(folder: DataFolder, definitions: list[Definition], bases: list[Base]) -> str:
    """Return what was added to the tables of the store, and how large the databases are; empty if nothing was."""
    digest = _digest(definitions, bases)
    sizes = [path.stat().st_size if path.exists() else 0 for path in (folder.merged, folder.published)]
    return f"{digest} {sizes} {_text(folder.mark)}" if digest else ""


def _digest(definitions: list[Definition], bases: list[Base]) -> str:
    """Return a digest of the definitions and bases; empty if there are only the shipped definitions."""
    if definitions == load_all() and not bases:
        return ""
    content = hashlib.sha256(repr(definitions).encode())
    for base in bases:
        content.update(f"{base.key} {base.content} {base.origin}\n".encode())
    return content.hexdigest()


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""
