"""Scheduled crawls: each portal at the times of its plan, and at once what was missed while nothing ran.

The scheduler keeps no list of jobs: the plans stand in the configuration, and what to crawl is told from our own ledger
(``tenders.scheduling.backfill``). So however long it was down, the next start asks once for the days that are missing. One scheduler works on a
data folder; while it does, ``next_runs(data_dir)`` says when it will crawl what (for ``tenders status``).
"""

from __future__ import annotations

import json
import logging
import os
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
from apscheduler.schedulers.base import STATE_STOPPED
from apscheduler.schedulers.blocking import BlockingScheduler
from filelock import FileLock, Timeout

from pipelines.common.clock import SHANGHAI
from pipelines.storage import version
from tenders import portals
from tenders.archive import retention
from tenders.config.cron import trigger
from tenders.config.project import Config, PortalPlan
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.data_folder import DataFolder
from tenders.jobs import crawl_runner
from tenders.jobs.crawl import crawl_portals, record_crawls
from tenders.jobs.load import load_spool
from tenders.notify.notifier import Announcer
from tenders.scheduling import backfill
from tenders.scheduling.signals import on_signal

logger = logging.getLogger(__name__)

# A machine that slept runs what it missed; later than this the next time is near anyway.
_GRACE_SECONDS = 6 * 3600
_RETENTION_CRON = "40 3 * * *"
_LOCK_SECONDS = 2.0  # next_runs holds the lock for a moment
_ASK_AGAIN_SECONDS = 0.2

Clock = Callable[[], datetime]


class AlreadyRunningError(ValueError):
    """Another scheduler works on this data folder; the message names its process."""


