"""``tenders export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.common.clock import parse_span
from tenders import console
from tenders.commands.options import DataOption, ExportFormat, Language, SinceOption, UntilOption, data_dir, language
from tenders.console import DONE, CommandError


def export(
    context: typer.Context,
    format: Annotated[
        ExportFormat,
        typer.Option("--format", help="parquet, ocds: one file if PATH ends .parquet, .json, .jsonl; else a folder"),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="PATH", help="Where to write")],
    since: SinceOption = None,
    until: UntilOption = None,
    counted: Annotated[bool, typer.Option("--counted", help="Only the awards that the view monthly counts")] = False,
    lang: Annotated[
        Language | None, typer.Option(help="xlsx: names in Chinese (if not given), or those of the database")
    ] = None,
    data: DataOption = None,
) -> int:
    """Export all awards as a file for other programs.

    Example: tenders export --format xlsx -o awards.xlsx --since 2026-01-01 --counted
    """
    from analysis.exports import csv_and_parquet, ocds, xlsx_awards
    from analysis.exports.selection import Selection
    from tenders.database import open_published

    if lang and format is not ExportFormat.xlsx:
        raise CommandError("--lang is for --format xlsx: the other formats have one set of names")
    selection = Selection(*parse_span(since, until), counted)
    with open_published(data_dir(context, data), files_allowed=True) as con:
        if format is ExportFormat.parquet and output.suffix != ".parquet":
            csv_and_parquet.write_lake(con, output, selection)
        elif format is ExportFormat.ocds and output.suffix not in ocds.ONE_FILE:
            ocds.write_folder(con, output, selection)
        else:
            with console.replacing(output) as draft:
                if format is ExportFormat.xlsx:
                    xlsx_awards.write(con, draft, selection, (language(context, lang) or Language.zh).value)
                elif format is ExportFormat.ocds:
                    ocds.write_file(con, draft, selection, one_release_a_line=output.suffix == ".jsonl")
                else:
                    csv_and_parquet.write_file(con, draft, format.value, selection)
    return DONE
