"""The vendor group a company belongs to. Groups, members and their sources stand in ``lexicon/vendors.toml``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple, get_args

from pipelines.classify.lexicon import LEXICON, Matcher, compiled, fold, vocabulary

Way = Literal["is", "starts", "has", "not", "short"]
Relation = Literal["brand", "subsidiary", "controlled", "split off"]

_WAYS: tuple[str, ...] = get_args(Way)
_RELATIONS: tuple[str, ...] = get_args(Relation)
_GROUP_KEYS = {"name", "note", *_WAYS}
_NEEDED = {"group", "name", "way", "relation", "source"}
_MEMBER_KEYS = {*_NEEDED, "url", "since", "note"}

_TAIL = re.compile(r"(?:股份有限公司|有限责任公司|集团有限公司|集团股份有限公司|有限公司|集团公司|分公司|公司)$")
_BRANCH = re.compile(r"(?:分公司|公司|分局)$")
_BRACKETS = str.maketrans("（）〔〕【】［］[]", "()()()()()")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
# What portals write before a company's name: its place in a list, its part in a consortium.
_BEFORE = re.compile(
    r"^(?:(?:(?!公司|集团)[^:()]){1,14}:|\(?第?[0-9一二三四五六七八九十]+名?[、.)]|\((?:联合体|牵头|主办|主|成员)[^()]{0,6}\):?"
    r"|联合体(?:牵头|主办)(?:人|方|单位)为)+"
)
# Two companies in one name: 甲公司、乙公司; 甲公司与乙公司联合体.
_BETWEEN = re.compile(r"[、;,，；/+&|]|(?<=公司)[与和及]")


class Member(NamedTuple):
    """One ``[[member]]``: a name that does not carry its group's brand, and what says that it belongs there."""

    group: str
    name: str
    way: str
    relation: str
    source: str
    url: str | None = None
    since: str | None = None

    @property
    def verified(self) -> bool:
        """Whether whoever entered it has seen the source say so."""
        return not self.source.startswith("unverified")


class _Label(NamedTuple):
    group: str
    way: str


class _Vendors:
    def __init__(self, groups: list[Mapping[str, Any]], members: list[Member]) -> None:
        entries: list[tuple[str, _Label]] = []
        self.whole: dict[str, str] = {}
        self.short: dict[str, str] = {}
        words = [(word, group["name"], way) for group in groups for way in _WAYS for word in group.get(way, ())]
        # What was split off carries the old group's words and is of another, or of none.
        words += [(m.name, m.group, "not" if m.relation == "split off" else m.way) for m in members]
        for word, group, way in words:
            if way in ("is", "short"):
                (self.whole if way == "is" else self.short)[fold(word)] = group
            else:
                entries.append((word.translate(_BRACKETS), _Label(group, way)))
        self.matcher: Matcher[_Label] = Matcher(entries)
        before, behind = _places()
        self.place = re.compile(f"^(?:[(](?:{_any(before)})[)]|(?:{_any(before)}))+")
        self.branch = re.compile(f"(?:{_any(before | behind)})[省市县区]?$")


def members() -> tuple[Member, ...]:
    """Every ``[[member]]`` of the vocabulary, in its order. Raises ValueError as :func:`check` does."""
    return tuple(_member(row, _group_names()) for row in vocabulary("vendors").get("member", ()))


def check() -> None:
    """Raises ValueError, in one line, where ``vendors.toml`` names a group, a key or a value that is not known."""
    _vendors()


def vendor_of(company: str) -> str | None:
    """The group's Chinese short name, or None where the company belongs to no group that is followed.

    A place before the name, brackets of either width, a branch behind it and words of a consortium make no difference; of two
    companies in one text the first that belongs to a group counts. Raises ValueError as :func:`check` does.
    """
    return _reading()(company)


def is_place(text: str) -> bool:
    """Whether ``text``, folded, is only what may stand before a company's name: 北京, 广东省深圳市, (苏州)."""
    return not _vendors().place.sub("", text)


@compiled
def _reading() -> Callable[[str], str | None]:
    """The same suppliers come again and again: each is looked up once."""
    vendors = _vendors()

    @lru_cache(maxsize=8192)
    def read(company: str) -> str | None:
        name = re.sub(r"\s", "", fold(company).translate(_BRACKETS))
        return next((group for part in _BETWEEN.split(name) if (group := _group(_BEFORE.sub("", part), vendors))), None)

    return read


