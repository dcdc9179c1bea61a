"""How the outcome of a crawl follows from its counts."""

from __future__ import annotations

import pytest

from tenders.crawling.stats import CrawlStats, Problem


def finished_crawl() -> CrawlStats:
    """Return a crawl that read two lists and stored every listed notice."""
    return CrawlStats(
        "ccgp", None, None, listed_ids={"1", "2"}, stored_ids={"1", "2"}, fresh=2, list_pages=2, finished=True
    )


def test_a_crawl_that_stored_all_listed_notices_is_complete() -> None:
    outcome = finished_crawl().outcome()
    assert (outcome.state, outcome.failure, outcome.reason) == ("complete", None, None)
    assert (outcome.listed, outcome.stored, outcome.fresh) == (2, 2, 2)


def test_a_crawl_without_an_end_counts_as_interrupted() -> None:
    stats = finished_crawl()
    stats.finished = False
    assert (stats.outcome().state, stats.outcome().failure) == ("incomplete", "interrupted")


@pytest.mark.parametrize(("list_pages", "state"), [(2, "incomplete"), (0, "failed")])
def test_the_failure_is_that_of_the_worst_problem(list_pages: int, state: str) -> None:
    stats = finished_crawl()
    stats.list_pages = list_pages
    for number in range(5):
        stats.add_problem("partial", f"page {number}")
    stats.add_problem("layout", "the list has no rows")
    outcome = stats.outcome()
    assert (outcome.state, outcome.failure) == (state, "layout")
    assert outcome.reason == "page 0; page 1; page 2; and 2 more; the list has no rows"


def test_a_block_outranks_every_other_problem() -> None:
    stats = finished_crawl()
    stats.add_problem("layout", "the list has no rows")
    stats.failed = Problem("storage", "the disk is full")
    stats.blocked = Problem("moved", "leads to another host")
    assert (stats.outcome().state, stats.outcome().failure) == ("blocked", "moved")


def test_the_counts_have_names_in_scrapys_stats() -> None:
    stats = finished_crawl()
    stats.resumed = 3
    stats.add_problem("partial", "page 1")
    assert stats.counters() == {
        "tenders/state": "incomplete",
        "tenders/listed": 5,
        "tenders/stored": 5,
        "tenders/fresh": 2,
        "tenders/quarantined": 0,
        "tenders/list_pages": 2,
        "tenders/problems/partial": 1,
    }
