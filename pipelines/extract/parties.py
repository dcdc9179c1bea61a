"""Names of suppliers and buyers: where one begins and ends, what stuck to it, and who won together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pipelines.text.characters import join_cjk

# What the name of an organisation ends with. Order matters only for reading: the longest match wins.
_SUFFIXES = (
    "有限责任公司 股份有限公司 集团有限公司 有限公司 集团公司 公司 集团 分公司 支公司 事务所 研究院 研究所 "
    "设计院 研究中心 中心 大学 学院 学校 中学 小学 幼儿园 "
    "医院 卫生院 协会 学会 商会 联合会 基金会 合作社 联社 银行 支行 分行 经营部 经销部 销售部 服务部 维修部 "
    "商贸部 门市部 批发部 供应站 服务站 维修站 加油站 商行 商店 "
    "超市 工作室 家具店 食品店 文具店 书店 药店 饭店 酒店 宾馆 餐厅 餐馆 印刷厂 修理厂 维修厂 加工厂 厂 农场 "
    "林场 园艺场 养殖场 出版社 杂志社 报社 电视台 广播台 旅行社 "
    "博物馆 图书馆 档案馆 科技馆 总站 总队 支队 大队 服务处 办事处 管理处 管理局 管理站 局 委员会 居委会 村委会 "
    "政府 合伙) 合伙） 部 店 行 社 院 所 站 队 馆 坊 铺 场 园 处"
).split()
_SUFFIX = "|".join(sorted({re.escape(word) for word in _SUFFIXES}, key=len, reverse=True))
ENDS_LIKE_PARTY = re.compile(rf"(?:{_SUFFIX})(?:[（(][^（）()]{{1,30}}[)）])?$")
_LOT_WORD = (
    r"(?:第\s*)?(?:[0-9０-９一二三四五六七八九十]{1,3}\s*)?(?:合同包|采购包|标包|标段|标项|分包|包组|包件|品目|包)\s*"
    r"(?:号)?\s*[0-9A-Za-z一二三四五六七八九十]{0,4}"
)
_LOT_PREFIX = re.compile(rf"^[（(【\[]?\s*({_LOT_WORD})\s*[)）】\]]?\s*[:：、.]?\s*(?=\S)")
_LOT_SUFFIX = re.compile(rf"\s*[（(【\[]\s*({_LOT_WORD})\s*[)）】\]]\s*$")
_RANK_PREFIX = re.compile(
    r"^(?:第[一二三四五六七八九十]+(?:名|中标候选人|成交候选人|中选候选人|候选人)|[0-9]{1,2}\s*[、.．)）]"
    r"|[（(][0-9]{1,2}[)）]|排名第?[0-9一二三]+)\s*[:：]?\s*"
)
_ROLE_PREFIX = re.compile(
    r"^(?:联合体)?(?:牵头人|牵头单位|牵头方|牵头供应商|牵头|主办方|主体|成员方?|成员单位|成员[一二三四0-9]"
    r"|联合体成员(?:单位|方)?[一二三四0-9]?|供应商名称|中标人|中标单位|成交人|成交单位|成交供应商|中标供应商|名称"
    r"|投标联合体|联合体)\s*[:：]\s*"
)
_REMARK = re.compile(
    r"[（(【](?:[^（）()【】]*(?:份额|占比|得分|评分|分数|排名|排序|综合评|评审|第[一二三四五六七八九十]名|候选"
    r"|核心产品|小微|微型企业|小型企业|中型企业|中小|统一社会信用|信用代码|地址|电话|老师|先生|女士"
    r"|联系)[^（）()【】]*)[)）】]"
)
_LEADER = re.compile(
    r"[（(]\s*(?:联合体)?(?:牵头人|牵头单位|牵头方|牵头|主体|联合体牵头[单位人方]*|主办方|联合体主办方"
    r"|主)[^（）()]{0,6}[)）]|^(?:联合体)?(?:牵头人|牵头单位|牵头方|牵头供应商)\s*[:：]"
)
_MEMBER = re.compile(
    r"[（(]\s*(?:联合体)?(?:成员|成员单位|成员方|联合体成员[单位方]*|参与方|参加方|成)[^（）()]{0,6}[)）]|^"
    r"(?:联合体)?(?:成员|成员单位|成员方)\s*[:：]"
)
_CONSORTIUM = re.compile(r"联合体|牵头|成员单位|成员方|成员[:：]|[（(]主[)）]")
_MEMBER_LABEL = re.compile(
    r"\s*(?=(?:投标联合体|联合体成员(?:单位|方)?[一二三四0-9]?|(?<!联合体)成员(?:单位|方)?[一二三四0-9]?|联合体)\s*[:：])"
)
_INNER_MEMBERS = re.compile(
    r"[（(]\s*(?:联合体(?:成员)?(?:单位|方|各方)?|联合体组成|成员(?:单位|方)?)\s*[:：]\s*(.+?)[)）]\s*$"
)
_NOT_A_NAME = re.compile(
    r"^(?:[/\\\-—_无*\s.、]+|详见.*|见附件.*|未提供|废标|流标|终止|供应商(?:名称)?|中标(?:人|单位)?|成交(?:人"
    r"|单位)?|名称|地址|公告|是|否|合格|通过|不通过|有效|空|暂无.*|本项目.*|经评.*|根据.*|投标.*|采购人.*|[\d.,%]+"
    r"(?:元|万元)?)$"
)
# A cell of another column: an address, a head, a date, a certificate, a person's post.
_NOT_AN_END = re.compile(
    r"(?:\d+\s*(?:号|室|楼|层|栋|幢|座|弄|单元|组|天|月|年|日)|名称|地址|编号|号码|日期|证书|负责人|经理|工程师"
    r"|等级|级别|要求[)）]?|标准|情况|金额|价格|得分|人名称|单位名称|资质|专业|承诺|合格[)）]?|评分法|评标价法|最低价法|路\d+|\d{4,}"
    r"|[-—]\d+)$"
)
_SHARE = re.compile(r"(?:份额|比例|占比|份额比例|中标份额|拟中标份额)\s*[:：]?\s*(?:约)?\s*(\d{1,3}(?:\.\d+)?)\s*%")
_SHARE_TAIL = re.compile(r"[，,（(]?\s*(?:拟?中[标选]|成交)?(?:份额|占比).*$")
# A role in brackets ends a member's name, whatever the name ends with.
_MARK_END = re.compile(r"[（(](?:联合体)?(?:牵头|成员|主办|参与)[^（）()]{0,8}[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Party:
    """One organisation as named in a supplier field. ``lot`` is a package mark that stuck to the name."""

    name: str
    lot: str | None = None
    leads: bool = False
    consortium: bool = False
    share_pct: Decimal | None = None


def clean_party(text: str) -> str | None:
    """One name without package marks, ranks, scores, remarks and list marks; None where no name is left.

    >>> clean_party("包一：梅菲尔医疗科技(广州)有限公司"), clean_party("A建设工程有限公司（评审总得分：87.80分，综合排名第一）")
    ('梅菲尔医疗科技(广州)有限公司', 'A建设工程有限公司')
    """
    name = re.sub(r"^[^:：]{2,40}(?=(?:联合体)?牵头人\s*[:：])", "", join_cjk(text)).strip(" \t，,。；;、:：|“”\"'《》")
    for _ in range(3):
        before = name
        name = _RANK_PREFIX.sub("", name)
        lot = _LOT_PREFIX.match(name)
        if (
            lot
            and re.search(r"\d|[一二三四五六七八九十A-Za-z]", lot.group(1))
            and re.match(r"\S{4,}", name[lot.end() :])
        ):
            name = name[lot.end() :]
        name = re.sub(r"[，,;；\s]*(?:评审|综合)?(?:总)?得分[:：].*$", "", _ROLE_PREFIX.sub("", name))
        name = _LOT_SUFFIX.sub("", name)
        name = _REMARK.sub("", name)
        name = _LEADER.sub("", _MEMBER.sub("", name)).strip(" \t，,。；;、:：|")
        if name == before:
            break
    name = re.sub(r"(?<=[\u4e00-\u9fff]{4})联合体$", "", _open_bracket_tail(name))
    if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name) and not ENDS_LIKE_PARTY.search(name):
        return None  # a person's name, or a word of another column
    if "%" in name or (len(name) > 40 and re.search(r"\d{3,}", name)):
        return None  # several cells run together
    if (
        len(name) < 3
        or len(name) > 80
        or _NOT_A_NAME.match(name)
        or _NOT_AN_END.search(name)
        or not re.search(r"[\u4e00-\u9fffA-Za-z]{2}", name)
    ):
        return None
    return name


def _open_bracket_tail(name: str) -> str:
    """Drops what follows an opening bracket that never closes (a field cut off)."""
    if len(re.findall(r"[（(]", name)) > len(re.findall(r"[)）]", name)):
        return re.sub(r"[（(][^（(]*$", "", name).strip()
    return name


def lot_mark(text: str) -> str | None:
    """The package mark stuck to a supplier's name: ``包1：…`` or ``…（包1）``."""
    match = _LOT_PREFIX.match(text.strip()) or _LOT_SUFFIX.search(text.strip())
    return match.group(1) if match and re.search(r"[\d一二三四五六七八九十A-Za-z]", match.group(1)) else None


