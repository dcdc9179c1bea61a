"""Purchasing sites of central companies and a bank with HTML lists, newest first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from urllib.parse import urlsplit

from tests.replica.addresses import Address, random_guid
from tests.replica.forms import grids, operators
from tests.replica.forms.common import esc
from tests.replica.forms.company import as_html
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, parse_number, stable_token


@dataclass(frozen=True)
class Platform:
    """One site.

    `listed`: pattern of the address of a list page, with its folder and its number (none for the first page). `row` and
    `body`: how a row and a notice are written.
    """

    origin: str
    donor: str
    columns: dict[str, str]
    public: str
    listed: re.Pattern[str]
    rows: int
    row: Callable[[Posting], str]
    body: Callable[[Posting, str], str]


def _path(posting: Posting) -> str:
    return urlsplit(posting.url).path


def _energy_row(posting: Posting) -> str:
    link = f'<a href="{_path(posting)}" {{}}title="{esc(posting.title)}" target="_blank">\n{{}}\n</a>'
    number = f'<span style="margin-right:5px;" class="author">{esc(posting.number)}</span>'
    return (
        f'<li>\n<div class="r-block l">\n{link.format("", number)}\n{link.format("class=infolink ", esc(posting.title))}\n</div>\n'
        f'<span class="r">\n{posting.at:%Y-%m-%d}\n</span>\n</li>'
    )


def _energy_body(posting: Posting, content: str) -> str:
    return (
        f'<h1 id="title">{esc(posting.title)}</h1>\n<input id="zbnum" type="hidden" value="{esc(posting.number)}" />\n'
        f'<p class="info-sources">【发布时间：{posting.at:%Y-%m-%d %H:%M:%S} 阅读次数：<span id="readnum1"></span>】</p>\n<div class="con" style="margin-top:31px;">\n{content}</div>'
    )


def _channel_row(posting: Posting) -> str:
    return (
        f'<li name="li_name">\n<a id="0" href="{_path(posting)}" title="{esc(posting.title)}" target="_blank">\n<span><i class="iconfont">&#xe638;</i>\n<em style="float: none;">\n</em>\n{esc(posting.title)}\n</span>\n'
        f'<em>\n{posting.at:%Y-%m-%d}\n</em>\n<span class="style"><input type="hidden" bmend_1="" class="endTime1"></span>\n</a>\n</li>'
    )


def _channel_body(posting: Posting, content: str) -> str:
    return (
        f'<div class="article-title">{esc(posting.title)}</div>\n<div class="article-author"><em><i class="iconfont">&#xe652;</i>\n发布时间： {posting.at:%Y-%m-%d}</em></div>\n'
        f'<div class="main-text">\n{content}</div>'
    )


def _post_row(posting: Posting) -> str:
    return f'<li><a href="{_path(posting)}" target="_blank"><h1>{esc(posting.title)}</h1><p>采购单位：{esc(posting.project.buyer.name)}</p></a></li>'


def _post_body(posting: Posting, content: str) -> str:
    return f'<div class="bulletin">\n<h1>{esc(posting.title)}</h1>\n<div class="info">发布日期：{posting.at:%Y-%m-%d}</div>\n<div class="text">\n{content}</div>\n</div>'


def _bank_row(posting: Posting) -> str:
    return f'<li><a href="{_path(posting)}"><div class="tit">{esc(posting.title)}</div><div class="date">{posting.at:%Y/%m/%d}</div></a></li>'


def _bank_body(posting: Posting, content: str) -> str:
    return (
        f'<h2>{esc(posting.title)}</h2>\n<p>发布日期：{posting.at:%Y-%m-%d}</p>\n<div class="Content">\n{content}</div>'
    )


_CHANNEL = re.compile(r"^/cms/channel/(\w+)/index\.htm(?:\?pageNo=(\d+))?$")


def _channel_site(origin: str, columns: dict[str, str]) -> Platform:
    return Platform(
        origin, "csg", columns, "/cms/channel/{column}/{number}.htm", _CHANNEL, 10, _channel_row, _channel_body
    )


SITES = {
    "chnenergy": Platform(
        "https://www.chnenergybidding.com.cn",
        "csg",
        {"award": "001006", "candidate": "001005", "failed": "001007", "correction": "001004", "void": "001004"},
        "/bidweb/001/{column}/{column}003/{day}/{guid}.html",
        re.compile(r"^/bidweb/001/(\d{6})/(?:moreinfo|(\d+))\.html$"),
        15,
        _energy_row,
        _energy_body,
    ),
    "ctg": _channel_site("https://eps.ctg.com.cn", {"award": "1ywgg4", "candidate": "1ywgg3", "failed": "2ywgg3"}),
    "chinacoal": _channel_site(
        "https://www.zmzb.com", {"award": "ywgg4fw", "candidate": "ywgg4hw", "failed": "ywgg4gc"}
    ),
    "ccteg": _channel_site("https://cg.ccteg.cn", {"award": "ywgg4fw", "candidate": "ywgg4hw", "failed": "ywgg4qb"}),
    "chinapost": Platform(
        "https://cg.11185.cn",
        "csg",
        {"award": "90", "failed": "90", "candidate": "91"},
        "/zgyzcms/biddingBulletin/{dashed}/{number}.html",
        re.compile(r"^/zgyzcms/category/bulletinList\.html\?dates=300&categoryId=(\d+)&page=(\d+)$"),
        20,
        _post_row,
        _post_body,
    ),
    "cdb": Platform(
        "https://cg.cdb.com.cn",
        "chinaunicom",
        {"award": "cmsjieguo", "failed": "cmsjieguo"},
        "/cmsjieguo/{number}.html",
        re.compile(r"^/(cmsjieguo)/index(?:_(\d+))?\.html$"),
        10,
        _bank_row,
        _bank_body,
    ),
}


def column_of(portal: str, posting: Posting) -> str | None:
    """Return the list in which the site shows a notice of another portal; None if it does not show it."""
    site = SITES[portal]
    return site.columns.get(posting.event.what) if posting.portal == site.donor else None


def address(portal: str, serial: int, at: datetime, column: str) -> Address:
    """Return the id and the public address of a notice."""
    site, guid = SITES[portal], random_guid(Random(f"address {portal} {serial} {at}"))
    number = f"{61000 + serial * 3 + int(stable_token(portal, 2), 16)}"
    path = site.public.format(column=column, number=number, guid=guid, day=f"{at:%Y%m%d}", dashed=f"{at:%Y-%m-%d}")
    return Address(guid if "{guid}" in site.public else number, f"{site.origin}{path}")


def _page(title: str, content: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{esc(title)}</title>\n</head>\n<body>\n'
        f'<div class="header"><a href="/">首页</a></div>\n{content}\n<div class="footer">版权所有</div>\n</body>\n</html>'
    )


def detail(posting: Posting) -> str:
    """Return the public page of a notice."""
    site = SITES[posting.portal]
    written = grids.csg(posting) if site.donor == "csg" else operators.unicom(posting)
    return _page(posting.title, site.body(posting, as_html(written)))


class CompanyPagesSite:
    """One site over a market."""

    def __init__(self, made: Market, scenario: Scenario, portal: str) -> None:
        self.facts = SITES[portal]
        self.shelf = Shelf(made, portal, scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return self._listed(ask) is not None

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, html(_page("首页", "<div class='list'></div>")))

    def answer(self, ask: Ask) -> Reply | None:
        match = self._listed(ask)
        if match:
            return self._list(match[1], parse_number(match[2], 1))
        posting = next((one for one in self.shelf.rows if _path(one) == ask.path), None)
        return html(detail(posting)) if posting else None

    def _listed(self, ask: Ask) -> re.Match[str] | None:
        return self.facts.listed.match(f"{ask.path}?{ask.raw_query}" if ask.raw_query else ask.path)

    def _list(self, folder: str, number: int) -> Reply | None:
        rows, size = [posting for posting in self.shelf.rows if posting.column == folder], self.facts.rows
        pages = max(1, -(-len(rows) // size))
        if number > pages:
            return None
        entries = "\n".join(self.facts.row(posting) for posting in rows[(number - 1) * size : number * size])
        return html(_page("公告", f'<ul class="list">\n{entries}\n</ul>\n<div class="pager">{number}/{pages}页</div>'))


def make(made: Market, scenario: Scenario, portal: str) -> CompanyPagesSite:
    return CompanyPagesSite(made, scenario, portal)
