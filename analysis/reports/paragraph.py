"""A paragraph to paste into a report: headline, growth, types, sectors, vendors, the largest awards, the coverage.

Its sentences are in ``messages.toml``. Every figure is one of the summary, rounded as everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from analysis.figures.definition import Definition
from analysis.figures.periods import Compared, Period
from analysis.figures.summary import Dimension, LargeAward, Part, Summary
from analysis.rendering.locale import NOTHING, Locale, count_text
from analysis.rendering.messages import Language
from analysis.reports import sentences
from pipelines.common.safe_text import printable

_TYPES, _LEADERS, _LARGEST, _PASSED = 4, 3, 3, 2  # how many of each are named


def render(summary: Summary, definition: Definition, language: Language = "zh", *, made_up: bool = False) -> str:
    """Return the period as one paragraph, without a final newline. What is not known is left out, never 0.

    With ``made_up`` it ends by saying that projects and sums are, because it is pasted elsewhere alone.
    """
    locale = Locale(language)
    if summary.awards == 1:  # all shares are 100 %
        parts = [_headline(summary, locale), _largest(summary, locale), _no_growth(summary, locale)]
    elif summary.awards:
        parts = [
            _headline(summary, locale),
            _shares(summary, "type", _TYPES, locale),
            _shares(summary, "sector", _LEADERS, locale),
            _vendors(summary.by_vendor, locale),
            _passed(summary, locale),
            _largest(summary, locale),
            locale.text("text_flagged", flagged=count_text(summary.flagged)) if summary.flagged else "",
            _no_growth(summary, locale),
        ]
    else:
        parts = [sentences.lead(summary, locale)]
    parts.append(
        locale.text(
            "text_basis",
            definition=definition.title_zh if locale.is_chinese else definition.title_en,
            as_of=summary.as_of or NOTHING,
            coverage=sentences.coverage_words(summary.coverage, locale),
        )
    )
    if made_up:
        parts.append(locale.text("made_up"))
    return printable(("" if locale.is_chinese else " ").join(filter(None, parts)))


def _headline(summary: Summary, locale: Locale) -> str:
    def growth(measure: str) -> str:
        comparisons = summary.comparisons
        changes = {name: getattr(comparisons[name], f"{measure}_pct") for name in _compared(summary.period)}
        return _changes(changes, "text", summary.period, locale)

    amount = {"amount": locale.money(summary.amount_yuan), "amount_growth": growth("amount")}
    if not summary.disclosed:
        prices = locale.text("text_no_price")
    elif not summary.undisclosed:
        prices = locale.text("text_one_price" if summary.awards == 1 else "text_all_prices", **amount)
    else:
        others = locale.text("text_undisclosed", undisclosed=count_text(summary.undisclosed))
        prices = locale.text("text_prices", disclosed=count_text(summary.disclosed), others=others, **amount)
    period = summary.period
    is_named = period.is_month or period.is_quarter or period.is_half or period.is_year
    return locale.text(
        "text_headline",
        when=locale.text("text_within" if is_named else "text_from_to", period=locale.period(period)),
        awards=count_text(summary.awards),
        awards_growth=growth("awards"),
        prices=prices,
    )


def _compared(period: Period) -> tuple[Compared, ...]:
    """Return what a period is compared with. The twelve months before are those of the year before: once is enough."""
    return ("yoy",) if period.bases["yoy"] == period.bases["prev"] else ("yoy", "prev")


def _base_name(name: Compared, period: Period, locale: Locale) -> str:
    """Return what growth is on, as a sentence calls it: 同比, 环比, 较前 7 个月; the quarter before."""
    if name == "yoy":
        return locale.text("text_year_before")
    length = "month" if period.is_month else "quarter" if period.is_quarter else "half" if period.is_half else "months"
    return locale.text(f"text_{length}_before", months=period.months)


def _no_growth(summary: Summary, locale: Locale) -> str:
    """Return the sentence that says why growth is missing; an empty text if none is missing for want of coverage."""
    bases = [
        _base_name(name, summary.period, locale)
        for name in _compared(summary.period)
        if not summary.comparisons[name].is_known
    ]
    if not bases:
        return ""
    listed = "和".join(bases) if locale.is_chinese else " and ".join(bases)
    return locale.text("text_no_growth", bases=listed)


def _changes(changes: dict[Compared, float | None], kind: str, period: Period, locale: Locale) -> str:
    """Return growth or shifts in brackets, those that are known; an empty text if none is."""
    clauses = []
    for name, change in changes.items():
        if change is not None:
            direction = "up" if change > 0 else "down" if change < 0 else "same"
            clauses.append(
                locale.text(
                    f"{kind}_{direction}_{name}",
                    value=f"{abs(change):,.1f}",
                    before=_base_name(name, period, locale),
                )
            )
    joined = ("，" if locale.is_chinese else ", ").join(clauses)
    return locale.text("text_in_brackets", clauses=joined) if clauses else ""


def _shares(summary: Summary, dimension: Dimension, most: int, locale: Locale) -> str:
    """Return the largest shares of the awards and of the amount, with their shifts. Rows without a code stay out."""

    def shares(measure: str) -> str:
        named = [part for part in summary.breakdowns[dimension] if part.code and getattr(part, f"{measure}_share_pct")]
        named.sort(key=lambda part: -getattr(part, f"{measure}_share_pct"))
        return locale.listed(
            locale.text(
                "text_share",
                item=_inside(locale.item(dimension, part.code), locale),
                share=f"{getattr(part, f'{measure}_share_pct'):.1f}%",
                shifts=_shift(part, measure, summary.period, locale),
            )
            for part in named[:most]
        )

    return _both(f"text_{dimension}s", shares("awards"), shares("amount"), locale)


def _shift(part: Part, measure: str, period: Period, locale: Locale) -> str:
    """Return how a share moved against the period before or, if that is not known, against the year before."""
    for name in reversed(_compared(period)):
        points = getattr(part, f"{measure}_share_{name}_points")
        if points is not None:
            return _changes({name: points}, "text_points", period, locale)
    return ""


def _vendors(parts: Sequence[Part], locale: Locale) -> str:
    def leaders(key: Callable[[Part], Decimal | int | None], name: str, text: Callable[[Part], str]) -> str:
        ranked = sorted((part for part in parts if key(part)), key=lambda part: -(key(part) or 0))
        return locale.listed(
            locale.text(name, item=_one_line(part.code or ""), value=text(part)) for part in ranked[:_LEADERS]
        )

    by_awards = leaders(lambda part: part.awards, "text_vendor_awards", lambda part: count_text(part.awards))
    by_amount = leaders(
        lambda part: part.amount_yuan, "text_vendor_amount", lambda part: locale.money(part.amount_yuan)
    )
    return _both("text_vendors", by_awards, by_amount, locale)


def _both(message: str, awards: str, amount: str, locale: Locale) -> str:
    """Return the sentence about counts and money, about counts alone if no money is known, or nothing."""
    if not awards:
        return ""
    if not amount:
        return locale.text(f"{message}_counted", awards=awards)
    return locale.text(message, awards=awards, amount=amount)


def _passed(summary: Summary, locale: Locale) -> str:
    others: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in summary.passed[:_PASSED]:
        others.setdefault((one.vendor, one.measures), []).append(one.passed_vendor)
    clauses = [
        locale.text(
            f"text_passed_{measures[0] if len(measures) == 1 else 'both'}",
            vendor=_one_line(vendor),
            other=locale.listed(map(_one_line, names)),
        )
        for (vendor, measures), names in others.items()
    ]
    if not clauses:
        return ""
    base = locale.period(summary.prev.base.period)
    return locale.text("text_passed", base=base, passed=("，" if locale.is_chinese else "; ").join(clauses))


def _largest(summary: Summary, locale: Locale) -> str:
    def described(award: LargeAward) -> str:
        names = locale.joined(map(_one_line, award.suppliers))
        project = _one_line(award.project_name or award.award_key)
        buyer = _one_line(award.buyer or locale.text("unnamed_buyer"))
        return locale.text(
            "text_large_award_named" if project.startswith(buyer) else "text_large_award",
            buyer=buyer,
            project=project,
            amount=locale.money(award.amount_yuan),
            suppliers=locale.text("text_large_award_suppliers", names=names) if names else "",
        )

    if not summary.largest:
        return ""
    message = "text_only" if summary.awards == 1 else "text_only_priced" if summary.disclosed == 1 else "text_largest"
    return locale.text(message, largest=locale.listed(map(described, summary.largest[:_LARGEST])))


def _inside(name: str, locale: Locale) -> str:
    """Return the name of a code within a sentence, where English ones are not capitalized."""
    return name if locale.is_chinese or name.isupper() else name[:1].lower() + name[1:]


def _one_line(text: str) -> str:
    return " ".join(text.split())
