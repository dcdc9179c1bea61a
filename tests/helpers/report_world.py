"""A small made-up market for the tests of the report: three months, every kind of figure, hostile pages."""

from __future__ import annotations

from typing import Any

from analysis.figures.definition import load
from analysis.reports.html import page
from analysis.reports.period_report import Contents, gather
from tests.helpers.market import Market, lot

MONTH = "2025-07"
SCRIPT = "<script>document.title='owned'</script>大模型平台"
BREAKOUT = "</script><img src=https://evil.example/x onerror=alert(1)>\u2028智能体"
ATTRIBUTE = '大模型" onclick="alert(1)" x=\'y'
FORMULA = '=HYPERLINK("https://evil.example","大模型")'
TURNED = "大模型\u202etxt.exe"
HOSTILE = (SCRIPT, BREAKOUT, ATTRIBUTE, FORMULA, TURNED)
_TYPES = ("compute", "application", "model", "data", None)
_SECTORS = ("government", "education_research", "energy", None)
_PROVINCES = (
    "广东",
    "浙江",
    "北京",
    "上海",
    "湖北",
    "四川",
    "山东",
    "江苏",
    "福建",
    "湖南",
    "河南",
    "安徽",
    "青海",
    None,
)
_VENDORS = ("阿里", "百度", "华为")


def award(market: Market, number: int, on: str, amount: str | None, **more: Any) -> str:
    """Add an award that differs from others in everything that the report counts by, and return its notice key."""
    vendor = _VENDORS[number % 3] if number % 4 else None
    supplier = f"某{vendor or '市科技'}{number}有限公司"
    fields: dict[str, Any] = {
        "number": f"ZB-{on[:4]}-{number:04}", "name": f"第{number}号大模型平台采购项目", "buyer": f"某市第{number}局",
        "project_type": _TYPES[number % 5], "sector": _SECTORS[number % 4], "province": _PROVINCES[number % 14],
        "evidence": '{"is_large_model": ["大模型平台"], "rule:is_large_model": ["large-model"]}',
    }  # fmt: skip
    lots = more.pop("lots", [lot(amount, supplier, vendors={supplier: vendor} if vendor else None)])
    return market.notice(f"ccgp:{on[:4]}{number}", "award", on, *lots, **(fields | more))


def build() -> Market:
    """Return three months: 70 awards in July 2025, 12 a year before, 6 in June; one voided and one corrected in August."""
    market = Market()
    for number in range(60):
        amount = None if number % 6 == 5 else f"{(number + 1) * 110_000}.{number:02}"
        award(market, number, f"2025-07-{number % 28 + 1:02}", amount)
    for number, title in enumerate(HOSTILE, 60):
        award(market, number, "2025-07-20", f"{number}0000000.00", name=title, title=title, buyer=f"<i>{number}</i>局")
    award(market, 65, "2025-07-21", "65.00", url="javascript:alert(document.domain)")
    two = [lot("3000000.10", "某阿里甲公司", no=1, numbered=True, name="平台", vendors={"某阿里甲公司": "阿里"}),
           lot("4000000.20", "某百度乙公司", no=2, numbered=True, name="算力", vendors={"某百度乙公司": "百度"})]  # fmt: skip
    award(market, 66, "2025-07-22", None, lots=two)
    half = [lot("5000000.00", "某华为丙公司", no=1, numbered=True, name="一", vendors={"某华为丙公司": "华为"}),
            lot(None, "某华为丙公司", no=2, numbered=True, name="二", vendors={"某华为丙公司": "华为"})]  # fmt: skip
    award(market, 67, "2025-07-23", None, lots=half)
    voided = award(market, 68, "2025-07-24", "8000000.00")
    market.notice("ccgp:void", "failed", "2025-08-20", number="ZB-2025-0068", name="第68号大模型平台采购项目", buyer="某市第68局",
                  cancels=True, title="中标结果作废公告")  # fmt: skip
    corrected = award(market, 69, "2025-07-25", "9000000.00")
    market.notice("ccgp:corrected", "correction", "2025-08-21", lot("9500000.00", "某市科技69有限公司"), number="ZB-2025-0069",
                  name="第69号大模型平台采购项目", buyer="某市第69局", title="结果更正公告")  # fmt: skip
    assert (voided, corrected) == ("ccgp:202568", "ccgp:202569")
    for number in range(12):
        award(market, number, f"2024-07-{number + 1:02}", f"{number + 1}00000.00", buyer=f"旧市第{number}局")
    for number in range(6):
        award(market, number + 80, f"2025-06-{number + 1:02}", f"{number + 1}20000.00")
    for since, until in ("2024-07-01", "2024-07-31"), ("2025-06-01", "2025-07-29"), ("2025-07-30", "2025-07-31"):
        market.insert("crawls", [{"crawl_id": since, "portal": "ccgp", "state": "complete", "since": since, "until": until,
                                  "started_at": "2025-08-02 08:00+08", "finished_at": "2025-08-02 09:00+08"}])  # fmt: skip
    return market.publish()


def contents(market: Market, month: str = MONTH, as_of: str | None = None, **more: Any) -> Contents:
    return gather(market.con, month, load("market"), as_of, **more)


def html(market: Market, language: str = "zh", **more: Any) -> str:
    return page.render(market.con, contents(market, **more), "en" if language == "en" else "zh")
