"""Adds calls for bids that some portals list among the results. A crawl of results must skip them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.replica.model import Market


def with_invitations(made: Market, portal: str, kinds: tuple[tuple[str, str], ...]) -> Market:
    """Return the market with a call for bids for half of the portal's projects.

    Each of `kinds` is (column, ending of the title).
    """
    postings, calls, invited = made.on(portal), [], set()
    for posting in postings:
        rng = Random(f"invitation {posting.key}")
        if posting.project.key in invited or rng.random() < 0.5:
            continue
        invited.add(posting.project.key)
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
    return replace(made, postings=made.postings | {portal: (*calls, *postings)})
