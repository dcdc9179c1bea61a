"""Names of suppliers and buyers: where one begins and ends, what sticks to it, and who won together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pipelines.lexicon import forms
from pipelines.text.characters import join_cjk

_BRACKETS = r"[（(][^（）()]*[)）]"
_ENDS_LIKE_PARTY = re.compile(rf"{forms.pattern('organisation_ending')}(?:[（(][^（）()]{{1,30}}[)）])?$")

# 包1, 第一包, 01包, 合同包 12, 标段A, 品目3号
_LOT_WORD = (
    rf"(?:第\s*)?(?:[0-9０-９一二三四五六七八九十]{{1,3}}\s*)?{forms.pattern('package_mark_on_name')}\s*(?:号)?\s*"
    r"[0-9A-Za-z一二三四五六七八九十]{0,4}"
)
_LOT_BEFORE = re.compile(rf"^[（(【\[]?\s*(?P<lot>{_LOT_WORD})\s*[)）】\]]?\s*[:：、.]?\s*(?=\S)")  # 包1：甲公司
_LOT_AFTER = re.compile(rf"\s*[（(【\[]\s*(?P<lot>{_LOT_WORD})\s*[)）】\]]\s*$")  # 甲公司（包1）
_HAS_NUMBER = re.compile(r"[\d一二三四五六七八九十A-Za-z]")
# 第一名：, 第二中标候选人：, 1、, (2), 排名第1
_RANK_BEFORE = re.compile(
    r"^(?:第[一二三四五六七八九十]+(?:名|中标候选人|成交候选人|中选候选人|候选人)|[0-9]{1,2}\s*[、.．)）]"
    r"|[（(][0-9]{1,2}[)）]|排名第?[0-9一二三]+)\s*[:：]?\s*"
)
_ROLE_BEFORE = re.compile(
    # 牵头人：, 联合体牵头单位：, 中标人：
    rf"^(?:联合体)?(?:{forms.pattern('role_in_consortium', 'winner_label_in_field')}"
    # 成员一：, 联合体成员单位2：
    r"|成员[一二三四0-9]|联合体成员(?:单位|方)?[一二三四0-9]?)\s*[:：]\s*"
)
# 甲公司（评审总得分：87.80分）, 甲公司【第一名】
_REMARK = re.compile(
    rf"[（(【](?:[^（）()【】]*(?:{forms.pattern('remark_after_name')}|第[一二三四五六七八九十]名)[^（）()【】]*)[)）】]"
)
_SCORE_AFTER = re.compile(r"[，,;；\s]*(?:评审|综合)?(?:总)?得分[:：].*$")  # 甲公司，综合得分：91.2
_LEADER = re.compile(
    # 甲公司（联合体牵头人）, 甲公司（主）
    r"[（(]\s*(?:联合体)?(?:牵头人|牵头单位|牵头方|牵头|主体|联合体牵头[单位人方]*|主办方|联合体主办方|主)[^（）()]{0,6}[)）]"
    # 联合体牵头人：甲公司
    r"|^(?:联合体)?(?:牵头人|牵头单位|牵头方|牵头供应商)\s*[:：]"
)
_BEFORE_LEADER = re.compile(r"^[^:：]{2,40}(?=(?:联合体)?牵头人\s*[:：])")  # 某某联合体（牵头人：甲公司
_MEMBER = re.compile(
    # 乙公司（成员单位）, 乙公司（联合体成员）, 乙公司（成）
    r"[（(]\s*(?:联合体)?(?:成员|成员单位|成员方|联合体成员[单位方]*|参与方|参加方|成)[^（）()]{0,6}[)）]"
    # 成员单位：乙公司
    r"|^(?:联合体)?(?:成员|成员单位|成员方)\s*[:：]"
)
# 甲公司、乙公司联合体; 甲公司（牵头）; 成员单位：乙公司; 乙公司（成员方）; 成员：乙公司; 甲公司（主）
_CONSORTIUM = re.compile(r"联合体|牵头|成员单位|成员方|成员[:：]|[（(]主[)）]")
# Where the label of the next member begins: 甲公司 联合体成员单位1：乙公司 成员2：丙公司.
_MEMBER_LABEL = re.compile(
    r"\s*(?=(?:投标联合体|联合体成员(?:单位|方)?[一二三四0-9]?|(?<!联合体)成员(?:单位|方)?[一二三四0-9]?|联合体)\s*[:：])"
)
# 甲研究院（联合体成员：乙中心,丙大学）, 甲公司（成员单位：乙公司）
_MEMBERS_IN_BRACKETS = re.compile(
    r"[（(]\s*(?:联合体(?:成员)?(?:单位|方|各方)?|联合体组成|成员(?:单位|方)?)\s*[:：]\s*(?P<members>.+?)[)）]\s*$"
)
_CONSORTIUM_AFTER = re.compile(r"(?:[（(]?\s*联合体(?:投标|体)?\s*[)）]?)\s*$")  # 甲公司、乙公司（联合体）
_SHORT_NAME = re.compile(r"[（(]\s*(?:以下简称[^（）()]*|联合体)\s*[)）]")  # 甲公司（以下简称甲方）
# The whole text is one of these: a word that names nobody, strokes, 详见附件, a number, a sum such as 100万元.
_NOT_A_NAME = re.compile(
    rf"^(?:[/\\\-—_无*\s.、]+|{forms.pattern('never_a_supplier')}|{forms.pattern('begins_no_supplier')}.*"
    r"|[\d.,%]+(?:元|万元)?)$"
)
_NOT_AN_END = re.compile(
    # 8号, 30 天; 地址; 科技路12; 12345; 8-2
    rf"(?:\d+\s*{forms.pattern('unit_of_address_or_time')}|{forms.pattern('ends_no_supplier')}|路\d+|\d{{4,}}|[-—]\d+)$"
)
_HAS_LETTERS = re.compile(r"[\u4e00-\u9fffA-Za-z]{2}")
_PERSON_OR_WORD = re.compile(r"[\u4e00-\u9fff]{2,4}")
_SHORTEST_NAME, _LONGEST_NAME = 3, 80
# A longer text with numbers in it is several cells that run together.
_LONGEST_WITH_NUMBER = 40
# 份额60%, 中标份额：约 33.3%, 份额比例 50%
_SHARE = re.compile(r"(?:份额|比例|占比|份额比例|中标份额|拟中标份额)\s*[:：]?\s*(?:约)?\s*(\d{1,3}(?:\.\d+)?)\s*%")
_FROM_SHARE = re.compile(r"[，,（(]?\s*(?:拟?中[标选]|成交)?(?:份额|占比).*$")  # 甲公司，中标份额60%
# A role in brackets ends a member's name, whatever the name ends with: 甲维修部（联合体牵头单位）.
_ENDS_WITH_ROLE = re.compile(r"[（(](?:联合体)?(?:牵头|成员|主办|参与)[^（）()]{0,8}[)）]\s*$")
_FINAL_BRACKETS = re.compile(rf"{_BRACKETS}\s*$")
_LISTED_NAME_BEFORE = re.compile(rf"{forms.pattern('ends_listed_name')}$")
_LISTED_NAME_AFTER = re.compile(rf"{forms.pattern('ends_listed_name')}(?:$|\s)")


@dataclass(frozen=True, slots=True)
class Party:
    """One organisation as named in a supplier field. ``lot`` is a package mark that sticks to the name."""

    name: str
    lot: str | None = None
    leads: bool = False
    consortium: bool = False
    share_pct: Decimal | None = None


def clean_party(text: str) -> str | None:
    """Return one name without package marks, ranks, scores, remarks and list marks. None if no name is left.

    >>> clean_party("包一：甲医疗科技(广州)有限公司"), clean_party("A建设有限公司（评审总得分：87.80分，排名第一）")
    ('甲医疗科技(广州)有限公司', 'A建设有限公司')
    """
    name = _BEFORE_LEADER.sub("", join_cjk(text)).strip(" \t，,。；;、:：|“”\"'《》")
    for _ in range(3):
        before = name
        name = _RANK_BEFORE.sub("", name)
        lot = _LOT_BEFORE.match(name)
        if lot and _HAS_NUMBER.search(lot["lot"]) and re.match(r"\S{4,}", name[lot.end() :]):
            name = name[lot.end() :]
        name = _SCORE_AFTER.sub("", _ROLE_BEFORE.sub("", name))
        name = _REMARK.sub("", _LOT_AFTER.sub("", name))
        name = _LEADER.sub("", _MEMBER.sub("", name)).strip(" \t，,。；;、:：|")
        if name == before:
            break
    name = re.sub(r"(?<=[\u4e00-\u9fff]{4})联合体$", "", _without_open_bracket(name))
    return name if _may_be_name(name) else None


def _may_be_name(name: str) -> bool:
    if _PERSON_OR_WORD.fullmatch(name) and not _ENDS_LIKE_PARTY.search(name):
        return False  # a person's name, or a word of another column
    if "%" in name or (len(name) > _LONGEST_WITH_NUMBER and re.search(r"\d{3,}", name)):
        return False  # several cells that run together
    return bool(
        _SHORTEST_NAME <= len(name) <= _LONGEST_NAME
        and not _NOT_A_NAME.match(name)
        and not _NOT_AN_END.search(name)
        and _HAS_LETTERS.search(name)
    )


def _without_open_bracket(name: str) -> str:
    """Return the name up to an opening bracket that never closes, where a field was cut off."""
    if len(re.findall(r"[（(]", name)) > len(re.findall(r"[)）]", name)):
        return re.sub(r"[（(][^（(]*$", "", name).strip()
    return name


def lot_mark(text: str) -> str | None:
    """Return the package mark that sticks to a supplier's name: ``包1：…`` or ``…（包1）``."""
    match = _LOT_BEFORE.match(text.strip()) or _LOT_AFTER.search(text.strip())
    return match["lot"] if match and _HAS_NUMBER.search(match["lot"]) else None


