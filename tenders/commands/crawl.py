"""``tenders crawl``."""

from __future__ import annotations

from typing import Annotated

import typer

from tenders import console
from tenders.commands.options import AcceptFewerOption, ConfigOption, DataOption, SinceOption, UntilOption, data_dir
from tenders.console import DONE, INCOMPLETE


def crawl(
    context: typer.Context,
    portals: Annotated[list[str], typer.Argument(metavar="PORTAL…", help="Names that 'tenders portals' lists")],
    since: SinceOption = None,
    until: UntilOption = None,
    keyword: Annotated[
        list[str] | None, typer.Option(metavar="K", help="Only notices with this word; may be repeated")
    ] = None,
    origin: Annotated[
        str | None, typer.Option(metavar="URL", help="Send the requests to this scheme://host:port, one portal only")
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", help="Read at most N notices of each portal")] = None,
    config: ConfigOption = None,
    accept_fewer: AcceptFewerOption = False,
    data: DataOption = None,
) -> int:
    """Crawl portals live and politely, and load what was read.

    Exit code 1 if a crawl is incomplete, blocked or failed.

    Example: tenders crawl ccgp --since 2026-07-01 --until 2026-07-31
    """
    from tenders.config import project as configuration
    from tenders.crawling.request import crawl_requests
    from tenders.jobs.crawl import crawl_portals
    from tenders.scheduling.signals import crawls_end_on_signal

    folder = data_dir(context, data)
    requests = crawl_requests(portals, since=since, until=until, keyword=keyword, limit=limit, origin=origin)
    settings = configuration.load(config, folder).crawler_settings()
    with crawls_end_on_signal():
        outcomes = crawl_portals(requests, data_dir=folder, settings=settings, accept_fewer=accept_fewer)
    for outcome in outcomes:
        counts = f"{outcome.portal}: {outcome.state}, {outcome.listed} listed, {outcome.stored} stored"
        console.say(f"{counts}: {outcome.reason}" if outcome.reason else counts)
    return DONE if all(outcome.ok for outcome in outcomes) else INCOMPLETE
