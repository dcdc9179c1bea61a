"""Find ``label: value`` and ``label | value`` in the lines of a notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from pipelines.lexicon import forms
from pipelines.text.column_roles import follows_package
from pipelines.text.sparse_search import SparseSearch

# What may be before a label on its line, with an example of each part:
_BEFORE = (
    # the beginning of the line or the end of another statement: 甲公司；供应商地址：
    r"(?:^|(?<=[\n\t 、。；;，,)）：:】])|(?=【))"
    # a bullet: ● 中标人：
    r"(?:[*★☆●○■□◆◇•·▪►➢#-]\s?)?"
    # a list mark: 1. 2.1、 3） 一、 （三） ①
    r"(?:(?:\d{1,2}(?:\.\d{1,2})?|[一二三四五六七八九十]{1,3})\s*[.．、)）]\s*|[（(][\d一二三四五六七八九十]{1,2}[)）]\s*|[①-⑳]\s*)?"
    # 原公告的采购项目编号：, 原项目编号：
    r"(?:原公告的?|原(?=(?:采购|招标)?项目))?"
    # 【中标供应商】甲公司
    r"[【\[]?"
)
# A remark in brackets after a label: 中标金额（元）, 总价\（万元）(含税). A unit may follow a slash: 中标金额/万元.
_QUALIFIER = r"(?:\s*[（(\\][^）)\n\t]{0,40}[)）](?:\\?[（(][^）)\n\t]{0,8}[)）])?|\s*[/／](?:人民币)?[万亿]?元)?"
# The same label in English: 中标供应商 Winner：, 中标价/Price.
_ENGLISH = r"(?:[ /|]?[A-Za-z][A-Za-z .'/]{1,40})?"
# The next label on the same line: 甲有限公司 供应商地址：某市. The members of a consortium belong to the value of its
# leader, and a unit before a bracket is no label: 3905110 元 （大写：…）.
_NEXT_LABEL = re.compile(
    r"(?<![ 　])[ 　]++(?!(?:投标)?联合体|成员|牵头|[万亿]?元)(?:\d{1,2}\s*[.．、]\s*)?"
    r"(?:[\u4e00-\u9fff]\s?[\u4e00-\u9fff（）()/]{1,15})\s*[:：]"
)
_LINE_END = re.compile(r"[\n\t]")
_LABEL_IN_BRACKETS = re.compile(r"[】\]]\s?[:：]?[ \t]*")
_NEXT_IN_BRACKETS = re.compile(r"[【\[](?=[\u4e00-\u9fff（）()/]{2,16}[】\]])")  # 【中标人】甲公司 | 【中标价】

# Labels that stick to the value before them: 供应商名称：甲公司地址：某市某路1号中标金额：84.64万元.
_WON = rf"{forms.pattern('won_or_selected')}{forms.pattern('and_awarded')}?"
_PARTY = forms.pattern("party_in_column")
# The label of a winner opens the search: 供应商名称：甲, 中标人：甲, 成交单位：甲.
_WINNER = re.compile(
    rf"(?:供应商(?:名称)?|{forms.pattern('won_or_selected')}{forms.pattern('party_in_label')}?)[:：] ?(?=\S)"
)
_GLUED_LABEL = re.compile(
    # A label after a blank or a mark does not stick: 甲公司，地址：某市.
    r"(?P<separator>[\s:：，,。；;、（(])?(?P<label>(?:"
    rf"{forms.pattern('glued_label')}"
    # 总中标金额：, 成交价（元）：, 最终报价：
    rf"|总?(?:{_WON}|{forms.pattern('stage_of_price')})总?(?:金额|价格?|报价|额)(?:[（(][^（）()\n]{{1,12}}[)）])?"
    # 2.中标人：, 成交供应商名称：
    rf"|(?:(?<![\d.])\d{{1,2}}\s*[.、．]\s*)?{_WON}{_PARTY}(?:名称)?"
    r")[:：])"
)
# No value of a notice is longer. A page of one endless line must not make each label read it to its end.
_LONGEST_VALUE = 1_000
_MOST_LABELS = 3_000
# All values of a text are as long as the text, and longer only if labels share a line, because each value goes to the
# end of its line. A line of nothing but labels must not be read a thousand times.
_MOST_OVERLAP = 10_000
# What may be before a label is shorter.
_LONGEST_BEFORE = 64


@dataclass(frozen=True, slots=True)
class Hit:
    """A labelled value: the label as written, the value without the blanks around it, and where the value is."""

    label: str
    value: str
    start: int
    end: int


@lru_cache(maxsize=256)
def _search(labels: tuple[str, ...], spaced: bool) -> SparseSearch:
    expression = re.compile(
        rf"{_BEFORE}(?P<label>{forms.spaced_pattern(*labels)}{_ENGLISH}{_QUALIFIER})\s?(?:[为是]\s?)?"
        # 中标供应商：, 中标供应商为：, 【中标供应商】
        r"(?:(?P<colon>[】\]]?\s?[:：][ \t]*|[】\]][ \t]*)|(?P<cell>\t)"
        # A line with a colon is another field, except in a price: 小写：100元，大写：壹佰元整.
        r"|(?P<below>\n)(?=(?:[^\n\t:：]|(?<=[大小]写)[:：]|(?<=[大小]写[)）])[:：])+(?:\n|$))"
        + (r"|(?P<blank> {1,4}(?=[^\s:：])))" if spaced else ")"),
        re.MULTILINE,
    )
    sign = re.compile(forms.spaced_beginnings(*labels))
    return SparseSearch(expression, sign, _may_be_before, _LONGEST_BEFORE)


def _may_be_before(character: str) -> bool:
    """Return whether a character may be in the bullet, list mark, bracket or 原公告的 before a label."""
    return character in "*★☆●○■□◆◇•·▪►➢#-.．、)）（(【[原公告的" or character.isspace() or character.isnumeric()


def find(body: str, *labels: str, below: bool = False, spaced: bool = False) -> Iterator[Hit]:
    """Yield each value that follows one of ``labels``, in reading order. Empty values are left out.

    Labels may refer to groups of words: ``forms.labels`` gives them as the files have them.

    ``below`` also takes the line under a label that is alone on its line. Several labels may share a line. ``spaced``
    also takes what follows a label at the beginning of a line after a blank, without a colon: 中标价 100万元.
    A text of thousands of labels on one line is read in part.
    """
    characters_left = 2 * len(body) + _MOST_OVERLAP
    search = _search(labels, spaced)
    for match in islice(search.matches(body), _MOST_LABELS):
        if match["below"] and not below:
            continue
        if spaced and match["blank"] and match.start() > 0 and body[match.start() - 1] != "\n":
            continue
        if search.expression.match(body, match.end()):
            continue  # another label instead of a value: 中标人：供应商名称：甲公司
        limit = min(len(body), match.end() + _LONGEST_VALUE)
        line_end = _LINE_END.search(body, match.end(), limit)
        value = body[match.end() : line_end.start() if line_end else limit]
        if match["colon"] and _LABEL_IN_BRACKETS.fullmatch(match["colon"]):
            value = _NEXT_IN_BRACKETS.split(value, maxsplit=1)[0]
        if match["colon"] and "\t" not in match["colon"]:
            next_label = _NEXT_LABEL.search(value)
            if next_label and next_label.start() > 0:
                value = value[: next_label.start()]
        stripped = value.strip()
        if stripped:
            characters_left -= len(stripped)
            if characters_left < 0:
                return
            start = match.end() + value.index(stripped)
            yield Hit(match["label"].strip(), stripped, start, start + len(stripped))


def first(body: str, *labels: str, below: bool = False) -> Hit | None:
    """Return the first labelled value, or None."""
    return next(find(body, *labels, below=below), None)


def part_stuck_labels(body: str) -> str:
    """Return the body with a line break before each label that sticks to the value before it, after a winner's name.

    ``供应商名称：甲有限公司地址：某市`` becomes two lines.
    """
    lines = []
    for line in body.split("\n"):
        winner = _WINNER.search(line) if "：" in line or ":" in line else None
        lines.append(
            line[: winner.end()] + _GLUED_LABEL.sub(_on_own_line, line[winner.end() :]) if winner is not None else line
        )
    return "\n".join(lines)


def _on_own_line(match: re.Match[str]) -> str:
    belongs_before = match["separator"] or follows_package(match.string, match.start())
    return match.group() if belongs_before else "\n" + match["label"]
