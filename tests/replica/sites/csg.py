"""南方电网供应链统一服务平台: HTML lists by folder, with candidates and results mixed."""

from __future__ import annotations

import re

from tests.replica.forms import grids
from tests.replica.forms.common import esc
from tests.replica.forms.company import as_html
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page

PER_PAGE = 15
FOLDERS = {
    "zbhxrgs": "公示",
    "zbgs": "中标公示",
    "fbgg": "流标公告",
    "zbgg": "招标公告",
    "fzbgg": "非招标公告",
    "zzgg": "中止公告",
}
_LIST = re.compile(r"^/(\w+)/(?:index(?:_(\d+))?\.jhtml)?$")
_DETAIL = re.compile(r"^/(\w+)/(\d+)\.jhtml$")


def _page(title: str, content: str) -> str:
    folders = "".join(f'<li><a href="/{name}/index.jhtml">{text}</a></li>' for name, text in FOLDERS.items())
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{esc(title)}-南方电网供应链统一服务平台</title>\n</head>\n<body>\n'
        f'<div class="Header"><ul class="Nav"><li><a href="/">首页</a></li>{folders}</ul></div>\n{content}\n'
        '<div class="Footer"><p>版权所有：中国南方电网有限责任公司</p><p>技术支持热线：400-000-0000</p></div>\n</body>\n</html>'
    )


def _kind(posting: Posting) -> str:
    return "中标候选人公示" if posting.event.what == "candidate" else "中标公告"


def _row(posting: Posting) -> str:
    own = f"/{posting.column}/{posting.notice_id}.jhtml"
    return (
        f'<li>\n<a class="Blue" href="/{posting.column}/index.jhtml">[{_kind(posting)}]</a>\n<a class="Black14" href="/dbsearch.jspx?q={esc(posting.project.buyer.name)}">{esc(posting.project.buyer.name)}</a>\n'
        f'<a class="Black14" href="{own}" title="{esc(posting.title)}" target="_blank">{esc(posting.title)}</a>\n<span class="Black14 Gray">{posting.at:%Y-%m-%d}</span>\n</li>'
    )


def detail(posting: Posting) -> str:
    """Return the public page of a notice."""
    content = as_html(grids.csg(posting))
    return _page(
        posting.title,
        f'<div class="W980 Center">\n<div class="Path">当前位置：<a href="/">首页</a> &gt; <a href="/{posting.column}/index.jhtml">{FOLDERS[posting.column]}</a></div>\n'
        f'<h1 class="s-title">{esc(posting.title)}</h1>\n<div class="s-date">发布时间：{posting.at:%Y-%m-%d %H:%M:%S} 来源：南方电网</div>\n<div class="Content">\n{content}</div>\n</div>',
    )


class CsgSite:
    """Southern Grid's portal over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(made, "csg", scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return _LIST.match(ask.path) is not None

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, html(_page("公示", "<div class='W980 Center'></div>")))

    def answer(self, ask: Ask) -> Reply | None:
        match = _LIST.match(ask.path)
        if match:
            return self._list(match[1], int(match[2] or 1))
        match = _DETAIL.match(ask.path)
        posting = self.shelf.find(match[2]) if match else None
        return html(detail(posting)) if match and posting and posting.column == match[1] else None

    def _list(self, folder: str, number: int) -> Reply | None:
        if folder not in FOLDERS:
            return None
        postings = [posting for posting in self.shelf.rows if posting.column == folder]
        pages = max(1, -(-len(postings) // PER_PAGE))
        if not 1 <= number <= pages:
            return None
        rows = "\n".join(_row(posting) for posting in postings[(number - 1) * PER_PAGE : number * PER_PAGE])
        later = f'<a href="/{folder}/index_{number + 1}.jhtml">下一页</a>' if number < pages else "下一页"
        pager = f'<div class="Paging">共{len(postings)}条记录 {number}/{pages}页 <a href="/{folder}/index.jhtml">首页</a> {later} <a href="/{folder}/index_{pages}.jhtml">尾页</a></div>'
        return html(
            _page(
                FOLDERS[folder],
                f'<div class="W980 Center">\n<div class="List2">\n<ul>\n{rows}\n</ul>\n</div>\n{pager}\n</div>',
            )
        )


def make(made: Market, scenario: Scenario) -> CsgSite:
    return CsgSite(made, scenario)
