"""The paragraph to paste: every figure in it is one of the database."""

from __future__ import annotations

import re
from datetime import date

import pytest

from analysis.figures.definition import load
from analysis.figures.periods import parse_period
from analysis.figures.summary import summary
from analysis.rendering.locale import Locale
from analysis.rendering.messages import Language
from analysis.reports import sentences
from analysis.reports.paragraph import render
from tests.helpers import market_year
from tests.helpers.market import Market, lot

pytestmark = pytest.mark.slow

_NUMBER = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module")
def market() -> Market:
    return market_year.build()


def numbers(text: str) -> list[str]:
    return _NUMBER.findall(text.replace(",", "")) if text else []


def span(period: str) -> tuple[date, date]:
    months = parse_period(period)
    return months.first, months.last


def known_figures(market: Market, period: str, language: Language) -> set[str]:
    """Every figure that SQL gives of the period, written as the paragraph writes it."""
    locale = Locale(language)
    totals = market.rows("SELECT * FROM period_totals(?, ?)", *span(period))
    figures: set[str] = set()

    def add_money(value: object) -> None:
        figures.add(locale.money_number(str(value)).replace(",", "")) if value is not None else None

    now = totals[0]
    figures |= {str(now[name]) for name in ("awards", "disclosed", "undisclosed", "flagged")}
    add_money(now["amount_yuan"])
    for base in totals[1:]:
        for name in ("awards_growth_pct", "amount_growth_pct"):
            if base[name] is not None:
                figures.add(f"{abs(base[name]):.1f}")
    for part in ("type", "sector", "vendor"):
        for row in market.rows(f"SELECT * FROM period_by_{part}(?, ?)", *span(period)):
            figures |= {
                f"{abs(value):.1f}"
                for name, value in row.items()
                if name.endswith(("_pct", "_points")) and value is not None
            }
            figures.add(str(row["awards"]))
            add_money(row["amount_yuan"])
    for row in market.rows("SELECT * FROM largest_awards(?, last_day(?)) LIMIT 3", *span(period)):
        add_money(row["amount_yuan"])
        for text in (row["project_name"], row["buyer"], *row["suppliers"]):
            figures |= {*numbers(text)}
    return figures


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("period", ["2025-06", "2025-Q2", "2025-01..2025-05"])
def test_every_figure_is_one_of_the_database(market: Market, period: str, language: Language) -> None:
    found = summary(market.con, period)
    text = render(found, load("market"), language)
    assert "\n" not in text
    locale = Locale(language)
    periods = (*map(locale.period, (found.period, found.prev.base.period)), "前 5 个月", "the 5 months")
    for own in (*periods, str(found.as_of), found.coverage.words_zh, found.coverage.words_en):
        text = text.replace(own, "")
    figures = [*numbers(text)]
    assert len(figures) > 20
    assert {*figures} - known_figures(market, period, language) == set()


@pytest.mark.long
def test_it_reads_like_an_analysts_note(market: Market) -> None:
    text = render(summary(market.con, "2025-Q2"), load("market"))
    assert text.startswith(
        "2025 年二季度，公开披露的大模型中标项目共 27 个（同比增长 80.0%，环比增长 12.5%）；其中 23 个披露金额，合计 17.09 亿元"
    )
    for words in (
        "从项目类型看，披露金额中算力占 55.1%（环比提高 29.9 个百分点）",
        "与 2025 年一季度相比，科大讯飞的披露金额反超百度",
        "以上为市场口径：已定标的大模型采购项目，数据截至 2025-07-02；覆盖情况：1 个平台中 1 个完整。",
    ):
        assert words in text


def test_who_passed_whom_was_behind_before_and_is_ahead_now(market: Market) -> None:
    rows = market.rows("SELECT * FROM passed_vendors(DATE '2025-04-01', DATE '2025-06-01')")
    assert rows
    sums = {}
    for name, period in (
        ("now", "2025-Q2"),
        ("prev", "2025-Q1"),
        ("yoy", "2024-Q2"),
    ):
        for row in market.rows("SELECT * FROM period_by_vendor(?, ?)", *span(period)):
            sums[name, row["vendor"]] = {"awards": row["awards"], "amount": row["amount_yuan"] or 0}
    for row in rows:
        one, other, measure = row["vendor"], row["passed_vendor"], row["measure"]
        nothing = {"awards": 0, "amount": 0}
        assert sums["now", one][measure] > sums.get(("now", other), nothing)[measure]
        assert sums[row["before"], one][measure] < sums[row["before"], other][measure]


