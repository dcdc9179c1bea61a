"""深圳公共资源交易中心: a JSON list by POST with pages counted from 0, JSON details by GET."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.replica import render
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, is_within, parse_number, stable_token

BASE = "/cms/api/v1/trade/content/"
CHANNEL = 2850
_NAMES = {"award": "中标（成交）结果公示", "failed": "废标公告", "void": "结果变更公告", "correction": "更正公告"}


def code(posting: Posting) -> str:
    """Return the centre's own project number. The notice may print the agency's number instead."""
    own = int(stable_token(posting.project.key, 8), 16)
    return posting.number if own % 3 else f"SZZXDL-{posting.at.year}-{own % 100000:05d}"


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    p, name = posting.project, _NAMES[posting.event.what]
    return {
        "id": int(posting.notice_id),
        "contentId": int(posting.notice_id),
        "channelId": CHANNEL,
        "title": posting.title,
        "releaseTime": f"{posting.at:%Y-%m-%d %H:%M:%S}",
        "areaName": "市本级",
        "purchaseMan": p.buyer.name,
        "winnerName": ",".join(w.name for lot in posting.event.lots for w in lot.winners[:1])
        if posting.event.what == "award"
        else "",
        "projectCode": code(posting),
        "projectName": p.name,
        "appNoticeTypeName": "中标公告" if posting.event.what == "award" else name,
        "noticeTypeName": name,
        "tradeType": "集中采购",
        "linkTo": "",
    }


@cache
def content(posting: Posting) -> str:
    """Return the HTML of a notice."""
    return render.draw_body(render.draw_of(posting.project, posting.event))


def detail(posting: Posting) -> dict[str, Any]:
    """Return the detail response."""
    attrs = [("jygg_cgr", posting.project.buyer.name), ("jygg_xmbh", code(posting))]
    return {
        "code": 200,
        "message": "success",
        "data": {
            "contentId": int(posting.notice_id),
            "title": posting.title,
            "releaseTime": f"{posting.at:%Y-%m-%d %H:%M}",
            "txt": content(posting),
            "attrs": [{"attrName": name, "attrValue": value} for name, value in attrs],
        },
    }


class SzggzySite:
    """Shenzhen's trading centre over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(made, "szggzy", scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return ask.path == BASE + "page"

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"code": 200, "message": "success", "data": None}))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.path == BASE + "page" and ask.method == "POST":
            wanted = ask.json()
            return as_json(self._list(wanted)) if isinstance(wanted, dict) else None
        if ask.path == BASE + "detail":
            posting = self.shelf.find(ask.query.get("contentId", ""))
            return as_json(detail(posting) if posting else {"code": 500, "message": "内容不存在", "data": None})
        return None

    def _list(self, wanted: dict[str, Any]) -> dict[str, Any]:
        matching = [
            posting
            for posting in self.shelf.rows
            if wanted.get("channelId") in (CHANNEL, str(CHANNEL))
            and str(wanted.get("title") or "").lower() in posting.title.lower()
            and is_within(posting, wanted.get("releaseTimeBegin") or "", wanted.get("releaseTimeEnd") or "")
        ]
        size, page = min(max(parse_number(wanted.get("size"), 10), 1), 100), parse_number(wanted.get("page"), 0)
        page_rows = [row(posting) for posting in matching[page * size : (page + 1) * size]]
        return {
            "code": 200,
            "message": "success",
            "data": {"totalElements": len(matching), "totalPages": -(-len(matching) // size), "content": page_rows},
        }


def make(made: Market, scenario: Scenario) -> SzggzySite:
    return SzggzySite(made, scenario)
