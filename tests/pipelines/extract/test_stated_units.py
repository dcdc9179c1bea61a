"""A unit that is stated once for many prices."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pipelines.extract.notice import Source, read_notice
from pipelines.extract.stated_units import write_stated_units

HEAD = "序号\t供应商名称\t中标金额"
ROW = "1\t白桦智能科技有限公司\t188.6"


def prices(*lines: str) -> list[Decimal | None]:
    text = "\n".join(["三、中标（成交）信息", *lines, "九、凡对本次公告内容提出询问，请按以下方式联系。"])
    seen = datetime(2025, 7, 1, tzinfo=UTC)
    source = Source("x:1", "x", "https://x.example/1", seen, text, title="白桦市智能问答项目中标公告")
    return [lot.amount_yuan for lot in read_notice(source).lots]


@pytest.mark.parametrize(
    "lines",
    [
        ("单位：万元", HEAD, ROW),
        ("（金额单位：人民币万元）", HEAD, ROW),
        ("币种：人民币 单位：万元", HEAD, ROW),
        (HEAD, ROW, "注：以上金额单位均为万元。"),
        (HEAD, ROW, "备注：价格以万元为单位"),
        ("中标结果\t中标结果\t单位：万元", HEAD, ROW),
        (HEAD, ROW, "单位：万元\t单位：万元\t单位：万元"),
        ("单位：万元", "供应商名称：白桦智能科技有限公司", "中标金额：188.6"),
        ("单位：元", HEAD, ROW.replace("188.6", "188.6万元")),
        ("成交明细（单位：万元）", HEAD, ROW),
    ],
    ids=[
        "above",
        "in brackets",
        "beside the currency",
        "note",
        "remark",
        "first row",
        "last row",
        "labels",
        "own unit",
        "end of the line above",
    ],
)
def test_the_unit_is_that_of_every_price(lines: tuple[str, ...]) -> None:
    assert prices(*lines) == [Decimal(1_886_000)]


@pytest.mark.parametrize("unit", ["（单位：万元）", "（金额单位：人民币万元）", "(单位:万元)"])
def test_the_unit_may_be_in_the_heading_of_the_part(unit: str) -> None:
    text = "\n".join([f"三、中标结果{unit}", HEAD, ROW, "四、公告期限", "1个工作日"])
    seen = datetime(2025, 7, 1, tzinfo=UTC)
    notice = read_notice(Source("x:1", "x", "https://x.example/1", seen, text, title="白桦市智能问答项目中标公告"))
    assert [lot.amount_yuan for lot in notice.lots] == [Decimal(1_886_000)]


def test_five_digits_are_in_the_stated_unit_too() -> None:
    assert prices("单位：万元", HEAD, ROW.replace("188.6", "12345.60")) == [Decimal(123_456_000)]


def test_each_table_has_its_own_unit() -> None:
    other = HEAD.replace("序号", "包号"), "2\t白桦数据科技有限公司\t36600"
    assert prices("单位：万元", HEAD.replace("序号", "包号"), ROW, "单位：元", *other) == [
        Decimal(1_886_000),
        Decimal(36_600),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"采购单位：白桦市数据局\n{HEAD}\n{ROW}",
        f"单位：万元\n{HEAD.replace('中标金额', '中标金额（元）')}\n{ROW}",
        f"单位：万元\n一\n二\n三\n{HEAD}\n{ROW}",
        "中标金额（单位：万元）：188.6",
        f"计量单位：元/吨\n{HEAD}\n{ROW}",
    ],
    ids=["a buyer", "a head with a unit", "too far away", "a unit of one label", "a unit price"],
)
def test_what_states_no_unit_changes_nothing(text: str) -> None:
    assert write_stated_units(text) == text
