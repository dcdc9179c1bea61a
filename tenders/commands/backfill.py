"""``tenders backfill``."""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenders import console
from tenders.commands.options import ConfigOption, DataOption, data_dir
from tenders.console import DONE, INCOMPLETE, CommandError
from tenders.data_folder import DataFolder

if TYPE_CHECKING:
    from tenders.scheduling.months import MonthsPlan


def backfill(
    context: typer.Context,
    portals: Annotated[
        list[str] | None, typer.Argument(metavar="[PORTAL]…", help="Names that 'tenders portals' lists; all if none")
    ] = None,
    since: Annotated[str, typer.Option(metavar="YYYY-MM", help="The first month")] = ...,  # type: ignore[assignment]
    until: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The last month; last month if not given")
    ] = None,
    definition: Annotated[
        str, typer.Option(metavar="NAME", help="The counting rules: they say what must be read of a day")
    ] = "market",
    origin: Annotated[
        str | None, typer.Option(metavar="URL", help="Send the requests to this scheme://host:port, one portal only")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only show what would be crawled, and how long it takes")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> int:
    """Crawl the months that are not known yet, the newest first, after showing a plan.

    What is complete by the definition is not asked again, so the same command continues after a stop.
    Exit code 1 if a crawl is incomplete, blocked or failed.

    Example: tenders backfill --since 2025-07 --definition keyword
    """
    from analysis.figures import definition as definitions
    from analysis.figures.months import parse_month, shift_month
    from pipelines.common.clock import today
    from tenders.config import project as configuration
    from tenders.scheduling import months
    from tenders.scheduling.backfill_progress import BackfillProgress
    from tenders.scheduling.signals import crawls_end_on_signal

    folder = data_dir(context, data)
    first = parse_month(since)
    last = parse_month(until) if until else shift_month(today().replace(day=1), -1)
    if first > last:
        raise CommandError(f"--since {since} is after the last month, {last:%Y-%m}")
    if origin and len(set(portals or ())) != 1:
        raise CommandError("an origin replaces one portal: name exactly one")
    own = DataFolder(folder).definitions
    rules = definitions.load(definition, own)
    settings = configuration.load(config, folder).crawler_settings()
    planned = months.plan_months(folder, rules, first, last, portals or (), origin)
    text = _plan_text(planned)
    if plan:
        console.give(console.in_language(text), None)
    else:
        console.say(text)
    if definition != "keyword":
        quick = months.plan_months(folder, definitions.load("keyword", own), first, last, portals or (), origin)
        console.say(f"by --definition keyword: {quick.requests:,} requests, about {quick.hours:.1f} hours")
    if plan:
        return DONE
    if not planned.steps:
        return _show_months(folder, first, last)
    if not yes:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise CommandError("add --yes to crawl without being asked, or --plan to see the plan only")
        if not typer.confirm("Crawl now?", err=True):
            return DONE
    with console.progress_bar() as show, crawls_end_on_signal():
        counted = partial(months.counted_awards, folder, rules)
        progress = BackfillProgress(planned.expected, counted, show, console.say)
        outcomes = months.crawl_months(planned, folder, settings, progress)
    _show_months(folder, first, last)
    return DONE if all(outcome.ok for outcome in outcomes) else INCOMPLETE


def _plan_text(plan: MonthsPlan) -> str:
    """Return one line per portal: the days that would be asked for, their cost, and what the portal cannot give."""
    from pipelines.common.text_tables import table

    rows = []
    for one in plan.portals:
        spans = [f"{crawl.since}…{crawl.until}" for crawl in one.crawls]
        asked = f"{spans[-1].split('…')[0]}…{spans[0].split('…')[1]}" if spans else one.skipped or "known"
        rows.append([one.portal, asked, f"{one.requests:,}", f"{one.hours:.1f}", one.gaps])
    text = table(["portal", "days", "requests", "hours", "what it cannot give"], rows)
    return f"{text}\nexpected: {plan.requests:,} requests, about {plan.hours:.1f} hours, portals side by side"


def _show_months(folder: Path, first: date, last: date) -> int:
    """Print the months that are known now, by every definition."""
    from analysis.figures import definition as definitions
    from tenders.scheduling import months

    for rules in definitions.load_all(DataFolder(folder).definitions):
        states = months.known_months(folder, rules, first, last)
        covered = [f"{month:%Y-%m}" for month, state in states.items() if state == "complete"]
        console.give(f"{rules.name}: {' '.join(covered) or console.in_language('no month is covered')}", None)
    return DONE
