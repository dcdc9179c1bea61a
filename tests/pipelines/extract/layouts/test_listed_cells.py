"""Cells that list several packages one below the other, and prices that are in another table than the winners."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.extract.layouts.listed_cells import parts_of_row
from tests.helpers.award_pages import read_result, table, won_lots

_FIRST, _SECOND = "清禾软件有限公司", "远岫数据股份有限公司"
_BOTH = [([_FIRST], Decimal("1200000.00")), ([_SECOND], Decimal("800000.00"))]


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        (
            ["包号", "中标供应商", "中标金额（元）"],
            ["包1<br>包2", f"{_FIRST}<br>{_SECOND}", "1200000<br>800000"],
        ),
        (
            ["序号", "中标供应商", "中标金额（元）"],
            ["1", f"第一包：{_FIRST}<br/>第二包：{_SECOND}", "第一包：1200000<br/>第二包：800000"],
        ),
        (
            ["序号", "中标供应商", "中标金额"],
            ["1", f"{_FIRST}（包1）<br>{_SECOND}（包2）", "1,200,000.00元（包1）<br>80 万元（包2）"],
        ),
        (
            ["序号", "中标供应商", "中标金额（元）"],
            ["1", f"包2：{_SECOND}<br>包1：{_FIRST}", "包1：1200000<br>包2：800000"],
        ),
    ],
    ids=["a column of packages", "marks before", "marks after", "in another order"],
)
def test_each_line_of_the_cells_is_a_package(heads: list[str], row: list[str]) -> None:
    assert won_lots(read_result(table(heads, row))) == _BOTH


def test_one_supplier_may_win_several_packages_in_one_row() -> None:
    row = ["1", _FIRST, "包1：1200000<br>包2：800000"]

    lots = won_lots(read_result(table(["序号", "中标供应商", "中标金额（元）"], row)))

    assert lots == [([_FIRST], Decimal("1200000.00")), ([_FIRST], Decimal("800000.00"))]


def test_two_names_with_one_price_stay_one_winner() -> None:
    row = ["1", f"{_FIRST}（牵头人）<br>{_SECOND}（成员）", "2000000"]

    assert won_lots(read_result(table(["序号", "中标供应商", "中标金额（元）"], row))) == [
        ([_FIRST, _SECOND], Decimal("2000000.00"))
    ]


def test_a_row_with_other_numbers_of_names_and_prices_is_left_alone() -> None:
    row = [f"{_FIRST} {_SECOND}", "100000 200000 300000"]

    assert [part.row for part in parts_of_row(["supplier", "amount"], row)] == [row]


def test_winners_take_their_prices_from_the_table_of_what_is_bought() -> None:
    winners = table(["包号", "中标供应商"], ["1", _FIRST], ["2", _SECOND])
    goods = table(
        ["包号", "标的名称", "中标金额（元）"],
        ["1", "平台", "1200000"],
        ["2", "服务", "800000"],
        ["合计", "", "2000000"],
    )

    assert won_lots(read_result(f"{winners}<p>四、主要标的信息</p>{goods}")) == _BOTH


def test_the_only_winner_takes_the_price_of_the_only_row() -> None:
    winner = table(["序号", "中标供应商", "供应商代码"], ["1", _FIRST, "A-1"])
    goods = table(["序号", "标的名称", "服务要求", "成交金额"], ["1", "平台", "详见采购文件", "总价：1,200,000.00元"])

    assert won_lots(read_result(f"{winner}<p>主要标的信息：</p>{goods}")) == [([_FIRST], Decimal("1200000.00"))]


def test_several_goods_of_one_winner_are_not_its_price() -> None:
    winner = table(["序号", "中标供应商", "供应商代码"], ["1", _FIRST, "A-1"])
    goods = table(["序号", "标的名称", "金额（元）"], ["1", "服务器", "1200000"], ["2", "机柜", "800000"])

    assert won_lots(read_result(f"{winner}<p>主要标的信息：</p>{goods}")) == [([_FIRST], None)]


def test_columns_with_and_without_tax_are_both_prices() -> None:
    heads = ["序号", "中标单位", "不含税金额（元）", "税率", "含税金额（元）"]

    notice = read_result(table(heads, ["1", _FIRST, "1000000", "6%", "1060000"]))

    assert won_lots(notice) == [([_FIRST], Decimal("1060000.00"))]


def test_a_column_of_names_of_goods_hides_no_supplier() -> None:
    notice = read_result(table(["序号", "名称", "供应商", "金额"], ["1", "训练平台", _FIRST, "120万元"]))

    assert won_lots(notice) == [([_FIRST], Decimal("1200000.00"))]


def test_packages_in_the_field_of_whoever_takes_on_the_work() -> None:
    lines = [
        f"承接单位：采购包1-{_FIRST}；",
        f"采购包2-{_SECOND}；",
        "成交价：采购包1成交价为￥1,200,000.00元；",
        "采购包2成交价为￥800,000.00元；",
    ]

    assert won_lots(read_result("<br>".join(["<p>", *lines, "</p>"]))) == _BOTH


def test_the_price_of_one_package_is_no_price_of_another_one_of_the_same_supplier() -> None:
    heads = ["标段名称", "承接单位", "总报价（元）"]

    notice = read_result(table(heads, ["平台", _FIRST, "1200000"], ["服务", _SECOND, "800000"], ["运维", _FIRST, "/"]))

    assert won_lots(notice) == [*_BOTH, ([_FIRST], None)]
