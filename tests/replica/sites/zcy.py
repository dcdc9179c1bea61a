"""Sites of the 政采云 family: a JSON list by POST for each category, JSON details by GET."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any
from urllib.parse import quote

from tests.replica.addresses import Address
from tests.replica.forms import own_sites
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, is_within, parse_number

LIST, DETAIL, PAGE = "/portal/category", "/portal/detail", "/site/detail"
_SHANGHAI = timezone(timedelta(hours=8))
_PATHS = {"ZcyAnnouncement4": "采购结果公告", "ZcyAnnouncement5": "更正公告"}
TREE = "/admin/category/home/categoryTreeFind"


@dataclass(frozen=True)
class Province:
    """One site. `names`: what its categories are called. `tree`: `siteId` of a site that shows its category tree."""

    origin: str
    parent: str
    columns: dict[str, str]
    names: dict[str, str]
    page: str = "/site/detail?articleId={own}"
    tree: str = ""


_LEAVES = {
    "award": "ZcyAnnouncement3004",
    "failed": "ZcyAnnouncement3007",
    "void": "ZcyAnnouncement3015",
    "correction": "ZcyAnnouncement3017",
}
_LEAF_NAMES = {
    "ZcyAnnouncement3004": "中标（成交）结果公告",
    "ZcyAnnouncement3007": "废标公告",
    "ZcyAnnouncement3015": "终止公告",
    "ZcyAnnouncement3017": "结果变更公告",
}
_RESULTS = dict.fromkeys(("award", "failed", "void", "correction"), "ZcyAnnouncement4")


def _older(origin: str, parent: str, columns: dict[str, str] = _LEAVES, **facts: str) -> Province:
    return Province(origin, parent, columns, _LEAF_NAMES | _PATHS, **facts)


SITES = {
    "ccgp_hunan": Province(
        "http://www.ccgp-hunan.gov.cn",
        "622707",
        {"award": "160-945990", "failed": "160-945991", "void": "160-945991", "correction": "160-945992"},
        {
            "160-945988": "采购公告",
            "160-945990": "中标(成交)公告",
            "160-945991": "废标(终止)公告",
            "160-945992": "更正公告",
            "160-945993": "合同公告",
        },
        page="/luban/front/detail?parentId=622707&articleId={own}",
        tree="160",
    ),
    "ccgp_anhui": _older(
        "https://www.ccgp-anhui.gov.cn", "541080", _RESULTS, page="/luban/detail?parentId=541080&articleId={own}"
    ),
    "ccgp_guizhou": _older(
        "https://www.ccgp-guizhou.gov.cn", "190013", tree="96", page="/luban/detail?parentId=190013&articleId={own}"
    ),
    "ccgp_shanxi": _older("http://www.ccgp-shanxi.gov.cn", "138010"),
    "ccgp_jilin": _older("http://www.ccgp-jilin.gov.cn", "550068"),
    "ccgp_xinjiang": _older("http://www.ccgp-xinjiang.gov.cn", "3662"),
    "ccgp_qinghai": _older("http://www.ccgp-qinghai.gov.cn", "4149"),
    "ccgp_dalian": _older("http://www.ccgp-dalian.gov.cn", "55812", _RESULTS),
    "czbank": Province(
        "https://ccgp.szcgpt.czbank.com",
        "700835",
        dict.fromkeys(_RESULTS, "134-848230"),
        {"134-848230": "采购结果公告"},
        page="/luban/detail?parentId=700835&articleId={own}",
    ),
}
_SHELL = "<!doctype html><html><head><meta charset='utf-8'><title>政府采购网</title></head><body><div id='root'></div></body></html>"


def milliseconds(at: datetime) -> int:
    """Return the milliseconds since 1970 of a time in Shanghai."""
    return int(at.replace(tzinfo=_SHANGHAI).timestamp()) * 1000


def column_of(portal: str, posting: Posting) -> str | None:
    """Return the category under which the site files a notice of another site; None if it does not show it."""
    is_copied = posting.portal in ("zcy_shanghai", "zcy_guangxi")
    return SITES[portal].columns.get(posting.event.what) if is_copied else None


def address(portal: str, serial: int, at: datetime, column: str) -> Address:
    """Return the id and the public address of a notice."""
    own = base64.b64encode(Random(f"address {portal} {serial} {at}").randbytes(16)).decode()
    return Address(own, SITES[portal].origin + SITES[portal].page.format(own=quote(own, safe="")))


def _name_of(posting: Posting) -> str:
    return SITES[posting.portal].names[posting.column] if posting.portal in SITES else _PATHS[posting.column]


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    p = posting.project
    return {
        "articleId": posting.notice_id,
        "title": posting.title,
        "pathName": _name_of(posting),
        "publishDate": milliseconds(posting.at),
        "districtName": p.buyer.region,
        "purchaseName": p.buyer.name,
        "author": p.agency.name,
        "projectName": p.name,
        "projectCode": p.number or None,
        "procurementMethod": p.method,
        "supplierName": None,
        "totalContractAmount": None,
    }


def detail(posting: Posting) -> dict[str, Any]:
    """Return the detail response."""
    summary = row(posting)
    data = {key: summary[key] for key in ("articleId", "title", "publishDate", "author", "projectCode", "projectName")}
    data |= {"content": own_sites.body(posting), "attachmentVO": {"attachments": []}}
    return {"success": True, "result": {"data": data}, "error": None}


class ZcySite:
    """One site of the 政采云 family over a market."""

    def __init__(self, made: Market, scenario: Scenario, portal: str) -> None:
        self.shelf = Shelf(made, portal, scenario.held_back)
        self.province = SITES.get(portal)

    def is_list(self, ask: Ask) -> bool:
        return ask.path in (LIST, TREE)

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"success": True, "result": None, "error": None}))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.method == "POST" and ask.path == LIST:
            wanted = ask.json()
            return as_json(self._list(wanted)) if isinstance(wanted, dict) else None
        if self.province and self.province.tree and ask.path == TREE:
            return self._tree(ask, self.province)
        if ask.method == "GET" and ask.path in (DETAIL, PAGE):
            posting = self.shelf.find(ask.query.get("articleId", ""))
            if ask.path == PAGE:
                return html(_SHELL) if posting else None
            return as_json(detail(posting) if posting else {"success": False, "result": None, "error": "公告不存在"})
        return None

    def _tree(self, ask: Ask, province: Province) -> Reply:
        is_right = (ask.query.get("parentId"), ask.query.get("siteId")) == (province.parent, province.tree)
        leaves = [{"name": name, "code": code, "children": []} for code, name in province.names.items()]
        tree = [{"name": "政府采购公告", "code": f"{province.tree}-945987", "children": leaves}] if is_right else []
        return as_json({"success": True, "result": {"data": tree}, "error": None})

    def _list(self, wanted: dict[str, Any]) -> dict[str, Any]:
        since, until, word = (str(wanted.get(key) or "") for key in ("publishDateBegin", "publishDateEnd", "keyword"))
        matching = [
            p
            for p in self.shelf.rows
            if p.column == wanted.get("categoryCode") and is_within(p, since, until) and word in p.title
        ]
        size, page = (
            min(max(parse_number(wanted.get("pageSize"), 15), 1), 100),
            max(parse_number(wanted.get("pageNo"), 1), 1),
        )
        page_rows = matching[(page - 1) * size : page * size]
        return {
            "success": True,
            "result": {"data": {"total": len(matching), "data": [row(p) for p in page_rows]}},
            "error": None,
        }


def make(made: Market, scenario: Scenario, portal: str) -> ZcySite:
    return ZcySite(made, scenario, portal)
