"""``tenders portals``."""

from __future__ import annotations

from typing import Annotated

import typer

from tenders import console
from tenders.commands.options import DataOption, ReportFormat, ReportFormatOption, data_dir
from tenders.console import DONE, CommandError


def portals(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORD]…",
            help="Show only portals with this name, group (government, resources, company, bank, school), family, "
            "province or last state, in detail",
            show_default=False,
        ),
    ] = None,
    format: ReportFormatOption = ReportFormat.table,
    data: DataOption = None,
) -> int:
    """List the portals: how each is crawled, when it was last complete, how fresh it is, what is missing.

    Example: tenders portals bank
    """
    from tenders.data_folder import DataFolder
    from tenders.files.bases import all_bases
    from tenders.monitoring.portal_health import all_portal_health
    from tenders.monitoring.portal_list import matching_portals, portal_details, portals_json, portals_text

    folder = data_dir(context, data)
    health = matching_portals(all_portal_health(folder), words or [])
    if not health:
        raise CommandError(f"no portal fits {' '.join(words or [])!r}; tenders portals lists all names and groups")
    if format is ReportFormat.json:
        text = portals_json(health)
    else:
        text = portal_details(health) if words else portals_text(health)
        origins = ", ".join(base.origin for base in all_bases(DataFolder(folder).bases))
        if origins:
            note = f"figures also rest on what {origins} published (tenders pull); this list is about our own crawls"
            text = f"{text.rstrip()}\n{note}\n"
        text = console.in_language(text)
    console.give(text, None)
    return DONE
