"""What a kind of failure means, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tenders.crawling.outcome import Failure, State

_MEANING: dict[Failure, str] = {
    "blocked": "the portal refuses to be read",
    "moved": "an address leads elsewhere or is gone",
    "layout": "something that a page must have is missing",
    "timeout": "no answer, or only errors of the server",
    "empty": "lists that should show notices show none",
    "partial": "single pages are missing",
    "reach": "the portal no longer shows what was asked for",
    "storage": "our own disk or program failed",
    "limit": "stopped at the number of notices asked for",
    "interrupted": "ended by a person or the system",
}
_REMEDY: dict[Failure, str] = {
    "blocked": "wait, crawl less often, and look at the site in a browser; never work around a block",
    "moved": "find the new address in a browser and put it into the descriptor: tenders/portals/{portal}.toml",
    "layout": "the pages are in the archive: fix the reader (pipelines/pages or the descriptor), then tenders rebuild",
    "timeout": "try again later: {again}",
    "empty": "look at the list in a browser; if it shows notices, fix how it is read and run again: {again}",
    "partial": "run again: {again}",
    "reach": "those days need saved pages: tenders ingest FILE…",
    "storage": "fix the cause that is named, then run again: {again}",
    "limit": "for the rest run again without --limit: {again}",
    "interrupted": "run again: {again}",
}
# For crawls that were recorded before kinds of failure were kept.
_BY_STATE: dict[State, Failure] = {"blocked": "blocked", "failed": "timeout", "incomplete": "partial"}
_MOST_COMMANDS = 3


def failure_of(state: State, failure: Failure | None) -> Failure | None:
    """Return the kind of failure of a crawl, None if it is complete."""
    return None if state == "complete" else failure or _BY_STATE[state]


def meaning(failure: Failure) -> str:
    """Return what a kind of failure means."""
    return _MEANING[failure]


def remedy(failure: Failure, portal: str, ranges: Sequence[tuple[date, date]]) -> str:
    """Return what to do about it. ``ranges`` are the first and last days that are missing."""
    return _REMEDY[failure].format(portal=portal, again=crawl_commands(portal, ranges))


def crawl_commands(portal: str, ranges: Sequence[tuple[date, date]]) -> str:
    """Return the commands that crawl the missing days again: one per range, or one for all if there are many ranges."""
    if not ranges:
        return f"tenders crawl {portal}"
    if len(ranges) > _MOST_COMMANDS:
        ranges = [(ranges[0][0], ranges[-1][1])]
    return "; ".join(f"tenders crawl {portal} --since {first} --until {last}" for first, last in ranges)
