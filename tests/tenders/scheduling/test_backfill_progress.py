"""How far a backfill is: its figures, the time that is left, and the bar on a terminal."""

from __future__ import annotations

import io
import sys
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tenders import console
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.crawling.stats import CrawlStats
from tenders.scheduling.backfill_progress import BackfillProgress
from tenders.texts.translator import chinese

AT = datetime(2026, 7, 1, tzinfo=UTC)


def asked(portal: str, first: str, last: str) -> CrawlRequest:
    return CrawlRequest(portal=portal, since=date.fromisoformat(first), until=date.fromisoformat(last))


def ended(request: CrawlRequest, requests: int, fresh: int, **how: Any) -> CrawlOutcome:
    how = {"state": "complete", **how}
    return CrawlOutcome(
        request.portal, request.since, request.until, AT, AT, listed=fresh, stored=fresh, fresh=fresh, requests=requests, **how
    )  # fmt: skip


JUNE = [asked("ggzy", "2026-06-01", "2026-06-30"), asked("gdgpo", "2026-06-01", "2026-06-30")]
MAY = [asked("ggzy", "2026-05-01", "2026-05-31"), asked("gdgpo", "2026-05-01", "2026-05-31")]
PLAN = {JUNE[0]: 80, JUNE[1]: 20, MAY[0]: 80, MAY[1]: 20}


@pytest.fixture
def clock() -> list[float]:
    """One number: the seconds that have passed."""
    return [0.0]


def test_the_bar_follows_each_request_and_the_pace_so_far_says_what_is_left(clock: list[float]) -> None:
    shown: list[tuple[float, str]] = []
    said: list[str] = []
    counted = {date(2026, 6, 1): 7, date(2026, 1, 1): 30}
    progress = BackfillProgress(
        PLAN, lambda: counted, lambda share, text: shown.append((share, text)), said.append, lambda: clock[0]
    )
    note = progress.begin(JUNE)
    clock[0] = 60.0
    note(CrawlStats("ggzy", None, None, requests=20, fresh=5))
    assert shown[-1] == (0.1, "20 requests, 5 notices, 0 awards found, about 9 min left")
    note(CrawlStats("gdgpo", None, None, requests=20, fresh=15))
    assert shown[-1] == (0.2, "40 requests, 20 notices, 0 awards found, about 4 min left")
    clock[0] = 3600.0
    progress.end(JUNE, [ended(JUNE[0], 30, 10), ended(JUNE[1], 25, 15)])
    assert shown[-1] == (0.5, "55 requests, 25 notices, 7 awards found, about 1.0 h left"), "fewer than planned"
    assert said == [], "the bar shows it"


def test_without_a_bar_each_month_is_a_line_and_a_portal_that_gave_up_takes_no_more_time(clock: list[float]) -> None:
    said: list[str] = []
    progress = BackfillProgress(PLAN, lambda: {date(2026, 5, 1): 3}, None, said.append, lambda: clock[0])
    progress.begin(JUNE)(CrawlStats("ggzy", None, None, requests=1))
    clock[0] = 1200.0
    blocked = ended(JUNE[0], 20, 1, state="blocked", failure="blocked", reason="HTTP 403")
    progress.end(JUNE, [blocked, ended(JUNE[1], 20, 4)])
    progress.begin(MAY[1:])
    progress.end(MAY[1:], [ended(MAY[1], 1234, 4)])
    assert said == [
        "ggzy 2026-06-01…2026-06-30: blocked, 1 listed: HTTP 403",
        "2026-06: 40 requests, 5 notices, 0 awards found, about 10 min left",
        "2026-05: 1,234 requests, 4 notices, 3 awards found",
    ]
    assert chinese().report(said[1]) == "2026-06：40 次请求，5 条公告，0 个中标项目，约剩 10 分钟"
    assert chinese().report(said[2]) == "2026-05：1,234 次请求，4 条公告，3 个中标项目"


def test_a_list_that_is_walked_once_names_its_first_and_last_month() -> None:
    said: list[str] = []
    walk = asked("ccgp", "2025-11-03", "2026-01-31")
    progress = BackfillProgress({walk: 9}, lambda: {date(2025, 12, 1): 2, date(2026, 2, 1): 1}, None, said.append)
    progress.begin([walk])
    progress.end([walk], [ended(walk, 9, 8)])
    assert said == ["2025-11…2026-01: 9 requests, 8 notices, 2 awards found"]


def test_the_bar_is_drawn_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", screen)
        patch.setenv("TERM", "xterm")
        patch.setenv("COLUMNS", "120")
        with console.progress_bar() as show:
            assert show
            show(0.25, "20 requests, 5 notices")
    assert "25 % 20 requests, 5 notices" in screen.getvalue()
    with console.progress_bar() as show:
        assert show is None
