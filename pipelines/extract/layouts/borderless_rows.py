"""The pattern of one row of a flattened table: each column by the shape of its cells, up to where the next row opens."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.extract.layouts.cell_patterns import (
    BARE,
    BARE_BEFORE_SCORE,
    BRANCH,
    FIRM,
    LABELLED,
    LOOSE,
    MOST_SKIPPED,
    NOT_SAID,
    NOTE,
    PLACE,
    WITH_UNIT,
)
from pipelines.lexicon.forms import ColumnRole


def opening(first: ColumnRole, mark: tuple[str, int, str] | None, number: int) -> str:
    """What a row begins with, as a pattern: its number, its package's mark, or both; nothing where rows are not numbered."""
    package = rf"{mark[0]}\s*{str(number).zfill(mark[1])}\s*{mark[2]}" if mark else ""
    if first == "row" and mark and mark[0] + mark[2]:  # a package that failed has no row: 1 may hold 02包
        return rf"{number}\s*{mark[0]}\s*\d{{{mark[1]}}}\s*{mark[2]}"
    if first == "row":
        return rf"{number}\s*{package}"
    if first == "lot":
        return package or rf"(?:{number}|{chr(64 + number) if number < 27 else number})"
    return ""


_NAME_CHARACTER = r"[^\d\n：:￥，,、;；]"
_SPACED_NAME = r"(?P<supplier>(?:(?:联合体)?牵头人?\s*[:：]\s*)?\S{3,160}?(?:\s(?:联合体)?成员[^\s:：]{0,3}\s*[:：]\s*\S+)?)(?=\s|$)"


def _glued_name(firm: str) -> str:
    """A supplier's name that runs into the next cell: it ends as firms end, and an address, a price or nothing follows."""
    # 某大学设计研究院 is not 某大学.
    whole = r"(?![\u4e00-\u9fff]{0,8}(?:研究院|设计院|研究所|医院|学院|分院|中心|协会|实验室))"
    name = rf"{_NAME_CHARACTER}{{2,60}}?{firm}{whole if firm is FIRM else ''}{BRANCH}{NOTE}"
    names = rf"{name}(?:[，,、]\s*{name}){{0,9}}"
    consortium = rf"(?:联合体)?牵头人?\s*[:：]\s*{name}\s*(?:联合体)?成员\S{{0,3}}?\s*[:：]\s*{names}"
    # 某某有限公司 is not the whole of 某某有限公司北京市分公司.
    place = rf"(?![\u4e00-\u9fff]{{2,10}}?(?:分公司|支公司|分行|支行|营业部)){PLACE}"
    return rf"(?P<supplier>{consortium}|{names})(?={place}|[\d￥-]|{LABELLED}|{NOT_SAID}|\s|$|无|/)"


@lru_cache(maxsize=512)
def row_pattern(
    roles: tuple[ColumnRole, ...],
    heads: tuple[str, ...],
    spaced: bool,
    mark: tuple[str, int, str] | None,
    amount: str,
    score: str,
    number: int,
    firm: str,
) -> re.Pattern[str]:
    """The rest of a row behind its number: each column by the shape of its cells, free text as short as it can be."""
    columns: list[str] = []
    seen: set[str] = set()
    for index, (role, head) in enumerate(zip(roles, heads, strict=True)):
        if role == "row" or role == "lot":
            continue
        if role in ("supplier", "bidder"):
            columns.append(_SPACED_NAME if spaced else _glued_name(firm))
        elif role in ("amount", "rate") and "amount" not in seen:
            seen.add("amount")
            after_text = index > 0 and roles[index - 1] in ("address", "other", "supplier", "bidder")
            shape = BARE_BEFORE_SCORE if amount is BARE and roles[index + 1 : index + 2] == ("score",) else amount
            columns.append(rf"{LOOSE if after_text else ''}(?P<amount>{shape}|{NOT_SAID})")
        elif role == "score":
            columns.append(rf"(?:{WITH_UNIT}|-|/|{BARE}(?=\D|$))?" if "价" in head else rf"(?:{score}分?|-|/)?")
        elif role == "code":
            columns.append(r"(?:[0-9A-Z]{15,20})")
        elif role == "lot_name":
            columns.append(r"(?P<lot>\S+)" if spaced else "")
        elif role == "unit":
            columns.append(r"(?:人民币)?(?:万?元)?")
        elif head in ("评审方法", "评标方法"):
            columns.append(r"(?:[\u4e00-\u9fff]{2,8}法)?")
        elif head == "是否价格扣除":
            columns.append(r"[是否]?")
        else:
            columns.append(r".*?")
    return re.compile(
        r"\s*" + r"\s*".join(columns) + r"\s*?" + _row_end(roles, spaced, mark, amount, number), re.DOTALL
    )


def _row_end(
    roles: tuple[ColumnRole, ...], spaced: bool, mark: tuple[str, int, str] | None, amount: str, number: int
) -> str:
    """What may stand behind a row: the opening of the next one, or nothing more. 2号 and 3楼 are an address, no opening."""
    if roles[0] not in ("row", "lot"):
        return r"(?=\s|\Z)"
    if spaced or (mark and mark[0] + mark[2]):
        words = r"[\u4e00-\u9fff￥A-Za-z]"
    else:
        words = r"(?:(?![号楼层室栋幢座弄组路期街米]|单元)[\u4e00-\u9fff￥]|[A-Za-z]{" + ("1}" if mark else "3}") + ")"
    openings = "|".join(opening(roles[0], mark, number + step) for step in range(1, MOST_SKIPPED + 2))
    # Digits follow the next row's number only where its next cell is a bare sum.
    sum_follows = roles[1:2] == ("amount",) and amount is not LABELLED
    sums = rf"|\s*{opening(roles[0], mark, number + 1)}\s*(?:{BARE})" if sum_follows else ""
    return rf"(?=\s*(?:{openings})\s*{words}{sums}|\s*\Z|\n)"
