"""From a page to classified notices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pipelines.classify import classify
from pipelines.extract import award_row
from pipelines.extract.notice import Source, read
from pipelines.extract.organisations import find_buyer
from pipelines.model import Notice, Page
from pipelines.pages.envelope import Envelope
from pipelines.pages.html_pages import read_html
from pipelines.pages.json_pages import read_json
from pipelines.pages.pdf_pages import read_pdf
from pipelines.storage.keys import content_hash
from pipelines.text.characters import fold, squeeze
from pipelines.text.dates import read_date
from pipelines.text.document import from_text
from tenders.portals import channel_of, notice_id_of, province_of

_CRUMB = re.compile(r"当前位置\s*[:：]\s*([^\n]*(?:\n[^\n]{0,40}»[^\n]*)*)")
_NO_TITLE = re.compile(r"\t|[:：]\s*$|^[一二三四五六七八九十]{1,3}\s*[、.]|^\d{4}年\d|^[^\s:：]{2,10}[:：]")
_ADDRESS_DAY = re.compile(r"/t?(20\d{6})(?=[_/])")
_HTML = re.compile(r"<(?:html|body|div|p|table|span|meta|!doctype)\b", re.IGNORECASE)


def parse(page: Page) -> list[Notice]:
    """The notices of one page: one, or none where the page holds no text at all and no title was given.

    Pure. Raises ValueError where a body that is said to be JSON is none.
    """
    if page.content_type == award_row.CONTENT_TYPE:
        return [award_row.read_award(page)]
    envelope = _envelope(page)
    _complete(envelope, page)
    title = squeeze(fold(page.title)) if page.title and page.title.strip() else envelope.title
    if not envelope.text.strip() and not title:
        return []
    notice_id = notice_id_of(page.portal, page.url, envelope.notice_id)
    key = f"{page.portal}:{notice_id or page.url}"
    source = Source(
        notice_key=key,
        portal=page.portal,
        url=page.url,
        seen_at=page.fetched_at,
        text=_with_portal_fields(envelope),
        notice_id=notice_id,
        title=title,
        channel=envelope.channel,
        published_on=page.published_on or envelope.published_on,
        filed_on=_day_in_address(page.url),
    )
    notice = read(source)
    told = _told_by_list(notice, page.listed)
    if told:
        notice = read(replace(source, text="\n".join([*told, source.text])))
    number = envelope.number or page.listed.get("project_number")
    if number and number != notice.project_number:
        notice.platform_number = number
    notice.content_hash = content_hash(key, title or "", notice.body)
    classify(notice)
    return [notice]


def _complete(envelope: Envelope, page: Page) -> None:
    """Where the portal files the notice, and the place that it names; a portal of one province says that of its buyers."""
    listed = page.listed
    envelope.channel = envelope.channel or listed.get("channel") or channel_of(page.portal, page.url)
    province, region = province_of(page.portal) or "", listed.get("region") or ""
    if region:
        envelope.region = region if province in region else province + region
    elif province and "行政区域" not in envelope.text:
        envelope.region = province


def _with_portal_fields(envelope: Envelope) -> str:
    """The text, preceded by what only the portal's own fields say, so that every value has words in the stored text."""
    fields = (("采购单位", envelope.buyer), ("项目编号", envelope.number))
    lines = [f"{label}：{value}" for label, value in fields if value and value not in envelope.text]
    # A province that is merely named in the text may be where a supplier sits.
    if envelope.region and not ("行政区域" in envelope.text and envelope.region in envelope.text):
        lines.append(f"行政区域：{envelope.region}")
    return "\n".join([*lines, envelope.text])


def _told_by_list(notice: Notice, listed: Mapping[str, str]) -> list[str]:
    """What the portal's list says and the page leaves open, as lines to stand before its text. A buyer that only the title
    names is left open."""
    said = (
        ("采购单位", listed.get("buyer"), find_buyer(notice.body)),
        ("代理机构名称", listed.get("agency"), notice.agency),
        ("项目编号", listed.get("project_number"), notice.project_number),
    )
    return [f"{label}：{value}" for label, value, found in said if value and found is None]


def _day_in_address(url: str) -> date | None:
    """The day many portals file a notice under: /20260805/… or t20260805_…; used only where the page states none."""
    match = _ADDRESS_DAY.search(url)
    return read_date(match.group(1)) if match else None


def _envelope(page: Page) -> Envelope:
    if page.content_type.startswith("application/json"):
        return read_json(page.body) or Envelope(text="")
    if page.content_type.startswith("application/pdf"):
        return read_pdf(page.body)
    if page.content_type.startswith("text/plain") and not _HTML.search(page.body[:5_000]):
        return _plain(page.body)
    return read_html(page.body) or Envelope(text="")


def _plain(body: str) -> Envelope:
    """A page whose markup was not kept. Its first line is its title where no other is given."""
    crumb = _CRUMB.search(fold(body))
    text = from_text(body)
    lines = text.split("\n")
    title = next((line for line in lines[:4] if 6 <= len(line) <= 200 and not _NO_TITLE.search(line)), None)
    return Envelope(text=text, title=title, channel=squeeze(crumb.group(1)) if crumb else None)
