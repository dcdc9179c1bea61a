"""北京市政府采购网: HTML lists and details. Some details are GB18030 without a charset in their header."""

from __future__ import annotations

import re
from random import Random
from urllib.parse import urlsplit

from tests.replica.forms import own_sites
from tests.replica.forms.common import esc
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page

PER_PAGE = 20
LIST = "/xxgg/sjxxgg/zbggs/A002004001002index_{}.htm"
_LIST = re.compile(r"^/xxgg/sjxxgg/zbggs/A002004001002index_(\d+)\.htm$")
_CHARSETS = {"utf-8": "utf-8", "gb18030": "gb2312"}  # the charset that the page declares


def encoding(posting: Posting) -> str:
    """Draw the encoding of a notice."""
    return Random(f"encoding {posting.key}").choice(list(_CHARSETS))


def _page(title: str, content: str, charset: str = "utf-8") -> str:
    return (
        f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">\n<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset={charset}" />\n<title>{esc(title)}</title>\n</head>\n'
        f'<body>\n<div class="head"><ul><li><a href="/">首页</a></li><li><a href="/xxgg/index.html">信息公告</a></li><li><a href="/zcfg/index.html">政策法规</a></li></ul></div>\n{content}\n'
        '<div class="foot">北京市财政局主办 咨询电话：010-00000000</div>\n</body>\n</html>'
    )


def detail(posting: Posting) -> str:
    """Return the page of a notice as text."""
    title = f'<div style="text-align:center"><span style="font-size: 20px;font-weight: bold">{esc(posting.title)}</span></div>'
    date = f'<div class="datetime">发布时间：{posting.at:%Y-%m-%d}</div>'
    return _page(
        posting.title,
        f'<div class="xl">\n{title}\n{date}\n<div id="mainText" align="left">\n{own_sites.body(posting)}</div>\n</div>',
        _CHARSETS[encoding(posting)],
    )


class BeijingSite:
    """Beijing's portal over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(made, "ccgp_beijing", scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return _LIST.match(ask.path) is not None

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, html(_page("北京市政府采购网", "<div class='xl'></div>")))

    def answer(self, ask: Ask) -> Reply | None:
        match = _LIST.match(ask.path)
        if match:
            return self._list(int(match[1]))
        posting = next((one for one in self.shelf.rows if urlsplit(one.url).path == ask.path), None)
        if posting is None:
            return None
        own = encoding(posting)
        return Reply(200, detail(posting).encode(own), "text/html; charset=utf-8" if own == "utf-8" else "text/html")

    def _list(self, number: int) -> Reply | None:
        pages = max(1, -(-len(self.shelf.rows) // PER_PAGE))
        if not 1 <= number <= pages:
            return None
        rows = "\n".join(
            f'<li><a href="{posting.url.removeprefix("http:")}" target="_blank" title="{esc(posting.title)}">{esc(posting.title)}</a><span class="datetime">{posting.at:%Y-%m-%d}</span></li>'
            for posting in self.shelf.rows[(number - 1) * PER_PAGE : number * PER_PAGE]
        )
        later = f'<a href="{LIST.format(number + 1)}">下一页</a>' if number < pages else "下一页"
        pager = f'<div class="page">共{pages}页 当前第{number}页 <a href="{LIST.format(1)}">首页</a> {later} <a href="{LIST.format(pages)}">尾页</a></div>'
        return html(
            _page("市级中标公告", f'<div class="inner">\n<ul class="inner-ul">\n{rows}\n</ul>\n{pager}\n</div>')
        )


def make(made: Market, scenario: Scenario) -> BeijingSite:
    return BeijingSite(made, scenario)
