"""Purchasing sites of banks and companies with JSON lists, each with names and addresses of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.replica.addresses import Address
from tests.replica.forms import grids, operators, pdf
from tests.replica.forms.common import esc
from tests.replica.forms.company import as_html
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, is_within, parse_number, stable_token
from tests.replica.sites.zcy import milliseconds


@dataclass(frozen=True)
class Wanted:
    """What a request for a list asks for."""

    column: str
    page: int
    size: int
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Platform:
    """One site.

    `donor`: the portal whose notices it publishes too. `columns`: the list of each kind of notice. `wanted`: what a
    request asks for, None if it is not for a list. `page`: the answer with these rows, of so many. `notice`: the id in
    a request for a notice, '' if it is not for one. `detail`: the answer about a notice.
    """

    origin: str
    donor: str
    columns: dict[str, str]
    public: str
    wanted: Callable[[Ask], Wanted | None]
    page: Callable[[list[Posting], int, int], Any]
    notice: Callable[[Ask], str]
    detail: Callable[[Posting], Any]
    header: str = ""  # a header without which it answers nothing
    calls: str = ""  # the list of calls for bids, if they are mixed with results


def _content(posting: Posting) -> str:
    drawn = grids.csg(posting) if SITES[posting.portal].donor == "csg" else operators.unicom(posting)
    return as_html(drawn)


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _pages(total: int, size: int) -> int:
    return -(-total // size)


# 建行


def _ccb_wanted(ask: Ask) -> Wanted | None:
    parts = ask.path.removeprefix("/json/contentFile/").removesuffix(".json").split("/")
    is_list = ask.method == "GET" and ask.path.startswith("/json/contentFile/") and len(parts) == 2
    return Wanted(parts[0], parse_number(parts[1], 0), 1000) if is_list else None


def _ccb_row(posting: Posting) -> dict[str, Any]:
    return {
        "id": posting.notice_id,
        "title": posting.title,
        "releaseDate": _stamp(posting.at),
        "releaseInst": posting.project.buyer.name,
        "ptInst": "",
        "area": posting.project.buyer.province,
        "channelId": posting.column,
    }


def _ccb_notice(ask: Ask) -> str:
    parts = ask.path.removeprefix("/json/contentFile/").removesuffix(".json").split("/")
    return parts[2] if ask.path.startswith("/json/contentFile/") and len(parts) == 3 else ""


# 中国电建

_POWER = "/newcbs/recpro-newmember/BidAnnouncementSummary/"


def _power_wanted(ask: Ask) -> Wanted | None:
    data = ask.json() if ask.method == "POST" and ask.path == f"{_POWER}list" else None
    if not isinstance(data, dict) or data.get("companyType") != "3":
        return None
    return Wanted(str(data.get("announcementType")), int(data["pageNum"]), int(data["pageSize"]))


def _power_row(posting: Posting) -> dict[str, Any]:
    return {
        "id": posting.notice_id,
        "title": posting.title,
        "publishTime": _stamp(posting.at),
        "procuringEntity": posting.project.buyer.name,
        "projectNumber": posting.number,
        "titleTypeName": "服务类",
        "announcementType": posting.column,
        "pictureUrl": None,
        "isPublic": "0",
    }


def is_paper(posting: Posting) -> bool:
    """Whether a notice of 中国电建 is a PDF file and its own answer is empty."""
    return posting.portal == "powerchina" and Random(posting.key).random() < 0.4


def _power_detail(posting: Posting) -> Any:
    content = "" if is_paper(posting) else _content(posting)
    return {"code": 200, "msg": "操作成功", "data": _power_row(posting) | {"announcementContent": content}}


# 深圳阳光采购


def _sunshine_wanted(ask: Ask) -> Wanted | None:
    data = ask.json() if ask.method == "POST" and ask.path == "/app/home/pageGGList.do" else None
    if not isinstance(data, dict):
        return None
    column = f"{data.get('caiGouType')}/{data.get('ggLeiXing')}"
    return Wanted(column, int(data["page"]), int(data["rows"]))


def _sunshine_row(posting: Posting) -> dict[str, Any]:
    return {
        "ggName": posting.title,
        "ggGuid": posting.notice_id,
        "bdGuid": stable_token(f"bd {posting.notice_id}"),
        "guid": stable_token(f"g {posting.notice_id}"),
        "zbRName": posting.project.buyer.name,
        "bdBH": posting.number,
        "faBuTime": milliseconds(posting.at),
        "ggXingZhi": int(posting.column[-1]),
        "dataSource": int(posting.notice_id[0], 16) % 2,
    }


def _sunshine_notice(ask: Ask) -> str:
    source = {"/app/home/detail.do": "0", "/app/etl/detail": "1"}.get(ask.path)
    is_right = source is not None and ask.query.get("dataSource") == source and ask.query.get("bdGuid")
    return ask.query.get("ggGuid", "") if is_right else ""


def _sunshine_detail(posting: Posting) -> Any:
    notice = {"title": posting.title, "content": _content(posting), "publishTime": milliseconds(posting.at)}
    return {"code": 0, "data": {"ggDetail": notice, "fileList": []}}


# 华润, 国能e购: notices are static pages


def _resources_wanted(ask: Ask) -> Wanted | None:
    if ask.path != "/rcms-external-rest/content/getSZExtData":
        return None
    return Wanted(ask.query.get("channelIds", ""), int(ask.query["pageNo"]), int(ask.query["pageSize"]))


def _resources_row(posting: Posting) -> dict[str, Any]:
    return {
        "contentId": posting.notice_id,
        "title": posting.title,
        "url": f"..{urlsplit(posting.url).path}",
        "publishDate": _stamp(posting.at),
        "number": posting.number,
    }


def _static_page(posting: Posting, container: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{esc(posting.title)}</title>\n</head>\n<body>\n'
        f'<div class="head"><a href="/">首页</a></div>\n<h1>{esc(posting.title)}</h1>\n<p>发布时间：{_stamp(posting.at)}</p>\n'
        f'<div class="{container}">\n{_content(posting)}</div>\n<div class="foot">版权所有</div>\n</body>\n</html>'
    )


def _shop_wanted(ask: Ask) -> Wanted | None:
    if ask.path != "/rest/service/routing/nouser/inquiry/quote/searchCmsArticleList":
        return None
    return Wanted(ask.query.get("noticeType", ""), int(ask.query["pageNo"]), int(ask.query["pageSize"]))


def _shop_row(posting: Posting) -> dict[str, Any]:
    return {
        "articleId": posting.notice_id,
        "inquireName": posting.title,
        "articleUrl": posting.url,
        "publishTimeString": f"{posting.at:%Y-%m-%d}",
        "inquireCode": posting.number,
    }


def _static_notice(ask: Ask) -> str:
    return ask.path.rpartition("/")[2].removesuffix(".html") if ask.path.endswith(".html") else ""


# 工行, 广发, 中海油


def _icbc_wanted(ask: Ask) -> Wanted | None:
    data = ask.json() if ask.method == "POST" and ask.path == "/app/queryPortalNoticeInfoPage" else None
    if not isinstance(data, dict):
        return None
    return Wanted(data["menuId"], data["curPage"], data["pageSize"], data["beginDate"], data["endDate"])


def _icbc_row(posting: Posting) -> dict[str, Any]:
    return {
        "noticeId": posting.notice_id,
        "noticeTitle": posting.title,
        "issueDate": f"{posting.at:%Y%m%d%H%M}",
        "noticeUrl": "",
    }


def _cgb_wanted(ask: Ask) -> Wanted | None:
    if ask.path != "/gf/Members" or ask.query.get("act") != "findGgList":
        return None
    return Wanted(ask.query["querytype"], int(ask.query["page"]), int(ask.query["rows"]))


def _cgb_row(posting: Posting) -> dict[str, Any]:
    return {"ID": posting.notice_id, "TITLE": posting.title, "TIME": f"{posting.at:%Y-%m-%d}"}


def _cgb_notice(ask: Ask) -> str:
    return ask.query.get("code", "") if ask.query.get("act") == "findPurchaseReport" else ""


_OFFSHORE = "/prodeta/homeportalweb/portal/indexHome/background/businessannouncement/"


def _offshore_wanted(ask: Ask) -> Wanted | None:
    if ask.path != f"{_OFFSHORE}page":
        return None
    wanted = ask.query
    return Wanted(
        wanted["columns"], int(wanted["current"]), int(wanted["size"]), wanted["startDate"], wanted["endDate"]
    )


def _offshore_row(posting: Posting) -> dict[str, Any]:
    return {"id": posting.notice_id, "title": posting.title, "createdTime": _stamp(posting.at)}


def _after(prefix: str) -> Callable[[Ask], str]:
    return lambda ask: unquote(ask.path.removeprefix(prefix)) if ask.path.startswith(prefix) else ""


def _columns(result: str, candidate: str, correction: str = "") -> dict[str, str]:
    later = {"correction": correction, "void": correction} if correction else {}
    return {"award": result, "failed": result, "candidate": candidate} | later


SITES = {
    "ccb": Platform(
        "https://ibuy.ccb.com",
        "chinaunicom",
        _columns("359", "358", "357"),
        "/cms/index.html#/content?pId={column}&id={own}",
        _ccb_wanted,
        lambda rows, total, size: [_ccb_row(posting) for posting in rows],
        _ccb_notice,
        lambda posting: {"data": {"title": posting.title, "content": _content(posting)}},
    ),
    "powerchina": Platform(
        "https://bid.powerchina.cn",
        "csg",
        _columns("中标/成交公示", "中标候选人公示", "变更公告"),
        "/notice/detail?id={own}",
        _power_wanted,
        lambda rows, total, size: {"code": 200, "total": total, "rows": [_power_row(posting) for posting in rows]},
        _after(f"{_POWER}getInfo/"),
        _power_detail,
    ),
    "szygcgpt": Platform(
        "https://www.szygcgpt.com",
        "csg",
        _columns("0/4", "1/3"),
        "/ygcg/detailTop?ggGuid={own}&ggLeiXing=4",
        _sunshine_wanted,
        lambda rows, total, size: {"code": 0, "data": {"list": [_sunshine_row(posting) for posting in rows]}},
        _sunshine_notice,
        _sunshine_detail,
    ),
    "crc": Platform(
        "https://www.szecp.com.cn",
        "csg",
        _columns("26912", "26911", "26917"),
        "/first_zbgg/{day}/{own}.html",
        _resources_wanted,
        lambda rows, total, size: {
            "code": "S1A00000",
            "data": {"data": [_resources_row(posting) for posting in rows], "totalCount": total},
        },
        _static_notice,
        lambda posting: _static_page(posting, "szb-content-item"),
    ),
    "neep": Platform(
        "https://gd-prod.oss-cn-beijing.aliyuncs.com",
        "csg",
        {"award": "4", "failed": "4"},
        "/upload/cms/article/inquireDeal/{own}.html",
        _shop_wanted,
        lambda rows, total, size: {
            "respCode": "0000",
            "data": {"total": _pages(total, size), "rows": [_shop_row(posting) for posting in rows]},
        },
        _static_notice,
        lambda posting: _static_page(posting, "right-main-content"),
    ),
    "icbc": Platform(
        "https://jc.icbc.com.cn",
        "chinaunicom",
        _columns("MENU040000000", "MENU040000000"),
        "/#/announcementDetail?noticeId={own}",
        _icbc_wanted,
        lambda rows, total, size: {
            "rows": [_icbc_row(posting) for posting in rows],
            "totalNum": total,
            "totalPage": _pages(total, size),
        },
        _after("/app/api/notice/detail/"),
        lambda posting: {"noticeDetail": _icbc_row(posting) | {"noticeText": _content(posting)}},
        calls="MENU030000000",
    ),
    "cgb": Platform(
        "https://gfcg.cgbchina.com.cn",
        "chinaunicom",
        _columns("9", "9"),
        "/html/gf/purchasereport.html?code={own}",
        _cgb_wanted,
        lambda rows, total, size: {"data_list": [_cgb_row(posting) for posting in rows]},
        _cgb_notice,
        lambda posting: {"type": 0, "REPORT_CONTENT": _content(posting)},
        calls="9",
    ),
    "cnooc": Platform(
        "https://bid.cnooc.com.cn",
        "csg",
        _columns("3", "2"),
        "/home/#/newsAlertDetails?index=1&id={own}",
        _offshore_wanted,
        lambda rows, total, size: {
            "code": 100200,
            "result": {
                "total": total,
                "pages": _pages(total, size),
                "data": [_offshore_row(posting) for posting in rows],
            },
        },
        _after(f"{_OFFSHORE}detail/"),
        lambda posting: {"code": 100200, "result": _offshore_row(posting) | {"fullText": _content(posting)}},
        header="app-id",
        calls="1",
    ),
}


def column_of(portal: str, posting: Posting) -> str | None:
    """Return the list in which the site shows a notice of another portal; None if it does not show it."""
    site = SITES[portal]
    return site.columns.get(posting.event.what) if posting.portal == site.donor else None


def address(portal: str, serial: int, at: datetime, column: str) -> Address:
    """Return the id and the public address of a notice."""
    site, own = SITES[portal], stable_token(f"{portal} {serial} {at}", 18)
    path = site.public.format(own=own, column=column, day=f"{at:%Y-%m-%d}")
    return Address(own, f"{site.origin}{path}")


def _with_calls(made: Market, portal: str) -> Market:
    """Return the market with a call for bids before every notice of the site, if its lists mix them."""
    column, calls = SITES[portal].calls, []
    for posting in made.on(portal) if column else ():
        own = stable_token(f"call {posting.notice_id}", 18)
        title = f"{posting.project.name}公开招标公告"
        event = replace(posting.event, what="tender", title=title, at=posting.at - timedelta(days=20))
        calls.append(replace(posting, notice_id=own, event=event, column=column))
    return replace(made, postings=made.postings | {portal: (*calls, *made.on(portal))})


def detail(posting: Posting) -> Any:
    """Return what the site answers about a notice: a JSON value or a page."""
    return SITES[posting.portal].detail(posting)


class JsonListSite:
    """One site over a market."""

    def __init__(self, made: Market, scenario: Scenario, portal: str) -> None:
        self.facts = SITES[portal]
        self.shelf = Shelf(_with_calls(made, portal), portal, scenario.held_back)

    def is_list(self, ask: Ask) -> bool:
        return self.facts.wanted(ask) is not None

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"code": 500, "msg": ""}))

    def answer(self, ask: Ask) -> Reply | None:
        wanted = self.facts.wanted(ask)
        if self.facts.header and not ask.header(self.facts.header):
            return None
        if wanted is not None:
            return self._list(wanted)
        if ask.path == f"{_POWER}downloadPdf":
            posting = self.shelf.find(ask.query.get("id", ""))
            return Reply(200, pdf.draw(grids.csg(posting)), "application/pdf") if posting else None
        posting = self.shelf.find(self.facts.notice(ask))
        if posting is None:
            return None
        value = detail(posting)
        return html(value) if isinstance(value, str) else as_json(value)

    def _list(self, wanted: Wanted) -> Reply | None:
        rows = [
            posting
            for posting in self.shelf.rows
            if wanted.column in (posting.column, "") and is_within(posting, wanted.since, wanted.until)
        ]
        shown = rows[(wanted.page - 1) * wanted.size : wanted.page * wanted.size]
        if not shown and wanted.page > 1 and wanted.size == 1000:
            return None  # a static file that does not exist
        return as_json(self.facts.page(shown, len(rows), wanted.size))


def make(made: Market, scenario: Scenario, portal: str) -> JsonListSite:
    return JsonListSite(made, scenario, portal)
