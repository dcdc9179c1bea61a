"""``tenders verify``."""

from __future__ import annotations

from typing import Annotated

import typer

from tenders import console
from tenders.console import DONE, INCOMPLETE

_MOST_LINES = 100


def verify(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A published folder, its .zip or its address")],
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Only this month")] = None,
) -> int:
    """Recompute a published data set: figures from awards, awards from notices, notices from pages.

    Exit code 0: equal, 1: different, or written by another version, 2: unreadable or tampered.
    Example: tenders verify site --month 2026-07
    """
    import duckdb

    from analysis.figures.months import parse_month
    from tenders.jobs import verify as job

    if month:
        parse_month(month)
    result = job.verify(source, month)
    scope = f"{source} ({month})" if month else source
    if result.other_duckdb:
        console.say(
            f"the views of tenders.duckdb were not compared: DuckDB {result.other_duckdb} wrote them, "
            f"this is DuckDB {duckdb.__version__}"
        )
    if result.other_tool:
        console.say(
            "the site, the OCDS packages, datapackage.json and the rules were not compared: "
            f"tenders {result.other_tool} wrote them; compare them with that version"
        )
    if not result.differences:
        pages = ", and notices from their pages" if result.pages else "; no pages are published"
        text = (
            f"{scope} is equal: figures recomputed from {result.awards:,} awards, "
            f"awards from {result.notices:,} notices{pages}"
        )
        console.give(console.in_language(text), None)
        return INCOMPLETE if result.other_tool else DONE
    console.give("\n".join(map(console.in_language, result.differences[:_MOST_LINES])), None)
    more = len(result.differences) - _MOST_LINES
    if more > 0:
        console.say(f"… and {more:,} more differences")
    console.say(f"{scope} differs from what was recomputed: {len(result.differences):,} differences")
    return INCOMPLETE
