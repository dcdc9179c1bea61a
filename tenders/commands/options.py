"""The options that several commands share, and the formats that each kind of result comes in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenders.console import CommandError

if TYPE_CHECKING:
    from tenders.jobs.engines import Engine

DATA_HELP = "The data folder, before or after the command (or TENDERS_DATA); data/ if not given"

DataOption = Annotated[Path | None, typer.Option("--data", metavar="DIR", help=DATA_HELP, show_default=False)]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout")
]
SinceOption = Annotated[str | None, typer.Option(metavar="DAY", help="From this day on (2026-07-01), inclusive")]
UntilOption = Annotated[str | None, typer.Option(metavar="DAY", help="Until this day, inclusive")]
AcceptFewerOption = Annotated[
    bool,
    typer.Option("--accept-fewer", help="Go on even if fewer notices than before would be published; else exit code 2"),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        envvar="TENDERS_CONFIG",
        help="The configuration; if not given, tenders.toml in the data folder or here",
    ),
]


class SummaryFormat(StrEnum):
    table = "table"
    md = "md"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    html = "html"
    text = "text"
    png = "png"
    svg = "svg"


class QueryFormat(StrEnum):
    table = "table"
    csv = "csv"
    json = "json"


class ReportFormat(StrEnum):
    table = "table"
    json = "json"


class ExportFormat(StrEnum):
    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"
    ocds = "ocds"


class EngineName(StrEnum):
    local = "local"
    spark = "spark"


class Language(StrEnum):
    zh = "zh"
    en = "en"


ReportFormatOption = Annotated[ReportFormat, typer.Option("--format", help="table for people, json for programs")]
EngineOption = Annotated[
    EngineName,
    typer.Option("--engine", help="What reads the pages: the cores of this machine, or Spark (docs/scale.md)"),
]
MasterOption = Annotated[
    str | None, typer.Option(metavar="URL", help="Where Spark runs; local[*], all cores here, if not given")
]

LangOption = Annotated[
    Language | None, typer.Option("--lang", help="The language, before or after the command", show_default=False)
]


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """What was given to ``tenders`` itself, before the command."""

    data: Path | None = None
    lang: Language | None = None


def data_dir(context: typer.Context, data: Path | None) -> Path:
    """Return the data folder: the one given to the command, else the one given to ``tenders`` itself, else ``data``."""
    return data or _global_options(context).data or Path("data")


def engine(name: EngineName, master: str | None) -> Engine:
    """Return the engine that was asked for. Raises CommandError, and SparkError if Spark cannot be used."""
    from tenders.jobs.engines import LOCAL

    if name is EngineName.local:
        if master is not None:
            raise CommandError("--master says where Spark runs: add --engine spark")
        return LOCAL
    from tenders.jobs.spark_engine import DEFAULT_MASTER, Spark

    return Spark(master or DEFAULT_MASTER)


def language(context: typer.Context, lang: Language | None) -> Language | None:
    """Return the language given to the command, else the one given to ``tenders`` itself, else None."""
    return lang or _global_options(context).lang


def _global_options(context: typer.Context) -> GlobalOptions:
    return context.obj or GlobalOptions()
