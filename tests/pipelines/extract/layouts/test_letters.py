"""Winners and prices in sentences, letters and fields that share a line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.helpers.award_pages import read_result, won_lots

_FIRST, _SECOND, _THIRD = "清禾软件有限公司", "远岫数据股份有限公司", "白渡科技有限公司"
_PRICE = Decimal("1200000.00")


@pytest.mark.parametrize(
    "price",
    [
        "含税总价1200000元", "共计1200000元", "￥1,200,000.00", "120(万元)", "人民币（大写）：壹佰贰拾万元整，（小写）：￥1,200,000.00",
        "总价：1,200,000.00元", "RMB 1,200,000.00", "1,200,000.00元（其中不含税金额1,132,075.47元，税率6%）",
    ],
)  # fmt: skip
def test_a_sentence_gives_the_price_in_any_words(price: str) -> None:
    notice = read_result(f"<p>评审已结束，中标人为{_FIRST}，中标总价为{price}，服务期为一年。</p>")

    assert won_lots(notice) == [([_FIRST], _PRICE)]


def test_a_sentence_names_the_members_of_a_consortium_with_their_roles() -> None:
    notice = read_result(f"<p>中标人为{_FIRST}（牵头人）、{_SECOND}（成员），中标总价为120万元。</p>")

    assert won_lots(notice) == [([_FIRST, _SECOND], _PRICE)]


@pytest.mark.parametrize(
    ("letter", "winners"),
    [
        (f"{_FIRST}：⏎你单位参加的某市平台项目，经评审，被确定为成交供应商。⏎最终报价：120万元", [_FIRST]),
        (f"致：{_FIRST}⏎贵公司递交的某市平台项目投标文件已被接受，被确定为中标人。⏎总报价：壹佰贰拾万元整", [_FIRST]),
        (
            f"{_FIRST}、{_SECOND}联合体：⏎你方参加的某市平台项目，经评审，被确定为中选人。⏎成交价：120万元",
            [_FIRST, _SECOND],
        ),
    ],
    ids=["to a unit", "to a company", "to a consortium"],
)
def test_a_letter_tells_the_winner(letter: str, winners: list[str]) -> None:
    assert won_lots(read_result("".join(f"<p>{line}</p>" for line in letter.split("⏎")))) == [(winners, _PRICE)]


@pytest.mark.parametrize(
    ("price", "kind", "yuan"),
    [
        ("总价：1,200,000.00元", "total", _PRICE),
        ("壹佰贰拾万元整", "total", _PRICE),
        ("CNY1,200,000.00", "total", _PRICE),
        ("每年48.6万元", "unit_price", None),
        ("价格系数0.95", "rate", None),
    ],
)
def test_fields_on_the_line_of_the_winner_are_no_further_winner(price: str, kind: str, yuan: Decimal | None) -> None:
    notice = read_result(
        f"<p>最终中标人：{_FIRST}；统一社会信用代码：91110108MA01ABCD5X；中标（成交）金额：{price}；工期：60天。</p>"
    )

    assert won_lots(notice) == [([_FIRST], yuan)]
    assert notice.lots[0].amount_kind == kind


@pytest.mark.parametrize("label", ["承接单位", "确定的中标人", "承建方名称"])
def test_further_labels_of_the_winner(label: str) -> None:
    assert won_lots(read_result(f"<p>{label}：{_FIRST}</p><p>成交金额/万元：120</p>")) == [([_FIRST], _PRICE)]


def test_packages_in_sentences_leave_no_verb_in_the_name() -> None:
    notice = read_result(
        f"<p>包1中标人为{_FIRST}，中标金额为120万元；</p><p>包2中标人为{_SECOND}，中标金额为80万元；</p>"
    )

    assert won_lots(notice) == [([_FIRST], _PRICE), ([_SECOND], Decimal("800000.00"))]


@pytest.mark.parametrize(
    "field",
    [
        f"中标人：{_FIRST}（牵头人）⏎{_SECOND}（成员）⏎{_THIRD}（成员）⏎中标价：120万元",
        f"中标人：{_FIRST}⏎{_SECOND}⏎{_THIRD}（联合体）⏎中标价：120万元",
        f"中标人：{_FIRST}（牵头人）⏎{_SECOND}（成员）⏎{_THIRD}（成员）；信用代码：91110108MA01ABCD5X；中标价：120万元",
        f"中标人：{_FIRST}（主）、{_SECOND}（联）、{_THIRD}（联）⏎中标价⏎小写：1200000元，大写：壹佰贰拾万元整",
    ],
    ids=["roles", "the last one says so", "fields follow", "short roles"],
)
def test_members_on_lines_of_their_own_leave_the_other_package_alone(field: str) -> None:
    lines = ["包1（平台）：", f"中标人：{_THIRD}", "中标价：80万元", "包2（服务）：", *field.split("⏎")]

    assert won_lots(read_result("".join(f"<p>{line}</p>" for line in lines))) == [
        ([_THIRD], Decimal("800000.00")), ([_FIRST, _SECOND, _THIRD], _PRICE),
    ]  # fmt: skip


def test_a_package_that_failed_in_a_cell_names_no_winner() -> None:
    cells = f"<table><tr><td>标段</td><td>成交供应商</td><td>成交价（元）</td></tr><tr><td>一标段</td><td>{_FIRST}</td><td>1200000</td></tr>"

    notice = read_result(f"{cells}<tr><td>二标段</td><td>有效投标人不足三家，本包废标</td><td>/</td></tr></table>")

    assert [(lot.failed, lot.amount_yuan) for lot in notice.lots] == [(False, _PRICE), (True, None)]


def test_a_company_above_a_label_is_no_head_of_a_table() -> None:
    lines = ["评审结果", "成交人", _FIRST, "成交金额", "RMB 1,200,000.00", "评审专家名单：略"]

    assert won_lots(read_result("".join(f"<p>{line}</p>" for line in lines))) == [([_FIRST], _PRICE)]


@pytest.mark.parametrize(
    "sentence",
    [f"经评审，{_FIRST}综合得分第一，推荐为成交供应商，成交价120万元。", f"采购结果：{_FIRST}以120万元中标。"],
)
def test_further_sentences_about_the_winner(sentence: str) -> None:
    assert won_lots(read_result(f"<p>{sentence}</p>")) == [([_FIRST], _PRICE)]


def test_of_two_sums_under_one_label_the_one_with_tax_counts() -> None:
    notice = read_result(f"<p>中标人：{_FIRST}</p><p>中标价（元）：1132075.47（不含税），1200000.00（含税）</p>")

    assert (won_lots(notice), notice.lots[0].tax_included) == ([([_FIRST], _PRICE)], True)


def test_members_below_a_label_of_their_own_end_at_the_next_label() -> None:
    lines = ["成交单位", f"{_FIRST}（牵头人）", f"{_SECOND}（成员）", "中标价", "壹佰贰拾万元整", "公告期限：1个工作日"]

    assert won_lots(read_result("".join(f"<p>{line}</p>" for line in lines))) == [([_FIRST, _SECOND], _PRICE)]


@pytest.mark.parametrize("names", [f"{_FIRST}（牵头人）、{_SECOND}（成员）", f"{_FIRST}、{_SECOND}（联合体）"])
def test_a_consortium_is_chosen_in_a_sentence(names: str) -> None:
    assert won_lots(read_result(f"<p>现确定{names}为中标人，中标价：120万元。</p>")) == [([_FIRST, _SECOND], _PRICE)]
