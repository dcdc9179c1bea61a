"""Which days of a portal are completely known, computed from the crawls' channel and day rows, also in the summary."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from analysis.figures.coverage import PortalCoverage
from analysis.figures.summary import summary
from tests.helpers.market import Market, lot

pytestmark = pytest.mark.slow

PORTAL = "yichang"


class Ledger(Market):
    """A market whose crawls are described in one line each."""

    def crawl(self, at: str, days: str, channels: str = "A B", state: str = "complete", portal: str = PORTAL,
              windows: bool = True, keywords: str = "", crawl_state: str | None = None, **more: Any) -> None:  # fmt: skip
        """Record a crawl that ended `at` (`2025-07-09 10:00`) and covered `days` (`03-05` of July) of each channel."""
        crawl_id = f"{portal}:{at}"
        first, last = (f"2025-07-{day}" for day in (days.split("-") if "-" in days else (days, days)))
        self.insert("crawls", [{"crawl_id": crawl_id, "portal": portal, "since": first, "until": last, "started_at": f"{at}+08",
                                "finished_at": f"{at}+08", "state": crawl_state or state, "listed": 1, "stored": 1}])  # fmt: skip
        for number in range(int(first[-2:]), int(last[-2:]) + 1) if windows else ():
            for channel in channels.split():
                row = {"crawl_id": crawl_id, "channel": channel, "keywords": keywords, "day": f"2025-07-{number:02d}",
                       "said": None, "listed": 5, "stored": 5, "failed": 0, "quarantined": 0, "state": state}  # fmt: skip
                self.insert("crawl_windows", [row | more])

    def states(self, portal: str = PORTAL) -> dict[str, str]:
        """Return the state by day of July (two digits)."""
        rows = self.publish().rows("SELECT day, state FROM covered_days WHERE portal = ? ORDER BY day", portal)
        return {f"{row['day']:%d}": row["state"] for row in rows}

    def portal(self, as_of: str | None = None, name: str = PORTAL) -> dict[str, Any]:
        portals = summary(self.publish().con, "2025-07", as_of=as_of).coverage.portals
        return asdict(next(portal for portal in portals if portal.portal == name))


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def test_a_day_is_covered_if_every_known_channel_is_complete_after_its_end(ledger: Ledger) -> None:
    ledger.crawl("2025-07-09 10:00", "01-09")
    ledger.crawl("2025-07-10 10:00", "03", "B", "incomplete", listed=7, stored=5)
    states = ledger.states()
    assert states.pop("03") == "incomplete"
    assert states.pop("09") == "unsettled", "the day was not over when it was looked at"
    assert set(states.values()) == {"complete"}
    assert ledger.portal()["days_complete"] == 7
    missing = ledger.rows("SELECT channels FROM covered_days WHERE state = 'incomplete'")
    assert missing == [{"channels": ["B"]}]


def test_a_later_partial_crawl_does_not_undo_a_complete_day(ledger: Ledger) -> None:
    ledger.crawl("2025-07-09 10:00", "01-05")
    ledger.crawl("2025-07-09 14:00", "05", state="incomplete", listed=2, stored=2)
    assert ledger.states()["05"] == "complete"
    ledger.crawl("2025-07-09 18:00", "05", "A", "incomplete", listed=2, stored=1, failed=1)
    assert ledger.states()["05"] == "incomplete"


def test_a_day_between_two_crawl_windows_was_never_crawled(ledger: Ledger) -> None:
    ledger.crawl("2025-07-09 10:00", "01-03")
    ledger.crawl("2025-07-09 11:00", "06")
    assert [day for day, state in ledger.states().items() if state == "complete"] == ["01", "02", "03", "06"]
    assert [day for day, state in ledger.states().items() if state == "never"] == ["04", "05"]


def test_a_channel_added_later_is_missing_before(ledger: Ledger) -> None:
    ledger.crawl("2025-07-04 10:00", "01-02", "A")
    ledger.crawl("2025-07-09 10:00", "03-04", "A B")
    assert ledger.states() == {"01": "incomplete", "02": "incomplete", "03": "complete", "04": "complete"}


def test_a_channel_dropped_by_a_complete_crawl_is_not_missing(ledger: Ledger) -> None:
    ledger.crawl("2025-07-04 10:00", "01-02", "A B")
    ledger.crawl("2025-07-09 10:00", "03-04", "A", "blocked")
    assert ledger.states()["04"] == "blocked"
    ledger.crawl("2025-07-09 11:00", "03-04", "A")
    assert set(ledger.states().values()) == {"complete"}


def test_old_crawls_without_day_rows_count_by_their_window(ledger: Ledger) -> None:
    ledger.crawl("2025-07-05 10:00", "01-04", windows=False)
    ledger.crawl("2025-07-06 10:00", "05", windows=False, state="blocked")
    assert ledger.states() == {"01": "complete", "02": "complete", "03": "complete", "04": "complete", "05": "blocked"}
    ledger.crawl("2025-07-07 10:00", "04-06", state="incomplete", listed=3, stored=2)
    states = ledger.states()
    assert (states["03"], states["04"], states["06"]) == ("complete", "incomplete", "incomplete"), (
        "what is known since counts"
    )


@pytest.mark.long
def test_keyword_crawls_do_not_make_days_complete(ledger: Ledger) -> None:
    ledger.crawl("2025-07-09 10:00", "01-05", keywords="大模型")
    assert set(ledger.states().values()) == {"keyword"}
    assert ledger.portal()["state"] == "keyword"
    assert ledger.portal()["days_complete"] == 0
    ledger.crawl("2025-07-09 11:00", "02")
    assert ledger.states() == {"02": "complete"}


@pytest.mark.long
def test_the_state_of_a_month_follows_its_days(ledger: Ledger) -> None:
    ledger.crawl("2025-08-01 10:00", "01-31")
    assert ledger.portal() == {
        "portal": PORTAL,
        "state": "complete",
        "days_complete": 31,
        "days_missing": 0,
        "notices": 0,
    }
    for portal, state in (("ccgp", "blocked"), ("cmcc", "failed")):
        ledger.crawl("2025-08-01 11:00", "01-31", state=state, portal=portal, listed=0, stored=0)
        assert ledger.portal(name=portal)["state"] == state
    found = summary(ledger.con, "2025-07").coverage
    assert (found.portals_complete, found.words_en) == (1, "1 of 3 portals complete; 31 days of ccgp missing; "
                                                              "31 days of cmcc missing")  # fmt: skip


@pytest.mark.long
def test_an_earlier_vintage_uses_only_the_crawls_of_its_time(ledger: Ledger) -> None:
    ledger.crawl("2025-07-05 10:00", "01-04")
    ledger.crawl("2025-07-20 10:00", "02", state="incomplete", listed=9, stored=1)
    ledger.crawl("2025-08-01 10:00", "01-31")
    assert ledger.portal("2025-07-05")["days_complete"] == 4
    assert ledger.portal("2025-07-20")["days_complete"] == 3
    assert ledger.portal("2025-08-01")["days_complete"] == 31


@pytest.mark.long
def test_days_with_an_alarm_are_not_complete_and_the_summary_gives_the_reason(ledger: Ledger) -> None:
    ledger.notice(f"{PORTAL}:1", "award", "2025-07-03", lot("1.00", "甲公司"))
    ledger.crawl("2025-08-01 10:00", "01-31")
    ledger.publish()
    ledger.con.execute(
        "INSERT INTO crawl_alarms VALUES ('c', ?, '2025-08-01 10:00+08', 'field', 'supplier', "
        "[DATE '2025-07-03', DATE '2025-07-04', DATE '2025-08-01'], 'the words', false)",
        [PORTAL],
    )
    found = summary(ledger.con, "2025-07").coverage
    portal = PortalCoverage(PORTAL, "partial", days_complete=29, days_missing=2, notices=1)
    assert (found.portals, found.portals_complete, found.alarms) == ((portal,), 0, ("the words",))
    assert found.words_en.endswith(f"2 days of {PORTAL} may be misread")
    assert "2 天可能读取有误" in found.words_zh
    before = summary(ledger.con, "2025-07", as_of="2025-07-31").coverage
    assert before.alarms == ()
