"""Notices that are HTML: CCGP's own template, and any other by the general rules."""

from __future__ import annotations

import re

import lxml.html

from pipelines.pages.envelope import Envelope
from pipelines.text.characters import fold, squeeze
from pipelines.text.dates import read_date
from pipelines.text.document import from_lines
from pipelines.text.html_text import bare_text, html_to_text, parse_html

# The containers a notice stands in, by the CMS that made the page; the first that is there wins, else the whole page is read.
_CONTAINERS = (
    "//div[contains(concat(' ', normalize-space(@class), ' '), ' vF_detail_content ')]",
    "//div[contains(concat(' ', normalize-space(@class), ' '), ' vT_detail_content ')]",
    "//div[@id='noticeArea']",
    "//div[@id='mycontent']",
    "//div[contains(concat(' ', normalize-space(@class), ' '), ' art_con ')]",
)
_SUMMARY = (
    "//div[contains(concat(' ', normalize-space(@class), ' '), ' vF_detail_main ')]//div[@class='table']//table | "
    "//div[@id='showBulletinInfoDiv']//table"
)
_CRUMB = "//div[contains(@class, 'vF_deail_currentloc') or contains(@class, 'vF_detail_currentloc')]"
_TITLES = (
    "//div[contains(@class,'vF_detail_header')]//h2",
    "//h4[contains(@class,'h4_o')]",
    "//h1",
    "//h2[contains(@class,'tc')]",
    "//div[contains(@class,'art_con')]//h2",
    "//h2",
    "//head/title",
)
_METAS = ("ArticleTitle", "articletitle", "title")
_GENERIC = re.compile(r"^(?:中国政府采购网|全国公共资源交易平台.*|采购结果公告|首页|公告详情|详情|信息公开|)$")


def read_html(html: str) -> Envelope | None:
    """The envelope of an HTML page or fragment; None where there is no text in it."""
    root = parse_html(html)
    if root is None or not root.text_content().strip():
        return _read_broken(html)
    container = _first(root, _CONTAINERS)
    summaries = root.xpath(_SUMMARY)
    head = "\n".join(html_to_text(table) for table in summaries)
    if container is not None:
        content = html_to_text(container)
        text = "\n".join(part for part in (("公告概要：\n" + head) if head else "", content) if part)
    else:
        text = from_lines(html_to_text(root))
    crumb = root.xpath(_CRUMB)
    published = _meta(root, "PubDate", "pubdate", "publishdate") or _text(root, "//span[@id='pubTime']")
    return Envelope(
        text=text,
        title=_title(root),
        published_on=read_date(published) if published else None,
        channel=squeeze(crumb[0].text_content()) if crumb else None,
    )


def _read_broken(html: str) -> Envelope | None:
    text = bare_text(html)
    heading = re.search(r"<(?:h[1-4]|title)[^>]{0,500}>([^<]{4,200})<", html)
    return Envelope(text=text, title=squeeze(fold(heading.group(1))) if heading else None) if text else None


def _first(root: lxml.html.HtmlElement, paths: tuple[str, ...]) -> lxml.html.HtmlElement | None:
    for path in paths:
        # Fragments of one notice may each have a container; the longest is the notice.
        nodes = root.xpath(path)
        if nodes:
            return max(nodes, key=lambda node: len(node.text_content()))
    return None


def _meta(root: lxml.html.HtmlElement, *names: str) -> str | None:
    for name in names:
        values = root.xpath(
            "//meta[translate(@name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')=$name]/@content",
            name=name.lower(),
        )
        if values and values[0].strip():
            return str(values[0]).strip()
    return None


def _text(root: lxml.html.HtmlElement, path: str) -> str | None:
    nodes = root.xpath(path)
    return squeeze(nodes[0].text_content()) if nodes else None


def _title(root: lxml.html.HtmlElement) -> str | None:
    for title in (_meta(root, *_METAS), *(_text(root, path) for path in _TITLES)):
        if title and not _GENERIC.match(squeeze(title)):
            return squeeze(fold(title))
    return None
