"""The organisations that one supplier field names: which they are, who leads, and the share of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipelines.extract.party_names import (
    IN_BRACKETS,
    MEMBER_NUMBER,
    clean_party,
    lot_mark,
    without_lot_after,
    without_remarks,
)
from pipelines.lexicon import forms

_LEAD = forms.pattern("consortium_lead")
_ROLE = forms.pattern("role_in_consortium")
_LEADER = re.compile(
    # 甲公司（联合体牵头人）, 【主】甲公司
    rf"[（(【\[]\s*{_LEAD}\s*[)）】\]]"
    # 联合体牵头人：甲公司
    rf"|^{_LEAD}\s*[:：]"
)
# 甲公司、乙公司联合体; 牵头人：甲公司; 甲公司（主体）; （成）乙公司; 成员一：乙公司; 甲公司+乙公司
_CONSORTIUM = re.compile(
    rf"联合体|[（(【\[]\s*{_ROLE}{MEMBER_NUMBER}\s*[)）】\]]|(?:^|[\s，,；;、）)司]){_ROLE}{MEMBER_NUMBER}\s*[:：]"
    r"|(?<=[司院所心学厂）)])\s*[+＋]"
)
_ROLE_BRACKET = re.compile(rf"[（(【\[]\s*(?:{_ROLE}{MEMBER_NUMBER}|联合体)\s*[)）】\]]")
# Where the label of the next member begins: 甲公司 联合体成员单位1：乙公司 成员2：丙公司. The label 联合体 alone counts
# too. A label of one character (主：, 成：) needs a mark or a blank before it.
_MEMBER_LABEL = re.compile(
    r"(?<![\s，,；;、])[\s，,；;、]*+(?=(?<![体标])"
    rf"(?:{forms.pattern('consortium_word')}|{forms.pattern('lead_label', 'member_label')}{MEMBER_NUMBER})\s*[:：]"
    r"|(?<=[\s，,；;、])[主成]\s*[:：])"
)
# A bracket that may hold members: 甲研究院（联合体成员：乙中心,丙大学）, 联合体（甲公司、乙公司）, 甲公司（与乙公司）
_BRACKET = re.compile(IN_BRACKETS)
_BEGINS_MEMBERS = re.compile(rf"\s*(?:{forms.pattern('consortium_word')}|{_ROLE}{MEMBER_NUMBER})\s*[:：]|\s*[与和及]")
# How a field goes on after the names, or begins before them: 由甲公司与乙公司组成的联合体, 甲公司、乙公司（联合体）
_CONSORTIUM_AFTER = re.compile(r"(?:共同)?(?:组成)?的?(?:[（(【\[]?\s*联合体(?:投标|体)?\s*[)）】\]]?)\s*$")
_COMPOSED = re.compile(r"组成的?\s*联合体")
_SHORT_NAME = re.compile(r"[（(]\s*(?:以下简称[^（）()]*|联合体)\s*[)）]")  # 甲公司（以下简称甲方）
# A mark of a list, after which a name begins: ①甲公司②乙公司, (1)甲公司(2)乙公司, 1、甲公司2、乙公司
_LIST_MARK = re.compile(
    r"[①-⑳⑴-⒇❶-❿]\s*"
    r"|(?:(?<=[司院所心学厂）)；;，,、])\s*+|(?<=\s))(?:[（(]\d{1,2}[)）]|\d{1,2}\s*[、.．)）])\s*(?=[\u4e00-\u9fffA-Z])"
    # 一、甲公司 二、乙公司
    r"|(?:(?<=[司院所心学厂）)；;，,])\s*+|(?<=\s))[一二三四五六七八九十]{1,2}、\s*(?=[\u4e00-\u9fffA-Z])"
)
# Between two names that are complete; one character is enough for the others.
_WORD_BETWEEN = re.compile(
    rf"(?<=[司院所心学厂）)])\s*(?:以及|联合(?!体))\s*(?=[^;；、,，\n]*{forms.pattern('ends_listed_name')}(?:$|[;；、,，\n]))"
)
_BETWEEN_NAMES = frozenset(",，/／\\ 和及与+＋&｜|")
_ALWAYS_BETWEEN = frozenset(";；、\n")
_TRIM = "".join(_BETWEEN_NAMES | _ALWAYS_BETWEEN)
# 份额60%, 中标份额：约 33.3%, 份额比例 50%
_SHARE = re.compile(r"(?:份额|比例|占比|份额比例|中标份额|拟中标份额)\s*[:：]?\s*(?:约)?\s*(\d{1,3}(?:\.\d+)?)\s*%")
PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
# ，中标份额60%; （第一份额，70%）; ：70%; 70%. But 份额1：甲公司 is a label.
_FROM_SHARE = re.compile(
    r"(?<![，,（(:：\s])[，,（(:：\s]*+(?:"
    r"(?:第[一二三四五]|拟?中[标选]|成交)?(?:份额|占比|比例)(?!\d?\s*[:：]\s*[^\s\d%约]{3})"
    r"|\d{1,3}(?:\.\d+)?\s*%).*$"
)
_ALL_SHARES = Decimal(100)
# Shares are rounded: 33.3 %, 33.3 %, 33.3 %.
_ROUNDING = Decimal("0.5")
# A role in brackets ends a member's name, whatever the name ends with: 甲维修部（联合体牵头单位）.
_ENDS_WITH_ROLE = re.compile(rf"[（(【\[]\s*(?:{_ROLE}{MEMBER_NUMBER}|联合体)\s*[)）】\]]\s*$")
_FINAL_BRACKETS = re.compile(r"[（(【\[][^（）()【】\[\]]*[)）】\]]\s*$")
_LISTED_NAME_BEFORE = re.compile(rf"{forms.pattern('ends_listed_name')}$")
_LISTED_NAME_AFTER = re.compile(rf"{forms.pattern('ends_listed_name')}(?:$|\s)")
# No name with its remarks is longer.
_LONGEST_PIECE = 120
# No field with all winners of a framework is longer.
_LONGEST_FIELD = 5_000
_AFTER_FIRST_NAME = re.compile(r"[;；、,，\n]")


@dataclass(frozen=True, slots=True)
class Party:
    """One organisation as named in a supplier field. ``lot`` is a package mark that sticks to the name."""

    name: str
    lot: str | None = None
    leads: bool = False
    consortium: bool = False
    share_pct: Decimal | None = None


def split_parties(text: str) -> list[Party]:
    """Return all organisations that one supplier field names, the leader of a consortium first.

    A list with 、 or ; between the names is a consortium only if the field says so. Otherwise each of them won.
    """
    return list(_parties(text))


@lru_cache(maxsize=8192)
def _parties(text: str) -> tuple[Party, ...]:
    field = text.strip()[:_LONGEST_FIELD]
    consortium = bool(_CONSORTIUM.search(field))
    lot = lot_mark(field)
    pieces = _names_in(field)
    shares = _shares_of(pieces)
    parties: list[Party] = []
    for piece, share in zip(pieces, shares, strict=True):
        name = clean_party(_FROM_SHARE.sub("", piece))
        if name is None or any(party.name == name for party in parties):
            continue
        parties.append(Party(name, lot, bool(_LEADER.search(piece.strip())), consortium, share))
    if consortium and len(parties) == 1:
        return (Party(parties[0].name, lot, True, False, parties[0].share_pct),)
    return tuple(sorted(parties, key=lambda party: not party.leads) if consortium else parties)


def is_part_of_consortium(text: str) -> bool:
    """Return whether a text names one member of a consortium, so that the others must be beside it.

    >>> is_part_of_consortium("甲软件有限公司（牵头人）"), is_part_of_consortium("甲公司、乙公司（联合体）")
    (True, False)
    """
    return _CONSORTIUM.search(text) is not None and len(split_parties(text)) == 1


def names_supplier(text: str) -> bool:
    """Return whether a supplier field names anybody.

    >>> names_supplier("甲软件有限公司（70%）、乙软件有限公司（30%）"), names_supplier("详见附件")
    (True, False)
    """
    return bool(split_parties(text))


@lru_cache(maxsize=2048)
def supplier_names(text: str) -> frozenset[str]:
    """Return the names of all suppliers in a field, for comparing two fields.

    >>> supplier_names("包1：甲软件有限公司") == supplier_names("甲软件有限公司（第一名）")
    True
    """
    return frozenset(party.name for party in split_parties(text))


def _shares_of(pieces: list[str]) -> list[Decimal | None]:
    """Return the share of the contract beside each name. Bare percentages are shares only if they add up to 100."""
    labelled = [_SHARE.search(piece) for piece in pieces]
    if any(labelled):
        return [Decimal(share[1]) if share else None for share in labelled]
    bare = [PERCENT.search(piece) for piece in pieces]
    values = [Decimal(percent[1]) for percent in bare if percent]
    if len(values) > 1 and abs(sum(values) - _ALL_SHARES) <= _ROUNDING:
        return [Decimal(percent[1]) if percent else None for percent in bare]
    return [None] * len(pieces)


def _names_in(field: str) -> list[str]:
    """Return the pieces of a supplier field, one for each name. Each keeps its remark, which may hold its share."""
    text = _members_out_of_brackets(field)
    composed = _COMPOSED.search(text)
    text = _SHORT_NAME.sub("", _CONSORTIUM_AFTER.sub("", text))
    if composed:
        text = text.removeprefix("由")
    text = _LIST_MARK.sub("\n", text)
    text = _part_at_roles(text)
    return _split_outside_brackets(_WORD_BETWEEN.sub("\n", _MEMBER_LABEL.sub("\n", text)))


def _members_out_of_brackets(field: str) -> str:
    """Return a field with the members of a consortium on lines of their own, if it has them in brackets."""
    if "（" not in field and "(" not in field and "[" not in field and "【" not in field:
        return field
    text = without_lot_after(without_remarks(field))
    for bracket in _BRACKET.finditer(text):
        content = bracket["content"]
        before = text[: bracket.start()].strip()
        if (before.endswith("联合体") or _BEGINS_MEMBERS.match(content)) and _names_firm(content):
            rest = text[bracket.end() :]
            return f"{before}\n{re.sub('^[与和及]', '', content.strip())}{rest}"
    return field


def _names_firm(content: str) -> bool:
    return any(_LISTED_NAME_BEFORE.search(piece.strip()) for piece in re.split(r"[;；、,，/+\s]|组成|联合体", content))


def _part_at_roles(text: str) -> str:
    """Return a text with a line break at each role in brackets: before it if the names follow their roles."""
    first = _ROLE_BRACKET.search(text)
    if first is None:
        return text
    if not text[: first.start()].strip():
        return _ROLE_BRACKET.sub(lambda role: f"\n{role.group()}", text)
    return _ROLE_BRACKET.sub(lambda role: f"{role.group()}\n", text)


def _split_outside_brackets(text: str) -> list[str]:
    """Cut at separators outside brackets, so that 北京A（B、C）公司 stays together."""
    depth = 0
    cuts = [0]
    for index, character in enumerate(text):
        if character in "（(":
            depth += 1
        elif character in ")）":
            depth = max(0, depth - 1)
        elif depth == 0 and (
            character in _ALWAYS_BETWEEN
            or (character in _BETWEEN_NAMES and _are_two_names(text[:index], text[index + 1 :]))
        ):
            cuts.append(index + 1)
    pieces = [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text) + 1], strict=True)]
    return [piece.rstrip(_TRIM) if len(piece) > 1 else piece for piece in pieces if piece.strip(_TRIM)]


def _are_two_names(left: str, right: str) -> bool:
    """Return whether a comma, slash or 和 between two texts separates two organisations."""
    if _ENDS_WITH_ROLE.search(left[-_LONGEST_PIECE:]):
        return True
    left_name = _without_share(left[-_LONGEST_PIECE:])
    right_name = _without_share(_AFTER_FIRST_NAME.split(right[:_LONGEST_PIECE].strip(), maxsplit=1)[0])
    return bool(_LISTED_NAME_BEFORE.search(left_name) and _LISTED_NAME_AFTER.search(right_name))


def _without_share(text: str) -> str:
    name = _FINAL_BRACKETS.sub("", text.strip())
    return _FROM_SHARE.sub("", name) if "%" in name else name
