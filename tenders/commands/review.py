"""``tenders review``: with ``-o`` it writes a form to fill in, with files it reads filled-in forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.common.clock import parse_span
from tenders import console
from tenders.commands.options import DataOption, SinceOption, UntilOption, data_dir
from tenders.console import DONE, INCOMPLETE, CommandError


def review(
    context: typer.Context,
    forms: Annotated[list[Path] | None, typer.Argument(metavar="FILE…", help="Forms that people filled in")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Ask about at most N awards")] = 100,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write a form to fill in (.xlsx, .csv)")
    ] = None,
    data: DataOption = None,
) -> int:
    """Ask people about the least certain awards of a period, and apply what they decided.

    Exit code 1 if rows of a filled-in form could not be used; the others are applied.

    Example: tenders review --since 2026-07-01 -o review.xlsx
    When it is filled in: tenders review review.xlsx
    """
    folder = data_dir(context, data)
    if bool(forms) == bool(output):
        raise CommandError("use -o FILE to write a form to fill in, or name forms that are filled in")
    if output:
        from tenders.review.form import write_form

        first, last = parse_span(since, until)
        asked, uncertain = write_form(folder, output, first, last, limit)
        console.say(f"{output} asks about {asked:,} of {uncertain:,} uncertain awards")
        return DONE

    from tenders.review.import_form import import_forms

    result = import_forms(folder, forms or [])
    for line in result.lines():
        console.say(line)
    return INCOMPLETE if result.problems else DONE
