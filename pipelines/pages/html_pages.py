"""Notices that are HTML: the element that holds the notice, its title, its day and the portal's name for its kind.

Where they are on the page comes with the page (``pipelines.model.Locator``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from lxml import etree

from pipelines.model import Locator
from pipelines.pages.envelope import Envelope
from pipelines.pages.page_elements import PageElements
from pipelines.text.characters import fold, squeeze
from pipelines.text.dates import read_date
from pipelines.text.document import from_lines
from pipelines.text.html_text import bare_text, has_text, html_to_text, parse_html, text_of

# The title of a page that no selector finds.
_ANY_TITLES = ("h1", "h2", "head title")
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
    if root is None or not has_text(root):
        return _read_broken(html)
    elements = PageElements(root, html, _selectors(locator), ("div", "meta"))
    container = _first_container(elements, locator.containers)
    if container is not None:
        found = chain.from_iterable(map(elements.select, locator.summary_selectors))
        summary = "\n".join(map(html_to_text, dict.fromkeys(found)))
        content = _container_text(container)
        text = "\n".join(part for part in (("公告概要：\n" + summary) if summary else "", content) if part)
    else:
        text = from_lines(html_to_text(root))  # without a container, the notice is somewhere on the page
    metas = _metas(elements.of_tag("meta"))
    published = _first_filled(metas, _DATE_METAS) or next(_texts(elements, locator.date_selectors), None)
    return Envelope(
        text=text,
        title=_title(elements, metas, locator.title_selectors),
        published_on=read_date(published) if published else None,
        channel=next(_texts(elements, locator.breadcrumb_selectors), None),
    )


def _selectors(locator: Locator) -> Iterator[str]:
    """Yield all selectors that a page is searched with."""
    yield from locator.summary_selectors
    yield from locator.date_selectors
    yield from locator.title_selectors
    yield from locator.breadcrumb_selectors
    yield from _ANY_TITLES


def _read_broken(html: str) -> Envelope | None:
    text = bare_text(html)
    heading = _HEADING.search(html)
    return Envelope(text=text, title=squeeze(fold(heading.group(1))) if heading else None) if text else None


def _container_text(container: etree._Element) -> str:
    """Return the lines of the notice. Some sites put its markup escaped into the element."""
    text = html_to_text(container)
    inner = parse_html(text_of(container)) if "</" in text and _ESCAPED_TAG.search(text) else None
    return text if inner is None else html_to_text(inner)


def _first_container(elements: PageElements, names: Iterable[str]) -> etree._Element | None:
    """Return the ``div`` with the first of these class names or ids that the page has."""
    for name in names:
        # The page may be made of fragments that each have such an element; the longest one is the notice.
        found = elements.named("div", name)
        if found:
            return found[0] if len(found) == 1 else max(found, key=lambda element: len(text_of(element)))
    return None


def _texts(elements: PageElements, selectors: Iterable[str]) -> Iterator[str]:
    """Yield the text of the first element that each of these CSS selectors finds."""
    for selector in selectors:
        found = elements.select(selector)
        if found:
            yield squeeze(text_of(found[0]))


def _metas(elements: Iterable[etree._Element]) -> dict[str, str]:
    """Return the contents of the ``meta`` elements by their names in lower case, the first of each name."""
    contents: dict[str, str] = {}
    for element in elements:
        content = element.get("content")
        if content is not None:
            contents.setdefault((element.get("name") or "").lower(), content.strip())
    return contents


def _first_filled(contents: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((contents[name] for name in names if contents.get(name)), None)


def _title(elements: PageElements, metas: Mapping[str, str], selectors: Iterable[str]) -> str | None:
    for title in chain((_first_filled(metas, _TITLE_METAS),), _texts(elements, (*selectors, *_ANY_TITLES))):
        if title and not _GENERIC_TITLE.match(squeeze(title)):
            return squeeze(fold(title))
    return None
