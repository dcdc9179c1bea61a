"""``tenders check``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from tenders import console
from tenders.commands.options import ConfigOption, DataOption, ReportFormat, ReportFormatOption, data_dir
from tenders.console import DONE, INCOMPLETE, CommandError

if TYPE_CHECKING:
    from tenders.crawling.portal_check import CheckRecord, PortalCheck


def check(
    context: typer.Context,
    portals: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PORTAL]…", help="Names that 'tenders portals' lists; all that are crawled if none"),
    ] = None,
    origin: Annotated[
        str | None, typer.Option(metavar="URL", help="Send the requests to this scheme://host:port, one portal only")
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write the answers as tests below this folder: a cassette and a draft of a golden pair"
        ),
    ] = None,
    format: ReportFormatOption = ReportFormat.table,
    config: ConfigOption = None,
    data: DataOption = None,
) -> int:
    """Try portals with at most eight requests each, and say what differs from their descriptors.

    Nothing is stored in the data folder. Exit code 1 if a portal differs, refuses or cannot be reached.

    Example: tenders check ccgp ggzy
    """
    from pipelines.common.clock import today
    from tenders import portals as descriptors
    from tenders.config import project as configuration
    from tenders.crawling.portal_check import CheckRecord
    from tenders.crawling.request import crawl_requests
    from tenders.jobs.check import check_portals
    from tenders.monitoring.check_report import check_text

    names = portals or [portal.name for portal in descriptors.all() if portal.crawl]
    requests = crawl_requests(names, origin=origin)
    settings = configuration.load(config, data_dir(context, data)).crawler_settings()
    if save is not None:
        try:
            save.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"cannot write into {save}: {error.strerror}") from error
    records = {request.portal: CheckRecord(today()) for request in requests}
    results = check_portals(requests, settings=settings, records=records)
    if format is ReportFormat.json:
        shown = [result.as_json() for result in results]
        console.give(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode(), None)
    else:
        console.give(console.in_language(check_text(results)), None)
    if save is not None:
        _save(save, results, records)
    return DONE if all(result.state == "ok" for result in results) else INCOMPLETE


def _save(folder: Path, results: Sequence[PortalCheck], records: Mapping[str, CheckRecord]) -> None:
    from tenders.demo.saved_checks import save_check

    for result in results:
        for path in save_check(folder, result, records[result.portal]):
            console.say(f"wrote {path}")
    console.say(f"look for names of persons in these files, then copy {folder}/. into the repository")
