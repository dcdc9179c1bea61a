"""What a page says around the notice: its title, day, channel, and the part that holds the notice itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(slots=True)
class Envelope:
    """One notice as its page wraps it: ``text`` in lines (``pipelines.text.document``); the rest is None where the page is silent."""

    text: str
    title: str | None = None
    published_on: date | None = None
    notice_id: str | None = None
    channel: str | None = None
    buyer: str | None = None
    number: str | None = None
    region: str | None = None
