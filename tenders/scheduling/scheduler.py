"""Scheduled crawls: each portal at the times of its plan, and at once what was missed while no scheduler ran.

The scheduler keeps no list of jobs. The plans are in the configuration, and our own tables of crawls say what is due
(``tenders.scheduling.backfill``). However long it was down, the next start asks once for the days that are missing.
Only one scheduler works on a data folder.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from apscheduler.executors.pool import ThreadPoolExecutor as JobPool
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from filelock import Timeout

from pipelines.common.clock import SHANGHAI, minute_text
from tenders import portals
from tenders.archive import retention
from tenders.config.cron import next_time
from tenders.config.models import PortalPlan
from tenders.config.project import Config
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.data_folder import DataFolder
from tenders.database import require_version
from tenders.jobs import crawl_runner
from tenders.jobs.crawl import crawl_portals, record_crawls
from tenders.jobs.load import load_spool
from tenders.monitoring.metrics import write_metrics
from tenders.monitoring.scheduler_note import BEAT, scheduler_lock, scheduler_process, write_note
from tenders.monitoring.status import collect_status
from tenders.monitoring.status_text import grouped_concerns
from tenders.notify.notifier import Announcer
from tenders.notify.warner import Warner
from tenders.scheduling import backfill
from tenders.scheduling.signals import on_signal
from tenders.texts.translator import chinese

logger = logging.getLogger(__name__)

# A machine that slept runs what it missed. A run that is later than this is dropped: the next planned time is near.
_MOST_DELAY_SECONDS = 6 * 3600
_RETENTION_CRON = "40 3 * * *"
_WARNING_CRON = "20 * * * *"
_LOCK_SECONDS = 2.0  # `tenders status` takes the lock for a moment
_POLL_SECONDS = 0.2
# After a long pause all portals are due together. More crawls at a time would only compete for memory and the network.
_MOST_CRAWLS_AT_ONCE = 8

Clock = Callable[[], datetime]


class AlreadyRunningError(ValueError):
    """Another scheduler works on this data folder. The message names its process."""


class CronTrigger(BaseTrigger):  # type: ignore[misc]  # apscheduler has no types
    """The times of a cron line, for APScheduler.

    Its own trigger counts weekdays from Monday; cron counts from Sunday.
    """

    def __init__(self, line: str) -> None:
        self.line = line

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the first time after the previous one, or from ``now`` on."""
        after_previous = previous_fire_time + timedelta(microseconds=1) if previous_fire_time else now
        return next_time(self.line, after_previous)


