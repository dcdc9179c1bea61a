"""What earlier crawls saw on the lists of one portal, so that a crawl can stop early without leaving a hole.

A channel is *covered* by a crawl that walked it from the top down to its own ``since`` (or to the end of the list) with every
listed notice stored. A later crawl may stop at covered rows only if it does not ask for older days than that walk reached.
A crawl that was killed, blocked or missed a page covers nothing; what it stored is still not fetched again.

Of a portal that is asked for days, the questions that a crawl has answered in whole are noted until it ends, so that a long
back-fill goes on where it was stopped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tenders.crawling.list_pages import Row

_KEPT_ROWS = 4000  # a channel: several times what a full list shows
_REMEMBERED = timedelta(days=14)  # an older answer is asked for again: much may have been published late meanwhile


@dataclass(slots=True)
class Channel:
    """``faces``: id → the row as it was when its page was read. ``covered``: ids of the covering walks, oldest first.

    ``since``: how far down they reached, None for the whole list. ``short_of``: the oldest listed time of a list that was
    cut off by its length.
    """

    faces: dict[str, str] = field(default_factory=dict)
    covered: dict[str, None] = field(default_factory=dict)
    walked: bool = False
    since: str | None = None
    short_of: str | None = None

    def covers(self, row: Row) -> bool:
        """Whether this row and all that stood below it were stored by an earlier walk, and the row has not changed since."""
        return row.notice_id in self.covered and not self.changed(row)

    def reaches(self, since: date | None) -> bool:
        """Whether the covering walk went at least as far back as ``since`` (None: to the end of the list)."""
        if not self.walked:
            return False
        return self.since is None or (since is not None and self.since <= since.isoformat())

    def days(self, first: date, last: date) -> dict[date, list[str]]:
        """The covered notices by the day they are listed under, from ``first`` to ``last``."""
        found: dict[date, list[str]] = {}
        for notice_id in self.covered:
            try:
                day = date.fromisoformat(self.faces.get(notice_id, "")[:10])
            except ValueError:
                continue
            if first <= day <= last:
                found.setdefault(day, []).append(notice_id)
        return found

    def changed(self, row: Row) -> bool:
        """Whether the list shows this row otherwise than when its page was read."""
        return self.faces.get(row.notice_id, row.face) != row.face


@dataclass(slots=True)
class Unfinished:
    """A crawl under way: what it was asked for, since when it runs, and its answered questions (by name) with the notices of
    each day."""

    task: list[str | None]
    began: str
    done: dict[str, dict[str, int]] = field(default_factory=dict)


class Ledger:
    """The channels of one portal, in one small JSON file that is replaced atomically at each ``save``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.channels: dict[str, Channel] = {}
        self.suspects: set[str] = set()
        self.unfinished: Unfinished | None = None
        try:
            data: dict[str, Any] = json.loads(path.read_text("utf-8"))
            self.channels = {
                name: Channel(**{**channel, "covered": dict.fromkeys(channel["covered"])})
                for name, channel in data["channels"].items()
            }
            self.suspects = set(data["suspects"])
            self.unfinished = Unfinished(**data["unfinished"]) if data.get("unfinished") else None
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError, AttributeError):
            # Only a shortcut is lost: the next crawl walks the whole lists again.
            self.channels, self.unfinished = {}, None

    def begin(self, task: list[str | None], now: datetime) -> dict[str, dict[str, int]]:
        """A crawl with this task begins: the questions that the same task, stopped not long ago, had answered in whole."""
        old = self.unfinished
        if old is None or old.task != task or now - datetime.fromisoformat(old.began) > _REMEMBERED:
            self.unfinished = Unfinished(task, now.isoformat())
            return {}
        return dict(old.done)

    def answered(self, question: str, counts: dict[str, int]) -> None:
        """Every notice that the question has shown is stored."""
        if self.unfinished is not None:
            self.unfinished.done[question] = counts

    def finish(self) -> None:
        """The crawl has asked all its questions: the next one with this task asks them anew."""
        self.unfinished = None

    def channel(self, name: str) -> Channel:
        return self.channels.setdefault(name, Channel())

    def remember(self, name: str, rows: Iterable[Row]) -> None:
        """These rows' pages are stored as they are listed now."""
        faces = self.channel(name).faces
        for row in rows:
            faces.pop(row.notice_id, None)  # to the end: the oldest entries are dropped first
            faces[row.notice_id] = row.face

    def cover(
        self, name: str, rows: Iterable[Row], *, since: date | None, short_of: str | None, connected: bool
    ) -> None:
        """A walk ended with every one of ``rows`` stored. ``connected``: it stopped at rows that were covered before, and so
        reaches as far back as the walk before it."""
        channel = self.channel(name)
        self._extend(channel, rows)
        if not connected:
            channel.since = since.isoformat() if since else None
            channel.short_of = short_of
        channel.walked = True

    def extend(self, name: str, rows: Iterable[Row]) -> None:
        """Newer rows, read down to covered ones, are stored too."""
        if self.channel(name).walked:
            self._extend(self.channel(name), rows)

    def save(self) -> None:
        for channel in self.channels.values():
            for entries in (channel.covered, channel.faces):
                for notice_id in list(entries)[:-_KEPT_ROWS]:
                    del entries[notice_id]
        channels = {
            name: {**asdict(channel), "covered": list(channel.covered)} for name, channel in self.channels.items()
        }
        unfinished = asdict(self.unfinished) if self.unfinished else None
        data = {"channels": channels, "suspects": sorted(self.suspects), "unfinished": unfinished}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)

    @staticmethod
    def _extend(channel: Channel, rows: Iterable[Row]) -> None:
        for row in reversed(list(rows)):
            channel.covered.pop(row.notice_id, None)
            channel.covered[row.notice_id] = None
