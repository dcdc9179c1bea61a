"""The vendor group a supplier belongs to. The vocabulary is ``lexicon/vendors.toml``."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from pipelines.matching import LEXICON, Matcher, fold, vocabulary

_TAIL = re.compile(r"(?:股份有限公司|有限责任公司|集团有限公司|集团股份有限公司|有限公司|集团公司|分公司|公司)$")
_BRACKETS = str.maketrans("（）", "()")


class _Label(NamedTuple):
    group: str
    way: Literal["is", "starts", "has", "not"]


class _Vendors:
    def __init__(self) -> None:
        entries: list[tuple[str, _Label]] = []
        self.whole: dict[str, str] = {}
        ways: tuple[Literal["starts", "has", "not"], ...] = ("starts", "has", "not")
        for row in vocabulary("vendors")["group"]:
            for word in row.get("is", []):
                self.whole[fold(word)] = row["name"]
            for way in ways:
                entries += [(word, _Label(row["name"], way)) for word in row.get(way, [])]
        self.matcher: Matcher[_Label] = Matcher(entries)
        places = {"省", "市"}
        for line in (LEXICON / "divisions.csv").read_text("utf-8").splitlines():
            if not line.startswith("#"):
                short, full, prefectures, _ = line.split(",")
                places |= {short, full, *prefectures.split(), *(p.removesuffix("市") for p in prefectures.split())}
        ordered = "|".join(sorted(map(re.escape, places), key=len, reverse=True))
        self.place = re.compile(f"^(?:[(](?:{ordered})[)]|(?:{ordered}))+")


@cache
def _vendors() -> _Vendors:
    return _Vendors()


@lru_cache(maxsize=8192)
def vendor_of(supplier: str) -> str | None:
    """The group's Chinese short name, or None where the supplier belongs to no group that is followed."""
    vendors = _vendors()
    name = fold(supplier).translate(_BRACKETS).replace(" ", "")
    bare = vendors.place.sub("", name)
    core = _TAIL.sub("", re.sub(r"\([^()]*\)", "", bare))
    if core in vendors.whole:
        return vendors.whole[core]
    begins = {0, len(name) - len(bare)}
    hits = vendors.matcher.find(name)
    barred = {hit.label.group for hit in hits if hit.label.way == "not"}
    found = [
        hit
        for hit in hits
        if hit.label.group not in barred and (hit.label.way == "has" or (hit.label.way == "starts" and hit.start in begins))
    ]
    # 中国移动通信集团广东有限公司 names its group first; of two groups in one name the first is the company itself.
    return min(found, key=lambda hit: (hit.start, -hit.end)).label.group if found else None