def _group(name: str, vendors: _Vendors) -> str | None:
    bare = vendors.place.sub("", name)
    core = _TAIL.sub("", _IN_BRACKETS.sub("", bare))
    # 湖南移动永州分公司: what stands between the name and its ending is where the branch is.
    town = vendors.branch.sub("", core) if _BRANCH.search(bare) else core
    # 青岛铁塔有限公司 makes towers: no company of the operator has its short name as its full one.
    names = vendors.whole if "有限" in name else vendors.whole | vendors.short
    for whole in (core, town, _TAIL.sub("", town)):
        if whole in names:
            return names[whole]
    begins = {0, len(name) - len(bare)}
    hits = vendors.matcher.find(name)
    barred = {hit.label.group for hit in hits if hit.label.way == "not"}
    found = [
        hit
        for hit in hits
        if hit.label.group not in barred
        and (hit.label.way == "has" or (hit.label.way == "starts" and hit.start in begins))
    ]
    # 中国移动通信集团广东有限公司 names its group first; of two groups in one name the first is the company itself.
    return min(found, key=lambda hit: (hit.start, -hit.end)).label.group if found else None


@compiled
def _vendors() -> _Vendors:
    rows = vocabulary("vendors")
    for key in set(rows) - {"group", "member"}:
        raise ValueError(f"vendors.toml: unknown table [[{key}]]: there are [[group]] and [[member]]")
    _group_names()
    return _Vendors(rows["group"], list(members()))


def _group_names() -> set[str]:
    names = set()
    for row in vocabulary("vendors")["group"]:
        _check(row, {"name"}, _GROUP_KEYS, "group")
        for way in _WAYS:
            if not isinstance(row.get(way, []), list):
                raise ValueError(f'vendors.toml: [[group]] "{row["name"]}": {way} is a list: {way} = ["…"]')
        names.add(row["name"])
    return names


def _member(row: Mapping[str, Any], groups: set[str]) -> Member:
    what = f'vendors.toml: [[member]] "{row.get("name", "")}"'
    _check(row, _NEEDED, _MEMBER_KEYS, "member")
    for key in row:
        if not isinstance(row[key], str) or not row[key].strip():
            raise ValueError(f'{what}: {key} is a text in quotation marks: {key} = "…"')
    if row["group"] not in groups:
        raise ValueError(f'{what}: no [[group]] is called "{row["group"]}"; there are {", ".join(sorted(groups))}')
    for key, allowed in (("way", _WAYS[:3]), ("relation", _RELATIONS)):
        if row[key] not in allowed:
            raise ValueError(f'{what}: {key} is "{row[key]}", and can be {", ".join(allowed)}')
    if "url" in row and not re.match(r"https?://[^\s/]+\.[^\s/]+/?\S*$", row["url"]):
        raise ValueError(f'{what}: url is no address: "{row["url"]}"')
    return Member(**{key: row[key] for key in Member._fields if key in row})


def _check(row: Mapping[str, Any], needed: set[str], known: set[str], table: str) -> None:
    what = f'vendors.toml: [[{table}]] "{row.get("name", "")}"'
    for key in sorted(set(row) - known):
        raise ValueError(f"{what}: unknown key {key}; there are {', '.join(sorted(known))}")
    for key in sorted(needed - set(row)):
        raise ValueError(f"{what}: {key} is missing")


def _places() -> tuple[set[str], set[str]]:
    """Places that stand before companies' names, and those that branches are called after: counties too, without 县 or 区."""
    before, behind = {"省", "市"}, set()
    for line in _division_lines():
        short, full, prefectures, counties = (words.split() for words in line.split(","))
        before |= {*short, *full, *prefectures, *(p.removesuffix("市") for p in prefectures), *counties}
        behind |= {c[:-1] if len(c) > 2 else c for c in counties}
    return before, behind


def _division_lines() -> Iterator[str]:
    lines = (LEXICON / "divisions.csv").read_text("utf-8").splitlines()
    return (line for line in lines if not line.startswith("#"))


def _any(words: set[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
