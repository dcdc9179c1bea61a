"""山东省政府采购网: JSON lists by POST and JSON details by GET.

The notice is base64 of UTF-8 or GB18030. Some answers have code 999.
"""

from __future__ import annotations

import base64
from random import Random
from typing import Any

from tests.replica.forms import own_sites
from tests.replica.forms.common import esc
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, is_within, parse_number

BASE = "/api/website/site/"
_BUSY = {"code": 999, "msg": "系统繁忙，请稍后再试", "data": None}
_SHELL = "<!doctype html><html><head><meta charset='utf-8'><title>山东政府采购网</title></head><body><div id='app'></div></body></html>"


def encoding(posting: Posting) -> str:
    """Draw the encoding of a notice. Notices from the older system are not UTF-8."""
    return Random(f"encoding {posting.key}").choice(["utf-8", "gb18030"])


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    return {
        "id": posting.notice_id,
        "title": posting.title,
        "date": f"{posting.at:%Y-%m-%d}",
        "areaName": posting.project.buyer.region,
        "userName": posting.project.agency.name,
        "colCode": posting.column,
        "oldData": encoding(posting) == "gb18030",
    }


def detail(posting: Posting) -> dict[str, Any]:
    """Return the detail response. Its `body` is base64."""
    foot = f"<p>{esc(posting.footer)}</p>" if posting.footer else ""
    page = f"<html><head><title>{esc(posting.title)}</title></head><body><h2>{esc(posting.title)}</h2>{own_sites.body(posting)}{foot}</body></html>"
    return {
        "code": 200,
        "msg": "操作成功",
        "data": {"data": row(posting) | {"body": base64.b64encode(page.encode(encoding(posting))).decode()}},
    }


class ShandongSite:
    """Shandong's portal.

    Part of a scenario's errors become code 999. Only this state changes without a `push`.
    """

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(made, "ccgp_shandong", scenario.held_back)
        self.trouble, self._rng = scenario.error_rate / 2, Random(f"busy {scenario.seed}")

    def is_list(self, ask: Ask) -> bool:
        return ask.path == BASE + "getListByCode"

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json(_BUSY))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.path == "/detail":
            return html(_SHELL)
        what = ask.path.removeprefix(BASE)
        if (ask.method, what) not in (("POST", "getListByCode"), ("GET", "getDetail")):
            return None
        if not (ask.header("Origin") and ask.header("Referer")) or self._rng.random() < self.trouble:
            return as_json(_BUSY)
        if what == "getDetail":
            posting = self.shelf.find(ask.query.get("id", ""))
            has_column = posting is not None and posting.column == ask.query.get("colCode")
            return as_json(
                detail(posting) if posting and has_column else {"code": 500, "msg": "数据不存在", "data": None}
            )
        wanted = ask.json()
        return as_json(self._list(wanted) if isinstance(wanted, dict) else _BUSY)

    def _list(self, wanted: dict[str, Any]) -> dict[str, Any]:
        since, until, word = (str(wanted.get(key) or "") for key in ("startTime", "endTime", "title"))
        matching = [
            posting
            for posting in self.shelf.rows
            if posting.column == wanted.get("colCode") and is_within(posting, since, until) and word in posting.title
        ]
        size, page = (
            min(max(parse_number(wanted.get("pageSize"), 10), 1), 100),
            max(parse_number(wanted.get("currentPage"), 1), 1),
        )
        page_rows = matching[(page - 1) * size : page * size]
        data = {
            "records": [row(p) for p in page_rows],
            "total": len(matching),
            "size": size,
            "current": page,
            "pages": -(-len(matching) // size),
        }
        return {"code": 200, "msg": "操作成功", "data": {"data": data}}


def make(made: Market, scenario: Scenario) -> ShandongSite:
    return ShandongSite(made, scenario)
