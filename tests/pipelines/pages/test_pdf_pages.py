"""PDF notices drawn by the tests: ruled tables over lines and pages, tables without rules, stacked cells."""

from __future__ import annotations

import base64
import io
import logging
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pdfplumber
import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from pipelines.model import Notice, Page
from pipelines.pages.pdf_grid import Grid, joined
from pipelines.pages.pdf_layout import blocks
from pipelines.pages.pdf_pages import pdf_text
from pipelines.process import read_notices

pytestmark = pytest.mark.slow

_FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
_STYLE = ParagraphStyle("cell", fontName=_FONT, fontSize=9, leading=13, wordWrap="CJK")
_HEADS = ("标包名称", "排序", "中标候选人名称", "投标报价（不含税总价，元）", "工期", "其他情况", "拟中标份额")


def _read_pdf(pdf: bytes, title: str) -> Notice:
    seen = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    (notice,) = read_notices(Page("cmcc", "urn:pdf", seen, "application/pdf", base64.b64encode(pdf).decode(), title))
    return notice


def _draw_pdf(
    before: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    after: Sequence[str] = (),
    repeat: int = 0,
) -> bytes:
    """Draw paragraphs, a ruled table and paragraphs. A cell `^` continues the one above."""
    spans = []
    for column in range(len(rows[0])):
        start = 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or rows[at][column] != "^":
                spans.append(("SPAN", (column, start), (column, at - 1)))
                start = at
    style = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans])
    cells = [[Paragraph("" if cell == "^" else cell, _STYLE) for cell in row] for row in rows]
    out = io.BytesIO()
    flow = [
        *(Paragraph(text, _STYLE) for text in before),
        Table(cells, colWidths=list(widths), style=style, repeatRows=repeat),
        *(Paragraph(text, _STYLE) for text in after),
    ]
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build(flow)
    return out.getvalue()


