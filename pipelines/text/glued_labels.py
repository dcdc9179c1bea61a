"""Lines in which one label follows the value of another without a break.

``招标编号：CG2025001招标人：甲银行招标代理机构：乙公司中标人：丙公司`` becomes four lines.
"""

from __future__ import annotations

import re

from pipelines.lexicon import forms
from pipelines.text.column_roles import follows_package

_LABEL = re.compile(
    # The label follows a value, not a mark. It may have a remark: 中标价格（元）：
    rf"(?:(?<=[^\s，,；;。、.:：（(/\\])(?!(?<=采购|招标)代理)(?:{forms.pattern('glued_form_label')}(?:[（(][^（）()\n]{{1,12}}[)）])?\s?[:：])"
    # Another price or rate after a sum: 500000元单价：50000元/台维护费率：3%
    r"|(?:(?<=[元%])|(?<=元/[\u4e00-\u9fff]))(?:[\u4e00-\u9fff]{0,4}(?:单价|费率|税率)\s?[:：]))"
)
_FEWEST_COLONS = 3
# One label that follows a value at once may belong to it.
_FEWEST_GLUED = 2


# The items of a list on one line: 1. 甲公司 中标金额：120万元 | 2. 乙公司 中标金额：80万元
_ITEM = re.compile(
    r"(?:^|(?<=[\s；;。:：]))(?:(?P<number>\d{1,2})\s*[.、．)）]|[（(](?P<enclosed>\d{1,2})[)）])\s*"
    rf"[\u4e00-\u9fff（）()·A-Za-z]{{3,40}}?{forms.pattern('firm_ending')}[\s，,；;]{{1,3}}{forms.pattern('won')}[^\s\d:：]{{0,10}}[:：]"
)


def part_glued_labels(body: str) -> str:
    """Return the body with a line break before each label that follows the value of another at once.

    >>> part_glued_labels("招标编号：CG1招标人：甲银行中标人：丙公司")
    '招标编号：CG1\\n招标人：甲银行\\n中标人：丙公司'
    >>> part_glued_labels("1. 甲公司 中标金额：120万元 2. 乙公司 中标金额：80万元")
    '1. 甲公司 中标金额：120万元 \\n2. 乙公司 中标金额：80万元'
    """
    return "\n".join(_parted(line) for line in body.split("\n"))


def _cuts_before_items(line: str) -> list[int]:
    """Return where the items of a list begin after the first. Empty unless their numbers count from 1."""
    items = list(_ITEM.finditer(line))
    numbers = [int(item["number"] or item["enclosed"]) for item in items]
    return [item.start() for item in items[1:]] if numbers == list(range(1, len(items) + 1)) else []


def _parted(line: str) -> str:
    colons = line.count("：") + line.count(":")
    if colons < _FEWEST_GLUED or "\t" in line:
        return line
    cuts = _cuts_before_items(line)
    if not cuts and colons >= _FEWEST_COLONS:
        cuts = [label.start() for label in _LABEL.finditer(line) if not follows_package(line, label.start())]
        cuts = cuts if len(cuts) >= _FEWEST_GLUED else []
    return "\n".join(line[start:end] for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True))
