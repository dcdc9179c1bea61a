"""What a person should know about the tool's work, and what needs a person (``tenders status``).

This module collects it; ``status_text`` writes it for people and programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pipelines.common.clock import SHANGHAI
from pipelines.common.validation import InvalidDataError
from tenders.archive.writer import archive_files
from tenders.config import project
from tenders.data_folder import DataFolder
from tenders.database import query_rows
from tenders.monitoring.date_ranges import short_range
from tenders.monitoring.next_runs import next_runs
from tenders.monitoring.portal_health import CRAWLABLE_STATES, PortalHealth, all_portal_health
from tenders.monitoring.remedies import crawl_commands, meaning, remedy
from tenders.monitoring.store_checks import Quarantine, count_outdated_classifications, read_quarantine
from tenders.notify import notifier

_STALE_DAYS = 3
# Older gaps are shown, but do not need a person every day.
_RECENT = timedelta(days=31)

_FLAGGED = """
    SELECT
        count(*) FILTER (len(flags) > 0) AS flagged,
        count(*) FILTER (amount_yuan IS NOT NULL AND NOT disclosed) AS waiting
    FROM awards WHERE status = 'awarded' AND is_large_model
"""

ConcernCode = Literal[
    "last_crawl",
    "stale",
    "alarm",
    "misread_days",
    "exhausted_days",
    "missing_days",
    "quarantine",
    "undelivered",
    "amounts",
    "lexicon",
    "configuration",
]


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that needs a person: what it is and what to do. ``portal`` is None if it concerns no single portal."""

    code: ConcernCode
    portal: str | None
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.portal, self.text, self.remedy) if part)


@dataclass(frozen=True, slots=True)
class Status:
    """All that ``tenders status`` reports.

    ``portals``: those that were crawled. ``quarantine`` is None while a load is in progress. ``flagged_awards``: how
    many awards about large models have a doubtful amount. ``other_words``: how many
    notices are classified with other words than today's (None: not known). ``keep_lists_days``: how long the archive
    keeps pages of lists (0: forever, None: the configuration cannot be read).
    """

    at: datetime
    portals: list[PortalHealth]
    next_runs: list[tuple[str, datetime]]
    waiting_segments: int
    archive_files: int
    archive_bytes: int
    keep_lists_days: int | None
    quarantine: Quarantine | None
    flagged_awards: int
    other_words: int | None
    concerns: list[Concern]


def collect_status(data_dir: Path, config_path: Path | None = None, now: datetime | None = None) -> Status:
    """Return the state of all crawled portals, the store, the archive and the scheduler."""
    now = now or datetime.now(UTC)
    folder = DataFolder(data_dir)
    quarantine = read_quarantine(folder)
    crawled = [health for health in all_portal_health(data_dir) if health.last_run]
    concerns = [concern for health in crawled for concern in _portal_concerns(health, now)]
    if quarantine and quarantine.count:
        concerns.append(Concern("quarantine", None, f"{quarantine.count:,} lines or pages in quarantine"))
    flagged, waiting = _flagged_awards(data_dir)
    if waiting:
        text = f"{waiting:,} awards above 1,000 million yuan have a single witness and are in no sum"
        concerns.append(Concern("amounts", None, text, "tenders review -o FILE.xlsx asks about them"))
    concerns += [Concern("undelivered", None, text) for text in notifier.undelivered(data_dir)]
    keep_lists_days: int | None = None
    other_words: int | None = None
    try:
        other_words = count_outdated_classifications(folder)
    except InvalidDataError as error:
        concerns.append(Concern("lexicon", None, f"the words cannot be used: {error}"))
    try:
        keep_lists_days = project.load(config_path, data_dir).keep_lists_days
    except project.ConfigError as error:
        concerns.append(Concern("configuration", None, f"the configuration cannot be used: {error}"))
    sizes = [path.stat().st_size for path in archive_files(data_dir)]
    return Status(
        at=now.astimezone(SHANGHAI),
        portals=crawled,
        next_runs=next_runs(data_dir),
        waiting_segments=len([*folder.spool.glob("*.seg"), *folder.spool.glob("*.open")]),
        archive_files=len(sizes),
        archive_bytes=sum(sizes),
        keep_lists_days=keep_lists_days,
        quarantine=quarantine,
        flagged_awards=flagged,
        other_words=other_words,
        concerns=concerns,
    )


def _flagged_awards(data_dir: Path) -> tuple[int, int]:
    """Return how many awards about large models have a doubtful amount, and how many amounts wait for a review."""
    rows = query_rows(data_dir, _FLAGGED)
    return (rows[0]["flagged"], rows[0]["waiting"]) if rows else (0, 0)


def _portal_concerns(health: PortalHealth, now: datetime) -> Iterator[Concern]:
    name, run = health.portal, health.last_run
    assert run is not None
    if run.failure and run.failure != "limit":
        text = f"last crawl {run.state}, {run.failure}: {meaning(run.failure)}"
        yield Concern("last_crawl", name, text, remedy(run.failure, name, health.days_to_crawl_again()))
    if (age := (now - run.finished_at).days) > _STALE_DAYS:
        yield Concern("stale", name, f"not crawled for {age} days", crawl_commands(name, []))
    for text in health.alarms:  # they name the portal themselves
        yield Concern("alarm", name, text.removeprefix(f"{name}: "))
    recent = now.astimezone(SHANGHAI).date() - _RECENT
    if misread := health.missing("doubtful", since=recent):
        text = f"{_join(misread)} may be misread"
        again = crawl_commands(name, misread)
        advice = f"fix the reader and run tenders rebuild, or, if a list was read wrongly, run again: {again}"
        yield Concern("misread_days", name, text, advice)
    if exhausted := health.missing("gone", since=recent):
        text = f"{_join(exhausted)}: the portal no longer shows all notices, saved pages are needed"
        yield Concern("exhausted_days", name, text, "tenders ingest FILE…")
    # The days of the last crawl are in its remedy already. A portal that is blocked or has moved cannot be asked yet.
    named = [] if run.failure in (None, "reach") else health.days_to_crawl_again()
    missing = [days for days in health.missing(*CRAWLABLE_STATES, since=recent) if days not in named]
    if missing and run.failure not in ("blocked", "moved", "layout"):
        yield Concern("missing_days", name, "days are missing", crawl_commands(name, missing))


def _join(ranges: list[tuple[date, date]]) -> str:
    return ", ".join(short_range(*ends) for ends in ranges)
