"""Plain clients of replica portals: each walks a portal's lists and reads every notice that they name."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pdfplumber
from lxml import html as lxml_html

from tests.replica.protocol import Ask, Reply
from tests.replica.sites import ccgp_beijing, ccgp_shandong, chinatelecom, chinaunicom, sgcc

MENUS = ("2018060501171111", "2018060501171107")
VISITOR = {"origin": "https://www.ccgp-shandong.gov.cn", "referer": "https://www.ccgp-shandong.gov.cn/"}


def get(site: Any, path: str, **query: str) -> Reply:
    reply: Reply | None = site.answer(Ask("GET", path, query, headers=VISITOR))
    assert reply is not None, path
    return reply


def post(site: Any, path: str, wanted: object, headers: dict[str, str] = VISITOR) -> Any:
    reply = site.answer(Ask("POST", path, body=json.dumps(wanted).encode(), headers=headers))
    assert reply is not None, path
    return json.loads(reply.body)


def session(site: Any) -> dict[str, str]:
    """The cookie that China Telecom's home page sets."""
    set_cookie = dict(get(site, "/").headers)["Set-Cookie"]
    return {"cookie": set_cookie.split(";")[0]}


# One walk a portal: (id, title, what the notice says) of all that its lists name, seven rows a page where the client may choose.


def walk_telecom(site: Any) -> Iterator[tuple[str, str, str]]:
    cookie, number, total, seen = session(site), 1, 1, 0
    while seen < total:
        answer = post(site, chinatelecom.LIST, {"pageNum": number, "pageSize": 7, "type": "n0eves"}, cookie)
        info = answer["data"]["pageInfo"]
        assert info["hasNextPage"] is False
        number, total, seen = number + 1, info["total"], seen + len(info["list"])
        for row in info["list"]:
            asked = {"type": row["docTypeCode"], "id": row["docId"], "securityViewCode": row["securityViewCode"]}
            data = post(site, chinatelecom.VIEWS[row["docTypeCode"]], asked, cookie)["data"]
            packages = "".join(one["packageContent"] for one in data["listPackage"])
            yield row["docId"], row["docTitle"], (data["context"] or "") + packages


def walk_unicom(site: Any) -> Iterator[tuple[str, str, str]]:
    number, pages = 1, 1
    while number <= pages:
        wanted = {"pageNo": number, "pageSize": 7, "modeNo": "BizAnnoVoMtable", "tenderingType": "1"}
        data = post(site, chinaunicom.LIST, wanted)["data"]
        number, pages = number + 1, data["pages"]
        for row in data["records"]:
            if row["annoType"] in ("采购结果", "中标候选人公示"):
                yield (
                    row["id"],
                    row["annoName"],
                    json.loads(get(site, chinaunicom.DETAIL + row["id"]).body)["data"]["annoText"],
                )


def walk_sgcc(site: Any) -> Iterator[tuple[str, str, str]]:
    for menu in MENUS:
        number, seen, count = 1, 0, 1
        while seen < count:
            value = post(site, sgcc.BASE + "noteList", {"index": number, "size": 7, "firstPageMenuId": menu})[
                "resultValue"
            ]
            number, seen, count = number + 1, seen + len(value["noteList"]), value["count"]
            for row in value["noteList"]:
                notice = post(site, sgcc.BASE + "getNoticeWin", row["noticeId"])["resultValue"]["notice"]
                assert notice["TITLE"] == row["title"]
                files = post(site, sgcc.BASE + "getWinFile", str(row["noticeId"]))["resultValue"]["files"]
                papers = [get(site, sgcc.BASE + "showPDF", filePath=one["FILE_PATH"]).body for one in files]
                yield str(row["noticeId"]), row["title"], notice["CONT"] + "".join(map(pdf_text, papers))


@cache
def pdf_text(data: bytes) -> str:
    """All words and all cells of a PDF, without its line breaks."""
    with pdfplumber.open(io.BytesIO(data)) as paper:
        cells = [cell or "" for page in paper.pages for table in page.extract_tables() for row in table for cell in row]
        return " ".join([*(page.extract_text() for page in paper.pages), *cells]).replace("\n", "")


def walk_csg(site: Any) -> Iterator[tuple[str, str, str]]:
    for folder in ("zbhxrgs", "fbgg"):
        path: str | None = f"/{folder}/"
        while path:
            page = lxml_html.fromstring(get(site, path).body.decode())
            for row in page.cssselect("div.List2 li"):
                kind, buyer, title = row.cssselect("a")
                assert kind.text.startswith("[")
                assert buyer.text
                assert re.fullmatch(r"\d{4}-\d\d-\d\d", row.cssselect("span.Black14.Gray")[0].text)
                detail = lxml_html.fromstring(get(site, title.get("href")).body.decode())
                assert detail.cssselect("h1.s-title")[0].text == title.get("title")
                own = title.get("href").rsplit("/", 1)[1].removesuffix(".jhtml")
                yield own, title.get("title"), detail.cssselect("div.Content")[0].text_content()
            path = next((a.get("href") for a in page.cssselect("div.Paging a") if a.text == "下一页"), None)


