"""Result tables: who of the bidders won, which column counts, and heads, lots and tables of every shape."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.extract.layouts.tables import read_tables
from tests.helpers.award_pages import read_result, table, won_lots

_A, _B, _C = "甲岭软件有限公司", "乙川信息股份有限公司", "丙泉科技有限公司"
_WON_BY_A = [([_A], Decimal("1800000.00"))]


@pytest.mark.parametrize("bidder_head", ["投标人", "供应商名称", "单位名称", "参加磋商的供应商名称"])
@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("评审结论", "中标 落标 落标"),
        ("评审结论", "推荐中标 不推荐 不推荐"),
        ("中标状态", "已中标 未中标 未中标"),
        ("中标状态", "中标 - -"),
        ("状态", "成交 未成交 未成交"),
        ("评标结果", "第一名 第二名 第三名"),
        ("评标结果", "第一中标候选人 第二中标候选人 第三中标候选人"),
        ("评标结果", "1 2 3"),
        ("评审结果", "通过 不通过 不通过"),
        ("评审结果", "中标 未通过资格审查 无效投标"),
        ("资格性审查", "合格 不合格 不合格"),
        ("综合排序", "1 2 3"),
        ("最终排名", "第1名 第2名 第3名"),
        ("排序（由高到低）", "1 2 3"),
        ("名次", "第一 第二 第三"),
        ("排序", "① ② ③"),
        ("排序", "Ⅰ Ⅱ Ⅲ"),
        ("评审排名", "1 2 未通过"),
        ("得分/排名", "92.10/1 88.00/2 80/3"),
        ("排名/得分", "1/92 2/88 3/80"),
        ("得分（排名）", "92.1（1） 88.0（2） 80.5（3）"),
        ("综合得分及排名", "92.1（第1名） 88.0（第2名） 80.5（第3名）"),
        ("备注", "中标人 第二候选人 第三候选人"),
        ("备注", "成交供应商 . ."),
        ("备注", ". 未中标 未中标"),
        ("备注", "第一候选人 第二候选人 第三候选人"),
        ("推荐结果", "推荐 不推荐 不推荐"),
        ("推荐意见", "推荐为第一中标候选人 推荐为第二中标候选人 推荐为第三中标候选人"),
        ("推荐排序", "√ . ."),
        ("推荐", "√ . ."),
        ("是否中标", "是 否 否"),
        ("是否中标", "☑ □ □"),
        ("是否中标", "✓ ✗ ✗"),
        ("是否中标（是/否）", "是 否 否"),
        ("是否为中标人", "Y N N"),
        ("是否推荐为中标候选人", "是 否 否"),
        ("中标（√）", "√ . ."),
        ("结论", "中标人 落选 落选"),
        ("磋商结果", "成交 未成交 未成交"),
        ("处理结果", "成交 不成交 不成交"),
        ("中标候选人", "第一 第二 第三"),
        ("备注", "第一中标候选人（中标） 第二中标候选人 第三中标候选人"),
        ("类别", "主选 备选 备选供应商"),
        ("投标有效性", "有效，中标 有效 无效"),
        ("中标标识", "★ . ."),
        ("授予合同", "是 否 否"),
        ("顺序", "1 2 3"),
    ],
)
def test_only_the_winner_of_a_table_of_all_bidders_won(bidder_head: str, head: str, cells: str) -> None:
    rows = [
        [str(number), name, price, "" if cell == "." else cell]
        for number, name, price, cell in zip(
            (1, 2, 3), (_A, _B, _C), ("1800000", "1900000", "1700000"), cells.split(), strict=True
        )
    ]
    heads = ["序号", bidder_head, "投标报价（元）", head]
    assert won_lots(read_result(table(heads, *rows))) == _WON_BY_A
    # The winner's row is not always the first.
    assert won_lots(read_result(table(heads, *reversed(rows)))) == _WON_BY_A


@pytest.mark.parametrize(
    "section",
    [
        pytest.param(
            table(["序号", "投标人", "投标报价（元）"], ["1", _A, "1800000"], ["2", _B, "1900000"]), id="two offers"
        ),
        pytest.param(
            table(["供应商名称", "最终报价（元）", "综合得分"], [_A, "1800000", "92"], [_B, "1900000", "88"]),
            id="two scores",
        ),
        pytest.param(
            table(["投标人", _A, _B], ["投标报价（元）", "1800000", "1900000"], ["得分", "92", "88"]), id="turned"
        ),
    ],
)
def test_bidders_of_whom_none_is_said_to_have_won_are_no_winners(section: str) -> None:
    assert won_lots(read_result(section)) == []
    assert won_lots(read_result(section, summary="总中标金额：￥180.000000 万元（人民币）")) == _WON_BY_A
    assert won_lots(read_result(f"<p>成交供应商：{_A}</p>{section}")) == _WON_BY_A
    assert won_lots(read_result(f"{section}<p>经评审，确定{_A}为中标供应商。</p>")) == _WON_BY_A


def test_the_units_of_a_ranking_are_the_bidders_and_those_of_goods_are_not() -> None:
    ranking = table(
        ["排序", "单位", "报价（含税，元）", "是否中选"], ["1", _A, "1800000", "是"], ["2", _B, "1900000", "否"]
    )
    assert won_lots(read_result(ranking)) == _WON_BY_A
    goods = table(["序号", "标的名称", "数量", "单位", "单价（元）"], ["1", "训练服务", "1", "项", "1800000"])
    assert won_lots(read_result(f"<p>成交供应商：{_A}</p><p>成交金额：180万元</p>{goods}")) == _WON_BY_A


@pytest.mark.parametrize("below", ["项目业主：某市第二中学", "代理服务费：无</p><p>版权所有 技术支持电话见网站"])
def test_an_organisation_below_the_result_is_no_second_winner(below: str) -> None:
    section = f"<p>中标单位：{_A}</p><p>中标金额：180万元</p><p>{below}</p>"
    assert won_lots(read_result(section)) == _WON_BY_A


def test_a_quote_has_the_unit_that_is_stated_above_its_table() -> None:
    offers = table(["序号", "投标人", "投标报价"], ["1", _A, "12345.60"], ["2", _B, "12999.00"])
    section = f"<p>成交供应商：{_A}</p><p>（金额单位：万元）</p>{offers}"
    assert won_lots(read_result(section)) == [([_A], Decimal("123456000.00"))]


def test_a_winner_named_below_a_ranking_outranks_it() -> None:
    ranking = table(["排名", "投标人", "投标报价（元）"], ["1", _A, "1800000"], ["2", _B, "1900000"])
    assert won_lots(read_result(f"{ranking}<p>中标供应商：{_B}</p>")) == [([_B], Decimal("1900000.00"))]
    assert won_lots(read_result(f"{ranking}<p>中标供应商：{_A}</p>")) == _WON_BY_A


def test_a_yes_in_a_column_about_something_else_says_nothing_about_winning() -> None:
    heads = ["序号", "成交供应商", "成交金额（元）", "是否中小企业", "备注"]
    assert won_lots(read_result(table(heads, ["1", _A, "1800000", "否", "第二候选人递补"]))) == _WON_BY_A


def test_a_company_whose_name_begins_with_a_number_is_not_ranked_by_it() -> None:
    name = "第二岭建筑工程有限公司"
    assert won_lots(read_result(table(["中标供应商", "中标金额（元）"], [name, "1800000"]))) == [
        ([name], Decimal("1800000.00"))
    ]


@pytest.mark.parametrize(
    "section",
    [
        table(
            ["包号", "投标人", "报价（元）", "排名"],
            ['<td rowspan="2">1</td>', _A, "1800000", "1"],
            [_B, "1900000", "2"],
            ['<td rowspan="2">2</td>', _C, "500000", "1"],
            [_A, "600000", "2"],
        ),
        table(
            ["标段", "投标人", "报价（万元）", "评审结论"],
            ["一标段", _B, "190", "未中标"],
            ["一标段", _A, "180", "中标"],
            ["二标段", _C, "50", "中标"],
            ["二标段", _A, "60", "未中标"],
        ),
        table(
            ["排名", "投标人", "报价（元）"],
            ['<td colspan="3">标段一：大模型平台</td>'],
            ["1", _A, "1800000"],
            ["2", _B, "1900000"],
            ['<td colspan="3">标段二：算力服务</td>'],
            ["1", _C, "500000"],
            ["2", _A, "600000"],
        ),
        "<p>第一包：大模型平台</p>"
        + table(["投标人", "报价（元）", "是否中标"], [_A, "1800000", "是"], [_B, "1900000", "否"])
        + "<p>第二包：算力服务</p>"
        + table(["投标人", "报价（元）", "是否中标"], [_C, "500000", "是"], [_A, "600000", "否"]),
    ],
    ids=["ranks in each lot", "results in each lot", "a row opens each lot", "a table for each lot"],
)
def test_each_lot_has_its_own_winner_among_the_bidders(section: str) -> None:
    assert won_lots(read_result(section)) == [*_WON_BY_A, ([_C], Decimal("500000.00"))]


@pytest.mark.parametrize("order", [1, -1], ids=["result first", "scores first"])
def test_a_table_of_scores_beside_the_table_of_winners_adds_nothing(order: int) -> None:
    result = table(["中标供应商", "中标金额（元）"], [_A, "1800000"])
    scores = table(
        ["投标人", "投标报价（元）", "总得分", "排名"], [_A, "1810000", "92", "1"], [_B, "1900000", "88", "2"]
    )
    assert won_lots(read_result("<p>评审情况如下：</p>".join([result, scores][::order]))) == _WON_BY_A


def test_a_result_that_two_tables_state_counts_once() -> None:
    summary = table(["中标供应商", "中标金额（元）"], [_A, "1800000"])
    one_lot = table(["包号", "供应商名称", "中标（成交）金额（万元）"], ["1", _A, "180"])
    two_lots = table(["包号", "供应商名称", "中标（成交）金额（万元）"], ["1", _A, "100"], ["2", _A, "80"])
    for first, second in ((summary, one_lot), (one_lot, summary)):
        assert won_lots(read_result(f"{first}<p>详细情况：</p>{second}")) == _WON_BY_A
    for first, second in ((summary, two_lots), (two_lots, summary)):
        lots = read_result(f"{first}<p>详细情况：</p>{second}").lots
        assert [(lot.lot_no, lot.amount_yuan) for lot in lots] == [(1, 1000000), (2, 800000)]


def test_tables_of_packages_with_the_same_price_stay_apart() -> None:
    lots = [table(["标段名称", "中标人", "中标价（元）"], [name, _A, "900000"]) for name in ("大模型平台", "算力服务")]
    assert won_lots(read_result("<p>结果如下：</p>".join(lots))) == [([_A], Decimal("900000.00"))] * 2


@pytest.mark.parametrize(
    "section",
    [
        table(
            ["投标人", "投标报价（元）", "中标金额（元）"],
            [_A, "1850000", "1800000"],
            [_B, "1900000", "/"],
            [_C, "1700000", ""],
        ),
        table(
            ["包号", "投标人", "中标价（元）", "中标人"],
            ["1", _A, "1800000", f'<td rowspan="3">{_A}</td>'],
            ["1", _B, "1900000"],
            ["1", _C, "1700000"],
        ),
        table(["包号", "投标人", "中标人", "中标价（元）"], ["1", f"{_B}、{_A}、{_C}", _A, "1800000"]),
    ],
    ids=["a price for the winner", "the winner beside all rows", "all bidders in one cell"],
)
def test_a_column_of_winners_or_of_their_prices_says_who_won(section: str) -> None:
    assert won_lots(read_result(section)) == _WON_BY_A


@pytest.mark.parametrize(
    "cells",
    [["流标", "/"], ["有效供应商不足三家，废标", ""], ["/", "流标"], ['<td colspan="2">本包废标</td>'], ["", "终止"]],
)
def test_the_row_of_a_package_that_failed_names_no_supplier(cells: list[str]) -> None:
    notice = read_result(table(["包号", "供应商名称", "中标金额（元）"], ["1", _A, "1800000"], ["2", *cells]))
    assert won_lots(notice) == _WON_BY_A
    assert [lot.lot_no for lot in notice.lots if lot.failed] == [2]


@pytest.mark.parametrize(
    ("heads", "cells"),
    [
        (["首轮报价（元）", "最终报价（元）"], ["1900000", "1800000"]),
        (["最后报价（元）", "首次报价（元）"], ["1800000", "1900000"]),
        (["第一轮报价（元）", "第二轮报价（元）", "第三轮报价（元）"], ["1990000", "1900000", "1800000"]),
        (["投标报价（元）", "中标金额（元）"], ["1900000", "1800000"]),
        (["软件金额（元）", "硬件金额（元）", "合计金额（元）"], ["1000000", "800000", "1800000"]),
        (["单价（元）", "数量", "总价（元）"], ["900000", "2", "1800000"]),
        (["中标金额（不含税，元）", "税率", "中标金额（含税，元）"], ["1698113.21", "6%", "1800000"]),
        (["评审价格（元）", "最终报价（元）", "报价得分"], ["1620000", "1800000", "30"]),
    ],
)
def test_of_several_prices_the_one_that_was_agreed_counts(heads: list[str], cells: list[str]) -> None:
    assert won_lots(read_result(table(["成交供应商", *heads], [_A, *cells]))) == _WON_BY_A


@pytest.mark.parametrize(
    "section",
    [
        table(
            ["投标人", _A, _B, _C], ["投标报价（元）", "1800000", "1900000", "1700000"], ["是否中标", "是", "否", "否"]
        ),
        table(["供应商名称", _B, _A], ["最终报价（元）", "1900000", "1800000"], ["排名", "2", "1"]),
        table(["排名", "第一名", "第二名"], ["投标人", _A, _B], ["投标报价（万元）", "180", "190"]),
    ],
)
def test_labels_in_the_first_column_are_read_like_heads(section: str) -> None:
    assert won_lots(read_result(section)) == _WON_BY_A


def test_packages_may_be_columns_and_one_of_them_may_have_failed() -> None:
    rows = (["标段", "一标段", "二标段"], ["中标人", _A, "流标"], ["中标价（万元）", "180", "/"])
    notice = read_result(table(*rows))
    assert won_lots(notice) == _WON_BY_A
    assert [lot.lot_no for lot in notice.lots if lot.failed] == [2]
    more = (["标段", "三标段", "四标段"], ["中标人", _B, _C], ["中标价（万元）", "20", "30"])
    assert won_lots(read_result(table(*rows, *more))) == [
        *_WON_BY_A,
        ([_B], Decimal("200000.00")),
        ([_C], Decimal("300000.00")),
    ]


def test_suppliers_with_shares_have_all_won_one_package() -> None:
    heads = ["排名", "供应商名称", "分配比例"]
    parts = table([*heads, "中标金额（元）"], ["1", _A, "60%", "1080000"], ["2", _B, "40%", "720000"])
    quotes = table([*heads, "投标报价（元）"], ["第一名", _A, "60%", "1800000"], ["第二名", _B, "40%", "1800000"])
    for section in (parts, quotes):
        (lot,) = read_result(section).lots
        assert [winner.supplier for winner in lot.winners] == [_A, _B]
        assert [winner.share_pct for winner in lot.winners] == [60, 40]
        assert lot.amount_yuan == Decimal("1800000.00")


@pytest.mark.parametrize(
    ("heads", "title"),
    [
        (["排名", "入围供应商", "综合得分"], "某市政务大模型平台项目中标（成交）结果公告"),
        (["排名", "供应商名称", "综合得分"], "某市大模型服务入围结果公告"),
    ],
)
def test_all_rows_of_a_list_of_shortlisted_suppliers_won(heads: list[str], title: str) -> None:
    rows = [[str(rank), name, str(95 - rank)] for rank, name in enumerate((_A, _B, _C), 1)]
    winners = [supplier for suppliers, _ in won_lots(read_result(table(heads, *rows), title)) for supplier in suppliers]
    assert winners == [_A, _B, _C]
    told = table([*heads, "是否入围"], *([*row, yes] for row, yes in zip(rows, "是是否", strict=True)))
    winners = [supplier for suppliers, _ in won_lots(read_result(told, title)) for supplier in suppliers]
    assert winners == [_A, _B]


@pytest.mark.parametrize(
    "rows",
    [
        (['<td rowspan="2">包号</td>', '<td colspan="2">中标结果</td>'], ["供应商", "金额（万元）"], ["1", _A, "180"]),
        (
            ['<td rowspan="2">序号</td>', '<td rowspan="2">中标人</td>', '<td colspan="2">中标金额（元）</td>'],
            ["不含税", "含税"],
            ["1", _A, "1698113.21", "1800000"],
        ),
        (
            ['<td rowspan="2">序号</td>', '<td colspan="2">中标供应商</td>', '<td rowspan="2">中标金额（元）</td>'],
            ["名称", "地址"],
            ["1", _A, "某市某路8号", "1800000"],
        ),
        (
            ['<td rowspan="2">中标人</td>', '<td colspan="3">得分</td>', '<td rowspan="2">中标金额（元）</td>'],
            ["技术", "商务", "价格"],
            [_A, "50", "20", "30", "1800000"],
        ),
        (['<td colspan="2">中标供应商</td>', "中标金额（元）"], ["1", _A, "1800000"]),
        (["中标供应商<br>Winner", "中标价<br>Price (CNY)"], [_A, "1800000"]),
        (["Supplier 成交供应商", "Amount 成交金额（元）"], [_A, "1800000"]),
        (
            ["序号", "供 应 商 名 称", "成 交 金 额（元）"],
            ["1", _A, "1800000"],
            ["序号", "供应商名称", "成交金额（元）"],
        ),
    ],
    ids=[
        "one head over two",
        "price with and without tax",
        "name and address",
        "scores under one head",
        "number and name under one head",
        "translation below",
        "translation before",
        "heads repeated at the end",
    ],
)
def test_heads_may_take_several_rows_or_columns(rows: tuple[list[str], ...]) -> None:
    assert won_lots(read_result(table(*rows))) == _WON_BY_A


@pytest.mark.parametrize(
    "rows",
    [
        (
            ["1", "平台", '<td rowspan="2">' + _A + "</td>", '<td rowspan="2">1800000</td>'],
            ["2", "应用"],
        ),
        (["1", "平台", _A, '<td rowspan="2">1800000</td>'], ["2", "应用", _A]),
        (["1", "平台", _A, '<td rowspan="3">1800000</td>'], ["2", "应用", _A], ["3", "算力", _A]),
    ],
)
def test_one_price_for_several_packages_counts_once(rows: tuple[list[str], ...]) -> None:
    notice = read_result(table(["包号", "包名称", "供应商名称", "中标金额（元）"], *rows))
    assert won_lots(notice) == _WON_BY_A
    assert notice.lots[0].lot_name == "、".join(row[1] for row in rows)


def test_one_price_for_packages_of_two_suppliers_is_shared() -> None:
    rows = (["1", _A, '<td rowspan="2">1800000</td>'], ["2", _B])
    assert won_lots(read_result(table(["包号", "供应商名称", "中标金额（元）"], *rows))) == [
        ([_A, _B], Decimal("1800000.00"))
    ]


@pytest.mark.parametrize("word", ["合计", "总计", "小计（元）", "合计（大写）：壹佰捌拾万元整", "合计金额"])
def test_the_row_of_the_sum_is_no_package(word: str) -> None:
    heads = ["供应商名称", "包号", "中标金额（元）"]
    rows = ([_A, "1", "1000000"], [_B, "2", "800000"], [word, "", "1800000"])
    assert [suppliers for suppliers, _ in won_lots(read_result(table(heads, *rows)))] == [[_A], [_B]]


@pytest.mark.parametrize("price", ["总价形式报价：1800000.00（元）", "总价：1800000元", "总金额:1800000元"])
def test_a_price_may_begin_like_the_row_of_the_sum(price: str) -> None:
    rows = (["序号", "中标（成交）金额", "中标供应商名称"], ["1", price, _A])
    assert won_lots(read_result(table(*rows))) == _WON_BY_A


def test_a_row_of_a_failed_package_does_not_name_the_package_that_was_won() -> None:
    won = table(["序号", "中标金额（元）", "中标供应商名称"], ["1", "1800000", _A])
    failed = table(["序号", "标项名称", "废标理由"], ["1", "桌椅采购", f"{_B}未响应招标文件"])
    notice = read_result(f"{won}<p>2.废标结果：</p>{failed}")
    assert won_lots(notice) == _WON_BY_A
    assert notice.lots[0].lot_name is None


def test_a_table_goes_on_after_a_page_number_but_not_in_another_table() -> None:
    first = "包号\t中标人\t中标金额（元）\n1\t" + _A + "\t1800000"
    entries = read_tables(f"{first}\n第2页\n2\t{_B}\t900000", candidates=False)
    assert [(entry.supplier, entry.lot) for entry in entries] == [(_A, 1), (_B, 2)]
    other = read_tables(f"{first}\n主要标的\n1\t服务器采购\t20台", candidates=False)
    assert [entry.supplier for entry in other] == [_A]


def test_a_supplier_may_be_the_same_as_above() -> None:
    rows = (["1", _A, "1000000"], ["2", "同上", "800000"], ["3", "〃", "500000"])
    lots = won_lots(read_result(table(["包号", "供应商名称", "中标金额（元）"], *rows)))
    assert [(names, int(price or 0)) for names, price in lots] == [([_A], 1000000), ([_A], 800000), ([_A], 500000)]


@pytest.mark.parametrize(
    "head",
    [
        "中标厂商",
        "最终成交供应商",
        "定标单位",
        "得标人",
        "承建单位",
        "受托方",
        "单一来源供应商",
        "供应商名称（全称）",
        "中选服务商",
        "申请人",
        "企业全称",
    ],
)
def test_the_column_of_suppliers_has_many_names(head: str) -> None:
    assert won_lots(read_result(table(["序号", head, "成交金额（元）"], ["1", _A, "1800000"]))) == _WON_BY_A


@pytest.mark.parametrize(
    "head", ["中标额", "成交总额", "合同价", "价税合计", "最终价格", "定标价", "中选价", "二次报价", "含税价"]
)
def test_the_column_of_prices_has_many_names(head: str) -> None:
    assert won_lots(read_result(table(["序号", "中标人", f"{head}（元）"], ["1", _A, "1800000"]))) == _WON_BY_A


@pytest.mark.parametrize(
    "head", ["包别", "标段/包", "标段或包号", "分包编号", "包件号", "标的编号", "合同包", "包（标段）"]
)
def test_the_column_of_packages_has_many_names(head: str) -> None:
    lots = read_result(table([head, "中标人", "中标价（元）"], ["2", _A, "1800000"], ["1", _B, "900000"])).lots
    assert [(lot.lot_no, lot.winners[0].supplier) for lot in lots] == [(1, _B), (2, _A)]


def test_the_row_of_a_tick_keeps_it_when_each_cell_is_on_a_line_of_its_own() -> None:
    lines = [
        "序号",
        "投标人",
        "投标报价（元）",
        "推荐排序",
        "1",
        _A,
        "1800000",
        "√",
        "2",
        _B,
        "1900000",
        "3",
        _C,
        "1700000",
    ]
    assert won_lots(read_result("\n".join(lines))) == _WON_BY_A


@pytest.mark.parametrize(
    "heads",
    [["包号", "联合体牵头人", "联合体成员"], ["包号", "供应商名称", "联合体成员名称"], ["包号", "投标人", "成员单位"]],
)
def test_members_in_a_column_of_their_own_won_with_their_leader(heads: list[str]) -> None:
    rows = table([*heads, "中标金额（元）"], ["1", _A, _B, "1800000"], ["2", _C, "/", "900000"])
    assert won_lots(read_result(rows)) == [([_A, _B], Decimal("1800000.00")), ([_C], Decimal("900000.00"))]


def test_all_rows_of_a_shortlist_got_a_place() -> None:
    rows = table(["入围序号", "单位名称", "下浮率（%）"], ["1", _A, "12.5"], ["2", _B, "13"])
    assert [names for names, _ in won_lots(read_result(rows))] == [[_A], [_B]]


def test_an_address_below_a_winner_in_its_cell_is_no_part_of_the_name() -> None:
    rows = table(["序号", "成交供应商名称及地址", "成交金额（元）"], ["1", f"{_A}<br>某市某区某路8号", "1800000"])
    assert won_lots(read_result(rows)) == _WON_BY_A
