"""Calls for bids that some portals show in one list with the results: a crawl of results leaves them aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.replica.model import Market


def with_invitations(made: Market, portal: str, kinds: tuple[tuple[str, str], ...]) -> Market:
    """The market with a call for bids for half of the portal's projects. `kinds`: (column, how the title ends)."""
    told, calls, seen = made.on(portal), [], set()
    for posting in told:
        rng = Random(f"invitation {posting.key}")
        if posting.project.key in seen or rng.random() < 0.5:
            continue
        seen.add(posting.project.key)
        column, end = rng.choice(kinds)
        own = str(int(posting.notice_id) - 500)
        event = replace(
            posting.event,
            what="tender",
            kinds=("tender",),
            at=posting.at - timedelta(days=rng.randrange(12, 30)),
            title=posting.project.name + end,
            changes=(),
        )
        calls.append(
            replace(posting, notice_id=own, url=posting.url.replace(posting.notice_id, own), event=event, column=column)
        )
    return replace(made, postings=made.postings | {portal: (*calls, *told)})