def split_parties(text: str) -> list[Party]:
    """All organisations that one supplier field names, the leader of a consortium first.

    A list parted by 、 or ; is a consortium only where the field says so; otherwise its members won side by side.
    """
    field = text.strip()
    marked = bool(_CONSORTIUM.search(field))
    lot = lot_mark(field)
    bare = _LOT_SUFFIX.sub("", _REMARK.sub("", field)).strip()
    inner = _INNER_MEMBERS.search(bare)
    if inner:
        pieces = [bare[: inner.start()], *re.split(r"[,，、;；]", inner.group(1))]
    else:
        body = re.sub(r"(?:[（(]?\s*联合体(?:投标|体)?\s*[)）]?)\s*$", "", field)
        body = re.sub(r"[（(]\s*(?:以下简称[^（）()]*|联合体)\s*[)）]", "", body)
        body = _MEMBER_LABEL.sub("\n", body)
        pieces = _pieces(body)
    parties: list[Party] = []
    for piece in pieces:
        name = clean_party(_SHARE_TAIL.sub("", piece))
        if name is None or any(party.name == name for party in parties):
            continue
        share = _SHARE.search(piece)
        parties.append(
            Party(
                name=name,
                lot=lot,
                leads=bool(_LEADER.search(piece.strip())),
                consortium=marked,
                share_pct=Decimal(share.group(1)) if share else None,
            )
        )
    if marked and len(parties) == 1:
        return [Party(parties[0].name, lot, True, False, parties[0].share_pct)]
    return sorted(parties, key=lambda party: not party.leads) if marked else parties


