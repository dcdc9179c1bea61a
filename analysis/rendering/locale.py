"""One language: texts by name, codes by what they are called, figures and dates as people write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analysis.figures.periods import Period
from analysis.figures.summary import Dimension
from analysis.rendering.messages import Language, in_number, messages
from analysis.rendering.source_notes import in_chinese
from pipelines.common.money import WAN, YI, in_units
from pipelines.lexicon import terms

NOTHING = "—"  # in place of a figure that does not exist

# Where the rows of a breakdown have their names from.
_VOCABULARIES: dict[Dimension, terms.Vocabulary] = {
    "type": "project_type",
    "sector": "sector",
    "province": "province",
}


_HALVES, _QUARTERS = ("上半年", "下半年"), "一二三四"


@dataclass(frozen=True, slots=True)
class Locale:
    """How one language writes texts, codes, figures and dates."""

    language: Language

    @property
    def is_chinese(self) -> bool:
        return self.language == "zh"

    @property
    def not_stated(self) -> str:
        """What the page says for a code that no notice states."""
        return _capitalized(self.text("not_stated"))

    def text(self, name: str, **values: object) -> str:
        """Return the text of that name in ``messages.toml`` with its placeholders filled. Raises KeyError."""
        text = messages()[name].in_language(self.language)
        return in_number(text, values).format(**values) if values else text

    def term(self, vocabulary: terms.Vocabulary, code: str | None) -> str:
        """Return what a code is called at the beginning of a line. An unknown code stays as it is."""
        if code is None:
            return self.not_stated
        return self.terms(vocabulary).get(code, code)

    def terms(self, vocabulary: terms.Vocabulary) -> dict[str, str]:
        """Return what all codes of a vocabulary are called at the beginning of a line, by code."""
        names = terms.names(vocabulary, self.language)
        if vocabulary == "province" and not self.is_chinese:  # people search the page by the name on the notice
            names = {code: f"{name} {code}" for code, name in names.items()}
        return {code: _capitalized(name) for code, name in names.items()}

    def item(self, dimension: Dimension, value: str | None) -> str:
        """Return what a row of a breakdown is called. A vendor keeps its own name."""
        if value is None:
            return self.not_stated
        return value if dimension == "vendor" else self.term(_VOCABULARIES[dimension], value)

    def note(self, text: str | None) -> str | None:
        """Return what a note on a published figure says."""
        return in_chinese("notes", text) if text and self.is_chinese else text

    def publisher(self, name: str | None) -> str | None:
        """Return who published a figure, as a reader of the language writes it."""
        return in_chinese("publishers", name) if name and self.is_chinese else name

    def joined(self, names: Iterable[str]) -> str:
        """Return names in a row, separated as the language does it."""
        return ("、" if self.is_chinese else "; ").join(names)

    def listed(self, items: Iterable[str]) -> str:
        """Return items as a sentence lists them: 甲、乙、丙; A, B and C."""
        all_items = list(items)
        if self.is_chinese or len(all_items) < 2:
            return "、".join(all_items)
        return f"{', '.join(all_items[:-1])} and {all_items[-1]}"

    def month(self, month: date) -> str:
        """Return the name of a month: 2025 年 7 月, July 2025."""
        return f"{month.year} 年 {month.month} 月" if self.is_chinese else f"{month:%B %Y}"

    def period(self, period: Period) -> str:
        """Return the name of a period: 2025 年一季度, Q1 2025; 2025 年 1—7 月, January to July 2025."""
        first, last = period.first, period.last
        if period.is_month:
            return self.month(first)
        if period.is_year:
            return f"{first.year} 年" if self.is_chinese else str(first.year)
        if period.is_half or period.is_quarter:
            name = self.part_of_year(period)
            return f"{first.year} 年{name}" if self.is_chinese else f"{name} {first.year}"
        if self.is_chinese:
            if first.year == last.year:
                return f"{first.year} 年 {first.month}—{last.month} 月"
            return f"{self.month(first)}至 {self.month(last)}"
        begins = f"{first:%B}" if first.year == last.year else self.month(first)
        return f"{begins} to {self.month(last)}"

    def part_of_year(self, period: Period) -> str:
        """Return the name of a half, quarter or month without its year: 上半年, 一季度, 7月; H1, Q1, Jul."""
        number = (period.first.month - 1) // period.months
        if period.is_month:
            return f"{number + 1}月" if self.is_chinese else f"{period.first:%b}"
        if not self.is_chinese:
            return period.key[5:]
        return _HALVES[number] if period.is_half else f"{_QUARTERS[number]}季度"

    def labelled(self, name: str, value: object) -> str:
        """Return a value after the text of that name and a colon."""
        return f"{self.text(name)}：{value}" if self.is_chinese else f"{self.text(name)}: {value}"

    def money(self, yuan: Decimal | str | None) -> str:
        """Return a sum with its unit: 亿元 in Chinese, millions of yuan in English.

        A sum too small for that unit's decimals, which would read as nothing, is in 万元 or in yuan.
        """
        number = self.money_number(yuan)
        if yuan is None:
            return number
        if 0 < Decimal(yuan) * 10**self.places < self.unit:
            return f"{in_units(yuan, WAN):,} 万元" if self.is_chinese else f"CNY {in_units(yuan, 1, 0):,}"
        return f"{number} 亿元" if self.is_chinese else f"CNY {number} m"

    def money_number(self, yuan: Decimal | str | None) -> str:
        """Return a sum without its unit, for a table whose head gives the unit."""
        return NOTHING if yuan is None else f"{in_units(yuan, self.unit, self.places):,}"

    @property
    def unit(self) -> int:
        """Yuan in the unit of large sums: 亿, or a million."""
        return YI if self.is_chinese else 10**6

    @property
    def places(self) -> int:
        """Decimal places of a sum in that unit."""
        return 2 if self.is_chinese else 1


def count_text(value: float | int | None) -> str:
    """Return a figure with thousands separators, or a dash."""
    return NOTHING if value is None else f"{value:,.10g}"


def growth_text(percent: float | None) -> str:
    """Return growth with its sign, a true minus, or a dash if there is no base."""
    return NOTHING if percent is None else f"{percent:+,.1f}%".replace("-", "−")


def points_text(points: float | None) -> str:
    """Return a shift in percentage points with its sign, a true minus, or a dash."""
    return NOTHING if points is None else f"{points:+.1f}".replace("-", "−")


def share_text(percent: float | None) -> str:
    """Return a share in per cent, or a dash."""
    return NOTHING if percent is None else f"{percent:.1f}%"


def yuan_text(yuan: Decimal | str | None) -> str:
    """Return a sum in yuan to the cent, or a dash."""
    return NOTHING if yuan is None else f"{Decimal(yuan):,.2f}"


def change_text(change: int | Decimal) -> str:
    """Return a difference with its sign, a true minus; decimals are sums to the cent."""
    if not change:
        return "0"
    return (f"{change:+,.2f}" if isinstance(change, Decimal) else f"{change:+,}").replace("-", "−")


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
