"""The replica itself: its truth is consistent, its pages are pages, its lists are complete, its moods are what they claim."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import urllib.error
import urllib.request
from collections import Counter
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import html as lxml_html

from tests.replica import capture, money, page, render
from tests.replica.demo import demo_world
from tests.replica.flatten import flatten
from tests.replica.model import World
from tests.replica.server import Portal, Scenario
from tests.replica.sites.ccgp import CcgpSite
from tests.replica.world import SHARES, world

pytestmark = pytest.mark.slow

AWARDS = ("zbgg", "cjgg")


@pytest.fixture(scope="module")
def made() -> World:
    return world(seed=7, projects=160)


def _read(url: str, agent: str = "replica-test") -> str:
    request = urllib.request.Request(url, headers={"User-Agent": agent, "Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        body = answer.read()
        return (gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body).decode()


def test_the_same_seed_gives_the_same_world_page_by_page(made: World) -> None:
    again = world(seed=7, projects=160)
    assert again == made
    assert [render.draw_page(p, e) for p, e in again.events()] == [render.draw_page(p, e) for p, e in made.events()]
    assert world(seed=8, projects=160).awards != made.awards


@pytest.mark.long
def test_most_projects_are_ordinary_and_every_life_occurs() -> None:
    assert SHARES["large_model"] + SHARES["hidden"] <= 0.25
    lives = Counter(project.traits[-1] for seed in range(6) for project in world(seed, 200).projects)
    told = {
        "plain",
        "corrected_amount",
        "corrected_winner",
        "corrected_minor",
        "void",
        "void_then_won",
        "failed",
        "failed_then_won",
        "split",
        "twice",
        "contract",
        "misfiled_tender",
        "terminated",
        "clarification",
        "second_phase",
        "same_name",
    }
    assert told <= set(lives)


def test_truth_follows_the_events(made: World) -> None:
    awards = {award.project: award for award in made.awards}
    for project in made.projects:
        won = [event for event in project.events if event.what == "award" and any(lot.won for lot in event.lots)]
        award = awards.get(project.key)
        assert (award is not None) == bool(won), project.key
        if award is None:
            continue
        assert award.awarded_on == min(event.at for event in won).date()
        assert award.suppliers
        ended = any(event.what == "void" and event.at > won[-1].at for event in project.events)
        assert award.status == ("void" if ended else "awarded")
        if award.amount_yuan is not None:
            assert award.amount_yuan > 0
            assert award.amount_yuan == award.amount_yuan.quantize(Decimal("0.01"))


def test_a_corrected_award_has_the_corrected_amount_and_winner() -> None:
    seen = Counter[str]()
    for seed in range(4):
        made = world(seed, 200)
        awards = {award.project: award for award in made.awards}
        for project in made.projects:
            for event in project.events:
                for change in event.changes:
                    award = awards[project.key]
                    if len(project.events[0].lots) == 1:
                        assert award.amount_yuan == change.after.price.yuan
                        assert award.suppliers == tuple(w.name for w in change.after.winners)
                        seen[project.traits[-1]] += 1
    assert set(seen) == {"corrected_amount", "corrected_winner"}


def test_paths_are_unique_and_numbers_belong_to_one_project(made: World) -> None:
    paths = [event.path for _, event in made.events()]
    assert len(set(paths)) == len(paths)
    assert all(re.fullmatch(r"/cggg/(zygg|dfgg)/\w+/\d{6}/t\d{8}_\d+\.htm", path) for path in paths)
    numbers = Counter(project.number for project in made.projects)
    assert max(numbers.values()) == 1


class _Balance(HTMLParser):
    """Counts table cells left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        self.open[tag] -= 1


