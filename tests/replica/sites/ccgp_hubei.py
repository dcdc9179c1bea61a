"""湖北省政府采购网: the newest results on a tab of the home page, and HTML details. It has no other list."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.replica.forms import own_sites
from tests.replica.forms.common import esc
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page

HOME_ROWS = 15
_TABS = ("招标公告", "更正公告", "单一来源公示", "中标（成交）结果公告")
_BLANKS = "\n\t                            \t\t                            "


def _page(title: str, content: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<title>{esc(title)}</title>\n</head>\n<body>\n<div class="header"><a href="/">湖北省政府采购网</a></div>\n'
        f'{content}\n<div class="footer">湖北省财政厅主办 技术支持：027-00000000</div>\n</body>\n</html>'
    )


def detail(posting: Posting) -> str:
    """Return the page of a notice."""
    body, p = own_sites.body(posting), posting.project
    if posting.event.what != "award":  # the form of a result has its own head
        shown = f"<span>发布日期：{posting.at:%Y-%m-%d %H:%M}</span>｜<span>发布单位：{esc(p.agency.name)}</span>｜<span>项目监管地：{esc(p.buyer.region)}</span>"
        body = (
            f"<div>\t<h2>\t\t<span>{esc(posting.title)}</span>\t</h2>\t<div> \t\t{shown}\t</div></div><div>{body}</div>"
        )
    return _page(
        posting.title, f'<div class="container">\n<div class="art_con">\n<!-- 正文开始 -->{body}\n</div>\n</div>'
    )


def _row(posting: Posting) -> str:
    return (
        f'<li>\n\t                            <a href="{urlsplit(posting.url).path}" target="_blank">\n\t                            [<font color="red">{_BLANKS}\t{posting.project.method}{_BLANKS}</font>]'
        f"{_BLANKS}{esc(posting.title)}\n\t\t\t\t\t \t\t\t</a>\n\t\t\t\t\t \t\t\t<span>{posting.at:%Y-%m-%d}</span>\n\t\t\t\t\t\t   </li>"
    )


class HubeiSite:
    """Hubei's portal over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(made, "ccgp_hubei", scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return ask.path == "/"

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, html(_page("湖北省政府采购网", "<div class='container'></div>")))

    def answer(self, ask: Ask) -> Reply | None:
        if ask.path == "/":
            return html(self._home())
        posting = next((one for one in self.shelf.rows if urlsplit(one.url).path == ask.path), None)
        return None if posting is None else html(detail(posting))

    def _home(self) -> str:
        panes = ""
        for index, name in enumerate(_TABS, 1):
            rows = "\n".join(_row(posting) for posting in self.shelf.rows[:HOME_ROWS]) if index == len(_TABS) else ""
            panes += f'<div class="tab-pane" id="area-1-{index}" title="{name}">\n<ul class=\'news-list-content list-unstyled\'>\n{rows}\n</ul>\n</div>\n'
        return _page("湖北省政府采购网", f'<div class="container">\n<div class="tab-content">\n{panes}</div>\n</div>')


def make(made: Market, scenario: Scenario) -> HubeiSite:
    return HubeiSite(made, scenario)
