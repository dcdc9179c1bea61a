"""The name of one supplier: where it begins and ends, and what sticks to it."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.lexicon import forms
from pipelines.text.characters import join_cjk
from pipelines.text.column_roles import role_of

_NUMERAL = "[一二三四五六七八九十]"
# The text in a bracket may hold one more pair of round brackets: 甲公司（原：乙（沙洲）公司）.
IN_BRACKETS = r"[（(【\[](?P<content>(?:[^（）()【】\[\]]|[（(][^（）()【】\[\]]*[)）])*)[)）】\]]"
_FINAL_BRACKETS = re.compile(rf"(?<!\s)\s*+{IN_BRACKETS}\s*$")
_ENDS_LIKE_PARTY = re.compile(rf"{forms.pattern('organisation_ending')}(?:[（(][^（）()]{{1,30}}[)）])?$")

# 包1, 第一包, 01包, 合同包 12, 标段A, 品目3号
_LOT_WORD = (
    rf"(?:第\s*)?(?:[0-9０-９一二三四五六七八九十]{{1,3}}\s*)?{forms.pattern('package_mark_on_name')}\s*(?:号)?\s*"
    r"[0-9A-Za-z一二三四五六七八九十]{0,4}"
)
_LOT_BEFORE = re.compile(
    rf"^[（(【\[]?\s*(?P<lot>{_LOT_WORD})\s*[)）】\]]?\s*[:：、.—－-]{{0,2}}\s*(?=\S)"
)  # 包1：甲公司, 01包-甲公司
# 甲公司（包1）, 甲公司（A包）
_LOT_AFTER = re.compile(
    rf"(?<!\s)\s*+[（(【\[]\s*+(?P<lot>{_LOT_WORD}|[A-Z]\s*{forms.pattern('package_mark_on_name')})\s*[)）】\]]\s*$"
)
_HAS_NUMBER = re.compile(r"[\d一二三四五六七八九十A-Za-z]")
# 第一名：, 第二中标候选人：, 1、, (2), 排名第1, 综合得分最高的, 份额1：
_RANK_BEFORE = re.compile(
    rf"^(?:第{_NUMERAL}+(?:名|中标候选人|成交候选人|中选候选人|候选人)|[0-9]{{1,2}}\s*[、.．)）]"
    r"|[（(][0-9]{1,2}[)）]|(?:综合|评审)?(?:得分|排名|排序)(?:第?[0-9一二三]+|最高)的?|份额\d\s*(?=[:：]))\s*[:：]?\s*"
)
# What stands before a name and its colon: 牵头人：, 成员二：, 中标人：, 联合体：.
MEMBER_NUMBER = r"[一二三四五六七八九1-9]?"
_ROLE_BEFORE = re.compile(
    rf"^(?:{forms.pattern('consortium_word', 'role_in_consortium')}{MEMBER_NUMBER}"
    rf"|{forms.pattern('winner_label_in_field')})\s*[:：]\s*"
    rf"|^{forms.pattern('role_in_consortium')}\s*[—-]{{1,2}}\s*"  # 牵头单位-甲公司
    rf"|^{forms.pattern('winner_label_in_field')}\s*(?:=|[—-]{{1,2}})\s*"  # 中标人——甲公司
    # 中标人 | 甲公司
    rf"|^{forms.pattern('won')}{forms.pattern('party')}(?:名称)?\s*(?=[\u4e00-\u9fff（）()]{{2,40}}{forms.pattern('firm_ending')}$)"
)
# The role of a name in brackets, before or after it: （主）甲公司（成）乙公司, 甲公司【牵头人】.
_ROLE_IN_BRACKETS = re.compile(
    rf"[（(【\[]\s*{forms.pattern('role_in_consortium')}{MEMBER_NUMBER}\s*[)）】\]]"
    r"|[（(【\[]\s*联合体(?:投标)?\s*[)）】\]]"
)
# 甲公司（评审总得分：87.80分）, 甲公司【第一名】
_REMARK = re.compile(
    rf"[（(【](?:[^（）()【】]*(?:{forms.pattern('remark_after_name')}|第[一二三四五六七八九十1-9]名)[^（）()【】]*)[)）】]"
)
# A remark in the last brackets, if the name before them is complete: a word for it, a field, a number or an address.
_FINAL_REMARK = re.compile(
    rf"^原|{forms.pattern('final_remark_after_name')}|[:：]|\d{{5}}|(?:省|市|区|县|镇|路|街).*(?:号|室|楼|层|\d)$"
)
# ，综合得分：91.2; ，综合评分92.1分
_SCORE_AFTER = re.compile(r"(?<![，,;；\s])[，,;；\s]*+(?:评审|综合)?(?:总)?(?:得分|评分)\s*[:：为]?\s*(?:\d.*)?$")
# Another field of the supplier after its name: ，曾用名：乙公司; 统一社会信用代码：9111; ，项目经理：略
_FIELD_AFTER = re.compile(rf"(?<![，,；;、\s])[，,；;、\s]*+{forms.pattern('field_after_name')}\s*[:：为].*$")
_SIZE_AFTER = re.compile(r"(?<![，,；;、\s])[，,；;、\s]*+[大中小微]{1,2}型?企业$")  # 甲公司 小型企业
# The code of a company, of which only the first digits may be shown: 91110108MA01ABCD5X, 9111010*********5X
_CREDIT_CODE = re.compile(
    r"(?<![-/，,、:：\s])[-/，,、:：\s]*+(?<![0-9A-Za-z])\d{3}[\d*]{5}[0-9A-Z*]{7,12}(?![0-9A-Za-z])[-/，,、:：\s]*+"
)
_EMPTY_BRACKETS = re.compile(r"[（(【\[]\s*[)）】\]]")
# An address after a name that is complete: 甲公司，某市某区某路8号; 甲公司北京市某区某路8号
_WITH_ADDRESS = re.compile(
    rf"(?P<name>.+?{forms.pattern('ends_listed_name')})[\s，,、:：-]*"
    rf"(?:{forms.pattern('province_in_address')}|[\u4e00-\u9fff]{{1,6}}?{forms.pattern('place_ending')}).+"
)
_ENCLOSED = re.compile(r"[【\[「（(](?P<name>(?:[^【】\[\]「」（）()]|[（(][^（）()]*[)）])+)[】\]」)）]")
_LIST_SIGNS = " \t，,。；;、:：|/／“”\"'《》*★☆●■◆•·"
# Anything else before a colon names the package, or something that is no supplier: 训练服务：甲公司, 监理单位：乙公司.
_LABEL_BEFORE = re.compile(r"^(?P<label>[^:：（(【\[]{2,30})[:：]\s*(?=\S)")
# Another field of the company sticks to its name: 甲公司资质：一级.
_NAME_IN_LABEL = re.compile(r".{3,}公司")
_OTHERS_LABEL = re.compile(forms.pattern("label_of_no_supplier"))
_BEFORE_LEADER = re.compile(r"^[^:：]{2,40}(?=(?:联合体)?牵头人\s*[:：])")  # 某某联合体（牵头人：甲公司
# The whole text is one of these: a word that names nobody, strokes, 详见附件, a number, a sum such as 100万元.
_NOT_A_NAME = re.compile(
    rf"^(?:[/\\\-—_无*\s.、]+|{forms.pattern('never_a_supplier')}|{forms.pattern('begins_no_supplier')}.*"
    r"|[\d.,%]+(?:元|万元)?)$"
)
_NOT_AN_END = re.compile(
    # 8号, 30 天; 地址; 科技路12; 12345; 8-2
    rf"(?:\d+\s*{forms.pattern('unit_of_address_or_time')}|{forms.pattern('ends_no_supplier')}|路\d+|\d{{4,}}|[-—]\d+)$"
)
# A head with the unit of its figures: 人月单价（元/月）, 投标报价（%）
_HEAD_WITH_UNIT = re.compile(r"[（(][^（()）]{0,12}(?:元|%)[^（()）]{0,8}[)）]$")
_HAS_LETTERS = re.compile(r"[\u4e00-\u9fffA-Za-z]{2}")
_PERSON_OR_WORD = re.compile(r"[\u4e00-\u9fff]{2,4}")
_SHORTEST_NAME, _LONGEST_NAME = 3, 80
# A name with its address, code and remarks is no longer.
_LONGEST_WITH_MARKS = 400
# A longer text with numbers in it is several cells that run together.
_LONGEST_WITH_NUMBER = 40
# More marks than these never stick to one name.
_MOST_MARKS = 4


@lru_cache(maxsize=8192)
def clean_party(text: str) -> str | None:
    """Return one name without package marks, ranks, scores, remarks and list marks. None if no name is left.

    >>> clean_party("包一：甲医疗科技(广州)有限公司"), clean_party("A建设有限公司（评审总得分：87.80分，排名第一）")
    ('甲医疗科技(广州)有限公司', 'A建设有限公司')
    >>> clean_party("甲软件有限公司（原：乙数据有限公司）91110108MA01ABCD5X")
    '甲软件有限公司'
    """
    if len(text) > _LONGEST_WITH_MARKS:
        return None
    name = _BEFORE_LEADER.sub("", join_cjk(text)).strip(_LIST_SIGNS)
    for _ in range(_MOST_MARKS):
        before = name
        name = _without_marks_before(_without_marks_after(name))
        if name == before:
            break
    name = re.sub(r"(?<=[\u4e00-\u9fff]{4})联合体$", "", _without_open_bracket(name))
    with_address = _WITH_ADDRESS.fullmatch(name) if _NOT_AN_END.search(name) else None
    name = with_address["name"] if with_address else name
    return name if _may_be_name(name) else None


def ends_like_party(name: str) -> bool:
    """Return whether a text ends as the name of an organisation does."""
    return bool(_ENDS_LIKE_PARTY.search(name))


def lot_mark(text: str) -> str | None:
    """Return the package mark that sticks to a supplier's name: ``包1：…`` or ``…（包1）``."""
    match = _LOT_BEFORE.match(text.strip()) or _LOT_AFTER.search(text.strip())
    return match["lot"] if match and _HAS_NUMBER.search(match["lot"]) else None


