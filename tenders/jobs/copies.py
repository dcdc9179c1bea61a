"""The published databases of a data folder: what it knows by itself, and that together with its bases.

Without bases there is one database, in two copies. With bases (``tenders pull``) crawls and monitoring read what the
folder knows by itself, and everything else reads both together.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import duckdb

from analysis.warehouse import publish
from pipelines.common.atomic_files import replace_text
from pipelines.storage import published_copy
from tenders.data_folder import DataFolder
from tenders.files.bases import Base, all_bases
from tenders.jobs import merge_bases


def are_current(con: duckdb.DuckDBPyConnection, folder: DataFolder) -> bool:
    """Return whether every published database is there and whole, and shows the last load and the bases of today."""
    bases = all_bases(folder.bases)
    own = [folder.own] if bases else [folder.own, folder.published]
    return published_copy.is_published(con, own, folder.mark) and _merged_note(folder) == _note_of(folder, bases)


def write(con: duckdb.DuckDBPyConnection, folder: DataFolder) -> None:
    """Replace the published databases by copies of the store's public tables, with the bases of today."""
    bases = all_bases(folder.bases)
    folder.merged_mark.unlink(missing_ok=True)
    if not bases:
        published_copy.publish(con, publish.PUBLIC_TABLES, [folder.own, folder.published], folder.mark)
        folder.merged.unlink(missing_ok=True)
        shutil.rmtree(folder.prepared_bases, ignore_errors=True)
        return
    published_copy.publish(con, publish.PUBLIC_TABLES, [folder.own], folder.mark)
    draft = folder.private / "merging.duckdb"
    shutil.copyfile(folder.own, draft)
    merge_bases.merge(con, draft, bases, folder.prepared_bases)
    copy = folder.published.with_name(f".{folder.published.name}.part")
    shutil.copyfile(draft, copy)
    published_copy.replace(copy, folder.published)
    published_copy.replace(draft, folder.merged)
    replace_text(folder.merged_mark, _note_of(folder, bases))


def _note_of(folder: DataFolder, bases: list[Base]) -> str:
    """Return what the merged databases were made of, and how large they are; empty without bases."""
    if not bases:
        return ""
    content = hashlib.sha256()
    for base in bases:
        content.update(f"{base.key} {base.content} {base.origin}\n".encode())
    sizes = [path.stat().st_size if path.exists() else 0 for path in (folder.merged, folder.published)]
    return f"{_text(folder.mark)} {content.hexdigest()} {sizes}"


def _merged_note(folder: DataFolder) -> str:
    return _text(folder.merged_mark)


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""
