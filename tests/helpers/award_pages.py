"""Award notices with an invented result section, read as ``ingest`` reads a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from pipelines.model import Notice, Page
from pipelines.process import read_notices

_SEEN = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
_TITLE = "某市政务大模型平台项目中标（成交）结果公告"


def table(*rows: Sequence[str]) -> str:
    """Return an HTML table. A cell that begins with ``<td`` brings its own tag, for spans."""
    cells = ("".join(cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def read_result(section: str, title: str = _TITLE, summary: str = "") -> Notice:
    """Return the notice whose result section has this HTML, or these lines if there are no tags in it."""
    is_html = section.lstrip().startswith("<")
    lines = [
        title,
        *([summary] if summary else []),
        "一、项目编号：QH-2025-0001",
        "二、项目名称：某市政务大模型平台项目",
        "三、中标（成交）信息",
    ]
    after = ["九、凡对本次公告内容提出询问，请按以下方式联系。", "1.采购人信息", "名 称：某市数据局"]
    if is_html:
        body = "".join([*(f"<p>{line}</p>" for line in lines), section, *(f"<p>{line}</p>" for line in after)])
        page = Page("unheard-of", "urn:result", _SEEN, "text/html", f"<html><body>{body}</body></html>", title)
    else:
        page = Page("unheard-of", "urn:result", _SEEN, "text/plain", "\n".join([*lines, section, *after]), title)
    return read_notices(page)[0]


def won_lots(notice: Notice) -> list[tuple[list[str], Decimal | None]]:
    """Return the winners and the price of each lot that was won."""
    return [([winner.supplier for winner in lot.winners], lot.amount_yuan) for lot in notice.lots if not lot.failed]
