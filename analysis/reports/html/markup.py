"""HTML by hand: everything that is written comes through here, escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from pipelines.common.safe_text import printable

_WEB = re.compile(r"https?://[^\s\"<>\\^`{|}]+", re.IGNORECASE)
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def text(value: Any) -> str:
    """Any text as HTML: one line, without control characters, which could turn the direction of a line too."""
    return escape(printable(value), quote=True)


def name(value: Any, language: str) -> str:
    """A name from a notice: told to be Chinese on an English page, so that it is read out and drawn as such."""
    if language == "zh" or not _CHINESE.search(str(value)):
        return text(value)
    return f'<span lang="zh-CN">{text(value)}</span>'


def web(address: str | None, label: str) -> str:
    """A link to a page of the web; any other address (javascript:, urn:, a file) stays text. ``label`` is HTML."""
    if address is None or not _WEB.fullmatch(address):
        return label
    return f'<a href="{escape(address, quote=True)}" target="_blank" rel="noopener noreferrer">{label}</a>'


def behind(label: str, kind: str = "behind", **wanted: str | None) -> str:
    """A figure that leads to the awards behind it; ``label`` is HTML."""
    return f'<a class="{kind}" href="{address(**wanted)}">{label}</a>'


def address(**wanted: str | None) -> str:
    """The address, in this page, of the list with these filters; None asks for awards where nothing is stated."""
    return "#awards?" + "&amp;".join(
        f"{key}={quote('none' if value is None else value)}" for key, value in wanted.items()
    )


def grid(
    caption: str,
    head: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[str]],
    kind: str = "",
    *,
    sortable: bool = False,
) -> str:
    """A table: the head as (label, class of the column), rows of HTML whose first cell names the row.

    Of a table that is ``cards`` each cell carries the label of its column, which a phone shows before it; the caption of one that
    is ``bare`` is for those only who do not see the heading above it.
    """
    told = [f' data-head="{text(label)}"' if "cards" in kind.split() else "" for label, _ in head]
    classes = [f' class="{name}"' if name else "" for _, name in head]
    heads = "".join(
        f'<th scope="col"{look}>'
        + (f'<button type="button">{text(label)}</button>' if sortable else text(label))
        + "</th>"
        for (label, _), look in zip(head, classes, strict=True)
    )
    body = "\n".join(
        "<tr>"
        + "".join(
            f'<th scope="row"{look}>{cell}</th>' if at == 0 else f"<td{look}{label}>{cell}</td>"
            for at, (cell, look, label) in enumerate(zip(row, classes, told, strict=True))
        )
        + "</tr>"
        for row in rows
    )
    names = " ".join(filter(None, (kind, "sortable" if sortable else "")))
    return (
        f"<table{f' class={chr(34)}{names}{chr(34)}' if names else ''}><caption>{text(caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>\n{body}\n</tbody></table>"
    )


def more(label: str, content: str, kind: str = "") -> str:
    """What is shown when a reader asks for it."""
    look = f' class="{kind}"' if kind else ""
    return f"<details{look}><summary>{text(label)}</summary>{content}</details>"


def section(key: str, title: str, *content: str) -> str:
    """A part of the page under its heading; ``content`` is HTML."""
    body = "\n".join(filter(None, content))
    return (
        f'<section id="{key}" aria-labelledby="{key}-head">\n<h2 id="{key}-head">{text(title)}</h2>\n{body}\n</section>'
    )


def para(content: str, kind: str = "") -> str:
    """A paragraph of HTML."""
    look = f' class="{kind}"' if kind else ""
    return f"<p{look}>{content}</p>"


def data(value: str) -> str:
    """JSON as it may stand inside a script element: it cannot close it, nor be broken by the line ends of JavaScript."""
    for sign, safe in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        value = value.replace(sign, safe)
    return value
