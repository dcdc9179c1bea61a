"""Which notices are one award: docs/awards.md, section "One award".

The input is one version of each notice, the output a partition of them. It does not depend on the order of the input:
pairs are joined in a fixed order, the surest first, and no join may make a group contradict itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, combinations

from analysis.awards.facts import LotFacts, NoticeFacts
from analysis.awards.lot_numbers import with_project_numbers
from analysis.awards.project_identity import (
    base_name,
    can_be_same_buyer,
    can_be_same_name,
    is_branch,
    is_name_with_prefix,
    is_same_number,
    joining_number,
    name_without_lot,
    number_strength,
    without_portal_prefix,
)

RESULT_DAYS = 30  # two results of one buyer and name are one award within these days
CANDIDATE_DAYS = 60  # from the publication of candidates to the result
BEFORE_DAYS, AFTER_DAYS = 180, 365  # how long before and after a result other notices can belong to it
# A buyer can give one name to this many groups of notices. A more frequent name says what is bought, not which project.
COMMON_NAME = 40
# A name of so many characters is a project's own, so that candidates and their result need no buyer to share it.
LONG_NAME = 8


@dataclass(slots=True)
class Group:
    """Notices joined so far, with everything that a further join must not contradict.

    ``numbers`` has the project number per portal; ``platform_numbers`` the portals' own numbers of the project.
    """

    notices: list[NoticeFacts] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    platform_numbers: set[str] = field(default_factory=set)
    buyers: set[str] = field(default_factory=set)
    result_day: int | None = None
    candidate_day: int | None = None

    def add(self, notice: NoticeFacts) -> None:
        """Add a notice to the group."""
        self.notices.append(notice)
        if number := joining_number(notice.number_key):
            # Of two spellings of one number the longer says more.
            known = self.numbers.get(notice.portal, "")
            self.numbers[notice.portal] = max(known, number, key=lambda spelling: (len(spelling), spelling))
        if notice.platform_number_key:
            self.platform_numbers.add(notice.platform_number_key)
        if notice.buyer_key:
            self.buyers.add(notice.buyer_key)
        if notice.names_supplier:
            if notice.kind == "award":
                self.result_day = notice.day if self.result_day is None else min(self.result_day, notice.day)
            else:
                self.candidate_day = notice.day if self.candidate_day is None else min(self.candidate_day, notice.day)

    @property
    def day(self) -> int | None:
        """Return the day of the first result, else of the first candidates."""
        return self.result_day if self.result_day is not None else self.candidate_day

    @property
    def first_key(self) -> str:
        """Return the least key of its notices, which orders groups that are equal otherwise."""
        return min(notice.key for notice in self.notices)

    @property
    def all_numbers(self) -> set[str]:
        """Return the project numbers and the portals' own numbers."""
        return {*self.numbers.values(), *self.platform_numbers}

    def contradicts(self, other: Group) -> bool:
        """Return whether one portal would have two different numbers in the joined group.

        Two numbers are no contradiction if the portal itself uses one of them as its own number of the project.
        """
        platform_numbers = self.platform_numbers | other.platform_numbers
        return any(
            not is_same_number(other_number, number) and not {other_number, number} & platform_numbers
            for portal, number in self.numbers.items()
            if (other_number := other.numbers.get(portal)) is not None
        )


def group_notices(notices: Iterable[NoticeFacts]) -> list[list[NoticeFacts]]:
    """Return the groups of ``notices`` that are one project each, the notices of a group in chronological order.

    A notice that belongs to no other is a group of its own.
    """
    given = {notice.key: notice for notice in notices}
    groups = _group_by_number_and_buyer(with_project_numbers(given.values()))
    if len(groups) > 1:
        groups = _join(groups, _pairs_by_number(groups), _numbers_agree)
    if len(groups) > 1:
        groups = _join(groups, _pairs_by_name(groups), _dates_and_results_agree)
    if len(groups) > 1:
        groups = _join(groups, _pairs_by_result(groups), _dates_and_results_agree)
    return [
        [given[notice.key] for notice in sorted(group.notices, key=lambda notice: notice.order)] for group in groups
    ]


def _group_by_number_and_buyer(notices: Iterable[NoticeFacts]) -> list[Group]:
    """Group notices of one number and one buyer. A number of fewer than five characters also needs the same name."""
    groups: dict[tuple[str | None, ...], Group] = {}
    for notice in sorted(notices, key=lambda notice: notice.key):
        number, buyer = joining_number(notice.number_key), notice.buyer_key
        if number and buyer:
            name = base_name(notice.name_key) if len(number) < 5 else None
            groups.setdefault((number, buyer, name), Group()).add(notice)
        else:
            groups.setdefault((notice.key,), Group()).add(notice)
    return list(groups.values())


# The rank of a pair (the lowest is joined first) and the places of its two groups.
_Pair = tuple[tuple[int | str, ...], int, int]


