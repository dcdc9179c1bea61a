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
    """Show last and next runs, freshness, gaps, alarms and quarantine.

    Exit code 1 if something needs a person.

    Example: tenders status
    """
    from tenders.monitoring import status as monitoring

    report = monitoring.status(data_dir(context, data), config)
    console.give(report.render(format.value), None)
    return INCOMPLETE if report.needs_a_person else DONE
