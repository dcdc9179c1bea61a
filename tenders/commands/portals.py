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
    from tenders.monitoring import status as monitoring

    console.give(monitoring.portals_known(data_dir(context, data), format.value), None)
    return DONE
