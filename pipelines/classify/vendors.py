"""The vendor group that a company belongs to (``lexicon/vendors.toml``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from pipelines.classify.lexicon import compiled, current
from pipelines.classify.matcher import Matcher
from pipelines.lexicon.divisions import provinces
from pipelines.lexicon.files import VendorsFile
from pipelines.text.characters import fold_for_matching

# 科大讯飞股份有限公司, 中国移动集团公司
_LEGAL_FORM = re.compile(r"(?:股份有限公司|有限责任公司|集团有限公司|集团股份有限公司|有限公司|集团公司|分公司|公司)$")
# 永州分公司, 永州公司, 西城分局
_BRANCH = re.compile(r"(?:分公司|公司|分局)$")
_BRACKETS = str.maketrans("（）〔〕【】［］[]", "()()()()()")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
# What portals write before a company's name: its place in a list, its part in a consortium.
_BEFORE_NAME = re.compile(
    r"^(?:(?:(?!公司|集团)[^:()]){1,14}:"  # 第一中标人:甲公司
    r"|\(?第?[0-9一二三四五六七八九十]+名?[、.)]"  # 1、甲公司; (第二名)甲公司
    r"|\((?:联合体|牵头|主办|主|成员)[^()]{0,6}\):?"  # (联合体牵头人)甲公司
    r"|联合体(?:牵头|主办)(?:人|方|单位)为)+"  # 联合体牵头人为甲公司
)
# Two companies in one text: 甲公司、乙公司; 甲公司与乙公司联合体.
_SEPARATOR = re.compile(r"[、;,，；/+&|]|(?<=公司)[与和及]")


class _Label(NamedTuple):
    group: str
    way: str


class _Vendors:
    """``vendors.toml`` compiled."""

    def __init__(self, file: VendorsFile) -> None:
        entries: list[tuple[str, _Label]] = []
        self.full_names: dict[str, str] = {}
        self.short_names: dict[str, str] = {}
        words = [
            (word, group.name, way) for group in file.groups for way, words in group.words.items() for word in words
        ]
        # A company that was split off carries the old group's words but belongs to another group, or to none.
        words += [(m.name, m.group, "not" if m.relation == "split off" else m.way) for m in file.members]
        for word, group, way in words:
            if way == "is":
                self.full_names[fold_for_matching(word)] = group
            elif way == "short":
                self.short_names[fold_for_matching(word)] = group
            else:
                entries.append((word.translate(_BRACKETS), _Label(group, way)))
        self.matcher: Matcher[_Label] = Matcher(entries)
        before, after = _places()
        self.place = re.compile(f"^(?:[(](?:{_any(before)})[)]|(?:{_any(before)}))+")
        self.branch = re.compile(f"(?:{_any(before | after)})[省市县区]?$")


def vendor_of(company: str) -> str | None:
    """Return the group's short Chinese name; None if the company belongs to no group of the lexicon.

    A place before the name, brackets of either width, a branch after it and words of a consortium make no difference.
    If the text names two companies, the first one that belongs to a group counts.
    """
    return _reader()(company)


def is_place(text: str) -> bool:
    """Return whether a folded text is only what may be before a company's name: 北京, 广东省深圳市, (苏州)."""
    return not _vendors().place.sub("", text)


@compiled
def _reader() -> Callable[[str], str | None]:
    vendors = _vendors()

    # The same suppliers come again and again.
    @lru_cache(maxsize=8192)
    def read(company: str) -> str | None:
        name = re.sub(r"\s", "", fold_for_matching(company).translate(_BRACKETS))
        groups = (_group_of(_BEFORE_NAME.sub("", part), vendors) for part in _SEPARATOR.split(name))
        return next((group for group in groups if group), None)

    return read


def _group_of(name: str, vendors: _Vendors) -> str | None:
    without_place = vendors.place.sub("", name)
    core = _LEGAL_FORM.sub("", _IN_BRACKETS.sub("", without_place))
    # 湖南移动永州分公司: between the name and its ending is the place of the branch.
    without_branch = vendors.branch.sub("", core) if _BRANCH.search(without_place) else core
    # 青岛铁塔有限公司 makes towers: no company of the operator has its short name as its full one.
    names = vendors.full_names if "有限" in name else vendors.full_names | vendors.short_names
    for full_name in (core, without_branch, _LEGAL_FORM.sub("", without_branch)):
        if full_name in names:
            return names[full_name]
    beginnings = {0, len(name) - len(without_place)}
    hits = vendors.matcher.find(name)
    excluded = {hit.label.group for hit in hits if hit.label.way == "not"}
    hits = [
        hit
        for hit in hits
        if hit.label.group not in excluded
        and (hit.label.way == "has" or (hit.label.way == "starts" and hit.start in beginnings))
    ]
    # 中国移动通信集团广东有限公司 names its group first; of two groups in one name the first is the company itself.
    return min(hits, key=lambda hit: (hit.start, -hit.end)).label.group if hits else None


@compiled
def _vendors() -> _Vendors:
    return _Vendors(current().vendors)


def _places() -> tuple[set[str], set[str]]:
    """Return the places that may be before a company's name, and the counties that name branches (without 县)."""
    before, after = {"省", "市"}, set()
    for province in provinces():
        before |= {province.short, province.full, *province.prefectures, *province.counties}
        before |= {prefecture.removesuffix("市") for prefecture in province.prefectures}
        after |= {county[:-1] if len(county) > 2 else county for county in province.counties}
    return before, after


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
