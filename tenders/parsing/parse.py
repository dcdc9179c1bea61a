"""From a page to classified notices."""

from __future__ import annotations

import re

from pipelines.classify import classify
from pipelines.document import from_text
from pipelines.identity import content_hash
from pipelines.model import Notice, Page
from pipelines.reader import Source, read
from pipelines.text import fold, squeeze
from tenders.parsing.envelope import Envelope
from tenders.parsing.html import read_html
from tenders.parsing.json_body import read_json
from tenders.portals import notice_id_of

_CRUMB = re.compile(r"当前位置\s*[:：]\s*([^\n]*(?:\n[^\n]{0,40}»[^\n]*)*)")
_NO_TITLE = re.compile(r"\t|[:：]\s*$|^[一二三四五六七八九十]{1,3}\s*[、.]|^\d{4}年\d|^[^\s:：]{2,10}[:：]")
_HTML = re.compile(r"<(?:html|body|div|p|table|span|meta|!doctype)\b", re.IGNORECASE)


def parse(page: Page) -> list[Notice]:
    """The notices of one page: one, or none where the page holds no text at all and no title was given.

    Pure. Raises ValueError where a body that is said to be JSON is none.
    """
    envelope = _envelope(page)
    title = squeeze(fold(page.title)) if page.title and page.title.strip() else envelope.title
    if not envelope.text.strip() and not title:
        return []
    notice_id = notice_id_of(page.portal, page.url) or (
        envelope.notice_id if page.url.startswith("urn:") or not page.url else None
    )
    key = f"{page.portal}:{notice_id or page.url}"
    notice = read(
        Source(
            notice_key=key,
            portal=page.portal,
            url=page.url,
            seen_at=page.fetched_at,
            text=envelope.text,
            notice_id=notice_id,
            title=title,
            channel=envelope.channel,
            published_on=page.published_on or envelope.published_on,
            buyer=envelope.buyer,
            number=envelope.number,
        )
    )
    notice.content_hash = content_hash(key, title or "", notice.body)
    classify(notice)
    return [notice]


def _envelope(page: Page) -> Envelope:
    if page.content_type.startswith("application/json"):
        return read_json(page.body) or Envelope(text="")
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
