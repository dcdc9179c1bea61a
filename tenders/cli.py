"""The command ``tenders``: what stands in the contract, and nothing else. Each command is a few lines around ``tenders.jobs``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

from tenders import console, options
from tenders.console import DONE, INCOMPLETE, CommandError
from tenders.options import DATA_HELP, Config, Data, ExportFormat, Output, QueryFormat, ReportFormat, Since, SummaryFormat, Until

app = typer.Typer(
    name="tenders",
    help="An open tracker of China's large-model (大模型) procurement awards.\n\nExample: tenders summary --month 2026-07",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def globally(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", envvar="TENDERS_DATA", help=DATA_HELP)] = None,
) -> None:
    context.obj = data or Path("data")


@app.command()
def crawl(
    context: typer.Context,
    portals: Annotated[list[str], typer.Argument(metavar="PORTAL…", help="Names that 'tenders portals' lists")],
    since: Since = None,
    until: Until = None,
    keyword: Annotated[list[str] | None, typer.Option(metavar="K", help="Only notices with this word; may be repeated")] = None,
    origin: Annotated[str | None, typer.Option(metavar="URL", help="Ask this scheme://host:port instead of the portal")] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", help="Read at most N notices of each portal")] = None,
    config: Config = None,
    data: Data = None,
) -> int:
    """Crawl portals live, politely, and load what was found.

    Example: tenders crawl ccgp --since 2026-07-01 --until 2026-07-31
    """
    from tenders import config as configuration
    from tenders import jobs

    outcomes = jobs.crawl(
        portals,
        data_dir=_data(context, data),
        since=console.as_day("since", since),
        until=console.as_day("until", until),
        keywords=keyword or (),
        limit=limit,
        origin=origin,
        settings=configuration.load(config, _data(context, data)).crawler_settings(),
    )
    for outcome in outcomes:
        said = f"{outcome.portal}: {outcome.state}, {outcome.listed} listed, {outcome.stored} stored"
        console.say(f"{said}: {outcome.reason}" if outcome.reason else said)
    return DONE if all(outcome.ok for outcome in outcomes) else INCOMPLETE


@app.command()
def ingest(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="*.jsonl, *.warc (or .gz), folders, *.csv, *.xlsx")],
    data: Data = None,
) -> int:
    """Read saved pages (capture files, WARC) and tables of awards (CSV, Excel) without a network.

    Example: tenders ingest captures/2026-07.jsonl.gz saved/*.warc.gz my-awards.csv
    """
    from tenders import jobs

    with console.progress("pages read:") as progress:
        report = jobs.read_files(paths, _data(context, data), progress)
    for note in report.notes:
        console.say(note)
    console.tell_problems(report.told, report.problems)
    known = f", {report.known:,} known already" if report.known else ""
    console.say(f"{report.pages:,} pages read{known}, {report.notices:,} notices, {report.problems:,} problems")
    return INCOMPLETE if report.problems else DONE


@app.command()
def rebuild(
    context: typer.Context,
    classify_only: Annotated[bool, typer.Option("--classify-only", help="Only the classes, from the stored notices")] = False,
    data: Data = None,
) -> int:
    """Make the whole database anew from the archive, e.g. after a parser or lexicon change.

    Example: tenders rebuild --classify-only
    """
    from tenders import jobs

    with console.progress("notices classified:" if classify_only else "pages read:") as progress:
        if classify_only:
            console.say(f"{jobs.classify_only(_data(context, data), progress):,} notices classified anew")
            return DONE
        report = jobs.rebuild(_data(context, data), progress)
    console.tell_problems(report.told, report.problems)
    console.say(f"{report.pages:,} pages read from the archive, {report.notices:,} notices, {report.problems:,} problems")
    return INCOMPLETE if report.problems else DONE


@app.command("portals")
def portals_(context: typer.Context, format: options.Report = ReportFormat.table, data: Data = None) -> int:
    """The portals known: how each is crawled, when it was last complete, how fresh it is, what is missing.

    Example: tenders portals
    """
    from tenders import overview

    console.give(overview.portals_known(_data(context, data), format.value), None)
    return DONE


@app.command()
def explain(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="URL|NOTICE_KEY|AWARD_KEY", help="Whatever names the notice or the award")],
    output: Output = None,
    data: Data = None,
) -> int:
    """Why this notice counts or does not: every field with the words it was read from, every rule that fired.

    Example: tenders explain ccgp:20260805_27074196
    """
    from analysis import explain as explaining

    with console.published(_data(context, data)) as con:
        console.give(explaining.explain(con, key), output)
    return DONE


@app.command()
def summary(
    context: typer.Context,
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="The month")],
    definition: Annotated[str, typer.Option(metavar="NAME", help="The counting rules")] = "market",
    as_of: Annotated[str | None, typer.Option(metavar="DAY", help="As it was known at the end of this day")] = None,
    format: Annotated[SummaryFormat, typer.Option("--format", help="How it is written")] = SummaryFormat.table,
    output: Output = None,
    data: Data = None,
) -> int:
    """The monthly summary: awards, amounts, growth, by type, sector, vendor and province.

    Example: tenders summary --month 2026-07 --format md -o 2026-07.md
    """
    from analysis import summary as summaries

    _built_later(format, (SummaryFormat.xlsx, SummaryFormat.html), "md, json or csv")
    day = console.as_day("as-of", as_of)
    with console.published(_data(context, data)) as con:
        found = summaries.summary(con, console.as_month(month), definition, day)
        console.give(summaries.render(found, format.value), output)
    return DONE


@app.command()
def query(
    context: typer.Context,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One statement, or - to read it from stdin")],
    format: Annotated[QueryFormat, typer.Option("--format", help="How rows are written")] = QueryFormat.table,
    output: Output = None,
    data: Data = None,
) -> int:
    """SQL on the published database, read-only.

    Example: tenders query "SELECT * FROM monthly ORDER BY month" --format csv
    """
    from analysis import query as queries

    statement = sys.stdin.read() if sql == "-" else sql
    with console.published(_data(context, data)) as con:
        try:
            rows = queries.run(con, statement, format.value)
        except (duckdb.Error, ValueError) as error:
            raise CommandError(f"the query fails: {str(error).strip().splitlines()[0]}") from error
        console.give(rows, output)
    return DONE


@app.command()
def export(
    context: typer.Context,
    format: Annotated[ExportFormat, typer.Option("--format", help="parquet: one file if PATH ends so, else a folder by month")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="PATH", help="Where to write")],
    since: Since = None,
    until: Until = None,
    counted: Annotated[bool, typer.Option("--counted", help="Only the awards that the view monthly counts")] = False,
    data: Data = None,
) -> int:
    """All awards, as a file for other programs.

    Example: tenders export --format csv -o awards.csv --since 2026-01-01 --counted
    """
    from analysis import export as exports

    _built_later(format, (ExportFormat.xlsx, ExportFormat.ocds), "csv or parquet")
    first, last = console.as_day("since", since), console.as_day("until", until)
    with console.published(_data(context, data), files_allowed=True) as con:
        if format is ExportFormat.parquet and output.suffix != ".parquet":
            exports.lake(con, output, first, last, counted_only=counted)
        else:
            with console.replacing(output) as draft:
                exports.file(con, draft, format.value, first, last, counted_only=counted)
    return DONE


@app.command()
def evaluate(
    context: typer.Context,
    labels: Annotated[list[Path], typer.Argument(metavar="LABELS…", help="Files of labelled notices, a JSON object a line")],
    format: Annotated[ReportFormat, typer.Option("--format", help="How the figures are written")] = ReportFormat.table,
    output: Output = None,
    data: Data = None,
) -> int:
    """Precision, recall and confusion of what is stored, against labelled files.

    Example: tenders evaluate labels/notices.jsonl
    """
    from analysis import evaluate as evaluation

    with console.published(_data(context, data)) as con:
        console.give(evaluation.evaluate(con, labels).render(format.value), output)
    return DONE


@app.command()
def status(context: typer.Context, format: options.Report = ReportFormat.table, config: Config = None, data: Data = None) -> int:
    """Last and next runs, freshness, gaps, alarms, quarantine; exit code 1 if something needs a person.

    Example: tenders status
    """
    from tenders import overview

    report = overview.status(_data(context, data), config)
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
    from tenders import config as configuration
    from tenders.schedule import Schedule

    plan = Schedule(configuration.load(config, _data(context, data)), _data(context, data))
    if once:
        return DONE if plan.run_once() else INCOMPLETE
    plan.run()
    return DONE


@app.command()
def demo(context: typer.Context, data: Data = None) -> int:
    """Crawl a small recorded world into DIR/demo, load it and print its month; needs no network.

    Example: tenders demo
    """
    from tenders import demo as demonstration

    return int(demonstration.run(_data(context, data) / "demo") or DONE)


def main() -> None:
    """The console script."""
    sys.exit(console.run(app))


def _data(context: typer.Context, data: Path | None) -> Path:
    return data or context.obj or Path("data")


def _built_later(format: Any, later: tuple[Any, ...], instead: str) -> None:
    if format in later:
        raise CommandError(f"{format.value} is not built yet: use --format {instead}")
