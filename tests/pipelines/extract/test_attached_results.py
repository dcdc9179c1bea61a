"""Results in the files of a notice: what the notice leaves open is filled, what it says stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import pytest

from pipelines.common.clock import SHANGHAI
from pipelines.model import Attachment, Notice, Page
from pipelines.process import process
from tests.helpers.attached_files import HEADS, ROWS, docx_file, old_office_file, pdf_file, xlsx_file, zip_file

_SEEN = datetime(2026, 1, 1, tzinfo=SHANGHAI)
_HEAD = (
    "一、项目编号：XH-2026-031",
    "二、项目名称：大模型训练平台及智能体应用采购项目",
    "采购人：兴和市数据管理局",
)
_WON = {"杭州云岭智能科技有限公司": Decimal("3860000.00"), "成都锦桥软件有限公司": Decimal("1250000.50")}


def _read(
    lines: Sequence[str], *files: tuple[str, bytes], title: str = "兴和市大模型训练平台及智能体应用采购项目中标公告"
) -> Notice:
    body = "".join(f"<p>{line}</p>" for line in (*_HEAD, *lines))
    attachments = tuple(Attachment(name, f"https://example.gov.cn/{name}", "", content) for name, content in files)
    page = Page("somewhere", "https://example.gov.cn/1", _SEEN, "text/html", body, title, attachments=attachments)
    (notice,) = process(page).notices
    return notice


def _won(notice: Notice) -> dict[str, Decimal | None]:
    return {lot.winners[0].supplier: lot.amount_yuan for lot in notice.lots if lot.winners}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("中标结果明细.xlsx", xlsx_file(ROWS, "中标结果明细表")),
        ("中标结果.docx", docx_file(["三、中标信息"], ROWS)),
        ("中标结果.pdf", pdf_file(ROWS)),
        ("中标结果.zip", zip_file({"明细.xlsx": xlsx_file(ROWS)})),
    ],
)
def test_winners_and_prices_come_from_the_file(name: str, content: bytes) -> None:
    notice = _read(["三、中标信息：详见附件"], (name, content))
    assert _won(notice) == _WON
    assert f"\n附件：{name}\n" in notice.body
    assert all(words in notice.body for field in ("supplier", "amount_yuan") for words in notice.evidence[field])
    assert notice.is_large_model


_A, _B = _WON
_PAIR = [("1", _A, "3860000.00"), ("2", _B, "1250000.50")]
_ONE = {_A: Decimal("3860000.00")}


@pytest.mark.parametrize(
    ("before", "rows", "won"),
    [
        (["单位：万元"], [("中标人", "中标金额"), (_A, "386")], _ONE),
        ([], [("成交供应商名称", _A), ("成交供应商地址", "某市某路8号"), ("成交金额", "386万元")], _ONE),
        ([], [("采购项目编号", "XH-1", "采购方式", "磋商"), ("成交供应商", _A, "成交金额", "386万元")], _ONE),
        ([], [("包号", "1", "2"), ("中标供应商", _A, _B), ("中标金额（元）", "3860000.00", "1250000.50")], _WON),
        ([], [("包号", "中标单位", "中标金额（元）"), *_PAIR, ("合计", "", "5110000.50")], _WON),
        ([], [("包号", "中标单位", "中标金额（元）", "备注"), ("1", _A, "3860000", ""), ("2", "/", "/", "流标")], _ONE),
        ([], [("投标人", "投标报价（元）", "排名", "是否中标"), (_B, "3900000", "2", "否"), (_A, "3860000", "1", "是")], _ONE),
        ([], [("标包", "成交人", "不含税报价（元）", "含税报价（元）"), ("1", _A, "3641509.43", "3860000.00")], _ONE),
        (["1. 中标供应商：" + _A, "2. 主要标的信息"], [("标的名称", "数量", "单价（元）", "总价（元）"), ("平台", "1", "3860000", "3860000")], _ONE),
        (["第一包：", "供应商：" + _A, "金额：386万元", "第二包：", "供应商：" + _B, "金额：1250000.50元"], [], _WON),
        ([f"经评审，确定{_A}为中标人，中标价为3860000.00元，服务期一年。"], [], _ONE),
        ([f"{_A}：", "你单位参加的本项目，经评审被确定为中标供应商。", "中标金额：3860000元。"], [], _ONE),
    ],
)  # fmt: skip
def test_a_file_may_write_its_result_in_any_form(
    before: Sequence[str], rows: Sequence[Sequence[str]], won: dict[str, Decimal]
) -> None:
    notice = _read(["三、中标信息：详见附件"], ("中标结果.docx", docx_file(before, rows)))
    assert _won(notice) == won


def test_what_the_notice_says_is_not_changed_by_a_file() -> None:
    own = ["三、中标信息", "中标供应商：成都锦桥软件有限公司", "中标金额：1200000元"]
    notice = _read(own, ("中标结果.xlsx", xlsx_file(ROWS)))
    assert _won(notice) == {"成都锦桥软件有限公司": Decimal("1200000.00")}
    assert "杭州云岭智能科技有限公司" in notice.body


def test_the_price_of_a_named_winner_comes_from_the_file() -> None:
    notice = _read(
        ["三、中标信息", "中标供应商：成都锦桥软件有限公司", "中标金额：详见附件"],
        ("报价明细.xlsx", xlsx_file([HEADS, ("1", "智能体应用开发", "成都锦桥软件有限公司", "1250000.50")])),
    )
    assert _won(notice) == {"成都锦桥软件有限公司": Decimal("1250000.50")}


def test_a_file_about_another_winner_says_nothing_about_the_price() -> None:
    notice = _read(
        ["三、中标信息", "中标供应商：成都锦桥软件有限公司", "中标金额：详见附件"],
        ("报价明细.xlsx", xlsx_file([HEADS, ("1", "训练平台", "杭州云岭智能科技有限公司", "3860000")])),
    )
    assert _won(notice) == {"成都锦桥软件有限公司": None}


def test_the_packages_of_one_winner_come_from_the_file() -> None:
    rows = [HEADS, *((number, name, "成都锦桥软件有限公司", price) for number, name, _, price in ROWS[1:])]
    notice = _read(
        ["三、中标信息", "中标供应商：成都锦桥软件有限公司", "各包金额：详见附件"], ("明细.xlsx", xlsx_file(rows))
    )
    assert [(lot.lot_no, lot.amount_yuan) for lot in notice.lots] == list(enumerate(_WON.values(), 1))


def test_one_file_for_each_package_makes_one_result() -> None:
    files = [(f"包{row[0]}中标结果.xlsx", xlsx_file([HEADS, row])) for row in ROWS[1:]]
    assert _won(_read(["三、中标信息：详见附件"], *files)) == _WON


def test_the_same_result_in_two_files_counts_once() -> None:
    files = [("中标结果.xlsx", xlsx_file(ROWS)), ("中标结果.pdf", pdf_file(ROWS))]
    assert _won(_read(["三、中标信息：详见附件"], *files)) == _WON


def test_candidates_and_their_quotes_come_from_the_file() -> None:
    rows = [
        ("排名", "中标候选人名称", "投标报价（元）"),
        ("1", "杭州云岭智能科技有限公司", "3860000"),
        ("2", "成都锦桥软件有限公司", "3910000"),
    ]
    notice = _read(
        ["中标候选人情况：详见附件"],
        ("评标结果.xlsx", xlsx_file(rows)),
        title="兴和市大模型训练平台采购项目中标候选人公示",
    )
    assert [(winner.position, winner.amount_yuan) for winner in notice.lots[0].winners] == [(1, 3860000), (2, 3910000)]


def test_a_correction_takes_the_corrected_result_from_its_file() -> None:
    notice = _read(
        ["更正内容：详见附件"],
        ("更正前结果.xlsx", xlsx_file([HEADS, ("1", "训练平台", "武汉旧桥科技有限公司", "9990000")])),
        ("更正后中标结果.xlsx", xlsx_file(ROWS)),
        title="兴和市大模型训练平台及智能体应用采购项目结果更正公告",
    )
    assert notice.kind == "correction"
    assert _won(notice) == _WON


def test_a_tender_document_says_nothing_about_the_result() -> None:
    notice = _read(["三、中标信息：详见附件"], ("招标文件.xlsx", xlsx_file(ROWS)))
    assert _won(notice) == {}
    assert "杭州云岭智能科技有限公司" in notice.body


def test_persons_in_a_file_are_not_stored() -> None:
    lines = ["三、中标信息", "项目联系人：欧阳明哲", "联系电话：13900001234"]
    notice = _read(["三、中标信息：详见附件"], ("中标结果.docx", docx_file(lines, ROWS)))
    assert "13900001234" not in notice.body
    assert "欧阳明哲" not in notice.body
    assert _won(notice) == _WON


def test_a_file_that_is_not_read_is_named_and_the_notice_stays() -> None:
    notice = _read(["三、中标信息：详见附件"], ("中标结果.doc", old_office_file("WordDocument")))
    assert notice.body.endswith("附件：中标结果.doc\n（附件未读取：旧版 Word 文件）")
    assert notice.project_number == "XH-2026-031"


def test_a_refused_file_is_reported_with_its_notice() -> None:
    bomb = zip_file({"结果.txt": bytes(30_000_000)})
    page = Page(
        "somewhere", "https://example.gov.cn/1", _SEEN, "text/html", "<p>三、中标信息：详见附件</p>", "某项目中标公告"
    )
    result = process(
        Page(
            page.portal, page.url, page.fetched_at, page.content_type, page.body, page.title,
            attachments=(Attachment("中标结果.zip", "https://example.gov.cn/2", "", bomb),),
        )
    )  # fmt: skip
    assert [notice.title for notice in result.notices] == ["某项目中标公告"]
    assert result.problem == "the attachment 中标结果.zip was not read: it unpacks to far more than any notice needs"
