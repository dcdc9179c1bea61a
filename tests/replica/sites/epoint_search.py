"""Platforms with Epoint's full-text search: a JSON list by POST with offsets, and pages with the notices."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import urlsplit

from tests.replica import render
from tests.replica.addresses import Address, random_guid
from tests.replica.forms import grids, yichang
from tests.replica.forms.common import esc
from tests.replica.forms.company import as_html
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, is_within

_USUAL = "/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew"
_DAY_FIELDS = ("webdate", "infodate", "infodatepx", "showdate")
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)


@dataclass(frozen=True)
class Platform:
    """What differs between the sites. ``columns``: the category of each kind of notice of works and of procurement."""

    origin: str
    works: dict[str, str]
    procurement: dict[str, str] = field(default_factory=dict)
    search: str = _USUAL
    sites: str = "001"
    day: str = "webdate"
    folder: str = "/jyxx"
    prefix: str = ""
    container: str = "ewb-article"
    needs_business: bool = False
    result_is_text: bool = False
    is_company: bool = False


def _procurement(results: str, corrections: str = "") -> dict[str, str]:
    return {"award": results, "failed": results} | (
        {"correction": corrections, "void": corrections} if corrections else {}
    )


def _works(results: str, candidates: str) -> dict[str, str]:
    return {"award": results, "candidate": candidates}


SITES = {
    "chinatower": Platform(
        "https://ebid.chinatowercom.cn",
        {"award": "003004", "failed": "003004", "candidate": "003003"},
        day="infodate",
        folder="/zgtt/gggs",
        needs_business=True,
        is_company=True,
    ),
    "ggzy_jiangxi": Platform(
        "https://ggzy.jiangxi.gov.cn",
        _works("002001005", "002001004"),
        _procurement("002006004", "002006002"),
        search="/XZinterface/rest/esinteligentsearch/getFullTextDataNew",
        sites="",
    ),
    "ggzy_sichuan": Platform(
        "https://ggzyjy.sc.gov.cn",
        _works("002001008", "002001006"),
        _procurement("002002002"),
        sites="",
        container="newsText",
    ),
    "ggzy_zhejiang": Platform(
        "https://ggzy.zj.gov.cn",
        _works("002001005", "002001004"),
        _procurement("002002004", "002002003"),
        needs_business=True,
    ),
    "ggzy_jiangsu": Platform(
        "http://jsggzy.jszwfw.gov.cn",
        _works("003001008", "003001007"),
        _procurement("003004006", "003004003"),
        day="infodatepx",
    ),
    "ggzy_hainan": Platform(
        "https://ggzy.hainan.gov.cn",
        _works("003001006", "003001005"),
        _procurement("003002004"),
        sites="",
        container="noticeArea",
    ),
    "ggzy_qinghai": Platform(
        "https://www.qhggzyjy.gov.cn",
        _works("001001006", "001001005"),
        _procurement("001002004"),
        search="/inteligentsearch/rest/inteligentSearch/getFullTextData",
        sites=";".join(f"{number:03d}" for number in range(1, 11)),
        day="showdate",
        folder="/ggzy/jyxx",
    ),
    "ggzy_ningxia": Platform(
        "https://ggzyjy.fzggw.nx.gov.cn",
        _works("001001001003", "001001001004"),
        _procurement("001001002003"),
        search="/interface_wz/rest/esinteligentsearch/getFullTextDataNew",
        sites="",
    ),
    "ggzy_xinjiang": Platform(
        "https://ggzy.xinjiang.gov.cn",
        _works("001001005", "001001004"),
        _procurement("001002005"),
        search="/inteligentsearchnew/rest/esinteligentsearch/getFullTextDataNew",
        prefix="/xinjiangggzy_new",
    ),
    "ggzy_bingtuan": Platform(
        "https://ggzy.xjbt.gov.cn", _works("004001001004", "004001001003"), _procurement("004002001005")
    ),
    "ggzy_shaanxi": Platform(
        "https://www.sxggzyjy.cn",
        _works("001001001003", "001001001005"),
        _procurement("001001004003"),
        search="/inteligentsearch_new/rest/esinteligentsearch/getFullTextDataNew",
        result_is_text=True,
    ),
    "ggzy_hebei": Platform(
        "https://szj.hebei.gov.cn",
        _works("003005002004", "003005002003"),
        _procurement("003001004"),
        search="/inteligentsearchnew/rest/esinteligentsearch/getFullTextDataNew",
        day="showdate",
        folder="/bszn",
        prefix="/hbggfwpt",
    ),
    "ggzy_guangxi": Platform(
        "http://ggzy.jgswj.gxzf.gov.cn",
        _works("001001005", "001001004"),
        _procurement("001004002"),
        search="/inteligentsearchgxes/rest/esinteligentsearch/getFullTextDataNew",
        sites=";".join(f"{number:03d}" for number in range(1, 16)),
        day="infodatepx",
    ),
    "ggzy_heilongjiang": Platform(
        "https://ggzyjyw.hlj.gov.cn", {"candidate": "003002001002"}, _procurement("003002002004"), sites="002;003"
    ),
}
_NAMES = {
    "award": "中标结果公示",
    "candidate": "中标候选人公示",
    "failed": "中标结果公示",
    "correction": "更正公告",
    "void": "更正公告",
}


def column_of(portal: str, posting: Posting) -> str | None:
    """Return the category under which the platform files a notice of another portal; None if it does not show it."""
    site = SITES[portal]
    if site.is_company:
        return site.works.get(posting.event.what) if posting.portal == "csg" else None
    columns = {"yichang": site.works, "gdgpo": site.procurement}.get(posting.portal, {})
    return columns.get(posting.event.what)


def address(portal: str, serial: int, at: datetime, column: str) -> Address:
    """Return the id and the public address of a notice."""
    site, own = SITES[portal], random_guid(Random(f"address {portal} {serial} {at}"))
    return Address(own, f"{site.origin}{site.prefix}{site.folder}/{column[:6]}/{column}/{at:%Y%m%d}/{own}.html")


def row(posting: Posting) -> dict[str, Any]:
    """Return a record of the search."""
    site, stamp = SITES[posting.portal], f"{posting.at:%Y-%m-%d %H:%M:%S}"
    days = {site.day: stamp, "infodate" if site.day != "infodate" else "webdate": stamp}
    region = posting.project.buyer.region
    return {
        "id": f"{posting.column}{posting.notice_id}_001",
        "infoid": posting.notice_id,
        "title": posting.title,
        "categorynum": posting.column,
        "categoryname": _NAMES[posting.event.what],
        "linkurl": urlsplit(posting.url).path.removeprefix(site.prefix),
        "zhuanzai": region,
        "infod": region,
        "sysclicktimes": 0,
        "userguid": [""],
        "systags": [""],
        **days,
    }


def detail(posting: Posting) -> str:
    """Return the public page of a notice."""
    site = SITES[posting.portal]
    mark = f'class="{site.container}"' if site.container.startswith("ewb") else f'id="{site.container}"'
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{esc(posting.title)}</title>\n</head>\n<body>\n'
        '<div class="ewb-header"><a href="/">首页</a><a href="/jyxx/">交易信息</a></div>\n'
        f'<div class="ewb-container"><div class="ewb-location">当前位置：<a href="/">首页</a> &gt; {_NAMES[posting.event.what]}</div>\n'
        f'<h2 class="ewb-article-tt">{esc(posting.title)}</h2>\n<div class="ewb-article-sources">【信息时间：{posting.at:%Y-%m-%d}】</div>\n'
        f'<div {mark}>\n{_content(posting, site)}\n</div>\n</div>\n<div class="ewb-footer">主办单位：公共资源交易中心</div>\n</body>\n</html>'
    )


def _content(posting: Posting, site: Platform) -> str:
    if site.is_company:
        return as_html(grids.csg(posting))
    if posting.column in site.works.values():
        drawn = yichang.candidate(posting) if posting.event.what == "candidate" else yichang.award(posting)
        body = _BODY.search(drawn)
        return body[1] if body else drawn
    return render.draw_body(render.draw_of(posting.project, posting.event))


class EpointSearchSite:
    """One platform over a market."""

    def __init__(self, made: Market, scenario: Scenario, portal: str) -> None:
        self.facts, self.portal = SITES[portal], portal
        self.shelf = Shelf(made, portal, scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return ask.path == self.facts.search

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"custom": {}}))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.path == self.facts.search:
            wanted = ask.json() if ask.method == "POST" else None
            return as_json(self._search(wanted)) if isinstance(wanted, dict) else None
        posting = next((one for one in self.shelf.rows if urlsplit(one.url).path == ask.path), None)
        return None if posting is None else html(detail(posting))

    def _search(self, wanted: dict[str, Any]) -> dict[str, Any]:
        matching = [posting for posting in self.shelf.rows if self._matches(posting, wanted)]
        first, size = int(wanted.get("pn") or 0), min(int(wanted.get("rn") or 10), 50)
        words = str(wanted.get("wd") or "")
        records = [row(posting) for posting in matching[first : first + size]]
        for record in records if words else []:
            record["title"] = record["title"].replace(words, f"<em style='color:red'>{words}</em>")
        result = {"totalcount": len(matching), "categorys": [], "executetime": "0.012", "records": records}
        return {"result": json_text(result) if self.facts.result_is_text else result}

    def _matches(self, posting: Posting, wanted: dict[str, Any]) -> bool:
        site = self.facts
        if wanted.get("cnum") != site.sites or (site.needs_business and wanted.get("isBusiness") != "1"):
            return False  # in silence, as the real search does
        categories = [one for one in wanted.get("condition") or [] if one.get("fieldName") == "categorynum"][:1]
        days = wanted.get("time") or []
        return (
            all(posting.column.startswith(str(one.get("equal"))) for one in categories)
            and all(one.get("fieldName") == site.day for one in days)
            and all(is_within(posting, str(one.get("startTime")), str(one.get("endTime"))) for one in days)
            and all(word in posting.title for word in str(wanted.get("wd") or "").split())
        )


def json_text(value: object) -> str:
    """Return a value as the text of its JSON, as some sites nest it."""
    return as_json(value).body.decode()


def make(made: Market, scenario: Scenario, portal: str) -> EpointSearchSite:
    return EpointSearchSite(made, scenario, portal)
