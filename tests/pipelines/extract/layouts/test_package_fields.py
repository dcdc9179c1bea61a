"""Packages and their winners on one line: after a name in brackets, after a label, in a sentence, with shares."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pipelines.extract.layouts.package_fields import read_package_fields
from pipelines.extract.notice import Source, read_notice
from pipelines.model import Notice

_SEEN = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
_FIRST, _SECOND = "清禾软件有限公司", "远岫数据股份有限公司"
Result = tuple[int, str | None, tuple[str, ...], Decimal | None]


def _notice(*lines: str) -> Notice:
    text = "\n".join(["项目名称：某市政务平台", *lines])
    return read_notice(Source("test:1", "test", "https://example.org/1", _SEEN, text, title="某市政务平台中标结果公告"))


def _results(*lines: str) -> list[Result]:
    return [
        (lot.lot_no, lot.lot_name, tuple(winner.supplier for winner in lot.winners), lot.amount_yuan)
        for lot in _notice(*lines).lots
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(f"标包1（导览服务）：{_FIRST}", f"标包2（推理平台）：{_SECOND}", id="mark and bracket"),
        pytest.param(f"第一标段（导览服务）：{_FIRST}", f"第二标段（推理平台）：{_SECOND}", id="Chinese numeral"),
        pytest.param(f"01包(导览服务){_FIRST}", f"02包(推理平台){_SECOND}", id="no colon"),
        pytest.param(
            f"一标段（导览服务）中标人：{_FIRST}", f"二标段（推理平台）中标人：{_SECOND}", id="label after bracket"
        ),
        pytest.param(
            f"1、标段一（导览服务）中标人为：{_FIRST}", f"2、标段二（推理平台）中标人为：{_SECOND}", id="numbered list"
        ),
    ],
)
def test_a_package_with_its_name_in_brackets_precedes_its_winner(first: str, second: str) -> None:
    expected = [(1, "导览服务", (_FIRST,), None), (2, "推理平台", (_SECOND,), None)]
    assert _results("三、中标结果", first, second) == expected
    priced = [(*expected[0][:3], Decimal("3000000.00")), (*expected[1][:3], Decimal("450000.00"))]
    assert _results("三、中标结果", f"{first}，中标价：300.00万元", f"{second}，中标价：45万元") == priced


def test_a_bracket_in_the_name_of_a_package_is_kept() -> None:
    lines = (f"标段一（导览服务（二期）采购）：{_FIRST}", f"标段二（推理平台）：{_SECOND}")
    assert [result[1] for result in _results("三、中标结果", *lines)] == ["导览服务（二期）采购", "推理平台"]


def test_a_budget_in_brackets_is_no_name_of_a_package() -> None:
    lines = (f"标段一（预算100万元）：{_FIRST}", f"标段二（预算80万元）：{_SECOND}")
    expected = [(1, None, (_FIRST,), None), (2, None, (_SECOND,), None)]
    assert _results("三、中标结果", *lines) == expected


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"某市政务平台的中选人为：标包1：{_FIRST}；标包2：{_SECOND}。", id="after a sentence"),
        pytest.param(f"包1成交供应商：{_FIRST}；包2成交供应商：{_SECOND}。", id="label after mark"),
        pytest.param(f"中标结果如下：第一包：{_FIRST}；第二包：{_SECOND}。", id="after a heading"),
    ],
)
def test_packages_of_one_line_are_won_one_by_one(line: str) -> None:
    assert _results("三、成交结果", line) == [(1, None, (_FIRST,), None), (2, None, (_SECOND,), None)]


@pytest.mark.parametrize(
    "line",
    [
        f"一标段中标人：{_FIRST}，中标价：100000元；二标段中标人：{_SECOND}，中标价：250000元。",
        f"标段一：{_FIRST}，100000元；标段二：{_SECOND}，250000元。",
        f"标段一：{_FIRST}（中标金额：10万元）；标段二：{_SECOND}（中标金额：25万元）。",
    ],
    ids=["labels", "bare prices", "prices in brackets"],
)
def test_packages_of_one_line_keep_their_prices(line: str) -> None:
    expected = [(1, None, (_FIRST,), Decimal("100000.00")), (2, None, (_SECOND,), Decimal("250000.00"))]
    assert _results("三、中标结果", line) == expected


def test_winners_of_packages_on_one_line_get_their_quotes_from_the_table_of_bids() -> None:
    table = ["包号\t投标人\t投标报价（元）", f"1\t{_SECOND}\t90000", f"1\t{_FIRST}\t80000", f"2\t{_SECOND}\t70000"]
    line = f"四、成交结果：包1成交供应商：{_FIRST}；包2成交供应商：{_SECOND}。"
    expected = [(1, None, (_FIRST,), Decimal("80000.00")), (2, None, (_SECOND,), Decimal("70000.00"))]
    assert _results("三、投标情况", *table, line) == expected


@pytest.mark.parametrize(
    "lines",
    [
        (f"标包1中选人1：{_FIRST}（中选份额70%）", f"标包1中选人2：{_SECOND}（中选份额30%）"),
        (f"中选人1：{_FIRST}，份额70%", f"中选人2：{_SECOND}，份额30%"),
        (f"某市政务平台的中选人为：{_FIRST}（份额70%）、{_SECOND}（份额30%）。",),
    ],
    ids=["package and number", "number", "sentence"],
)
def test_winners_with_shares_share_one_package(lines: tuple[str, ...]) -> None:
    (lot,) = _notice("三、中选结果", *lines).lots
    assert [(winner.supplier, winner.share_pct, winner.role) for winner in lot.winners] == [
        (_FIRST, Decimal(70), "shared"),
        (_SECOND, Decimal(30), "shared"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"标段一（导览服务）：{_FIRST}",
        f"未中标人：标段一：{_FIRST}；标段二：{_SECOND}",
        f"中标候选人：标段一：{_FIRST}；标段二：{_SECOND}",
        "标段一（导览服务）：按合同执行；标段二（推理平台）：按合同执行",
    ],
    ids=["one package", "losers", "candidates", "nobody"],
)
def test_other_lines_with_packages_name_no_winners(text: str) -> None:
    assert read_package_fields(text) == []


def test_members_of_a_consortium_are_numbered() -> None:
    rows = (
        f"中标人（联合体牵头人）\t{_FIRST}",
        f"联合体成员1\t{_SECOND}",
        "联合体成员2\t白塔设计院",
        "中标价\t100000元",
    )
    (lot,) = _notice(*rows).lots
    assert [(winner.supplier, winner.role) for winner in lot.winners] == [
        (_FIRST, "consortium_lead"),
        (_SECOND, "consortium_member"),
        ("白塔设计院", "consortium_member"),
    ]
    assert lot.amount_yuan == Decimal("100000.00")


def test_a_table_of_goods_below_the_winners_names_no_winner() -> None:
    rows = [
        "序号\t中标供应商名称\t中标金额（万元）",
        f"1\t{_FIRST}\t92.5",
        "序号\t标的名称\t数量\t单位\t单价（元）",
        "1\t导览平台开发中心\t2\t项\t462500.00",
    ]
    assert _results("三、中标信息", *rows) == [(1, None, (_FIRST,), Decimal("925000.00"))]


@pytest.mark.parametrize("cell", ["★中标", "☆ 中标", "*中标"])
def test_a_star_before_the_result_changes_nothing(cell: str) -> None:
    rows = ["序号\t投标人\t投标报价（元）\t中标情况", f"1\t{_SECOND}\t90000\t", f"2\t{_FIRST}\t100000\t{cell}"]
    assert _results("三、评审结果", *rows) == [(1, None, (_FIRST,), Decimal("100000.00"))]


def test_packages_as_blocks_of_fields_keep_their_own_names() -> None:
    blocks = [
        f"{label}\t{value}"
        for name, winner, price in (("桌椅采购", _FIRST, "684448.00元"), ("导览智能体", _SECOND, "553.00万元"))
        for label, value in (("标段名称", name), ("中标人", winner), ("中标价", price))
    ]
    expected = [
        (1, "桌椅采购", (_FIRST,), Decimal("684448.00")),
        (2, "导览智能体", (_SECOND,), Decimal("5530000.00")),
    ]
    assert _results("三、采购结果", *blocks) == expected
    assert _results("三、采购结果", *(block.replace("\t", "：") for block in blocks)) == expected


def test_names_of_packages_below_their_winners_stay_with_them() -> None:
    lines = (f"中标人：{_FIRST}", "标段名称：桌椅采购", f"中标人：{_SECOND}", "标段名称：导览智能体")
    assert [result[1] for result in _results("三、采购结果", *lines)] == ["桌椅采购", "导览智能体"]


def test_packages_in_cells_have_the_names_of_what_they_buy() -> None:
    rows = (
        f"中标供应商\t包1：{_FIRST}；包2：{_SECOND}",
        "中标金额\t包1：20万元；包2：7万元",
        "采购内容\t包1：语料标注服务；包2：桌椅采购",
    )
    assert _results("三、中标信息", *rows) == [
        (1, "语料标注服务", (_FIRST,), Decimal("200000.00")),
        (2, "桌椅采购", (_SECOND,), Decimal("70000.00")),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        (
            f"1包和3包成交供应商：{_FIRST}，成交金额：1包70万元，3包50万元。2包成交供应商：{_SECOND}，成交金额：80万元。",
        ),
        (
            f"1包、3包成交供应商：{_FIRST} 成交金额：1包：70万元、3包：50万元",
            f"2包成交供应商：{_SECOND} 成交金额：80万元",
        ),
        (
            f"1包、3包成交供应商：{_FIRST}",
            "成交金额：1包：70万元、3包：50万元",
            f"2包成交供应商：{_SECOND}",
            "成交金额：80万元",
        ),
        (
            f"1包、3包成交供应商：{_FIRST}",
            "成交金额：70万元、50万元",
            f"2包成交供应商：{_SECOND}",
            "成交金额：80万元",
        ),
    ],
    ids=["sentence", "one line", "price below", "prices in order"],
)
def test_several_packages_before_one_label_have_a_price_each(lines: tuple[str, ...]) -> None:
    results = {number: (suppliers, price) for number, _, suppliers, price in _results("三、成交信息", *lines)}
    assert results == {
        1: ((_FIRST,), Decimal(700_000)),
        2: ((_SECOND,), Decimal(800_000)),
        3: ((_FIRST,), Decimal(500_000)),
    }


@pytest.mark.parametrize(
    "lines",
    [
        (f"1包、3包成交供应商：{_FIRST}", "成交金额：120万元", f"2包成交供应商：{_SECOND}", "成交金额：80万元"),
        (f"1包、3包成交供应商：{_FIRST} 成交金额：120万元；2包成交供应商：{_SECOND} 成交金额：80万元",),
        (f"1包、3包：{_FIRST}，120万元；2包：{_SECOND}，80万元",),
    ],
)
def test_a_joint_price_of_several_packages_counts_once(lines: tuple[str, ...]) -> None:
    assert [price for *_, price in _results("三、成交信息", *lines)] == [Decimal(1_200_000), Decimal(800_000)]


@pytest.mark.parametrize(
    "lines",
    [
        (f"中标供应商：（1包）{_FIRST}（2包）{_SECOND}", "中标金额：（1包）120万元（2包）80万元"),
        (f"中标供应商：{_FIRST}（1包）、{_SECOND}（2包）", "中标金额：120万元（1包）、80万元（2包）"),
        (f"中标供应商：（第1包）{_FIRST}；（第2包）{_SECOND}", "中标金额：（第1包）120万元；（第2包）80万元"),
    ],
)
def test_marks_in_brackets_may_be_before_or_after_what_they_are_about(lines: tuple[str, ...]) -> None:
    assert _results("三、中标信息", *lines) == [
        (1, None, (_FIRST,), Decimal(1_200_000)),
        (2, None, (_SECOND,), Decimal(800_000)),
    ]


def test_marks_in_brackets_part_winners_without_a_label() -> None:
    results = _results("三、中标信息", f"（1包）{_FIRST}（2包）{_SECOND}")
    assert results == [(1, None, (_FIRST,), None), (2, None, (_SECOND,), None)]