class Schedule:
    """The plans of one configuration over one data folder. ``settings`` change those of ``tenders.settings``.

    Raises ConfigError if the configuration leaves nothing to crawl, or names an address that cannot be used.
    """

    def __init__(
        self,
        config: Config,
        data_dir: Path,
        *,
        clock: Clock = lambda: datetime.now(UTC),
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.plans = [plan for plan in config.portals if plan.enabled]
        if not self.plans:
            raise config.error("portals", "no portal is enabled; write enabled = true for one portal")
        self._config = config
        self._data_dir = data_dir
        self._clock = clock
        self._settings = {**config.crawler_settings(), **(settings or {})}
        self._announcer = Announcer(config, data_dir)
        self._warner = Warner(config, data_dir)
        self._announcing = threading.Lock()
        self._noting = threading.Lock()
        self._turns = threading.BoundedSemaphore(_MOST_CRAWLS_AT_ONCE)
        self._next_runs: dict[str, datetime] = {}
        self._cycle = BEAT
        self._hosts = {host: threading.Lock() for plan in self.plans for host in _hosts_of(plan)}
        self._active: set[str] = set()
        self._stopping = threading.Event()

    def run(self) -> None:
        """Crawl until a signal comes. Returns once the pages in progress are read and everything read is loaded.

        Raises AlreadyRunningError.
        """
        with self._as_only_scheduler():
            scheduler = self.job_scheduler()
            started, ended = threading.Event(), threading.Event()

            def stop() -> None:
                try:
                    self.stop()
                    started.wait()
                    scheduler.shutdown(wait=True)
                finally:
                    ended.set()

            with on_signal(stop):
                self._note_next_runs()
                scheduler.start()
                started.set()
                # Short waits: Python handles a signal that comes just before a wait only when the wait ends.
                while not ended.wait(_POLL_SECONDS):
                    pass
            self._log("stopped")

    def run_once(self) -> bool:
        """Crawl what is due now. Returns whether all of it is complete and announced. Raises AlreadyRunningError."""
        now = self._clock()
        # The next sign of life comes with the next planned time of the portal that is crawled most seldom.
        self._cycle = max(next_time(plan.cron, next_time(plan.cron, now)) - now for plan in self.plans)
        with self._as_only_scheduler(), on_signal(self.stop), ThreadPoolExecutor(len(self.plans)) as pool:
            successes = list(pool.map(self.run_portal, self.plans))
            self.prune_archive()
            return self.warn() and all(successes)

    def stop(self) -> None:
        """Let no further crawl begin, and end those in progress after their page. Returns when they have ended."""
        self._stopping.set()
        while self._active:
            crawl_runner.stop()  # repeatedly, because a crawl may only just be starting
            time.sleep(_POLL_SECONDS)

    def run_portal(self, plan: PortalPlan) -> bool:
        """Crawl what is due at one portal, load it and announce new awards.

        Returns whether all went well. An error is logged and ends no other run.
        """
        self._active.add(plan.name)
        try:
            with self._reserved_hosts(plan), self._turns:
                success = self._crawl(plan)
            return self._announce() and success
        except Exception:
            logger.exception("%s: the run broke down", plan.name)
            return False
        finally:
            self._active.discard(plan.name)
            self._note_next_runs()

    def prune_archive(self) -> None:
        """Remove old pages of lists from the archive, if the configuration says so."""
        if not self._config.keep_lists_days or self._stopping.is_set():
            return
        try:
            freed = retention.prune(self._data_dir, self._config.keep_lists_days, self._clock())
        except Exception:
            logger.exception("old pages of lists could not be removed from the archive")
            return
        if freed:
            self._log(f"old pages of lists removed from the archive: {freed / 1e6:,.1f} MB")

    def warn(self) -> bool:
        """Warn whoever is to be warned of what needs a person. Returns whether that was possible."""
        if not self._warner.has_addresses or self._stopping.is_set():
            return True
        now = self._clock()
        try:
            concerns = collect_status(self._data_dir, self._config.path, now).concerns
            lines = [chinese().message(line) for line in grouped_concerns(concerns)]
            return self._warner.warn((f"{one.code}:{one.portal or ''}" for one in concerns), lines, now)
        except Exception:
            logger.exception("what needs a person could not be sent")
            return False

    def job_scheduler(self) -> BackgroundScheduler:
        """Return APScheduler with one job per portal. A portal that is overdue has its first run now."""
        scheduler = BackgroundScheduler(
            timezone=SHANGHAI,
            executors={"default": JobPool(len(self.plans) + 3)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _MOST_DELAY_SECONDS},
        )
        now = self._clock()
        for plan in self.plans:
            first_run = {"next_run_time": now} if backfill.is_overdue(self._history(plan, now), plan, now) else {}
            scheduler.add_job(
                self.run_portal,
                CronTrigger(plan.cron),
                [plan],
                id=plan.name,
                name=f"crawl of {plan.name}",
                **first_run,
            )
        scheduler.add_job(self._write_note, "interval", seconds=BEAT.total_seconds(), id="note", name="sign of life")
        if self._config.keep_lists_days:
            scheduler.add_job(
                self.prune_archive, CronTrigger(_RETENTION_CRON), id="archive", name="pruning of the archive"
            )
        if self._warner.has_addresses:
            scheduler.add_job(self.warn, CronTrigger(_WARNING_CRON), id="warning", name="warning of a person")
        return scheduler

    def _history(self, plan: PortalPlan, now: datetime) -> backfill.History:
        return backfill.crawl_history(self._data_dir, plan, now.astimezone(SHANGHAI).date())

    def _crawl(self, plan: PortalPlan) -> bool:
        if self._stopping.is_set():
            return False
        now = self._clock()
        today = now.astimezone(SHANGHAI).date()
        history = self._history(plan, now)
        pause_end = backfill.paused_until(history.blocked_at, plan, now)
        if pause_end is not None:
            self._log(f"{plan.name}: blocked the last crawl, left alone until {minute_text(pause_end)}")
            return False
        if backfill.ran_just_now(history, plan, now):
            self._log(f"{plan.name}: crawled just now")
            return True
        since = backfill.first_day(history, plan, today)
        self._log(f"{plan.name}: crawling {since} to {today}")
        try:
            request = CrawlRequest(
                portal=plan.name, since=since, until=today, keywords=plan.keywords, origin=plan.origin
            )
            [outcome] = crawl_portals([request], data_dir=self._data_dir, settings=self._settings)
        except Exception as error:
            self._record_breakdown(plan, since, now, error)
            raise
        counts = f"{outcome.state}, {outcome.listed} listed, {outcome.stored} stored, {outcome.fresh} new"
        self._log(f"{plan.name}: {counts}{f': {outcome.reason}' if outcome.reason else ''}")
        return outcome.ok

    def _record_breakdown(self, plan: PortalPlan, since: date, started_at: datetime, error: Exception) -> None:
        """Record a run that broke down as a row of ``crawls``, like any other run."""
        reason = f"{type(error).__name__}: {error}"
        until = started_at.astimezone(SHANGHAI).date()
        outcome = CrawlOutcome(
            plan.name, since, until, started_at, self._clock(), "failed", 0, 0, reason, failure="storage"
        )
        try:
            record_crawls([outcome], self._data_dir)
            load_spool(self._data_dir)
        except Exception:
            logger.exception("%s: the broken run could not be recorded", plan.name)

    def _announce(self) -> bool:
        """Announce new awards. If the scheduler is stopping, the next start does it."""
        with self._announcing:
            return self._stopping.is_set() or self._announcer.announce(self._clock())

    @contextmanager
    def _reserved_hosts(self, plan: PortalPlan) -> Iterator[None]:
        """Wait until no other portal on the same hosts is crawled, and keep those hosts reserved within the block."""
        with ExitStack() as locks:
            for host in sorted(_hosts_of(plan)):
                locks.enter_context(self._hosts[host])
            yield

    @contextmanager
    def _as_only_scheduler(self) -> Iterator[None]:
        """Hold the scheduler's lock of the data folder. Raises AlreadyRunningError."""
        logger.setLevel(logging.INFO)
        DataFolder(self._data_dir).require_files()
        require_version(self._data_dir)
        lock = scheduler_lock(self._data_dir, _LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            process = scheduler_process(self._data_dir) or "unknown"
            raise AlreadyRunningError(
                f"process {process} runs the schedule on {self._data_dir} already: stop it first"
            ) from None
        try:
            self._write_note()
            self._announcer.start(self._clock().astimezone(SHANGHAI).date())
            yield
        except BaseException:
            self._next_runs = {}  # then the status asks for a person at once
            raise
        finally:
            self._write_note(ended=True)
            lock.release()

    def _note_next_runs(self) -> None:
        """Note the next run of each portal for ``tenders status``, and write the status for Prometheus."""
        now = self._clock()
        next_runs = {}
        blocks = backfill.last_blocks(self._data_dir)
        for plan in self.plans:
            pause_end = backfill.paused_until(blocks.get(plan.name), plan, now)
            next_runs[plan.name] = pause_end or next_time(plan.cron, now + timedelta(seconds=1))
        self._next_runs = next_runs
        self._write_note()
        with self._noting:
            try:
                write_metrics(DataFolder(self._data_dir), collect_status(self._data_dir, self._config.path, now))
            except Exception:
                logger.exception("the status for Prometheus could not be written")

    def _write_note(self, *, ended: bool = False) -> None:
        """Give a sign of life. A full disk is no reason to end: the next sign may be written again."""
        with self._noting:
            try:
                write_note(self._data_dir, self._clock(), self._cycle, self._next_runs, ended=ended)
            except OSError as error:
                logger.error("the note of the scheduler could not be written: %s", error)

    def _log(self, text: str) -> None:
        logger.info("%s %s", minute_text(self._clock()), text)


def _hosts_of(plan: PortalPlan) -> set[str]:
    return {urlsplit(plan.origin).netloc} if plan.origin else set(portals.load(plan.name).requested_hosts)