def _draw_placed_texts(*pages: Sequence[tuple[float, float, str]]) -> bytes:
    """Draw texts at positions (points from the left, points from the top) without any rule."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for page in pages:
        canvas.setFont(_FONT, 10)
        for left, top, text in page:
            canvas.drawString(left, A4[1] - top, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _candidate_rows(notice: Notice) -> list[tuple[int, str, int | None, str | None]]:
    return [
        (lot.lot_no, w.supplier, w.position, None if w.amount_yuan is None else str(w.amount_yuan))
        for lot in notice.lots
        for w in lot.winners
    ]


def test_a_ruled_table_gives_names_broken_over_lines_and_packages_over_rows() -> None:
    rows = [
        _HEADS,
        (
            "标包1",
            "第一名",
            "甲乙丙丁信息技术（华东）有限公司",
            "1880000.50",
            "合同签订之日起12个月",
            "满足询比文件要求",
            "60%",
        ),
        ("^", "第二名", "戊己庚辛网络工程有限公司", "1905000", "合同签订之日起12个月", "满足询比文件要求", "40%"),
        ("标包2", "第一名", "壬癸软件有限公司", "230000", "合同签订之日起12个月", "满足询比文件要求", "100%"),
    ]
    before, after = (
        ["某项目_中选候选人公示", "一、中选候选人的中选情况"],
        ["采购人/招标代理机构：某公司/某代理有限公司"],
    )
    pdf = _draw_pdf(before, rows, (45, 40, 70, 80, 70, 60, 50), after)
    notice = _read_pdf(pdf, "某项目_中选候选人公示")
    assert notice.kind == "candidate"
    assert notice.buyer == "某公司"
    assert _candidate_rows(notice) == [
        (1, "甲乙丙丁信息技术（华东）有限公司", 1, "1880000.50"),
        (1, "戊己庚辛网络工程有限公司", 2, "1905000.00"),
        (2, "壬癸软件有限公司", 1, "230000.00"),
    ]
    assert [lot.tax_included for lot in notice.lots] == [False, False]
    assert [w.share_pct for w in notice.lots[0].winners] == [60, 40]


def test_a_table_keeps_its_position_between_paragraphs() -> None:
    lines = pdf_text(_draw_pdf(["上文"], [("包号", "中标人"), ("包1", "甲有限公司")], (60, 200), ["下文"])).split("\n")
    assert lines == ["上文", "包号\t中标人", "包1\t甲有限公司", "下文"]


def test_a_frame_around_the_page_is_not_a_table() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.rect(30, 30, A4[0] - 60, A4[1] - 60)
    canvas.setFont(_FONT, 10)
    canvas.drawString(60, 700, "中选人：甲有限公司")
    canvas.drawString(60, 680, "采购人：某公司")
    canvas.save()
    assert pdf_text(out.getvalue()).split("\n") == ["中选人：甲有限公司", "采购人：某公司"]


def test_a_table_over_several_pages_is_one_table() -> None:
    rows = [("分标编号", "包号", "项目名称", "中标人")]
    rows += [
        ("^" if n % 4 else f"F-{n // 4}", f"包{n + 1}", f"第{n}批设备维护项目", f"第{n}数字科技有限公司")
        for n in range(90)
    ]
    for repeat in (0, 1):
        lines = [
            line.split("\t")
            for line in pdf_text(_draw_pdf(["公告"], rows, (60, 50, 150, 150), repeat=repeat)).split("\n")
        ]
        assert lines[0] == ["公告"]
        assert [line[1:] for line in lines[1:]] == [list(row[1:]) for row in rows]
        assert [line[0] for line in lines[2:]] == [f"F-{n // 4}" for n in range(90)]


def _table_lines(*pages: bytes) -> list[str]:
    pages_blocks = []
    for pdf in pages:
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            pages_blocks.append(blocks(document.pages[0]))
    (table,) = joined(pages_blocks)
    assert isinstance(table, Grid)
    return table.lines()


def test_a_row_split_by_a_page_break_is_joined() -> None:
    upper = _draw_pdf([], [("包号", "中标人", "中标金额（元）"), ("包1", "甲乙丙丁信息技术", "500000")], (60, 120, 100))
    lower = _draw_pdf([], [("", "华东有限公司", ""), ("包2", "戊己有限公司", "60000")], (60, 120, 100))
    assert _table_lines(upper, lower)[1:] == ["包1\t甲乙丙丁信息技术华东有限公司\t500000", "包2\t戊己有限公司\t60000"]


def test_a_package_cell_across_a_page_break_keeps_its_name() -> None:
    heads = ("包号", "排序", "候选人名称")
    upper = _draw_pdf([], [heads, ("包1", "第一名", "甲有限公司"), ("^", "第二名", "乙有限公司")], (60, 60, 120))
    lower = _draw_pdf([], [("", "第三名", "丙有限公司"), ("包2", "第一名", "丁有限公司")], (60, 60, 120))
    assert _table_lines(upper, lower)[1:] == [
        "包1\t第一名\t甲有限公司", "包1\t第二名\t乙有限公司", "包1\t第三名\t丙有限公司", "包2\t第一名\t丁有限公司"
    ]  # fmt: skip


def test_unruled_columns_are_separated_by_white_space() -> None:
    pdf = _draw_placed_texts(
        [
            (60, 80, "中选候选人公示"),
            (60, 110, "标包"), (110, 110, "排序"), (170, 110, "候选人名称"), (300, 110, "投标报价（不含税，元）"),
            (60, 140, "标包1"), (110, 140, "第一名"), (170, 140, "甲乙丙丁信息"), (300, 140, "1,880,000.00"),
            (170, 153, "技术有限公司"),
            (60, 182, "标包1"), (110, 182, "第二名"), (170, 182, "戊己网络有限公司"), (300, 182, "1,905,000.00"),
            (60, 230, "公示期为自公示之日起连续3日，如有异议请以书面形式提出，逾期不再受理。"),
        ]
    )  # fmt: skip
    assert _candidate_rows(_read_pdf(pdf, "某项目中选候选人公示")) == [
        (1, "甲乙丙丁信息技术有限公司", 1, "1880000.00"),
        (1, "戊己网络有限公司", 2, "1905000.00"),
    ]


def test_evenly_spaced_rows_start_at_the_unbroken_column() -> None:
    pdf = _draw_placed_texts(
        [
            (60, 110, "包号"), (110, 110, "中标人"), (250, 110, "中标金额（元）"),
            (60, 125, "包1"), (110, 125, "甲乙丙丁信息"), (250, 125, "1,880,000.00"),
            (110, 140, "技术有限公司"),
            (60, 155, "包2"), (110, 155, "戊己有限公司"), (250, 155, "60,000.00"),
        ]
    )  # fmt: skip
    assert pdf_text(pdf).split("\n")[1:] == [
        "包1\t甲乙丙丁信息技术有限公司\t1,880,000.00",
        "包2\t戊己有限公司\t60,000.00",
    ]


def test_stacked_cells_are_joined_to_rows() -> None:
    terms = "自合同签订之日起 12个月 满足文件要求"
    lines = (
        "标包名称 排序 候选人名 称 投标报价(不含 税,元) 工期 其他情况 拟中标份额 "
        f"标包1 第一名 甲乙丙丁信息技术 有限公司 2082600 {terms} 70% 第二名 戊己庚辛研究院 1905000 {terms} 30% "
        f"标包2 第一名 壬癸软件有限公司 88000 {terms} 100% 公示期3日。"
    ).split()
    pdf = _draw_placed_texts([(60, 60 + 16 * at, text) for at, text in enumerate(lines)])
    assert _candidate_rows(_read_pdf(pdf, "某项目_中选候选人公示")) == [
        (1, "甲乙丙丁信息技术有限公司", 1, "2082600.00"),
        (1, "戊己庚辛研究院", 2, "1905000.00"),
        (2, "壬癸软件有限公司", 1, "88000.00"),
    ]


def test_lines_of_a_paragraph_are_joined_and_page_numbers_omitted() -> None:
    full = "某某移动通信有限公司二零二六年度智能客服平台能力建设采购项目评审"
    pdf = _draw_placed_texts(
        [(60, 60, full), (60, 76, "工作已经结束。"), (60, 100, "中选人：甲有限公司"), (290, 800, "- 1 -")],
        [(60, 60, "2026年1月5日"), (60, 90, "4888900"), (290, 800, "第 2 页 共 2 页")],
    )
    assert pdf_text(pdf).split("\n") == [full + "工作已经结束。", "中选人：甲有限公司", "2026年1月5日", "4888900"]


@pytest.mark.parametrize("below", ["采购人：某市数据局", "成交信息", "（三）成交信息", "中标人：甲有限公司"])
def test_a_full_line_does_not_swallow_a_field_or_heading_below_it(below: str) -> None:
    full = "项目名称：某某移动通信有限公司二零二六年度智能客服平台能力建设采购"
    pdf = _draw_placed_texts([(60, 60, full), (60, 76, below), (60, 110, "2026年1月5日")])
    assert pdf_text(pdf).split("\n")[:2] == [full, below]


def test_characters_printed_twice_for_bold_are_read_once() -> None:
    pdf = _draw_placed_texts(
        [(60, 60, "中选人：甲一一有限公司"), (60.4, 60, "中选人：甲一一有限公司"), (60, 90, "hello all 100.00")]
    )
    assert pdf_text(pdf).split("\n") == ["中选人：甲一一有限公司", "hello all 100.00"]


def test_winners_with_shares_but_no_package_share_one_lot() -> None:
    lines = [
        "某项目：",
        "中选人：",
        "份额1：甲有限公司，份额比例：70%",
        "份额2：乙研究院，份额比例：30%",
        "采购人：某公司",
    ]
    pdf = _draw_placed_texts([(60, 60 + 20 * at, text) for at, text in enumerate(lines)])
    notice = _read_pdf(pdf, "某项目_中选结果公示")
    (lot,) = notice.lots
    assert [(w.supplier, str(w.share_pct), w.role) for w in lot.winners] == [
        ("甲有限公司", "70", "shared"),
        ("乙研究院", "30", "shared"),
    ]


def test_an_unreadable_file_still_gives_a_notice() -> None:
    notice = _read_pdf(b"%PDF-1.4\nbroken", "某项目中标结果公告")
    assert (notice.title, notice.kind) == ("某项目中标结果公告", "award")


@pytest.mark.parametrize("align", ["TOP", "MIDDLE"])
@pytest.mark.parametrize("repeat", [0, 1])
@pytest.mark.parametrize("above", [0, 23, 61])
def test_a_row_across_a_page_break_is_one_row(above: int, repeat: int, align: str) -> None:
    """The vertical rules end at the break, and no horizontal rule closes the row there."""
    winners = [
        f"{'甲乙丙丁戊己庚辛壬癸'[at % 10]}州市{'东南西北'[at % 4]}湖智能电力科技股份有限公司" for at in range(24)
    ]
    rows = [("分标编号", "分标名称", "包号", "中标人")]
    rows += [
        (f"25AB-9{at // 4:03d}", f"巡检大模型{at + 1}", f"包{at + 1}", winner) for at, winner in enumerate(winners)
    ]
    lines = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), align)])
    cells = [[Paragraph(cell, _STYLE) for cell in row] for row in rows]
    out = io.BytesIO()
    table = Table(cells, colWidths=[60, 70, 40, 48], style=lines, repeatRows=repeat, splitInRow=1)
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build([Spacer(1, above), table])
    lots = _read_pdf(out.getvalue(), "平原省电力有限公司服务招标采购中标结果公告").lots
    assert [winner.supplier for lot in lots for winner in lot.winners] == winners
    assert [lot.lot_name for lot in lots] == [f"巡检大模型{at + 1}" for at in range(24)]


def test_no_debug_message_is_made_for_each_object_of_a_file(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.NOTSET)  # as Scrapy sets it for every crawl
    assert "大模型平台" in pdf_text(_draw_pdf(["大模型平台"], [["甲", "乙"]], [60, 60]))
    assert not [record for record in caplog.records if record.name.startswith("pdfminer")]