def without_lot_after(text: str) -> str:
    """Return a text without the package mark in brackets at its end."""
    return _LOT_AFTER.sub("", text)


def without_remarks(text: str) -> str:
    """Return a text without remarks in brackets, which may hold separators: （评审总得分：87.80分，排名第一）."""
    return _REMARK.sub("", text)


def _without_marks_before(name: str) -> str:
    name = _RANK_BEFORE.sub("", name)
    lot = _LOT_BEFORE.match(name)
    if lot and _HAS_NUMBER.search(lot["lot"]) and re.match(r"\S{4,}", name[lot.end() :]):
        name = name[lot.end() :]
    name = _ROLE_BEFORE.sub("", name)
    name = _without_other_label(name)
    enclosed = _ENCLOSED.fullmatch(name)
    return enclosed["name"] if enclosed else name


def _without_other_label(name: str) -> str:
    match = _LABEL_BEFORE.match(name)
    if match is None or ends_like_party(match["label"]):
        return name
    stuck = _NAME_IN_LABEL.match(match["label"])
    if stuck:
        return stuck.group()
    names_another = _OTHERS_LABEL.search(match["label"]) or role_of(match["label"]) in ("amount", "rate")
    return "" if names_another else name[match.end() :]


def _without_marks_after(name: str) -> str:
    brackets = _FINAL_BRACKETS.search(name)
    if brackets and ends_like_party(name[: brackets.start()]) and _FINAL_REMARK.search(brackets["content"]):
        name = name[: brackets.start()]
    name = _FIELD_AFTER.sub("", _SCORE_AFTER.sub("", name))
    size = _SIZE_AFTER.search(name)
    if size and ends_like_party(name[: size.start()]):
        name = name[: size.start()]
    name = _EMPTY_BRACKETS.sub("", _CREDIT_CODE.sub("", name)) if re.search(r"\d{3}", name) else name
    return _ROLE_IN_BRACKETS.sub("", _REMARK.sub("", _LOT_AFTER.sub("", name))).strip(_LIST_SIGNS)


def _may_be_name(name: str) -> bool:
    ends_like_name = ends_like_party(name)
    if not ends_like_name and (_PERSON_OR_WORD.fullmatch(name) or role_of(name) != "other"):
        return False  # a person's name, a word of another column, a head: 中标供应商
    if _HEAD_WITH_UNIT.search(name):
        return False
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
