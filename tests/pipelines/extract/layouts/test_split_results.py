"""A result that is split into packages adds up: the same winners and the same sum, in every form of table and prose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from pipelines.common.clock import SHANGHAI
from pipelines.model import Notice
from pipelines.process import read_notices
from tenders.portals import page_of

Result = list[tuple[str, int]]  # each package with its winner and its price in yuan

FIRST, SECOND = "岚谷智能科技有限公司", "衡川软件股份有限公司"
SPLITS: list[Result] = [
    [(FIRST, 400_000), (FIRST, 255_000)],
    [(FIRST, 300_000), (SECOND, 300_000), (FIRST, 55_000)],
    [(FIRST, 1_200_000), (SECOND, 30_500), (FIRST, 8_000), (SECOND, 777_777)],
    [(FIRST, 200_000), (FIRST, 200_000)],
]
NUMERALS = "一二三四五六七八九"


def _table(*rows: list[str]) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _in_10_000(yuan: int) -> str:
    return f"{Decimal(yuan) / 10_000:f}"


def _lines(form: str, between: str = "\n") -> Callable[[Result], str]:
    """Each package in the words of ``form``."""
    return lambda result: between.join(
        form.format(no=no, numeral=NUMERALS[no - 1], name=name, yuan=yuan, wan=_in_10_000(yuan))
        for no, (name, yuan) in enumerate(result, 1)
    )


def _fields(name: str, price: str, between: str, begin: str = "") -> Callable[[Result], str]:
    """All winners in one field and all prices in another."""
    return lambda result: (
        f"中标供应商：{begin}{_lines(name, between)(result)}\n中标金额：{begin}{_lines(price, between)(result)}"
    )


FORMS: dict[str, Callable[[Result], str]] = {
    "table": lambda result: _table(
        ["包号", "供应商名称", "成交金额（元）"],
        *([str(no), name, f"{yuan}.00"] for no, (name, yuan) in enumerate(result, 1)),
    ),
    "table with a total": lambda result: _table(
        ["标段", "中标人", "中标价（万元）"],
        *([f"标段{NUMERALS[no]}", name, _in_10_000(yuan)] for no, (name, yuan) in enumerate(result)),
        ["合计", "", _in_10_000(sum(yuan for _, yuan in result))],
    ),
    "table that is turned": lambda result: _table(
        ["包号", *(f"包{no}" for no in range(1, len(result) + 1))],
        ["成交供应商", *(name for name, _ in result)],
        ["成交金额（元）", *(str(yuan) for _, yuan in result)],
    ),
    "unit above": lambda result: (
        "单位：万元\n"
        + _table(
            ["包号", "中标单位", "中标金额"],
            *([f"包{no}", name, _in_10_000(yuan)] for no, (name, yuan) in enumerate(result, 1)),
        )
    ),
    "repeated fields": _lines("供应商名称：{name}\n供应商地址：东岭路8号\n中标（成交）金额：{wan}（万元）"),
    "fields below a package": _lines("第{no}包：\n供应商名称：{name}\n中标（成交）金额：{yuan}元"),
    "lines": _lines("包{no}：供应商名称：{name}，成交金额：{yuan}元"),
    "lines without labels": _lines("{no}、标项{no} {name} 成交价：{yuan}元"),
    "sentences of one line": _lines("第{numeral}包由{name}中标，中标金额{yuan}元", "；"),
    "sentences about packages": _lines("确定{name}为包{no}中标供应商，中标金额{yuan}元", "；"),
    "sentences on lines": _lines("包{no}成交供应商为{name}，成交金额为人民币{wan}万元。"),
    "packages first": _fields("{no:02}包：{name}", "{no:02}包：￥{yuan}元", "；"),
    "packages first, on lines": _fields("{no:02}包-{name}；", "{no:02}包：￥{yuan}.00元；", "\n", "\n"),
    "packages last": _fields("{name}（包{no}）", "{yuan}元（包{no}）", "、"),
    "packages last, on lines": _fields("{name}（包{no}）", "{yuan}元（包{no}）", "\n", "\n"),
}


def _read(result: str) -> Notice:
    lines = (
        f"一、项目编号：QX-2025-061\n三、中标（成交）信息\n{result}\n九、联系方式\n1.采购人信息\n名 称：清溪市数据局"
    )
    body = "".join(line if line.startswith("<") else f"<p>{line}</p>" for line in lines.split("\n"))
    page = page_of(
        "ccgp",
        "https://www.ccgp.gov.cn/1.htm",
        datetime(2026, 1, 1, tzinfo=SHANGHAI),
        "text/html",
        f"<html><body>{body}</body></html>",
        title="清溪市政务大模型应用项目中标公告",
    )
    (notice,) = read_notices(page)
    return notice


def _sum_of(notice: Notice) -> Decimal:
    return sum((lot.amount_yuan or Decimal(0) for lot in notice.lots), Decimal(0))


@pytest.mark.parametrize("form", FORMS)
def test_a_result_split_into_packages_adds_up(form: str) -> None:
    for result in SPLITS:
        split = _read(FORMS[form](result))
        assert _sum_of(split) == sum(yuan for _, yuan in result)
        assert {winner.supplier for lot in split.lots for winner in lot.winners} == {name for name, _ in result}
        assert len(split.lots) == len(result)
        if all(name == FIRST for name, _ in result):
            whole = _read(f"供应商名称：{FIRST}\n中标（成交）金额：{sum(yuan for _, yuan in result)}元")
            assert _sum_of(whole) == _sum_of(split)


def test_the_price_of_the_next_package_is_not_that_of_this_one() -> None:
    notice = _read(f"第一包由{FIRST}中标；第二包由{SECOND}中标，中标金额255000元。")
    assert [lot.amount_yuan for lot in notice.lots] == [None, 255_000]
