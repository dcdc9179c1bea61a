"""From a page to the lines of its notice, whatever format it has."""

from __future__ import annotations

import json
import re
from datetime import date

from pipelines.model import Page
from pipelines.pages.envelope import Envelope, plain_title
from pipelines.pages.escaped_pages import without_escapes, without_references
from pipelines.pages.html_pages import read_html
from pipelines.pages.json_pages import read_json
from pipelines.pages.page_templates import template_locator
from pipelines.pages.pdf_pages import read_pdf
from pipelines.pages.refused_pages import NoNoticeError, refusal
from pipelines.text.characters import fold, squeeze
from pipelines.text.charsets import repair_misread
from pipelines.text.dates import read_date
from pipelines.text.document import from_text
from pipelines.text.traditional import simplify

# 当前位置：首页 » 政采公告 » 中标公告, where each » may begin a new line
_BREADCRUMB = re.compile(r"当前位置\s*[:：]\s*([^\n]*(?:\n[^\n]{0,40}»[^\n]*)*)")
# A first line that is no title: a table row, "项目名称：", "一、项目编号", "2026年8月5日 …", "来源：中国政府采购网".
_NO_TITLE = re.compile(r"\t|[:：]\s*$|^[一二三四五六七八九十]{1,3}\s*[、.]|^\d{4}年\d|^[^\s:：]{2,10}[:：]")
# The day that many portals file a notice under: /20260805/… or t20260805_….
_ADDRESS_DAY = re.compile(r"/t?(20\d{6})(?=[_/])")
_HTML = re.compile(r"<(?:html|body|div|p|table|span|meta|!doctype)\b", re.IGNORECASE)
_CALLBACK = re.compile(r"\s*(?:/\*\*/)?[\w$.]{1,60}\(\s*[{\[]")
_MARKUP_WITHIN = 20_000  # characters in which a page without text shows what it does
_TITLE_LINES = 4  # a title is one of the first lines
_TITLE_LENGTHS = range(6, 201)  # characters


def parse_page(page: Page) -> Envelope:
    """Return the lines of a page's notice and what is around it.

    Pure. Raises NoNoticeError if the page is a block, a login, an error or holds nothing, ValueError if a body that
    claims to be JSON is not. Without any body, the listed title is all there is.
    """
    envelope = _read(page)
    has_only_listed_title = bool(page.title) and not page.body.strip()
    if not page.content_type.startswith("application/pdf") and not has_only_listed_title:
        reason = refusal(
            envelope.text,
            envelope.title,
            page.body[:_MARKUP_WITHIN],
            listed_title=page.title,
            field=page.content_type.startswith("application/json"),
        )
        if reason:
            raise NoNoticeError(reason)
    if page.title and page.title.strip():
        envelope.title = plain_title(simplify(page.title, beside=page.body))
    envelope.filed_on = _day_in_address(page.url)
    envelope.channel = envelope.channel or page.listed.get("channel") or page.channel
    _add_region(envelope, page.listed.get("region") or "", page.province or "")
    envelope.text = _with_portal_fields(envelope)
    return envelope


def _read(page: Page) -> Envelope:
    if page.content_type.startswith("application/pdf"):
        return read_pdf(page.body)
    locator = page.locator or template_locator()
    body = _without_callback(simplify(repair_misread(without_references(page.body))))
    if not _is_json(page.content_type, body):
        body = without_escapes(body)
    if _is_json(page.content_type, body):
        return read_json(body, locator) or Envelope(text="")
    if page.content_type.startswith("text/plain") and not _HTML.search(body[:5_000]):
        return _read_plain(body)
    return read_html(body, locator) or Envelope(text="")


def _without_callback(body: str) -> str:
    """Return a JSON answer without a byte order mark and without the call of a function around it: f({"data": …});"""
    body = body.removeprefix("\ufeff")
    call = _CALLBACK.match(body)
    return body[call.end() - 1 : body.rindex(")")] if call and body.rstrip().endswith((")", ");")) else body


def _is_json(content_type: str, body: str) -> bool:
    """Return whether a body is JSON. What it begins with counts for more than what it was sent as."""
    start = body.lstrip("\ufeff \t\r\n")
    if content_type.startswith("application/json"):
        return not start.startswith("<")
    return start.startswith(("{", "[{", '"')) and start.rstrip().endswith(("}", "]", '"')) and _parses(start)


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _read_plain(body: str) -> Envelope:
    """Read a page whose markup was not kept. One of its first lines is its title if no other is given."""
    folded = fold(body)
    breadcrumb = _BREADCRUMB.search(folded)
    text = from_text(folded)
    first_lines = text.split("\n")[:_TITLE_LINES]
    title = next((line for line in first_lines if len(line) in _TITLE_LENGTHS and not _NO_TITLE.search(line)), None)
    return Envelope(text=text, title=title, channel=squeeze(breadcrumb.group(1)) if breadcrumb else None)


def _add_region(envelope: Envelope, region: str, province: str) -> None:
    """Add the place that the list gives, or the province of all buyers of the portal."""
    if region:
        envelope.region = region if province in region else province + region
    elif province and "行政区域" not in envelope.text:
        envelope.region = province


def _with_portal_fields(envelope: Envelope) -> str:
    """Put what only the portal's own fields say before the text, so that every value has its words in the text."""
    if envelope.empty:
        return envelope.text
    fields = (("采购单位", envelope.buyer), ("项目编号", envelope.number))
    lines = [f"{label}：{value}" for label, value in fields if value and value not in envelope.text]
    # A province that the text merely mentions may be a supplier's.
    if envelope.region and not ("行政区域" in envelope.text and envelope.region in envelope.text):
        lines.append(f"行政区域：{envelope.region}")
    return "\n".join([*lines, envelope.text])


def _day_in_address(url: str) -> date | None:
    match = _ADDRESS_DAY.search(url)
    return read_date(match.group(1)) if match else None
