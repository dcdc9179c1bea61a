"""Buyers that no label names: in a commission, in the thanks to the bidders or in the signature below the notice.

Banks and insurers that publish on sites of their own often name themselves only there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.extract.party_names import ends_like_party
from pipelines.lexicon import forms
from pipelines.text.dates import is_date_line

_NAME = r"(?P<name>[^\s，,。；;：:、！!]{4,60}?)"
_SHORT_NAME = r"(?:\s*[（(][^（）()\n]{2,40}[)）])?"  # （以下简称“招标人”）
_COMMISSIONED_BY = re.compile(rf"受\s*{_NAME}{_SHORT_NAME}\s*(?:的)?委托")  # 受某市教育局（以下简称“采购人”）的委托
# 某银行委托某招标代理有限公司, 某银行（以下简称采购人）现委托某采购中心
_COMMISSIONS = re.compile(
    rf"(?:^|(?<=[\n，,。]))[^\S\n]*+{_NAME}{_SHORT_NAME}\s*(?:现|已)?委托\s*[^\s，,。]{{2,40}}?{forms.pattern('firm_ending')}"
)
# 某保险公司对各供应商的参与表示感谢, 某银行感谢各单位的参与, 某银行向所有供应商致谢
_THANKS = re.compile(
    rf"(?:^|(?<=[\n，,。]))[^\S\n]*+{_NAME}{_SHORT_NAME}\s*"
    r"(?:[对向][^。\n]{2,60}(?:感谢|谢意|致谢)|(?:衷心|诚挚)?感谢)"
)
_COMMISSIONED_WITHIN = 3_000
_LAST_LINES = 12
_LONGEST_SIGNATURE = 50
_DEPARTMENT = re.compile(r"(?<=公司|分行|支行|银行)[\u4e00-\u9fff]{2,8}(?:部|处|办公室|中心)$")  # 某银行 | 战略发展部
_FINANCE = re.compile(forms.pattern("financial_institution"))
_AGENCY = re.compile(forms.pattern("agency_in_name"))
_PLACEHOLDER = re.compile(rf"(?:本)?{forms.pattern('buyer_label')}")
# As much of a name as a title repeats of its buyer: 某某银行, 某某人寿.
_BEGINNING = 4


def buyers_in_text(title: str | None, body: str) -> Iterator[str]:
    """Yield organisations that the text of a notice lets buy, the surest first."""
    head = body[:_COMMISSIONED_WITHIN]
    for expression in (_COMMISSIONED_BY, _COMMISSIONS):
        yield from _organisations(match["name"] for match in expression.finditer(head))
    signature = _signature(title or "", body)
    if signature is not None:
        yield signature
    if "谢" in body:
        yield from _organisations(match["name"] for match in _THANKS.finditer(body))


def _organisations(names: Iterator[str]) -> Iterator[str]:
    for name in names:
        # 受招标人的委托 names nobody.
        if not _PLACEHOLDER.fullmatch(name.removesuffix("的")):
            yield name


def _signature(title: str, body: str) -> str | None:
    """Return the organisation that signs the notice: alone on its line, above the date or at the end.

    An agency signs too, so the name must be of the financial trade or begin as an organisation in the title does.
    """
    lines = [line.strip() for line in body.split("\n")[-_LAST_LINES:]]
    for line, below in zip(reversed(lines), [None, *reversed(lines)], strict=False):
        is_last = below is None or is_date_line(below)
        if not is_last or not _BEGINNING <= len(line) <= _LONGEST_SIGNATURE or not ends_like_party(line):
            continue
        name = _DEPARTMENT.sub("", line)
        if re.search(r"[\t:：，,。、\d]", line) or _AGENCY.search(name):
            continue
        if _FINANCE.search(line) or line[:_BEGINNING] in title:
            return name
    return None
