"""The total of the head table beside the prices of the lots: docs/reading.md, section "Contradictions"."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pipelines.extract.notice import Source, read_notice
from pipelines.model import Notice


def read(total: str, *lines: str) -> Notice:
    text = "\n".join(["公告概要：", f"总中标金额\t{total}", "三、中标（成交）信息", *lines])
    seen = datetime(2025, 7, 1, tzinfo=UTC)
    return read_notice(Source("x:1", "x", "https://x.example/1", seen, text, title="白桦市智能问答项目中标公告"))


def one_price(price: str) -> tuple[str, ...]:
    return "供应商名称：白桦智能科技有限公司", f"中标（成交）金额：{price}"


def table(head: str, *prices: str) -> tuple[str, ...]:
    rows = [f"{number}\t白桦{number}号智能科技有限公司\t{price}" for number, price in enumerate(prices, 1)]
    return f"包号\t供应商名称\t{head}", *rows


@pytest.mark.parametrize(
    ("total", "lines", "prices"),
    [
        ("￥350.000000 万元（人民币）", one_price("3500000.00（万元）"), ["3500000"]),
        ("￥0.966518 万元", one_price("9665.18（万元）"), ["9665.18"]),
        ("￥0.035000 万元", one_price("3500000元"), ["3500000"]),
        ("￥32000.000000 万元", one_price("320000000万元"), ["320000000"]),
        ("￥3.200000 万元", one_price("320000000元"), ["320000000"]),
        ("￥350.000000 万元", one_price("350元"), ["3500000"]),
        ("￥3500000.000000 万元", one_price("3500000元"), ["3500000"]),
        ("￥350.000000 万元", table("中标金额（万元）", "3500000.00"), ["3500000"]),
        ("￥350.000000 万元", table("中标金额（万元）", "1500000", "2000000"), ["1500000", "2000000"]),
        ("￥350.000000 万元", table("中标金额（万元）", "150", "2000000"), ["1500000", "2000000"]),
    ],
)
def test_a_unit_slip_is_resolved_and_reported(total: str, lines: tuple[str, ...], prices: list[str]) -> None:
    notice = read(total, *lines)
    assert [lot.amount_yuan for lot in notice.lots] == [Decimal(price) for price in prices]
    statements = [*notice.price_statements, *(one for lot in notice.lots for one in lot.price_statements)]
    price = sum(Decimal(price) for price in prices)
    others = [one.amount_yuan for one in statements if one.source == "head_table" or len(prices) == 1]
    assert others or len(prices) > 1
    assert any(one.amount_yuan not in (price, *map(Decimal, prices)) for one in statements)


@pytest.mark.parametrize(
    ("total", "lines", "prices"),
    [
        ("￥350.000000 万元", one_price("350.00"), ["3500000"]),
        ("￥12345.600000 万元", one_price("12345.60"), ["123456000"]),
        ("￥1.234560 万元", one_price("12345.60"), ["12345.60"]),
        ("￥350.000000 万元", table("中标金额", "150", "200"), ["1500000", "2000000"]),
        ("￥350.000000 万元", table("中标金额", "15000", "20000"), ["15000", "20000"]),
    ],
    ids=["no unit", "five digits in 万元", "five digits in 元", "two lots", "another sum"],
)
def test_a_number_without_a_unit_has_that_of_the_total(total: str, lines: tuple[str, ...], prices: list[str]) -> None:
    notice = read(total, *lines)
    assert [lot.amount_yuan for lot in notice.lots] == [Decimal(price) for price in prices]
    assert all(not lot.price_statements for lot in notice.lots)


@pytest.mark.parametrize("total", ["￥0.000000 万元", "￥0.006650 万元"], ids=["zero", "a discount"])
def test_a_head_table_without_a_sum_states_nothing(total: str) -> None:
    notice = read(total, *one_price("3500000元"))
    assert notice.price_statements == []


def test_a_price_that_is_only_in_the_head_table_does_not_confirm_itself() -> None:
    notice = read("￥350.000000 万元", *one_price("/"))
    assert notice.lots[0].amount_yuan == Decimal(3500000)
    assert notice.price_statements == []


@pytest.mark.parametrize(
    ("price", "yuan", "sources"),
    [
        ("壹佰贰拾万元整（￥1200000.00）", "1200000", ["capitals"]),
        ("小写：1200000万元；大写：壹佰贰拾万元整", "1200000", ["digits"]),
        ("1150000元（壹佰贰拾万元整）", "1200000", ["digits"]),
        ("1200000元", "1200000", []),
    ],
)
def test_capitals_beside_digits(price: str, yuan: str, sources: list[str]) -> None:
    [lot] = read("￥0.000000 万元", *one_price(price)).lots
    assert lot.amount_yuan == Decimal(yuan)
    assert [statement.source for statement in lot.price_statements] == sources


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        (("中标（成交）金额：3500000万元", "大写：叁佰伍拾万元整"), "digits"),
        (("中标（成交）金额（万元）：3500000", "中标金额（大写）：叁佰伍拾万元整"), "digits"),
        (("中标（成交）金额：3500000万元（350万元）",), "digits"),
        (("中标（成交）金额：3500000元", "本项目成交总金额为3500000万元"), "digits"),
        (("中标（成交）金额：3500000元", "大写：叁佰伍拾万元整"), "capitals"),
    ],
)
def test_the_text_of_the_result_states_the_price_again(lines: tuple[str, ...], source: str) -> None:
    [lot] = read("￥0.000000 万元", "供应商名称：白桦智能科技有限公司", *lines).lots
    assert lot.amount_yuan == Decimal(3_500_000)
    assert [statement.source for statement in lot.price_statements] == [source]


def test_a_fee_beside_the_price_is_no_statement_of_it() -> None:
    [lot] = read("￥0.000000 万元", *one_price("3500000元"), "代理服务费：36000元", "大写：叁万陆仟元整").lots
    assert lot.price_statements == []


def test_capitals_alone_do_not_confirm_themselves() -> None:
    [lot] = read("￥0.000000 万元", *one_price("叁佰伍拾万元整")).lots
    assert (lot.amount_yuan, lot.price_statements) == (Decimal(3_500_000), [])


_SLIPPED = ("700000", "500000")


@pytest.mark.parametrize(
    "lines",
    [
        (*table("中标金额（万元）", *_SLIPPED), "中标总金额：1200000元"),
        (*table("中标金额（万元）", *_SLIPPED), "合计\t\t1200000元"),
        (*table("中标金额（万元）", *_SLIPPED), "合计（大写）：壹佰贰拾万元整"),
        ("成交总金额：1200000元", *table("中标金额（万元）", *_SLIPPED)),
        ("单位：万元", *table("中标金额", *_SLIPPED), "以上合计金额为1200000元"),
        (*table("中标金额（元）", "70", "50"), "中标总金额：120万元"),
    ],
)
def test_lots_whose_unit_contradicts_the_total_below_them_are_corrected(lines: tuple[str, ...]) -> None:
    notice = read("￥0.000000 万元", *lines)
    assert [lot.amount_yuan for lot in notice.lots] == [Decimal(700_000), Decimal(500_000)]
    assert [winner.amount_yuan for lot in notice.lots for winner in lot.winners] == [Decimal(700_000), Decimal(500_000)]
    assert [statement.source for lot in notice.lots for statement in lot.price_statements] == ["digits", "digits"]
    assert [(one.source, one.amount_yuan) for one in notice.price_statements] == [("total", Decimal(1_200_000))]


def test_a_total_that_is_wrong_by_its_unit_is_kept_as_a_contradiction() -> None:
    notice = read("￥0.000000 万元", *table("中标金额（元）", *_SLIPPED), "中标总金额：1200000万元")
    assert [lot.amount_yuan for lot in notice.lots] == [Decimal(700_000), Decimal(500_000)]
    assert [one.amount_yuan for one in notice.price_statements] == [Decimal(12_000_000_000)]


@pytest.mark.parametrize("line", ["预算金额：150万元", "代理服务费：1.8万元", "其中首年：70万元"])
def test_other_sums_beside_lots_state_nothing_about_them(line: str) -> None:
    notice = read("￥0.000000 万元", *table("中标金额（元）", *_SLIPPED), line)
    assert notice.price_statements == []
