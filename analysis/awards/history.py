"""Awards as they were known at each instant: docs/awards.md, section "As known at".

Only notices that are connected by a number, or by a buyer and a name, in any of their versions, can be one award. All
notices that are connected, directly or through others, are called a component here and are resolved together. This is
repeated each time one of them was first seen or had changed, from what had been seen by then and nothing else. A
person's decision is known from the instant of the review.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.awards.facts import Award, NoticeFacts
from analysis.awards.grouping import group_notices
from analysis.awards.resolve import resolve
from analysis.awards.reviewed import Review, latest_decision, reviews_of_award


@dataclass(slots=True)
class AwardState:
    """An award between two instants, in microseconds since 1970 (UTC). ``until`` is None for what holds now."""

    award_key: str
    since: int
    until: int | None
    award: Award


def award_key(notice_key: str) -> str:
    """Return the key of the award whose first seen result or list of candidates is ``notice_key``.

    It is a function of that notice alone, so it stays when further notices of the award arrive.
    """
    return "aw" + hashlib.blake2b(notice_key.encode(), digest_size=8).hexdigest()


def award_states(versions: Sequence[NoticeFacts], reviews: Sequence[Review] = ()) -> Iterator[AwardState]:
    """Yield the states of all awards of one component, in the order in which they ended.

    ``versions`` has every version of its notices, ``reviews`` the reviews of them in order of time.
    """
    versions_by_instant: dict[int, list[NoticeFacts]] = {}
    for version in versions:
        versions_by_instant.setdefault(version.seen, []).append(version)
    newest: dict[str, NoticeFacts] = {}
    open_states: dict[str, AwardState] = {}
    # The same versions and reviews give the same award, so most groups are resolved once for many instants.
    resolved: dict[tuple[int, ...], Award | None] = {}
    for instant in sorted({*versions_by_instant, *(review.at for review in reviews)}):
        for version in versions_by_instant.get(instant, ()):
            newest[version.key] = version
        known_reviews = [review for review in reviews if review.at <= instant]
        awards: dict[str, Award] = {}
        for notices in group_notices(newest.values()):
            own_reviews = reviews_of_award(known_reviews, notices)
            parts = (*map(id, notices), *map(id, own_reviews))
            if parts not in resolved:
                resolved[parts] = _resolve_with_reviews(notices, own_reviews)
            award = resolved[parts]
            if award is not None:
                awards[award_key(award.anchor.key)] = award
        for key in [key for key, state in open_states.items() if awards.get(key) is not state.award]:
            ended = open_states.pop(key)
            ended.until = instant
            yield ended
        for key, award in awards.items():
            if key not in open_states:
                open_states[key] = AwardState(key, instant, None, award)
    yield from open_states.values()


def _resolve_with_reviews(notices: Sequence[NoticeFacts], reviews: Sequence[Review]) -> Award | None:
    by_rules = resolve(notices)
    if by_rules is None or not reviews:
        return by_rules
    decision = latest_decision(reviews)
    award = resolve(notices, decision)
    if award is not None:
        award.reviewed = decision.beside_rules(by_rules)
    return award
