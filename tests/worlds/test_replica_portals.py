"""The replica's portals: what a market publishes is found at its portals' own lists and addresses, in all their moods."""

from __future__ import annotations

import base64
import io
import json
import re
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

import pdfplumber
import pytest

from tests.replica.forms import company
from tests.replica.market import ccgp_world, market, restrict
from tests.replica.model import Market, Posting
from tests.replica.server import CALM, Portal, Scenario
from tests.replica.sites import cmcc, gdgpo, ggzy, szggzy, yichang

pytestmark = pytest.mark.slow

MINE = ("ccgp", "ggzy", "cmcc", "gdgpo", "szggzy", "yichang")
AGENT = "Mozilla/5.0 (compatible; replica-test)"
SITE_OF_CMCC = {"Origin": "https://b2b.10086.cn", "Referer": "https://b2b.10086.cn/"}
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)


@pytest.fixture(scope="module")
def made() -> Market:
    return restrict(market(seed=7, projects=260), MINE)


def _ask(
    url: str, *, form: dict[str, Any] | None = None, value: Any = None, headers: dict[str, str] | None = None
) -> str:
    data = urlencode(form).encode() if form is not None else json.dumps(value).encode() if value is not None else None
    kind = {"Content-Type": "application/json"} if value is not None else {}
    request = urllib.request.Request(url, data, {"User-Agent": AGENT} | kind | (headers or {}))
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read().decode()  # type: ignore[no-any-return]


def _ggzy_page(origin: str, page: int, since: date, until: date, source: int = 1, **more: str) -> Any:
    days = {"DEAL_TIME": "06", "TIMEBEGIN": since, "TIMEEND": until}
    form = {"SOURCE_TYPE": source, "PAGENUMBER": page, "DEAL_STAGE": "0000"}
    return json.loads(_ask(origin + ggzy.LIST, form=days | form | more))


def _walk(fetch: Callable[[int], list[str]], first: int) -> list[str]:
    found: list[str] = []
    for page in range(first, first + 200):
        rows = fetch(page)
        if not rows:
            return found
        found += rows
    raise AssertionError("a list without an end")


def _ggzy(origin: str, since: date, until: date) -> list[str]:
    return [
        own
        for source in (1, 2)
        for own in _walk(
            lambda n, s=source: [r["id"] for r in _ggzy_page(origin, n, since, until, s)["data"]["records"]], 1
        )
    ]


def _cmcc(origin: str, since: date, until: date) -> list[str]:
    def fetch(page: int) -> list[str]:
        wanted = {"size": 10, "current": page, "creationDateStart": str(since), "creationDateEnd": str(until)}
        answer = json.loads(_ask(f"{origin}{cmcc.BASE}queryList", value=wanted, headers=SITE_OF_CMCC))
        return [row["id"] for row in answer["data"]["content"]]

    return _walk(fetch, 1)


def _gdgpo(origin: str, since: date, until: date) -> list[str]:
    def fetch(page: int) -> list[str]:
        query = urlencode({"currPage": page, "pageSize": 7, "operationStartTime": since, "operationEndTime": until})
        return [
            row["id"] for row in json.loads(_ask(f"{origin}{gdgpo.BASE}selectInfoForIndex?{query}"))["data"]["rows"]
        ]

    return _walk(fetch, 1)


def _szggzy(origin: str, since: date, until: date) -> list[str]:
    def fetch(page: int) -> list[str]:
        days = {"releaseTimeBegin": f"{since} 00:00:00", "releaseTimeEnd": f"{until} 23:59:59"}
        wanted = {"channelId": 2850, "page": page, "size": 7} | days
        return [
            str(row["contentId"])
            for row in json.loads(_ask(f"{origin}{szggzy.BASE}page", value=wanted))["data"]["content"]
        ]

    return _walk(fetch, 0)


def _yichang(origin: str, since: date, until: date) -> list[str]:
    def fetch(page: int, column: str) -> list[str]:
        form = {"categoryNum": column, "pageindex": page, "pagesize": 6, "startdate": since, "enddate": until}
        return [row["infoid"] for row in json.loads(_ask(origin + yichang.LIST, form=form))["custom"]["infodata"]]

    return [own for column in ("003001005", "003001004") for own in _walk(lambda n, c=column: fetch(n, c), 0)]


LISTS: dict[str, Callable[[str, date, date], list[str]]] = {
    "ggzy": _ggzy,
    "cmcc": _cmcc,
    "gdgpo": _gdgpo,
    "szggzy": _szggzy,
    "yichang": _yichang,
}


def _detail(origin: str, posting: Posting) -> str:
    if posting.portal == "cmcc":
        return _ask(f"{origin}{cmcc.BASE}queryDetail", value=cmcc.keys(posting) | {"sfactApplColumn5": "PC"})
    if posting.portal == "szggzy":
        return _ask(f"{origin}{szggzy.BASE}detail?contentId={posting.notice_id}")
    parts = urlsplit(posting.url)
    return _ask(origin + parts.path + (f"?{parts.query}" if parts.query else ""))


