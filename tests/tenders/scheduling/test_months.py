"""`tenders backfill`: the plan, the newest month first, and a run that continues after a stop."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from analysis.figures.definition import load
from analysis.figures.summary import summary
from tenders import portals
from tenders.database import open_published
from tenders.scheduling.months import MonthsPlan, crawl_months, known_months, plan_months
from tests.helpers.json_server import DatedServer, serving
from tests.helpers.recorded_crawls import record_crawl
from tests.helpers.storing import tenders

KEYWORD, MARKET = load("keyword"), load("market")
FIRST, SPRING, LAST = date(2025, 5, 1), date(2026, 2, 1), date(2026, 6, 1)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
QUICK = {"RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "ERROR"}


def test_a_year_of_keywords_is_planned_at_under_four_hours_and_every_notice_takes_days(tmp_path: Path) -> None:
    year = date(2025, 7, 1), LAST
    plan = plan_months(tmp_path, KEYWORD, *year, now=NOW)
    assert 0 < plan.hours < 4
    assert len(plan.steps) == 12
    assert {request.until for request in plan.steps[0]} == {date(2026, 6, 30)}, "the newest month first"
    assert {request.keywords for step in plan.steps for request in step} == {("大模型",)}
    every_notice = plan_months(tmp_path, MARKET, *year, now=NOW)
    assert every_notice.hours > 10 * 24 * 0.9, "the national platform alone"
    assert {request.keywords for step in every_notice.steps for request in step} == {()}


def test_lists_that_cannot_be_queried_by_date_are_crawled_only_if_they_are_named(tmp_path: Path) -> None:
    planned = {one.portal: one for one in plan_months(tmp_path, KEYWORD, FIRST, LAST, now=NOW).portals}
    assert planned["ccgp"].crawls == ()
    assert "queried by date" in planned["ccgp"].skipped
    assert planned["ccgp"].gaps, "what it cannot give"
    [named] = plan_months(tmp_path, KEYWORD, FIRST, LAST, ["ccgp"], now=NOW).portals
    assert [(one.since, one.until) for one in named.crawls] == [(FIRST, date(2026, 6, 30))], "walked once"
    national = plan_months(tmp_path, load("keyword_national"), FIRST, LAST, now=NOW)
    assert [one.portal for one in national.portals] == ["ccgp", "ggzy"]


def test_no_day_that_is_not_over_and_no_future_month_is_planned(tmp_path: Path) -> None:
    [one] = plan_months(tmp_path, KEYWORD, date(2026, 11, 1), date(2027, 1, 1), ["ggzy"], now=NOW).portals
    assert [(crawl.since, crawl.until) for crawl in one.crawls] == [(date(2026, 11, 1), date(2026, 11, 22))]


def test_a_portal_that_blocked_the_last_crawl_is_left_alone(tmp_path: Path) -> None:
    record_crawl(tmp_path, NOW, portal="ggzy", state="blocked", failure="blocked")
    [one] = plan_months(tmp_path, KEYWORD, FIRST, LAST, ["ggzy"], now=NOW).portals
    assert (one.crawls, one.skipped[:7]) == ((), "blocked")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DatedServer]:
    """A portal with two notices in the middle of each of five months."""
    portal = portals.load("gdgpo").model_copy(update={"channels": ("00102",), "edge_days": 0})
    monkeypatch.setitem(portals._by_name(), "gdgpo", portal)  # type: ignore[arg-type]
    with serving(DatedServer()) as running:
        for month in range(2, 7):
            running.fill(f"2026-{month:02}-15", 2)
        yield running


def planned(server: DatedServer, data: Path) -> MonthsPlan:
    return plan_months(data, KEYWORD, SPRING, LAST, ["gdgpo"], server.origin)


@pytest.mark.long
def test_a_run_that_was_stopped_continues_with_the_months_that_are_missing(server: DatedServer, tmp_path: Path) -> None:
    def down(path: str, query: dict[str, str]) -> int | None:
        return 500 if query.get("operationStartTime", "9") < "2026-05" else None

    server.before = down
    plan = planned(server, tmp_path)
    assert len(plan.steps) == 5
    outcomes = crawl_months(plan, tmp_path, QUICK)
    assert [outcome.state for outcome in outcomes[:2]] == ["complete"] * 2
    assert len(outcomes) == 3, "nothing more is asked of a portal that is down"
    assert len(planned(server, tmp_path).steps) == 3, "only what is missing"
    server.before = lambda path, query: None
    again = crawl_months(planned(server, tmp_path), tmp_path, QUICK)
    assert [outcome.state for outcome in again] == ["complete"] * 3
    assert Counter(server.details()).most_common(1)[0][1] == 1, "nothing twice"
    assert len(server.details()) == 10, "nothing missing"
    assert planned(server, tmp_path).steps == []
    assert set(known_months(tmp_path, KEYWORD, SPRING, LAST).values()) == {"complete"}
    assert set(known_months(tmp_path, MARKET, SPRING, LAST).values()) == {"partial"}
    with open_published(tmp_path) as con:
        assert summary(con, "2026-06", "keyword").coverage.state == "complete"
        assert summary(con, "2026-06").coverage.state == "partial"


def one_winner(path: str, query: dict[str, str]) -> str | None:
    """Let one notice of June name its winner; the others name none."""
    if query.get("id") != "2026-06-15-1":
        return None
    content = (
        "<div id='noticeArea'><p>一、项目编号：XM-1</p><p>二、项目名称：第1号大模型平台采购项目</p><p>三、中标（成交）信息</p>"
        "<p>供应商名称：云帆科技有限公司</p><p>中标（成交）金额：12.5（万元）</p><p>采购人名称：青禾市数据局</p></div>"
    )
    title, day = "第1号大模型平台采购项目结果公告", "2026-06-15 09:00:00"
    return json.dumps(
        {"code": "200", "data": {"id": query["id"], "title": title, "noticeTime": day, "content": content}}
    )


@pytest.mark.long
def test_the_command_shows_the_plan_and_crawls_only_if_it_is_told_to(server: DatedServer, tmp_path: Path) -> None:
    asked = ["backfill", "gdgpo", "--since", "2026-05", "--until", "2026-06", "--definition", "keyword",
             "--origin", server.origin, "--data", tmp_path]  # fmt: skip
    shown = tenders(*asked, "--plan")
    assert shown.returncode == 0
    assert "2026-05-01…2026-06-30" in shown.stdout
    unconfirmed = tenders(*asked)
    assert (unconfirmed.returncode, unconfirmed.stdout) == (2, "")
    assert "--yes" in unconfirmed.stderr
    assert server.asked == []
    server.before = one_winner
    done = tenders(*asked, "--yes")
    assert done.returncode == 0, done.stderr
    assert "keyword: 2026-05 2026-06" in done.stdout
    lines = [line for line in done.stderr.splitlines() if " notices, " in line]
    assert lines == [
        "2026-06: 3 requests, 2 notices, 1 awards found, about 1 min left",
        "2026-05: 4 requests, 2 notices, 0 awards found",  # two lists, because a question spans 30 days at most
    ]
    assert tenders(*asked[:2], "--since", "2026-07", "--until", "2026-06").returncode == 2
    assert tenders("backfill", "--since", "2026-05", "--origin", server.origin).returncode == 2
