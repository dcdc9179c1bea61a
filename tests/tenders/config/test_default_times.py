"""Times at which portals are crawled if the configuration says nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipelines.common.clock import SHANGHAI
from tenders import portals
from tenders.config import project
from tenders.config.cron import next_time
from tenders.config.default_times import default_cron_lines

MIDNIGHT = datetime(2026, 11, 23, tzinfo=SHANGHAI)


def times_of_a_day(line: str) -> list[datetime]:
    times: list[datetime] = []
    at = next_time(line, MIDNIGHT)
    while at < MIDNIGHT + timedelta(days=1):
        times.append(at)
        at = next_time(line, at + timedelta(minutes=1))
    return times


def test_a_portal_with_any_day_is_crawled_twice_a_day_and_one_with_few_notices_every_four_hours() -> None:
    lines = default_cron_lines([portals.load(name) for name in ("ccgp", "ggzy")])
    assert [len(times_of_a_day(lines[name])) for name in ("ccgp", "ggzy")] == [6, 2]
    [first, second] = times_of_a_day(lines["ggzy"])
    assert second - first == timedelta(hours=12)


def test_crawls_begin_spread_over_the_day() -> None:
    plans = project.from_data({}).portals
    starts = sorted(at for plan in plans for at in times_of_a_day(plan.cron))
    assert len(starts) > 2 * len(plans)
    busiest = max(sum(at <= other < at + timedelta(minutes=10) for other in starts) for at in starts)
    assert busiest <= 3


def test_a_line_for_all_portals_or_for_one_replaces_the_default() -> None:
    found = {
        plan.name: plan.cron
        for plan in project.from_data(
            {"schedule": {"cron": "5 6 * * *"}, "portals": {"ccgp": {"cron": "7 * * * *"}}}
        ).portals
    }
    assert (found.pop("ccgp"), set(found.values())) == ("7 * * * *", {"5 6 * * *"})