def _join(groups: Sequence[Group], pairs: Iterable[_Pair], agree: Callable[[Group, Group], bool]) -> list[Group]:
    """Join the pairs in the order of their ranks, if the groups that they are in by then still agree."""
    parents = list(range(len(groups)))
    joined: list[Group | None] = list(groups)

    def find_root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    for _, first, second in sorted(pairs, key=lambda pair: pair[0]):
        root, other_root = find_root(first), find_root(second)
        one, other = joined[root], joined[other_root]
        if root == other_root or one is None or other is None or one.contradicts(other) or not agree(one, other):
            continue
        union = Group()
        for notice in one.notices + other.notices:
            union.add(notice)
        joined[root], joined[other_root], parents[other_root] = union, None, root
    return [group for group in joined if group is not None]


def _pairs_by_number(groups: Sequence[Group]) -> list[_Pair]:
    """Return the pairs that share a number. Equal spellings rank before prefixed ones, then the nearer in time."""
    places_by_number: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        for number in {without_portal_prefix(number) for number in group.all_numbers}:
            places_by_number[number].append(place)
    pairs: list[_Pair] = []
    for places in places_by_number.values():
        for first, second in combinations(places, 2):
            one, other = groups[first], groups[second]
            spelling = 1 if one.all_numbers.isdisjoint(other.all_numbers) else 0
            rank = (spelling, _days_apart(one, other), one.first_key, other.first_key)
            pairs.append((rank, first, second))
    return pairs


def _numbers_agree(one: Group, other: Group) -> bool:
    """Return whether a shared number means the same project.

    It does, unless the buyers speak against it or, if a buyer is unknown, the names.
    """
    shared = [min(a, b, key=len) for a in one.all_numbers for b in other.all_numbers if is_same_number(a, b)]
    if not shared:
        return False
    strength = max(map(number_strength, shared))
    names, other_names = _base_names(one), _base_names(other)
    if strength == 0:
        # Vacuously true if a buyer is unknown: then the equal name decides.
        buyers_agree = all(can_be_same_buyer(a, b) for a in one.buyers for b in other.buyers)
        return buyers_agree and bool(names & other_names)
    names_agree = any(can_be_same_name(a, b) for a in names for b in other_names)
    if one.buyers and other.buyers:
        if all(can_be_same_buyer(a, b) for a in one.buyers for b in other.buyers):
            return True
        return names_agree and not all(map(is_branch, one.buyers | other.buyers))
    return names_agree or strength == 2 or not names or not other_names


def _pairs_by_name(groups: Sequence[Group]) -> list[_Pair]:
    """Return the pairs of one buyer and one name of which at least one has a result or candidates.

    The likeliest rank first: a common supplier, the same name rather than a lot's name, a common price, near in time.
    Candidates and the result of one portal need no buyer if one of the candidates won.
    """
    places_by_name: dict[tuple[str, str], set[int]] = defaultdict(set)
    places_by_lot: dict[tuple[str, str], set[int]] = defaultdict(set)
    places_by_portal: dict[tuple[str, str], set[int]] = defaultdict(set)
    for place, group in enumerate(groups):
        for notice in group.notices:
            name = base_name(notice.name_key)
            if name and notice.names_supplier and len(name) >= LONG_NAME:
                places_by_portal[notice.portal, name].add(place)
            if notice.buyer_key and name:
                places_by_name[notice.buyer_key, name].add(place)
                if project := name_without_lot(name):
                    places_by_lot[notice.buyer_key, project].add(place)
    pairs: dict[tuple[int, int], _Pair] = {}
    for buyer_and_name, places in places_by_name.items():
        if len(places) > COMMON_NAME:
            continue
        same_name = combinations(sorted(places), 2)
        # A notice of one lot belongs to the project that has the full name; two lots alone do not make a project.
        lots = ((i, j) for i in places for j in places_by_lot.get(buyer_and_name, ()) if j not in places)
        for first, second in chain(same_name, lots):
            one, other = groups[first], groups[second]
            if one.day is None and other.day is None:
                continue
            if one.numbers and other.numbers and set(one.numbers) & set(other.numbers):
                continue  # both have a number on one portal, so the number has already decided
            likelihood = (0 if _suppliers(one) & _suppliers(other) else 1) + (0 if second in places else 2)
            price = 0 if _prices(one) & _prices(other) else 1
            rank = (likelihood, price, _days_apart(one, other), one.first_key, other.first_key)
            pairs.setdefault((first, second), (rank, first, second))
    for places in places_by_portal.values():
        if 1 < len(places) <= COMMON_NAME:
            for first, second in combinations(sorted(places), 2):
                one, other = groups[first], groups[second]
                if (first, second) not in pairs and _is_candidate_of(one, other):
                    rank = (0, 1, _days_apart(one, other), one.first_key, other.first_key)
                    pairs[first, second] = (rank, first, second)
    return list(pairs.values())


