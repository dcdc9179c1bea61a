"""OCDS 1.1 release packages of the awards: one contracting process an award. What stands where: docs/ocds.md.

``facts`` reads the database, ``decisions`` and ``story`` make awards and releases of it, ``parts`` the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, groupby
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import duckdb
import orjson

from analysis.exports.files import replacing_folder
from analysis.exports.ocds.process import Process, processes
from analysis.exports.ocds.releases import releases
from analysis.exports.selection import Selection
from analysis.staging.last_seen import last_seen

LOTS = "https://raw.githubusercontent.com/open-contracting-extensions/ocds_lots_extension/v1.1.5/extension.json"
ONE_FILE = (".json", ".jsonl")
_UNDATED = "undated"
_OURS = re.compile(rf"(\d{{4}}-\d{{2}}|{_UNDATED})\.json")


def file(con: duckdb.DuckDBPyConnection, path: Path, selection: Selection, *, one_release_a_line: bool = False) -> None:
    """Write the selected awards to ``path`` as one release package, or as its releases alone, one a line.

    Memory does not grow with their number.
    """
    found = _releases(processes(con, selection))
    if one_release_a_line:
        with path.open("wb") as out:
            out.writelines(release + b"\n" for release in found)
    else:
        _write(path, _metadata(con, selection, "all"), found)


def folder(con: duckdb.DuckDBPyConnection, path: Path, selection: Selection) -> None:
    """Write the selected awards to ``path``/2026-07.json and so on: a release package for each month of award.

    All releases of a process are in one file; awards without a date are in ``undated.json``. An earlier export there is
    replaced as a whole. Raises ValueError where the folder holds other files.
    """
    with replacing_folder(path, lambda name: _OURS.fullmatch(name) is not None) as draft:
        draft.mkdir()
        for month, some in groupby(processes(con, selection), key=_month):
            _write(draft / f"{month}.json", _metadata(con, selection, month), _releases(some))


def _month(process: Process) -> str:
    return f"{process.awarded_on:%Y-%m}" if process.awarded_on else _UNDATED


def _releases(found: Iterator[Process]) -> Iterator[bytes]:
    return map(orjson.dumps, chain.from_iterable(map(releases, found)))


def _metadata(con: duckdb.DuckDBPyConnection, selection: Selection, part: str) -> dict[str, Any]:
    """What the package says of itself: the same for the same data, so that two exports are equal."""
    known = last_seen(con)
    published = known.isoformat(timespec="seconds") if known else "1970-01-01T00:00:00+08:00"
    return {
        "uri": uuid5(NAMESPACE_URL, f"tenders/ocds/{part}/{known}/{selection}").urn,
        "version": "1.1",
        "extensions": [LOTS],
        "publishedDate": published,
        "publisher": {"name": "tenders"},
        "license": "https://www.apache.org/licenses/LICENSE-2.0",
        "publicationPolicy": "file:docs/ocds.md",
    }


def _write(path: Path, metadata: dict[str, Any], found: Iterator[bytes]) -> None:
    with path.open("wb") as out:
        out.write(orjson.dumps(metadata)[:-1] + b',"releases":[\n')
        for number, release in enumerate(found):
            out.write((b",\n" if number else b"") + release)
        out.write(b"\n]}\n")
