"""What the sites share: a portal's notices, newest first, some of them held back at first; answers to being blocked."""

from __future__ import annotations

import hashlib
from datetime import date

from tests.replica.model import Market, Posting
from tests.replica.protocol import Reply, html

_FREQUENT = "<!doctype html><html><head><meta charset='utf-8'><title>提示</title></head><body><p>访问过于频繁，请稍后再试</p></body></html>"
_VERIFY = "<!doctype html><html><head><meta charset='utf-8'><title>安全验证</title></head><body><div id='captcha'>请完成安全验证</div></body></html>"


class Shelf:
    """The notices that a portal shows at the moment."""

    def __init__(self, made: Market, portal: str, held_back: int = 0) -> None:
        told = sorted(made.on(portal), key=lambda posting: (posting.at, posting.notice_id), reverse=True)
        columns: dict[str, list[Posting]] = {}
        for posting in told:
            columns.setdefault(posting.column, []).append(posting)
        self._waiting = [rows[: min(held_back, len(rows) // 2)] for rows in columns.values()]
        hidden = {posting.notice_id for rows in self._waiting for posting in rows}
        self.rows = [posting for posting in told if posting.notice_id not in hidden]

    def push(self) -> None:
        """The oldest notice that is held back appears, in each column."""
        new = [rows.pop() for rows in self._waiting if rows]
        self.rows = sorted([*self.rows, *new], key=lambda posting: (posting.at, posting.notice_id), reverse=True)

    def find(self, notice_id: str) -> Posting | None:
        return next((posting for posting in self.rows if posting.notice_id == notice_id), None)


def parse_day(text: str) -> date | None:
    """The day of `2025-07-01` or `2025-07-01 08:00:00`; None where the text is no day."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def is_within(posting: Posting, since: str, until: str) -> bool:
    """Both days belong to the range; a side that is empty is open."""
    low, high = parse_day(since), parse_day(until)
    return (low is None or posting.at.date() >= low) and (high is None or posting.at.date() <= high)


def parse_number(text: object, default: int) -> int:
    """A page number or size as clients send them."""
    return int(str(text)) if str(text).isdigit() else default


def stable_token(text: str, digits: int = 32) -> str:
    """A fixed hexadecimal name for something that has none."""
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def block_page(kind: str, empty: Reply) -> Reply:
    """The block pages of a portal without words of its own: HTTP 200 and not what was asked for."""
    return {
        "frequent": html(_FREQUENT),
        "verify": html(_VERIFY),
        "empty": empty,
        "forbidden": html("<h1>403 Forbidden</h1>", 403),
    }[kind]
