"""Notices that are HTML: the element that holds the notice, its title, its day and the portal's name for its kind.

The selectors here are general: many sites run the same content management systems. What one portal needs beyond them is
in its descriptor and comes with the page (``pipelines.model.Locator``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import lxml.html

from pipelines.model import GENERAL, Locator
from pipelines.pages.envelope import Envelope
from pipelines.text.characters import fold, squeeze
from pipelines.text.dates import read_date
from pipelines.text.document import from_lines
from pipelines.text.html_text import bare_text, html_to_text, parse_html

# Elements that hold a notice. The first that exists wins; without any, the entire page is read.
_HAS_CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
_CONTAINERS = (
    f"//div[{_HAS_CLASS.format('vF_detail_content')}]",
    f"//div[{_HAS_CLASS.format('vT_detail_content')}]",
    "//div[@id='noticeArea']",
    "//div[@id='mycontent']",
    f"//div[{_HAS_CLASS.format('art_con')}]",
)
# Tables of key facts above the notice.
_SUMMARY = (
    f"//div[{_HAS_CLASS.format('vF_detail_main')}]//div[@class='table']//table | "
    "//div[@id='showBulletinInfoDiv']//table"
)
_BREADCRUMB = "//div[contains(@class, 'vF_deail_currentloc') or contains(@class, 'vF_detail_currentloc')]"
_TITLES = (
    "//div[contains(@class,'vF_detail_header')]//h2",
    "//h4[contains(@class,'h4_o')]",
    "//h1",
    "//h2[contains(@class,'tc')]",
    "//div[contains(@class,'art_con')]//h2",
    "//h2",
    "//head/title",
)
_TITLE_METAS = ("ArticleTitle", "articletitle", "title")
_DATE_METAS = ("PubDate", "pubdate", "publishdate")
_DATE_SPAN = "//span[@id='pubTime']"
# Titles that name the site or the kind of page, not the notice.
_GENERIC_TITLE = re.compile(r"^(?:中国政府采购网|全国公共资源交易平台.*|采购结果公告|首页|公告详情|详情|信息公开|)$")
_HEADING = re.compile(r"<(?:h[1-4]|title)[^>]{0,500}>([^<]{4,200})<")


def read_html(html: str, locator: Locator = GENERAL) -> Envelope | None:
    """Return the envelope of an HTML page or fragment; None if there is no text in it."""
    root = parse_html(html)
    if root is None or not root.text_content().strip():
        return _read_broken(html)
    container = _first_container(root, (*_paths_of(locator.containers), *_CONTAINERS))
    summary = "\n".join(html_to_text(table) for table in root.xpath(_SUMMARY))
    if container is not None:
        content = html_to_text(container)
        text = "\n".join(part for part in (("公告概要：\n" + summary) if summary else "", content) if part)
    else:
        text = from_lines(html_to_text(root))
    breadcrumbs = root.xpath(_BREADCRUMB)
    published = _meta(root, *_DATE_METAS) or _text_at(root, _DATE_SPAN)
    return Envelope(
        text=text,
        title=_title(root),
        published_on=read_date(published) if published else None,
        channel=squeeze(breadcrumbs[0].text_content()) if breadcrumbs else None,
    )


def _read_broken(html: str) -> Envelope | None:
    text = bare_text(html)
    heading = _HEADING.search(html)
    return Envelope(text=text, title=squeeze(fold(heading.group(1))) if heading else None) if text else None


def _first_container(root: lxml.html.HtmlElement, paths: Iterable[str]) -> lxml.html.HtmlElement | None:
    for path in paths:
        # The page may be made of fragments that each have such an element; the longest one is the notice.
        elements = root.xpath(path)
        if elements:
            return max(elements, key=lambda element: len(element.text_content()))
    return None


@cache
def _paths_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the XPath of each class name or id."""
    return tuple(f"//div[@id='{name}' or {_HAS_CLASS.format(name)}]" for name in names)


def _meta(root: lxml.html.HtmlElement, *names: str) -> str | None:
    for name in names:
        values = root.xpath(
            "//meta[translate(@name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')=$name]/@content",
            name=name.lower(),
        )
        if values and values[0].strip():
            return str(values[0]).strip()
    return None


def _text_at(root: lxml.html.HtmlElement, path: str) -> str | None:
    nodes = root.xpath(path)
    return squeeze(nodes[0].text_content()) if nodes else None


def _title(root: lxml.html.HtmlElement) -> str | None:
    for title in (_meta(root, *_TITLE_METAS), *(_text_at(root, path) for path in _TITLES)):
        if title and not _GENERIC_TITLE.match(squeeze(title)):
            return squeeze(fold(title))
    return None
