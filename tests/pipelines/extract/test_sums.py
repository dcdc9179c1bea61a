"""Sums in all their spellings, and what stands beside them in the field of a price."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.amounts import Amount, likely_unit, read_amount
from pipelines.extract.sums import tidy_sums


def field(text: str, label: str = "中标金额") -> Amount:
    return read_amount(text, label, bare_unit=likely_unit(text))


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("3亿4500万元", "345000000"),
        ("3亿零45万元", "300450000"),
        ("1亿2千3百万元", "123000000"),
        ("7千万元", "70000000"),
        ("1.5千万元", "15000000"),
        ("6百万", "6000000"),
        ("6百万元", "6000000"),
        ("6千元", "6000"),
        ("7万5千元", "75000"),
        ("48万3211.50元", "483211.50"),
        ("四百八十万元整", "4800000"),
        ("肆佰捌拾万整", "4800000"),
        ("肆 佰 捌 拾 万 元 整", "4800000"),
        ("人民币 480000.00", "480000"),
        ("人民币：480000", "480000"),
        ("RMB 480,000.00", "480000"),
        ("cny480000", "480000"),
        ("￥：480000.00", "480000"),
        ("小写：480000.00 大写：肆拾捌万元整", "480000"),
        ("48321元6角5分", "48321.65"),
        ("48321元5分", "48321.05"),
        ("4832,000元", "4832000"),
        ("480000.元", "480000"),
        ("480000·00元", "480000"),
        ("480000。00元", "480000"),
        ("4 800 000元", "4800000"),
        ("4'800'000.00元", "4800000"),
        ("4 8 0 0 0 0 元", "480000"),
    ],
)
def test_a_sum_is_read_however_it_is_spelled(text: str, yuan: str) -> None:
    amount = field(text)
    assert (amount.kind, amount.yuan, amount.text) == ("total", Decimal(yuan), text)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("首次报价53万元，最终报价48万元", "480000"),
        ("最后报价48万元（首轮报价53万元）", "480000"),
        ("预算金额：60万元，中标金额：48万元", "480000"),
        ("成交价48万元，最高限价60万元", "480000"),
        ("成交金额48万元，代理服务费0.7万元", "480000"),
        ("软件30万元，硬件18万元，合计48万元", "480000"),
        ("总价48万元（其中软件30万元，硬件18万元）", "480000"),
        ("每月4万元，12个月合计48万元", "480000"),
        ("160000元/年，三年共480000元", "480000"),
        ("年服务费16万元，服务期3年，总计48万元", "480000"),
        ("首年：16万元；三年总价：48万元", "480000"),
        ("月租金4万元，一年总租金48万元", "480000"),
        ("含税价48万元，增值税6%", "480000"),
        ("48万元，6%增值税专用发票", "480000"),
        ("48万元，履约保证金为合同金额的5%", "480000"),
        ("48万元，预付款30%", "480000"),
        ("约48万元", "480000"),
        ("一次性付款48万元", "480000"),
        ("投标报价：48万元（其中设备费18万元）", "480000"),
        ("报价48万元（设备费18万元，服务费30万元）", "480000"),
        ("最终报价：48万元，其中设备费18万元，服务费30万元", "480000"),
        ("设备费18万元（其中服务器12万元），服务费30万元", "480000"),
    ],
)
def test_the_price_is_told_from_other_sums_and_percentages(text: str, yuan: str) -> None:
    assert field(text).yuan == Decimal(yuan)


@pytest.mark.parametrize(
    "text",
    [
        "不超过48万元",
        "≤48万元",
        "48万元以内",
        "上限为480000元",
        "据实结算，最高48万元",
        "40-48万元",
        "40万元至48万元",
        "40万元~48万元",
        "-480000元",
        "负48万元",
        "48万美元",
        "USD 480000",
        "HK$480,000.00",
        "480000 欧元",
        "€480,000",
        "预算48万元",
        "16万元/年",
    ],
)
def test_what_is_no_price_is_no_amount(text: str) -> None:
    assert field(text).yuan is None


@pytest.mark.parametrize(
    "remark", ["（含6%增值税）", "（含税）", "(税率6%)", "（含增值税13%）", "（含6%的增值税专用发票）"]
)
def test_a_remark_about_tax_hides_no_long_number(remark: str) -> None:
    text = f"1060000.00{remark}"
    assert field(text).yuan == Decimal(1_060_000)


def test_a_total_beside_a_unit_price_is_read_below_the_label_of_the_unit_price() -> None:
    assert field("240000元/套，数量2套，合计480000元", "单价").yuan == Decimal(480_000)
    assert field("240000元/套，数量2套", "单价").yuan is None
    assert field("240000元，480000元", "单价").yuan is None


def test_a_price_in_other_money_by_its_label_is_no_amount() -> None:
    assert field("480000.00", "中标金额（美元）").yuan is None


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_yi_and_wan_add_up(yi: int, wan: int) -> None:
    assert field(f"{yi}亿{wan}万元").yuan == yi * 10**8 + wan * 10**4


@given(st.integers(1000, 10**10))
def test_tidy_sums_changes_no_plain_sum(yuan: int) -> None:
    for text in (f"{yuan}元", f"{yuan:,}.50元", f"{yuan}万元"):
        assert tidy_sums(text) == text


@pytest.mark.parametrize(
    "part",
    [
        "1",
        "1,",
        "1 ",
        "万",
        "1万",
        "壹 ",
        "一",
        "，保证金",
        "￥",
        "1'",
        "人民币",
        "预算",
        "1元-",
        "1亿",
        "1元2角",
        "合计",
        "元（其中",
        "整，其中",
        "以",
    ],
)
def test_hostile_fields_take_no_time(part: str) -> None:
    begun = time.perf_counter()
    field(part * 20_000)
    assert time.perf_counter() - begun < 2
