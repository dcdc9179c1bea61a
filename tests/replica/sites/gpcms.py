"""江西省政府采购网 (gpcms): a JSON list by GET that ignores page numbers and shows the newest rows of a query by time."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from tests.replica.addresses import Address, random_guid
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json
from tests.replica.server import Scenario
from tests.replica.sites import gdgpo
from tests.replica.sites.shelf import Shelf, block_page

SITES = {"ccgp_jiangxi": "https://zfcg.jxf.gov.cn"}
_SITE, _LIST = "93BB7F0CFA5A6362B1100531C50AE36B", "c5bff13f-21ca-4dac-b158-cb40accd3035"
_COLUMNS = {"award": "00102", "failed": "001004", "void": "001006", "correction": "00103"}
_NAMES = {"00102": "中标公告", "001004": "废标公告", "001006": "终止公告", "00103": "更正公告"}
_MOST_ROWS = 40


def column_of(portal: str, posting: Posting) -> str | None:
    """Return the type under which the site files a notice of another portal; None if it does not show it."""
    return _COLUMNS.get(posting.event.what) if posting.portal == "gdgpo" else None


def address(portal: str, serial: int, at: datetime, column: str) -> Address:
    """Return the id and the public address of a notice."""
    own = random_guid(Random(f"address {portal} {serial} {at}"))
    return Address(own, f"{SITES[portal]}/gpcms-center-web/#/noticeInformationJx?id={own}")


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    p = posting.project
    return {
        "id": posting.notice_id,
        "title": posting.title,
        "noticeTime": f"{posting.at:%Y-%m-%d %H:%M:%S}",
        "purchaser": p.buyer.name,
        "agency": p.agency.name,
        "noticeType": posting.column,
        "noticeTypeName": _NAMES[posting.column],
        "openTenderCode": p.number,
        "successfulMoney": "",
    }


def detail(posting: Posting) -> dict[str, Any]:
    """Return the detail response."""
    return {"code": "200", "msg": "操作成功", "data": row(posting) | {"content": gdgpo.content(posting)}}


class GpcmsSite:
    """The site over a market."""

    def __init__(self, made: Market, scenario: Scenario, portal: str) -> None:
        self.shelf = Shelf(made, portal, scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return ask.path == f"{gdgpo.BASE}selectInfoMoreChannel"

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"code": "200", "msg": "操作成功", "data": None}))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.path == f"{gdgpo.BASE}getInfoById":
            posting = self.shelf.find(ask.query.get("id", ""))
            return as_json(detail(posting) if posting else {"code": "500", "msg": "数据不存在", "data": None})
        if not self.is_list(ask):
            return None
        wanted, rows = ask.query, []
        if (wanted.get("siteId"), wanted.get("channel"), wanted.get("verifyCode")) == (_SITE, _LIST, ""):
            low, high = wanted["operationStartTime"], wanted["operationEndTime"]
            shown = [p for p in self.shelf.rows if p.column.startswith(wanted["noticeType"])]
            rows = [row(p) for p in shown if low <= f"{p.at:%Y-%m-%d %H:%M:%S}" <= high]
        return as_json({"code": "200", "msg": "操作成功", "data": {"total": len(rows), "rows": rows[:_MOST_ROWS]}})


def make(made: Market, scenario: Scenario, portal: str) -> GpcmsSite:
    return GpcmsSite(made, scenario, portal)
