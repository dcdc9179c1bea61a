"""The state that a crawl saves for the next one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tenders.crawling.list_pages import ListRow
from tenders.crawling.state import CrawlState

NOW = datetime(2026, 8, 20, tzinfo=UTC)
ROWS = [ListRow(str(number), f"http://x/{number}", f"第{number}号", date(2026, 8, number), f"2026-08-0{number}") for number in (3, 2, 1)]  # fmt: skip


def covered_state(path: Path, since: date | None = None) -> CrawlState:
    """Return the state after a crawl that stored all rows of one channel."""
    state = CrawlState(path)
    state.note_stored("c", ROWS)
    state.note_covered("c", ROWS, since=since, cut_off_at=None, reached_covered=False)
    return state


def test_the_saved_state_is_read_back_unchanged(tmp_path: Path) -> None:
    state = covered_state(tmp_path / "ccgp.json", since=date(2026, 8, 1))
    state.suspect_ids.add("9")
    state.start_crawl(["2026-08-01", None, ""], NOW)
    state.note_answered("c 2026-08-01…2026-08-02", {"2026-08-01": 2})
    state.save()
    again = CrawlState(tmp_path / "ccgp.json")
    assert (again.channels, again.suspect_ids, again.unfinished) == (
        state.channels,
        state.suspect_ids,
        state.unfinished,
    )
    assert [path.name for path in tmp_path.iterdir()] == ["ccgp.json"]


def test_a_state_file_of_an_earlier_release_is_read(tmp_path: Path) -> None:
    channel = {
        "faces": {"1": "2026-08-01 第1号"},
        "covered": ["1"],
        "walked": True,
        "since": None,
        "short_of": "2026-08-01",
    }
    file = tmp_path / "ccgp.json"
    file.write_text(json.dumps({"channels": {"c": channel}, "suspects": ["9"], "unfinished": None}), "utf-8")
    state = CrawlState(file)
    assert state.channel("c").covers(ROWS[2])
    assert state.channel("c").cut_off_at == "2026-08-01"
    assert state.suspect_ids == {"9"}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        '{"channels": [], "suspects": []}',
        '{"channels": {"c": {"faces": 5}}, "suspects": []}',
        '{"channels": {}, "suspects": [], "unfinished": {"task": [], "began": "2026-08-01", "done": {}}}',
    ],
)
def test_a_damaged_state_file_is_as_none(content: str, tmp_path: Path) -> None:
    file = tmp_path / "ccgp.json"
    file.write_text(content, "utf-8")
    state = CrawlState(file)
    assert (state.channels, state.suspect_ids, state.unfinished) == ({}, set(), None)


def test_a_row_is_covered_until_the_list_shows_it_differently(tmp_path: Path) -> None:
    channel = covered_state(tmp_path / "ccgp.json").channel("c")
    changed = ListRow("2", "http://x/2", "第2号（更正）", date(2026, 8, 2), "2026-08-02")
    assert channel.covers(ROWS[1])
    assert not channel.covers(changed)


def test_a_channel_reaches_back_as_far_as_the_crawl_that_covered_it(tmp_path: Path) -> None:
    shallow = covered_state(tmp_path / "a.json", since=date(2026, 8, 1)).channel("c")
    complete = covered_state(tmp_path / "b.json").channel("c")
    assert (shallow.reaches(date(2026, 8, 1)), shallow.reaches(date(2026, 7, 31)), shallow.reaches(None)) == (True, False, False)  # fmt: skip
    assert complete.reaches(None)
    assert not CrawlState(tmp_path / "c.json").channel("c").reaches(None)


def test_answered_queries_are_skipped_only_by_the_same_task_within_two_weeks(tmp_path: Path) -> None:
    task: list[str | None] = ["2026-08-01", "2026-08-31", ""]

    def stopped() -> CrawlState:
        state = CrawlState(tmp_path / "ccgp.json")
        state.start_crawl(task, NOW)
        state.note_answered("query", {"2026-08-01": 2})
        return state

    assert stopped().start_crawl(task, NOW + timedelta(days=13)) == {"query": {"2026-08-01": 2}}
    assert stopped().start_crawl(task, NOW + timedelta(days=15)) == {}
    assert stopped().start_crawl(["2026-08-02", "2026-08-31", ""], NOW) == {}
    ended = stopped()
    ended.end_crawl()
    assert ended.start_crawl(task, NOW) == {}
