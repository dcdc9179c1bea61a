"""``tenders ingest``: capture files, WARC and tables of awards into the published database, without a network.

Memory does not grow with the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.award_rows import ADDRESS
from pipelines.storage.store import PageKeys
from tenders.archive import wacz
from tenders.data_folder import DataFolder
from tenders.files import award_tables
from tenders.files.spreadsheets import is_sheet
from tenders.jobs import file_shares
from tenders.jobs.engines import LOCAL, Engine, UnreadableInputError
from tenders.jobs.load import load_spool, prepared_store
from tenders.jobs.reading import Progress, ReadReport, no_progress
from tenders.jobs.user_lexicon import apply_user_lexicon

SUFFIXES = (".jsonl", ".jsonl.gz", ".warc", ".warc.gz", ".warc.zst", ".wacz")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://")  # hdfs://name-node/captures


def ingest_files(
    paths: Iterable[Path | str],
    data_dir: Path,
    progress: Progress = no_progress,
    *,
    accept_fewer: bool = False,
    engine: Engine = LOCAL,
) -> ReadReport:
    """Read pages of capture files and WARC, and tables of awards, into the published database.

    A text with ``://`` is an address in a file system that only a distributed engine reads. Raises
    UnreadableInputError, InvalidDataError and what ``prepared_store`` and the engine raise, before anything is changed.
    """
    given = [str(path) for path in paths]
    addresses = [path for path in given if _ADDRESS.match(path)]
    files = files_in(Path(path) for path in given if not _ADDRESS.match(path))
    folder = DataFolder(data_dir)
    with apply_user_lexicon(data_dir), engine.running():
        remote_files = engine.remote_files(addresses, SUFFIXES)
        file_shares.take_in_finished(folder)
        # A killed run may have left pages in the spool: they count as stored.
        with folder.lock(), prepared_store(folder, accept_fewer=accept_fewer) as con:
            stored, stored_awards = _stored_pages(con, files) if con else (PageKeys(), set())
        report = engine.spool_files(files, remote_files, folder, stored, progress, stored_awards)
        load_spool(folder.root, accept_fewer=accept_fewer)
    return report


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files to read; a folder stands for the capture files and WARC inside it, sorted by name.

    A table is read only if it is named itself, because a folder may hold any table. Raises UnreadableInputError for a
    path that is missing, unreadable or holds nothing to read.
    """
    files: list[Path] = []
    for path in paths:
        try:
            # Absolute, so that quarantine names the same place from whatever folder the command was run.
            files += _files_at(path.absolute())
        except OSError as error:
            raise UnreadableInputError(f"cannot read {path}: {error.strerror or error}") from None
    return list(dict.fromkeys(files))


def _files_at(path: Path) -> list[Path]:
    if path.is_dir():
        inside = sorted(file for file in path.rglob("*") if file.name.endswith(SUFFIXES) and file.is_file())
        if not inside:
            raise UnreadableInputError(f"{path} holds no capture file or WARC ({', '.join('*' + s for s in SUFFIXES)})")
    elif path.exists():
        inside = [path]
    else:
        raise UnreadableInputError(f"{path} does not exist: name a capture file, a WARC or a folder with such files")
    for file in inside:
        with file.open("rb") as opened:
            opened.read(1)
        if is_sheet(file):
            try:
                award_tables.check(file)
            except award_tables.NoAwardsError as error:
                raise UnreadableInputError(str(error)) from None
        elif wacz.is_zip(file):
            try:
                wacz.warc_names(file)
            except wacz.NoWaczError as error:
                raise UnreadableInputError(str(error)) from None
    return inside


def _stored_pages(con: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> tuple[PageKeys, set[str]]:
    """Return the keys of the stored pages, and the addresses of stored awards that came from tables.

    The addresses are only read if one of the files is a table.
    """
    rows: list[tuple[str]] = []
    if any(map(is_sheet, files)):
        rows = con.execute("SELECT DISTINCT url FROM private.pages WHERE starts_with(url, ?)", [ADDRESS]).fetchall()
    return PageKeys.of(con), {url for (url,) in rows}
