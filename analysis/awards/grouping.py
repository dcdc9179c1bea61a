"""Which notices are one award: docs/awards.md, section "One award".

The input is one version of each notice, the output a partition of them. It does not depend on the order of the input:
joins are tried in a fixed order, the surest first, and each join must leave the group free of contradictions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import chain, combinations, pairwise

from analysis.awards.facts import Notice

RESULT_DAYS = 30  # two results of one buyer and name are one award within these days
CANDIDATE_DAYS = 60  # from the publication of candidates to the result
BEFORE_DAYS, AFTER_DAYS = 180, 365  # other notices: how long before and after a result they can belong to it
COMMON_NAME = (
    40  # a name that a buyer has given to more projects than these says what is bought, not which project it is
)

ROUND = re.compile(
    r"(?:第?[一二三四五六七八九十\d]+次(?:招标|采购|公告|磋商|询价|谈判)?|重新(?:招标|采购|公告)?|重招|再次(?:招标|采购)?)$"
)
PROJECT_WORDS = re.compile(r"(?:采购项目|项目|采购)$")
# The name of a project up to the lot that a notice of one lot adds to it: …平台 | 包2 配套服务. Also used by blocks.sql.
WHOLE = re.compile(
    r"^(.{6,}?)(?:(?:合同|采购|分|标)?包[一二三四五六七八九十\d]{1,3}|标段[一二三四五六七八九十\d]{1,3}|"
    r"第?[一二三四五六七八九十\d]{1,3}(?:标段|标包|分包|包)).*$"
)
_SERIAL = re.compile(r"XM\d{1,3}")  # 项目 so-and-so of a plan, whose number stands before it or is missing
_PREFIX = re.compile(r"^\d{17,21}(?=\D)")
_MARKS = re.compile(r"20\d\d|第?[一二三四五六七八九十\d]+(?:期|阶段|标段|批次?|包)")
_BRANCH = re.compile(r"(?:分公司|分行|支行|分局|分院|分校|支队|分中心|营业部)$")


def base_name(name_key: str | None) -> str | None:
    """A project name without its round (二次, 重新招标): a project tendered again is the same project."""
    if not name_key:
        return None
    shorter = ROUND.sub("", name_key)
    if shorter != name_key:
        shorter = PROJECT_WORDS.sub("", shorter)  # as in the name of the first round, where they stood at the end
    return shorter if len(shorter) >= 4 else name_key


def whole_name(name: str) -> str | None:
    """The name of the project of which this name says one lot (…平台 包2 配套服务); None where it says none."""
    found = WHOLE.match(name)
    return PROJECT_WORDS.sub("", found.group(1)) if found else None


def strength(number_key: str) -> int:
    """How much a project number says by itself: 2 hardly ever given twice, 1 sure with a hint, 0 only with the buyer.

    ``2026-001`` is a number that every buyer has; ``GC-HCD260669`` is an agency's; twelve signs are a system's own.
    """
    if len(number_key) >= 12:
        return 2
    return 1 if len(number_key) >= 8 and any(not c.isdigit() for c in number_key) else 0


def number_of(notice: Notice) -> str | None:
    """The number by which a notice can be joined: a bare serial (XM001) is none, every project of a plan has one."""
    number = notice.number_key
    return None if number is None or _SERIAL.fullmatch(number) else number


def own_number(number_key: str) -> str:
    """A number without the portal's prefix of 17 to 21 digits, where anything is left."""
    return _PREFIX.sub("", number_key)


def same_number(one: str, other: str) -> bool:
    """Whether two keys are one number: equal, or one of them written without the portal's prefix."""
    return one == other or own_number(one) == other or one == own_number(other)


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> bool:
    """Whether two names can be the same project: equal, contained or nearly so, with no other year, phase or lot."""
    if one == other:
        return True
    if set(_MARKS.findall(one)) != set(_MARKS.findall(other)):
        return False
    short, long = sorted((one, other), key=len)
    if len(short) >= 6 and short in long:
        return True
    a, b = set(pairwise(one)), set(pairwise(other))
    return bool(a and b) and 2 * len(a & b) >= 0.7 * (len(a) + len(b))


