"""What a column head or a label means. One place, so that tables, flattened tables and labelled lines agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from pipelines.text.characters import compact

Role = Literal[
    "supplier",
    "amount",
    "rate",
    "group",
    "lot",
    "lot_name",
    "row",
    "unit",
    "rank",
    "share",
    "result",
    "address",
    "score",
    "code",
    "bidder",
    "other",
]

_WHO = r"(?:供应商|单位|人|商|方|企业|机构|公司|服务商|投标人)"
_WON = r"(?:拟|预|最终)?(?:中标|成交|中选|入围|入选|中签)(?:[（(/、]?(?:成交|中标|中选)[）)]?)?"
_RULES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("address", re.compile(r"地址|住所|注册地")),
    (
        "other",
        re.compile(
            r"联系|电话|负责人|项目经理|证书|法定代表|法人|资质|工期|服务期|交货期|质保|质量|信用等级|企业规模"
            r"|规模|类型$|性质|预算|限价|控制价|代理|保证金|品牌|规格|型号|数量|单位性质|评审方法|评标方法"
            r"|价格扣除|时间|要求|标准|原因|理由"
        ),
    ),
    ("code", re.compile(r"信用代码|机构代码|编码$|供应商编码")),
    ("score", re.compile(r"得分|评分|分数|总分|评审结果$|评审价|评审的?投标|评审报价|评标价|修正|评审总|扣除后|算术")),
    (
        "rank",
        re.compile(
            r"^(?:排序|名次|排名|推荐排名|推荐排序|推荐顺序|候选人排序|中标候选人排序|排列顺序|评审排序|得分排名"
            r"|综合排名|候选顺序|中标候选排序)$"
        ),
    ),
    ("share", re.compile(r"份额|占比")),
    ("result", re.compile(r"是否中标|是否成交|是否推荐|推荐意见|中标情况$|中标结果$|是否中选")),
    ("rate", re.compile(r"(?:折扣|费|下浮|优惠|上浮|让利)率|折扣$|系数$|百分比")),
    (
        "supplier",
        re.compile(
            rf"^(?:{_WON}{_WHO}(?:名称|名单|全称)?|{_WON}候选{_WHO}(?:名称)?|供应商(?:名称|全称)?|名称（供应商）"
            rf"|中标名称|(?:第[一二三]|(?:拟|被)?推荐的?)?(?:中标|成交|中选)候选{_WHO}(?:名称)?|候选人(?:名称)?|候选{_WHO}名称"
            rf"|乙方(?:名称)?|承包人|公司名称|(?:中标|成交)(?:（成交）|\(成交\))?供应商名称及地址)$"
        ),
    ),
    (
        "bidder",
        re.compile(
            r"^(?:投标|响应|参与|参选|报价|磋商|应答|竞标|供应)(?:文件提交)?(?:人|单位|供应商|商|方|企业)(?:名称"
            r"|全称)?$|^单位名称$|^企业名称$|^投标供应商名称$|^名称$"
        ),
    ),
    (
        "lot_name",
        re.compile(
            r"^(?:(?:标项|标段|标包|包|分包|合同包|采购包|包组|项目|品目|标的|采购标的|货物|服务|工程|分标|子包"
            r"|包件|标段[（(]包[)）])名称|采购内容|招标内容|包组或产品名称|产品名称|标的物?|分包内容|包组名称"
            r"|采购项目名称|项目内容)$"
        ),
    ),
    (
        "lot",
        re.compile(
            r"^(?:(?:标项|标段|标包|包|分包|合同包|采购包|包组|分标|品目|包件|子包|标)(?:号|编号|序号)?"
            r"|标段[（(]包[)）](?:号|编号)?)$"
        ),
    ),
    ("row", re.compile(r"^(?:序号|序|编号|No\.?)$")),
    ("unit", re.compile(r"^(?:单位|计量单位|金额单位|币种单位|报价单位)$")),
    ("other", re.compile(r"单价|预算|最高|税率|税额|含税率")),
    (
        "amount",
        re.compile(
            rf"{_WON}(?:总)?(?:金额|价|价格|报价|总价|合价)|(?:投标|最终|最后|磋商|谈判|应答|响应|评标|总|首次|二次"
            rf"|合同|分项|候选人?)*(?:报价|总价|金额)|^(?:价格|金额|总价|合计|总计|报价|(?:投标|应答|响应)价格?)$"
            rf"|中标（成交金额）|成交金额|中标价|优惠价|^{_WON}(?:金额|价)"
        ),
    ),
)


@lru_cache(maxsize=8192)
def role_of(head: str) -> Role:
    """The role of a column by its head; the bracketed remark behind the words decides nothing but units.

    >>> role_of("中标（成交）金额(元)"), role_of("供应商名称"), role_of("货物单价(元)"), role_of("标段(包)编号")
    ('amount', 'supplier', 'other', 'lot')
    """
    text = compact(head).strip(":：*")
    if not text or len(text) > 40:
        return "other"
    bare = re.sub(
        r"(?<=.)[（(\\][^（()）]*(?:元|%|％|万|单位|分|如有|公章|人民币|含税|天|日|套|数值|RMB|下浮"
        r"|报价)[^（()）]*[)）](?:\\?[（(][^（()）]*[)）])*$",
        "",
        text,
    )
    for role, pattern in _RULES:
        if pattern.search(bare):
            return role
    return "other"


def grouped(roles: Sequence[Role], heads: Sequence[str]) -> list[Role]:
    """The roles of the columns of one table, told apart where two name a package: 分标编号 | 分标名称 | 包号 | 项目名称.

    Of them the last is the package, and what stands before it is the group that packages are counted in.
    """
    last = max((at for at, role in enumerate(roles) if role == "lot"), default=-1)
    names = sum(role == "lot_name" for role in roles)
    return [
        "group"
        if (role == "lot" and at < last) or (role == "lot_name" and names > 1 and heads[at].startswith("分标"))
        else role
        for at, role in enumerate(roles)
    ]


LOT_MARK = re.compile(
    r"(?:第\s*(?P<a>[0-9一二三四五六七八九十]{1,3})\s*(?:合同包|采购包|标包|标段|标项|分包|包组|包件|包|标)(?!括|含|装|裹|头))"
    r"|(?:(?:合同包|采购包|标包|标段|标项|分包|包组|包件|分标|包|标)\s*(?:编?号)?\s*[:：]?\s*(?P<b>[0-9]{1,3}"
    r"|[一二三四五六七八九十]{1,3}|[A-Z](?![A-Za-z0-9])|[0-9]{1,2}(?=号)))"
    r"|(?:(?P<c>[0-9]{1,3}|[A-Z])\s*(?:号)?(?:合同包|采购包|标包|标段|标项|分包|包组|包件|包)(?!括|含|装|裹|头))"
    r"|(?:(?P<d>[一二三四五六七八九十]{1,3})\s*(?:合同包|采购包|标包|标段|标项|分包|包(?!括|含|装|裹)))"
)
_CHINESE = "零一二三四五六七八九"


def lot_number(text: str) -> int | None:
    """The number of a package mark: 包1, 第一包, 合同包3(…), 01包, A包, 二标段; None where there is none.

    >>> [lot_number(mark) for mark in ("第一包", "合同包12(网络):", "01包", "B包", "包装机")]
    [1, 12, 1, 2, None]
    """
    match = LOT_MARK.search(text)
    if not match:
        return None
    return ordinal(match["a"] or match["b"] or match["c"] or match["d"])


def ordinal(mark: str) -> int | None:
    """1, 01, 一, 十二 or A as a number.

    >>> ordinal("十二"), ordinal("03"), ordinal("C"), ordinal("甲")
    (12, 3, 3, None)
    """
    mark = mark.strip()
    if mark.isdigit():
        return int(mark) or None
    if len(mark) == 1 and "A" <= mark <= "Z":
        return ord(mark) - ord("A") + 1
    tens, ten, ones = mark.partition("十")
    if ten:
        if (tens and tens not in _CHINESE) or (ones and ones not in _CHINESE):
            return None
        return (_CHINESE.index(tens) if tens else 1) * 10 + (_CHINESE.index(ones) if ones else 0)
    return _CHINESE.index(mark) if len(mark) == 1 and mark in _CHINESE[1:] else None
