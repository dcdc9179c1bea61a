"""What is due at a portal, from the recorded crawls and days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.common.clock import SHANGHAI
from pipelines.storage.version import OtherVersionError
from tenders import portals
from tenders.config.models import PortalPlan
from tenders.crawling.outcome import Failure, State, Window
from tenders.scheduling import backfill
from tenders.scheduling.backfill import History
from tests.helpers.data_folders import empty_data_folder
from tests.helpers.recorded_crawls import record_crawl

pytestmark = pytest.mark.slow

PLAN = PortalPlan(name="ccgp", cron="15 */4 * * *", window_days=14, overlap_days=3)
CHANNELS = portals.load("ccgp").channels
TODAY = date(2026, 11, 23)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def at(day: date, clock: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI)


def window(
    day: date, state: State = "complete", channel: str = CHANNELS[0], keywords: str = "", failed: int = 0
) -> Window:
    return Window(channel, day, None, 3 + failed, 3, failed, 0, state, keywords)


def everywhere(days: Iterable[date], state: State = "complete") -> tuple[Window, ...]:
    return tuple(window(day, state, channel) for day in days for channel in CHANNELS)


def history(data: Path, plan: PortalPlan = PLAN) -> History:
    return backfill.crawl_history(data, plan, TODAY)


def first(data: Path, plan: PortalPlan = PLAN) -> date:
    return backfill.first_day(history(data, plan), plan, TODAY)


def test_a_portal_that_was_never_crawled_is_asked_for_all_days_of_the_window(tmp_path: Path) -> None:
    assert history(tmp_path) == History(first_missing=ago(14))
    assert first(tmp_path) == ago(14)
    empty_data_folder(tmp_path)
    assert first(tmp_path) == ago(14)


def test_a_database_of_an_older_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    with duckdb.connect(str(tmp_path / "private" / "published.duckdb")) as con:
        con.execute("CREATE TABLE crawls (portal VARCHAR)")
    with pytest.raises(OtherVersionError, match="tenders rebuild"):
        first(tmp_path)


def test_after_three_days_of_downtime_the_first_day_that_was_not_seen_to_its_end_is_asked_for(tmp_path: Path) -> None:
    record_crawl(tmp_path, at(ago(5), "16:20"), everywhere(ago(n) for n in range(6, 20)))
    record_crawl(tmp_path, at(ago(4), "16:20"), everywhere(ago(n) for n in range(4, 8)))
    # Four days ago was complete as far as it went then: it ended later.
    assert history(tmp_path).first_missing == ago(4)
    assert first(tmp_path) == ago(4)


def test_if_nothing_is_missing_late_notices_are_looked_for(tmp_path: Path) -> None:
    record_crawl(tmp_path, at(TODAY, "08:20"), everywhere(ago(n) for n in range(1, 20)))
    assert history(tmp_path).first_missing is None
    assert first(tmp_path) == ago(3)
    assert first(tmp_path, PortalPlan(name="ccgp", overlap_days=0)) == TODAY


def test_one_channel_that_misses_a_day_is_enough(tmp_path: Path) -> None:
    record_crawl(tmp_path, at(TODAY, "08:20"), everywhere(ago(n) for n in range(1, 20)))
    record_crawl(
        tmp_path,
        at(TODAY, "09:20"),
        (window(ago(6), "incomplete", CHANNELS[3], failed=1),),
        state="incomplete",
        failure="partial",
    )
    assert first(tmp_path) == ago(6)
    # A channel of which nothing is known misses every day.
    other = tmp_path / "other"
    record_crawl(
        other,
        at(TODAY, "08:20"),
        tuple(w for w in everywhere(ago(n) for n in range(1, 20)) if w.channel != CHANNELS[7]),
    )
    assert first(other) == ago(14)


def test_days_before_the_window_are_left_alone(tmp_path: Path) -> None:
    record_crawl(tmp_path, at(TODAY, "08:20"), everywhere(ago(n) for n in range(1, 8)))
    assert first(tmp_path, PortalPlan(name="ccgp", window_days=7)) == ago(3)
    assert first(tmp_path, PortalPlan(name="ccgp", window_days=8)) == ago(8)


def test_days_that_the_portal_no_longer_shows_are_not_asked_for_again(tmp_path: Path) -> None:
    lost = everywhere((ago(n) for n in range(2, 15)), "incomplete")
    record_crawl(
        tmp_path, at(TODAY, "08:20"), (*lost, *everywhere([ago(1), TODAY])), state="incomplete", failure="reach"
    )
    assert (history(tmp_path).first_missing, history(tmp_path).last_exhausted) == (None, ago(2))
    assert first(tmp_path) == ago(1)


def test_a_day_whose_end_was_still_to_come_is_not_given_up(tmp_path: Path) -> None:
    record_crawl(tmp_path, at(ago(2), "16:20"), everywhere([ago(2)], "incomplete"), state="incomplete", failure="reach")
    record_crawl(tmp_path, at(TODAY, "08:20"), everywhere(ago(n) for n in (1, *range(3, 20))))
    assert (history(tmp_path).first_missing, history(tmp_path).last_exhausted) == (ago(2), None)


@pytest.mark.parametrize("failure", ["blocked", "interrupted", "limit", "timeout"])
def test_a_day_that_was_not_read_for_another_reason_is_asked_for_again(tmp_path: Path, failure: Failure) -> None:
    record_crawl(
        tmp_path,
        at(TODAY, "08:20"),
        everywhere((ago(n) for n in range(1, 20)), "incomplete"),
        state="incomplete",
        failure=failure,
    )
    assert first(tmp_path) == ago(14)


def test_days_crawled_by_keywords_are_counted_apart(tmp_path: Path) -> None:
    plan = PortalPlan(name="ccgp", keywords=("大模型",))
    record_crawl(tmp_path, at(ago(1), "08:20"), everywhere(ago(n) for n in range(1, 20)))
    assert first(tmp_path, plan) == ago(14)
    asked = tuple(window(ago(n), channel=c, keywords="大模型") for n in range(15) for c in CHANNELS)
    record_crawl(tmp_path, at(TODAY, "08:20"), asked)
    assert (history(tmp_path, plan).first_missing, first(tmp_path, plan)) == (None, ago(3))
    # Chosen among listed titles, two words are one question, and another one than each of them.
    assert first(tmp_path, PortalPlan(name="ccgp", keywords=("大模型", "智能体"))) == ago(14)
    record_crawl(tmp_path, at(TODAY, "09:20"), tuple(replace(w, keywords="大模型,智能体") for w in asked))
    assert first(tmp_path, PortalPlan(name="ccgp", keywords=("大模型", "智能体"))) == ago(3)


def test_a_portal_that_searches_is_asked_word_by_word(tmp_path: Path) -> None:
    plan = PortalPlan(name="cmcc", keywords=("大模型", "智能体"))
    days = [ago(n) for n in range(15)]
    asked = [
        window(d, channel=c, keywords=w) for d in days for c in portals.load("cmcc").channels for w in plan.keywords
    ]
    record_crawl(
        tmp_path,
        at(TODAY, "08:20"),
        tuple(w for w in asked if (w.keywords, w.day) != ("智能体", ago(5))),
        portal="cmcc",
    )
    assert first(tmp_path, plan) == ago(5)
    record_crawl(tmp_path, at(TODAY, "09:20"), tuple(w for w in asked if w.day == ago(5)), portal="cmcc")
    assert first(tmp_path, plan) == ago(3)


def test_after_a_block_the_portal_is_left_alone_until_a_time_of_its_plan_six_hours_later(tmp_path: Path) -> None:
    record_crawl(tmp_path, at(TODAY, "12:20"), state="blocked", failure="blocked")
    past = history(tmp_path).blocked_at
    assert backfill.last_blocks(tmp_path) == {"ccgp": past}
    until = at(TODAY, "20:15")  # 16:15 is too soon
    assert backfill.paused_until(past, PLAN, at(TODAY, "12:21")) == until
    assert backfill.paused_until(past, PLAN, at(TODAY, "20:14")) == until
    assert backfill.paused_until(past, PLAN, until) is None
    daily = PortalPlan(name="ccgp", cron="0 9 * * *")
    assert backfill.paused_until(past, daily, at(TODAY, "23:00")) == at(ago(-1), "09:00")


def test_a_crawl_that_only_failed_does_not_end_the_pause_and_one_that_was_answered_does(tmp_path: Path) -> None:
    record_crawl(tmp_path, at(TODAY, "12:20"), state="blocked", failure="blocked")
    record_crawl(tmp_path, at(TODAY, "12:40"), state="failed", failure="storage")
    assert backfill.paused_until(history(tmp_path).blocked_at, PLAN, at(TODAY, "13:00")) is not None
    record_crawl(tmp_path, at(TODAY, "12:50"))
    assert backfill.paused_until(history(tmp_path).blocked_at, PLAN, at(TODAY, "13:00")) is None
    assert backfill.last_blocks(tmp_path) == {}


def test_a_start_catches_up_what_is_missing_or_was_due_meanwhile() -> None:
    noon = at(TODAY, "12:16")
    assert backfill.is_overdue(History(first_missing=ago(14)), PLAN, noon)
    assert backfill.is_overdue(History(first_missing=ago(1), started_at=at(TODAY, "12:15")), PLAN, noon)
    assert backfill.is_overdue(History(started_at=at(TODAY, "08:15")), PLAN, noon)
    assert not backfill.is_overdue(History(started_at=at(TODAY, "12:15") + timedelta(milliseconds=5)), PLAN, noon)


def test_a_crawl_that_was_interrupted_does_not_count_as_a_run(tmp_path: Path) -> None:
    record_crawl(tmp_path, at(TODAY, "08:20"), everywhere(ago(n) for n in range(1, 20)))
    record_crawl(
        tmp_path, at(TODAY, "12:16"), everywhere([TODAY], "incomplete"), state="incomplete", failure="interrupted"
    )
    past = history(tmp_path)
    assert past.finished_at == at(TODAY, "08:20")
    assert backfill.is_overdue(past, PLAN, at(TODAY, "12:17"))
    assert not backfill.ran_just_now(past, PLAN, at(TODAY, "12:17"))


def test_what_was_crawled_just_now_is_not_crawled_again() -> None:
    now = at(TODAY, "12:15")
    assert backfill.ran_just_now(History(finished_at=now - timedelta(minutes=9)), PLAN, now)
    assert not backfill.ran_just_now(History(finished_at=now - timedelta(minutes=11)), PLAN, now)
    assert not backfill.ran_just_now(History(), PLAN, now)
    # The clock was set back: nothing is known about when that was.
    assert not backfill.ran_just_now(History(finished_at=now + timedelta(hours=5)), PLAN, now)
    # Of a plan that comes every minute, half of that.
    often = PortalPlan(name="ccgp", cron="* * * * *")
    assert backfill.ran_just_now(History(finished_at=now - timedelta(seconds=29)), often, now)
    assert not backfill.ran_just_now(History(finished_at=now - timedelta(seconds=31)), often, now)


def test_a_portal_that_names_its_own_lists_is_measured_by_those_that_it_named(tmp_path: Path) -> None:
    plan = replace_name(PLAN, "ccgp_hunan")
    days = [ago(n) for n in range(1, 20)]
    named = tuple(window(day, channel=channel) for day in days for channel in ("160-1", "160-2"))
    record_crawl(tmp_path, at(TODAY, "01:00"), named, portal="ccgp_hunan")
    assert history(tmp_path, plan).first_missing is None


def replace_name(plan: PortalPlan, name: str) -> PortalPlan:
    return plan.model_copy(update={"name": name})
