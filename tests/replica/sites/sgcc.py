"""国家电网电子商务平台: a JSON list by menu and the notice by its bare id. Its PDF files hold the result."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from tests.replica.forms import grids
from tests.replica.forms.company import Block, as_html
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, block_page, parse_number, stable_token

BASE = "/ecp2.0/ecpwcmcore//index/"
_TROUBLE = {"successful": False, "resultValue": None, "resultHint": "SYS001"}


def files(posting: Posting) -> dict[str, grids.Paper]:
    """Return the files of a notice by FILE_PATH."""
    papers = grids.sgcc_papers(posting)
    if posting.footer:
        papers = [replace(one, blocks=(*one.blocks, posting.footer)) for one in papers]
    return {f"/portal/win/{posting.at:%Y%m%d}/{stable_token(posting.key + one.name)}.pdf": one for one in papers}


@cache
def pdf(paper: grids.Paper) -> bytes:
    """Return a file as PDF."""
    from tests.replica.forms import paper as paper_drawing  # imports reportlab, which only portals with PDF files need

    return paper_drawing.draw(paper)


def row(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    return {
        "firstPageDocId": int(posting.notice_id) + 77,
        "noticeId": int(posting.notice_id),
        "doctype": posting.url.rsplit("/", 2)[1],
        "title": posting.title,
        "noticePublishTime": f"{posting.at:%Y-%m-%d}",
        "publishOrgName": posting.project.buyer.name,
        "code": posting.number,
        "firstPageMenuId": int(posting.column),
        "noticeType": 1,
    }


def detail(posting: Posting) -> dict[str, Any]:
    """Return the response of getNoticeWin, which uses the names of the portal's other notices."""
    p = posting.project
    notice = {
        "TITLE": posting.title,
        "PURPRJ_NAME": p.name,
        "PURPRJ_CODE": posting.number,
        "PUBLISH_ORG_NAME": p.buyer.name,
        "PUB_TIME": f"{posting.at:%Y-%m-%d}",
        "CONT": as_html(grids.sgcc_text(posting)),
    }
    return {"successful": True, "resultValue": {"notice": notice}, "resultHint": ""}


def file_list(posting: Posting) -> dict[str, Any]:
    """Return the response of getWinFile."""
    listed = [{"FILE_NAME": one.name, "FILE_PATH": path} for path, one in files(posting).items()]
    return {"successful": True, "resultValue": {"files": listed}, "resultHint": ""}


def text(posting: Posting) -> str:
    """Return the text of the notice's files as a saved page holds it, or an empty string without files.

    Each cell is on lines of its own, broken at the width of its column.
    """
    return "\n".join(line for one in files(posting).values() for block in one.blocks for line in _lines(block))


def _lines(block: Block) -> list[str]:
    if isinstance(block, str):
        return [block[i : i + 40] for i in range(0, len(block), 40)]
    return [cell[i : i + 12] for row in block.rows for cell in row if cell for i in range(0, len(cell), 12)]


class SgccSite:
    """State Grid's portal over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf = Shelf(made, "sgcc", scenario.held_back)
        self.papers = {path: posting for posting in made.on("sgcc") for path in files(posting)}

    def is_list(self, ask: Ask) -> bool:
        return ask.path == BASE + "noteList"

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return block_page(kind, as_json({"successful": True, "resultValue": None, "resultHint": ""}))

    def answer(self, ask: Ask) -> Reply | None:
        what = ask.path.removeprefix(BASE) if ask.path.startswith(BASE) else ""
        if ask.method == "GET" and what == "showPDF":
            return self._pdf(ask.query.get("filePath", ""))
        if ask.method != "POST":
            return None
        wanted = ask.json()
        if what == "noteList":
            return as_json(self._list(wanted) if isinstance(wanted, dict) else _TROUBLE)
        if what in ("getNoticeWin", "getWinFile"):
            posting = None if isinstance(wanted, dict) else self.shelf.find(str(wanted))
            if posting is None:
                return as_json(_TROUBLE)
            return as_json(detail(posting) if what == "getNoticeWin" else file_list(posting))
        return None

    def _pdf(self, path: str) -> Reply | None:
        posting = self.papers.get(path)
        if posting is None or self.shelf.find(posting.notice_id) is None:
            return None
        return Reply(200, pdf(files(posting)[path]), "application/pdf")

    def _list(self, wanted: dict[str, Any]) -> dict[str, Any]:
        menu, word, who = (str(wanted.get(key) or "") for key in ("firstPageMenuId", "key", "orgName"))
        matching = [
            p
            for p in self.shelf.rows
            if p.column == menu
            and (word in p.title or word == p.number)
            and who in p.project.buyer.name
            and str(wanted.get("year") or p.at.year) == str(p.at.year)
        ]
        size, page = (
            min(max(parse_number(wanted.get("size"), 20), 1), 100),
            max(parse_number(wanted.get("index"), 1), 1),
        )
        page_rows = matching[(page - 1) * size : page * size]
        return {
            "successful": True,
            "resultValue": {"count": len(matching), "noteList": [row(p) for p in page_rows]},
            "resultHint": "",
        }


def make(made: Market, scenario: Scenario) -> SgccSite:
    return SgccSite(made, scenario)
