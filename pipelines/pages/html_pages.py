"""Notices that are HTML: the element that holds the notice, its title, its day and the portal's name for its kind.

Where they are on the page comes with the page (``pipelines.model.Locator``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain

from lxml import etree

from pipelines.model import Locator
from pipelines.pages.envelope import Envelope
from pipelines.text.characters import fold, squeeze
from pipelines.text.dates import read_date
from pipelines.text.document import from_lines
from pipelines.text.html_text import bare_text, has_text, html_to_text, parse_html, select, text_of

# The title of a page that no selector finds.
_ANY_TITLES = ("h1", "h2", "head > title")
# Names that government websites give the title and the day of an article in their head (<meta name="ArticleTitle">).
_TITLE_METAS = ("articletitle", "title")
_DATE_METAS = ("pubdate", "publishdate")
# Titles that name the site or the kind of page, not the notice.
_GENERIC_TITLE = re.compile(r"^(?:中国政府采购网|全国公共资源交易平台.*|采购结果公告|首页|公告详情|详情|信息公开|)$")
_ESCAPED_TAG = re.compile(r"</(?:p|div|td|tr|table|span)>", re.IGNORECASE)
_NAME_IN_SELECTOR = re.compile(r"[.#]([\w-]+)")
_HEADING = re.compile(r"<(?:h[1-4]|title)[^>]{0,500}>([^<]{4,200})<")


def read_html(html: str, locator: Locator) -> Envelope | None:
    """Return the envelope of an HTML page or fragment; None if there is no text in it."""
    root = parse_html(html)
    if root is None or not has_text(root):
        return _read_broken(html)
    container = _first_container(root, (name for name in locator.containers if name in html))
    if container is not None:
        summaries = _possible(locator.summary_selectors, html)
        summary = "\n".join(map(html_to_text, select(root, ", ".join(summaries)))) if summaries else ""
        content = _container_text(container)
        text = "\n".join(part for part in (("公告概要：\n" + summary) if summary else "", content) if part)
    else:
        text = from_lines(html_to_text(root))  # without a container, the notice is somewhere on the page
    metas = _metas(root)
    published = _first_filled(metas, _DATE_METAS) or next(_texts(root, _possible(locator.date_selectors, html)), None)
    return Envelope(
        text=text,
        title=_title(root, metas, _possible(locator.title_selectors, html)),
        published_on=read_date(published) if published else None,
        channel=next(_texts(root, _possible(locator.breadcrumb_selectors, html)), None),
    )


def _possible(selectors: Iterable[str], html: str) -> list[str]:
    """Return the CSS selectors whose names are in the source. To look for a word is faster than to search the tree."""
    return [selector for selector in selectors if all(name in html for name in _names_in(selector))]


@cache
def _names_in(selector: str) -> tuple[str, ...]:
    """Return the classes and ids that an element must have for a CSS selector to find it, or that are around it."""
    return () if ":not" in selector or "," in selector else tuple(_NAME_IN_SELECTOR.findall(selector))


def _read_broken(html: str) -> Envelope | None:
    text = bare_text(html)
    heading = _HEADING.search(html)
    return Envelope(text=text, title=squeeze(fold(heading.group(1))) if heading else None) if text else None


def _container_text(container: etree._Element) -> str:
    """Return the lines of the notice. Some sites put its markup escaped into the element."""
    text = html_to_text(container)
    inner = parse_html(text_of(container)) if "</" in text and _ESCAPED_TAG.search(text) else None
    return text if inner is None else html_to_text(inner)


def _first_container(root: etree._Element, names: Iterable[str]) -> etree._Element | None:
    """Return the ``div`` with the first of these class names or ids that the page has."""
    for name in names:
        # The page may be made of fragments that each have such an element; the longest one is the notice.
        elements = select(root, f"div#{name}, div.{name}")
        if elements:
            return elements[0] if len(elements) == 1 else max(elements, key=lambda element: len(text_of(element)))
    return None


def _texts(root: etree._Element, selectors: Iterable[str]) -> Iterator[str]:
    """Yield the text of the first element that each of these CSS selectors finds."""
    for selector in selectors:
        elements = select(root, selector)
        if elements:
            yield squeeze(text_of(elements[0]))


def _metas(root: etree._Element) -> dict[str, str]:
    """Return the contents of the ``meta`` elements by their names in lower case, the first of each name."""
    contents: dict[str, str] = {}
    for element in root.iter("meta"):
        content = element.get("content")
        if content is not None:
            contents.setdefault((element.get("name") or "").lower(), content.strip())
    return contents


def _first_filled(contents: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((contents[name] for name in names if contents.get(name)), None)


def _title(root: etree._Element, metas: Mapping[str, str], selectors: Iterable[str]) -> str | None:
    for title in chain((_first_filled(metas, _TITLE_METAS),), _texts(root, (*selectors, *_ANY_TITLES))):
        if title and not _GENERIC_TITLE.match(squeeze(title)):
            return squeeze(fold(title))
    return None
