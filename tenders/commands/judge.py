"""The commands that ask how right it is: explain, evaluate, review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenders import console, options
from tenders.console import DONE, INCOMPLETE, CommandError
from tenders.database import open_published
from tenders.options import Data, Output, ReportFormat, Since, Until

app = typer.Typer()


@app.command()
def explain(
    context: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="URL|NOTICE_KEY|AWARD_KEY", help="Whatever names the notice or the award")
    ],
    output: Output = None,
    data: Data = None,
) -> int:
    """Why this notice counts or does not: every field with the words it was read from, every rule that fired.

    Example: tenders explain ccgp:20260805_27074196
    """
    from analysis.quality import explain as explaining

    with open_published(options.folder(context, data)) as con:
        console.give(explaining.explain(con, key), output)
    return DONE


@app.command()
def evaluate(
    context: typer.Context,
    labels: Annotated[
        list[Path] | None, typer.Argument(metavar="LABELS…", help="Files of labelled notices, a JSON object a line")
    ] = None,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff", help="What today's words and rules would change, figures of LABELS too; nothing is done"
        ),
    ] = False,
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
    After a change of words: tenders evaluate --diff
    """
    from analysis.quality import evaluate as evaluation
    from tenders.jobs import jobs
    from tenders.jobs.label_facts import classes_of

    if diff:
        if facts:
            raise CommandError("--facts asks nothing that is stored, --diff does: use one of them")
        console.give(_diff(options.folder(context, data), labels or [], format), output)
        return DONE
    if not labels:
        raise CommandError("name files of labelled notices, or use --diff to see what the words of today would change")
    if facts:
        with jobs.own_words(options.folder(context, data)):
            console.give(evaluation.judge(labels, classes_of).render(format.value, misses), output)
        return DONE
    with open_published(options.folder(context, data)) as con:
        console.give(evaluation.evaluate(con, labels).render(format.value, misses), output)
    return DONE


@app.command()
def review(
    context: typer.Context,
    tables: Annotated[list[Path] | None, typer.Argument(metavar="FILE…", help="Tables that people filled in")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Ask about at most N awards")] = 100,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write a table (.xlsx, .csv)")
    ] = None,
    data: Data = None,
) -> int:
    """Ask people about the least certain awards of a period, and take what they decided.

    Example: tenders review --since 2026-07-01 -o review.xlsx
    When it is filled in: tenders review review.xlsx
    """
    from tenders.review import workflow as reviewing

    folder = options.folder(context, data)
    if bool(tables) == bool(output):
        raise CommandError("use -o FILE to write a table to fill in, or name tables that are filled in")
    if output:
        first, last = console.as_day("since", since), console.as_day("until", until)
        asked, uncertain = reviewing.write(folder, output, first, last, limit)
        console.say(f"{output} asks about {asked:,} of {uncertain:,} uncertain awards")
        return DONE
    taken, found = reviewing.take(folder, tables or [])
    for line in reviewing.told(taken, found):
        console.say(line)
    return INCOMPLETE if taken.problems else DONE


def _diff(data_dir: Path, labels: list[Path], format: ReportFormat) -> str:
    from analysis.quality import changes, changes_text
    from analysis.quality.evaluate import read_labels
    from tenders.jobs import jobs

    for path in labels:
        read_labels(path)  # a file that is none is told before the work
    with console.progress("notices classified:") as progress, jobs.preview(data_dir, progress) as con:
        judged = changes.compare_labels(con, labels) if labels else None
        return changes_text.render(changes.compare(con), judged, format.value)
