"""中国联通采购与招标网: one JSON list of all kinds of notices, details by GET."""

from __future__ import annotations

from typing import Any

from tests.replica.forms import operators
from tests.replica.forms.company import as_html
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json
from tests.replica.server import Scenario
from tests.replica.sites.invitations import with_invitations
from tests.replica.sites.shelf import Shelf, block_page, parse_number

LIST = "/api/v1/bizAnno/getAnnoList"
DETAIL = "/api/v1/bizAnno/getAnnoDetailed/"
WITH_KEYWORD = 10  # rows of a list with a keyword, whatever page size was requested
CODES = {"022002": "招标公告", "022003": "采购公告"}
_CALLS = (("采购公告", "询比公告"), ("采购公告", "采购公告"), ("招标公告", "招标公告"))


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    return {
        "id": posting.notice_id,
        "annoName": posting.title,
        "annoType": posting.column,
        "createDate": f"{posting.at:%Y-%m-%d %H:%M:%S}",
        "provinceName": posting.project.buyer.province,
        "bidCompany": posting.project.buyer.name,
        "procurementType": posting.project.method,
        "bidNo": None,
        "projectNo": posting.number,
    }


def detail(posting: Posting) -> dict[str, Any]:
    """Return the detail response."""
    written = operators.invitation(posting) if posting.event.what == "tender" else operators.unicom(posting)
    return {
        "code": 200,
        "success": True,
        "msg": "成功",
        "data": row(posting) | {"annoText": as_html(written), "replyEndTime": None},
    }


class ChinaUnicomSite:
    """China Unicom's portal over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(with_invitations(made, "chinaunicom", _CALLS), "chinaunicom", scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return ask.path == LIST

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"code": 200, "success": True, "msg": "成功", "data": None}))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.method == "POST" and ask.path == LIST:
            wanted = ask.json()
            return as_json(self._list(wanted)) if isinstance(wanted, dict) else None
        if ask.method == "GET" and ask.path.startswith(DETAIL):
            posting = self.shelf.find(ask.path.removeprefix(DETAIL))
            return as_json(
                {"code": 500, "success": False, "msg": "公告不存在", "data": None}
                if posting is None
                else detail(posting)
            )
        return None

    def _list(self, wanted: dict[str, Any]) -> dict[str, Any]:
        kind, word = (
            CODES.get(wanted.get("annoType") or "", wanted.get("annoType") or ""),
            str(wanted.get("annoName") or ""),
        )
        matching = [p for p in self.shelf.rows if kind in ("", p.column) and word in p.title]
        size, page = (
            min(max(parse_number(wanted.get("pageSize"), 10), 1), 100),
            max(parse_number(wanted.get("pageNo"), 1), 1),
        )
        page_rows = matching[(page - 1) * size : page * size][: WITH_KEYWORD if word else size]
        data = {
            "records": [row(p) for p in page_rows],
            "total": len(matching),
            "size": size,
            "current": page,
            "pages": -(-len(matching) // size),
        }
        return {"code": 200, "success": True, "msg": "成功", "data": data}


def make(made: Market, scenario: Scenario) -> ChinaUnicomSite:
    return ChinaUnicomSite(made, scenario)
