"""Procurement sites of universities on 云采通: a JSON list by form, and notices as JSON or PDF on the vendor's host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random
from typing import Any
from urllib.parse import parse_qs

from tests.replica import money, render
from tests.replica.addresses import Address
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, parse_number
from tests.replica.sites.zcy import milliseconds

_NOTICE = re.compile(r"^/api/publish/(\d+)$")
_FILE = re.compile(r"^/publish/(\d{4}/\d\d/\d\d)/(\d+)/content\.pdf$")
_TYPES = {"award": "ZCGG", "failed": "FBGG", "correction": "BGGG", "void": "BGGG"}


@dataclass(frozen=True)
class School:
    """A school's site. ``copied``: the portals whose notices it shows."""

    origin: str
    category: str
    copied: tuple[str, ...]
    path: str = "/sfw_cms/e"


SITES = {
    "sztu": School("https://ztb.sztu.edu.cn", "104910", ("gdgpo", "zcy_shanghai")),
    "cqu": School("http://ztbzx.cqu.edu.cn", "101720", ("zcy_guangxi", "ccgp_hubei")),
}


def column_of(portal: str, posting: Posting) -> str | None:
    """Return the category of a notice of another portal; None if the school does not show it."""
    school = SITES[portal]
    return school.category if posting.portal in school.copied and posting.event.what in _TYPES else None


def address(portal: str, serial: int, at: datetime, column: str) -> Address:
    """Return the id and the public address of a notice."""
    own = f"{600000 + serial * 7}{Random(f'address {portal} {serial} {at}').randrange(10**4):04d}"
    return Address(own, f"{SITES[portal].origin}/provider/#/publish/{own}")


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    stamp = f"{posting.at:%Y-%m-%d %H:%M:%S}"
    return {
        "id": int(posting.notice_id) + 31,
        "syncId": int(posting.notice_id),
        "subject": posting.title,
        "type": _TYPES[posting.event.what],
        "tenderNo": posting.number,
        "beginTime": stamp,
        "creTime": stamp,
        "fullUrl": "",
    }


def is_pdf(posting: Posting) -> bool:
    """Whether the school publishes this notice as a PDF file."""
    return posting.event.what == "award" and len(posting.event.lots) == 1 and int(posting.notice_id) % 3 == 0


def detail(posting: Posting) -> dict[str, Any]:
    """Return the vendor's answer about a notice."""
    created = {"createTime": milliseconds(posting.at)}
    if is_pdf(posting):
        return {"contentType": "PDF", "content": None, **created}
    return {
        "contentType": "HTML",
        "content": render.draw_body(render.draw_of(posting.project, posting.event)),
        **created,
    }


def text(posting: Posting) -> str:
    """Return the text of a notice that is a file; empty if it has a text of its own."""
    return "\n".join(_lines(posting)) if is_pdf(posting) else ""


def _lines(posting: Posting) -> list[str]:
    p, [one] = posting.project, posting.event.lots
    price = {"rate": f"{one.price.label}{one.price.number}%", "unit_price": f"{one.price.number}{one.price.unit}"}
    amount = f"{money.fixed_decimals(one.price.yuan)}元" if one.price.yuan else price.get(one.price.kind, "详见合同")
    return [
        f"项目编号：{p.number}",
        f"项目名称：{p.name}",
        f"采购人：{p.buyer.name}",
        f"中标供应商：{'、'.join(winner.name for winner in one.winners)}",
        f"中标金额：{amount}",
        f"{posting.at:%Y年%m月%d日}",
    ]


@cache
def pdf(posting: Posting) -> bytes:
    """Return a notice as PDF."""
    from tests.replica.forms import pdf as drawing  # imports reportlab, which only portals with PDF files need

    return drawing.draw([posting.title, *_lines(posting)])


class SfwCmsSite:
    """One school's site over a market, with the vendor's host that keeps its notices."""

    def __init__(self, made: Market, scenario: Scenario, portal: str) -> None:
        self.school = SITES[portal]
        self.shelf = Shelf(made, portal, scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return ask.path == self.school.path

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({}))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.path == self.school.path and ask.method == "POST":
            return as_json({"resultset": [row(posting) for posting in self._rows(ask)], "success": True})
        if match := _NOTICE.match(ask.path):
            posting = self.shelf.find(match[1])
            return as_json(detail(posting)) if posting else None
        match = _FILE.match(ask.path)
        posting = self.shelf.find(match[2]) if match else None
        if not match or not posting or not is_pdf(posting) or f"{posting.at:%Y/%m/%d}" != match[1]:
            return None
        return Reply(200, pdf(posting), "application/pdf")

    def _rows(self, ask: Ask) -> list[Posting]:
        wanted, types = ask.form(), parse_qs(ask.body.decode()).get("type", [])
        if wanted.get("page") != "cms.psms.publish.query" or wanted.get("window_") != "json":
            return []
        matching = [
            posting
            for posting in self.shelf.rows
            if posting.column == wanted.get("categoryId") and _TYPES[posting.event.what] in types
        ]
        first = parse_number(wanted.get("start"), 1) - 1
        return matching[first : first + min(parse_number(wanted.get("limit"), 25), 100)]


def make(made: Market, scenario: Scenario, portal: str) -> SfwCmsSite:
    return SfwCmsSite(made, scenario, portal)
