"""`tenders check`: a few requests say whether a portal still is what its descriptor says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tenders import portals
from tenders.cli import app
from tenders.console import CommandError
from tenders.crawling.portal_check import PortalCheck
from tenders.crawling.request import crawl_requests
from tenders.demo.saved_checks import play_check
from tenders.jobs.check import check_portals
from tenders.monitoring.check_report import check_text
from tenders.spiders.base.check_spider import MOST_REQUESTS
from tests.helpers.golden_pairs import load_pair, notice_facts, read_page
from tests.helpers.portal_sites import CRAWLED, REPRESENTATIVES, played
from tests.paths import ROOT
from tests.replica.families import add_family_portals
from tests.replica.market import market
from tests.replica.model import Market
from tests.replica.protocol import Ask, Reply, as_json
from tests.replica.server import CALM, Portal, Scenario, make_site
from tests.tenders.spiders.test_spider_families import Changed

pytestmark = pytest.mark.slow

WORDS = ROOT / "tests" / "replica" / "words"


@cache
def made() -> Market:
    return add_family_portals(market(41, 260))


class Altered:
    """A site that understands its questions otherwise than the descriptor says."""

    def __init__(self, name: str, alter: Callable[[Ask], Ask]) -> None:
        self._site, self._alter = make_site(name, made()), alter

    def answer(self, ask: Ask) -> Reply | None:
        reply: Reply | None = self._site.answer(self._alter(ask))
        return reply

    def __getattr__(self, name: str) -> Any:
        return getattr(self._site, name)


class ClosedPortal(Portal):
    """A portal whose robots.txt forbids everything."""

    def _choose_reply(self, ask: Ask) -> tuple[str, Reply]:
        if ask.path == "/robots.txt":
            return "200", Reply(200, b"User-agent: *\nDisallow: /\n", "text/plain")
        return super()._choose_reply(ask)


def check(name: str, portal: Portal) -> PortalCheck:
    with portal:
        [result] = check_portals(crawl_requests([name], origin=portal.origin))
    assert result.requests == len(portal.log.hits) <= MOST_REQUESTS
    assert portal.log.hits[0].path == "/robots.txt"
    return result


def keys(result: PortalCheck) -> set[str]:
    assert all(finding.expected and finding.seen and finding.remedy for finding in result.findings)
    return {finding.key for finding in result.findings}


@pytest.mark.parametrize(
    "name", [name if name in REPRESENTATIVES else pytest.param(name, marks=pytest.mark.long) for name in CRAWLED]
)
def test_a_portal_that_is_as_described_is_fine_and_each_uncertain_key_is_settled(name: str) -> None:
    result = check(name, played(name, made()))
    assert (result.state, keys(result)) == ("ok", set())
    assert {*portals.load(name).unverified} <= {*result.confirmed, *result.not_seen, *keys(result)}
    assert not {*result.confirmed} & {*result.not_seen}
    assert {"hosts", "answers.list"} <= {*result.confirmed}
    assert "buyer" in result.notice_seen
    if portals.load(name).lists == "dated":
        assert {"lists", "edge_days"} <= {*result.confirmed}


@pytest.mark.parametrize(
    ("name", "old", "new", "key"),
    [
        ("ccgp", "c_list_bid", "news_rows", "answers.list.container"),
        ("ccgp_hubei", "area-1-4", "tab-results", "answers.list.container"),
        ("ggzy_guangxi", '"records"', '"entries"', "answers.list.key"),
        ("cib", '"rows"', '"entries"', "answers.list.key"),
        ("gdgpo", '"title"', '"heading"', "answers.list.key"),
        ("szggzy", '"txt"', '"html"', "notice.contents"),
        ("neep", "right-main-content", "story", "notice.containers"),
    ],
)
def test_a_renamed_container_is_named_with_what_is_there_now(name: str, old: str, new: str, key: str) -> None:
    result = check(name, played(name, made(), Scenario(rename=((old, new),))))
    assert result.state != "ok"
    [finding] = [finding for finding in result.findings if finding.key == key]
    assert new.strip('"') in finding.seen + finding.remedy


def with_body(ask: Ask, change: Callable[[Any], None]) -> Ask:
    data = ask.json()
    if isinstance(data, dict) and "time" in data:
        change(data)
        return replace(ask, body=json.dumps(data).encode())
    return ask


def ignore_days(data: Any) -> None:
    data["time"] = []


def leave_out_ends(data: Any) -> None:
    [days] = data["time"]
    for name, step in (("startTime", 1), ("endTime", -1)):
        moved = date.fromisoformat(days[name][:10]) + timedelta(days=step)
        days[name] = f"{moved}{days[name][10:]}"


def short_pages(data: Any) -> None:
    data["rn"] = 10


@pytest.mark.parametrize(
    ("change", "key", "remedy"),
    [
        (ignore_days, "lists", "newest"),
        (leave_out_ends, "edge_days", "edge_days = 1"),
        (short_pages, "page_size", "page_size = 10"),
    ],
)
def test_other_days_and_other_page_sizes_are_found(change: Callable[[Any], None], key: str, remedy: str) -> None:
    result = check("ggzy_hebei", Portal(Altered("ggzy_hebei", lambda ask: with_body(ask, change))))
    assert (result.state, keys(result)) == ("differs", {key})
    assert remedy in result.findings[0].remedy
    assert key not in result.confirmed


def seven_rows(ask: Ask) -> Ask:
    return replace(ask, query={**ask.query, "pageSize": "7"}) if "pageSize" in ask.query else ask


def test_fewer_rows_than_the_total_on_the_only_reported_page_are_a_page_size() -> None:
    result = check("gdgpo", Portal(Altered("gdgpo", seven_rows)))
    assert (result.state, keys(result)) == ("differs", {"page_size"})
    assert result.findings[0].remedy == "page_size = 7"


def test_a_page_that_is_not_full_is_the_last_only_if_no_other_follows() -> None:
    def five_a_page(ask: Ask, reply: Reply | None) -> Reply | None:
        """Cut the one long page of a list of files into pages of five rows."""
        folder, number = ask.path.rpartition("/")[0], ask.path.rpartition("/")[2].removesuffix(".json")
        first = site.answer(replace(ask, path=f"{folder}/1.json")) if number in ("1", "2") else None
        return as_json(json.loads(first.body)[(int(number) - 1) * 5 :][:5]) if first else None

    site = make_site("ccb", made())
    result = check("ccb", Portal(Changed(site, five_a_page)))
    assert (result.state, keys(result), result.findings[0].remedy) == ("differs", {"page_size"}, "page_size = 5")


@pytest.mark.parametrize(("name", "kind"), [("ggzy", "verify"), ("ccgp", "frequent"), ("zcy_shanghai", "verify")])
@pytest.mark.parametrize("after", [0, 2])
def test_nothing_is_asked_after_a_block(name: str, kind: str, after: int) -> None:
    portal = played(name, made(), Scenario(block_after=after, block_kind=kind))
    result = check(name, portal)
    assert (result.state, keys(result)) == ("blocked", {"crawl"})
    assert [hit.status for hit in portal.log.hits] == ["404", *["200"] * after, "blocked"]


def test_a_closed_robots_txt_is_obeyed_on_loopback_too() -> None:
    portal = ClosedPortal(make_site("ggzy", made()), CALM)
    result = check("ggzy", portal)
    assert (result.state, keys(result), result.requests) == ("blocked", {"crawl"}, 1)
    assert "robots.txt" in result.findings[0].seen


def test_a_portal_that_does_not_answer_is_unreachable_and_the_table_says_what_to_do() -> None:
    [result] = check_portals(crawl_requests(["ccgp"], origin="http://127.0.0.1:9"))
    assert (result.state, keys(result)) == ("unreachable", {"origin"})
    text = check_text([result])
    assert "remedy:" in text
    assert text.endswith("1 unreachable\n")


def test_json_has_one_object_per_portal_with_the_keys_of_the_contract() -> None:
    result = PortalCheck("ccgp")
    result.add("page_size", 20, "10 rows", "page_size = 10")
    shown = result.as_json()
    assert shown["state"] == "differs"
    assert shown["findings"] == [{"key": "page_size", "expected": "20", "seen": "10 rows", "remedy": "page_size = 10"}]
    assert {"portal", "requests", "confirmed", "not_seen"} <= shown.keys()


def test_saved_answers_are_a_test_in_the_layout_of_the_repository_and_name_no_person(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    with played("ccgp", made()) as portal:
        arguments = ["check", "ccgp", "--origin", portal.origin, "--save", str(saved), "--format", "json"]
        result = CliRunner().invoke(app, arguments)
    [shown] = json.loads(result.stdout)
    cassette, pair = (
        saved / "cassettes" / "ccgp" / "check.yaml",
        saved / "tests" / "golden" / "ccgp" / "check_award.html",
    )
    expected = json.loads(cassette.with_suffix(".expected.json").read_text("utf-8"))
    day = date.fromisoformat(expected.pop("checked_on"))
    again, problems = play_check("ccgp", cassette, day)
    assert (again.as_json(), problems) == (expected, [])
    assert (shown, shown["state"]) == (expected, "ok")
    names = [name for file in ("contacts", "experts") for name in (WORDS / f"{file}.txt").read_text("utf-8").split()]
    texts = [path.read_text("utf-8") for path in saved.rglob("*.*")]
    assert len(texts) == 4
    assert not [name for name in names for text in texts if name in text]
    assert "联系人：某某某" in pair.read_text("utf-8")
    facts, body, content_type = load_pair(pair.with_suffix(".expected.json"))
    assert facts["buyer"]
    assert facts["lots"][0]["winners"]
    assert notice_facts(read_page(facts, body, content_type), facts) == {
        name: value for name, value in facts.items() if name != "lots_lost_in_text"
    }


def test_a_folder_that_cannot_be_written_is_found_before_any_request(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with played("ccgp", made()) as portal:
        arguments = ["check", "ccgp", "--origin", portal.origin, "--save", str(tmp_path / "file")]
        result = CliRunner().invoke(app, arguments)
    assert isinstance(result.exception, CommandError)
    assert portal.log.hits == []


@pytest.mark.parametrize("arguments", [["nowhere"], ["ccgp", "ggzy", "--origin", "http://127.0.0.1:9"]])
def test_wrong_portals_are_wrong_usage(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["check", *arguments])
    assert isinstance(result.exception, ValueError)  # which the command line turns into exit code 2
