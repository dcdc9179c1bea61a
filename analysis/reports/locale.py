"""What the page and the workbook say, in Chinese and in English, and how they write figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from analysis.figures.money import YI, in_units
from analysis.reports.terms import CAUSE, PROJECT_TYPE, SECTOR
from analysis.reports.texts import TEXT

Language = Literal["zh", "en"]
Pair = tuple[str, str]

NOT_STATED: Pair = ("未标明", "not stated")
KIND: dict[str, Pair] = {
    "award": ("结果公告", "result"), "candidate": ("候选人公示", "candidates"), "tender": ("采购公告", "tender"),
    "failed": ("废标或终止", "failed or ended"), "correction": ("更正公告", "correction"), "contract": ("合同公告", "contract"),
    "intention": ("采购意向", "intention"), "single_source": ("单一来源公示", "single source"), "other": ("其他", "other"),
}  # fmt: skip
STATE: dict[str, Pair] = {
    "complete": ("完整", "complete"), "partial": ("部分", "partial"), "keyword": ("仅关键词检索", "keywords only"),
    "blocked": ("被拒绝访问", "blocked"), "failed": ("失败", "failed"), "incomplete": ("不完整", "incomplete"),
    "loaded": ("来自文件，完整性未知", "from files, completeness unknown"),
}  # fmt: skip
PROBLEM: dict[str, Pair] = {
    "different values": ("同一指标数值不同", "different values for one measure"),
    "disclosed and undisclosed": ("已披露与未披露之和不等于总数", "disclosed and undisclosed do not add up"),
    "parts and whole": ("分段之和不等于整段", "parts do not add up to the whole"),
    "part larger than the whole": ("部分大于整体", "part larger than the whole"),
    "growth and base": ("增速与基数不符", "growth does not fit its base"),
    "one place for two": ("同一名次有两家", "one place given twice"),
}  # fmt: skip
METRIC: dict[str, Pair] = {
    "project_count": ("中标项目（个）", "awards"),
    "disclosed_count": ("已披露金额的项目（个）", "awards with an amount"),
    "undisclosed_count": ("未披露金额的项目（个）", "awards without an amount"),
    "disclosed_amount_yi": ("披露金额（亿元）", "disclosed amount, 亿 (100 million yuan)"),
    "yoy_count_pct": ("项目数同比（%）", "awards, year on year, %"),
    "yoy_amount_pct": ("金额同比（%）", "amount, year on year, %"),
    "qoq_count_pct": ("项目数环比（%）", "awards, on the quarter before, %"),
    "qoq_amount_pct": ("金额环比（%）", "amount, on the quarter before, %"),
    "type_share_count_pct": ("类型占项目数（%）", "type, share of awards, %"),
    "type_share_amount_pct": ("类型占金额（%）", "type, share of amount, %"),
    "sector_share_count_pct": ("行业占项目数（%）", "sector, share of awards, %"),
    "sector_share_amount_pct": ("行业占金额（%）", "sector, share of amount, %"),
    "sector_count": ("行业中标项目（个）", "sector, awards"),
    "sector_amount_yi": ("行业金额（亿元）", "sector, 亿 (100 million yuan)"),
    "sector_rank": ("行业名次", "sector, place"),
    "type_rank_count": ("类型名次", "type, place"),
    "type_count": ("类型中标项目（个）", "type, awards"),
    "vendor_count": ("厂商中标项目（个）", "vendor, awards"),
    "sector_type_share_count_pct": ("行业内类型占项目数（%）", "type in a sector, share of awards, %"),
    "vendor_amount_wan": ("厂商金额（万元）", "vendor, 10,000 yuan"),
    "vendor_rank": ("厂商名次", "vendor, place"),
    "project_count_min": ("中标项目至少（个）", "awards, at least"),
    "buyer_count": ("采购人（家）", "buyers"),
    "buyer_count_min": ("采购人至少（家）", "buyers, at least"),
    "median_amount_wan": ("金额中位数（万元）", "median amount, 10,000 yuan"),
    "vendor_amount_wan_min": ("厂商金额至少（万元）", "vendor, at least, 10,000 yuan"),
}
_PLACES = (
    "北京 Beijing|天津 Tianjin|河北 Hebei|山西 Shanxi|内蒙古 Inner Mongolia|辽宁 Liaoning|吉林 Jilin|"
    "黑龙江 Heilongjiang|上海 Shanghai|江苏 Jiangsu|浙江 Zhejiang|安徽 Anhui|福建 Fujian|江西 Jiangxi|"
    "山东 Shandong|河南 Henan|湖北 Hubei|湖南 Hunan|广东 Guangdong|广西 Guangxi|海南 Hainan|重庆 Chongqing|"
    "四川 Sichuan|贵州 Guizhou|云南 Yunnan|西藏 Tibet|陕西 Shaanxi|甘肃 Gansu|青海 Qinghai|宁夏 Ningxia|"
    "新疆 Xinjiang|香港 Hong Kong|澳门 Macao|台湾 Taiwan"
)
PROVINCE: dict[str, Pair] = {
    zh: (zh, f"{en} {zh}") for zh, _, en in (place.partition(" ") for place in _PLACES.split("|"))
}
_CODES: dict[str, dict[str, Pair]] = {
    "type": PROJECT_TYPE, "sector": SECTOR, "province": PROVINCE, "kind": KIND, "state": STATE, "problem": PROBLEM,
    "metric": METRIC, "cause": {code: (zh, code) for code, zh in CAUSE.items()},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: texts by name, codes of the database by what they are called, figures as people write them."""

    language: Language

    @property
    def _at(self) -> int:
        return 0 if self.language == "zh" else 1

    def __call__(self, name: str, **values: object) -> str:
        """The text of that name, with ``{places}`` filled."""
        text = TEXT[name][self._at]
        return text.format(**values) if values else text

    def code(self, of: str, code: str | None) -> str:
        """What a code is called; a vendor, or what has no name of ours, as it is."""
        if code is None:
            return self._begun(NOT_STATED[self._at])
        pair = _CODES.get(of, {}).get(code)
        return self._begun(pair[self._at]) if pair else code

    def codes(self, of: str) -> dict[str, str]:
        """All names of one kind of code."""
        return {code: self._begun(pair[self._at]) for code, pair in _CODES[of].items()}

    @staticmethod
    def _begun(text: str) -> str:
        """As it begins a line."""
        return text[:1].upper() + text[1:]

    def joined(self, names: Iterable[str]) -> str:
        """Names in a row, as the language parts them."""
        return ("、" if self.language == "zh" else "; ").join(names)

    def month(self, month: date) -> str:
        return f"{month.year} 年 {month.month} 月" if self.language == "zh" else f"{month:%B %Y}"

    def money(self, yuan: Decimal | str | None) -> str:
        """A sum with its unit: 亿元 in Chinese, millions of yuan in English."""
        bare = self.bare_money(yuan)
        return bare if yuan is None else f"{bare} 亿元" if self.language == "zh" else f"CNY {bare} m"

    def bare_money(self, yuan: Decimal | str | None) -> str:
        """The same without its unit, which then stands in the head of the column."""
        if yuan is None:
            return "—"
        return f"{in_units(yuan, self.unit, self.places):,}"

    @property
    def unit(self) -> int:
        """Yuan in the unit of large sums: 亿, or a million."""
        return YI if self.language == "zh" else 10**6

    @property
    def places(self) -> int:
        """Decimals that a sum in that unit is shown with."""
        return 2 if self.language == "zh" else 1


def count(value: float | int | None) -> str:
    """A figure; — where there is none."""
    return "—" if value is None else f"{value:,.10g}"


def growth_of(value: float | None) -> str:
    """A growth in per cent with its sign (a real minus); — where there is no base."""
    return "—" if value is None else f"{value:+,.1f}%".replace("-", "−")


def share_of(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}%"
