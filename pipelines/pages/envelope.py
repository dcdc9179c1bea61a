"""What a page says around its notice, and the part of it that is the notice itself."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date

from pipelines.text.characters import fold, squeeze
from pipelines.text.charsets import repair_misread

_MARK = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")  # such as <font color='red'> around the words of a search


@dataclass(slots=True)
class Envelope:
    """One notice as its page presents it. ``text`` holds its lines (``pipelines.text.document``).

    The rest is None if the page does not say it. ``number`` and ``buyer`` come from fields of the portal's own, not
    from the text. ``filed_on`` is the day in the page's address, the last resort for the day of publication.
    """

    text: str
    title: str | None = None
    published_on: date | None = None
    notice_id: str | None = None
    channel: str | None = None
    buyer: str | None = None
    number: str | None = None
    region: str | None = None
    filed_on: date | None = None

    @property
    def empty(self) -> bool:
        """Whether there is neither text nor title, so that there is no notice."""
        return not self.text.strip() and not self.title


def plain_title(written: str) -> str:
    """Return a title, or another short value beside the text, on one line without markup and escapes."""
    return squeeze(_MARK.sub("", html.unescape(fold(repair_misread(written)))))