def same_buyer(one: str, other: str) -> bool:
    """Whether two names can be one buyer: equal, or one written longer; two branches are two buyers."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and short in long and not (_BRANCH.search(one) and _BRANCH.search(other))


@dataclass(slots=True)
class Group:
    """Notices joined so far, with what a further join must not contradict."""

    notices: list[Notice] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)  # what a portal calls the project beside the number in its notices
    buyers: set[str] = field(default_factory=set)
    result_day: int | None = None
    candidate_day: int | None = None

    def add(self, notice: Notice) -> None:
        self.notices.append(notice)
        if number := number_of(notice):
            # Of two writings of one number the longer says more.
            self.numbers[notice.portal] = max(self.numbers.get(notice.portal, ""), number, key=lambda n: (len(n), n))
        if notice.other_number:
            self.others.add(notice.other_number)
        if notice.buyer_key:
            self.buyers.add(notice.buyer_key)
        if notice.names_someone:
            if notice.kind == "award":
                self.result_day = notice.when if self.result_day is None else min(self.result_day, notice.when)
            else:
                self.candidate_day = notice.when if self.candidate_day is None else min(self.candidate_day, notice.when)

    @property
    def first(self) -> str:
        return min(n.key for n in self.notices)

    @property
    def all_numbers(self) -> set[str]:
        return {*self.numbers.values(), *self.others}

    def contradicts(self, other: Group) -> bool:
        """Whether one portal would have two different numbers in the joined group, and does not say itself that they are one."""
        both = self.others | other.others
        return any(
            not same_number(theirs, number) and not {theirs, number} & both
            for portal, number in self.numbers.items()
            if (theirs := other.numbers.get(portal)) is not None
        )


def group(notices: Iterable[Notice]) -> list[list[Notice]]:
    """The awards-to-be among ``notices`` (tenders, corrections and others that belong to none stay by themselves)."""
    groups = _by_number_and_buyer(notices)
    if len(groups) > 1:
        groups = _join(groups, _number_pairs(groups), _numbers_agree)
    if len(groups) > 1:
        groups = _join(groups, _name_pairs(groups), _dates_agree)
    return [sorted(g.notices, key=lambda n: n.order) for g in groups]


def _by_number_and_buyer(notices: Iterable[Notice]) -> list[Group]:
    """Notices of one number and one buyer are one project; a number of a few signs also needs the same name."""
    groups: dict[tuple[str | None, ...], Group] = {}
    for notice in sorted(notices, key=lambda n: n.key):
        number, buyer = number_of(notice), notice.buyer_key
        if number and buyer:
            name = base_name(notice.name_key) if len(number) < 5 else None
            groups.setdefault((number, buyer, name), Group()).add(notice)
        else:
            groups.setdefault((notice.key,), Group()).add(notice)
    return list(groups.values())


Pair = tuple[tuple[int | str, ...], int, int]


def _join(groups: Sequence[Group], pairs: Iterable[Pair], agree: Callable[[Group, Group], bool]) -> list[Group]:
    """Joins the pairs in their order, each time asking whether the groups as they stand by then still agree."""
    owner = list(range(len(groups)))
    merged: list[Group | None] = list(groups)

    def root(i: int) -> int:
        while owner[i] != i:
            owner[i] = owner[owner[i]]
            i = owner[i]
        return i

    for _, i, j in sorted(pairs, key=lambda pair: pair[0]):
        a, b = root(i), root(j)
        one, other = merged[a], merged[b]
        if a == b or one is None or other is None or one.contradicts(other) or not agree(one, other):
            continue
        union = Group()
        for notice in one.notices + other.notices:
            union.add(notice)
        merged[a], merged[b], owner[b] = union, None, a
    return [g for g in merged if g is not None]


def _number_pairs(groups: Sequence[Group]) -> list[Pair]:
    """Pairs that share a number: the same writing of it before a shorter one, the nearer in time before the farther."""
    by_number: dict[str, list[int]] = defaultdict(list)
    for i, g in enumerate(groups):
        for number in {own_number(n) for n in g.all_numbers}:
            by_number[number].append(i)
    pairs: list[Pair] = []
    for members in by_number.values():
        for i, j in combinations(members, 2):
            one, other = groups[i], groups[j]
            same = not one.all_numbers.isdisjoint(other.all_numbers)
            pairs.append(((0 if same else 1, _distance(one, other), one.first, other.first), i, j))
    return pairs


def _numbers_agree(one: Group, other: Group) -> bool:
    """The same number is the same project unless the buyers, or where one is unknown the names, speak against it."""
    shared = [min(a, b, key=len) for a in one.all_numbers for b in other.all_numbers if same_number(a, b)]
    if not shared:
        return False
    sure = max(strength(number) for number in shared)
    names = [{b for n in g.notices if (b := base_name(n.name_key))} for g in (one, other)]
    if sure == 0:
        buyers_agree = all(same_buyer(a, b) for a in one.buyers for b in other.buyers)
        return buyers_agree and bool(names[0] & names[1])
    alike_names = any(alike(a, b) for a in names[0] for b in names[1])
    if one.buyers and other.buyers:
        if all(same_buyer(a, b) for a in one.buyers for b in other.buyers):
            return True
        return alike_names and not all(_BRANCH.search(b) for b in one.buyers | other.buyers)
    return alike_names or sure == 2 or not names[0] or not names[1]


def _name_pairs(groups: Sequence[Group]) -> list[Pair]:
    """Pairs of one buyer and one name of which at least one holds a result, the likeliest first."""
    by_name: dict[tuple[str, str], set[int]] = defaultdict(set)
    by_lot: dict[tuple[str, str], set[int]] = defaultdict(set)
    for i, g in enumerate(groups):
        for n in g.notices:
            if n.buyer_key and (name := base_name(n.name_key)):
                by_name[n.buyer_key, name].add(i)
                if whole := whole_name(name):
                    by_lot[n.buyer_key, whole].add(i)
    pairs: dict[tuple[int, int], Pair] = {}
    for key, members in by_name.items():
        if len(members) > COMMON_NAME:
            continue
        same = combinations(sorted(members), 2)
        # A notice of one lot belongs to the project that bears the whole name; two lots alone do not make one.
        lots = ((i, j) for i in members for j in by_lot.get(key, ()) if j not in members)
        for i, j in chain(same, lots):
            one, other = groups[i], groups[j]
            if _day(one) is None and _day(other) is None:
                continue
            if one.numbers and other.numbers and set(one.numbers) & set(other.numbers):
                continue  # both numbered on one portal: the number has already spoken
            likely = (0 if _suppliers(one) & _suppliers(other) else 1) + (0 if j in members else 2)
            priced = 0 if _prices(one) & _prices(other) else 1
            pairs.setdefault((i, j), ((likely, priced, _distance(one, other), one.first, other.first), i, j))
    return list(pairs.values())


def _day(g: Group) -> int | None:
    return g.result_day if g.result_day is not None else g.candidate_day


def _suppliers(g: Group) -> set[str]:
    return {s.key for n in g.notices for lot in n.lots for s in lot.suppliers}


def _prices(g: Group) -> set[Decimal]:
    return {lot.amount for n in g.notices for lot in n.lots if lot.amount is not None}


def _distance(one: Group, other: Group) -> int:
    a, b = _day(one), _day(other)
    days_a = [a] if a is not None else [n.when for n in one.notices]
    days_b = [b] if b is not None else [n.when for n in other.notices]
    return min(abs(x - y) for x in days_a for y in days_b)


def _dates_agree(one: Group, other: Group) -> bool:
    """Results within 30 days of one another, candidates within 60 of their result, others in its neighbourhood."""
    a, b = _day(one), _day(other)
    if a is not None and b is not None:
        results = one.result_day is not None and other.result_day is not None
        return abs(a - b) <= (RESULT_DAYS if results else CANDIDATE_DAYS)
    day, rest = (a, other) if a is not None else (b, one)
    return day is not None and all(-BEFORE_DAYS <= n.when - day <= AFTER_DAYS for n in rest.notices)
