"""Who buys and through whom: the buyer, its address and the agency, each with the words it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.extract.buyers_in_text import buyers_in_text
from pipelines.extract.party_names import ends_like_party
from pipelines.lexicon import forms
from pipelines.text.column_roles import role_of
from pipelines.text.evidence import FieldValue, clean, labelled, words_of
from pipelines.text.labelled_values import Hit, find

_BUYER_LABELS = forms.labels("buyer_label")
_AGENCY_LABELS = forms.labels("agency_label")
_BUYER_AND_AGENCY_LABELS = forms.labels("buyer_and_agency_label")
_ADDRESS_LABELS = forms.labels("buyer_address_label")

# A part about one organisation, with the name in it or on the line below: 1.采购人信息 名 称：某市教育局.
_NAME_IN_PART = (
    r"\s*[:：]?\s*(?:\n|[ \t])*(?:[（(]\d[)）]\s*|\d[.、]\s*)?(?:单位)?(?:名\s*称|单位名称)"
    r"\s*[:：\t\n]\s*(?P<name>[^\n\t]+)"
)
_BUYER_PART = re.compile(
    # 采 购 人信息, 采购单位基本信息, 招标人信 息, 采购方联系方式, 业主情况
    r"(?:采\s*购\s*人|采\s*购\s*单\s*位|招\s*标\s*人|采购方|业主)\s*(?:信\s*息|基本信息|联系方式|情况)?" + _NAME_IN_PART
)
_AGENCY_PART = re.compile(
    # 采购代理机构信息（如有）, 招标代理联系方式, 采购代理情况
    r"(?:代\s*理\s*机\s*构|招标代理|采购代理)\s*(?:信\s*息|基本信息|联系方式|情况)?\s*(?:（如有）|\(如有\))?"
    + _NAME_IN_PART
)
# 采购人信息 名称：某市教育局 地址：某市某路1号
_ADDRESS_IN_PART = re.compile(
    r"采\s*购\s*人\s*(?:信\s*息|基本信息|联系方式)?[^\n]{0,8}\n?\s*(?:单位)?名\s*称\s*[:：][^\n]{0,200}?(?:\n|\s)\s*"
    r"地\s*址\s*[:：]\s*(?P<address>[^\n\t]{3,80})"
)
_AFTER_ADDRESS = re.compile(r"(?<!\s)\s*+(?:联系方式|联系人|电话)\s*+[:：]")
# Where the name ends: the next label (地 址：, 项目联系人：), the end of a sentence, or a wide gap.
_NAME_END = re.compile(
    r"[ 　]*(?:地\s*址|联\s*系\s*人|联系方式|联系电话|电\s*话|传\s*真|项目联系人|采购人联系|邮编|法定代表人)\s*[:：]"
    r"|[；;。]|\s{2,}"
    # 招标人名称：某公司 招标代理机构名称：, and the same without a blank
    r"|[ 　]+[\u4e00-\u9fff][\u4e00-\u9fff（）()/]{1,15}\s*[:：]"
    rf"|{forms.pattern('agency_label', 'buyer_label')}\s*[:：]"
)
# A teacher's or clerk's name that sticks to the buyer's: 某幼儿园（彭老师）, 某局，联系人王某.
_PERSON = re.compile(
    r"[（(][^（）()]{0,6}(?:老师|先生|女士|小姐|主任|科长|经理|工)[)）]|(?:[，,、]\s*+|(?<!\s)\s++)(?:联系人|电话|项目负责人).*$"
)
# What is not part of the name: （）, （盖章）, （以下简称“招标人”）, （招标编号：CG2025001）.
_EMPTY_BRACKETS = re.compile(
    r"[（(](?:\s*|盖?(?:单位)?公?签?章|(?:以下)?简?称[^（）()\n]{1,40}|[^（）()\n]{0,12}编号[:：][^（）()\n]{1,60})[)）]"
)
# What is in the field of an organisation that names none, with an example of each alternative.
_NO_ORGANISATION = re.compile(
    r"[/\\\-—无*\d.\s]+"  # a blank: / — 无
    r"|详见.*|同上|见.*"  # 详见附件, 同上, 见公告
    r"|[（(](?:盖章|公章|单位章|签章|盖单位章)[)）]|盖章"  # the place for a seal: （盖章）
    rf"|.{{0,8}}{forms.pattern('end_of_label')}"  # the next label of a form that was left empty: 合同签订时间
)
_SHORTEST_NAME, _LONGEST_NAME = 2, 70
# A shorter line was not broken by the width of a page.
_SHORTEST_BROKEN_LINE = 12


def find_buyer(body: str, title: str | None = None) -> FieldValue | None:
    """Return the buying organisation: of the contact part, of the head table or a label, or of the text."""

    def candidates() -> Iterator[str]:
        yield from (_full_name(body, hit).split("/")[0] for hit in find(body, *_BUYER_AND_AGENCY_LABELS))
        yield from (match["name"] for match in _BUYER_PART.finditer(body))
        yield from (_full_name(body, hit) for hit in find(body, *_BUYER_LABELS, below=True))
        yield from buyers_in_text(title, body)

    return _first_organisation(candidates())


def find_agency(body: str) -> FieldValue | None:
    """Return the agency that ran the procedure."""

    def candidates() -> Iterator[str]:
        hits = find(body, *_BUYER_AND_AGENCY_LABELS)
        yield from (_full_name(body, hit).split("/")[1] for hit in hits if "/" in hit.value)
        yield from (match["name"] for match in _AGENCY_PART.finditer(body))
        yield from (_full_name(body, hit) for hit in find(body, *_AGENCY_LABELS, below=True))

    return _first_organisation(candidates())


def find_buyer_address(body: str) -> FieldValue | None:
    """Return the buyer's own address, never an agency's or a supplier's."""
    match = _ADDRESS_IN_PART.search(body)
    if match:
        value = clean(_AFTER_ADDRESS.split(match["address"])[0])
        return FieldValue(value, words_of(match["address"], value)) if value else None
    return labelled(body, *_ADDRESS_LABELS)


def _first_organisation(candidates: Iterable[str]) -> FieldValue | None:
    for raw in candidates:
        name = _clean_name(raw)
        if name:
            return FieldValue(name, words_of(raw, name))
    return None


def _clean_name(raw: str) -> str | None:
    """Return the organisation's name alone. None if the field names none."""
    end = _NAME_END.search(raw)
    name = _PERSON.sub("", raw[: end.start()] if end and end.start() > 1 else raw)
    name = clean(_EMPTY_BRACKETS.sub("", name))
    if not _SHORTEST_NAME <= len(name) <= _LONGEST_NAME:
        return None
    return None if _NO_ORGANISATION.fullmatch(name) or role_of(name) != "other" else name


def _full_name(body: str, hit: Hit) -> str:
    """Return the value of a label, with the next line if the width of a page broke the organisation's name there."""
    next_line = re.match(r"\n([^\n\t:：]{1,20})(?=\n|$)", body[hit.end : hit.end + 40])
    if (
        next_line is None
        or len(hit.value) < _SHORTEST_BROKEN_LINE
        or ends_like_party(hit.value)
        or not ends_like_party(hit.value + next_line[1].strip())
    ):
        return hit.value
    return hit.value + next_line[0]