def test_every_page_parses_and_holds_what_a_real_page_holds(made: World) -> None:
    for project, event in made.events():
        text = render.draw_page(project, event)
        tree = lxml_html.fromstring(text)
        assert tree.xpath("string(//meta[@name='ArticleTitle']/@content)") == event.title
        assert tree.xpath("string(//meta[@name='PubDate']/@content)") == f"{event.at:%Y-%m-%d %H:%M}"
        body = tree.xpath("//div[@class='vF_detail_content_container']/div[@class='vF_detail_content']")
        assert len(body) == 1, event.path
        assert project.name in body[0].text_content()
        balance = _Balance()
        balance.feed(text)
        paired = ("table", "tr", "td", "div", "p", "span", "tbody", "strong")
        assert not {tag: n for tag, n in balance.open.items() if n and tag in paired}
        assert len(text.encode()) < 16_000


def test_an_award_page_names_every_winner_and_every_total(made: World) -> None:
    for project, event in made.events():
        if event.what != "award":
            continue
        text = flatten(render.draw_page(project, event))
        for lot in event.lots:
            for winner in lot.winners:
                assert winner.name in text, (event.form, event.path)
            yuan = lot.price.yuan
            if lot.won and yuan is not None:
                shapes = {
                    money.fixed_decimals(yuan),
                    money.shortest_decimals(yuan),
                    money.with_commas(yuan),
                    money.in_wan(yuan),
                    money.in_wan(yuan, 6),
                    money.in_wan_shortest(yuan),
                    money.to_full_width(money.in_wan(yuan)),
                    money.in_capitals(yuan),
                    f"{yuan:.1f}",
                    f"{yuan:.3f}",
                }
                assert any(shape in text for shape in shapes), (event.form, event.path, yuan)


def test_sums_in_every_literal_form_mean_the_same() -> None:
    yuan = Decimal("1230000.00")
    assert money.in_capitals(yuan) == "壹佰贰拾叁万元整"
    assert money.in_capitals(Decimal("100005.06")) == "壹拾万零伍元零陆分"
    assert money.in_capitals(Decimal("421549.38")) == "肆拾贰万壹仟伍佰肆拾玖元叁角捌分"
    assert money.in_capitals(Decimal("6347112")) == "陆佰叁拾肆万柒仟壹佰壹拾贰元整"
    assert money.in_capitals(Decimal("20500000")) == "贰仟零伍拾万元整"
    assert money.in_wan(Decimal("2659800")) == "265.9800000"
    assert money.to_full_width("265.98") == "２６５．９８"
    assert money.in_wan_shortest(Decimal("67500")) == "6.75"


def test_the_text_of_a_page_keeps_its_words_and_loses_its_cells(made: World) -> None:
    project, event = next(
        (p, e) for p, e in made.events() if e.form == "zcy" and e.what == "award" and len(e.lots[0].winners) == 1
    )
    text = flatten(render.draw_page(project, event))
    assert "<" not in text
    assert "公告信息：采购项目名称" in text
    first = event.lots[0]
    assert f"{first.no}{first.winners[0].name}{first.winners[0].address}" in text


def test_lists_show_every_notice_once_newest_first(made: World) -> None:
    site = CcgpSite(made)
    for (scope, channel), rows in site.lists.items():
        listed: list[str] = []
        dates: list[str] = []
        for number in range(99):
            name = "" if number == 0 else f"index_{number}.htm"
            text = site.get(f"/cggg/{scope}/{channel}/{name}")
            if text is None:
                break
            tree = lxml_html.fromstring(text)
            items = tree.xpath("//ul[@class='c_list_bid']/li")
            assert 0 < len(items) <= 20
            for item in items:
                href = item.xpath("string(a/@href)")
                assert href.startswith("./")
                listed.append(f"/cggg/{scope}/{channel}/{href[2:]}")
                dates.append(item.xpath("string(em[1])"))
                title, shown = item.xpath("string(a/@title)"), item.xpath("string(a)")
                assert title.startswith(shown.removesuffix("..."))
                assert len(item.xpath("em")) == 3
        assert listed == [row.event.path for row in rows]
        assert dates == sorted(dates, reverse=True)
        assert all(site.get(path) for path in listed)


