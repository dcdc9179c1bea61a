"""The options that several commands share, and the formats that each kind of result comes in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DATA_HELP = "The data folder, before or after the command (or TENDERS_DATA); data/ if not given"
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help=DATA_HELP, show_default=False)]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout")]
Since = Annotated[str | None, typer.Option(metavar="DAY", help="From this day on (2026-07-01), included")]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", envvar="TENDERS_CONFIG", help="Else tenders.toml in the data folder, or here"
    ),
]
Until = Annotated[str | None, typer.Option(metavar="DAY", help="To this day, included")]


class SummaryFormat(StrEnum):
    table = "table"
    md = "md"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    html = "html"


class QueryFormat(StrEnum):
    table = "table"
    csv = "csv"
    json = "json"


class ReportFormat(StrEnum):
    table = "table"
    json = "json"


Report = Annotated[ReportFormat, typer.Option("--format", help="table for people, json for programs")]


class ExportFormat(StrEnum):
    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"
    ocds = "ocds"


class Language(StrEnum):
    zh = "zh"
    en = "en"


def folder(context: typer.Context, data: Path | None) -> Path:
    """The data folder: as the command was told, else as ``tenders`` itself was."""
    return data or context.obj or Path("data")
