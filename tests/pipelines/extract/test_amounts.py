"""Money as notices write it. The literals are forms met in real notices."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.amounts import read_amount
from pipelines.extract.sums import capital_yuan

_SUMS = [
    ("265.9800000（万元）", "中标（成交）金额", "2659800.00"),
    ("人民币386.864800 万元", "", "3868648.00"),
    ("137.6968(万元)", "", "1376968.00"),
    ("报价：405000（元）", "", "405000.00"),
    ("投标报价（元）：568000（元）", "", "568000.00"),
    ("金额(以价格数值表示):3700000.00(元)", "", "3700000.00"),
    ("332,200.00元", "", "332200.00"),
    ("898000.000元", "", "898000.00"),
    ("2350000.000（总价）", "中标（成交）金额(元)", "2350000.00"),
    ("848000.00", "中标（成交）金额（元）\\（%）", "848000.00"),
    ("（可填写下浮率、折扣率或费率）：4.86万元", "", "48600.00"),
    ("8989900元人民币", "", "8989900.00"),
    ("3602.5688", "中标价（万元）", "36025688.00"),
    ("9330166.85000000", "中标价(元)", "9330166.85"),
    ("人民币玖拾陆万元整（￥960000.00）", "", "960000.00"),
    ("贰佰柒拾陆万壹仟陆佰伍拾元整（276.165万元）", "", "2761650.00"),
    ("陆佰叁拾肆万柒仟壹佰壹拾贰元整", "", "6347112.00"),
    ("18791886.00元 （含暂列金 990000 元）", "", "18791886.00"),
    ("13318942.94元（设计费报价：113000.00元，建安费报价：13205942.94元）", "", "13318942.94"),
    ("330845661.94（设计费7355880.00元、建安费323489781.94元）", "中标价(元)", "330845661.94"),
    ("建安工程费：15337731.88元、设计费：690000.00元", "", "16027731.88"),
    ("勘察设计费为 ¥5535000.00元，建安工程费为¥171178530.32元", "", "176713530.32"),
    ("67,078.0672 万元", "", "670780672.00"),
    ("2.9亿元", "", "290000000.00"),
    ("409.6万", "", "4096000.00"),
    ("￥421,549.38（人民币肆拾贰万壹仟伍佰肆拾玖元叁角捌分）", "", "421549.38"),
    ("70521002.19", "投标报价(元/%)", "70521002.19"),
    ("2,430,000.00元", "中标金额（费率、单价等）", "2430000.00"),
    ("含税单价为6400 元/吨（355.01 元/米），总价为3905110 元（大写：叁佰玖拾万零伍仟壹佰壹拾元）", "", "3905110.00"),
    ("单价100元/台，合计100000元", "中标价", "100000.00"),
    ("人民币（元）：1200000.00", "", "1200000.00"),
    ("（万元）：120.5", "中标价", "1205000.00"),
    ("叁佰伍拾陆萬柒仟捌佰玖拾圓整", "", "3567890.00"),
    ("1200000 (RMB)", "", "1200000.00"),
    ("1,200 ,000.00元", "", "1200000.00"),
    ("1200000元，付款比例：预付30%，验收后70%", "", "1200000.00"),
    ("1200000元，较预算节约4%", "", "1200000.00"),
    ("40万元/年×3年=120万元", "", "1200000.00"),
    ("1200元×1000=1200000元", "", "1200000.00"),
    ("1200000元（两年，每年600000元）", "", "1200000.00"),
    ("1200000元/三年", "", "1200000.00"),
    ("1200000（元/两年）", "", "1200000.00"),
    ("投标报价1300000元，修正后1200000元", "", "1200000.00"),
    ("总价格（含税，元)：1425466.64 元", "中标价格", "1425466.64"),
    ("总价格（含税，元)：1,425,466.64 元维护费率：3%", "中标价格", "1425466.64"),
]
_RATES = [
    ("97.0000000", "费率(%)"),
    ("65（%）", "总价"),
    ("投标下浮率：36（%）", ""),
    ("5.000000(%)", ""),
    ("价格系数：98.23%", ""),
    ("价格系数：1.88", ""),
    ("1.938  %", ""),
    ("下浮比例 ： 24.91%", ""),
    ("66.50", "中标（成交）金额（元）\\（%）"),
    ("98.5", "投标报价(元/%)"),
    ("0(%)", ""),
    ("按《建设工程监理与相关服务收费管理规定》（发改价格[2007]670 号）收费标准的48.8%计取", ""),
    ("以项目最终初步设计批复概算总投资的2.65%计取，不超过148万元", ""),
    ("设计费投标报价为336000元，建安工程费报价下浮率为3.5%", ""),
]
_UNIT_PRICES = [
    ("单价12元/㎡，暂估总价另行结算", ""),
    ("单价合计（元/人）：1132（元）", ""),
    ("单价：47.00元", ""),
    ("540 元 / 趟", ""),
    ("95.00元/延米", ""),
    ("单价合计（元/人）：1132（元）", ""),
    ("513360.00 元每年", ""),
    ("17.8168000（万元/年）", ""),
    ("12元/三人", ""),
    ("1500元/天（含税，每月按22天计）", ""),
]
_NOTHING = [
    ("0.0000000（万元）", ""),
    ("合同金额 0元 人民币", ""),
    ("1", "投标报价（元）"),
    ("/", ""),
    ("详见附件", ""),
    ("未提供", ""),
    ("2200 万美元", ""),
    ("US$745,800.00", ""),
    ("1,675,000.00", "中标金额"),
]


@pytest.mark.parametrize(("text", "label", "yuan"), _SUMS)
def test_a_sum_of_money_is_read_to_the_cent(text: str, label: str, yuan: str) -> None:
    amount = read_amount(text, label)
    assert (amount.kind, amount.yuan) == ("total", Decimal(yuan))
    assert amount.text == text


@pytest.mark.parametrize(("text", "label"), _RATES)
def test_a_rate_is_not_an_amount(text: str, label: str) -> None:
    amount = read_amount(text, label)
    assert (amount.kind, amount.yuan) == ("rate", None)


@pytest.mark.parametrize(("text", "label"), _UNIT_PRICES)
def test_a_unit_price_is_not_an_amount(text: str, label: str) -> None:
    amount = read_amount(text, label)
    assert (amount.kind, amount.yuan) == ("unit_price", None)


@pytest.mark.parametrize(("text", "label"), _NOTHING)
def test_blanks_placeholders_and_other_currencies_give_no_amount(text: str, label: str) -> None:
    amount = read_amount(text, label)
    assert (amount.kind, amount.yuan) == ("undisclosed", None)


def test_a_price_without_tax_is_marked() -> None:
    assert read_amount("1234.50", "投标报价（不含税总价，元）").tax_included is False
    assert read_amount("1234.50元（含税）", "投标报价").tax_included is True
    assert read_amount("1234.50元", "投标报价").tax_included is None


_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def _write_in_capitals(value: int) -> str:
    """Write a number of yuan below 10^12 as on a cheque: the inverse of the tested function."""

    def section(number: int) -> str:
        text = ""
        for power, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
            digit = number // power % 10
            if digit:
                text += _DIGITS[digit] + unit
            elif text and not text.endswith("零") and number % power:
                text += "零"
        return text

    parts = ""
    for power, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        number = value // power % 10**4
        if number:
            if parts and number < 1000:
                parts += "零"
            parts += section(number) + unit
    return parts + "元整"


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_capital_numerals_are_read_back_to_their_number(value: int) -> None:
    assert capital_yuan(_write_in_capitals(value)) == value


@given(st.decimals(min_value=Decimal("1.01"), max_value=Decimal(10) ** 9, places=2))
def test_an_amount_reads_the_same_in_yuan_and_in_ten_thousands(value: Decimal) -> None:
    assert read_amount(f"{value}元").yuan == value
    assert read_amount(f"{value:,}元").yuan == value
    assert read_amount(f"{value / 10000:f}（万元）").yuan == value
