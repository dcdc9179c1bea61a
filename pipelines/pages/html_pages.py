"""Notices that are HTML: the element that holds the notice, its title, its day and the portal's name for its kind.

Where they are on the page comes with the page (``pipelines.model.Locator``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

from lxml import etree
from parsel import css2xpath

from pipelines.model import Locator
from pipelines.pages.envelope import Envelope
from pipelines.text.characters import fold, squeeze
from pipelines.text.dates import read_date
from pipelines.text.document import from_lines
from pipelines.text.html_text import bare_text, html_to_text, parse_html, text_of

# The title of a page that no selector finds.
_ANY_TITLES = ("h1", "h2", "head > title")
# Names that government websites give the title and the day of an article in their head (<meta name="ArticleTitle">).
_TITLE_METAS = ("articletitle", "title")
_DATE_METAS = ("pubdate", "publishdate")
# Titles that name the site or the kind of page, not the notice.
_GENERIC_TITLE = re.compile(r"^(?:中国政府采购网|全国公共资源交易平台.*|采购结果公告|首页|公告详情|详情|信息公开|)$")
_ESCAPED_TAG = re.compile(r"</(?:p|div|td|tr|table|span)>", re.IGNORECASE)
_HEADING = re.compile(r"<(?:h[1-4]|title)[^>]{0,500}>([^<]{4,200})<")


def read_html(html: str, locator: Locator) -> Envelope | None:
    """Return the envelope of an HTML page or fragment; None if there is no text in it."""
    root = parse_html(html)
    if root is None or not text_of(root).strip():
        return _read_broken(html)
    container = _first_container(root, _container_paths(locator.containers))
    if container is not None:
        summary = "\n".join(html_to_text(table) for table in _select_all(root, locator.summary_selectors))
        content = _container_text(container)
        text = "\n".join(part for part in (("公告概要：\n" + summary) if summary else "", content) if part)
    else:
        text = from_lines(html_to_text(root))  # without a container, the notice is somewhere on the page
    published = _meta(root, _DATE_METAS) or next(_texts(root, locator.date_selectors), None)
    return Envelope(
        text=text,
        title=_title(root, locator.title_selectors),
        published_on=read_date(published) if published else None,
        channel=next(_texts(root, locator.breadcrumb_selectors), None),
    )


def _read_broken(html: str) -> Envelope | None:
    text = bare_text(html)
    heading = _HEADING.search(html)
    return Envelope(text=text, title=squeeze(fold(heading.group(1))) if heading else None) if text else None


def _container_text(container: etree._Element) -> str:
    """Return the lines of the notice. Some sites put its markup escaped into the element."""
    text = html_to_text(container)
    inner = parse_html(text_of(container)) if "</" in text and _ESCAPED_TAG.search(text) else None
    return text if inner is None else html_to_text(inner)


def _first_container(root: etree._Element, paths: Iterable[etree.XPath]) -> etree._Element | None:
    for path in paths:
        # The page may be made of fragments that each have such an element; the longest one is the notice.
        elements = path(root)
        if elements:
            return max(elements, key=lambda element: len(text_of(element)))
    return None


@cache
def _container_paths(names: tuple[str, ...]) -> tuple[etree.XPath, ...]:
    """Return the search for the ``div`` of each class name or id."""
    return tuple(_search(f"div#{name}, div.{name}") for name in names)


@cache
def _search(selector: str) -> etree.XPath:
    """Return the search for the elements that a CSS selector finds."""
    return etree.XPath(css2xpath(selector))


def _select_all(root: etree._Element, selectors: tuple[str, ...]) -> list[etree._Element]:
    """Return the elements that any of these CSS selectors finds, in the order of the page."""
    return list(_search(", ".join(selectors))(root)) if selectors else []


def _texts(root: etree._Element, selectors: Iterable[str]) -> Iterator[str]:
    """Yield the text of the first element that each of these CSS selectors finds."""
    for selector in selectors:
        elements = _search(selector)(root)
        if elements:
            yield squeeze(text_of(elements[0]))


def _meta(root: etree._Element, names: Iterable[str]) -> str | None:
    """Return the content of the first of these ``meta`` elements that is not empty. ``names`` are in lower case."""
    contents: dict[str, str] = {}
    for element in root.iter("meta"):
        if element.get("content") is not None:
            contents.setdefault((element.get("name") or "").lower(), element.get("content").strip())
    return next((contents[name] for name in names if contents.get(name)), None)


def _title(root: etree._Element, selectors: Iterable[str]) -> str | None:
    for title in chain((_meta(root, _TITLE_METAS),), _texts(root, (*selectors, *_ANY_TITLES))):
        if title and not _GENERIC_TITLE.match(squeeze(title)):
            return squeeze(fold(title))
    return None
