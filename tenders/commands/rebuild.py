"""``tenders rebuild``."""

from __future__ import annotations

from typing import Annotated

import typer

from tenders import console
from tenders.commands import options
from tenders.commands.options import AcceptFewerOption, DataOption, EngineName, EngineOption, MasterOption, data_dir
from tenders.console import DONE, INCOMPLETE, CommandError


def rebuild(
    context: typer.Context,
    classify_only: Annotated[
        bool, typer.Option("--classify-only", help="Classify the stored notices again, without reading their pages")
    ] = False,
    accept_fewer: AcceptFewerOption = False,
    engine: EngineOption = EngineName.local,
    master: MasterOption = None,
    data: DataOption = None,
) -> int:
    """Rebuild the database from the archive, for example after a parser or lexicon change.

    Exit code 1 if archived pages could not be read.

    Example: tenders rebuild --classify-only
    """
    reader = options.engine(engine, master)
    if classify_only:
        if engine is not EngineName.local:
            raise CommandError("--classify-only reads no pages, so it has no --engine")
        from analysis.quality import changes_text
        from tenders.jobs.reclassify import reclassify_store

        with console.progress("notices classified:") as progress:
            result = reclassify_store(data_dir(context, data), progress)
        console.say(f"{result.notices:,} notices classified again: {changes_text.line(result.changes)}")
        return DONE

    from tenders.jobs.rebuild import rebuild_store

    with console.progress("pages read:") as progress:
        report = rebuild_store(data_dir(context, data), progress, accept_fewer=accept_fewer, engine=reader)
    console.say_problems(report.first_problems, report.problems)
    console.say(
        f"{report.pages:,} pages read from the archive, {report.notices:,} notices, {report.problems:,} problems"
    )
    return INCOMPLETE if report.problems else DONE
