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
    from tenders.jobs.user_lexicon import apply_user_lexicon

    folder = data_dir(context, data)
    with open_published(folder) as con, apply_user_lexicon(folder) as lexicon:
        text = explanation.explain(con, key, console.reader_language(), lexicon.rule_words)
        console.give(console.in_language(text), output)
    return DONE
