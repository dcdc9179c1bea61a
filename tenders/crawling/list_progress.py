"""How far the crawler has read one list."""

from __future__ import annotations

from dataclasses import dataclass, field

from tenders.crawling.list_pages import ListQuery, ListRow


@dataclass(slots=True)
class ListProgress:
    """The progress of one query, from its first page to its last.

    ``rows``: rows of the requested days by notice id, in the order seen. ``shown_ids``: all notices that were listed.
    ``skipped_ids``: those of kinds that are not read. ``complete``: True until a page fails. ``covered_pages``: how
    many pages in a row brought nothing new. ``reached_covered``: reading stopped at rows that an earlier crawl
    covers. ``cut_off_at``: the oldest listed time, if the list is cut off by its length. ``empty``: the first page
    had no rows. ``page_size``: rows on the longest page. ``reported_total``: rows that the portal says there are.
    ``must_split``: narrower queries must be asked instead.
    """

    query: ListQuery
    rows: dict[str, ListRow] = field(default_factory=dict)
    shown_ids: set[str] = field(default_factory=set)
    skipped_ids: set[str] = field(default_factory=set)
    complete: bool = True
    covered_pages: int = 0
    reached_covered: bool = False
    cut_off_at: str | None = None
    empty: bool = False
    page_size: int = 0
    reported_total: int | None = None
    must_split: bool = False
