"""``tenders pull``."""

from __future__ import annotations

from typing import Annotated

import typer

from tenders import console
from tenders.commands.options import DataOption, data_dir
from tenders.console import DONE


def pull(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A published folder, its .zip or its address")],
    remove: Annotated[bool, typer.Option("--remove", help="Let go of the base that was pulled from SOURCE")] = False,
    data: DataOption = None,
) -> int:
    """Take a data set that somebody published as a base: its awards and its coverage count, marked with their origin.

    Example: tenders pull https://data.example/tenders
    """
    from tenders.jobs import pull as job

    folder = data_dir(context, data)
    if remove:
        base = job.remove(folder, source)
        console.say(f"removed the base of {base.origin} ({base.source})")
        return DONE
    pulled = job.pull(folder, source)
    console.say(
        f"pulled {pulled.awards:,} awards of {pulled.base.origin} ({pulled.base.source}); "
        f"{pulled.added:,} awards of bases are beside those of this folder"
    )
    return DONE
