"""``tenders ingest``."""

from __future__ import annotations

from typing import Annotated

import typer

from tenders import console
from tenders.commands import options
from tenders.commands.options import AcceptFewerOption, DataOption, EngineName, EngineOption, MasterOption, data_dir
from tenders.console import DONE, INCOMPLETE


def ingest(
    context: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="*.jsonl, *.warc (or .gz, .zst), *.wacz, folders, *.csv, *.xlsx"),
    ],
    accept_fewer: AcceptFewerOption = False,
    engine: EngineOption = EngineName.local,
    master: MasterOption = None,
    data: DataOption = None,
) -> int:
    """Read saved pages (capture files, WARC, WACZ) and tables of awards (CSV, Excel) without a network.

    Exit code 1 if lines or pages could not be read; the others are loaded.

    Example: tenders ingest captures/2026-07.jsonl.gz saved/*.warc.gz my-awards.csv
    """
    from tenders.jobs.ingest import ingest_files

    with console.progress("pages read:") as progress:
        report = ingest_files(
            paths,
            data_dir(context, data),
            progress,
            accept_fewer=accept_fewer,
            engine=options.engine(engine, master),
        )
    for note in report.notes:
        console.say(note)
    console.say_problems(report.first_problems, report.problems)
    stored = f", {report.already_stored:,} known already" if report.already_stored else ""
    console.say(f"{report.pages:,} pages read{stored}, {report.notices:,} notices, {report.problems:,} problems")
    return INCOMPLETE if report.problems else DONE
