"""易招标 CMS of banks: a JSON list by POST for each category, and pages that hold the notice or only its beginning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tests.replica.addresses import Address
from tests.replica.forms import operators
from tests.replica.forms.common import esc
from tests.replica.forms.company import as_html
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, stable_token

LIST, CONTENT, PAGES = (
    "/cms/api/dynamicData/queryContentPage",
    "/cms/api/dynamicData/queryContentInfo",
    "/cms/default/webfile",
)


@dataclass(frozen=True)
class Platform:
    """One site. `folders`: the folder of each category. `in_utc`: it writes times of Greenwich. `preview`: its pages
    show only the beginning."""

    origin: str
    columns: dict[str, str]
    folders: dict[str, str]
    most_rows: int = 200
    in_utc: bool = False
    preview: bool = False


_SISTERS = {"award": "213", "failed": "213", "candidate": "212", "correction": "214", "void": "214"}
_FOLDERS = {"213": "ywgg3", "212": "ywgg2", "214": "ywgg4"}
SITES = {
    "psbc": Platform(
        "https://cg.psbc.com",
        {"award": "235", "failed": "235", "candidate": "224", "correction": "225", "void": "225"},
        {"235": "1ywgg7", "224": "1ywgg3", "225": "1ywgg4"},
        preview=True,
    ),
    "citic": Platform("https://ebid.cfhc.citic", _SISTERS, _FOLDERS, most_rows=10),
    "cib": Platform("https://cg.cib.com.cn", _SISTERS, _FOLDERS, in_utc=True),
}
_NAMES = {
    "award": "中标公告",
    "failed": "中标公告",
    "candidate": "中标候选人公示",
    "correction": "变更公告",
    "void": "变更公告",
}


def column_of(portal: str, posting: Posting) -> str | None:
    """Return the category in which the site shows a notice of another portal; None if it does not show it."""
    return SITES[portal].columns.get(posting.event.what) if posting.portal == "chinaunicom" else None


def address(portal: str, serial: int, at: datetime, column: str) -> Address:
    """Return the id and the public address of a notice."""
    own = f"{1289000000000000000 + int(stable_token(f'{portal} {serial}', 12), 16) % 10**15}"
    return Address(own, f"{SITES[portal].origin}{PAGES}/{SITES[portal].folders[column]}/{at:%Y%m%d}/{own}.html")


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    p, in_utc = posting.project, SITES[posting.portal].in_utc
    at = posting.at - timedelta(hours=8) if in_utc else posting.at
    return {
        "title": posting.title,
        "url": urlsplit(posting.url).path.removeprefix(PAGES),
        "publishDate": f"{at:%Y-%m-%dT%H:%M:%S}.000{'+0000' if in_utc else '+0800'}",
        "categoryId": posting.column,
        "categoryName": _NAMES[posting.event.what],
        "agentCompanyName": p.agency.name,
        "provinceName": p.buyer.province if posting.portal == "citic" else "",
        "cityName": "",
    }


def detail(posting: Posting) -> Any:
    """Return the page of a notice, or what the interface answers about it if the page shows only its beginning."""
    content = as_html(operators.unicom(posting))
    if SITES[posting.portal].preview:
        return {"msg": "操作成功", "res": {"content": {"title": posting.title, "text": content}}}
    return _page(posting, content)


def _page(posting: Posting, content: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{esc(posting.title)}</title>\n</head>\n<body>\n'
        f'<div class="nav"><a href="/">首页</a></div>\n<h1>{esc(posting.title)}</h1>\n<div class="titleContent"><div class="titleContentItem">'
        f'发布时间：{posting.at:%Y-%m-%d}</div></div>\n<div class="text-part-text c-main">\n{content}</div>\n<div class="foot">客服电话：400-000-0000</div>\n</body>\n</html>'
    )


class CmsQuerySite:
    """One site over a market."""

    def __init__(self, made: Market, scenario: Scenario, portal: str) -> None:
        self.facts = SITES[portal]
        self.shelf = Shelf(made, portal, scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return ask.path == LIST

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"msg": "操作成功", "res": None}))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.path == LIST:
            wanted = ask.json() if ask.method == "POST" else None
            return as_json(self._list(wanted)) if isinstance(wanted, dict) else None
        if ask.path == CONTENT and self.facts.preview:
            posting = self.shelf.find(ask.query.get("contentId", ""))
            return as_json(detail(posting) if posting else {"msg": "内容不存在", "res": None})
        posting = next((one for one in self.shelf.rows if urlsplit(one.url).path == ask.path), None)
        if posting is None:
            return None
        return html(_page(posting, "<p>预览结束</p>") if self.facts.preview else detail(posting))

    def _list(self, wanted: dict[str, Any]) -> dict[str, Any]:
        size, page, asked = int(wanted["pageSize"]), int(wanted["pageNo"]), wanted.get("dto") or {}
        if size > self.facts.most_rows:
            return {"msg": "系统繁忙", "res": None}
        rows = [posting for posting in self.shelf.rows if posting.column == asked.get("categoryId")]
        shown = rows[(page - 1) * size : page * size] if asked.get("siteId") == "725" else []
        return {"msg": "操作成功", "res": {"total": len(rows), "rows": [row(posting) for posting in shown]}}


def make(made: Market, scenario: Scenario, portal: str) -> CmsQuerySite:
    return CmsQuerySite(made, scenario, portal)
