"""The report page: one HTML file that needs neither a server nor the network.

Its content security policy allows its own style and script and no request.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Sequence
from datetime import date
from importlib import resources
from typing import Any

import duckdb
import orjson
from markupsafe import Markup

from analysis.figures.periods import Period
from analysis.rendering.locale import Locale
from analysis.rendering.messages import Language, messages
from analysis.reports import award_details, sentences
from analysis.reports.charts import look, monthly_charts
from analysis.reports.charts.links import AwardsAddress, awards_address
from analysis.reports.html.environment import page_environment
from analysis.reports.period_report import Contents
from pipelines.lexicon import terms

# The sections after the headline, each a template in templates/sections. One without rows is left out.
SECTIONS = ("curve", "types", "sectors", "vendors", "provinces", "awards", "revisions", "published", "reading")
_TITLES = {"awards": "awards_list"}  # messages of titles that are not called like their section

SCRIPTS = ("tables.js", "awards.js")
_ROWS = 25  # of a page of the list

# Texts of the page that its script needs too, with those of its own.
_SCRIPT_TEXTS = ("project", "buyer", "suppliers", "day", "yuan", "type", "sector", "province", "vendor")


def render(con: duckdb.DuckDBPyConnection, contents: Contents, language: Language = "zh") -> str:
    """Return the page of a period, from what :func:`analysis.reports.period_report.gather` collected."""
    locale = Locale(language)
    listed_months = award_details.months_with_room(contents)
    with award_details.chosen(con, contents.definition, listed_months, contents.instant):
        awards = award_details.as_json(con, contents.instant)
    style, script = report_style(), Markup("\n").join(map(asset, SCRIPTS))
    template = page_environment(language).get_template("base.html")
    return template.render(
        sections=[name for name in SECTIONS if has_content(name, contents)],
        style=style,
        style_digest=_digest(style),
        script=script,
        script_digest=_digest(script),
        data=_data(contents, locale, listed_months, awards),
        **section_values(contents, locale, listed_months, awards_address),
    )


def section_values(
    contents: Contents, locale: Locale, listed_months: Collection[date], address: AwardsAddress
) -> dict[str, Any]:
    """Return what the templates of the sections need. Figures of ``listed_months`` link to their awards."""
    type_codes = contents.type_codes
    return {
        "contents": contents,
        "summary": contents.summary,
        "titles": _TITLES,
        "lead": sentences.lead(contents.summary, locale),
        "command": sentences.summary_command(contents),
        "listed_months": listed_months,
        "has_unlisted_months": any(month.figures and month.month not in listed_months for month in contents.curve),
        "curve_charts": monthly_charts.curve_charts(contents, locale, listed_months, address),
        "type_charts": monthly_charts.type_charts(contents, locale, type_codes, listed_months, address),
        "type_shares": contents.shares_over_time(contents.types, type_codes),
        "sector_shares": contents.shares_over_time(contents.sectors, contents.sector_codes),
    }


def has_content(name: str, contents: Contents) -> bool:
    """Return whether a section has anything to show."""
    if name == "curve":
        return any(month.figures for month in contents.curve)
    rankings = {f"{dimension}s": parts for dimension, parts in contents.summary.breakdowns.items()}
    return bool(rankings.get(name, True))


def _data(contents: Contents, locale: Locale, listed_months: Sequence[date], awards: Sequence[str]) -> Markup:
    """Return the awards and the script's texts as JSON that is safe inside the page."""
    head = list_texts(locale) | {
        "period": contents.period.key,
        "periods": {one.key: [f"{month:%Y-%m}" for month in one.each_month] for one in _linked_periods(contents)},
        "months": [f"{month:%Y-%m}" for month in sorted(listed_months, reverse=True)],
        "order": "amount",
        "rows": _ROWS,
    }
    return json_in_html(f'{{"page":{orjson.dumps(head).decode()},\n"awards":[\n' + ",\n".join(awards) + "\n]}")


def list_texts(locale: Locale) -> dict[str, Any]:
    """Return what the script of the list needs in one language, whatever it lists."""
    script_texts = [name for name in messages() if name.startswith("script_")]
    return {
        "names": award_details.NAMES,
        "fields": {field: locale.text(f"field_{field}") for field in award_details.EVIDENCE},
        "codes": {
            "type": locale.terms("project_type"),
            "sector": locale.terms("sector"),
            "province": locale.terms("province"),
            "kind": locale.terms("kind"),
            "lot_state": terms.names("lot_state", locale.language),
        },
        "none": locale.not_stated,
        "words": {name: locale.text(name) for name in (*script_texts, *_SCRIPT_TEXTS)},
        "chinese": locale.is_chinese,
    }


def _linked_periods(contents: Contents) -> list[Period]:
    """Return the period and those it is compared with, without the months: the list of awards knows these itself."""
    return [one for one in (contents.period, *contents.period.bases.values()) if not one.is_month]


def json_in_html(json: str) -> Markup:
    """Escape what could close a script element, and the line ends of JavaScript."""
    for character in "<>&\u2028\u2029":
        json = json.replace(character, f"\\u{ord(character):04x}")
    return Markup(json)  # noqa: S704  # no character is left that HTML reads


def report_style() -> Markup:
    """Return the style of the page: that of its charts, then its own."""
    return Markup(look.style()) + asset("page.css")  # noqa: S704  # our own files


def asset(name: str) -> Markup:
    """Return a file of ours that is part of the page as it is."""
    return Markup((resources.files("analysis.reports.html") / name).read_text(encoding="utf-8"))  # noqa: S704


def _digest(content: str) -> str:
    """Return what the content security policy calls a style or a script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