def test_without_a_known_base_it_says_why_it_gives_no_growth_and_without_awards_a_sentence(market: Market) -> None:
    text = render(summary(market.con, "2024-Q1"), load("market"))
    assert [*re.findall("[^。]*[同环]比[^。]*", text)] == ["因对比期或本期有月份未完整覆盖，不计算同比和环比增速"]
    text = render(summary(market.con, "2024-01..2024-05"), load("market"), "en")
    assert "Growth on the year before and the 5 months before is not given" in text
    assert render(summary(market.con, "2021"), load("market")).startswith("2021 年没有任何已知数据。以上为")


def test_growth_names_what_it_is_on_and_a_year_is_compared_once(market: Market) -> None:
    def render_growth(period: str, language: Language = "zh") -> str:
        return render(summary(market.con, period), load("market"), language)

    assert "，不计算同比增速。" in render_growth("2024-07..2025-06")
    assert "较前" not in render_growth("2024-07..2025-06")
    assert "较前 5 个月" in render_growth("2025-01..2025-05")
    assert "% on the 5 months before" in render_growth("2025-01..2025-05", "en")
    assert "% on the quarter before" in render_growth("2025-Q2", "en")
    assert "% on the month before" in render_growth("2025-06", "en")


def test_text_of_a_page_stays_in_its_line() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("9.00", "甲\n公司"), name="大模型\x1b[2J\n平台", buyer=None)
    text = render(summary(market.publish().con, "2025-07"), load("market"))
    assert "\x1b" not in text
    assert "\n" not in text
    assert "某采购人“大模型" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            (
                "共 1 个；金额为 12.50 万元。该项目是“某局大模型平台”（12.50 万元，甲公司中标）。因",
                "5 个平台的公告均来自文件，完整性未知。",
            ),
        ),
        (
            "en",
            (
                "1 large-model project was awarded. Its price is CNY 0.1 m. It is “某局大模型平台” (CNY 0.1 m,",
                "all 5 portals from files, completeness",
            ),
        ),
    ],
)
def test_small_sums_named_buyers_and_many_files_read_well(language: Language, words: tuple[str, ...]) -> None:
    market = Market()
    for number in range(5):
        market.notice(
            f"p{number}:1", "award", f"2025-07-0{number + 1}", lot("125000.00", "甲公司"), portal=f"p{number}", number=f"ZB-{number}",
            name="某局大模型平台", buyer="某局", project_type="application",
        )  # fmt: skip
    text = render(summary(market.publish().con, "2025-07"), load("market"), language)
    assert [one for one in words if one not in text] == [], text


def test_one_award_without_a_price_reads_well() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot(None, "甲公司"), name="某局大模型平台", buyer="某局")
    found = summary(market.publish().con, "2025-07")
    assert "共 1 个；均未披露金额。" in render(found, load("market"))
    assert "1 large-model project was awarded. None of them discloses a price." in render(found, load("market"), "en")
    assert "共有 1 个大模型项目中标；均未公布金额。" in sentences.lead(found, Locale("zh"))


@pytest.mark.parametrize(
    ("amounts", "period", "words"),
    [
        (("9000000", "8000000"), "2025-07", "共 2 个；均披露金额，合计 0.17 亿元。"),
        (("9000000", None), "2025-07", "披露金额的项目是某局1“"),
        (
            ("9000000", "8000000"),
            "2025-06..2025-07",
            "From June to July 2025, 2 large-model projects were awarded. All of",
        ),
    ],
)
def test_few_awards_read_well(amounts: tuple[str | None, ...], period: str, words: str) -> None:
    market = Market()
    for number, amount in enumerate(amounts, 1):
        about = {"number": f"ZB-{number}", "name": f"大模型平台{number}", "buyer": f"某局{number}"}
        market.notice(f"ccgp:{number}", "award", "2025-07-01", lot(amount, "甲公司"), **about)
    language: Language = "zh" if "共" in words or "是" in words else "en"
    assert words in render(summary(market.publish().con, period), load("market"), language)


@pytest.mark.parametrize(
    ("yuan", "chinese", "english"),
    [
        ("0", "0.00 亿元", "CNY 0.0 m"),
        ("45000", "4.50 万元", "CNY 45,000"),
        ("999999", "100.00 万元", "CNY 1.0 m"),
        ("1000000", "0.01 亿元", "CNY 1.0 m"),
    ],
)
def test_no_sum_reads_as_nothing(yuan: str, chinese: str, english: str) -> None:
    assert (Locale("zh").money(yuan), Locale("en").money(yuan)) == (chinese, english)


def test_a_paragraph_of_made_up_data_says_so_at_its_end(market: Market) -> None:
    found = summary(market.con, parse_period("2025-07"), load("market"))
    assert (
        render(found, load("market"), made_up=True)
        == f"{render(found, load('market'))}示例：项目与金额均为虚构，不反映市场。"
    )