class Schedule:
    """The plans of one configuration over one data folder. ``settings`` change those of ``tenders.settings``.

    Raises ConfigError where the configuration leaves nothing to crawl, or names an address that cannot be used.
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
            raise config.error("portals", "leaves no portal enabled: say enabled = true for one")
        self._config = config
        self._data_dir = data_dir
        self._clock = clock
        self._settings = {**config.crawler_settings(), **(settings or {})}
        self._announcer = Announcer(config, data_dir)
        self._announcing = threading.Lock()
        self._hosts = {host: threading.Lock() for plan in self.plans for host in _hosts(plan)}
        self._active: set[str] = set()
        self._stopping = threading.Event()

    def run(self) -> None:
        """Crawls until a signal comes; returns when the pages under way are read and all that was read is loaded.

        Raises AlreadyRunningError.
        """
        with self._alone():
            scheduler = self._scheduler()

            def stop() -> None:
                self.stop()
                while scheduler.state == STATE_STOPPED:  # the signal came before it had started
                    time.sleep(_ASK_AGAIN_SECONDS)
                scheduler.shutdown(wait=True)

            with on_signal(stop):
                self._note()
                scheduler.start()
            self._say("stopped")

    def run_once(self) -> bool:
        """Crawls what is due now and returns whether all of it is complete and told. Raises AlreadyRunningError."""
        with self._alone(), on_signal(self.stop), ThreadPoolExecutor(len(self.plans)) as pool:
            fine = list(pool.map(self.run_portal, self.plans))
            self.prune()
            return all(fine)

    def stop(self) -> None:
        """Lets no further crawl begin and ends those under way after their page. Returns when they have ended."""
        self._stopping.set()
        while self._active:
            crawl_runner.stop()  # again and again: one may only just be starting
            time.sleep(_ASK_AGAIN_SECONDS)

    def run_portal(self, plan: PortalPlan) -> bool:
        """One run: crawl what is due, load it, tell what is new. Returns whether all went well; its troubles end no other run."""
        self._active.add(plan.name)
        try:
            with self._turn(plan):
                fine = self._crawl(plan)
            return self._tell() and fine
        except Exception:
            logger.exception("%s: the run broke down", plan.name)
            return False
        finally:
            self._active.discard(plan.name)
            self._note()

    def prune(self) -> None:
        """Drops what the archive need not keep."""
        if not self._config.keep_lists_days or self._stopping.is_set():
            return
        try:
            freed = retention.prune(self._data_dir, self._config.keep_lists_days, self._clock())
        except Exception:
            logger.exception("old answers of lists could not be dropped")
            return
        if freed:
            self._say(f"old answers of lists dropped from the archive: {freed / 1e6:,.1f} MB")

    def _crawl(self, plan: PortalPlan) -> bool:
        if self._stopping.is_set():
            return False
        now = self._clock()
        today = now.astimezone(SHANGHAI).date()
        found = backfill.history(self._data_dir, plan, today)
        until = backfill.rests_until(found, plan, now)
        if until is not None:
            self._say(f"{plan.name}: blocked the last crawl, left alone until {_moment(until)}")
            return False
        if backfill.ran_just_now(found, plan, now):
            self._say(f"{plan.name}: crawled just now")
            return True
        since = backfill.first_day(found, plan, today)
        self._say(f"{plan.name}: crawling {since} to {today}")
        try:
            request = CrawlRequest(
                portal=plan.name, since=since, until=today, keywords=plan.keywords, origin=plan.origin
            )
            [outcome] = crawl_portals([request], data_dir=self._data_dir, settings=self._settings)
        except Exception as error:
            self._record_breakdown(plan, since, now, error)
            raise
        counts = f"{outcome.state}, {outcome.listed} listed, {outcome.stored} stored, {outcome.fresh} new"
        self._say(f"{plan.name}: {counts}{f': {outcome.reason}' if outcome.reason else ''}")
        return outcome.ok

    def _record_breakdown(self, plan: PortalPlan, since: date, started_at: datetime, error: Exception) -> None:
        """A run that broke down is a row of ``crawls`` like any other."""
        ended = self._clock()
        reason = f"{type(error).__name__}: {error}"
        until = started_at.astimezone(SHANGHAI).date()
        outcome = CrawlOutcome(plan.name, since, until, started_at, ended, "failed", 0, 0, reason, failure="storage")
        try:
            record_crawls([outcome], self._data_dir)
            load_spool(self._data_dir)
        except Exception:
            logger.exception("%s: the broken run could not be recorded", plan.name)

    def _tell(self) -> bool:
        """Announces what is new, unless everything is to end: then the next start does."""
        with self._announcing:
            return self._stopping.is_set() or self._announcer.tell(self._clock())

    def _scheduler(self) -> BlockingScheduler:
        scheduler = BlockingScheduler(
            timezone=SHANGHAI,
            executors={"default": JobPool(len(self.plans) + 1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _GRACE_SECONDS},
        )
        now = self._clock()
        for plan in self.plans:
            found = backfill.history(self._data_dir, plan, now.astimezone(SHANGHAI).date())
            at_once = {"next_run_time": now} if backfill.missed(found, plan, now) else {}
            scheduler.add_job(
                self.run_portal, trigger(plan.cron), [plan], id=plan.name, name=f"crawl of {plan.name}", **at_once
            )
        if self._config.keep_lists_days:
            scheduler.add_job(self.prune, trigger(_RETENTION_CRON), id="archive", name="pruning of the archive")
        return scheduler

    @contextmanager
    def _turn(self, plan: PortalPlan) -> Iterator[None]:
        """Portals on one host are crawled one after the other."""
        with ExitStack() as held:
            for host in sorted(_hosts(plan)):
                held.enter_context(self._hosts[host])
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        logger.setLevel(logging.INFO)
        version.require_at(DataFolder(self._data_dir).own)
        lock = _lock(self._data_dir, _LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            pid = _read(self._data_dir).get("pid", "unknown")
            raise AlreadyRunningError(
                f"process {pid} runs the schedule on {self._data_dir} already: stop it first"
            ) from None
        try:
            self._write({"pid": os.getpid(), "next": {}})
            self._announcer.begin(self._clock().astimezone(SHANGHAI).date())
            yield
        finally:
            _path(self._data_dir).unlink(missing_ok=True)
            lock.release()

    def _note(self) -> None:
        """Leaves word of the next runs for ``next_runs``."""
        now = self._clock()
        following = {}
        for plan in self.plans:
            found = backfill.history(self._data_dir, plan, now.astimezone(SHANGHAI).date())
            at = backfill.rests_until(found, plan, now) or backfill.next_time(plan, now + timedelta(seconds=1))
            following[plan.name] = at.isoformat()
        self._write({"pid": os.getpid(), "next": following})

    def _write(self, data: dict[str, Any]) -> None:
        path = _path(self._data_dir)
        draft = path.with_suffix(f".{threading.get_ident()}.new")
        draft.write_text(json.dumps(data), "utf-8")
        os.replace(draft, path)

    def _say(self, text: str) -> None:
        logger.info("%s %s", _moment(self._clock()), text)


def next_runs(data_dir: Path) -> list[tuple[str, datetime]]:
    """(portal, time in Asia/Shanghai) of the crawls to come, the next first; none where no scheduler runs."""
    data = _read(data_dir)
    if not data:
        return []
    try:
        with _lock(data_dir, 0):
            return []  # left by a scheduler that was killed
    except Timeout:
        pass
    return sorted(
        ((name, datetime.fromisoformat(at)) for name, at in data["next"].items()), key=lambda run: (run[1], run[0])
    )


def _hosts(plan: PortalPlan) -> set[str]:
    return {urlsplit(plan.origin).netloc} if plan.origin else set(portals.load(plan.name).hosts)


def _path(data_dir: Path) -> Path:
    return DataFolder(data_dir).private / "schedule.json"


def _lock(data_dir: Path, timeout_seconds: float) -> FileLock:
    path = _path(data_dir).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path, timeout=timeout_seconds)


def _read(data_dir: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(_path(data_dir).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
