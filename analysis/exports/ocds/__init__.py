"""OCDS 1.1 release packages of the awards, one contracting process per award (docs/ocds.md).

``process`` reads the database, ``awards`` and ``releases`` build awards and releases from it, ``objects`` their parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, groupby
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import duckdb
import orjson

from analysis.exports.csv_and_parquet import replacing_folder
from analysis.exports.ocds.process import Process, read_processes
from analysis.exports.ocds.releases import build_releases
from analysis.exports.selection import Selection
from analysis.staging.last_seen import last_seen

LOTS_EXTENSION = (
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_lots_extension/v1.1.5/extension.json"
)
ONE_FILE = (".json", ".jsonl")
_UNDATED = "undated"
_PACKAGE_FILE = re.compile(rf"(\d{{4}}-\d{{2}}|{_UNDATED})\.json")


def write_file(
    con: duckdb.DuckDBPyConnection, path: Path, selection: Selection, *, one_release_a_line: bool = False
) -> None:
    """Write the selected awards to ``path`` as one release package, or as its releases alone, one a line.

    Memory does not grow with their number.
    """
    releases = _encode_releases(read_processes(con, selection))
    if one_release_a_line:
        with path.open("wb") as out:
            out.writelines(release + b"\n" for release in releases)
    else:
        _write_package(path, _metadata(con, selection, "all"), releases)


def write_folder(con: duckdb.DuckDBPyConnection, path: Path, selection: Selection) -> None:
    """Write the selected awards to ``path``/2026-07.json and so on: a release package for each month of award.

    All releases of a process are in one file; awards without a date are in ``undated.json``. Replaces all files of an
    earlier export. Raises ValueError if the folder has other files.
    """
    with replacing_folder(path, lambda name: _PACKAGE_FILE.fullmatch(name) is not None) as draft:
        draft.mkdir()
        for month, processes in groupby(read_processes(con, selection), key=_month):
            package = draft / f"{month}.json"
            _write_package(package, _metadata(con, selection, month), _encode_releases(processes))


def write_month(con: duckdb.DuckDBPyConnection, path: Path, selection: Selection, licence: str) -> None:
    """Write the selected awards to ``path`` as a release package that changes only if one of its awards does."""
    known = con.execute(
        f"SELECT max(valid_from) FROM award_states WHERE award_key IN (SELECT award_key FROM ({selection.sql}))"
    ).fetchone()
    metadata = _metadata(con, selection, path.stem, known[0] if known else None) | {"license": licence}
    _write_package(path, metadata, _encode_releases(read_processes(con, selection)))


def _month(process: Process) -> str:
    return f"{process.awarded_on:%Y-%m}" if process.awarded_on else _UNDATED


def _encode_releases(processes: Iterable[Process]) -> Iterator[bytes]:
    return map(orjson.dumps, chain.from_iterable(map(build_releases, processes)))


def _metadata(
    con: duckdb.DuckDBPyConnection, selection: Selection, part: str, known: datetime | None = None
) -> dict[str, Any]:
    """Return the metadata of a package: the same for the same data, so that two exports are equal.

    ``known`` is up to when its awards are known; if not given, all that the database knows.
    """
    known = known or last_seen(con)
    published = known.isoformat(timespec="seconds") if known else "1970-01-01T00:00:00+08:00"
    return {
        "uri": uuid5(NAMESPACE_URL, f"tenders/ocds/{part}/{known}/{selection}").urn,
        "version": "1.1",
        "extensions": [LOTS_EXTENSION],
        "publishedDate": published,
        "publisher": {"name": "tenders"},
        "license": "https://www.apache.org/licenses/LICENSE-2.0",
        "publicationPolicy": "file:docs/ocds.md",
    }


def _write_package(path: Path, metadata: dict[str, Any], releases: Iterable[bytes]) -> None:
    with path.open("wb") as out:
        out.write(orjson.dumps(metadata)[:-1] + b',"releases":[\n')
        for number, release in enumerate(releases):
            out.write((b",\n" if number else b"") + release)
        out.write(b"\n]}\n")
