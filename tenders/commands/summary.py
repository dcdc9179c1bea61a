"""``tenders summary``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.common.clock import parse_day
from tenders import console
from tenders.commands.options import DataOption, Language, OutputOption, SummaryFormat, data_dir
from tenders.console import DONE, CommandError
from tenders.data_folder import DataFolder

if TYPE_CHECKING:
    from analysis.figures.definition import Definition


def summary(
    context: typer.Context,
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="The month")],
    definition: Annotated[
        str, typer.Option(metavar="NAME", help="The counting rules; all: every definition side by side")
    ] = "market",
    as_of: Annotated[str | None, typer.Option(metavar="DAY", help="As it was known at the end of this day")] = None,
    format: Annotated[SummaryFormat, typer.Option("--format", help="How to write it")] = SummaryFormat.table,
    lang: Annotated[Language | None, typer.Option(help="html, xlsx: in Chinese (if not given) or in English")] = None,
    output: OutputOption = None,
    data: DataOption = None,
) -> int:
    """Summarize a month: awards, amounts, growth, by type, sector, vendor and province.

    Example: tenders summary --month 2026-07 --format html -o 2026-07.html
    """
    from analysis.figures import definition as definitions

    is_report = format in (SummaryFormat.html, SummaryFormat.xlsx)
    if lang and not is_report:
        raise CommandError("--lang is for --format html and xlsx: the other formats are in both languages")
    if is_report and definition == definitions.ALL:
        raise CommandError(
            f"--definition all is for table, md, json and csv: make one {format.value} for each definition"
        )
    day = parse_day("as-of", as_of)
    folder = data_dir(context, data)
    user_definitions = DataFolder(folder).definitions
    if definition == definitions.ALL:
        every_definition = definitions.load_all(user_definitions)
        _give_side_by_side(folder, console.as_month(month), every_definition, day, format, output)
        return DONE
    rules = definitions.load(definition, user_definitions)
    if is_report:
        _give_report(folder, console.as_month(month), rules, day, format, lang or Language.zh, output)
    else:
        _give_summary(folder, console.as_month(month), rules, day, format, output)
    return DONE


def _give_summary(
    folder: Path, month: str, rules: Definition, day: date | None, format: SummaryFormat, output: Path | None
) -> None:
    from analysis.figures import summary as summaries
    from analysis.reports import text_summary
    from tenders.database import open_published

    with open_published(folder) as con:
        console.give(text_summary.render(summaries.summary(con, month, rules, day), format.value), output)


def _give_side_by_side(
    folder: Path,
    month: str,
    every_definition: list[Definition],
    day: date | None,
    format: SummaryFormat,
    output: Path | None,
) -> None:
    """Write the month by every definition, side by side."""
    from analysis.reports import definitions_table
    from tenders.database import open_published

    with open_published(folder) as con:
        table = definitions_table.side_by_side(con, month, every_definition, day)
        console.give(definitions_table.render(table, format.value), output)


def _give_report(
    folder: Path,
    month: str,
    rules: Definition,
    day: date | None,
    format: SummaryFormat,
    lang: Language,
    output: Path | None,
) -> None:
    """Write the summary as an HTML page or a workbook."""
    from analysis.reports import month_report, xlsx_summary
    from analysis.reports.html import page
    from tenders.database import open_published

    if format is SummaryFormat.xlsx and output is None:
        raise CommandError("a workbook needs a file: add -o FILE.xlsx")
    with open_published(folder) as con:
        report = month_report.gather(con, month, rules, day, made_up=DataFolder(folder).made_up.exists())
        if format is SummaryFormat.html:
            console.give(page.render(con, report, lang.value), output)
        elif output is not None:
            with console.replacing(output) as draft:
                xlsx_summary.write(con, draft, report, lang.value)
