"""Which months are covered by a definition, and that growth compares no others."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.figures.definition import Definition, load
from analysis.figures.summary import summary
from analysis.reports.summary_json import as_json
from pipelines.common.validation import InvalidDataError, validate
from tests.analysis.views.test_coverage import Ledger
from tests.analysis.views.test_like_for_like import award_on, complete_crawl
from tests.analysis.views.test_views import add_award
from tests.helpers.market import Market, lot

pytestmark = pytest.mark.slow


def keyword_states(ledger: Ledger) -> dict[str, str]:
    rows = ledger.publish().rows("SELECT day, state FROM covered_days_of('keyword') ORDER BY day")
    return {f"{row['day']:%d}": row["state"] for row in rows}


def test_a_day_is_covered_by_search_if_every_word_was_searched_or_every_notice_read() -> None:
    ledger = Ledger()
    ledger.crawl("2025-07-09 10:00", "01-03", keywords="大模型")
    ledger.crawl("2025-07-09 11:00", "04", keywords="算力")
    ledger.crawl("2025-07-09 12:00", "05", "A", keywords="算力,大模型")
    ledger.crawl("2025-07-09 13:00", "05", "B")
    ledger.crawl("2025-07-09 14:00", "06", "A", keywords="大模型", state="blocked")
    assert keyword_states(ledger) == {
        "01": "complete", "02": "complete", "03": "complete", "04": "incomplete", "05": "complete", "06": "blocked",
    }  # fmt: skip
    assert ledger.rows("SELECT * FROM covered_days_of('market')") == ledger.rows("SELECT * FROM covered_days")


def test_two_words_need_two_searches() -> None:
    ledger = Ledger()
    two = "SELECT state FROM covered_days_as_of(TIMESTAMPTZ 'infinity', search_words := ['大模型', '智能体'])"
    ledger.crawl("2025-07-09 10:00", "01", "A", keywords="大模型")
    assert ledger.publish().rows(two) == [{"state": "incomplete"}]
    ledger.crawl("2025-07-09 11:00", "01", "A", keywords="智能体")
    assert ledger.publish().rows(two) == [{"state": "complete"}]


def test_a_later_partial_search_does_not_undo_a_complete_one() -> None:
    ledger = Ledger()
    ledger.crawl("2025-07-09 10:00", "01", keywords="大模型")
    ledger.crawl("2025-07-09 12:00", "01", keywords="大模型", state="incomplete", listed=1, stored=1)
    assert keyword_states(ledger) == {"01": "complete"}
    assert ledger.states() == {"01": "keyword"}
    ledger.crawl("2025-07-09 14:00", "01", keywords="大模型", state="incomplete", listed=9, stored=8)
    assert keyword_states(ledger) == {"01": "incomplete"}


def test_a_search_before_the_end_of_the_day_does_not_settle_it() -> None:
    ledger = Ledger()
    ledger.crawl("2025-07-09 10:00", "08-09", keywords="大模型")
    assert keyword_states(ledger) == {"08": "complete", "09": "unsettled"}


@pytest.mark.long
def test_a_definition_of_two_portals_asks_no_other() -> None:
    ledger = Ledger()
    ledger.crawl("2025-08-01 10:00", "01-31", keywords="大模型", portal="ccgp")
    ledger.crawl("2025-08-01 11:00", "01", keywords="大模型", portal="cmcc")
    ledger.publish()
    assert summary(ledger.con, "2025-07", "keyword_national").coverage.state == "complete"
    found = summary(ledger.con, "2025-07", "keyword").coverage
    assert (found.state, [portal.portal for portal in found.portals]) == ("partial", ["ccgp", "cmcc"])
    assert summary(ledger.con, "2025-07").coverage.state == "partial"


@pytest.fixture
def market() -> Market:
    """A crawled portal with awards in two Julys and a June, and a table with one award in the first July."""
    made = Market()
    award_on(made, 1, "2024-07-10", "100.00", "ccgp")
    award_on(made, 2, "2024-07-11", "100.00", "table")
    award_on(made, 3, "2025-06-10", "100.00", "ccgp")
    for number in (4, 5, 6):
        award_on(made, number, "2025-07-10", "100.00", "ccgp")
    return made


def growth(market: Market) -> tuple[Any, ...]:
    """Return the coverage of July 2025 with its growth, after checking that views and summary say the same."""
    market.publish()
    found = as_json(summary(market.con, "2025-07"))
    names = ("awards_yoy_pct", "awards_mom_pct")
    for view in ("monthly", "monthly_of('market')", "monthly_as_of(TIMESTAMPTZ 'infinity')"):
        month = market.rows(f"SELECT * FROM {view} WHERE month = DATE '2025-07-01'")[0]
        assert [month[name] for name in names] == [found[name] for name in names], view
    alike = market.rows("SELECT awards_pct FROM like_for_like WHERE month = DATE '2025-07-01' ORDER BY compared DESC")
    assert [one["awards_pct"] for one in alike] == [found[name] for name in names]
    return (found["coverage"]["state"], *(found[name] for name in names))


def test_growth_of_files_compares_the_months_that_hold_awards(market: Market) -> None:
    assert growth(market) == ("unknown", 50.0, 200.0)


@pytest.mark.long
def test_growth_is_null_unless_both_months_are_covered(market: Market) -> None:
    complete_crawl(market, "ccgp", "2025-06-01", "2025-07-30")
    assert growth(market) == ("partial", None, None)
    complete_crawl(market, "ccgp", "2025-07-31", "2025-07-31")
    assert growth(market) == ("complete", 50.0, 200.0), "the year before is known from a table only"
    complete_crawl(market, "ccgp", "2024-07-01", "2024-07-30")
    assert growth(market) == ("complete", None, 200.0), "its last day is missing"
    complete_crawl(market, "ccgp", "2024-07-31", "2024-07-31")
    assert growth(market) == ("complete", 50.0, 200.0)
    complete_crawl(market, "ggzy", "2025-07-01", "2025-07-31")
    assert growth(market) == ("complete", None, None), "another portal was not read before"


def test_a_month_with_stray_notices_of_a_crawled_portal_is_no_base() -> None:
    made = Market()
    award_on(made, 1, "2024-07-10", "100.00", "ccgp")
    award_on(made, 2, "2025-06-10", "100.00", "ccgp")
    award_on(made, 3, "2025-07-10", "100.00", "ccgp")
    complete_crawl(made, "ccgp", "2025-07-01", "2025-07-31")
    assert growth(made) == ("complete", None, None)


@pytest.mark.long
def test_coverage_names_the_portals_that_were_never_crawled(market: Market) -> None:
    complete_crawl(market, "ccgp", "2024-07-01", "2024-07-31")
    market.publish()
    market.con.execute(
        "INSERT INTO portals VALUES ('cmcc', '', 'cmcc', true), ('ccgp', '', 'ccgp', true), ('saved', '', 'x', false)"
    )
    found = as_json(summary(market.con, "2024-07"))["coverage"]
    assert (found["state"], found["never_crawled"]) == ("complete", ["cmcc", "table"])
    national = summary(market.con, "2024-07", "keyword_national").coverage
    assert national.never_crawled == ()


def test_growth_of_longer_periods_needs_every_month() -> None:
    made = Market()
    number = 0
    for year in (2024, 2025):
        for month in (1, 2, 3):
            number += 1
            add_award(made, f"{year}-{month:02}-10", "100.00", number)
    add_award(made, "2025-02-11", "100.00", 99)
    first = "SELECT awards_yoy_pct FROM {} WHERE {}"
    quarter = first.format("quarterly", "period = '2025-Q1'")
    to_date = first.format("year_to_date", "month = DATE '2025-03-01'")
    made.publish()
    assert [made.rows(sql)[0]["awards_yoy_pct"] for sql in (quarter, to_date)] == [33.3, 33.3]
    complete_crawl(made, "ccgp", "2024-01-01", "2024-03-31")
    complete_crawl(made, "ccgp", "2025-01-01", "2025-02-28")
    made.publish()
    assert [made.rows(sql)[0]["awards_yoy_pct"] for sql in (quarter, to_date)] == [None, None]
    assert made.rows(to_date.replace("03-01", "02-01"))[0]["awards_yoy_pct"] == 50.0


def test_a_covered_base_without_awards_counts_in_a_longer_period() -> None:
    made = Market()
    add_award(made, "2024-01-10", "100.00", 1)
    add_award(made, "2025-01-10", "100.00", 2)
    add_award(made, "2025-02-10", "100.00", 3)
    complete_crawl(made, "ccgp", "2024-01-01", "2025-02-28")
    found = made.publish().rows("SELECT awards_yoy_pct FROM year_to_date WHERE month = DATE '2025-02-01'")
    assert found == [{"awards_yoy_pct": 100.0}]


def test_monthly_of_a_definition_counts_and_covers_by_it() -> None:
    ledger = Ledger()
    for number, on in ((1, "2025-06-10"), (2, "2025-07-10"), (3, "2025-07-11")):
        add_award(ledger, on, "1.00", number)
    ledger.notice("ccgp:9", "award", "2025-07-12", lot("1.00", "甲"), name="智能体", number="Z-9", buyer="某局")
    ledger.crawl("2025-08-01 10:00", "01-31", keywords="大模型", portal="ccgp")
    complete_crawl(ledger, "ccgp", "2025-06-01", "2025-06-30")
    july = "SELECT awards, awards_mom_pct FROM {} WHERE month = DATE '2025-07-01'"
    ledger.publish()
    assert ledger.rows(july.format("monthly")) == [{"awards": 3, "awards_mom_pct": None}]
    assert ledger.rows(july.format("monthly_of('keyword')"))[0]["awards"] == 2
    assert ledger.rows("SELECT state FROM covered_months_of('keyword') WHERE month = DATE '2025-07-01'") == [
        {"state": "complete"}
    ]


def test_a_definition_covered_by_search_needs_words() -> None:
    data = load("wide").model_dump() | {"coverage": "search"}
    with pytest.raises(InvalidDataError, match="needs words in"):
        validate(Definition, data, "own.toml")
