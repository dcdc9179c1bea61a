"""The province of a buyer: read from its name, then the notice's 行政区域, then its address.

A supplier's place never counts. Names that several provinces share (鼓楼区, 新华区) never decide alone; they only
choose among what another source says. ``lexicon/divisions.csv`` holds the divisions, ``lexicon/regions.toml`` the
organisations whose names do not tell and the short names that are also ordinary words.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pipelines.classify.lexicon import LEXICON, Hit, Matcher, fold, vocabulary

_NATIONS = re.compile(
    "(?:壮|回|藏|维吾尔|蒙古|土家|苗|布依|侗|瑶|彝|羌|傣|白|景颇|傈僳|哈尼|朝鲜|哈萨克|柯尔克孜|满|畲|黎|土|撒拉|保安|东乡|裕固|锡伯|塔吉克|达斡尔|鄂温克|鄂伦春|仡佬|水|仫佬|毛南|纳西|拉祜|佤|独龙|怒|普米|布朗|阿昌|德昂|各|哈萨|东|族|自治)+(?:县|州|旗)$"
)
_ROAD_AFTER = re.compile("[东西南北中一二三四五六七八九十]{0,2}(?:大?路|大?街|大道|巷|弄|胡同|大桥|立交)")
# 某某公司大同分公司: before these a bare name is a place, though it may be a word elsewhere. Not 支行: streets name those.
_BRANCH = re.compile(
    "([\u4e00-\u9fff]{2,5})(?:分公司|分行|供电局|供电公司|农商行|农商银行|农村商业银行|农村信用|农信|电信|联通)"
)
_BRACKETS = str.maketrans("（）［］【】", "()[][]")


class _Name(NamedTuple):
    """One way to write a place or an organisation: the provinces it may mean, and where it counts
    (``anywhere``, or only ``head``: at the beginning of a name)."""

    provinces: frozenset[str]
    head: bool
    kind: str


class Place(NamedTuple):
    """A decided province (short name) and the exact words it was read from, ``source`` telling which text."""

    province: str
    words: str
    source: str


class _Gazetteer:
    def __init__(self) -> None:
        rules = vocabulary("regions")
        weak = set(rules["words_not_places"])
        names: dict[str, dict[str, set[str]]] = {}
        seats: dict[str, set[str]] = {}
        districts: dict[str, set[str]] = {}

        def add(word: str, province: str, kind: str) -> None:
            if len(word) >= 2:
                names.setdefault(word, {}).setdefault(kind, set()).add(province)

        lines = (LEXICON / "divisions.csv").read_text("utf-8").splitlines()
        shorts = {line.split(",")[0] for line in lines}
        for line in lines:
            if line.startswith("#"):
                continue
            short, full, prefectures, counties = line.split(",")
            add(full, short, "place")
            add(short, short, "place")
            for name in prefectures.split():
                stem = _stem(name)
                add(name, short, "place")
                seats.setdefault(stem, set()).add(short)
                if stem != name and name.endswith("州") and not name.endswith("自治区"):
                    add(stem + "州", short, "place")
                if stem not in weak and stem not in shorts:
                    add(stem, short, "place")
            for name in counties.split():
                stem = _stem(name)
                for suffix in ("县", "市", "区", "旗", "自治县", "自治旗") if len(stem) > 1 else ():
                    add(stem + suffix, short, "place" if stem + suffix == name else "variant")
                add(name, short, "place")
                if stem != name:
                    districts.setdefault(stem, set()).add(short)
                if name.endswith("市") and stem not in weak:
                    add(stem, short, "head")
        for short, extra in rules["also"].items():
            for word in extra:
                add(word, short, "place")
        for short, organisations in rules["organisations"].items():
            for word in organisations:
                add(word, short, "organisation")
        # A word that holds a place by chance hides it, as any longer name does.
        entries: list[tuple[str, _Name]] = [
            (word, _Name(frozenset(), False, "none")) for word in rules["hold_a_place_by_chance"]
        ]
        for word, kinds in names.items():
            # A name that is really in use outranks a derived spelling of another one.
            kind = next(k for k in ("organisation", "place", "head", "variant") if k in kinds)
            entries.append(
                (word.translate(_BRACKETS), _Name(frozenset(kinds[kind]), kind in ("head", "organisation"), kind))
            )
        # A branch of 大同 is the prefecture's, not that of a district which bears the name too.
        self.branches = {
            stem: frozenset(provinces)
            for stem, provinces in (districts | seats).items()
            if stem not in rules["quarters_anywhere"]
        }
        self.matcher: Matcher[_Name] = Matcher(entries)
        self.provinces = frozenset(word for word in rules["also"])
        self.head = re.compile(rules["before_a_name"])
        self.capital: tuple[str, ...] = tuple(rules["seated_in_beijing"])
        self.not_capital = re.compile(rules["seated_anywhere"])


def provinces() -> list[str]:
    """The short names of all provinces, in the official order."""
    lines = (LEXICON / "divisions.csv").read_text("utf-8").splitlines()
    return [line.split(",")[0] for line in lines if not line.startswith("#")]


@cache
def _gazetteer() -> _Gazetteer:
    return _Gazetteer()


def _stem(name: str) -> str:
    """``name`` without its class: 阿坝藏族羌族自治州 → 阿坝, 慈溪市 → 慈溪, 兴安盟 → 兴安."""
    if "自治" in name:
        short = _NATIONS.sub("", name)
        return short if len(short) > 1 else name
    for suffix in ("地区", "林区", "特区", "市", "盟", "县", "旗", "区"):
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name[: -len(suffix)]
    return name


def _longest(hits: list[Hit[_Name]]) -> list[Hit[_Name]]:
    """Of overlapping hits the earlier one, then the longer: 河北区 hides 河北, 山东 hides the 东城 of 山东城市学院."""
    chosen: list[Hit[_Name]] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not chosen or hit.start >= chosen[-1].end:
            chosen.append(hit)
    return chosen


def _places(text: str) -> list[tuple[frozenset[str], str]]:
    """The places named in ``text`` in order: the provinces each may mean, and its words."""
    gazetteer = _gazetteer()
    folded = fold(text).translate(_BRACKETS)
    if len(folded) != len(text):
        folded = text
    found = gazetteer.matcher.find(folded)
    opening = gazetteer.head.match(folded)
    begin = opening.end() if opening else 0
    usable = []
    for hit in found:
        if hit.label.head and not (hit.start <= begin or folded[hit.start - 1] in "(、,，;；/ "):
            continue
        if hit.label.kind != "organisation" and (
            _ROAD_AFTER.match(folded, hit.end) or folded[hit.end - 1 : hit.end + 1] == "区域"
        ):
            continue
        usable.append(hit)
    named = [(hit.label.provinces, text[hit.start : hit.end]) for hit in _longest(usable) if hit.label.provinces]
    return named or _branches(text, folded)


def _branches(text: str, folded: str) -> list[tuple[frozenset[str], str]]:
    """The places that only the word for a branch behind them makes places."""
    known = _gazetteer().branches
    found = []
    for match in _BRANCH.finditer(folded):
        end = match.end(1)
        start = next((start for start in range(match.start(1), end - 1) if folded[start:end] in known), end)
        if start < end:
            found.append((known[folded[start:end]], text[start:end]))
    return found


def province_of(
    buyer: str | None,
    region: str | None = None,
    address: str | None = None,
    title: str | None = None,
) -> Place | None:
    """The buyer's province, or None where nothing says it.

    In a name, and in what a title says before its subject, the last place decides (哈尔滨工业大学(威海),
    南昌铁路公安局福州公安处), in a region or an address the first. ``title`` is asked only when the other three are
    silent, and a national body that names no place is in 北京.
    """
    allowed: frozenset[str] | None = None
    for source, text in (("buyer", buyer), ("region", region), ("buyer_address", address), ("title", title)):
        if not text:
            continue
        places = _places(_before_the_subject(text) if source == "title" else text)
        for provinces, words in reversed(places) if source in ("buyer", "title") else places:
            meant = provinces & allowed if allowed else provinces
            if len(meant) == 1:
                return Place(next(iter(meant)), words, source)
            if len(provinces) > 1 and allowed is None:
                allowed = provinces
            elif len(provinces) == 1 and source == "region":
                return Place(next(iter(provinces)), words, source)
    if buyer and not _gazetteer().not_capital.search(buyer):
        opening = next((start for start in _gazetteer().capital if buyer.startswith(start)), None)
        if opening:
            return Place("北京", opening, "buyer")
    return None


def is_place(text: str) -> bool:
    """Whether ``text`` as a whole is the name of a place, with its class or without: 海淀, 宜昌市."""
    return text in _gazetteer().branches or any(words == text for _, words in _places(text))


_SUBJECT_BEGINS = re.compile(r"(?:19|20)\d\d|项目|采购|公告|招标|结果|公示")
_OPENING = re.compile(r"^(?:\[|【)(.*?)(?:\]|】)")
_AGENCY = re.compile(r"^.{4,40}?(?:公司|事务所|中心)关于")


def _before_the_subject(title: str) -> str:
    """The part of a title that may name the buyer: no agency before it, no subject after it."""
    rest = _AGENCY.sub("", title)
    rest = re.sub(r"^(?:关于|征集|\[.*?\]|【.*?】|(?:19|20)\d\d年?(?:度)?)+", "", rest)
    end = _SUBJECT_BEGINS.search(rest, 2)
    head = rest[: end.start()] if end else rest
    # What a portal puts in brackets before a title is asked only where the title itself is silent: [重庆]2026年…
    opening = _OPENING.match(title)
    return head if _places(head) or not opening else opening.group(1)
