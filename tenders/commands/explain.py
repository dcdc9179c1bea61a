"""``tenders explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from tenders import console
from tenders.commands.options import DataOption, OutputOption, data_dir
from tenders.console import DONE


def explain(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="URL|NOTICE_KEY|AWARD_KEY", help="The notice or the award")],
    output: OutputOption = None,
    data: DataOption = None,
) -> int:
    """Show why a notice counts or not: every field with the words it was read from, every rule that fired.

    Example: tenders explain ccgp:20260805_27074196
    """
    from analysis.quality import explain as explanation
    from tenders.database import open_published

    with open_published(data_dir(context, data)) as con:
        text = explanation.explain(con, key, console.reader_language())
        console.give(console.in_language(text), output)
    return DONE
