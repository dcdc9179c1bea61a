"""When a notice was first seen: usually soon after publication, sometimes days or weeks later."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from tests.replica.market import add_truth
from tests.replica.model import Market, Posting


def seen_at(posting: Posting, seed: int) -> datetime:
    """Return the time at which an observer first saw the notice. Always the same for a seed."""
    rng = Random(f"seen {seed} {posting.project.key} {posting.portal} {posting.fact}")
    dice = rng.random()
    days = (
        0
        if dice < 0.72
        else rng.randrange(1, 4)
        if dice < 0.9
        else rng.randrange(4, 13)
        if dice < 0.97
        else rng.randrange(13, 41)
    )
    return posting.at + timedelta(days=days, minutes=rng.randrange(20, 900))


def market_known_on(made: Market, day: date) -> Market:
    """Return the market as it was known at the end of a day, with the truth that follows from it."""
    end = datetime.combine(day, time.max)
    seed = made.world.seed
    return add_truth(
        made.world,
        {portal: tuple(p for p in rows if seen_at(p, seed) <= end) for portal, rows in made.postings.items()},
    )