def _pieces(text: str) -> list[str]:
    """Cuts at separators outside brackets, so that 北京A（B、C）公司 stays whole."""
    depth = 0
    cuts = [0]
    for index, character in enumerate(text):
        if character in "（(":
            depth += 1
        elif character in ")）":
            depth = max(0, depth - 1)
        elif depth == 0 and (
            character in ";；、\n" or (character in ",，/／ 和及与" and _apart(text[:index], text[index + 1 :]))
        ):
            cuts.append(index + 1)
    pieces = [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text) + 1], strict=True)]
    return [piece.rstrip(";；、\n,，/／ 和及与") if len(piece) > 1 else piece for piece in pieces if piece.strip()]


def _apart(left: str, right: str) -> bool:
    """Whether a comma, a stroke or an 和 between two texts parts two organisations."""
    if _MARK_END.search(left):
        return True
    left_name = re.sub(r"[（(][^（）()]*[)）]\s*$", "", left.strip())
    right_head = re.split(r"[;；、,，\n]", right.strip(), maxsplit=1)[0]
    right_name = re.sub(r"[（(][^（）()]*[)）]\s*$", "", right_head)
    return bool(
        re.search(r"(?:公司|院|所|中心|大学|厂)$", left_name)
        and re.search(r"(?:公司|院|所|中心|大学|厂)(?:$|\s)", right_name)
    )


def ends_like_party(name: str) -> bool:
    """Whether a text ends as the name of an organisation does."""
    return bool(ENDS_LIKE_PARTY.search(name))