def test_the_demo_world_is_fixed_small_and_about_a_dozen_awards() -> None:
    demo = demo_world()
    assert demo == demo_world()
    months = {month: len(awards) for month, awards in demo.by_month().items()}
    assert set(months) == {"2024-07", "2025-06", "2025-07"}
    assert 10 <= sum(months.values()) <= 14
    with Portal(demo) as portal:
        sizes = [len(_read(portal.origin + path)) for path in portal.site.paths()]
        assert len(sizes) <= 45
        assert portal.log.count(status="200") == len(sizes)
    assert max(len(render.draw_page(p, e).encode()) for p, e in demo.events()) < 12_000


def test_the_portal_blocks_with_a_good_status_and_another_page(made: World) -> None:
    for kind, word in (("frequent", "频繁访问"), ("verify", "安全验证"), ("empty", "<html>")):
        with Portal(made, Scenario(block_after=2, block_kind=kind)) as portal:
            pages = [_read(f"{portal.origin}/cggg/dfgg/zbgg/") for _ in range(4)]
            assert [page_text.count("c_list_bid") for page_text in pages] == [1, 1, 0, 0]
            assert word in pages[-1]
            assert portal.log.count(status="blocked") == 2


def test_a_growing_list_pushes_its_rows_down(made: World) -> None:
    with Portal(made, Scenario(held_back=3, push_every=1)) as portal:
        url = f"{portal.origin}/cggg/dfgg/zbgg/"
        first = [re.findall(r'href="(\./\d[^"]+)"', _read(url)) for _ in range(5)]
    assert first[1][1:] == first[0][:-1]
    assert first[3][0] != first[0][0]
    assert first[4] == first[3]


def test_faults_come_at_the_stated_rate_and_a_second_try_may_succeed(made: World) -> None:
    with Portal(made, Scenario(error_rate=0.3, errors=("502", "reset", "truncated"), seed=3)) as portal:
        path, outcome = "/cggg/dfgg/zbgg/index.htm", Counter[str]()
        for _ in range(60):
            try:
                _read(portal.origin + path)
                outcome["good"] += 1
            except urllib.error.HTTPError as error:
                outcome[str(error.code)] += 1
            except http.client.IncompleteRead:
                outcome["truncated"] += 1
            except (ConnectionError, urllib.error.URLError, http.client.HTTPException):
                outcome["reset"] += 1
        assert set(outcome) == {"good", "502", "truncated", "reset"}
        assert 30 <= outcome["good"] <= 54
        assert portal.log.count(path) == 60


def test_a_redesign_renames_the_containers_and_gzip_is_honoured(made: World) -> None:
    skin = page.Skin(list_class="news_list_v2", content_class="article_v2")
    with Portal(made, Scenario(skin=skin, compress=True)) as portal:
        text = _read(f"{portal.origin}/cggg/dfgg/zbgg/")
        assert "news_list_v2" in text
        assert "c_list_bid" not in text
        detail = _read(portal.origin + made.events()[0][1].path, agent="curious")
        assert "vF_detail_content" not in detail.replace("vF_detail_content_container-->", "")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            _read(f"{portal.origin}/robots.txt")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            _read(f"{portal.origin}/cggg/dfgg/zbgg/index_99.htm")
        assert portal.log.agents() == {"replica-test", "curious"}


def test_a_capture_file_holds_one_line_a_notice(made: World, tmp_path: Path) -> None:
    for name, text in (("world.jsonl.gz", False), ("world.jsonl", True)):
        path = tmp_path / name
        count = capture.write(made, path, text=text)
        data = gzip.decompress(path.read_bytes()) if name.endswith("gz") else path.read_bytes()
        lines = [json.loads(line) for line in data.decode().splitlines()]
        assert count == len(lines) == len(made.events())
        assert {line["content_type"] for line in lines} == {"text/plain" if text else "text/html"}
        assert all(line["url"].startswith("http://www.ccgp.gov.cn/cggg/") for line in lines)
