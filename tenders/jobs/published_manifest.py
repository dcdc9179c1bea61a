"""``manifest.json`` of a publication: what its publisher states, and what follows from the other files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import orjson
from pydantic import BaseModel, ConfigDict, Field

from analysis.publication import FORMAT, tables
from analysis.staging.last_seen import last_seen
from pipelines.common.clock import utc_text
from pipelines.storage import version
from tenders.files import checksums
from tenders.jobs.published_pages import FOLDER, PageCounts
from tenders.version import VERSION

DEFINITION = "market"


class Statements(BaseModel):
    """What a publisher states. Nobody else can recompute it.

    ``since`` and ``until`` are months; ``version`` and ``duckdb`` are those of the programs that wrote the files.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    licence: str
    origin: str
    url: str | None = None
    made_up: bool = False
    since: str | None = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    until: str | None = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    version: str = VERSION
    duckdb: str | None = duckdb.__version__

    @property
    def of_this_tool(self) -> bool:
        """Whether this version of the tool wrote the files, so that it writes the same bytes again."""
        return self.version == VERSION

    @property
    def of_this_duckdb(self) -> bool:
        """Whether the installed DuckDB wrote the files, so that it writes the same bytes again."""
        return self.duckdb == duckdb.__version__


def manifest(
    con: duckdb.DuckDBPyConnection, folder: Path, stated: Statements, pages: PageCounts | None
) -> dict[str, Any]:
    """Return the manifest of the publication in ``folder``, whose tables ``con`` has.

    ``pages``: None if there are no pages.
    """
    known = last_seen(con)
    return {
        "format": FORMAT,
        "tool": "tenders",
        "version": stated.version,
        "duckdb": stated.duckdb,
        "schema_version": version.VERSION,
        "definition": DEFINITION,
        "licence": stated.licence,
        "origin": stated.origin,
        "url": stated.url,
        "made_up": stated.made_up,
        "since": stated.since,
        "until": stated.until,
        "known_until": utc_text(known) if known else None,
        "months": tables.award_months(con),
        "tables": tables.counts(con),
        "pages": {"published": pages.published, "left_out": pages.left_out} if pages else None,
        "database": _content_digest(folder, stated.version),
    }


def has_pages(folder: Path) -> bool:
    """Return whether pages are published in ``folder``."""
    return (folder / FOLDER).is_dir()


def json_bytes(content: Any) -> bytes:
    """Return JSON as a publication has it."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _content_digest(folder: Path, tool_version: str) -> str:
    """Return a digest of all rows: a database file with the same rows has other bytes each time it is written."""
    content = hashlib.sha256(tool_version.encode())
    for path in sorted((folder / "data").rglob("*.parquet")):
        content.update(path.relative_to(folder).as_posix().encode() + checksums.digest(path).encode())
    return content.hexdigest()
