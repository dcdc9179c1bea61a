"""``tenders summary``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.common.clock import parse_day
from tenders import console
from tenders.commands.options import DataOption, LangOption, OutputOption, SummaryFormat, data_dir, language
from tenders.console import DONE, CommandError
from tenders.data_folder import DataFolder
from tenders.files.bases import all_bases
from tenders.language import Language, environment_language

if TYPE_CHECKING:
    from analysis.figures.definition import Definition
    from analysis.figures.periods import Period
    from analysis.reports.period_report import Contents

# What DuckDB may keep in memory. Without a limit it keeps all that it has read of the awards, with their evidence.
_MEMORY_MB = 400


def summary(
    context: typer.Context,
    period: Annotated[
        str | None,
        typer.Option(metavar="PERIOD", help="2025-07, 2025-Q1, 2025-H1, 2025 or 2025-01..2025-07", show_default=False),
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The month, a period too", show_default=False)
    ] = None,
    definition: Annotated[
        str, typer.Option(metavar="NAME", help="The counting rules; all: every definition side by side")
    ] = "market",
    as_of: Annotated[str | None, typer.Option(metavar="DAY", help="As it was known at the end of this day")] = None,
    format: Annotated[
        SummaryFormat, typer.Option("--format", help="How to write it; png and svg: a file for each chart")
    ] = SummaryFormat.table,
    lang: LangOption = None,
    output: OutputOption = None,
    data: DataOption = None,
) -> int:
    """Summarize a period: awards, amounts, growth, by type, sector, vendor and province.

    Example: tenders summary --period 2026-Q1 --format html -o 2026-Q1.html
    """
    from analysis.figures import definition as definitions

    asked = _Asked(
        folder=data_dir(context, data),
        period=_asked_period(period, month),
        day=parse_day("as-of", as_of),
        format=format,
        language=_report_language(format, chosen.value if (chosen := language(context, lang)) else None),
        output=output,
    )
    user_definitions = DataFolder(asked.folder).definitions
    if definition == definitions.ALL:
        if asked.is_report or format is SummaryFormat.text:
            raise CommandError(
                f"--definition all is for table, md, json and csv: make one {format.value} for each definition"
            )
        _give_side_by_side(asked, definitions.load_all(user_definitions))
        return DONE
    rules = definitions.load(definition, user_definitions)
    if asked.is_report:
        _give_report(asked, rules)
    else:
        _give_summary(asked, rules)
    return DONE


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the summary is of, and how and where it is written."""

    folder: Path
    period: Period
    day: date | None
    format: SummaryFormat
    language: Language
    output: Path | None

    @property
    def made_up(self) -> bool:
        """Whether projects and sums are made up, those of a base too."""
        folder = DataFolder(self.folder)
        return folder.made_up.exists() or any(base.made_up for base in all_bases(folder.bases))

    @property
    def is_report(self) -> bool:
        """Whether it is made of more than the summary: the months before, the awards."""
        return self.format in (SummaryFormat.html, SummaryFormat.xlsx) or self.is_pictures

    @property
    def is_pictures(self) -> bool:
        """Whether it is one file for each chart."""
        return self.format in (SummaryFormat.png, SummaryFormat.svg)

    def give(self, text: str) -> None:
        """Write it to stdout or to the file. A CSV file opens in Excel by a double click."""
        console.give(text, self.output, for_excel=self.format is SummaryFormat.csv)


def _asked_period(period: str | None, month: str | None) -> Period:
    from analysis.figures.months import parse_month
    from analysis.figures.periods import Period, parse_period

    if period is not None and month is not None:
        raise CommandError("--month is a period too: give --period or --month, not both")
    if period is not None:
        return parse_period(period)
    if month is None:
        raise CommandError("say which period: --period 2025-07, 2025-Q1, 2025-H1, 2025 or 2025-01..2025-07")
    first = parse_month(month)
    return Period(first, first)


def _report_language(format: SummaryFormat, chosen: Language | None) -> Language:
    """Return the language of a format: the environment decides table and md; reports are Chinese without --lang."""
    if chosen:
        return chosen
    return environment_language() if format in (SummaryFormat.table, SummaryFormat.md) else "zh"


def _give_summary(asked: _Asked, rules: Definition) -> None:
    from analysis.figures import summary as summaries
    from analysis.reports import paragraph, text_summary
    from tenders.database import open_published

    with open_published(asked.folder, memory_mb=_MEMORY_MB) as con:
        found = summaries.summary(con, asked.period, rules, asked.day)
        if asked.format is SummaryFormat.text:
            asked.give(paragraph.render(found, rules, asked.language, made_up=asked.made_up))
        else:
            asked.give(text_summary.render(found, asked.format.value, asked.language))


def _give_side_by_side(asked: _Asked, every_definition: list[Definition]) -> None:
    """Write the period by every definition, side by side."""
    from analysis.reports import definitions_table
    from tenders.database import open_published

    with open_published(asked.folder, memory_mb=_MEMORY_MB) as con:
        table = definitions_table.side_by_side(con, asked.period, every_definition, asked.day)
        asked.give(definitions_table.render(table, asked.format.value, asked.language))


def _give_report(asked: _Asked, rules: Definition) -> None:
    """Write the summary as an HTML page, a workbook or pictures."""
    from analysis.reports import period_report, xlsx_summary
    from analysis.reports.html import page
    from tenders.database import open_published

    if asked.format is SummaryFormat.xlsx and asked.output is None:
        raise CommandError("a workbook needs a file: add -o FILE.xlsx")
    if asked.is_pictures and (asked.output is None or asked.output.is_file()):
        raise CommandError(f"{asked.format.value} writes one file for each chart into a folder: add -o FOLDER")
    with open_published(asked.folder, memory_mb=_MEMORY_MB) as con:
        report = period_report.gather(con, asked.period, rules, asked.day, made_up=asked.made_up)
        if asked.format is SummaryFormat.html:
            asked.give(page.render(con, report, asked.language))
        elif asked.is_pictures and asked.output is not None:
            _write_pictures(asked, report, asked.output)
        elif asked.output is not None:
            with console.replacing(asked.output) as draft:
                xlsx_summary.write(con, draft, report, asked.language)


def _write_pictures(asked: _Asked, report: Contents, folder: Path) -> None:
    """Write each chart as a file of the folder. Nothing is written if one of them cannot be drawn."""
    from analysis.reports.charts import pictures, png

    drawn = pictures.pictures(report, asked.language)
    if not drawn:
        raise CommandError(f"there is nothing to draw: no award counts in {asked.period.key} or the months before it")
    is_png = asked.format is SummaryFormat.png
    files = {f"{one.name}.{asked.format.value}": png.png(one.svg) if is_png else one.svg.encode() for one in drawn}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with console.replacing(folder / f"{asked.period.key.replace('..', '_')}-{name}") as draft:
            draft.write_bytes(content)
    console.say(f"{len(files)} pictures written to {folder}")
