"""Awards as they were known at each instant: docs/awards.md, section "As known at".

A component is a set of notices that share a number or a buyer and name in any of their versions, so that no award
reaches beyond it. At each instant at which one of them was first seen, or seen changed, it is resolved anew from
what had been seen by then and nothing else. What a person decided is known from the instant of the review on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.awards.facts import Award, Notice
from analysis.awards.grouping import group
from analysis.awards.resolve import resolve
from analysis.awards.reviewed import Review, latest_decision, reviews_of_award


@dataclass(slots=True)
class State:
    """An award between two instants (microseconds since 1970, UTC); ``until`` is None for what holds now."""

    award_key: str
    since: int
    until: int | None
    award: Award


def award_key(notice_key: str) -> str:
    """The key of the award whose first seen result or candidate notice is ``notice_key``.

    It is a function of that notice alone, so it stays when further notices of the award arrive.
    """
    return "aw" + hashlib.blake2b(notice_key.encode(), digest_size=8).hexdigest()


def states(versions: Sequence[Notice], reviews: Sequence[Review] = ()) -> Iterator[State]:
    """The states of all awards of one component, in order of time. ``versions`` holds every version of its notices,
    ``reviews`` what people decided about them, in order of time."""
    changes: dict[int, list[Notice]] = {}
    for version in versions:
        changes.setdefault(version.seen, []).append(version)
    current: dict[str, Notice] = {}
    open_states: dict[str, State] = {}
    known: dict[tuple[int, ...], Award | None] = {}
    for instant in sorted({*changes, *(review.at for review in reviews)}):
        for version in changes.get(instant, ()):
            current[version.key] = version
        made = [review for review in reviews if review.at <= instant]
        now: dict[str, Award] = {}
        for notices in group(current.values()):
            own = reviews_of_award(made, notices)
            parts = (*map(id, notices), *map(id, own))
            if parts not in known:
                known[parts] = _resolve(notices, own)
            award = known[parts]
            if award is not None:
                now[award_key(award.anchor.key)] = award
        for key in [k for k, s in open_states.items() if now.get(k) is not s.award]:
            ended = open_states.pop(key)
            ended.until = instant
            yield ended
        for key, award in now.items():
            if key not in open_states:
                open_states[key] = State(key, instant, None, award)
    yield from open_states.values()


def _resolve(notices: Sequence[Notice], reviews: Sequence[Review]) -> Award | None:
    ruled = resolve(notices)
    if ruled is None or not reviews:
        return ruled
    decision = latest_decision(reviews)
    award = resolve(notices, decision)
    if award is not None:
        award.reviewed = decision.beside_rules(ruled)
    return award
