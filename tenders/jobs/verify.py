"""``tenders verify``: recompute what was published, down to the award (docs/open-data.md)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
from pydantic import ValidationError

from analysis.figures.months import parse_month, shift_month
from analysis.publication import FORMAT, selection, tables
from analysis.publication.differences import row_differences
from pipelines.common.safe_text import first_line
from pipelines.common.sql_text import literal
from pipelines.storage import version
from tenders.files.published_set import MANIFEST, PublishedSetError, open_set
from tenders.jobs.publish import OWN_RULES
from tenders.jobs.published_manifest import Statements, has_pages
from tenders.jobs.published_pages import differing_pages
from tenders.jobs.resolve_again import resolved_again
from tenders.jobs.user_lexicon import apply_user_lexicon
from tenders.jobs.verify_files import PublishedFiles, read_tables, view_differences

# Columns that are not compared: evidence leaves out what a reviewer wrote about himself, reviews have no names.
_NOT_COMPARED = ("evidence", "reviewer", "note")
_RESOLVED = {
    "awards": "award", "award_states": "state of award", "award_lots": "lot of award", "reviews": "review of award",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared, and one line for each difference.

    ``other_tool`` and ``other_duckdb`` are the versions that wrote the set, if other ones than those that compared it.
    """

    awards: int
    notices: int
    pages: bool
    differences: list[str]
    other_tool: str | None
    other_duckdb: str | None


def verify(source: str, month: str | None = None) -> Verification:
    """Recompute a published data set, or one month of it.

    Raises PublishedSetError if it cannot be read or is not what its checksums say.
    """
    with open_set(source, FORMAT) as (folder, content), tempfile.TemporaryDirectory(prefix="tenders-verify-") as work:
        stated = _statements(source, content)
        if content["schema_version"] != version.VERSION:
            raise PublishedSetError(
                f"{source}: was written by tenders {stated.version} with other tables; verify it with that version"
            )
        database = Path(work) / "published.duckdb"
        try:
            with (
                duckdb.connect() as con
            ):  # with the storage that a publication has, which decides how views are written
                con.execute(f"ATTACH {literal(database)} AS new (STORAGE_VERSION '{version.STORAGE}')")
            with duckdb.connect(str(database)) as con:
                con.execute("SET TimeZone = 'Asia/Shanghai'")
                con.execute("SET threads = 1")
                selection.create_tables(con)
                con.execute("INSERT INTO about VALUES (?)", [version.VERSION])
                read_tables(con, folder)
                months = tables.award_months(con)
                if month and month not in months:
                    raise PublishedSetError(f"has no awards of {month}; months: {', '.join(months)}")
                selection.finish(con)
                found = list(PublishedFiles(con, folder, Path(work), content, stated, month).differences())
                if has_pages(folder):
                    with apply_user_lexicon(folder / OWN_RULES):
                        found += differing_pages(con, folder, month)
                counts = tables.counts(con)
            with resolved_again(database, Path(work) / "store.duckdb") as con:
                found += view_differences(con, folder, stated)
                found += _awards(con, month, stated)
        except PublishedSetError as error:
            raise PublishedSetError(f"{source}: {error}") from None
        except (duckdb.Error, ValueError, ArithmeticError) as error:
            raise PublishedSetError(f"{source}: its tables cannot be read: {first_line(error)}") from None
        return Verification(
            counts["awards"],
            counts["notices"],
            has_pages(folder),
            found,
            None if stated.of_this_tool else stated.version,
            None if stated.of_this_duckdb else stated.duckdb,
        )


def _statements(source: str, content: dict[str, Any]) -> Statements:
    try:
        return Statements.model_validate({"duckdb": None} | content)
    except ValidationError:
        raise PublishedSetError(f"{source}: {MANIFEST} is not that of a published data set") from None


def _awards(con: duckdb.DuckDBPyConnection, month: str | None, stated: Statements) -> Iterator[str]:
    """Compare the published awards with those that ``resolved_again`` made of the published notices.

    All awards of the span that was published must be there, and no others.
    """
    first, last = (parse_month(text) if text else None for text in (month or stated.since, month or stated.until))
    con.execute("SET VARIABLE since = CAST(? AS DATE)", [first])
    con.execute("SET VARIABLE until = CAST(? AS DATE)", [_last_day(last)])
    computed_keys = _keys("main")
    published_keys = _keys("published.main") if month else "SELECT award_key FROM published.main.award_states"
    for table in tables.TABLES:
        if table.name in _RESOLVED:
            columns = ", ".join(
                name
                for name, _ in tables.described(con, f"FROM published.main.{table.name}")
                if name not in _NOT_COMPARED
            )
            published, computed = (
                f"SELECT {columns} FROM {schema}.{table.name} WHERE award_key IN ({keys})"
                for schema, keys in (("published.main", published_keys), ("main", computed_keys))
            )
            yield from row_differences(con, _RESOLVED[table.name], table.order, published, computed)


def _keys(schema: str) -> str:
    """Return a query of the awards whose day is in the span of the variables ``since`` and ``until``."""
    return f"""
        SELECT award_key FROM (
            SELECT award_key, max_by(awarded_on, valid_from) AS day FROM {schema}.award_states GROUP BY award_key
        )
        WHERE
            (getvariable('since') IS NULL OR day >= getvariable('since'))
            AND (getvariable('until') IS NULL OR day <= getvariable('until'))
    """


def _last_day(month: date | None) -> date | None:
    return shift_month(month, 1) - timedelta(days=1) if month else None
