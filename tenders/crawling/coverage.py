"""Which days of a newest-first list are completely stored, and where reading the list may stop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tenders.crawling.list_pages import ListRow
from tenders.crawling.list_progress import ListProgress
from tenders.crawling.state import CrawlState
from tenders.crawling.stats import CrawlStats
from tenders.portals import Portal


@dataclass(slots=True)
class CoverageCheck:
    """Compares a list with what earlier crawls stored, and writes its findings into ``stats``."""

    portal: Portal
    stats: CrawlStats
    state: CrawlState
    since: date | None
    until: date

    def is_covered(self, progress: ListProgress, rows: Iterable[ListRow]) -> bool:
        """Whether the pages after this one can bring nothing new, as far as this page shows.

        That a row is stored does not suffice: a crawl that was killed has stored rows above a gap.
        """
        channel = self.state.channel(progress.query.channel)
        if all(row.is_before(self.since) for row in rows):
            progress.reached_covered = False
            return True
        if not channel.reaches(self.since):
            return False
        inside = [row for row in rows if not row.is_before(self.since) and not row.skipped]
        if not inside:
            return progress.reached_covered  # skipped rows say nothing about the rows below them
        stored = self.stats.stored_ids
        progress.reached_covered = all(channel.covers(row) and row.notice_id in stored for row in inside)
        return progress.reached_covered

    def report_gaps(self, progress: ListProgress) -> None:
        """Report older notices that a list, cut off by its length, no longer shows: requested ones, or lost ones."""
        name = progress.query.channel
        channel = self.state.channel(name)
        cut_off_at = channel.cut_off_at if progress.reached_covered else progress.cut_off_at
        if cut_off_at is None:
            return
        if self.since and self.since.isoformat() <= cut_off_at[:10]:
            self.stats.add_problem("reach", f"the list {name} reaches back to {cut_off_at} only, not to {self.since}")
        elif channel.walked and not progress.reached_covered and channel.covered.keys().isdisjoint(progress.shown_ids):
            self.stats.add_problem(
                "reach", f"the list {name} has rolled over since the last crawl, before {cut_off_at}"
            )

    def mark_complete_days(self, progress: ListProgress) -> None:
        """Mark the days for which the list was read from end to end, by this crawl or an earlier one."""
        windows, query, until = self.stats.windows, progress.query, self.until
        oldest = min((row.day for row in progress.rows.values() if row.day), default=None)
        if progress.reached_covered:
            # Below the covered rows everything was stored by an earlier crawl, as far back as that crawl read.
            channel = self.state.channel(query.channel)
            first = max(filter(None, (self.since or oldest, _day_after(channel.cut_off_at))), default=until)
            for day, ids in channel.ids_by_day(first, until).items():
                for notice_id in ids:
                    windows.add_row(query, ListRow(notice_id, "", "", day))
        elif progress.cut_off_at:
            # The last day of a list that is cut off may have more notices than the list shows.
            first = _day_after(progress.cut_off_at) or until
        else:
            first = self.since or self.portal.first_day  # the end of the list was reached: nothing older is listed
        windows.mark_complete(query, max(first, self.since or first), until)

    def report_empty_lists(self, lists: Sequence[ListProgress]) -> None:
        """Report newest-first lists without rows, which usually mean a changed layout.

        An empty list is accepted only if other lists have rows and this one never had any. An empty answer to a dated
        query is always accepted.
        """
        undated = [progress for progress in lists if not progress.query.dated]
        empty = [progress for progress in undated if progress.empty]
        all_empty = len(empty) == len(undated)
        for progress in empty:
            name = progress.query.name
            if all_empty or self.state.channel(progress.query.channel).fingerprints:
                text = f"the list {name} shows no rows: look at the page, its layout may have changed"
                self.stats.add_problem("empty", text)
            else:
                self.mark_complete_days(progress)
                self.stats.empty_lists.append(name)


def oldest_listed_time(rows: Iterable[ListRow]) -> str | None:
    """Return the oldest publication time on a page, as the list writes it; None if no row has a day."""
    return min((row.listed_at for row in rows if row.day), default=None)


def _day_after(listed_at: str | None) -> date | None:
    return date.fromisoformat(listed_at[:10]) + timedelta(days=1) if listed_at else None
