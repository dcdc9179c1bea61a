"""``tenders publish``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from tenders import console
from tenders.commands.options import ConfigOption, DataOption, data_dir
from tenders.console import DONE, CommandError


def publish(
    context: typer.Context,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The folder of the publication")],
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Awards from this month on")] = None,
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Awards until this month, inclusive")] = None,
    with_pages: Annotated[
        bool, typer.Option("--with-pages", help="Also the text of the notices' pages, without contact data, as WARC")
    ] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> int:
    """Write or update a public site and data set that others can check with tenders verify.

    Example: tenders publish -o site --since 2024-07 --with-pages
    """
    from analysis.figures.months import parse_month, shift_month
    from tenders.config import project
    from tenders.jobs import publish as job

    folder = data_dir(context, data)
    first = parse_month(since) if since else None
    last = shift_month(parse_month(until), 1) - timedelta(days=1) if until else None
    if first and last and first > last:
        raise CommandError(f"--since {since} is after --until {until}: give the earlier month first")
    settings = project.load(config, folder).publish
    result = job.publish(folder, output, settings, first, last, with_pages=with_pages)
    console.say(
        f"published {result.awards:,} awards from {result.notices:,} notices in {output}: "
        f"{result.written:,} of {result.files:,} files written"
    )
    if result.pages and result.pages.left_out:
        console.say(
            f"{result.pages.published:,} notices of these awards are published with their page; "
            f"{result.pages.left_out:,} have none, because they came from a table "
            "or their text alone gives other fields"
        )
    return DONE
