"""The parts of the page that show the month's figures: headline, curve, types, sectors, rankings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from analysis.figures.money import in_units
from analysis.figures.months import shift_month
from analysis.figures.rates import share_pct
from analysis.figures.summary import Comparison, Part, Summary
from analysis.reports.html import charts
from analysis.reports.html.markup import address, behind, grid, more, name, para, section, text
from analysis.reports.locale import Tongue, count, growth_of, share_of
from analysis.reports.month_report import Contents, Figures, Month
from analysis.reports.terms import PROJECT_TYPE, SECTOR

_WIDE, _NARROW = (920, 230), (336, 210)  # of a chart: for a screen or paper, for a phone
_NARROW_MONTHS = 13
_RANKED = 10
_SHADES = 6

Linked = Callable[[date], bool]  # whether the awards of a month are on the page


def lead(contents: Contents, tongue: Tongue) -> str:
    """The month in one sentence, as text."""
    found = contents.summary
    month = tongue.month(contents.month)
    if found.awards is None:
        return tongue("lead_nothing", month=month)
    if not found.awards:
        return tongue("lead_none", month=month)
    growth = ""
    if found.yoy.awards_pct is not None:
        base = count(found.yoy.base.awards)
        growth = tongue("lead_growth", base=base, growth=growth_of(found.yoy.awards_pct))
    return tongue(
        "lead", month=month, awards=count(found.awards), growth=growth, disclosed=count(found.disclosed),
        amount=tongue.money(found.amount_yuan),
    )  # fmt: skip


def headline(contents: Contents, tongue: Tongue) -> str:
    found, month = contents.summary, contents.summary.month_key
    big = [
        _big(tongue, "awards", behind(count(found.awards), month=month), tongue("awards_unit"), found, lambda one: one.awards_pct),
        _big(tongue, "amount", behind(tongue.bare_money(found.amount_yuan), month=month, disclosed="yes"),
             "亿元" if tongue.language == "zh" else "CNY m", found, lambda one: one.amount_pct),
        _parts(contents, tongue),
    ]  # fmt: skip
    covered = found.coverage
    whole = covered.portals and covered.portals_complete == len(covered.portals)
    badge = f'<span class="badge {"well" if whole else "short"}">{text(tongue("complete" if whole else "not_complete"))}</span>'
    words = covered.words_zh if tongue.language == "zh" else covered.words_en
    shown = f"<strong>{text(tongue('coverage'))}</strong> {text(words)}"
    return section(
        "headline", tongue("headline"),
        para(text(lead(contents, tongue)), "lead"),
        f'<div class="big">{"".join(big)}</div>',
        para(text(tongue("undisclosed_note", undisclosed=count(found.undisclosed)))) if found.undisclosed else "",
        para(f'{badge} {shown} <a href="#reading">{text(tongue("reading"))}</a>', "coverage"),
        _bases(contents, tongue),
        largest(contents, tongue),
    )  # fmt: skip


def _big(
    tongue: Tongue, label: str, value: str, unit: str, found: Summary, growth: Callable[[Comparison], float | None]
) -> str:
    unit = f" <small>{text(unit)}</small>" if unit else ""
    rates = "".join(
        f"<span>{text(tongue(suffix))} <b>{text(growth_of(growth(comparison)))}</b></span>"
        for suffix, comparison in found.comparisons.items()
    )
    return f'<div><h3>{text(tongue(label))}</h3><p class="figure">{value}{unit}</p><p class="rates">{rates}</p></div>'


def _parts(contents: Contents, tongue: Tongue) -> str:
    found, month = contents.summary, contents.summary.month_key
    part = share_pct(found.disclosed, found.awards)
    values = "".join(
        f"<span>{text(tongue(which))} <b>{behind(count(value), month=month, disclosed=wanted)}</b></span>"
        for which, value, wanted in (("disclosed", found.disclosed, "yes"), ("undisclosed", found.undisclosed, "no"))
    )
    return (
        f'<div><h3>{text(tongue("disclosed_part"))}</h3><p class="figure">{share_of(part)}</p>'
        f'{charts.level(part)}<p class="rates">{values}</p></div>'
    )


def _bases(contents: Contents, tongue: Tongue) -> str:
    """What growth compares, plainly and over the same portals."""
    found, rows = contents.summary, []
    for suffix, comparison in found.comparisons.items():
        base, alike = comparison.base, comparison.like_for_like
        key = f"{base.month:%Y-%m}"
        shown = behind(text(key), month=key) if base.awards else text(key)
        rows.append([
            f"{text(tongue(suffix))} · {tongue('base')} {shown}", count(base.awards), tongue.money(base.amount_yuan),
            growth_of(comparison.awards_pct), growth_of(comparison.amount_pct),
            growth_of(alike.awards_pct), growth_of(alike.amount_pct),
        ])  # fmt: skip
    like = tongue("like")
    head = [
        (tongue("compared"), "when"), (tongue("awards"), "n"), (tongue("amount"), "n"), (tongue("growth_awards"), "n"),
        (tongue("growth_amount"), "n"), (f"{like} · {tongue('awards')}", "n"), (f"{like} · {tongue('amount')}", "n"),
    ]  # fmt: skip
    portals = [
        tongue(
            "like_portals",
            compared=tongue(suffix),
            portals=tongue.joined(one.like_for_like.portals or [tongue("like_none")]),
        )
        for suffix, one in found.comparisons.items()
    ]
    note = " ".join((tongue("like_note"), *portals))
    return f'<div class="scroll">{grid(tongue("bases"), head, rows, "cards")}</div>' + para(text(note), "note")


def largest(contents: Contents, tongue: Tongue) -> str:
    """The five largest, readable without any script."""
    rows = [
        [behind(name(one.project_name or one.award_key, tongue.language), award=one.award_key),
         name(one.buyer or "—", tongue.language), name(tongue.joined(one.suppliers), tongue.language),
         f"{one.amount_yuan:,.2f}"]
        for one in contents.summary.largest
    ]  # fmt: skip
    if not rows:
        return ""
    head = [
        (tongue("project"), "long"),
        (tongue("buyer"), "long"),
        (tongue("suppliers"), "long"),
        (tongue("yuan"), "n"),
    ]
    return grid(tongue("largest"), head, rows, "cards")


def curve(contents: Contents, tongue: Tongue, linked: Linked) -> str:
    shown = [one for one in contents.curve if one.figures]
    if not shown:
        return ""
    drawn = [
        _chart(contents, tongue, linked, "awards", lambda one: float(one.awards), count),
        _chart(contents, tongue, linked, "amount",
               lambda one: None if one.amount is None else float(in_units(one.amount, tongue.unit, tongue.places)),
               lambda value: f"{value:,.{tongue.places}f}"),
    ]  # fmt: skip
    return section("curve", tongue("curve"), *drawn, para(text(tongue("curve_note")), "note"),
                   more(tongue("as_table"), _curve_table(contents, tongue, linked)))  # fmt: skip


def _chart(
    contents: Contents, tongue: Tongue, linked: Linked, of: str, value_of: Callable[[Figures], float | None],
    shown: Callable[[float], str],
) -> str:  # fmt: skip
    title = tongue(f"curve_{of}")
    marks = {contents.month: "now", shift_month(contents.month, -12): "base"}
    bars = []
    for one in contents.curve:
        value, before = (None if figures is None else value_of(figures) for figures in (one.figures, one.year_before))
        growth = one.awards_yoy_pct if of == "awards" else one.amount_yoy_pct
        mark = marks.get(one.month, "")
        told = (
            f"{tongue.month(one.month)}: {'—' if value is None else shown(value)} ({tongue('yoy')} {growth_of(growth)})"
        )
        href = address(month=f"{one.month:%Y-%m}") if one.figures and linked(one.month) else None
        label = ""
        if mark and value is not None:
            label = shown(value) + (f" ({growth_of(growth)})" if mark == "now" and growth is not None else "")
        bars.append(charts.Bar(one.month, value, before, told, href, mark, label))
    known = [bar for bar in bars if bar.value is not None] or bars
    most = max(known, key=lambda bar: bar.value or 0)
    described = tongue(
        "curve_alt", title=title, first=tongue.month(bars[0].month), last=tongue.month(bars[-1].month),
        now="—" if bars[-1].value is None else shown(bars[-1].value), top=tongue.month(most.month), most=shown(most.value or 0),
    )  # fmt: skip
    wide = charts.curve(f"curve-{of}", title, described, bars, *_WIDE)
    narrow = charts.curve(f"curve-{of}-phone", title, described, bars[-_NARROW_MONTHS:], *_NARROW)
    both = f'<div class="wide">{wide}</div><div class="phone">{narrow}</div>'
    return f"<figure><figcaption>{text(title)}</figcaption>{both}</figure>"


def _curve_table(contents: Contents, tongue: Tongue, linked: Linked) -> str:
    def row(one: Month) -> list[str]:
        label, figures = f"{one.month:%Y-%m}", one.figures
        if figures is None:
            return [label, *"—" * 7]
        return [
            behind(label, month=label) if linked(one.month) else label,
            count(figures.awards), growth_of(one.awards_yoy_pct), growth_of(one.awards_mom_pct),
            count(figures.disclosed), tongue.bare_money(figures.amount),
            growth_of(one.amount_yoy_pct), growth_of(one.amount_mom_pct),
        ]  # fmt: skip

    head = [
        (tongue("month"), ""), (tongue("awards"), "n"), (tongue("yoy"), "n"), (tongue("mom"), "n"), (tongue("disclosed"), "n"),
        (tongue("money_head"), "n"), (tongue("yoy"), "n"), (tongue("mom"), "n"),
    ]  # fmt: skip
    return f'<div class="scroll">{grid(tongue("curve"), head, [row(one) for one in reversed(contents.curve)])}</div>'


def types(contents: Contents, tongue: Tongue, linked: Linked) -> str:
    rows = contents.summary.by_type
    if not rows:
        return ""
    codes: list[str | None] = [*PROJECT_TYPE, *([None] if any(None in by for by in contents.types.values()) else [])]
    key = "".join(
        f'<li><i class="swatch type-{code or "none"}"></i>{text(tongue.code("type", code))}</li>' for code in codes
    )
    drawn = [
        _shares(contents, tongue, linked, codes, "by_awards", lambda one: one.awards),
        _shares(contents, tongue, linked, codes, "by_amount", lambda one: one.amount),
    ]
    return section(
        "types", tongue("types"), para(text(tongue("types_note"))),
        _ranking(contents, tongue, rows, "type"),
        f'<ul class="key">{key}</ul><div class="pair">{"".join(drawn)}</div>',
        more(tongue("as_table"), _over_time(contents, tongue, linked, "type", codes, contents.types)),
    )  # fmt: skip


def _shares(
    contents: Contents, tongue: Tongue, linked: Linked, codes: list[str | None], label: str,
    value_of: Callable[[Figures], int | Decimal | None],
) -> str:  # fmt: skip
    title = tongue(label)
    months = []
    for month in contents.share_months:
        by = contents.types.get(month, {})
        whole = sum(value_of(one) or 0 for one in by.values())
        parts = []
        for code in codes:
            part = share_pct(value_of(by[code]), whole) if code in by else None
            if part:
                told = f"{tongue.month(month)} · {tongue.code('type', code)}: {share_of(part)}"
                href = address(month=f"{month:%Y-%m}", type=code) if linked(month) else None
                parts.append(charts.Part(part, f"type-{code or 'none'}", told, href))
        months.append((month, parts))
    now = "; ".join(part.told.partition(" · ")[2] for part in months[-1][1])
    described = tongue("types_alt", title=title, month=tongue.month(contents.month), shares=now)
    drawn = charts.stacked(f"types-{label}", title, described, months, 400, 220)
    return f"<figure><figcaption>{text(title)}</figcaption>{drawn}</figure>"


def sectors(contents: Contents, tongue: Tongue, linked: Linked) -> str:
    rows = contents.summary.by_sector
    if not rows:
        return ""
    codes: list[str | None] = [row.code for row in rows]
    codes += [code for code in SECTOR if code not in codes and any(code in by for by in contents.sectors.values())]
    return section(
        "sectors", tongue("sectors"), _ranking(contents, tongue, rows, "sector"), para(text(tongue("sectors_note"))),
        _over_time(contents, tongue, linked, "sector", codes, contents.sectors),
    )  # fmt: skip


def _over_time(
    contents: Contents, tongue: Tongue, linked: Linked, of: str, codes: list[str | None],
    by_month: dict[date, dict[str | None, Figures]],
) -> str:  # fmt: skip
    """Shares of each month's awards, shaded; on a phone only the year before and the last months."""
    months = contents.share_months
    wholes = {month: sum(one.awards for one in by_month.get(month, {}).values()) for month in months}

    def cell(month: date, code: str | None) -> str:
        figures = by_month.get(month, {}).get(code)
        part = share_pct(figures.awards, wholes[month]) if figures else None
        if part is None:
            return f'<span class="s0">{"" if wholes[month] else "·"}</span>'
        shade = min(_SHADES, 1 + int(part // 6))
        label = f'<span class="s{shade}">{part:.1f}</span>'
        return behind(label, "cell", month=f"{month:%Y-%m}", **{of: code}) if linked(month) else label

    far = set(months[1:-4])
    head = [(tongue(of), ""), *((f"{month:%y-%m}", "n far" if month in far else "n") for month in months)]
    rows = [[text(tongue.code(of, code)), *(cell(month, code) for month in months)] for code in codes]
    return f'<div class="scroll">{grid(tongue("sectors_time"), head, rows, "heat")}</div>'


def vendors(contents: Contents, tongue: Tongue) -> str:
    return _ranked(contents, tongue, "vendor", contents.summary.by_vendor)


def provinces(contents: Contents, tongue: Tongue) -> str:
    return _ranked(contents, tongue, "province", contents.summary.by_province)


def _ranked(contents: Contents, tongue: Tongue, of: str, rows: Sequence[Part]) -> str:
    if not rows:
        return ""
    note = para(text(tongue(f"{of}s_note")))
    return section(f"{of}s", tongue(f"{of}s"), note, _ranking(contents, tongue, rows, of))


def _ranking(contents: Contents, tongue: Tongue, rows: Sequence[Part], of: str) -> str:
    """Awards and amounts with their shares, all rows in one table, those after the tenth under a button."""
    month = contents.summary.month_key
    head = [
        (tongue(of), ""), (tongue("awards"), "n"), (tongue("share_awards"), "n bar"), (tongue("money_head"), "n"),
        (tongue("share_amount"), "n bar"),
    ]  # fmt: skip
    most_awards = max(row.awards_share_pct or 0 for row in rows) or 100
    most_amount = max(row.amount_share_pct or 0 for row in rows) or 100
    cells = [
        [behind(name(tongue.code(of, row.code), tongue.language), "behind", month=month, **{of: row.code}),
         count(row.awards), charts.level(row.awards_share_pct, most_awards) + share_of(row.awards_share_pct),
         tongue.bare_money(row.amount_yuan),
         charts.level(row.amount_share_pct, most_amount) + share_of(row.amount_share_pct)]
        for row in rows
    ]  # fmt: skip
    kind = "bare ranking long-list" if len(rows) > _RANKED + 2 else "bare ranking"
    return f'<div class="scroll">{grid(tongue(f"{of}s"), head, cells, kind, sortable=len(rows) > 1)}</div>'
