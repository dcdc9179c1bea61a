"""Finding ``label: value`` and ``label | value`` in the lines of a notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

# What may stand before a label on its line: a list mark, 原公告的, or the end of another statement.
_BEFORE = (
    r"(?:^|(?<=[\n\t 、。；;，,)）：:】]))(?:(?:\d{1,2}(?:\.\d{1,2})?|[一二三四五六七八九十]{1,3})\s*[.．、]\s*"
    r"|[（(][\d一二三四五六七八九十]{1,2}[)）]\s*)?(?:原公告的?)?"
)
_QUALIFIER = r"(?:\s*[（(\\][^）)\n\t]{0,24}[)）](?:\\?[（(][^）)\n\t]{0,8}[)）])?)?"
# The members of a consortium belong to the value of its leader.
_NEXT_LABEL = re.compile(
    r"[ 　]+(?!(?:投标)?联合体|成员|牵头|[万亿]?元)(?:\d{1,2}\s*[.．、]\s*)?"
    r"(?:[\u4e00-\u9fff]\s?[\u4e00-\u9fff（）()/]{1,15})\s*[:：]"
)
_LINE_END = re.compile(r"[\n\t]")
# 供应商名称：甲公司地址：某市某路1号中标金额：84.64万元: labels that stick to the value before them.
_WON = r"(?:中标|成交|中选)(?:成交|（成交）|\(成交\))?"
_NAMED = re.compile(r"(?:供应商|中标|成交|中选)(?:人|单位)?(?:名称)?[:：] ?(?=\S)")
_STUCK = re.compile(
    rf"(?P<free>[\s:：，,。；;、（(])?(?P<label>(?:(?:{_WON})?(?:供应商|人|单位)?(?:联系|注册)?地址|统一社会信用代码|联系(?:人|电话|方式)"
    rf"|总?{_WON}总?(?:金额|价格?|报价)(?:[（(][^（）()\n]{{1,12}}[)）])?|(?:评审|综合)?总?得分"
    rf"|(?:(?<![\d.])\d{{1,2}}\s*[.、．]\s*)?{_WON}(?:供应商|人|单位)(?:名称)?)[:：])"
)
# No value of a notice is longer; a page of one endless line must not make each label read it all.
_LONGEST = 1_000
_MOST = 3_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One labelled value: the label as written, the value without the blanks around it, and where the value stands."""

    label: str
    value: str
    start: int
    end: int


@lru_cache(maxsize=256)
def _pattern(labels: tuple[str, ...]) -> re.Pattern[str]:
    # 名 称 and 采 购 人: layout may part the characters of a label.
    spaced = "|".join(
        r"\s?".join(re.escape(character) for character in label) for label in sorted(labels, key=len, reverse=True)
    )
    return re.compile(
        rf"{_BEFORE}(?P<label>(?:{spaced}){_QUALIFIER})\s?(?:(?P<colon>[:：][ \t]*)|(?P<cell>\t)|(?P<below>\n)"
        rf"(?=[^\n\t:：]+(?:\n|$)))",
        re.MULTILINE,
    )


def find(body: str, *labels: str, below: bool = False) -> Iterator[Hit]:
    """Each value that stands behind one of ``labels``, in reading order; empty values are passed over.

    ``below`` also takes the line under a label that stands alone on its line. Several labels may share a line.
    """
    for match in islice(_pattern(labels).finditer(body), _MOST):
        if match["below"] and not below:
            continue
        limit = min(len(body), match.end() + _LONGEST)
        stop = _LINE_END.search(body, match.end(), limit)
        value = body[match.end() : stop.start() if stop else limit]
        if match["colon"] and "\t" not in match["colon"]:
            following = _NEXT_LABEL.search(value)
            if following and following.start() > 0:
                value = value[: following.start()]
        stripped = value.strip()
        if stripped:
            start = match.end() + value.index(stripped)
            yield Hit(match.group("label"), stripped, start, start + len(stripped))


def part_stuck_labels(body: str) -> str:
    """The body with a line's end before each label that sticks to what is said of a winner before it."""
    lines = []
    for line in body.split("\n"):
        named = _NAMED.search(line)
        lines.append(line[: named.end()] + _STUCK.sub(_parted, line[named.end() :]) if named else line)
    return "\n".join(lines)


def _parted(match: re.Match[str]) -> str:
    return match.group() if match["free"] else "\n" + match["label"]


def first(body: str, *labels: str, below: bool = False) -> Hit | None:
    """The first labelled value, or None."""
    return next(find(body, *labels, below=below), None)
