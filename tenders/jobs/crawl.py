"""``tenders crawl``: crawl portals, record how each crawl ended, load and publish."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.common.clock import utc_text
from pipelines.storage import spool
from tenders.archive.combining import combine_files
from tenders.archive.records import crawl_record
from tenders.archive.writer import ArchiveWriter
from tenders.data_folder import DataFolder
from tenders.jobs.load import load_spool, prepare_folder
from tenders.jobs.user_lexicon import apply_user_lexicon
from tenders.monitoring import crawl_alarms

if TYPE_CHECKING:
    from tenders.crawling.outcome import CrawlOutcome
    from tenders.crawling.request import CrawlRequest
    from tenders.crawling.stats import CrawlStats

logger = logging.getLogger(__name__)


def crawl_portals(
    requests: Sequence[CrawlRequest],
    *,
    data_dir: Path,
    settings: Mapping[str, Any] | None = None,
    accept_fewer: bool = False,
    progress: Callable[[CrawlStats], None] | None = None,
) -> list[CrawlOutcome]:
    """Crawl portals, record the outcomes and load.

    ``settings`` override those of ``tenders.settings``. ``progress``: see :func:`tenders.jobs.crawl_runner.run`.
    """
    from tenders.jobs import crawl_runner

    with apply_user_lexicon(data_dir):
        pass  # words that cannot be used are reported before any request is sent
    folder = DataFolder(data_dir)
    folder.require_files()
    if folder.root.exists():
        with folder.lock():
            prepare_folder(folder, accept_fewer=accept_fewer)
    try:
        outcomes = crawl_runner.run(requests, data_dir, progress=progress, settings=settings)
        record_crawls(outcomes, data_dir)
    finally:
        # After Ctrl-C too: what was stored is published.
        if folder.private.exists():
            load_spool(data_dir, accept_fewer=accept_fewer)
    if not any(outcome.failure == "interrupted" for outcome in outcomes):
        _tidy_archive(data_dir)
    return add_alarms(outcomes, data_dir)


def _tidy_archive(data_dir: Path) -> None:
    try:
        combine_files(data_dir, datetime.now(UTC))
    except OSError as error:
        logger.warning("the files of the archive could not be combined, which the next crawl tries again: %s", error)


def add_alarms(outcomes: Iterable[CrawlOutcome], data_dir: Path) -> list[CrawlOutcome]:
    """Return loaded outcomes with the open alarms of their portals, and log each alarm as a warning."""
    open_alarms = crawl_alarms.open_alarms(data_dir)
    completed = [replace(outcome, alarms=tuple(open_alarms.get(outcome.portal, ()))) for outcome in outcomes]
    for outcome in completed:
        for text in outcome.alarms:
            logger.warning("%s", text)
    return completed


def record_crawls(outcomes: Iterable[CrawlOutcome], data_dir: Path) -> None:
    """Write the outcomes of crawls to archive and spool; the next load publishes them in the table ``crawls``."""
    folder = DataFolder(data_dir)
    with ArchiveWriter(data_dir) as archive, spool.SpoolWriter(folder.spool) as writer:
        for outcome in outcomes:
            row = {
                "crawl_id": f"{outcome.portal}:{utc_text(outcome.started_at)}",
                "portal": outcome.portal,
                "since": outcome.since.isoformat() if outcome.since else None,
                "until": outcome.until.isoformat() if outcome.until else None,
                "started_at": utc_text(outcome.started_at),
                "finished_at": utc_text(outcome.finished_at),
                "state": outcome.state,
                "listed": outcome.listed,
                "stored": outcome.stored,
                "reason": outcome.reason,
                "failure": outcome.failure,
                "windows": [{**asdict(window), "day": window.day.isoformat()} for window in outcome.windows],
            }
            archive.write_records(crawl_record(row, outcome.finished_at))
            writer.append([spool.crawl_line(row)])
