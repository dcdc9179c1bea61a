"""``tenders evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenders import console
from tenders.commands.options import DataOption, OutputOption, ReportFormat, ReportFormatOption, data_dir
from tenders.console import DONE, CommandError


def evaluate(
    context: typer.Context,
    labels: Annotated[
        list[Path] | None, typer.Argument(metavar="LABELS…", help="Files of labelled notices, one JSON object per line")
    ] = None,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Show what today's words and rules would change, also for LABELS; change nothing"),
    ] = False,
    facts: Annotated[
        bool, typer.Option("--facts", help="Judge the labels' own titles, lots and buyers instead of stored notices")
    ] = False,
    misses: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="List at most N misses of each field; 0 for none")
    ] = None,
    format: ReportFormatOption = ReportFormat.table,
    output: OutputOption = None,
    data: DataOption = None,
) -> int:
    """Measure precision, recall and confusion of the stored notices against labelled files.

    Example: tenders evaluate labels/notices.jsonl
    Without stored notices: tenders evaluate tests/labels/fit.jsonl --facts
    After a change of words: tenders evaluate --diff
    """
    from analysis.quality import evaluate as evaluation
    from tenders.database import open_published
    from tenders.jobs.label_facts import classes_of
    from tenders.jobs.user_lexicon import apply_user_lexicon

    folder = data_dir(context, data)
    if diff:
        if facts:
            raise CommandError("--facts reads nothing that is stored and --diff does: use one or the other")
        text = _differences(folder, labels or [], format)
    elif not labels:
        raise CommandError("name files of labelled notices, or use --diff to see what the words of today would change")
    elif facts:
        with apply_user_lexicon(folder):
            text = evaluation.judge(labels, classes_of).render(format.value, misses, console.reader_language())
    else:
        with open_published(folder) as con:
            text = evaluation.evaluate(con, labels).render(format.value, misses, console.reader_language())
    console.give(console.in_language(text) if format is ReportFormat.table else text, output)
    return DONE


def _differences(folder: Path, labels: list[Path], format: ReportFormat) -> str:
    from analysis.quality import changes, changes_text
    from pipelines.classify.lexicon import lexicon_of
    from pipelines.labelled_notices import read_labels
    from tenders.data_folder import DataFolder
    from tenders.jobs.reclassify import preview_reclassification

    for path in labels:
        read_labels(path)  # an unreadable file is reported before the work begins
    with console.progress("notices classified:") as progress, preview_reclassification(folder, progress) as con:
        judged = changes.compare_labels(con, labels) if labels else None
        words = lexicon_of(DataFolder(folder).lexicon).rule_words
        return changes_text.render(changes.compare(con), judged, format.value, console.reader_language(), words)
