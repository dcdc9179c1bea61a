"""Where the name of the thing that is bought ends: after 空调 in AI短视频实训室空调采购项目（二次）."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from pipelines.classify.lexicon import compiled, current
from pipelines.text.characters import fold_for_matching

# 第二次, 2标段, 三期, 包1, (二), GZ-2026-01, -, _, ）
_NUMBERED = re.compile(
    r"(?:第?[0-9一二三四五六七八九十]{1,4}(?:标段|合同包|标包|标项|次|包|批|批次|标|期|轮|季度|年度|年|月|日|项|套|台|个)"
    r"|(?:标段|合同包|标包|标项|包件|包)[0-9一二三四五六七八九十a-z]{1,3}"
    r"|[a-z]{0,8}[-0-9]{2,30}"
    r"|[\W_]{1,8})$"
)
_NUMBERED_LENGTH = 40
# 遴选结果公示：高质量数据集: the name comes after what is done with it.
_ANNOUNCED = re.compile("(?:公示|公告|通告|通知|批复)[:：]")
# （含机柜、空调）: bought beside the thing before the bracket.
_INCLUDED = re.compile(r"[(（](?:含|包含|包括|带|附)[^()（）]{0,60}[)）]")
_BRACKETS = {")": "(", "）": "（", "]": "[", "】": "【", "》": "《", "”": "“"}
_MOST_ENDS = 60
_BESIDE = ("及", "和", "与", "、", "以及", "暨", "+")


@compiled
def _ending_words() -> dict[str, list[str]]:
    """The words of ``[ending]`` by their last character."""
    words: dict[str, list[str]] = {}
    for word in map(fold_for_matching, current().relevance.ending.words):
        words.setdefault(word[-1], []).append(word)
    return words


@compiled
def _goods_beside() -> re.Pattern[str]:
    """Goods that are bought together with what follows: 服务器及配套 before 空调."""
    goods = "|".join(re.escape(fold_for_matching(word)) for word in current().relevance.ending.beside)
    return re.compile(
        rf"(?:{goods})(?:建设|开发|升级|采购|租赁)?(?:[及和与暨含+]|以及|、)(?:[其相]关|配套|附属|辅助)?.{{0,3}}$"
    )


@compiled
def _ends() -> Callable[[str], frozenset[int]]:
    # The same name is asked for each veto and for the type.
    return lru_cache(maxsize=128)(_find_ends)


def ends_of_name(folded: str) -> frozenset[int]:
    """Return the positions in a folded name at which the name of the thing bought may end.

    From the end of the text, words that name nothing (采购项目, 成交公告), numbers of lots and brackets are taken off.
    Every position on the way is returned: in 空调系统采购 those after 采购, 系统 and 空调.
    """
    return _ends()(folded)


def _find_ends(folded: str) -> frozenset[int]:
    ends: set[int] = set()
    waiting = [len(folded), *(match.end() - 1 for match in _ANNOUNCED.finditer(folded))]
    by_last = _ending_words()
    while waiting and len(ends) < _MOST_ENDS:
        end = waiting.pop()
        if end <= 0 or end in ends:
            continue
        ends.add(end)
        last = folded[end - 1]
        waiting += [end - len(word) for word in by_last.get(last, ()) if folded.endswith(word, 0, end)]
        if opening := _BRACKETS.get(last):
            waiting.append(folded.rfind(opening, 0, end))
        if number := _NUMBERED.search(folded, max(0, end - _NUMBERED_LENGTH), end):
            waiting.append(number.start())
    return frozenset(ends)


def included_spans(folded: str) -> list[tuple[int, int]]:
    """Return the brackets of a folded name that say what is included: （含机柜、空调）."""
    return [match.span() for match in _INCLUDED.finditer(folded)]


class _Remainder:
    """The words of ``[remainder]`` as expressions."""

    def __init__(self) -> None:
        words = current().relevance.remainder
        names_nothing, ends_at, computing, rooms = (
            "|".join(re.escape(fold_for_matching(word)) for word in sorted(row, key=len, reverse=True))
            for row in (words.names_nothing, words.ends_at, words.computing, words.rooms)
        )
        self.nothing = re.compile(rf"[(（][^()（）]*[)）]|{names_nothing}|[^\u4e00-\u9fff]|的|及|和|与|等")
        self.end = re.compile(ends_at)
        self.computing = re.compile(computing)
        self.room = re.compile(rf"[\u4e00-\u9fff]{{0,4}}?(?:{rooms})(?P<thing>.*)")


@compiled
def _remainder() -> _Remainder:
    return _Remainder()


def other_thing(folded: str, at: int, in_a_room: bool = False) -> str | None:
    """Return the thing without computing that a folded name buys after position ``at``; None if it names none.

    反应釜 after AI服务器 in AI服务器智能制造项目反应釜采购. With ``in_a_room`` only a thing for a room is returned:
    吸音板 after 数字人 in 数字人录播室吸音板采购.
    """
    rules = _remainder()
    end = rules.end.search(folded, at)
    rest = folded[at : min(min(ends_of_name(folded)), end.start() if end else len(folded))]
    rest = re.split(r"\s", rest, maxsplit=1)[0]
    if rest.startswith(_BESIDE):
        return None
    if in_a_room:
        room = rules.room.match(rest)
        rest = room["thing"] if room else ""
    if rules.computing.search(rest):
        return None
    thing = rules.nothing.sub("", rest)
    return thing if len(thing) > 1 else None


def is_bought_with_goods(folded: str, start: int) -> bool:
    """Return whether the word at ``start`` is only bought beside goods: 空调 in 服务器及配套空调."""
    return _goods_beside().search(folded, max(0, start - 24), start) is not None
