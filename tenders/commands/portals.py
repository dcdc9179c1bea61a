"""``tenders portals``."""

from __future__ import annotations

import typer

from tenders import console
from tenders.commands.options import DataOption, ReportFormat, ReportFormatOption, data_dir
from tenders.console import DONE


def portals(context: typer.Context, format: ReportFormatOption = ReportFormat.table, data: DataOption = None) -> int:
    """List the portals: how each is crawled, when it was last complete, how fresh it is, what is missing.

    Example: tenders portals
    """
    from tenders.monitoring.portal_health import all_portal_health
    from tenders.monitoring.status_text import portals_json, portals_text

    health = all_portal_health(data_dir(context, data))
    console.give(portals_json(health) if format is ReportFormat.json else portals_text(health), None)
    return DONE