@pytest.mark.parametrize("portal", LISTS)
def test_every_notice_is_on_its_portals_list_and_at_its_own_address(portal: str, made: Market) -> None:
    told = made.on(portal)
    assert len(told) >= 10
    with Portal(made, Scenario(cap=10**6), site=portal) as site:
        listed = LISTS[portal](site.origin, FIRST, LAST)
        assert sorted(listed) == sorted(posting.notice_id for posting in told)
        for posting in told:
            text = _detail(site.origin, posting)
            shown = posting.project.name if portal == "yichang" else json.dumps(posting.title, ensure_ascii=False)[1:-1]
            assert shown in text, posting.key
        assert site.log.count(status="200") == len(site.log.hits)


@pytest.mark.parametrize("portal", LISTS)
def test_a_list_of_some_days_holds_the_notices_of_those_days_alone(portal: str, made: Market) -> None:
    with Portal(made, Scenario(cap=10**6), site=portal) as site:
        some = made.on(portal)[len(made.on(portal)) // 2].at.date()
        for since, until in (
            (date(2024, 9, 1), date(2024, 12, 31)),
            (some, some),
            (date(2020, 1, 1), date(2020, 2, 1)),
        ):
            expected = sorted(p.notice_id for p in made.on(portal) if since <= p.at.date() <= until)
            assert sorted(LISTS[portal](site.origin, since, until)) == expected


def test_ccgp_plays_its_part_of_the_market(made: Market) -> None:
    with Portal(made) as site:
        listed = {path for path in site.site.paths() if "/t2" in path}
        assert listed == {urlsplit(posting.url).path for posting in made.on("ccgp")}
        posting = made.on("ccgp")[0]
        assert posting.title in _detail(site.origin, posting)
    assert len(ccgp_world(made).events()) == len(made.on("ccgp"))


def test_the_national_platform_lets_out_no_more_than_its_cap_and_answers_with_codes(made: Market) -> None:
    with Portal(made, Scenario(cap=30), site="ggzy") as site:
        pages = [_ggzy_page(site.origin, page, FIRST, LAST)["data"] for page in (1, 2, 3)]
        assert [len(page["records"]) for page in pages] == [20, 10, 0]
        assert {(page["total"], page["pages"]) for page in pages} == {(30, 2)}
        assert _ggzy_page(site.origin, 0, FIRST, LAST)["code"] == 801
    for kind, code in (("frequent", 800), ("verify", 829), ("refine", 804)):
        with Portal(made, Scenario(block_after=1, block_kind=kind), site="ggzy") as site:
            assert [_ggzy_page(site.origin, 1, FIRST, LAST)["code"] for _ in range(3)] == [200, code, code]


def test_stage_province_and_words_narrow_the_national_list(made: Market) -> None:
    told = made.on("ggzy")
    with Portal(made, Scenario(cap=10**6), site="ggzy") as site:
        for more, wanted in (
            ({"DEAL_STAGE": "0202"}, [p for p in told if p.column == "0202"]),
            ({"DEAL_CLASSIFY": "01", "DEAL_STAGE": "0100"}, [p for p in told if p.column.startswith("01")]),
            ({"DEAL_STAGE": "0002"}, [p for p in told if p.column in ("0202", "0104")]),
            (
                {"DEAL_PROVINCE": "440000"},
                [p for p in told if p.project.buyer.province == "广东" and p.column[:2] != "bw"],
            ),
            ({"FINDTXT": "大模型"}, [p for p in told if "大模型" in p.title and p.column[:2] != "bw"]),
        ):
            assert wanted
            assert _ggzy_page(site.origin, 1, FIRST, LAST, **more)["data"]["total"] == len(wanted), more


def test_an_outer_page_has_the_number_and_all_stages_and_leads_to_the_inner_page(made: Market) -> None:
    several = [key for key, n in Counter(p.project.key for p in made.on("ggzy")).items() if n > 1]
    assert several
    with Portal(made, site="ggzy") as site:
        for key in several[:10]:
            told = [p for p in made.on("ggzy") if p.project.key == key]
            outer = _detail(site.origin, told[0])
            assert f"项目编号：{told[0].number}<" in outer
            inner = re.findall(r"showDetail\(this, '\w+','([^']+)'\)", outer)
            assert sorted(inner) == sorted(ggzy.inner_path(p) for p in told)
            assert all('<div id="mycontent">' in _ask(site.origin + path) for path in inner)


def test_china_mobile_shows_an_empty_list_to_whom_does_not_come_from_its_site(made: Market) -> None:
    with Portal(made, site="cmcc") as site:
        url = f"{site.origin}{cmcc.BASE}queryList"
        assert json.loads(_ask(url, value={"size": 100}))["data"]["content"] == []
        full = json.loads(
            _ask(url, value={"size": 500, "publishOneTypes": ["SELECTION_RESULTS"]}, headers=SITE_OF_CMCC)
        )["data"]
        assert 0 < len(full["content"]) <= 100
        assert {row["publishOneType"] for row in full["content"]} == {"SELECTION_RESULTS"}
        assert full["totalElements"] == sum(p.column == "SELECTION_RESULTS" for p in made.on("cmcc"))
        own = cmcc.keys(made.on("cmcc")[0])
        assert (
            json.loads(_ask(f"{site.origin}{cmcc.BASE}queryDetail", value=own | {"publishUuid": "0"}))["data"] is None
        )


def test_guangdong_forbids_strange_clients_and_marks_what_it_found(made: Market) -> None:
    with Portal(made, site="gdgpo") as site:
        with pytest.raises(urllib.error.HTTPError, match="403"):
            _ask(f"{site.origin}{gdgpo.BASE}selectInfoForIndex?searchKey=", headers={"User-Agent": "curl/8"})
        word = "采购"
        query = urlencode({"searchKey": word, "pageSize": 50})
        found = json.loads(_ask(f"{site.origin}{gdgpo.BASE}selectInfoForIndex?{query}"))["data"]
        assert found["total"] == sum(word in p.title for p in made.on("gdgpo"))
        assert all(f"<font color='#be0108'>{word}</font>" in row["title"] for row in found["rows"])
        query = urlencode(
            {"siteId": gdgpo.SITE, "channel": gdgpo.CHANNEL, "noticeType": "00102", "currPage": 1, "pageSize": 50}
        )
        answer = json.loads(_ask(f"{site.origin}{gdgpo.BASE}selectInfoMoreChannel?{query}"))
        times = [row["noticeTime"] for row in answer["data"]["rows"]]
        assert times == sorted(times, reverse=True)
        assert len(times) == sum(p.column == "00102" for p in made.on("gdgpo"))


@pytest.mark.parametrize("portal", ["cmcc", "gdgpo", "szggzy", "yichang"])
@pytest.mark.parametrize(("kind", "word"), [("frequent", "频繁"), ("verify", "安全验证"), ("empty", "{")])
def test_a_block_is_a_good_status_with_another_answer(portal: str, kind: str, word: str, made: Market) -> None:
    with Portal(made, Scenario(block_after=0, block_kind=kind), site=portal) as site:
        answer = _detail(site.origin, made.on(portal)[0])
        assert word in answer
        assert made.on(portal)[0].project.name not in answer
        assert site.log.count(status="blocked") == 1


@pytest.mark.parametrize("portal", LISTS)
def test_notices_that_are_held_back_appear_at_the_top_later(portal: str, made: Market) -> None:
    with Portal(made, Scenario(cap=10**6, held_back=2, push_every=1), site=portal) as site:
        first = LISTS[portal](site.origin, FIRST, LAST)
        late = [p for p in made.on(portal) if p.notice_id not in set(first)]
        for _ in range(3):
            last = LISTS[portal](site.origin, FIRST, LAST)
        assert sorted(last) == sorted(p.notice_id for p in made.on(portal))
        assert {p.notice_id for p in late} <= set(last)


def test_half_an_answer_with_a_fitting_length_and_a_redesign_can_be_played(made: Market) -> None:
    posting = made.on("ggzy")[0]
    with Portal(made, CALM, site="ggzy") as site:
        whole = _detail(site.origin, posting)
        assert site.log.hits[-1].method == "GET"
    with Portal(made, Scenario(error_rate=1, errors=("half",)), site="ggzy") as site:
        assert (
            len(_ask(site.origin + urlsplit(posting.url).path).encode("utf-8", "ignore"))
            <= len(whole.encode()) // 2 + 2
        )
    with Portal(made, Scenario(rename=(("records", "rows"), ("mycontent", "content_v2"))), site="ggzy") as site:
        page = _ggzy_page(site.origin, 1, FIRST, LAST)
        assert "rows" in page["data"]
        assert 'id="content_v2"' in _ask(site.origin + ggzy.inner_path(posting))
        hit = site.log.hits[0]
        assert (hit.method, b"DEAL_TIME=06" in hit.body, hit.agent) == ("POST", True, AGENT)


@pytest.mark.long
def test_china_mobiles_pdfs_hold_their_tables(made: Market) -> None:
    seen = Counter[str]()
    for posting in made.on("cmcc"):
        kind, text = cmcc.content(posting)
        assert (kind == "html") == (posting.form == "html")
        if kind == "html":
            continue
        data = base64.b64decode(text)
        assert data.startswith(b"%PDF")
        with pdfplumber.open(io.BytesIO(data)) as file:
            words = re.sub(r"\s", "", "".join(page.extract_text() for page in file.pages))
            tables = [table for page in file.pages for table in page.extract_tables()]
        assert re.sub(r"\s", "", posting.title) in words
        seen[posting.form] += 1
        blocks = [block for block in company.blocks(posting) if isinstance(block, company.Table)]
        if posting.form == "pdf" and blocks:
            cells = {(cell or "").replace("\n", "") for table in tables for row in table for cell in row}
            assert {cell for block in blocks for row in block.rows for cell in row if cell} <= cells, posting.key
            wrapped = [cell for table in tables for row in table for cell in row if cell and "\n" in cell]
            seen["wrapped"] += bool(wrapped)
        elif posting.form == "pdf_plain":
            assert not tables
    assert min(seen["pdf"], seen["pdf_plain"], seen["wrapped"]) >= 3
