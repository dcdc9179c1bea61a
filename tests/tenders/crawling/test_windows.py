"""The day rows of a crawl: one per channel and day."""

from __future__ import annotations

from datetime import date

from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.crawling.outcome import State, Window
from tenders.crawling.windows import CrawlWindows

FIRST, SECOND = date(2026, 7, 1), date(2026, 7, 2)
QUERY = ListQuery("c", FIRST, SECOND)
STORED = {"1"}


def list_row(notice_id: str, day: date | None = FIRST) -> ListRow:
    return ListRow(notice_id, f"http://x/{notice_id}", "某公告", day)


def day_rows(windows: CrawlWindows, ended: State = "complete") -> list[Window]:
    return list(windows.rows(STORED, set(), ended, FIRST, SECOND))


def test_a_day_is_complete_if_its_list_was_read_to_the_end_and_all_rows_are_stored() -> None:
    windows = CrawlWindows()
    windows.add_row(QUERY, list_row("1"))
    windows.add_row(QUERY, list_row("2", SECOND))
    windows.mark_complete(QUERY, FIRST, SECOND)
    states = [(window.day, window.listed, window.stored, window.state) for window in day_rows(windows)]
    assert states == [(FIRST, 1, 1, "complete"), (SECOND, 1, 0, "incomplete")]


def test_a_query_with_gaps_completes_no_day() -> None:
    windows = CrawlWindows()
    windows.add_row(QUERY, list_row("1"))
    windows.mark_complete(QUERY, FIRST, SECOND)
    windows.mark_gaps(QUERY)
    assert {window.state for window in day_rows(windows)} == {"incomplete"}
    assert {window.state for window in day_rows(windows, "blocked")} == {"blocked"}


def test_partial_queries_of_one_day_add_up() -> None:
    windows = CrawlWindows()
    for part, total in (("110000", 2), ("440000", 3)):
        windows.add_reported_total(ListQuery("c", FIRST, FIRST, part=part), total)
    windows.add_reported_total(QUERY, 9)  # the total of a two-day query says nothing about one day
    assert [window.said for window in day_rows(windows)] == [5, None]


def test_a_matching_total_is_recorded_for_each_day() -> None:
    windows = CrawlWindows()
    windows.add_row(QUERY, list_row("1"))
    windows.mark_totals_agree(QUERY)
    windows.mark_complete(QUERY, FIRST, SECOND)
    assert [window.said for window in day_rows(windows)] == [1, 0]


def test_resumed_queries_count_as_stored() -> None:
    windows = CrawlWindows()
    windows.add_resumed(QUERY, {FIRST.isoformat(): 4}, complete=True)
    first = day_rows(windows)[0]
    assert (first.listed, first.stored, first.state) == (4, 4, "complete")


def test_keyword_crawls_have_their_own_day_rows() -> None:
    windows = CrawlWindows("大模型")
    windows.add_row(ListQuery("c"), list_row("1"))
    assert {window.keywords for window in day_rows(windows)} == {"大模型"}


def test_a_row_without_a_day_belongs_to_no_window() -> None:
    windows = CrawlWindows()
    windows.add_row(QUERY, list_row("1", None))
    assert day_rows(windows) == []


def test_a_list_read_from_the_portals_first_day_is_reported_from_the_first_notice_on() -> None:
    windows = CrawlWindows()
    newest = ListQuery("c")
    windows.add_row(newest, list_row("1"))
    for name in ("c", "empty"):
        windows.mark_complete(ListQuery(name), date(2014, 1, 1), SECOND)
    found = windows.rows(STORED, set(), "complete", None, None)
    assert [(window.channel, window.day, window.listed, window.state) for window in found] == [
        ("c", FIRST, 1, "complete"),
        ("c", SECOND, 0, "complete"),
        ("empty", FIRST, 0, "complete"),
        ("empty", SECOND, 0, "complete"),
    ]
