"""The places of a notice that say who won, or is a candidate, and for how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.extract.amounts import NOTHING, Amount
from pipelines.extract.stated_units import unit_of_heading
from pipelines.lexicon import forms
from pipelines.text.column_roles import role_of
from pipelines.text.document import Section


@dataclass(slots=True)
class Entry:
    """One field with a winner, and the price, package and rank near it.

    ``supplier`` is as written and may name several. ``group`` is what packages are counted in, if each group (分标)
    counts its packages from 1. ``is_candidate``: the field calls the supplier a candidate (第一中标候选人：甲公司).
    """

    supplier: str
    amount: Amount = NOTHING
    lot: int | None = None
    lot_name: str | None = None
    numbered: bool = False
    rank: int | None = None
    share: str | None = None
    group: str | None = None
    failed: bool = False
    is_candidate: bool = False
    words: list[str] = field(default_factory=list)


_RESULT = re.compile(rf"{forms.pattern('result_heading')}|结果$")  # 三、中标（成交）信息; 二、结果
_NO_RESULT = re.compile(forms.pattern("no_result_heading"))
_BIDDERS = re.compile(forms.pattern("bidders_heading"))
_UNRELATED = re.compile(forms.pattern("unrelated_heading"))


def award_zone(parts: Sequence[Section], *, candidates: bool) -> tuple[str, str]:
    """Return the text that states the result, and the rest of the notice that may also hold a result.

    Lists of all bidders are in neither text, because losers may come first in them. In a notice about candidates they
    are the result.
    """
    zone: list[str] = []
    rest: list[str] = []
    names_winner = False
    for part in parts:
        heading = part.heading
        role = role_of(heading)
        if names_winner and role in ("amount", "rate"):
            # 一、成交供应商：某公司 and then 二、报价：100万元
            zone.append(f"{heading}：{part.text}")
            continue
        names_winner = False
        if not candidates and _BIDDERS.search(heading):
            continue
        if _RESULT.search(heading) and not _NO_RESULT.search(heading) and (candidates or "候选" not in heading):
            # 三、成交供应商：某公司 is a heading and a label in one.
            # 一、中标人信息 above 标段(包)[001]训练服务： is none.
            value = part.text.strip().split("\n", 1)[0]
            is_label = role in ("supplier", "amount") and not value.endswith((":", "："))
            names_winner = is_label and role == "supplier"
            unit = unit_of_heading(heading)
            above = f"单位：{unit}\n" if unit else ""
            zone.append(f"{heading}：{part.text}" if is_label else f"{above}{part.text}")
        elif not _UNRELATED.search(heading):
            rest.append(part.text if not heading else f"{heading}\n{part.text}")
    return "\n".join(zone), "\n".join(rest)
