"""Bases of others, put into a published database beside what the data folder knows by itself.

An award of a base gives way to the folder's own award of the same project, and to that of a base that was pulled
earlier. Two awards are of the same project if they share a notice, or if the rules of awards join their notices.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import duckdb

from analysis.publication import selection, tables
from analysis.warehouse import publish
from pipelines.common.sql_text import literal
from pipelines.storage import version
from tenders.files.bases import Base
from tenders.jobs.resolve_again import resolved_again, store_of_notices

logger = logging.getLogger(__name__)

_STORE, _BASE = "main", "base"  # where the tables of the store and of a base are found


def merge(store: duckdb.DuckDBPyConnection, database: Path, bases: Iterable[Base], prepared: Path) -> None:
    """Add the rows of the bases to ``database``, a copy of the public tables of the open ``store``.

    ``prepared`` is a folder for the bases as databases, which are made if they are missing or outdated.
    """
    earlier: list[Path] = []
    for base in bases:
        if base.schema_version != version.VERSION:
            logger.warning("%s was published with other tables: pull it again (tenders pull)", base.source)
            continue
        place = prepare(base, prepared)
        given_way = _same_projects(store, place, earlier)
        with closing(duckdb.connect(str(database))) as con:
            con.execute("SET TimeZone = 'Asia/Shanghai'")
            con.execute(f"ATTACH {literal(place)} AS {_BASE} (READ_ONLY)")
            con.execute("SET VARIABLE origin = ?", [base.origin])
            con.execute("CREATE TEMP TABLE given_way AS SELECT unnest(CAST(? AS VARCHAR[])) AS award_key", [given_way])
            con.execute(publish.sql("publication", "merge.sql"))
            con.execute(publish.sql("warehouse/schema", "known_months.sql"))
        earlier.append(place)


def prepare(base: Base, prepared: Path) -> Path:
    """Return the database of a base: its tables, and in ``award_blocks`` what its notices can be joined by.

    Raises duckdb.Error if its files do not fit the tables.
    """
    place = prepared / f"{base.key}.duckdb"
    made_of = f"{base.content} {publish.rules_digest()}"
    if place.exists() and _made_of(place) == made_of:
        return place
    prepared.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="base-", dir=prepared) as work:
        draft, blocks = Path(work) / "draft.duckdb", Path(work) / "blocks.parquet"
        with closing(duckdb.connect(str(draft))) as con:
            con.execute("SET TimeZone = 'Asia/Shanghai'")
            selection.create_tables(con)
            tables.read(con, base.folder)
        with store_of_notices(draft, Path(work) / "store.duckdb") as con:
            publish.build_blocks(con)
            con.execute(f"COPY working.award_blocks TO {literal(blocks)} (FORMAT parquet)")
        with closing(duckdb.connect(str(draft))) as con:
            con.execute(f"CREATE TABLE award_blocks AS FROM read_parquet({literal(blocks)})")
            con.execute("CREATE TABLE made_of AS SELECT ? AS digests", [made_of])
        shutil.move(draft, place)
    return place


def _made_of(place: Path) -> str:
    try:
        with closing(duckdb.connect(str(place), read_only=True)) as con:
            row = con.execute("FROM made_of").fetchone()
    except duckdb.Error:
        return ""
    return str(row[0]) if row else ""


def _same_projects(store: duckdb.DuckDBPyConnection, base: Path, earlier: Iterable[Path]) -> list[str]:
    """Return the awards of a base whose projects the store, or an earlier base, has an award of."""
    found: set[str] = set()
    store.execute(f"ATTACH {literal(base)} AS {_BASE} (READ_ONLY)")
    try:
        found |= _given_way(store, _STORE, "working.award_blocks", base)
        for place in earlier:
            store.execute(f"ATTACH {literal(place)} AS earlier (READ_ONLY)")
            try:
                found |= _given_way(store, "earlier.main", "earlier.main.award_blocks", base)
            finally:
                store.execute("DETACH earlier")
    finally:
        store.execute(f"DETACH {_BASE}")
    return sorted(found)


def _given_way(con: duckdb.DuckDBPyConnection, first: str, blocks: str, base: Path) -> set[str]:
    """Return the awards of the attached base whose projects ``first`` has an award of. ``blocks`` are those of it."""
    con.execute(publish.sql("publication", "overlap.sql").format(first=first, blocks=blocks))
    found = {key for (key,) in con.execute("FROM sharing_awards").fetchall()}
    before = -1
    while (count := con.execute("SELECT count(*) FROM overlap").fetchall()[0][0]) != before:
        before = count
        con.execute(publish.sql("publication", "overlap_more.sql"))
    if count:
        found |= _joined(con, first, base)
    return found


def _joined(con: duckdb.DuckDBPyConnection, first: str, base: Path) -> set[str]:
    """Resolve the overlapping notices of both together, and return the awards of the base that an award holds."""
    with tempfile.TemporaryDirectory(prefix="overlap-", dir=base.parent) as work:
        draft = Path(work) / "overlap.duckdb"
        with closing(duckdb.connect(str(draft))) as empty:
            selection.create_tables(empty)
        con.execute("CREATE OR REPLACE TEMP TABLE chosen_notices AS SELECT notice_key FROM overlap WHERE is_first")
        if first == _STORE:
            selection.copy_notices(con, draft)
        else:
            _copy(con, draft, first)
        con.execute("CREATE OR REPLACE TEMP TABLE chosen_notices AS SELECT notice_key FROM overlap WHERE NOT is_first")
        _copy(con, draft, f"{_BASE}.main")
        awards_of_first = _awards_by_notice(con, first)
        awards_of_base = _awards_by_notice(con, f"{_BASE}.main")
        with resolved_again(draft, Path(work) / "store.duckdb") as joined:
            groups = joined.execute("SELECT notice_keys FROM main.award_states").fetchall()
    return {
        award
        for (notices,) in groups
        if any(notice in awards_of_first for notice in notices)
        for notice in notices
        for award in awards_of_base.get(notice, ())
    }


def _awards_by_notice(con: duckdb.DuckDBPyConnection, place: str) -> dict[str, list[str]]:
    """Return the awards that the overlapping notices of ``place`` belong to, by notice."""
    pairs = con.execute(
        f"""
        SELECT notice_key, list(DISTINCT award_key)
        FROM (SELECT award_key, unnest(notice_keys) AS notice_key FROM {place}.award_states)
        SEMI JOIN overlap USING (notice_key) GROUP BY notice_key
        """
    ).fetchall()
    return dict(pairs)


def _copy(con: duckdb.DuckDBPyConnection, draft: Path, place: str) -> None:
    """Add the notices in temp table ``chosen_notices`` of an attached base to ``draft``."""
    con.execute(f"ATTACH {literal(draft)} AS publication")
    try:
        con.execute(publish.sql("publication", "overlapping_notices.sql").format(place=place))
    finally:
        con.execute("DETACH publication")
