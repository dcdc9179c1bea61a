"""Shared parts of the sites: visible and held-back notices, query parameters, block pages."""

from __future__ import annotations

import hashlib
from datetime import date

from tests.replica.model import Market, Posting
from tests.replica.protocol import Reply, html

_FREQUENT = "<!doctype html><html><head><meta charset='utf-8'><title>提示</title></head><body><p>访问过于频繁，请稍后再试</p></body></html>"
_VERIFY = "<!doctype html><html><head><meta charset='utf-8'><title>安全验证</title></head><body><div id='captcha'>请完成安全验证</div></body></html>"


class Shelf:
    """The notices that a portal currently shows, newest first."""

    def __init__(self, made: Market, portal: str, held_back: int = 0) -> None:
        postings = sorted(made.on(portal), key=lambda posting: (posting.at, posting.notice_id), reverse=True)
        columns: dict[str, list[Posting]] = {}
        for posting in postings:
            columns.setdefault(posting.column, []).append(posting)
        self._waiting = [rows[: min(held_back, len(rows) // 2)] for rows in columns.values()]
        hidden = {posting.notice_id for rows in self._waiting for posting in rows}
        self.rows = [posting for posting in postings if posting.notice_id not in hidden]

    def push(self) -> None:
        """Publish the oldest held-back notice of each column."""
        new = [rows.pop() for rows in self._waiting if rows]
        self.rows = sorted([*self.rows, *new], key=lambda posting: (posting.at, posting.notice_id), reverse=True)

    def find(self, notice_id: str) -> Posting | None:
        """Return the visible notice with this id, or None."""
        return next((posting for posting in self.rows if posting.notice_id == notice_id), None)


def parse_day(text: str) -> date | None:
    """Return the day of `2025-07-01` or `2025-07-01 08:00:00`, or None for other text."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def is_within(posting: Posting, since: str, until: str) -> bool:
    """Check whether the notice was published between two days, both included. An empty bound is open."""
    low, high = parse_day(since), parse_day(until)
    return (low is None or posting.at.date() >= low) and (high is None or posting.at.date() <= high)


def parse_number(text: object, default: int) -> int:
    """Return a page number or size as clients send them."""
    return int(str(text)) if str(text).isdigit() else default


def stable_token(text: str, digits: int = 32) -> str:
    """Return a fixed hexadecimal name derived from a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def block_page(kind: str, empty: Reply) -> Reply:
    """Return the block page of a portal without wording of its own: HTTP 200 with unrelated content."""
    return {
        "frequent": html(_FREQUENT),
        "verify": html(_VERIFY),
        "empty": empty,
        "forbidden": html("<h1>403 Forbidden</h1>", 403),
    }[kind]
