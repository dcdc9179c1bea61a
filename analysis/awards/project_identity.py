"""When two names, numbers or buyers can mean the same project: docs/awards.md, section "One award".

All functions take keys: names and numbers in the form that is compared (``pipelines.storage.keys``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_NUMERAL = r"[一二三四五六七八九十\d]"

# blocks.sql uses the patterns without an underscore too, so they keep to what both Python and DuckDB's RE2 understand.

# The round of a tender at the end of a project name, such as 二次招标, 二次磋商, 二次询价, 二次谈判.
TENDER_ROUND = re.compile(
    "(?:"
    rf"第?{_NUMERAL}+次(?:招标|采购|公告|磋商|询价|谈判)?"  # 二次, 第2次招标, 三次采购, 二次公告
    "|重新(?:招标|采购|公告)?"  # 重新, 重新招标, 重新采购, 重新公告
    "|重招"
    "|再次(?:招标|采购)?"  # 再次, 再次招标, 再次采购
    ")$"
)
# Words at the end of a name that say nothing about the project: 平台采购项目, 平台项目, 平台采购.
GENERIC_ENDING = re.compile(r"(?:采购项目|项目|采购)$")
# A project name with the lot that a notice of one lot adds: 政务大模型平台包2配套服务.
# Group 1 is the name before the lot.
NAME_WITH_LOT = re.compile(
    "^(.{6,}?)(?:"
    rf"(?:合同|采购|分|标)?包{_NUMERAL}{{1,3}}"  # 包2, 合同包1, 采购包二, 分包3, 标包1
    rf"|标段{_NUMERAL}{{1,3}}"  # 标段1
    rf"|第?{_NUMERAL}{{1,3}}(?:标段|标包|分包|包)"  # 二标段, 1标包, 3分包, 第2包
    ").*$"
)

# A project number with the mark of one of its lots. Group 1 is the project's number.
NUMBER_OF_LOT = re.compile(
    "^(.{8,}?)(?:"
    rf"(?:合同|采购|分|标)?包{_NUMERAL}{{1,3}}"  # 包2, 合同包1, 标包03
    rf"|标段{_NUMERAL}{{1,3}}"  # 标段1
    rf"|第{_NUMERAL}{{1,3}}(?:标段|标包|分包|包)"  # 第二标段, 第1包
    r"|/\d{1,2}"  # /2
    ")$"
)
_PLAN_SERIAL = re.compile(r"XM\d{1,3}")  # XM001: 项目 1 of a purchasing plan
_PORTAL_PREFIX = re.compile(r"^\d{17,21}(?=\D)")
# The parts of a name that make it another project: 2025, 二期, 第一阶段, 2标段, 三批, 三批次, 2包.
_DISTINCTIONS = re.compile(rf"20\d\d|第?{_NUMERAL}+(?:期|阶段|标段|批次?|包)")
_BEFORE_NAME = re.compile(r"关于|20\d\d年?度?|的")  # 关于, 2025年, 2025年度
# 北京分公司, 杭州分行, 滨江支行, 西湖分局, 深圳分院, 第一分校, 二支队, 数据分中心, 城东营业部.
_BRANCH = re.compile(r"(?:分公司|分行|支行|分局|分院|分校|支队|分中心|营业部)$")


def base_name(name_key: str | None) -> str | None:
    """Return a project name without the round of the tender (二次, 重新招标): all rounds are the same project."""
    if not name_key:
        return None
    shorter = TENDER_ROUND.sub("", name_key)
    if shorter != name_key:
        # In the name of the first round, 采购项目 is at the end, so it is not part of the key. Here the round hid it.
        shorter = GENERIC_ENDING.sub("", shorter)
    return shorter if len(shorter) >= 4 else name_key


def name_without_lot(name: str) -> str | None:
    """Return the project's name from the name of one of its lots (…平台 包2 配套服务), None if ``name`` has no lot."""
    match = NAME_WITH_LOT.match(name)
    return GENERIC_ENDING.sub("", match.group(1)) if match else None


def number_strength(number_key: str) -> int:
    """Return how surely a project number alone identifies a project.

    2: hardly ever given twice. Twelve characters are a system's own number.
    1: sure with one more hint, such as an agency's ``GC-HCD260669``.
    0: only with the buyer. Every buyer has a ``2026-001``.
    """
    if len(number_key) >= 12:
        return 2
    return 1 if len(number_key) >= 8 and any(not character.isdigit() for character in number_key) else 0


def joining_number(number_key: str | None) -> str | None:
    """Return the number by which a notice can be joined: without the mark of a lot (…0022包1, …0022/2).

    None for a bare serial (XM001), which is in every plan.
    """
    if number_key is None or _PLAN_SERIAL.fullmatch(number_key):
        return None
    return NUMBER_OF_LOT.sub(r"\1", number_key)


def without_portal_prefix(number_key: str) -> str:
    """Return a number without the 17 to 21 digits that a portal writes before it, unless nothing else is left."""
    return _PORTAL_PREFIX.sub("", number_key)


def is_same_number(one: str, other: str) -> bool:
    """Return whether two keys are one number: equal, or equal once the portal's prefix is removed from one of them."""
    return one == other or without_portal_prefix(one) == other or one == without_portal_prefix(other)


@lru_cache(maxsize=65536)
def can_be_same_name(one: str, other: str) -> bool:
    """Return whether two names can be one project.

    They must be equal, contained or nearly equal, and have the same year, phase and lot.
    """
    if one == other:
        return True
    if not has_same_distinctions(one, other):
        return False
    short, long = sorted((one, other), key=len)
    if len(short) >= 6 and short in long:
        return True
    bigrams, other_bigrams = set(pairwise(one)), set(pairwise(other))
    if not bigrams or not other_bigrams:
        return False
    return 2 * len(bigrams & other_bigrams) >= 0.7 * (len(bigrams) + len(other_bigrams))


def has_same_distinctions(one: str, other: str) -> bool:
    """Return whether two names have the same year, phase and lot, or both none."""
    return set(_DISTINCTIONS.findall(one)) == set(_DISTINCTIONS.findall(other))


def is_name_with_prefix(one: str, other: str, buyer: str) -> bool:
    """Return whether one name is the other with words before it that any project of the buyer can have.

    These are the buyer or a part of it (its city), a year and 关于: 关于某市民政局2025年智能客服 is 智能客服.
    """
    short, long = sorted((one, other), key=len)
    if len(short) < 6 or short == long or not long.endswith(short):
        return False
    rest = _BEFORE_NAME.sub("", long.removesuffix(short).replace(buyer.casefold(), ""))
    return rest in buyer.casefold()


def can_be_same_buyer(one: str, other: str) -> bool:
    """Return whether two names can be one buyer: equal, or one contains the other. Two branches are two buyers."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and short in long and not (is_branch(one) and is_branch(other))


def is_branch(buyer_key: str) -> bool:
    """Return whether the buyer is a branch of an organisation."""
    return _BRANCH.search(buyer_key) is not None
