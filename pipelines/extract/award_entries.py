"""Who won (or stands as a candidate) for how much, one entry for each place of a notice that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.extract.amounts import NOTHING, Amount
from pipelines.text.column_roles import role_of
from pipelines.text.document import Section


@dataclass(slots=True)
class Entry:
    """One winner field with the price, package and rank beside it. ``supplier`` is as written and may name several.

    ``group`` is what packages are counted in, where they are counted anew in each group (分标).
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
    words: list[str] = field(default_factory=list)


_AWARD = re.compile(
    r"中标|成交|中选|入围|定标|采购结果|招标结果|比选结果|遴选结果|询价结果|结果信息|结果如下|中标人|结果$"
    r"|评审结果|评标结果|评标情况|评审情况|候选"
)
_NOT_AWARD = re.compile(
    r"标的|媒介|媒体|期限|通知书|收费|代理服务|评审专家|评审小组|评标委员会|评委|磋商小组|谈判小组|报价表|得分"
    r"|询问|异议|质疑|联系|资格|其[它他]|附件|公示期|供应商名称及报价|未中标|未成交|发布|投诉|监督|推荐情况"
    r"|项目概况|项目基本情况"
)
_BIDDERS = re.compile(
    r"投标供应商名称及报价|(?:投标|响应|参与)(?:供应商|单位|人)(?:名单|情况|名称及报价)|候选(?:中标|成交)?供应商"
    r"(?:名单|评审得分|得分)|候选人名单|开标记录|开标情况"
)


def award_zone(parts: Sequence[Section], *, candidates: bool) -> tuple[str, str]:
    """The text that states the result, and the rest of the notice as far as a result may still stand in it.

    Lists of all bidders are neither: in them the losers stand first. In a candidate notice they are the result.
    """
    zone, rest = [], []
    for part in parts:
        heading = part.heading
        if not candidates and _BIDDERS.search(heading):
            continue
        if _AWARD.search(heading) and not _NOT_AWARD.search(heading) and (candidates or "候选" not in heading):
            # 三、成交供应商：某公司 is a heading and a label in one.
            zone.append(f"{heading}：{part.text}" if role_of(heading) in ("supplier", "amount") else part.text)
        elif not re.search(r"评审专家|评审小组|评标委员会|代理服务|收费|期限|标的信息|质疑|询问|联系", heading):
            rest.append(part.text if not heading else f"{heading}\n{part.text}")
    return "\n".join(zone), "\n".join(rest)
