"""Queries to a portal's lists, and how they are divided."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from tenders.crawling.list_pages import ListQuery, dated_queries


def test_dated_queries_cover_all_days_without_gap_or_overlap_newest_first() -> None:
    queries = list(dated_queries("c", date(2026, 7, 3), date(2026, 8, 20), 10))
    assert (queries[0].until, queries[-1].since) == (date(2026, 8, 20), date(2026, 7, 3))
    assert all(older.until < newer.since for newer, older in pairwise(queries))
    assert sum((query.until - query.since).days + 1 for query in queries if query.since and query.until) == 49
    next_day = list(dated_queries("c", date(2026, 7, 3), date(2026, 8, 21), 10))
    assert queries[1:] == next_day[-len(queries) + 1 :]


def test_the_halves_of_a_query_cover_the_same_days() -> None:
    newer, older = ListQuery("c", date(2026, 7, 1), date(2026, 7, 4), "词").halves()
    assert (older.since, older.until, newer.since, newer.until) == tuple(date(2026, 7, day) for day in (1, 2, 3, 4))
    assert newer.keyword == "词"
    assert ListQuery("c", date(2026, 7, 1), date(2026, 7, 1)).halves() == ListQuery("c").halves() == []


def test_the_name_of_a_query_contains_all_its_parameters() -> None:
    assert ListQuery("0202").name == "0202"
    days = ListQuery("0202", date(2026, 7, 1), date(2026, 7, 2), "大模型", "440000")
    assert days.name == "0202 2026-07-01…2026-07-02 大模型 (440000)"
