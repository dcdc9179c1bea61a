"""``tenders review``: with ``-o`` a table to fill in, with files the decisions of filled-in tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.common.clock import parse_day
from tenders import console
from tenders.commands.options import DataOption, SinceOption, UntilOption, data_dir
from tenders.console import DONE, INCOMPLETE, CommandError


def review(
    context: typer.Context,
    tables: Annotated[list[Path] | None, typer.Argument(metavar="FILE…", help="Tables that people filled in")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Ask about at most N awards")] = 100,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write a table to fill in (.xlsx, .csv)")
    ] = None,
    data: DataOption = None,
) -> int:
    """Ask people about the least certain awards of a period, and apply what they decided.

    Exit code 1 if rows of a filled-in table could not be used; the others are applied.

    Example: tenders review --since 2026-07-01 -o review.xlsx
    When it is filled in: tenders review review.xlsx
    """
    from tenders.review import workflow

    folder = data_dir(context, data)
    if bool(tables) == bool(output):
        raise CommandError("use -o FILE to write a table to fill in, or name tables that are filled in")
    if output:
        first, last = parse_day("since", since), parse_day("until", until)
        asked, uncertain = workflow.write(folder, output, first, last, limit)
        console.say(f"{output} asks about {asked:,} of {uncertain:,} uncertain awards")
        return DONE
    taken, found = workflow.take(folder, tables or [])
    for line in workflow.told(taken, found):
        console.say(line)
    return INCOMPLETE if taken.problems else DONE
