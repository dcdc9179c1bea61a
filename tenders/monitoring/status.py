"""What a person should know about the tool's work, and what needs a person (``tenders status``).

This module collects it; ``status_text`` writes it for people and programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from pipelines.common.clock import SHANGHAI, minute_text
from pipelines.common.validation import InvalidDataError
from tenders.archive.writer import archive_files
from tenders.config import project
from tenders.data_folder import DataFolder
from tenders.database import query_rows
from tenders.files.bases import all_bases
from tenders.monitoring import machine_checks
from tenders.monitoring.date_ranges import short_range
from tenders.monitoring.portal_health import CRAWLABLE_STATES, PortalHealth, all_portal_health
from tenders.monitoring.remedies import crawl_commands, meaning, remedy
from tenders.monitoring.scheduler_note import SchedulerState, is_paused, next_runs, scheduler_state
from tenders.monitoring.store_checks import Quarantine, count_outdated_classifications, read_quarantine
from tenders.notify import notifier

_STALE_DAYS = 3
# Less free space than this ends a crawl soon.
_LEAST_FREE_MB = 1_000
_LONGEST_WAIT = timedelta(days=1)
_CLOCK_SLACK = timedelta(hours=1)
# A person or the system wanted it: a limit, a signal, a crawl beside one that was running. The next crawl goes on.
_INTENDED = ("limit", "interrupted")
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
    "scheduler",
    "load",
    "segments",
    "disk",
    "read_only",
    "clock",
]
CONCERN_CODES: tuple[ConcernCode, ...] = get_args(ConcernCode)


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
class PulledBase:
    """A published data set that the figures rest on in part: its source, who published it, when it was pulled."""

    source: str
    origin: str
    pulled_at: datetime


@dataclass(frozen=True, slots=True)
class KnownMonth:
    """What is known by a definition: its newest complete month, and the state of the last month that is over.

    Months are first days. States: ``complete``, ``partial``, ``unknown``, as in ``coverage`` of a summary.
    """

    definition: str
    newest_complete_month: date | None
    last_month: date
    last_month_state: str


@dataclass(frozen=True, slots=True)
class Status:
    """All that ``tenders status`` reports.

    ``portals``: those that were crawled. ``quarantine`` is None while a load is in progress. ``flagged_awards``: how
    many awards about large models have a doubtful amount. ``other_words``: how many
    notices are classified with other words than today's (None: not known). ``keep_lists_days``: how long the archive
    keeps pages of lists (0: forever, None: the configuration cannot be read). ``scheduler_alive_at``: its last sign of
    life. ``last_load``: the end of the last successful load. ``known_months``: what is known, by definition.
    """

    at: datetime
    portals: list[PortalHealth]
    scheduler: SchedulerState
    scheduler_alive_at: datetime | None
    next_runs: list[tuple[str, datetime]]
    last_load: datetime | None
    last_publish: datetime | None
    disk_free_mb: int | None
    waiting_segments: int
    archive_files: int
    archive_bytes: int
    keep_lists_days: int | None
    quarantine: Quarantine | None
    flagged_awards: int
    other_words: int | None
    bases: list[PulledBase]
    known_months: list[KnownMonth]
    concerns: list[Concern]

    @property
    def is_empty(self) -> bool:
        """Whether the data folder holds nothing yet and nobody is at work in it: perhaps another one was meant."""
        at_work = self.scheduler == "running" or self.waiting_segments
        return self.last_publish is None and not at_work and not self.concerns


def collect_status(
    data_dir: Path,
    config_path: Path | None = None,
    now: datetime | None = None,
    known_months: Iterable[KnownMonth] = (),
) -> Status:
    """Return the state of all crawled portals, the store, the archive and the scheduler.

    ``known_months`` come from the caller (:func:`tenders.jobs.known_months.newest_known_months`).
    """
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
    planned = False
    try:
        config = project.load(config_path, data_dir)
        keep_lists_days = config.keep_lists_days
        planned = config.path is not None and any(plan.enabled for plan in config.portals)
    except project.ConfigError as error:
        concerns.append(Concern("configuration", None, f"the configuration cannot be used: {error}"))
    state, alive_at = scheduler_state(data_dir, now, planned=planned)
    concerns += _scheduler_concerns(data_dir, state, alive_at, now)
    load = machine_checks.last_load(folder)
    segments = [*folder.spool.glob("*.seg"), *folder.spool.glob("*.open")]
    free = machine_checks.disk_free_mb(data_dir)
    concerns += _machine_concerns(folder, load, segments, free, now)
    archived = archive_files(data_dir)
    if quarantine is not None and (lost := _lost_database(folder)):
        advice = "tenders rebuild makes it from the archive" if archived else "restore the data folder from a backup"
        concerns.append(Concern("load", None, f"{lost} is missing", advice))
    instants = [health.last_run.finished_at for health in crawled if health.last_run]
    if alive_at:
        instants.append(alive_at)
    if instants and max(instants) > now + _CLOCK_SLACK:
        text = f"the clock was set back: something happened at {minute_text(max(instants))}"
        concerns.append(Concern("clock", None, text, "set the machine's clock (timedatectl set-ntp true)"))
    sizes = [path.stat().st_size for path in archived]
    return Status(
        at=now.astimezone(SHANGHAI),
        portals=crawled,
        scheduler=state,
        scheduler_alive_at=alive_at,
        next_runs=next_runs(data_dir),
        last_load=load.at if load and not load.failure else None,
        last_publish=machine_checks.last_publish(folder),
        disk_free_mb=free,
        waiting_segments=len(segments),
        archive_files=len(sizes),
        archive_bytes=sum(sizes),
        keep_lists_days=keep_lists_days,
        quarantine=quarantine,
        flagged_awards=flagged,
        other_words=other_words,
        bases=[PulledBase(base.source, base.origin, base.pulled_at) for base in all_bases(folder.bases)],
        known_months=[*known_months],
        concerns=concerns,
    )


def _scheduler_concerns(
    data_dir: Path, state: SchedulerState, alive_at: datetime | None, now: datetime
) -> Iterator[Concern]:
    if state == "dead":
        assert alive_at is not None
        text = f"the scheduler gave no sign of life since {minute_text(alive_at)}"
        yield Concern("scheduler", None, text, "see its log, then start it again: tenders schedule")
    elif state == "stopped" and not is_paused(data_dir, now):
        text = "the scheduler was stopped" if alive_at else "the scheduler was never started"
        yield Concern("scheduler", None, f"{text}, but there is a plan", "tenders schedule")


def _machine_concerns(
    folder: DataFolder, load: machine_checks.LastLoad | None, segments: list[Path], free_mb: int | None, now: datetime
) -> Iterator[Concern]:
    if load and load.failure:
        text = f"the last load failed at {minute_text(load.at)}: {load.failure}"
        yield Concern("load", None, text, "remove the cause; the next crawl or ingest loads what waits")
    try:
        folder.require_files()
    except IsADirectoryError as error:
        text = f"{error.filename} is a folder, but a file belongs there"
        yield Concern("load", None, text, "move the folder away and run the same command again")
    if machine_checks.is_read_only(folder.root):
        yield Concern("read_only", None, "the data folder cannot be written", "see its owner and how it is mounted")
        return
    if segments and now.timestamp() - min(map(_modified, segments)) > _LONGEST_WAIT.total_seconds():
        text = f"{len(segments):,} parts of the spool wait for a load since a day or longer"
        yield Concern("segments", None, text, "the next crawl or ingest loads them")
    if free_mb is not None and free_mb < _LEAST_FREE_MB:
        yield Concern("disk", None, f"only {free_mb:,} MB are free", "free space, or set archive.keep_lists_days")


def _lost_database(folder: DataFolder) -> Path | None:
    """Return the database that is missing in a folder which was loaded before, if one is."""
    missing = [path for path in (folder.store, folder.own, folder.published) if not path.exists()]
    return missing[0] if missing and (len(missing) < 3 or folder.last_load.exists()) else None


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # loaded meanwhile
        return float("inf")


def _flagged_awards(data_dir: Path) -> tuple[int, int]:
    """Return how many awards about large models have a doubtful amount, and how many amounts wait for a review."""
    rows = query_rows(data_dir, _FLAGGED)
    return (rows[0]["flagged"], rows[0]["waiting"]) if rows else (0, 0)


def _portal_concerns(health: PortalHealth, now: datetime) -> Iterator[Concern]:
    name, run = health.portal, health.last_run
    assert run is not None
    if run.failure and run.failure not in _INTENDED:
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
