"""The commands that ask how right it is: explain, evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenders import console, options
from tenders.console import DONE
from tenders.options import Data, Output, ReportFormat

app = typer.Typer()


@app.command()
def explain(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="URL|NOTICE_KEY|AWARD_KEY", help="Whatever names the notice or the award")],
    output: Output = None,
    data: Data = None,
) -> int:
    """Why this notice counts or does not: every field with the words it was read from, every rule that fired.

    Example: tenders explain ccgp:20260805_27074196
    """
    from analysis import explain as explaining

    with console.published(options.folder(context, data)) as con:
        console.give(explaining.explain(con, key), output)
    return DONE


@app.command()
def evaluate(
    context: typer.Context,
    labels: Annotated[list[Path], typer.Argument(metavar="LABELS…", help="Files of labelled notices, a JSON object a line")],
    facts: Annotated[
        bool, typer.Option("--facts", help="Judge the labels' own titles, lots and buyers; nothing stored is asked")
    ] = False,
    misses: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="List at most N misses of each field; 0 for none")
    ] = None,
    format: Annotated[ReportFormat, typer.Option("--format", help="How the figures are written")] = ReportFormat.table,
    output: Output = None,
    data: Data = None,
) -> int:
    """Precision, recall and confusion of what is stored, against labelled files.

    Example: tenders evaluate labels/notices.jsonl
    Without stored notices: tenders evaluate tests/labels/fit.jsonl --facts
    """
    from analysis import evaluate as evaluation
    from tenders.label_facts import classes_of

    if facts:
        console.give(evaluation.judge(labels, classes_of).render(format.value, misses), output)
        return DONE
    with console.published(options.folder(context, data)) as con:
        console.give(evaluation.evaluate(con, labels).render(format.value, misses), output)
    return DONE