def split_parties(text: str) -> list[Party]:
    """Return all organisations that one supplier field names, the leader of a consortium first.

    A list with 、 or ; between the names is a consortium only if the field says so. Otherwise each of them won.
    """
    field = text.strip()
    consortium = bool(_CONSORTIUM.search(field))
    lot = lot_mark(field)
    parties: list[Party] = []
    for piece in _names_in(field):
        name = clean_party(_FROM_SHARE.sub("", piece))
        if name is None or any(party.name == name for party in parties):
            continue
        share = _SHARE.search(piece)
        parties.append(
            Party(
                name=name,
                lot=lot,
                leads=bool(_LEADER.search(piece.strip())),
                consortium=consortium,
                share_pct=Decimal(share.group(1)) if share else None,
            )
        )
    if consortium and len(parties) == 1:
        return [Party(parties[0].name, lot, True, False, parties[0].share_pct)]
    return sorted(parties, key=lambda party: not party.leads) if consortium else parties


def _names_in(field: str) -> list[str]:
    """Return the pieces of a supplier field, one for each name."""
    text = _LOT_AFTER.sub("", _REMARK.sub("", field)).strip()
    members = _MEMBERS_IN_BRACKETS.search(text)
    if members:
        return [text[: members.start()], *re.split(r"[,，、;；]", members["members"])]
    # Each piece keeps its remark here, which may hold its share.
    text = _SHORT_NAME.sub("", _CONSORTIUM_AFTER.sub("", field))
    return _split_outside_brackets(_MEMBER_LABEL.sub("\n", text))


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
            character in ";；、\n" or (character in ",，/／ 和及与" and _are_two_names(text[:index], text[index + 1 :]))
        ):
            cuts.append(index + 1)
    pieces = [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text) + 1], strict=True)]
    return [piece.rstrip(";；、\n,，/／ 和及与") if len(piece) > 1 else piece for piece in pieces if piece.strip()]


def _are_two_names(left: str, right: str) -> bool:
    """Return whether a comma, slash or 和 between two texts separates two organisations."""
    if _ENDS_WITH_ROLE.search(left):
        return True
    left_name = _FINAL_BRACKETS.sub("", left.strip())
    right_head = re.split(r"[;；、,，\n]", right.strip(), maxsplit=1)[0]
    right_name = _FINAL_BRACKETS.sub("", right_head)
    return bool(_LISTED_NAME_BEFORE.search(left_name) and _LISTED_NAME_AFTER.search(right_name))


def ends_like_party(name: str) -> bool:
    """Return whether a text ends as the name of an organisation does."""
    return bool(_ENDS_LIKE_PARTY.search(name))
