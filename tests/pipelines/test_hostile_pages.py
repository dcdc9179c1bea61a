"""Hostile text from the web: endless lines, tables and numbers still become a notice."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.model import Page
from pipelines.process import nesting, read_notices

pytestmark = pytest.mark.slow

_SEEN = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
_RESULT = "三、中标（成交）信息\n"
_HEADS = "序号供应商名称供应商地址中标（成交）金额评审总得分"
_TEXTS = {
    "labels": "供应商名称：" * 5_000,
    "heads": f"{_HEADS}1" * 500,
    "open brackets": "（" * 25_000,
    "digits": "1" * 25_000,
    "one endless sum": "中标（成交）金额：" + "9" * 5_000 + "万元",
    "sections": "一、中标信息\n" * 2_500,
    "rows": "供应商名称\t中标金额\t包号\n" + "甲有限公司\t100元\t包1\n" * 2_500,
    "firms": "甲" * 7_500 + "公司" * 2_500,
    "capital numerals": "壹贰叁" * 7_500,
    "words of heads": "总" * 20_000,
    "winning words": "中标" * 10_000,
    "prices on one line": "金额：5万元，" * 2_500,
    "parted mail addresses": "a@b.c " * 3_000,
    "empty headings": "\n一、" * 6_000,
    "blanks": " " * 50_000 + "甲",
    "line ends": "\n" * 50_000 + "甲",
    "packages": "包1（" * 5_000,
    "ranks": "第一名\n甲公司\n1\n" * 1_250,
    "a glued row": f"{_RESULT}{_HEADS}1甲有限公司北京市" + "路12号" * 500,
    "a glued list": f"{_RESULT}{_HEADS}1" + "北京公司," * 250,
    "a glued consortium": f"{_RESULT}{_HEADS}1" + "牵头人：甲公司 联合体成员：乙公司、" * 125,
    "spaced rows": f"{_RESULT}供应商名称 供应商地址 中标（成交）金额 评审总得分 " + "甲有限公司 北京 5元 " * 500,
    "changes": "二、更正信息\n采购结果 更正前内容更正后内容" + "1标项1中标供应商名称甲有限公司乙有限公司" * 500,
    "head table": "公告概要：" + "采购单位甲采购单位地址乙" * 750,
    "mail addresses": "a@" * 7_500,
    "members": "（联合体：甲公司，" * 1_250,
    "heads on lines": "包号\n排序\n候选人名称\n投标报价\n备注\n工期\n质量\n地址\n" * 750,
    "cells on lines": "包号\n排序\n候选人名称\n投标报价\n备注\n" + "甲有限公司\n" * 2_500,
    "open brackets on lines": "（甲\n）乙" * 5_000,
    "suppliers on one line": "供应商名称：甲公司；" * 2_000,
    "consortia on one line": "联合体牵头人：甲公司，联合体成员：" * 1_200,
    "heads on every second line": "序号\t供应商\t金额\n" * 1_700,
    "decisions on lines": "中标\n未中标\n" * 2_800,
    "buyers on one line": "采购人信息 名 称：" * 2_000,
}


_MOST_SECONDS = 4  # of the processor, for 20,000 characters; a busy machine takes twice as long as an idle one


def test_an_endless_title_is_read_as_fast() -> None:
    title = "终止公告 废标" * 2_500
    page = f"<html><head><title>{title}</title></head><body><p>{title}</p></body></html>"
    began = time.process_time()
    (notice,) = read_notices(Page("somewhere", "https://example.gov.cn/4", _SEEN, "text/html", page))
    assert time.process_time() - began < _MOST_SECONDS
    assert notice.title is not None
    assert len(notice.title) <= 1_000


@pytest.mark.long
@pytest.mark.parametrize("title", ["某项目中标公告", "某项目更正公告", "某项目中标候选人公示"])
@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS.keys())
def test_any_text_becomes_a_notice(text: str, title: str) -> None:
    began = time.process_time()
    (notice,) = read_notices(Page("somewhere", "https://example.gov.cn/1", _SEEN, "text/plain", text, title))
    assert time.process_time() - began < _MOST_SECONDS * max(1, len(text) / 20_000)
    assert notice.title == title


def test_markup_nested_ten_thousand_levels_deep_becomes_a_notice() -> None:
    page = "<html><body><h2>某项目中标公告</h2>" + "<table><tr><td>" * 10_000 + "甲</body></html>"
    (notice,) = read_notices(Page("somewhere", "https://example.gov.cn/2", _SEEN, "text/html", page))
    assert notice.title == "某项目中标公告"


@pytest.mark.parametrize(
    ("markup", "depth"),
    [
        ("<DiV>" * 600, 600),
        ("\\u003cdiv>" * 600, 600),
        ("<span>" * 60 + "</span>" * 90 + "<table class='a'>" * 120, 120),  # more ends than beginnings
        ("<divan>" * 600 + "<p>" * 600 + "<img>" * 600, 0),
        ("<div></div>" * 600, 0),  # too shallow to matter
        ("<div>" * 90, 0),  # too few tags to matter
    ],
)
def test_the_depth_of_tags_is_counted_by_their_names(markup: str, depth: int) -> None:
    assert nesting(markup) == depth


def test_hostile_names_are_stored_as_text() -> None:
    page = "三、中标（成交）信息\n供应商名称：=SUM(A1)+<b>甲</b>' OR 1=1 --有限公司\n中标（成交）金额：5万元"
    (notice,) = read_notices(Page("somewhere", "https://example.gov.cn/3", _SEEN, "text/plain", page, "某项目中标公告"))
    (lot,) = notice.lots
    assert [winner.supplier for winner in lot.winners] == ["=SUM(A1)+<b>甲</b>' OR 1=1 --有限公司"]
    assert str(lot.amount_yuan) == "50000.00"
