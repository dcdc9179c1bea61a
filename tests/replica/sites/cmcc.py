"""中国移动采购与招标网: a JSON list and JSON details by POST. A notice is HTML or a PDF in base64."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.replica.forms import company, pdf
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, is_within, parse_number

BASE = "/api-b2b/api-sync-es/white_list_api/b2b/publish/"
HOSTS = ("b2b.10086.cn", "127.0.0.1", "localhost")
_TEXTS = {
    "SELECTION_RESULTS": "中选结果公示",
    "CANDIDATE_PUBLICITY": "中选候选人公示",
    "ONE_SOURCE_PROCUREMENT": "直接采购公告",
    "PURCHASE_OPINION": "采购意见征求公告",
}
_EMPTY = (
    "lastUpdateDate companyName pubTime otherOsType publishTwoType source otherUrl publicityStartTime contentType companyCode "
    "purchaseType companyId projectName projectId status publishId noticeContent projectCode companyType"
)


@cache
def content(posting: Posting) -> tuple[str, str]:
    """Return (contentType, noticeContent)."""
    written = company.blocks(posting)
    if posting.form != "html" and posting.footer:
        written = [*written, posting.footer]
    if posting.form == "html":
        return "html", company.as_html(written)
    return "pdf", base64.b64encode(pdf.draw(written, ruled=posting.form == "pdf")).decode()


def keys(posting: Posting) -> dict[str, str]:
    """Return publishId, publishUuid, publishType and publishOneType from the public address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(posting.url).fragment.partition("?")[2]).items()}


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    own = keys(posting)
    return dict.fromkeys(_EMPTY.split()) | {
        "id": posting.notice_id,
        "uuid": own["publishUuid"],
        "name": posting.title,
        "publishDate": f"{posting.at:%Y-%m-%d %H:%M:%S}",
        "publishType": own["publishType"],
        "publishType_dictText": "招采公告",
        "publishOneType": posting.column,
        "publishOneType_dictText": _TEXTS[posting.column],
        "companyTypeName": posting.project.buyer.province,
        "tenderSaleDeadline": None,
        "backDate": "1900-01-01 00:00:00",
        "publicityEndTime": "1900-01-01 00:00:00",
    }


def detail(posting: Posting) -> dict[str, Any]:
    """Return the detail response."""
    kind, text = content(posting)
    return {"code": 0, "msg": "success", "data": row(posting) | {"contentType": kind, "noticeContent": text}}


class CmccSite:
    """China Mobile's portal over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(made, "cmcc", scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return ask.path == BASE + "queryList"

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"code": 0, "msg": "success", "data": None}))

    def answer(self, ask: Ask) -> Reply | None:
        wanted = ask.json()
        if ask.method != "POST" or not isinstance(wanted, dict):
            return None
        if ask.path == BASE + "queryList":
            is_own_page = all(urlsplit(ask.header(name)).hostname in HOSTS for name in ("Origin", "Referer"))
            return as_json(self._list(wanted, self.shelf.rows if is_own_page else []))
        if ask.path == BASE + "queryDetail":
            posting = self.shelf.find(str(wanted.get("publishId")))
            if posting is None or keys(posting)["publishUuid"] != wanted.get("publishUuid"):
                return as_json({"code": 0, "msg": "success", "data": None})
            return as_json(detail(posting))
        return None

    def _list(self, wanted: dict[str, Any], rows: list[Posting]) -> dict[str, Any]:
        kinds = set(wanted.get("publishOneTypes") or []) | (
            {wanted["publishOneType"]} if wanted.get("publishOneType") else set()
        )
        matching = [
            posting
            for posting in rows
            if (not kinds or posting.column in kinds)
            and wanted.get("publishType", "") in ("", None, keys(posting)["publishType"])
            and str(wanted.get("name") or "").lower() in posting.title.lower()
            and is_within(posting, wanted.get("creationDateStart") or "", wanted.get("creationDateEnd") or "")
        ]
        size = min(max(parse_number(wanted.get("size"), 10), 1), 100)
        page = max(parse_number(wanted.get("current"), 1), 1)
        pages = -(-len(matching) // size)
        page_rows = matching[(page - 1) * size : page * size]
        data = {
            "content": [row(posting) for posting in page_rows],
            "totalElements": len(matching),
            "totalPages": pages,
            "last": page >= pages,
            "first": page == 1,
            "size": size,
            "number": page - 1,
            "numberOfElements": len(page_rows),
            "empty": not page_rows,
        }
        return {"code": 0, "msg": "success", "data": data}


def make(made: Market, scenario: Scenario) -> CmccSite:
    return CmccSite(made, scenario)
