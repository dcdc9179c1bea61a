"""The commands that give figures and rows: summary, query, export."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import duckdb
import typer

from tenders import console, options
from tenders.console import DONE, CommandError
from tenders.data_folder import DataFolder
from tenders.database import open_published
from tenders.options import Data, ExportFormat, Language, Output, QueryFormat, Since, SummaryFormat, Until

if TYPE_CHECKING:
    from analysis.figures.definition import Definition

app = typer.Typer()


@app.command()
def summary(
    context: typer.Context,
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="The month")],
    definition: Annotated[str, typer.Option(metavar="NAME", help="The counting rules; all: side by side")] = "market",
    as_of: Annotated[str | None, typer.Option(metavar="DAY", help="As it was known at the end of this day")] = None,
    format: Annotated[SummaryFormat, typer.Option("--format", help="How it is written")] = SummaryFormat.table,
    lang: Annotated[Language | None, typer.Option(help="html, xlsx: in Chinese (if not given) or in English")] = None,
    output: Output = None,
    data: Data = None,
) -> int:
    """The monthly summary: awards, amounts, growth, by type, sector, vendor and province.

    Example: tenders summary --month 2026-07 --format html -o 2026-07.html
    """
    from analysis.figures import definition as definitions
    from analysis.figures import summary as summaries
    from analysis.reports import definitions_table, text_summary

    as_report = format in (SummaryFormat.html, SummaryFormat.xlsx)
    if lang and not as_report:
        raise CommandError("--lang is for --format html and xlsx: the other formats are in both languages")
    if as_report and definition == definitions.ALL:
        raise CommandError(
            f"--definition all is for table, md, json and csv: make one {format.value} for each definition"
        )
    day = console.as_day("as-of", as_of)
    own = DataFolder(options.folder(context, data)).definitions
    if as_report:
        rules = definitions.load(definition, own)
        _report(options.folder(context, data), console.as_month(month), rules, day, format, lang or Language.zh, output)
        return DONE
    if definition == definitions.ALL:
        every = definitions.load_all(own)
        with open_published(options.folder(context, data)) as con:
            beside = definitions_table.side_by_side(con, console.as_month(month), every, day)
            console.give(definitions_table.render(beside, format.value), output)
        return DONE
    rules = definitions.load(definition, own)
    with open_published(options.folder(context, data)) as con:
        found = summaries.summary(con, console.as_month(month), rules, day)
        console.give(text_summary.render(found, format.value), output)
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
    from analysis.warehouse import query as queries

    statement = sys.stdin.read() if sql == "-" else sql
    with open_published(options.folder(context, data)) as con:
        try:
            rows = queries.run(con, statement, format.value)
        except (duckdb.Error, ValueError) as error:
            raise CommandError(f"the query fails: {str(error).strip().splitlines()[0]}") from error
        console.give(rows, output)
    return DONE


@app.command()
def export(
    context: typer.Context,
    format: Annotated[
        ExportFormat,
        typer.Option("--format", help="parquet, ocds: one file if PATH ends .parquet, .json, .jsonl; else a folder"),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="PATH", help="Where to write")],
    since: Since = None,
    until: Until = None,
    counted: Annotated[bool, typer.Option("--counted", help="Only the awards that the view monthly counts")] = False,
    lang: Annotated[
        Language | None, typer.Option(help="xlsx: names in Chinese (if not given), or those of the database")
    ] = None,
    data: Data = None,
) -> int:
    """All awards, as a file for other programs.

    Example: tenders export --format xlsx -o awards.xlsx --since 2026-01-01 --counted
    """
    from analysis.exports import files as exports
    from analysis.exports import ocds, xlsx_awards
    from analysis.exports.selection import Selection

    if lang and format is not ExportFormat.xlsx:
        raise CommandError("--lang is for --format xlsx: the other formats have one set of names")
    chosen = Selection(console.as_day("since", since), console.as_day("until", until), counted)
    with open_published(options.folder(context, data), files_allowed=True) as con:
        if format is ExportFormat.parquet and output.suffix != ".parquet":
            exports.lake(con, output, chosen)
        elif format is ExportFormat.ocds and output.suffix not in ocds.ONE_FILE:
            ocds.folder(con, output, chosen)
        else:
            with console.replacing(output) as draft:
                if format is ExportFormat.xlsx:
                    xlsx_awards.write(con, draft, chosen, (lang or Language.zh).value)
                elif format is ExportFormat.ocds:
                    ocds.file(con, draft, chosen, one_release_a_line=output.suffix == ".jsonl")
                else:
                    exports.file(con, draft, format.value, chosen)
    return DONE


def _report(
    folder: Path,
    month: str,
    rules: Definition,
    day: date | None,
    format: SummaryFormat,
    lang: Language,
    output: Path | None,
) -> None:
    """The summary as a page or a workbook."""
    from analysis.reports import month_report, xlsx_summary
    from analysis.reports.html import page

    if format is SummaryFormat.xlsx and output is None:
        raise CommandError("a workbook needs a file: add -o FILE.xlsx")
    with open_published(folder) as con:
        found = month_report.gather(con, month, rules, day, made_up=DataFolder(folder).made_up.exists())
        if format is SummaryFormat.html:
            console.give(page.render(con, found, lang.value), output)
        elif output is not None:
            with console.replacing(output) as draft:
                xlsx_summary.write(con, draft, found, lang.value)
