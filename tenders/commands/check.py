"""``tenders check``."""

from __future__ import annotations

from typing import Annotated

import orjson
import typer

from tenders import console
from tenders.commands.options import ConfigOption, DataOption, ReportFormat, ReportFormatOption, data_dir
from tenders.console import DONE, INCOMPLETE


def check(
    context: typer.Context,
    portals: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PORTAL]…", help="Names that 'tenders portals' lists; all that are crawled if none"),
    ] = None,
    origin: Annotated[
        str | None, typer.Option(metavar="URL", help="Send the requests to this scheme://host:port, one portal only")
    ] = None,
    format: ReportFormatOption = ReportFormat.table,
    config: ConfigOption = None,
    data: DataOption = None,
) -> int:
    """Try portals with at most eight requests each, and say what differs from their descriptors.

    Nothing is stored. Exit code 1 if a portal differs, refuses or cannot be reached.

    Example: tenders check ccgp ggzy
    """
    from tenders import portals as descriptors
    from tenders.config import project as configuration
    from tenders.crawling.request import crawl_requests
    from tenders.jobs.check import check_portals
    from tenders.monitoring.check_report import check_text

    names = portals or [portal.name for portal in descriptors.all() if portal.crawl]
    requests = crawl_requests(names, origin=origin)
    settings = configuration.load(config, data_dir(context, data)).crawler_settings()
    results = check_portals(requests, settings=settings)
    if format is ReportFormat.json:
        shown = [result.as_json() for result in results]
        console.give(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode(), None)
    else:
        console.give(check_text(results), None)
    return DONE if all(result.state == "ok" for result in results) else INCOMPLETE
