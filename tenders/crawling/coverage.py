"""How far a walk through a list that is newest first has reached, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tenders.crawling.list_pages import Row
from tenders.crawling.state import Ledger
from tenders.crawling.stats import Tally
from tenders.portals import Portal
from tenders.spiders.base.notice_spider import Walk


@dataclass(slots=True)
class WalkJudge:
    """Asked by the walker; what it finds goes into the tally."""

    portal: Portal
    tally: Tally
    ledger: Ledger
    since: date | None
    until: date

    def nothing_new(self, walk: Walk, rows: Iterable[Row]) -> bool:
        """Whether going further down than this page can bring nothing, as far as the page can tell.

        Rows that are merely stored do not count: a crawl that was killed stores rows above a hole.
        """
        channel = self.ledger.channel(walk.listing.channel)
        if all(row.before(self.since) for row in rows):
            walk.connected = False
            return True
        if not channel.reaches(self.since):
            return False
        inside = [row for row in rows if not row.before(self.since) and not row.aside]
        if not inside:
            return walk.connected  # rows that are not read say nothing of what lies below them
        walk.connected = all(channel.covers(row) and row.notice_id in self.tally.stored for row in inside)
        return walk.connected

    def reach(self, walk: Walk) -> None:
        """A list cut off by its own length cannot show what is older; say so where that was asked for, or is now lost."""
        name = walk.listing.channel
        channel = self.ledger.channel(name)
        short_of = channel.short_of if walk.connected else walk.short_of
        if short_of is None:
            return
        if self.since and self.since.isoformat() <= short_of[:10]:
            self.tally.trouble("reach", f"the list {name} reaches back to {short_of} only, not to {self.since}")
        elif channel.walked and not walk.connected and not any(row in channel.covered for row in walk.rows):
            self.tally.trouble("reach", f"the list {name} has rolled over since the last crawl, before {short_of}")

    def days(self, walk: Walk) -> None:
        """The days of which the list was read in whole, as far as the walk itself went."""
        book, listing, until = self.tally.book, walk.listing, self.until
        oldest = min((row.day for row in walk.rows.values() if row.day), default=None)
        if walk.connected:
            # Below the place where it connected all was stored before, as far back as that walk went.
            known = self.ledger.channel(listing.channel)
            first = max(filter(None, (self.since or oldest, _day_after(known.short_of))), default=until)
            for day, ids in known.days(first, until).items():
                for notice_id in ids:
                    book.saw(listing, Row(notice_id, "", "", day))
        elif walk.short_of:
            # The last day that a list of limited length shows may go on below its end.
            first = _day_after(walk.short_of) or until
        else:
            first = self.since or self.portal.first_day  # its end was reached: nothing older is listed
        book.whole(listing, max(first, self.since or first), until)

    def emptiness(self, walks: Sequence[Walk]) -> None:
        """A list without rows is believed only while others are read well, and it never had any; an answer about days is."""
        lists = [walk for walk in walks if not walk.listing.dated]
        empty = [walk for walk in lists if walk.empty]
        doubtful = [w for w in empty if len(empty) == len(lists) or self.ledger.channel(w.listing.channel).faces]
        for walk in doubtful:
            what = f"the list {walk.listing.name} shows no rows: look at the page, its layout may have changed"
            self.tally.trouble("empty", what)
        plain = [walk for walk in empty if walk not in doubtful]
        for walk in plain:
            self.days(walk)
        if plain:
            self.tally.notes.append(f"empty lists: {' '.join(walk.listing.name for walk in plain)}")

    @staticmethod
    def oldest(rows: Iterable[Row]) -> str | None:
        """The oldest listed time on a page."""
        times = [row.listed_at for row in rows if row.day]
        return min(times) if times else None


def _day_after(listed_at: str | None) -> date | None:
    return date.fromisoformat(listed_at[:10]) + timedelta(days=1) if listed_at else None
