"""What a kind of trouble means, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tenders.crawling.outcome import Failure, State

_MEANING: dict[Failure, str] = {
    "blocked": "the portal refuses to be read",
    "moved": "an address leads elsewhere or is gone",
    "layout": "what a page must hold is not on it any more",
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
    "moved": "look in a browser where the site is now and mend its descriptor: tenders/portals/{portal}.toml",
    "layout": "the pages are in the archive: mend the reader (pipelines/pages, or the descriptor), then run: tenders rebuild",
    "timeout": "try again later: {again}",
    "empty": "look at the list in a browser; if it shows notices, mend its reading and run again: {again}",
    "partial": "run again: {again}",
    "reach": "those days need saved pages: tenders ingest FILE…",
    "storage": "see to the disk or the reason given, then run again: {again}",
    "limit": "for the rest run again without --limit: {again}",
    "interrupted": "run again: {again}",
}
# Crawls recorded before the kinds of trouble were told apart.
_BY_STATE: dict[State, Failure] = {"blocked": "blocked", "failed": "timeout", "incomplete": "partial"}
_MOST_COMMANDS = 3


def kind_of(state: State, failure: Failure | None) -> Failure | None:
    """The kind of trouble of a crawl, None of one that is complete."""
    return None if state == "complete" else failure or _BY_STATE[state]


def meaning(failure: Failure) -> str:
    """The kind of trouble in words."""
    return _MEANING[failure]


def remedy(failure: Failure, portal: str, spans: Sequence[tuple[date, date]]) -> str:
    """What to do, in words; ``spans`` are the first and last days that are missing."""
    return _REMEDY[failure].format(portal=portal, again=again(portal, spans))


def again(portal: str, spans: Sequence[tuple[date, date]]) -> str:
    """The command that crawls the missing days again; several where they lie apart, but not many."""
    if not spans:
        return f"tenders crawl {portal}"
    if len(spans) > _MOST_COMMANDS:
        spans = [(spans[0][0], spans[-1][1])]
    return "; ".join(f"tenders crawl {portal} --since {first} --until {last}" for first, last in spans)
