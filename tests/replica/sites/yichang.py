"""宜昌市公共资源交易网 (Epoint): the list contains the complete notices."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.replica.forms import yichang
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, is_within, parse_number, stable_token

LIST = "/EpointWebBuilder/rest/secaction/getSecInfoListYzm"
_NAMES = {"003001005": "中标结果公告", "003001004": "中标候选人公示"}
_EMPTY = (
    "infokey isshowweibo titlecolor score titlesize sourcetype sysid urlcategorynum collection haveheadnews flowguid feedbackdesc shared "
    "catedescription imgcategorynum recommend specialguid templateurl oucode strcomment ouguid ishtml titlefontstyle isflow clicktimes "
    "sourceinfoid userguid shixiao infolock"
)


def content(posting: Posting) -> str:
    """Return the HTML of a notice."""
    return yichang.candidate(posting) if posting.event.what == "candidate" else yichang.award(posting)


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list, including the notice."""
    stamp = f"{posting.at:%Y-%m-%d %H:%M:%S}"
    return dict.fromkeys(_EMPTY.split()) | {
        "infoid": posting.notice_id,
        "rowguid": stable_token(posting.notice_id),
        "title": posting.title,
        "customtitle": posting.title,
        "infodate": f"{posting.at:%Y-%m-%d}",
        "startdate": stamp,
        "pubinwebdate": stamp,
        "lasteditdate": stamp,
        "enddate": "2099-12-31 23:59:59",
        "categorynum": posting.column,
        "categoryname": _NAMES[posting.column],
        "infourl": urlsplit(posting.url).path,
        "xiaquname": "宜昌市",
        "xiaqucode": "420500",
        "infotype": "News",
        "urlname": "linkurl",
        "infostatuscode": 9,
        "isenable": 1,
        "ordernum": 0,
        "infocontent": content(posting),
    }


def detail(posting: Posting) -> dict[str, Any]:
    """Return a list response that holds only this notice."""
    return {"custom": {"infodata": [row(posting)]}}


class YichangSite:
    """Yichang's portal over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(made, "yichang", scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return ask.path == LIST

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"custom": {}}))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.path == LIST and ask.method == "POST":
            return as_json({"custom": {"infodata": [row(posting) for posting in self._rows(ask.form())]}})
        posting = next((p for p in self.shelf.rows if urlsplit(p.url).path == ask.path), None)
        return None if posting is None else html(content(posting))

    def _rows(self, wanted: dict[str, str]) -> list[Posting]:
        words = wanted.get("content", "").split()
        matching = [
            posting
            for posting in self.shelf.rows
            if posting.column.startswith(wanted.get("categoryNum", ""))
            and all(word in posting.title for word in words)
            and is_within(posting, wanted.get("startdate", ""), wanted.get("enddate", ""))
            and wanted.get("xiqucode", "") in ("", "420500")
        ]
        size, page = (
            min(max(parse_number(wanted.get("pagesize"), 10), 1), 100),
            parse_number(wanted.get("pageindex"), 0),
        )
        return matching[page * size : (page + 1) * size]


def make(made: Market, scenario: Scenario) -> YichangSite:
    return YichangSite(made, scenario)
