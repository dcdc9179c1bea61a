"""The commands that bring notices in: crawl, ingest, rebuild, schedule, and what is known of the portals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenders import console, options
from tenders.console import DONE, INCOMPLETE
from tenders.options import Config, Data, ReportFormat, Since, Until

app = typer.Typer()


@app.command()
def crawl(
    context: typer.Context,
    portals: Annotated[list[str], typer.Argument(metavar="PORTAL…", help="Names that 'tenders portals' lists")],
    since: Since = None,
    until: Until = None,
    keyword: Annotated[
        list[str] | None, typer.Option(metavar="K", help="Only notices with this word; may be repeated")
    ] = None,
    origin: Annotated[
        str | None, typer.Option(metavar="URL", help="Ask this scheme://host:port instead of the portal")
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", help="Read at most N notices of each portal")] = None,
    config: Config = None,
    data: Data = None,
) -> int:
    """Crawl portals live, politely, and load what was found.

    Example: tenders crawl ccgp --since 2026-07-01 --until 2026-07-31
    """
    from tenders.config import project as configuration
    from tenders.jobs import jobs

    outcomes = jobs.crawl(
        portals,
        data_dir=options.folder(context, data),
        since=console.as_day("since", since),
        until=console.as_day("until", until),
        keywords=keyword or (),
        limit=limit,
        origin=origin,
        settings=configuration.load(config, options.folder(context, data)).crawler_settings(),
    )
    for outcome in outcomes:
        said = f"{outcome.portal}: {outcome.state}, {outcome.listed} listed, {outcome.stored} stored"
        console.say(f"{said}: {outcome.reason}" if outcome.reason else said)
    return DONE if all(outcome.ok for outcome in outcomes) else INCOMPLETE


@app.command()
def ingest(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="*.jsonl, *.warc (or .gz), folders, *.csv, *.xlsx")
    ],
    data: Data = None,
) -> int:
    """Read saved pages (capture files, WARC) and tables of awards (CSV, Excel) without a network.

    Example: tenders ingest captures/2026-07.jsonl.gz saved/*.warc.gz my-awards.csv
    """
    from tenders.jobs import jobs

    with console.progress("pages read:") as progress:
        report = jobs.read_files(paths, options.folder(context, data), progress)
    for note in report.notes:
        console.say(note)
    console.tell_problems(report.told, report.problems)
    known = f", {report.known:,} known already" if report.known else ""
    console.say(f"{report.pages:,} pages read{known}, {report.notices:,} notices, {report.problems:,} problems")
    return INCOMPLETE if report.problems else DONE


@app.command()
def rebuild(
    context: typer.Context,
    classify_only: Annotated[
        bool, typer.Option("--classify-only", help="Only the classes, from the stored notices")
    ] = False,
    data: Data = None,
) -> int:
    """Make the whole database anew from the archive, e.g. after a parser or lexicon change.

    Example: tenders rebuild --classify-only
    """
    from analysis.quality import changes_text
    from tenders.jobs import jobs

    with console.progress("notices classified:" if classify_only else "pages read:") as progress:
        if classify_only:
            done = jobs.classify_only(options.folder(context, data), progress)
            console.say(f"{done.notices:,} notices classified anew: {changes_text.line(done.changes)}")
            return DONE
        report = jobs.rebuild(options.folder(context, data), progress)
    console.tell_problems(report.told, report.problems)
    console.say(
        f"{report.pages:,} pages read from the archive, {report.notices:,} notices, {report.problems:,} problems"
    )
    return INCOMPLETE if report.problems else DONE


@app.command("portals")
def portals_(context: typer.Context, format: options.Report = ReportFormat.table, data: Data = None) -> int:
    """The portals known: how each is crawled, when it was last complete, how fresh it is, what is missing.

    Example: tenders portals
    """
    from tenders.monitoring import status as overview

    console.give(overview.portals_known(options.folder(context, data), format.value), None)
    return DONE


@app.command()
def status(
    context: typer.Context, format: options.Report = ReportFormat.table, config: Config = None, data: Data = None
) -> int:
    """Last and next runs, freshness, gaps, alarms, quarantine; exit code 1 if something needs a person.

    Example: tenders status
    """
    from tenders.monitoring import status as overview

    report = overview.status(options.folder(context, data), config)
    console.give(report.render(format.value), None)
    return INCOMPLETE if report.needs_a_person else DONE


@app.command()
def schedule(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Crawl what is missing now and end, as for cron")] = False,
    config: Config = None,
    data: Data = None,
) -> int:
    """Run the scheduled crawls until stopped, and announce new awards.

    Example: tenders schedule --config tenders.toml
    """
    from tenders.config import project as configuration
    from tenders.scheduling.scheduler import Schedule

    plan = Schedule(configuration.load(config, options.folder(context, data)), options.folder(context, data))
    if once:
        return DONE if plan.run_once() else INCOMPLETE
    plan.run()
    return DONE


@app.command()
def demo(context: typer.Context, data: Data = None) -> int:
    """Crawl a small recorded world into DIR/demo, load it and print its month; needs no network.

    Example: tenders demo
    """
    from tenders.demo import demo as demonstration

    return int(demonstration.run(options.folder(context, data) / "demo") or DONE)
