"""Growth over the portals that were complete in both months, next to plain growth, also in the summary."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from analysis.figures.summary import summary
from analysis.reports.summary_json import as_json
from analysis.reports.text_summary import render
from tests.helpers.market import Market, lot, yuan

pytestmark = pytest.mark.slow


def complete_crawl(market: Market, portal: str, since: str, until: str, looked: str = "2025-09-01") -> None:
    row = {"crawl_id": f"{portal} {since}", "portal": portal, "since": since, "until": until, "state": "complete"}
    market.insert("crawls", [row | {"started_at": f"{looked} 08:00+08", "finished_at": f"{looked} 09:00+08"}])


def award_on(market: Market, number: int, on: str, amount: str | None, *portals: str) -> None:
    """Add one award with a result on each of the portals."""
    for portal in portals:
        market.notice(f"{portal}:{number}", "award", on, lot(amount, "甲公司"), number=f"ZB-2025-{number:04}",
                      name=f"大模型项目{number}", buyer=f"采购人{number}")  # fmt: skip


@pytest.fixture
def market() -> Market:
    """ccgp is complete in July 2024, ccgp and ggzy in July 2025, and no portal in June 2025."""
    made = Market()
    complete_crawl(made, "ccgp", "2024-07-01", "2024-07-31")
    complete_crawl(made, "ccgp", "2025-06-02", "2025-07-31")
    complete_crawl(made, "ggzy", "2025-07-01", "2025-07-31")
    award_on(made, 1, "2024-07-10", "100.00", "ccgp")
    award_on(made, 2, "2024-07-11", "900.00", "imported")
    award_on(made, 3, "2025-06-10", "50.00", "ccgp")
    award_on(made, 4, "2025-07-10", "150.00", "ccgp")
    award_on(made, 5, "2025-07-11", None, "ccgp", "ggzy")
    award_on(made, 6, "2025-07-12", "7000.00", "ggzy")
    return made.publish()


def row(market: Market, compared: str) -> dict[str, Any]:
    return market.rows("SELECT * FROM like_for_like WHERE month = DATE '2025-07-01' AND compared = ?", compared)[0]


def test_like_for_like_growth_uses_the_portals_complete_in_both_months(market: Market) -> None:
    found = row(market, "yoy")
    assert found["portals"] == ["ccgp"]
    assert (found["like_awards"], found["like_base_awards"], found["like_awards_pct"]) == (2, 1, 100.0)
    assert (found["like_amount_yuan"], found["like_base_amount_yuan"]) == (yuan("150"), yuan("100"))
    assert found["like_amount_pct"] == 50.0


def test_plain_growth_is_that_of_monthly(market: Market) -> None:
    assert row(market, "yoy")["awards_pct"] is None, "ggzy was not complete a year before"
    complete_crawl(market, "ggzy", "2024-07-01", "2024-07-31")
    market.publish()
    found, month = row(market, "yoy"), market.rows("SELECT * FROM monthly WHERE month = DATE '2025-07-01'")[0]
    assert (found["awards"], found["base_awards"]) == (month["awards"], 2) == (3, 2)
    assert (
        (found["awards_pct"], found["amount_pct"])
        == (month["awards_yoy_pct"], month["amount_yoy_pct"])
        == (50.0, 615.0)
    )
    mom = row(market, "mom")
    assert (mom["awards_pct"], mom["amount_pct"]) == (month["awards_mom_pct"], month["amount_mom_pct"])


def test_like_for_like_growth_is_null_without_a_portal_complete_in_both_months(market: Market) -> None:
    found = row(market, "mom")
    assert [found[c] for c in found if c.startswith("like_") or c == "portals"] == [None] * 7


def test_an_award_on_several_portals_is_compared_once_with_its_date_and_price(market: Market) -> None:
    complete_crawl(market, "ggzy", "2024-07-01", "2024-07-31")
    market.publish()
    found = row(market, "yoy")
    assert found["portals"] == ["ccgp", "ggzy"]
    assert (found["like_awards"], found["like_amount_yuan"]) == (3, yuan("7150"))


def test_a_base_without_awards_gives_counts_but_no_growth() -> None:
    market = Market()
    complete_crawl(market, "ggzy", "2024-07-01", "2024-07-31")
    complete_crawl(market, "ggzy", "2025-07-01", "2025-07-31")
    award_on(market, 1, "2025-07-10", "100.00", "ggzy")
    found = row(market.publish(), "yoy")
    assert (found["like_awards"], found["like_base_awards"], found["like_awards_pct"]) == (1, 0, None)


def test_a_missing_day_excludes_the_portal() -> None:
    market = Market()
    complete_crawl(market, "ggzy", "2024-07-01", "2024-07-30")
    complete_crawl(market, "ggzy", "2025-07-01", "2025-07-31")
    award_on(market, 1, "2024-07-10", "100.00", "ggzy")
    award_on(market, 2, "2025-07-10", "100.00", "ggzy")
    assert row(market.publish(), "yoy")["portals"] is None


@pytest.mark.long
def test_the_summary_gives_both_growths_as_of_its_vintage(market: Market) -> None:
    now = as_json(summary(market.con, "2025-07"))["like_for_like"]
    assert now["yoy"] == {
        "base_month": "2024-07", "base_period": "2024-07", "portals": ["ccgp"], "awards": 2, "base_awards": 1, "awards_pct": 100.0,
        "amount_yuan": "150.00", "base_amount_yuan": "100.00", "amount_pct": 50.0,
    }  # fmt: skip
    assert now["mom"]["portals"] is now["mom"]["awards_pct"] is None
    then = summary(market.con, "2025-07", as_of="2025-08-31")
    assert then.yoy.like_for_like.portals is None, "the crawls ended later"
    nothing = as_json(summary(market.con, "2025-01"))["like_for_like"]
    assert [(part["base_month"], part["awards_pct"]) for part in nothing.values()] == [
        ("2024-01", None),
        ("2024-12", None),
        ("2024-12", None),
    ]


@pytest.mark.long
@pytest.mark.parametrize("form", ["table", "md"])
def test_the_written_summary_shows_both_growths_and_names_the_portals(market: Market, form: str) -> None:
    text = render(summary(market.con, "2025-07"), form)
    line = next(line for line in text.splitlines() if "同比" in line and "ccgp" in line)
    assert "+100.0%" in line
    assert "+50.0%" in line
    assert "没有平台在两期都完整" in render(summary(market.con, "2024-07"), form)


@pytest.mark.long
def test_the_summary_shows_how_the_month_changed_since_its_first_report() -> None:
    market = Market()
    award_on(market, 1, "2025-07-10", "100.00", "ccgp")
    for number, seen, amount in ((2, "2025-08-05 23:00", "40.00"), (3, "2025-10-01", "20.00")):
        about = {"number": f"B-2025-0{number}", "buyer": "某局"}
        market.notice(f"ggzy:{number}", "award", "2025-07-11", lot(amount, "乙公司"), seen=seen, **about)
    market.notice(
        "ccgp:9", "failed", "2025-09-10", cancels=True, number="ZB-2025-0001", name="大模型项目1", buyer="采购人1"
    )
    market.publish()
    found = as_json(summary(market.con, "2025-07"))["revisions"]
    assert {k: found[k] for k in ("since", "awards", "disclosed", "amount_yuan")} == {
        "since": "2025-08-05", "awards": 2, "disclosed": 2, "amount_yuan": "140.00",
    }  # fmt: skip
    assert [tuple(cause.values()) for cause in found["causes"]] == [
        ("late notice", 1, 1, 1, "20.00"), ("void", 1, -1, -1, "-100.00"),
    ]  # fmt: skip
    earlier = summary(market.con, "2025-07", as_of="2025-09-30").revisions
    assert earlier is not None
    assert [change.cause for change in earlier.causes] == ["void"]
    assert summary(market.con, "2025-07", as_of="2025-08-04").revisions is None, "it was not looked at yet"
    by_keyword = summary(market.con, "2025-07", "keyword").revisions
    assert by_keyword is not None
    assert by_keyword.awards == 1, "by the rules of its own definition"
    text = render(summary(market.con, "2025-07"))
    assert "作废" in text
    assert "-100.00" in text


def test_a_month_first_seen_late_has_no_earlier_revisions() -> None:
    market = Market()
    market.notice(
        "ccgp:1", "award", "2025-07-10", lot("100.00", "甲公司"), seen="2026-03-01", number="B-2025-03", buyer="某局"
    )
    revised = summary(market.publish().con, "2025-07").revisions
    assert revised is not None
    assert (revised.since, revised.awards, revised.causes) == (date(2026, 3, 1), 1, ())
