"""Which month is the newest that is known, by definition: what ``tenders status`` says besides the state of portals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from analysis.figures.coverage import coverage_parameters
from analysis.figures.definition import Definition
from tenders.database import query_rows
from tenders.monitoring.status import KnownMonth

# One row for what a definition asks of a day. A month about which nothing is known is partial once a portal was
# crawled, as in the coverage of a summary.
_NEWEST = """
    SELECT
        {number} AS number,
        max(month) FILTER (state = 'complete') AS newest,
        coalesce(
            max(state) FILTER (month = $last),
            CASE
                WHEN EXISTS (FROM crawled_portals_as_of($instant, of_portals := $of_portals_{number})) THEN 'partial'
                ELSE 'unknown'
            END
        ) AS state
    FROM covered_months_as_of($instant, search_words := $search_words_{number}, of_portals := $of_portals_{number})
"""


def newest_known_months(data_dir: Path, definitions: Sequence[Definition], last_month: date) -> list[KnownMonth]:
    """Return for each definition its newest complete month and the state of ``last_month`` (its first day).

    Definitions that ask the same of a day are one question. Without a database the list is empty.
    """
    asked: dict[str, Any] = {"last": last_month}
    numbers: dict[tuple[Any, ...], int] = {}
    for one in definitions:
        demands = (one.search_words, one.counted_portals)
        if demands not in numbers:
            number = numbers[demands] = len(numbers)
            values = coverage_parameters(one, None)
            asked["instant"] = values.pop("instant")
            asked |= {f"{name}_{number}": value for name, value in values.items()}
    sql = " UNION ALL ".join(_NEWEST.format(number=number) for number in numbers.values())
    try:
        rows = {row["number"]: row for row in query_rows(data_dir, sql, asked)}
    except (duckdb.CatalogException, duckdb.BinderException):  # published by an older version of this tool
        return []
    found = [(one, rows.get(numbers[one.search_words, one.counted_portals])) for one in definitions]
    return [KnownMonth(one.name, row["newest"], last_month, row["state"]) for one, row in found if row]
