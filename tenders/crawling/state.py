"""What earlier crawls saw on the lists of one portal, so that a crawl can stop early without leaving a gap.

A channel is *covered* by a crawl that read it from the top down to its own ``since`` (or to the end of the list) with
every listed notice stored. A later crawl may stop at covered rows only if it asks for no older days than that crawl
reached. A crawl that was killed, was blocked or missed a page covers nothing; what it stored is still not fetched
again.

For a portal that is queried by date, the completely answered queries are kept until the crawl ends, so that a long
backfill continues where it was stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel

from pipelines.common.atomic_files import replace_text
from pipelines.common.state_files import read_state
from tenders.crawling.list_pages import ListRow

_KEPT_ROWS = 4000  # per channel: several times what a full list shows
_ANSWERS_EXPIRE = timedelta(days=14)  # older answers are asked for again: many notices may have been listed late


@dataclass(slots=True)
class ChannelState:
    """What is known of one channel.

    ``fingerprints``: notice id → the row as it was when its page was read. ``covered``: ids of covered notices, the
    oldest first. ``walked``: whether a crawl has covered the channel. ``since``: the first day that it covers, None
    for the complete list. ``cut_off_at``: the oldest listed time, if the list was cut off by its length.
    """

    fingerprints: dict[str, str] = field(default_factory=dict)
    covered: dict[str, None] = field(default_factory=dict)
    walked: bool = False
    since: str | None = None
    cut_off_at: str | None = None

    def covers(self, row: ListRow) -> bool:
        """Whether an earlier crawl stored this row and all rows below it, and the row has not changed since."""
        return row.notice_id in self.covered and not self.is_changed(row)

    def reaches(self, since: date | None) -> bool:
        """Whether the channel is covered back to ``since`` (None: to the end of the list)."""
        if not self.walked:
            return False
        return self.since is None or (since is not None and self.since <= since.isoformat())

    def ids_by_day(self, first: date, last: date) -> dict[date, list[str]]:
        """Return the covered notices by the day under which they are listed, from ``first`` to ``last``."""
        days: dict[date, list[str]] = {}
        for notice_id in self.covered:
            try:
                day = date.fromisoformat(self.fingerprints.get(notice_id, "")[:10])
            except ValueError:
                continue
            if first <= day <= last:
                days.setdefault(day, []).append(notice_id)
        return days

    def is_changed(self, row: ListRow) -> bool:
        """Whether the list shows this row differently than when its page was read."""
        return self.fingerprints.get(row.notice_id, row.fingerprint) != row.fingerprint


@dataclass(slots=True)
class UnfinishedCrawl:
    """A crawl in progress.

    ``task``: what it was asked for. ``began``: when. ``done``: its completely answered queries by name,
    each with the number of notices per day.
    """

    task: list[str | None]
    began: datetime
    done: dict[str, dict[str, int]] = field(default_factory=dict)


class _SavedChannel(BaseModel):
    faces: dict[str, str]
    covered: list[str]
    walked: bool
    since: date | None
    short_of: str | None

    @classmethod
    def of(cls, channel: ChannelState) -> _SavedChannel:
        return cls(
            faces=channel.fingerprints,
            covered=list(channel.covered),
            walked=channel.walked,
            since=date.fromisoformat(channel.since) if channel.since else None,
            short_of=channel.cut_off_at,
        )

    def as_state(self) -> ChannelState:
        since = self.since.isoformat() if self.since else None
        return ChannelState(self.faces, dict.fromkeys(self.covered), self.walked, since, self.short_of)


class _SavedCrawl(BaseModel):
    task: list[str | None]
    began: AwareDatetime
    done: dict[str, dict[str, int]]


class _SavedState(BaseModel):
    channels: dict[str, _SavedChannel]
    suspects: list[str]
    unfinished: _SavedCrawl | None = None


class CrawlState:
    """The channels of one portal, kept in one small JSON file that ``save`` replaces atomically."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.channels: dict[str, ChannelState] = {}
        self.suspect_ids: set[str] = set()  # notices at whose pages an earlier crawl was blocked
        self.unfinished: UnfinishedCrawl | None = None
        saved = read_state(path, _SavedState)  # if it is damaged, the next crawl reads the complete lists again
        if saved:
            self.channels = {name: channel.as_state() for name, channel in saved.channels.items()}
            self.suspect_ids = set(saved.suspects)
            self.unfinished = UnfinishedCrawl(**dict(saved.unfinished)) if saved.unfinished else None

    def start_crawl(self, task: list[str | None], now: datetime) -> dict[str, dict[str, int]]:
        """Begin a crawl with this task.

        Returns the queries that the same task, stopped less than two weeks ago, had completely answered (as in
        ``done``).
        """
        old = self.unfinished
        if old is None or old.task != task or now - old.began > _ANSWERS_EXPIRE:
            self.unfinished = UnfinishedCrawl(task, now)
            return {}
        return dict(old.done)

    def note_answered(self, query_name: str, counts: dict[str, int]) -> None:
        """Note that every notice of a query is stored. ``counts``: ISO day → number of notices."""
        if self.unfinished is not None:
            self.unfinished.done[query_name] = counts

    def end_crawl(self) -> None:
        """Note that the crawl asked all its queries: the next crawl with this task asks them again."""
        self.unfinished = None

    def channel(self, name: str) -> ChannelState:
        """Return the state of a channel, which is created if it is new."""
        return self.channels.setdefault(name, ChannelState())

    def note_stored(self, name: str, rows: Iterable[ListRow]) -> None:
        """Note that the pages of these rows are stored as the rows are listed now."""
        fingerprints = self.channel(name).fingerprints
        for row in rows:
            fingerprints.pop(row.notice_id, None)  # move it to the end: the oldest entries are dropped first
            fingerprints[row.notice_id] = row.fingerprint

    def note_covered(
        self, name: str, rows: Iterable[ListRow], *, since: date | None, cut_off_at: str | None, reached_covered: bool
    ) -> None:
        """Note that the channel was read with every one of ``rows`` stored.

        ``reached_covered``: reading stopped at covered rows, so the channel is covered as far back as before.
        """
        channel = self.channel(name)
        _add_covered(channel, rows)
        if not reached_covered:
            channel.since = since.isoformat() if since else None
            channel.cut_off_at = cut_off_at
        channel.walked = True

    def extend_covered(self, name: str, rows: Iterable[ListRow]) -> None:
        """Note that newer rows, directly above the covered ones, are stored too."""
        if self.channel(name).walked:
            _add_covered(self.channel(name), rows)

    def save(self) -> None:
        """Write the file, without the oldest rows of long channels."""
        for channel in self.channels.values():
            for entries in (channel.covered, channel.fingerprints):
                for notice_id in list(entries)[:-_KEPT_ROWS]:
                    del entries[notice_id]
        saved = _SavedState(
            channels={name: _SavedChannel.of(channel) for name, channel in self.channels.items()},
            suspects=sorted(self.suspect_ids),
            unfinished=_SavedCrawl(**asdict(self.unfinished)) if self.unfinished else None,
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(self.path, saved.model_dump_json())


def _add_covered(channel: ChannelState, rows: Iterable[ListRow]) -> None:
    for row in reversed(list(rows)):
        channel.covered.pop(row.notice_id, None)
        channel.covered[row.notice_id] = None
