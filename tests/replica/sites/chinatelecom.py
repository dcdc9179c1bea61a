"""中国电信阳光采购网: a JSON list and JSON details by POST, one address per kind of document.

Every request needs the cookie of the home page.
"""

from __future__ import annotations

from http.cookies import SimpleCookie
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.replica.forms import operators
from tests.replica.forms.company import as_html
from tests.replica.model import Market, Posting
from tests.replica.protocol import HTML, Ask, Reply, as_json, html
from tests.replica.server import Scenario
from tests.replica.sites.invitations import with_invitations
from tests.replica.sites.shelf import Shelf, block_page, parse_number, stable_token

LIST = "/portal/base/announcementJoin/queryListNew"
VIEWS = {
    "ResultAnnounc": "/portal/base/resultannounc/view",
    "CompareSelect": "/portal/base/compareselect/view",
    "PurchaseAnnounceBasic": "/portal/base/purchaseannounce/view",
    "TenderAnnouncement": "/portal/base/tenderannouncement/view",
}
TYPES = {"n0eves": "ResultAnnounc", "e3erht": "CompareSelect", "e2no": "TenderAnnouncement"}
_CALLS = (("CompareSelect", "询比公告"), ("TenderAnnouncement", "招标公告"), ("PurchaseAnnounceBasic", "采购公告"))
_DOC_TYPES = {
    "ResultAnnounc": "采购结果",
    "CompareSelect": "询比公告",
    "PurchaseAnnounceBasic": "采购公告",
    "TenderAnnouncement": "招标公告",
}
_WALL = "<!doctype html><html><head><meta charset='utf-8'><title></title></head><body><script>var _0x1f={};document.cookie='bw=1';</script></body></html>"


def view_code(posting: Posting) -> str:
    """Return `securityViewCode` from the public address."""
    return parse_qs(urlsplit(posting.url).query)["securityViewCode"][0]


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list.

    `docId` is the id in the detail address and on the public page. `id` belongs to the list only.
    """
    return {
        "id": stable_token(posting.key, 16),
        "docId": posting.notice_id,
        "docTitle": posting.title,
        "docCode": posting.number,
        "docType": _DOC_TYPES[posting.column],
        "docTypeCode": posting.column,
        "createDate": f"{posting.at:%Y-%m-%d %H:%M:%S}",
        "provinceName": posting.project.buyer.province,
        "companyName": posting.project.buyer.name,
        "securityViewCode": view_code(posting),
        "isCancel": "0",
    }


def detail(posting: Posting) -> dict[str, Any]:
    """Return the detail response: the notice as one document, or the results package by package."""
    data: dict[str, Any] = {"id": posting.notice_id, "context": None, "listPackage": []}
    if posting.column == "ResultAnnounc":
        data |= {"resultAnnounceName": posting.title, "resultAnnounceCode": posting.number}
    if posting.event.what == "award" and Random(f"packages {posting.key}").random() < 0.35:
        data["listPackage"] = [_package(posting, index) for index in range(len(posting.event.lots))]
    else:
        written = operators.invitation(posting) if posting.event.what == "tender" else operators.telecom(posting)
        data["context"] = as_html(written)
    return {"code": 200, "msg": "success", "data": data}


def _package(posting: Posting, index: int) -> dict[str, Any]:
    p, one = posting.project, posting.event.lots[index]
    written = [
        f"项目名称：{operators.titled_project(posting)}",
        f"项目编号：{p.number}",
        *operators.telecom_lot_blocks(posting, one),
        f"采购人：{p.buyer.name}",
        f"采购代理机构：{p.agency.name}",
        f"联系人：{p.agency.contact}，{p.agency.phone}",
        f"{posting.at:%Y年%m月%d日}",
    ]
    return {
        "packageName": one.name if operators.has_several_lots(posting) else "标包1",
        "packageCode": f"{p.number}-{one.no:02d}",
        "packageContent": as_html(written),
    }


class ChinaTelecomSite:
    """China Telecom's portal over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(with_invitations(made, "chinatelecom", _CALLS), "chinatelecom", scenario.held_back)
        self.session = stable_token(f"session {made.world.seed}").upper()

    def is_list(self, ask: Ask) -> bool:
        return ask.path == LIST

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return (
            html(_WALL) if kind == "wall" else block_page(kind, as_json({"code": 200, "msg": "success", "data": None}))
        )

    def answer(self, ask: Ask) -> Reply | None:
        if ask.path == "/":
            return Reply(
                200,
                b"<!doctype html><html><body><div id='app'></div></body></html>",
                HTML,
                (("Set-Cookie", f"JSESSIONID={self.session}; Path=/; HttpOnly"),),
            )
        if ask.method != "POST" or ask.path not in (LIST, *VIEWS.values()):
            return None
        cookie = SimpleCookie(ask.header("Cookie")).get("JSESSIONID")
        wanted = ask.json()
        if cookie is None or cookie.value != self.session or not isinstance(wanted, dict):
            return html(_WALL)
        return as_json(self._list(wanted) if ask.path == LIST else self._view(ask.path, wanted))

    def _view(self, path: str, wanted: dict[str, Any]) -> dict[str, Any]:
        posting = self.shelf.find(str(wanted.get("id")))
        is_right_view = posting is not None and VIEWS[posting.column] == path and wanted.get("type") == posting.column
        if posting is None or not is_right_view or wanted.get("securityViewCode") != view_code(posting):
            return {"code": 500, "msg": "公告不存在", "data": None}
        return detail(posting)

    def _list(self, wanted: dict[str, Any]) -> dict[str, Any]:
        kind = TYPES.get(wanted.get("type") or "", wanted.get("type") or "")
        words = [str(wanted.get(key) or "") for key in ("title", "name")]
        matching = [p for p in self.shelf.rows if kind in ("", p.column) and all(word in p.title for word in words)]
        size, page = (
            min(max(parse_number(wanted.get("pageSize"), 10), 1), 100),
            max(parse_number(wanted.get("pageNum"), 1), 1),
        )
        page_rows = matching[(page - 1) * size : page * size]
        info = {
            "total": len(matching),
            "pageNum": page,
            "pageSize": size,
            "size": len(page_rows),
            "hasNextPage": False,
            "list": [row(p) for p in page_rows],
        }
        return {"code": 200, "msg": "success", "data": {"pageInfo": info}}


def make(made: Market, scenario: Scenario) -> ChinaTelecomSite:
    return ChinaTelecomSite(made, scenario)
