"""Sites of the 政采云 family: a JSON list by POST for each category, JSON details by GET."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from tests.replica.forms import own_sites
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, is_within, parse_number

LIST, DETAIL, PAGE = "/portal/category", "/portal/detail", "/site/detail"
_SHANGHAI = timezone(timedelta(hours=8))
_PATHS = {"ZcyAnnouncement4": "采购结果公告", "ZcyAnnouncement5": "更正公告"}
_SHELL = "<!doctype html><html><head><meta charset='utf-8'><title>政府采购网</title></head><body><div id='root'></div></body></html>"


def milliseconds(at: datetime) -> int:
    """Return the milliseconds since 1970 of a time in Shanghai."""
    return int(at.replace(tzinfo=_SHANGHAI).timestamp()) * 1000


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    p = posting.project
    return {
        "articleId": posting.notice_id,
        "title": posting.title,
        "pathName": _PATHS[posting.column],
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

    def is_list(self, ask: Ask) -> bool:
        return ask.path == LIST

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"success": True, "result": None, "error": None}))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.method == "POST" and ask.path == LIST:
            wanted = ask.json()
            return as_json(self._list(wanted)) if isinstance(wanted, dict) else None
        if ask.method == "GET" and ask.path in (DETAIL, PAGE):
            posting = self.shelf.find(ask.query.get("articleId", ""))
            if ask.path == PAGE:
                return html(_SHELL) if posting else None
            return as_json(detail(posting) if posting else {"success": False, "result": None, "error": "公告不存在"})
        return None

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
