"""广东省政府采购网 (gpcms): JSON by GET with the newest first, and a search that highlights its words."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from tests.replica import money, render
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, is_within, parse_number, stable_token

BASE = "/gpcms/rest/web/v2/info/"
SITE, CHANNEL = "cd64e06a-21a7-4620-aebc-0576bab7e07a", "fca71be5-fc0c-45db-96af-f513e9abda9d"
_NAMES = {"001004": "废标公告", "001031": "更正公告", "001054": "合同公告"}
_WHOLE = ("", "440001", "440000")  # region codes of the province itself


def _type(posting: Posting) -> tuple[str, str]:
    """Return (noticeType, noticeTypeName). A result has the code of its kind of procurement."""
    if posting.column != "00102":
        return posting.column, _NAMES[posting.column]
    method = posting.project.method
    return ("001021", "公开招标中标公告") if method == "公开招标" else ("001022", f"{method}成交公告")


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    p, (code, name) = posting.project, _type(posting)
    budget = sum(lot.budget for lot in posting.event.lots)
    return {
        "id": posting.notice_id,
        "title": posting.title,
        "noticeTime": f"{posting.at:%Y-%m-%d %H:%M:%S}",
        "noticeId": stable_token(posting.notice_id),
        "purchaser": p.buyer.name,
        "agency": p.agency.name,
        "regionName": p.buyer.region,
        "regionCode": "441300",
        "noticeType": code,
        "noticeTypeName": name,
        "purchaseMannerName": p.method,
        "openTenderCode": p.number,
        "budget": f"{budget:.4f}",
        "channel": CHANNEL,
        "channelName": "采购项目信息",
        "bidCompany": "",
        "successfulMoney": "",
    }


@cache
def content(posting: Posting) -> str:
    """Return the HTML of a notice."""
    return f"<div id='noticeArea'>{render.draw_body(render.draw_of(posting.project, posting.event))}</div>"


def detail(posting: Posting) -> dict[str, Any]:
    """Return the detail response."""
    list_row = row(posting)
    return {
        "code": "200",
        "msg": "操作成功",
        "data": {
            key: list_row[key]
            for key in (
                "id",
                "title",
                "purchaser",
                "noticeTime",
                "noticeTypeName",
                "openTenderCode",
                "purchaseMannerName",
                "budget",
            )
        }
        | {"content": content(posting), "attchList": []},
    }


class GdgpoSite:
    """Guangdong's portal over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(made, "gdgpo", scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return ask.path in (BASE + "selectInfoMoreChannel", BASE + "selectInfoForIndex")

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"code": "200", "msg": "操作成功", "data": None}))

    def answer(self, ask: Ask) -> Reply | None:
        if not ask.header("User-Agent").startswith("Mozilla/"):
            return html("<h1>403 Forbidden</h1>", 403)
        if ask.path == BASE + "getInfoById":
            posting = self.shelf.find(ask.query.get("id", ""))
            return as_json(detail(posting) if posting else {"code": "500", "msg": "数据不存在", "data": None})
        if ask.path == BASE + "selectInfoMoreChannel":
            is_own_channel = ask.query.get("siteId") == SITE and ask.query.get("channel") == CHANNEL
            return as_json(self._page(ask.query, [row(p) for p in self._rows(ask.query)] if is_own_channel else []))
        if ask.path == BASE + "selectInfoForIndex":
            return as_json(self._page(ask.query, self._search(ask.query)))
        return None

    def _rows(self, wanted: dict[str, str]) -> list[Posting]:
        kind, region = wanted.get("noticeType", ""), wanted.get("regionCode", "")
        return [p for p in self.shelf.rows if _type(p)[0].startswith(kind) and (region in _WHOLE or region == "441300")]

    def _search(self, wanted: dict[str, str]) -> list[dict[str, Any]]:
        words, out = wanted.get("searchKey", ""), []
        for posting in self._rows(wanted):
            if words.lower() not in posting.title.lower() or not is_within(
                posting, wanted.get("operationStartTime", ""), wanted.get("operationEndTime", "")
            ):
                continue
            marked = (
                re.sub(f"({re.escape(words)})", r"<font color='#be0108'>\1</font>", posting.title, flags=re.I)
                if words
                else posting.title
            )
            short = f"项目编号：{posting.number}，预算{money.in_wan_shortest(posting.event.lots[0].budget)}万元。"
            out.append(row(posting) | {"title": marked, "description": short})
        return out

    @staticmethod
    def _page(wanted: dict[str, str], rows: list[dict[str, Any]]) -> dict[str, Any]:
        size, page = (
            min(max(parse_number(wanted.get("pageSize"), 10), 1), 100),
            max(parse_number(wanted.get("currPage"), 1), 1),
        )
        return {
            "code": "200",
            "msg": "操作成功",
            "data": {"total": len(rows), "rows": rows[(page - 1) * size : page * size]},
        }


def make(made: Market, scenario: Scenario) -> GdgpoSite:
    return GdgpoSite(made, scenario)
