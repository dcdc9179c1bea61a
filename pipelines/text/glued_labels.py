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


def part_glued_labels(body: str) -> str:
    """Return the body with a line break before each label that follows the value of another at once.

    >>> part_glued_labels("招标编号：CG1招标人：甲银行中标人：丙公司")
    '招标编号：CG1\\n招标人：甲银行\\n中标人：丙公司'
    """
    return "\n".join(_parted(line) for line in body.split("\n"))


def _parted(line: str) -> str:
    if line.count("：") + line.count(":") < _FEWEST_COLONS or "\t" in line:
        return line
    cuts = [label.start() for label in _LABEL.finditer(line) if not follows_package(line, label.start())]
    if len(cuts) < _FEWEST_GLUED:
        return line
    return "\n".join(line[start:end] for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True))