def walk_zcy(site: Any) -> Iterator[tuple[str, str, str]]:
    for category in ("ZcyAnnouncement4", "ZcyAnnouncement5"):
        number, total, seen = 1, 1, 0
        while seen < total:
            data = post(site, "/portal/category", {"pageNo": number, "pageSize": 7, "categoryCode": category})[
                "result"
            ]["data"]
            number, total, seen = number + 1, data["total"], seen + len(data["data"])
            for row in data["data"]:
                detail = json.loads(get(site, "/portal/detail", articleId=row["articleId"]).body)["result"]["data"]
                assert detail["publishDate"] == row["publishDate"]
                yield row["articleId"], row["title"], detail["content"]


def walk_beijing(site: Any) -> Iterator[tuple[str, str, str]]:
    path: str | None = ccgp_beijing.LIST.format(1)
    while path:
        page = lxml_html.fromstring(get(site, path).body.decode())
        for row in page.cssselect("ul.inner-ul li"):
            link = row.cssselect('a[href^="//www.ccgp-beijing.gov.cn/xxgg/"]')[0]
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", row.cssselect("span.datetime")[0].text)
            own = urlsplit(link.get("href")).path
            reply = get(site, own)
            charset = re.search(rb"charset=([\w-]+)", reply.body)
            assert charset is not None
            text = reply.body.decode({b"gb2312": "gb18030"}.get(charset[1], "utf-8"))
            yield own.rsplit("/t", 1)[1].removesuffix(".html"), link.get("title"), text
        path = next((a.get("href") for a in page.cssselect("div.page a") if a.text == "下一页"), None)


def walk_shandong(site: Any) -> Iterator[tuple[str, str, str]]:
    number, pages = 1, 1
    while number <= pages:
        wanted = {"colCode": "0302", "area": "", "currentPage": number, "pageSize": 7, "homePage": 1}
        data = post(site, ccgp_shandong.BASE + "getListByCode", wanted)["data"]["data"]
        number, pages = number + 1, data["pages"]
        for row in data["records"]:
            answer = get(site, ccgp_shandong.BASE + "getDetail", id=row["id"], colCode=row["colCode"])
            body = base64.b64decode(json.loads(answer.body)["data"]["data"]["body"])
            yield row["id"], row["title"], body.decode("gb18030" if row["oldData"] else "utf-8")


def walk_hubei(site: Any) -> Iterator[tuple[str, str, str]]:
    """The home page holds the newest rows alone: what is held back is let out row by row."""
    while True:
        page = lxml_html.fromstring(get(site, "/").body.decode())
        rows = page.cssselect("#area-1-4 ul.news-list-content li")
        assert not page.cssselect("#area-1-1 ul.news-list-content li")
        for row in rows:
            link = row.cssselect("a")[0]
            detail = lxml_html.fromstring(get(site, link.get("href")).body.decode())
            title = re.sub(r"^\[\s*\S+\s*\]\s*", "", link.text_content().strip())
            yield link.get("href")[-37:-5], title, detail.cssselect("div.art_con")[0].text_content()
        before = [row.cssselect("a")[0].get("href") for row in rows]
        site.push()
        again = lxml_html.fromstring(get(site, "/").body.decode())
        if [a.get("href") for a in again.cssselect("#area-1-4 li a")] == before:
            return


WALKS: dict[str, Callable[[Any], Iterator[tuple[str, str, str]]]] = {
    "chinatelecom": walk_telecom,
    "chinaunicom": walk_unicom,
    "sgcc": walk_sgcc,
    "csg": walk_csg,
    "zcy_shanghai": walk_zcy,
    "zcy_guangxi": walk_zcy,
    "ccgp_beijing": walk_beijing,
    "ccgp_shandong": walk_shandong,
    "ccgp_hubei": walk_hubei,
}


def squeezed(text: str) -> str:
    """The words of a page without any blanks."""
    return "".join(lxml_html.fromstring(f"<div>{text}</div>").text_content().split())


def numbers(text: str) -> set[str]:
    """The numbers of a page, those of two cells apart."""
    spaced = " ".join(lxml_html.fromstring(f"<div>{text}</div>").itertext())
    return set(re.findall(r"\d+(?:\.\d+)?", spaced.replace(",", "")))