def _pairs_by_result(groups: Sequence[Group]) -> list[_Pair]:
    """Return the pairs of two portals with one buyer, winner and price whose names differ by a prefix."""
    places_by_result: dict[tuple[str, str, Decimal], set[int]] = defaultdict(set)
    for place, group in enumerate(groups):
        for notice in _results(group):
            for lot in notice.lots:
                if notice.buyer_key and lot.amount is not None:
                    for supplier in lot.supplier_keys:
                        places_by_result[notice.buyer_key, supplier, lot.amount].add(place)
    pairs: dict[tuple[int, int], _Pair] = {}
    for (buyer, _, _), places in places_by_result.items():
        for first, second in combinations(sorted(places), 2) if len(places) <= COMMON_NAME else ():
            one, other = groups[first], groups[second]
            if _are_copies(one, other, buyer):
                rank = (_days_apart(one, other), one.first_key, other.first_key)
                pairs[first, second] = (rank, first, second)
    return list(pairs.values())


def _are_copies(one: Group, other: Group, buyer: str) -> bool:
    """Return whether two portals can have one result: one gives no number and only a prefix differs in the names."""
    if not {notice.portal for notice in one.notices}.isdisjoint(notice.portal for notice in other.notices):
        return False
    if one.numbers and other.numbers:
        return False
    return any(is_name_with_prefix(a, b, buyer) for a in _base_names(one) for b in _base_names(other))


def _is_candidate_of(one: Group, other: Group) -> bool:
    """Return whether one group has only candidates and the other a result that one of them won.

    Two different buyers speak against it, unless their common name begins with one of them: then the other is only
    written differently (某移动某省公司 and 某移动通信集团某省有限公司).
    """
    if (one.result_day is None) == (other.result_day is None) or not _suppliers(one) & _suppliers(other):
        return False
    if not one.buyers or not other.buyers:
        return True
    names = _base_names(one) & _base_names(other)
    return any(name.startswith(buyer.casefold()) for name in names for buyer in one.buyers | other.buyers)


def _dates_and_results_agree(one: Group, other: Group) -> bool:
    """Return whether two groups of one name can be one project by their dates and by what they say was won."""
    return _dates_agree(one, other) and not _results_differ(one, other)


def _results_differ(one: Group, other: Group) -> bool:
    """Return whether two results have other winners and other prices.

    Two lots may have both, and so may a result that replaces an earlier one.
    """
    results, other_results = _results(one), _results(other)
    if any(notice.replacement_words or notice.is_retender for notice in (*results, *other_results)):
        return False
    lots = [lot for notice in results for lot in notice.lots if lot.suppliers]
    other_lots = [lot for notice in other_results for lot in notice.lots if lot.suppliers]
    if _are_other_lots(lots, other_lots):
        return False
    suppliers = {key for lot in lots for key in lot.supplier_keys}
    other_suppliers = {key for lot in other_lots for key in lot.supplier_keys}
    prices = {lot.amount for lot in lots if lot.amount is not None}
    other_prices = {lot.amount for lot in other_lots if lot.amount is not None}
    return bool(prices and other_prices) and not prices & other_prices and not suppliers & other_suppliers


def _are_other_lots(lots: Sequence[LotFacts], other_lots: Sequence[LotFacts]) -> bool:
    """Return whether all these lots are identified, and none of one side is on the other."""
    if not all(lot.identified for lot in (*lots, *other_lots)):
        return False
    return {(lot.numbered and lot.no, lot.key) for lot in lots}.isdisjoint(
        (lot.numbered and lot.no, lot.key) for lot in other_lots
    )


def _results(group: Group) -> list[NoticeFacts]:
    return [notice for notice in group.notices if notice.kind == "award" and notice.names_supplier]


def _dates_agree(one: Group, other: Group) -> bool:
    """Return whether two groups are near enough in time to be one project.

    Results must be within 30 days of each other, candidates within 60 days of their result, and other notices from
    180 days before to 365 days after.
    """
    if one.day is not None and other.day is not None:
        both_results = one.result_day is not None and other.result_day is not None
        return abs(one.day - other.day) <= (RESULT_DAYS if both_results else CANDIDATE_DAYS)
    day, without_day = (one.day, other) if one.day is not None else (other.day, one)
    return day is not None and all(-BEFORE_DAYS <= notice.day - day <= AFTER_DAYS for notice in without_day.notices)


def _days_apart(one: Group, other: Group) -> int:
    """Return the distance of two groups in days; a group without result or candidates counts by all its notices."""
    days, other_days = (
        [group.day] if group.day is not None else [notice.day for notice in group.notices] for group in (one, other)
    )
    return min(abs(day - other_day) for day in days for other_day in other_days)


def _base_names(group: Group) -> set[str]:
    return {name for notice in group.notices if (name := base_name(notice.name_key))}


def _suppliers(group: Group) -> set[str]:
    return {supplier.key for notice in group.notices for lot in notice.lots for supplier in lot.suppliers}


def _prices(group: Group) -> set[Decimal]:
    return {lot.amount for notice in group.notices for lot in notice.lots if lot.amount is not None}
