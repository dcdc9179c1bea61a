"""The province of a buyer: read from its name, then from the notice's 行政区域, then from its address.

A supplier's place never counts. Names that several provinces share (鼓楼区, 新华区) never decide alone; they only
choose among what another text says. ``lexicon/divisions.csv`` has the divisions; ``lexicon/regions.toml`` has the
organisations whose names do not tell their place, and the short names that are also ordinary words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from pipelines.classify.lexicon import current
from pipelines.classify.matcher import Hit, Matcher
from pipelines.lexicon import divisions
from pipelines.lexicon.files import RegionsFile
from pipelines.text.characters import fold_for_matching

_NATIONS = (
    "壮|回|藏|维吾尔|蒙古|土家|苗|布依|侗|瑶|彝|羌|傣|白|景颇|傈僳|哈尼|朝鲜|哈萨克|柯尔克孜|满|畲|黎|土|撒拉|保安|东乡|裕固|锡伯|塔吉克|"
    "达斡尔|鄂温克|鄂伦春|仡佬|水|仫佬|毛南|纳西|拉祜|佤|独龙|怒|普米|布朗|阿昌|德昂|各|哈萨|东|族|自治"
)
# 阿坝藏族羌族自治州 without 阿坝.
_AUTONOMOUS = re.compile(f"(?:{_NATIONS})+(?:县|州|旗)$")
# Names of roads and bridges: 南京[东路], 北京[大道], 重庆[立交], 上海[一路].
_ROAD_AFTER = re.compile("[东西南北中一二三四五六七八九十]{0,2}(?:大?路|大?街|大道|巷|弄|胡同|大桥|立交)")
# 某某公司大同分公司: before these words a short name is a place, though it may be a word elsewhere. 支行 is not one
# of them, because they are often called after streets.
_BRANCH = re.compile(
    "([\u4e00-\u9fff]{2,5})(?:分公司|分行|供电局|供电公司|农商行|农商银行|农村商业银行|农村信用|农信|电信|联通)"
)
_ENDS_FULL_NAME = "省市区县盟旗"
_BRACKETS = str.maketrans("（）［］【】", "()[][]")

# 某市财政局[2026年…], 某局智能体[项目…], 某大学算力[采购…]
_SUBJECT_BEGINS = re.compile(r"(?:19|20)\d\d|项目|采购|公告|招标|结果|公示")
# [重庆]2026年…, 【重庆】2026年…
_OPENING = re.compile(r"^(?:\[|【)(.*?)(?:\]|】)")
# 甲招标有限公司关于…, 乙事务所关于…, 某市采购中心关于…
_AGENCY = re.compile(r"^.{4,40}?(?:公司|事务所|中心)关于")
# 关于…, 征集…, [重庆]…, 【重庆】…, 2026年度…
_BEFORE_BUYER = re.compile(r"^(?:关于|征集|\[.*?\]|【.*?】|(?:19|20)\d\d年?(?:度)?)+")

# How good a way to write a name is; the first that applies decides. ``head`` counts only at the beginning of a name.
_Kind = Literal["organisation", "place", "head", "variant", "none"]
_KINDS: tuple[_Kind, ...] = ("organisation", "place", "head", "variant")


class _Name(NamedTuple):
    """One way to write a place or an organisation, and the provinces that it may mean."""

    provinces: frozenset[str]
    kind: _Kind

    @property
    def only_at_head(self) -> bool:
        return self.kind in ("head", "organisation")


class Place(NamedTuple):
    """A decided province (short name), the exact words it was read from, and which text they are from."""

    province: str
    words: str
    source: str


class _Gazetteer:
    """All names of places and organisations, compiled."""

    def __init__(self, rules: RegionsFile) -> None:
        self._names: dict[str, dict[_Kind, set[str]]] = {}
        self._not_places = set(rules.words_not_places) | set(provinces())
        seats: dict[str, set[str]] = {}
        districts: dict[str, set[str]] = {}
        for province in divisions.provinces():
            self._add([province.full, province.short], province.short, "place")
            for name in province.prefectures:
                self._add_prefecture(name, province.short)
                seats.setdefault(_stem(name), set()).add(province.short)
            for name in province.counties:
                self._add_county(name, province.short, set(rules.words_not_places))
                if _stem(name) != name:
                    districts.setdefault(_stem(name), set()).add(province.short)
        for short, words in rules.also.items():
            self._add(words, short, "place")
        for short, words in rules.organisations.items():
            self._add(words, short, "organisation")
        # A word that contains a place by chance hides it, as any longer name does.
        entries = [(word, _Name(frozenset(), "none")) for word in rules.hold_a_place_by_chance]
        for word, by_kind in self._names.items():
            kind = next(kind for kind in _KINDS if kind in by_kind)
            entries.append((word.translate(_BRACKETS), _Name(frozenset(by_kind[kind]), kind)))
        self.matcher: Matcher[_Name] = Matcher(entries)
        # A branch called 大同 is in the prefecture, not in a district with the same name.
        self.branches = {
            stem: frozenset(shorts)
            for stem, shorts in (districts | seats).items()
            if stem not in rules.quarters_anywhere
        }
        # Names that mean their province wherever they are written: provinces and organisations, not towns.
        self.certain = frozenset(
            word.translate(_BRACKETS) for word, kinds in self._names.items() if "organisation" in kinds
        )
        self.certain |= {name for province in divisions.provinces() for name in (province.full, province.short)}
        self.opening = re.compile(rules.before_a_name)
        self.national: tuple[str, ...] = tuple(rules.seated_in_beijing)
        self.not_national = re.compile(rules.seated_anywhere)

    def _add(self, words: Iterable[str], province: str, kind: _Kind) -> None:
        for word in words:
            if len(word) >= 2:
                self._names.setdefault(word, {}).setdefault(kind, set()).add(province)

    def _add_prefecture(self, name: str, province: str) -> None:
        stem = _stem(name)
        self._add([name], province, "place")
        if stem != name and name.endswith("州") and not name.endswith("自治区"):
            self._add([stem + "州"], province, "place")
        if stem not in self._not_places:
            self._add([stem], province, "place")

    def _add_county(self, name: str, province: str, ordinary_words: set[str]) -> None:
        stem = _stem(name)
        for suffix in ("县", "市", "区", "旗", "自治县", "自治旗") if len(stem) > 1 else ():
            self._add([stem + suffix], province, "place" if stem + suffix == name else "variant")
        self._add([name], province, "place")
        if name.endswith("市") and stem not in ordinary_words:
            self._add([stem], province, "head")


def provinces() -> list[str]:
    """Return the short names of all provinces, in the official order."""
    return [province.short for province in divisions.provinces()]


# One gazetteer serves all lexicons, because users cannot change regions.toml.
@cache
def _gazetteer() -> _Gazetteer:
    return _Gazetteer(current().regions)


def _stem(name: str) -> str:
    """Return ``name`` without its class: 阿坝藏族羌族自治州 → 阿坝, 慈溪市 → 慈溪, 兴安盟 → 兴安."""
    if "自治" in name:
        short = _AUTONOMOUS.sub("", name)
        return short if len(short) > 1 else name
    for suffix in ("地区", "林区", "特区", "市", "盟", "县", "旗", "区"):
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name[: -len(suffix)]
    return name


def _longest(hits: list[Hit[_Name]]) -> list[Hit[_Name]]:
    """Keep the earlier of overlapping hits, then the longer: 河北区 hides 河北, 山东 hides the 东城 of 山东城市学院."""
    chosen: list[Hit[_Name]] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not chosen or hit.start >= chosen[-1].end:
            chosen.append(hit)
    return chosen


def _places(text: str) -> list[tuple[frozenset[str], str]]:
    """Return the places named in ``text`` in order: the provinces that each may mean, and its words."""
    gazetteer = _gazetteer()
    folded = fold_for_matching(text).translate(_BRACKETS)
    opening = gazetteer.opening.match(folded)
    begin = opening.end() if opening else 0
    hits = [hit for hit in gazetteer.matcher.find(folded) if _is_place_there(hit, folded, begin)]
    named = _without_called_after(_longest(hits), folded)
    places = [(hit.label.provinces, text[hit.start : hit.end]) for hit in named if hit.label.provinces]
    return places or _branches(text, folded)


def _without_called_after(hits: list[Hit[_Name]], folded: str) -> list[Hit[_Name]]:
    """Leave out places after which something in another province is called: the 贵州 of 上海市黄浦区贵州中学."""
    kept: list[Hit[_Name]] = []
    for hit in hits:
        follows = bool(kept) and kept[-1].end == hit.start and folded[hit.start - 1] in _ENDS_FULL_NAME
        is_short = folded[hit.end - 1] not in _ENDS_FULL_NAME
        if not (follows and is_short and kept[-1].label.provinces.isdisjoint(hit.label.provinces)):
            kept.append(hit)
    return kept


def _is_place_there(hit: Hit[_Name], folded: str, begin: int) -> bool:
    """Return whether a hit names a place at its position; a name begins at ``begin`` or after a separator."""
    if hit.label.only_at_head and hit.start > begin and folded[hit.start - 1] not in "(、,，;；/ ":
        return False
    if hit.label.kind == "organisation":
        return True
    return not _ROAD_AFTER.match(folded, hit.end) and folded[hit.end - 1 : hit.end + 1] != "区域"


def _branches(text: str, folded: str) -> list[tuple[frozenset[str], str]]:
    """Return the short names that are places only because a word for a branch follows."""
    branches = _gazetteer().branches
    places = []
    for match in _BRANCH.finditer(folded):
        end = match.end(1)
        start = next((start for start in range(match.start(1), end - 1) if folded[start:end] in branches), end)
        if start < end:
            places.append((branches[folded[start:end]], text[start:end]))
    return places


def province_of(
    buyer: str | None,
    region: str | None = None,
    address: str | None = None,
    title: str | None = None,
    *,
    portal_province: str | None = None,
) -> Place | None:
    """Return the buyer's province; None if nothing says it.

    ``portal_province`` is the province of all buyers of the portal. Only the name of another province, or of an
    organisation there, outranks it: 松江区 may be in any province, and 松江 is a word in many names.
    """
    place = _place_of_buyer(buyer, region, address, title)
    if portal_province is None or (place is not None and place.province == portal_province):
        return place
    if place is not None and place.source in ("buyer", "region"):
        named = _certain_provinces((buyer if place.source == "buyer" else region) or "")
        if place.province in named and portal_province not in named:
            return place
    return Place(portal_province, portal_province if region and portal_province in region else "", "portal")


def _certain_provinces(text: str) -> set[str]:
    """Return the provinces that a text names by their own names, or by those of organisations in them."""
    certain = _gazetteer().certain
    return {
        next(iter(shorts))
        for shorts, words in _places(text)
        if len(shorts) == 1 and words.translate(_BRACKETS) in certain
    }


def _place_of_buyer(buyer: str | None, region: str | None, address: str | None, title: str | None) -> Place | None:
    """Return the place that the words of the notice give the buyer.

    In a name, and in what a title says before its subject, the last place decides (哈尔滨工业大学(威海),
    南昌铁路公安局福州公安处); in a region or an address the first one does. ``title`` is asked only if the other
    three say nothing. A national body that names no place is in 北京.
    """
    allowed: frozenset[str] | None = None
    for source, text in (("buyer", buyer), ("region", region), ("buyer_address", address), ("title", title)):
        if not text:
            continue
        places = _places(_before_the_subject(text) if source == "title" else text)
        for candidates, words in reversed(places) if source in ("buyer", "title") else places:
            possible = candidates & allowed if allowed else candidates
            if len(possible) == 1:
                return Place(next(iter(possible)), words, source)
            if len(candidates) > 1 and allowed is None:
                allowed = candidates
            elif len(candidates) == 1 and source == "region":
                return Place(next(iter(candidates)), words, source)
    if buyer and not _gazetteer().not_national.search(buyer):
        opening = next((start for start in _gazetteer().national if buyer.startswith(start)), None)
        if opening:
            return Place("北京", opening, "buyer")
    return None


def is_place(text: str) -> bool:
    """Return whether the complete text is the name of a place, with its class or without: 海淀, 宜昌市."""
    return text in _gazetteer().branches or any(words == text for _, words in _places(text))


def _before_the_subject(title: str) -> str:
    """Return the part of a title that may name the buyer: no agency before it, no subject after it."""
    rest = _BEFORE_BUYER.sub("", _AGENCY.sub("", title))
    end = _SUBJECT_BEGINS.search(rest, 2)
    head = rest[: end.start()] if end else rest
    # The brackets that a portal puts before a title are asked only if the title itself says nothing.
    opening = _OPENING.match(title)
    return head if _places(head) or not opening else opening.group(1)
