"""Who buys and through whom: the buyer, its address and the agency, each with the words it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.extract.parties import ends_like_party
from pipelines.lexicon import forms
from pipelines.text.column_roles import role_of
from pipelines.text.evidence import FieldValue, clean, labelled, words_of
from pipelines.text.labelled_values import Hit, find

_BUYER_LABELS = forms.words("buyer_label")
_AGENCY_LABELS = forms.words("agency_label")
_BUYER_AND_AGENCY_LABELS = forms.words("buyer_and_agency_label")
_ADDRESS_LABELS = forms.words("buyer_address_label")
_BUYER_PART = re.compile(
    r"(?:采\s*购\s*人|采\s*购\s*单\s*位|招\s*标\s*人|采购方|业主)\s*(?:信\s*息|基本信息|联系方式"
    r"|情况)?\s*[:：]?\s*(?:\n|[ \t])*(?:单位)?(?:名\s*称|单位名称)\s*[:：\t\n]\s*(?P<name>[^\n\t]+)"
)
_AGENCY_PART = re.compile(
    r"(?:代\s*理\s*机\s*构|招标代理|采购代理)\s*(?:信\s*息|基本信息|联系方式|情况)?\s*(?:（如有）"
    r"|\(如有\))?\s*[:：]?\s*(?:\n|[ \t])*(?:单位)?(?:名\s*称|单位名称)\s*[:：\t\n]\s*(?P<name>[^\n\t]+)"
)
_NAME_END = re.compile(
    r"[ 　]*(?:地\s*址|联\s*系\s*人|联系方式|联系电话|电\s*话|传\s*真|项目联系人|采购人联系|邮编"
    r"|法定代表人)\s*[:：]|[；;。]|\s{2,}"
)
# A teacher's or clerk's name that stuck to the buyer's: 幼儿园（彭老师）.
_PERSON = re.compile(
    r"[（(][^（）()]{0,6}(?:老师|先生|女士|小姐|主任|科长|经理|工)[)）]|[，,、 ]\s*(?:联系人|电话|项目负责人).*$"
)
# A blank, a place for a seal, or the next label of a form that was left empty.
_NO_ORGANISATION = re.compile(
    r"[/\\\-—无*\d.\s]+|详见.*|同上|见.*|[（(](?:盖章|公章|单位章|签章|盖单位章)[)）]|盖章"
    r"|.{0,8}(?:名称|编号|时间|日期|金额|方式|电话|负责人|联系人|规模|情况|内容|要求|信息)"
)


def buyer(body: str) -> FieldValue | None:
    """The buying organisation, as the contact part names it, else as the head table or a label does."""

    def candidates() -> Iterable[str]:
        yield from (_whole_name(body, hit).split("/")[0] for hit in find(body, *_BUYER_AND_AGENCY_LABELS))
        yield from (match["name"] for match in _BUYER_PART.finditer(body))
        yield from (_whole_name(body, hit) for hit in find(body, *_BUYER_LABELS, below=True))
        yield from (match.group(1) for match in re.finditer(r"受\s*([^\s，,。]{4,40}?)\s*(?:的)?委托", body[:3000]))

    return _first_organisation(candidates())


def buyer_of_title(title: str | None, name: str | None) -> FieldValue | None:
    """The buyer whose name a title puts before the project's own: 某市教育局 | 考点巡查系统设备采购项目 | 成交公告.

    For a notice that names its buyer nowhere else; None where the words before the name are no organisation's.
    """
    before, found, _ = (title or "").partition(name or "\n")
    value = re.sub(r"^.{4,40}?(?:公司|中心)关于(?=.{4,})", "", before).strip(" :：—-_[]【】")
    return FieldValue(value, value) if found and 4 <= len(value) <= 40 and ends_like_party(value) else None


def agency(body: str) -> FieldValue | None:
    """The agency that ran the procedure."""

    def candidates() -> Iterable[str]:
        yield from (
            _whole_name(body, hit).split("/")[1] for hit in find(body, *_BUYER_AND_AGENCY_LABELS) if "/" in hit.value
        )
        yield from (match["name"] for match in _AGENCY_PART.finditer(body))
        yield from (_whole_name(body, hit) for hit in find(body, *_AGENCY_LABELS, below=True))

    return _first_organisation(candidates())


def buyer_address(body: str) -> FieldValue | None:
    """The buyer's own address; an agency's or a supplier's is never taken."""
    match = re.search(
        r"采\s*购\s*人\s*(?:信\s*息|基本信息|联系方式)?[^\n]{0,8}\n?\s*(?:单位)?名\s*称\s*[:：][^\n]*?(?:\n"
        r"|\s)\s*地\s*址\s*[:：]\s*(?P<address>[^\n\t]{3,80})",
        body,
    )
    if match:
        value = clean(re.split(r"\s*(?:联系方式|联系人|电话)\s*[:：]", match["address"])[0])
        return FieldValue(value, words_of(match["address"], value)) if value else None
    return labelled(body, *_ADDRESS_LABELS)


def _organisation(raw: str) -> str | None:
    end = _NAME_END.search(raw)
    name = _PERSON.sub("", raw[: end.start()] if end and end.start() > 1 else raw)
    name = clean(re.sub(r"[（(]\s*[)）]", "", name))
    if len(name) < 2 or len(name) > 70 or _NO_ORGANISATION.fullmatch(name) or role_of(name) != "other":
        return None
    return name


def _first_organisation(candidates: Iterable[str]) -> FieldValue | None:
    for raw in candidates:
        name = _organisation(raw)
        if name:
            return FieldValue(name, words_of(raw, name))
    return None


def _whole_name(body: str, hit: Hit) -> str:
    """The value of a label, with the line below where the width of a page broke an organisation's name."""
    rest = re.match(r"\n([^\n\t:：]{1,20})(?=\n|$)", body[hit.end : hit.end + 40])
    if (
        rest is None
        or len(hit.value) < 12
        or ends_like_party(hit.value)
        or not ends_like_party(hit.value + rest[1].strip())
    ):
        return hit.value
    return hit.value + rest[0]
