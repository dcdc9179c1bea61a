"""The report page: one HTML file that needs nothing else, neither a server nor the network.

What it may do is written into it: its content security policy allows this very style and this very script, and no request.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from string import Template

import duckdb
import orjson

from analysis.reports import award_details
from analysis.reports.html import checks, figures
from analysis.reports.html.markup import data, para, section, text
from analysis.reports.locale import Language, Tongue
from analysis.reports.month_report import Contents
from analysis.reports.texts import TEXT

_POLICY = (
    "default-src 'none'; style-src {style}; script-src {script}; img-src data:; base-uri 'none'; form-action 'none'"
)
# What the script says, with names that the page has too.
_SCRIPT_TEXTS = (
    *(name for name in TEXT if name.startswith("js_")),
    *("project", "buyer", "suppliers", "day", "yuan", "type", "sector", "province", "vendor"),
)


def render(con: duckdb.DuckDBPyConnection, contents: Contents, language: Language = "zh") -> str:
    """The page of a month, of what :func:`analysis.reports.month_report.gather` found."""
    tongue = Tongue(language)
    months = award_details.months_with_room(contents)
    award_details.choose(con, contents, months)
    try:
        rows = award_details.as_json(con, contents)
    finally:
        award_details.forget(con)
    here = {*months}
    style, script = _asset("page.css"), _asset("tables.js") + _asset("page.js")
    parts = {
        "revisions": checks.revisions(contents, tongue),
        "curve": figures.curve(contents, tongue, here.__contains__),
        "types": figures.types(contents, tongue, here.__contains__),
        "sectors": figures.sectors(contents, tongue, here.__contains__),
        "vendors": figures.vendors(contents, tongue),
        "provinces": figures.provinces(contents, tongue),
        "list": _list(contents, tongue, [f"{month:%Y-%m}" for month in sorted(here, reverse=True)]),
        "published": checks.published(contents, tongue),
        "reading": checks.reading(contents, tongue),
    }
    order = ("curve", "types", "sectors", "vendors", "provinces", "list", "revisions", "published", "reading")
    links = "".join(
        f'<li><a href="#{"awards" if part == "list" else part}">{text(tongue(part))}</a></li>'
        for part in order
        if parts[part]
    )
    found = contents.summary
    return Template(_asset("page.html")).substitute(
        lang="zh-CN" if language == "zh" else "en",
        policy=_POLICY.format(style=_digest(style), script=_digest(script)),
        title=text(f"{tongue('title')} · {tongue.month(contents.month)}"),
        kicker=text(tongue("title")),
        month=text(tongue.month(contents.month)),
        subtitle=text(tongue("subtitle")),
        meta=" · ".join(
            f"<span>{text(label)} <b>{text(value)}</b></span>"
            for label, value in (
                (
                    tongue("definition"),
                    contents.definition.title_zh if language == "zh" else contents.definition.title_en,
                ),
                (tongue("as_of"), str(found.as_of or "—")),
            )
        ),
        made_up=para(text(tongue("made_up")), "made-up") if contents.made_up else "",
        skip=text(tongue("skip")),
        contents=text(tongue("contents")),
        links=links,
        headline=figures.headline(contents, tongue),
        parts="\n".join(parts[part] for part in order),
        footer=text(tongue("footer")),
        style=style,
        script=script,
        data=_data(contents, tongue, [f"{month:%Y-%m}" for month in sorted(here, reverse=True)], rows),
    )


def _list(contents: Contents, tongue: Tongue, months: list[str]) -> str:
    note = f"{tongue('list_note')} {tongue('list_months', months=tongue.joined(months))}"
    elsewhere = [one.month for one in contents.curve if one.figures and f"{one.month:%Y-%m}" not in months]
    return section(
        "awards", tongue("list"), para(text(note)), para(text(tongue("list_more")), "note") if elsewhere else "",
        f'<noscript><p class="note">{text(tongue("no_script"))}</p></noscript>', '<div id="list"></div>',
    )  # fmt: skip


def _data(contents: Contents, tongue: Tongue, months: list[str], rows: list[str]) -> str:
    """The awards and the script's words, as JSON inside the page."""
    head = {
        "month": contents.summary.month_key,
        "months": months,
        "names": award_details.NAMES,
        "fields": {field: tongue(f"field_{field}") for field in award_details.EVIDENCE},
        "codes": {of: tongue.codes(of) for of in ("type", "sector", "province", "kind")},
        "none": tongue.code("type", None),
        "words": {name: tongue(name) for name in _SCRIPT_TEXTS},
        "chinese": tongue.language == "zh",
    }
    return data(f'{{"page":{orjson.dumps(head).decode()},\n"awards":[\n' + ",\n".join(rows) + "\n]}")


def _asset(name: str) -> str:
    return (resources.files("analysis.reports.html") / name).read_text(encoding="utf-8")


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
