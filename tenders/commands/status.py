"""``tenders status``."""

from __future__ import annotations

import typer

from tenders import console
from tenders.commands.options import ConfigOption, DataOption, ReportFormat, ReportFormatOption, data_dir
from tenders.console import DONE, INCOMPLETE


def status(
    context: typer.Context,
    format: ReportFormatOption = ReportFormat.table,
    config: ConfigOption = None,
    data: DataOption = None,
) -> int:
    """Show last and next runs, freshness, known months by definition, gaps, alarms and quarantine.

    Exit code 1 if something needs a person, 2 if the data folder holds nothing yet and nothing is planned for it.

    Example: tenders status
    """
    from analysis.figures.definition import load_usable
    from analysis.figures.months import shift_month
    from pipelines.common.clock import today
    from tenders.data_folder import DataFolder
    from tenders.database import NoDatabaseError
    from tenders.jobs.known_months import newest_known_months
    from tenders.monitoring.metrics import write_metrics
    from tenders.monitoring.status import collect_status
    from tenders.monitoring.status_text import status_json, status_text

    folder = data_dir(context, data)
    definitions = load_usable(DataFolder(folder).definitions, console.say)
    known = newest_known_months(folder, definitions, shift_month(today().replace(day=1), -1))
    report = collect_status(folder, config, known_months=known)
    if report.is_empty:
        raise NoDatabaseError(folder)
    write_metrics(DataFolder(folder), report)
    is_json = format is ReportFormat.json
    console.give(status_json(report) if is_json else console.in_language(status_text(report)), None)
    return INCOMPLETE if report.concerns else DONE
