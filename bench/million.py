"""Measure how long queries and commands take on a large market: ``python -m bench.million``.

It makes a published database of a million made-up awards (36 months, 6 portals, 3 % of the awards revised afterwards), then
times views and commands as a user would call them.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import duckdb

from analysis.warehouse import publish
from bench.measuring import TENDERS, measure
from pipelines.storage import version

MONTHLY_SECONDS = 0.2
SUMMARY_SECONDS = 3.0
SUMMARY_MB = 700
_MONTH = "2025-07"
_MARKET = Path(__file__).with_suffix(".sql")
_QUERIES = {
    "monthly": "SELECT * FROM monthly",
    "monthly_by_type": "SELECT * FROM monthly_by_type",
    "monthly_by_vendor": "SELECT * FROM monthly_by_vendor",
    "monthly_as_of": "SELECT * FROM monthly_as_of(TIMESTAMPTZ '2025-08-31 23:59+08')",
    "year_to_date": "SELECT * FROM year_to_date",
    "vendor_ranking of a year": "SELECT * FROM vendor_ranking(DATE '2025-01-01', DATE '2025-12-31')",
    "concentration of a year": "SELECT * FROM concentration(DATE '2025-01-01', DATE '2025-12-31')",
    "like_for_like": "SELECT * FROM like_for_like",
    "revisions of a month": "SELECT * FROM revisions WHERE month = DATE '2025-07-01'",
    "revisions_by_cause": "SELECT * FROM revisions_by_cause",
    "published_contradictions": "SELECT * FROM published_contradictions",
}


class _Timing(NamedTuple):
    """How long something took, and how much memory, and the most that it may take."""

    name: str
    seconds: float
    most_seconds: float
    peak_mb: float = 0.0


def main() -> None:
    """Print the seconds of each query and command. The exit code is 1 if monthly or a summary takes too much."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="tenders-million-") as folder:
        began = time.perf_counter()
        database = Path(folder, "tenders.duckdb")
        make(database, options.awards)
        size = database.stat().st_size / 1e6
        seconds = time.perf_counter() - began
        print(f"made: {options.awards:,} awards over 36 months, {size:,.0f} MB, in {seconds:.0f} s", flush=True)
        timings = [*_time_queries(database), *_time_summaries(database)]
        slow = [timing.name for timing in timings if timing.seconds > timing.most_seconds]
        large = [timing.name for timing in timings if timing.peak_mb > SUMMARY_MB]
    if slow or large:
        sys.exit(f"too slow: {', '.join(slow) or 'nothing'}; too much memory: {', '.join(large) or 'nothing'}")


def make(database: Path, awards: int) -> None:
    """Make a published database of ``awards`` made-up awards, each with one notice, and all views."""
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        con.execute(f"ATTACH '{database}' AS made (STORAGE_VERSION '{version.STORAGE}')")
        con.execute("USE made")
        publish.create_tables(con)
        for statement in _MARKET.read_text("utf-8").split(";"):
            con.execute(statement, {"awards": awards} if "$awards" in statement else None)
        con.execute("INSERT INTO about VALUES (?)", [version.VERSION])
        publish.load_published_figures(con)
        publish.create_views(con)
        con.execute(publish.sql("warehouse/schema", "known_months.sql"))


def _time_queries(database: Path) -> list[_Timing]:
    timings = []
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        for name, sql in _QUERIES.items():
            con.execute(sql).fetchall()  # once before, so that the file is in the system's cache
            began = time.perf_counter()
            rows = len(con.execute(sql).fetchall())
            seconds = time.perf_counter() - began
            print(f"{name}: {seconds:.2f} s, {rows:,} rows", flush=True)
            timings.append(_Timing(name, seconds, MONTHLY_SECONDS if name == "monthly" else math.inf))
    return timings


def _time_summaries(database: Path) -> list[_Timing]:
    timings = []
    summary = [*TENDERS, "--data", str(database.parent), "summary", "--month", _MONTH]
    for output_format in ("table", "md", "json", "csv", "html", "xlsx"):
        output = database.with_name(f"summary.{output_format}")
        seconds, peak = measure([*summary, "--format", output_format, "-o", str(output)])
        print(f"tenders summary --format {output_format}: {seconds:.2f} s, {peak / 1024:,.0f} MB", flush=True)
        timings.append(_Timing(f"summary --format {output_format}", seconds, SUMMARY_SECONDS, peak / 1024))
    return timings


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.million", description=main.__doc__)
    parser.add_argument("--awards", type=int, default=1_000_000, help="how many awards there are (default: 1,000,000)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
