"""Result tables whose cell borders were lost: heads run together, then the cells of each row.

``序号供应商名称供应商地址中标（成交）金额评审总得分1某某有限公司某省某市报价：24.3（%）83.5``. The heads say which cells
follow in which order; each cell has a shape of its own (a row number, a name that ends as organisations do, an amount,
a score), and the page's own total, where it has one, tells two possible cuts of glued digits apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipelines.amounts import read_amount
from pipelines.columns import Role, role_of
from pipelines.entries import Entry
from pipelines.parties import clean_party
from pipelines.tables import bare_unit, lot_of_line

_WON = r"(?:拟|预)?(?:中标|成交|中选|入围)(?:（成交）|\(成交\)|成交)?"
_UNIT_REMARK = r"(?:[（(](?:人民币)?(?:元|万元|%|元/%|万元/%|分|可填写下浮率、折扣率或费率|含税|不含税)[)）])?"
_HEAD = (
    r"(?:序号|备注|排名|排序|名次|币种|单位(?!名称)"
    r"|(?:标项|标段|标包|包组|分包|合同包|采购包|品目|包件)(?:号|编号|名称|(?![\d一二三四五六七八九十]))|包(?:号"
    r"|编号|名称)|采购内容|项目名称|采购项目名称|服务内容"
    rf"|(?:{_WON})?(?:供应商|单位)?(?:统一社会)?信用代码|供应商编码|(?:{_WON})?(?:供应商|单位|人)?(?:联系)?地址"
    rf"|{_WON}(?:供应商|单位|人|商)(?:名称|全称)?|供应商(?:名称|全称)?|(?:投标|响应)(?:供应商|单位|人)(?:名称|全称)?"
    rf"|中标（成交金额）|(?:{_WON}|最终|最后|投标|磋商|谈判|响应|合同|总)+(?:总)?(?:金额|价格|报价|总价"
    rf"|价){_UNIT_REMARK}|(?:金额|报价|总价){_UNIT_REMARK}"
    rf"|(?:评审|综合|最终|最后|评标|技术|商务|价格)?(?:总)?(?:得分|评分)(?:结果)?(?:[（(]分[)）])?|评审(?:报价|价格"
    rf"|价){_UNIT_REMARK}|评审方法|评标方法|是否价格扣除)"
)
_HEAD_ROW = re.compile(rf"(?:{_HEAD}\s*){{3,}}")
_HEADS = re.compile(_HEAD)
_PLACE = (
    r"(?:中国（|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西"
    r"|海南|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|内蒙古|香港|澳门|[\u4e00-\u9fff]{1,7}?(?:省|市|自治区|自治州"
    r"|地区|盟|县|区|镇|乡|街道|旗|路|大道|村))"
)
_FIRM = (
    r"(?:公司|（有限合伙）|\(有限合伙\)|（普通合伙）|\(普通合伙\)|合伙企业|事务所|研究院|设计院|研究所|科学院|大学"
    r"|学院|协会|学会|联合会|合作社|出版社|经营部|经销部|服务部|维修部|商贸部|销售部|商行|商店|工作室|汽修厂|修理厂"
    r"|印刷厂|中心|超市|酒店|饭店|医院|银行|总站|大队|[厂店部行社院所站队处])"
)
_BRANCH = r"(?:[\u4e00-\u9fff（）()]{1,14}?(?:分公司|支公司|分行|支行|营业部))?"
_NOTE = r"(?:[（(][^（）()]{2,60}[)）]|联合体){0,2}"
_UNIT = r"\s*(?:[（(]?\s*(?:人民币)?\s*(?:万元|元|亿元|%)(?:\s*/\s*[\u4e00-\u9fff·/]{1,8})?\s*[)）]?|[（(][^（）()\d]{1,12}[)）])"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PRICE_NAME = (
    r"(?:(?:投标|最终|最后|首次|磋商|谈判|响应|应答|中标|成交|总价形式|总|含税|不含税|项目|合同|综合|年度?|固定|优惠"
    r"|下浮|上浮|折扣|费|服务费?|供货|本包|价格)*(?:报价|总价|金额|价格|单价|价|率|折扣|系数|比例|合计))"
)
_LABELLED = rf"(?:{_PRICE_NAME}(?:[（(][^（()）]{{1,12}}[)）])?\s*[:：]\s*)[￥¥]?\s*(?:{_NUMBER})(?:{_UNIT}){{0,2}}"
_WITH_UNIT = rf"[￥¥]?\s*(?:{_NUMBER})(?:{_UNIT}){{1,2}}"
# Not a house number: nothing of an address sticks to it.
_LOOSE = r"(?<![\d.\-－A-Za-z第])"
_ENDS = r"(?!\d*\s*[号楼室层栋幢座弄组路期\-－A-Za-z])"
_BARE = rf"[￥¥]?\s*(?:{_NUMBER}){_ENDS}"
# The fewest decimals that still leave a whole score behind them: 1050000.095.47 is 1050000.0 and 95.47.
_BARE_BEFORE_SCORE = rf"[￥¥]?\s*(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+?)?|\d+(?:\.\d+?)?){_ENDS}"
_NOT_SAID = rf"(?:{_PRICE_NAME}(?:[（(][^（()）]{{1,12}}[)）])?\s*[:：]\s*)?(?:详见[\u4e00-\u9fff]{{2,6}}|见附件|未公开|/|无|-)"
_SCORES = (
    r"(?:100(?:\.0{1,2})?|[3-9]\d\.\d{2})",
    r"(?:100(?:\.0{1,2})?|\d{1,2}\.\d{2})",
    r"(?:100|\d{1,2}\.\d)",
    r"\d{1,2}\.\d{3,4}",
    r"\d{1,3}",
)
_END_OF_TABLE = re.compile(
    r"\n(?:\d{1,2}\s*[.、．]\s*)?(?:废标结果|废标情况|流标|其他|主要标的|合同包|采购包|第[一二三四五六七八九十]+包|包\d)"
)
_AMOUNTS = (_LABELLED, _WITH_UNIT, _BARE)
_LONGEST = 6000
_MOST_SKIPPED = 3


def flat_entries(zone: str, hints: Sequence[str], other_text: str, total: Decimal | None) -> list[Entry]:
    """The winners of the flattened tables of a zone.

    ``hints`` are names a package may have (the project's name first), ``other_text`` the rest of the notice, where names occur
    again, ``total`` the page's own total in yuan, used only to choose between two readings of glued digits.
    """
    found: list[Entry] = []
    lot: tuple[int, str | None] | None = None
    position = 0
    for match in _HEAD_ROW.finditer(zone):
        if "\t" in match.group():
            continue
        for line in zone[position : match.start()].split("\n"):
            lot = lot_of_line(line) or lot
        position = match.end()
        heads = [head.group() for head in _HEADS.finditer(match.group())]
        roles = [role_of(head) for head in heads]
        if sum(role in ("supplier", "bidder") for role in roles) != 1:
            continue
        data = zone[match.end() : match.end() + _LONGEST]
        ends = [m.start() for m in (_HEAD_ROW.search(data), _END_OF_TABLE.search(data)) if m]
        data = data[: min(ends)].strip() if ends else data.strip()
        spaced = match.group().strip().count(" ") >= len(heads) - 1
        table = _Table(tuple(roles), tuple(heads), data, spaced, tuple(hints), other_text.replace(data, ""))
        for entry in _best_reading(table, total):
            if lot and entry.lot is None:
                entry.lot, entry.lot_name, entry.numbered = lot[0], entry.lot_name or lot[1], True
            found.append(entry)
    return found


@dataclass(frozen=True, slots=True)
class _Table:
    """One flattened table: what its columns mean, its rows as one text, and where package names may be known from."""

    roles: tuple[Role, ...]
    heads: tuple[str, ...]
    data: str
    spaced: bool
    hints: tuple[str, ...]
    elsewhere: str

    @property
    def mark(self) -> tuple[str, int, str] | None:
        """How rows mark their package (``01包``): words before, number of digits, words behind, as the first row has it."""
        if "lot" not in self.roles:
            return None
        row = r"[1-4]\s*" if self.roles[0] == "row" else ""
        match = re.match(
            rf"\s*{row}(?P<before>包|标段|标包|标项)?\s*(?P<number>0?[1-4])\s*(?P<behind>号?(?:包|标段|标包|标项))?(?!\d)",
            self.data,
        )
        return (match["before"] or "", len(match["number"]), match["behind"] or "") if match else None


def _best_reading(table: _Table, total: Decimal | None) -> list[Entry]:
    """Tries each shape an amount and a score may have; keeps the reading that adds up to the page's total, else the longest."""
    readings: list[list[Entry]] = []
    priced = any(role in ("amount", "rate") for role in table.roles)
    for amount in _AMOUNTS if priced else ("",):
        for score in _SCORES if "score" in table.roles else _SCORES[:1]:
            rows = _read_rows(table, amount, score)
            if rows and rows not in readings:
                readings.append(rows)
    if total:
        for rows in readings:
            if _near(sum((entry.amount.yuan or Decimal(0) for entry in rows), Decimal(0)), total):
                return rows
    return max(readings, key=len) if readings else []


def _near(amount: Decimal, total: Decimal) -> bool:
    # Portals print their totals rounded to 100 yuan.
    return abs(amount - total) <= 100


def _read_rows(table: _Table, amount: str, score: str) -> list[Entry]:
    found: list[Entry] = []
    position, number = 0, 1
    while position < len(table.data) and number < 200:
        row = None
        for step in range(_MOST_SKIPPED + 1):  # packages that failed have no row here
            row = _read_row(table, position, number + step, amount, score)
            if row or not _is_numbered(table):
                number += step
                break
        if row is None:
            break
        entry, position = row
        found.append(entry)
        number += 1
    return found


def _is_numbered(table: _Table) -> bool:
    return table.roles[0] in ("row", "lot")


def _read_row(table: _Table, position: int, number: int, amount: str, score: str) -> tuple[Entry, int] | None:
    start = re.compile(rf"\s*{_opening(table.roles[0], table.mark, number)}\s*").match(table.data, position)
    if start is None:
        return None
    lot, at = "", start.end()
    if not table.spaced and ("lot" in table.roles or "lot_name" in table.roles):
        lot = _lot_name(table.data[at : at + 200], table.hints, table.elsewhere)
        at += len(lot)
    for firm in (r"公司", _FIRM):
        match = _row_pattern(table.roles, table.heads, table.spaced, table.mark, amount, score, number, firm).match(
            table.data, at
        )
        if match:
            groups = match.groupdict()
            head = next((head for role, head in zip(table.roles, table.heads, strict=True) if role in ("amount", "rate")), "")
            numbered = number if _is_numbered(table) else None
            entry = _entry(groups["supplier"], head, groups.get("amount") or "", numbered, groups.get("lot") or lot or None)
            if entry is None:
                return None
            entry.numbered = "lot" in table.roles
            return entry, match.end()
    return None


def _opening(first: Role, mark: tuple[str, int, str] | None, number: int) -> str:
    """What a row begins with, as a pattern: its number, its package's mark, or both; nothing where rows are not numbered."""
    package = rf"{mark[0]}\s*{str(number).zfill(mark[1])}\s*{mark[2]}" if mark else ""
    if first == "row":
        return rf"{number}\s*{package}"
    if first == "lot":
        return package or rf"(?:{number}|{chr(64 + number) if number < 27 else number})"
    return ""


_NAME_CHARACTER = r"[^\d\n：:￥，;；]"
_SPACED_NAME = (
    r"(?P<supplier>(?:(?:联合体)?牵头人?\s*[:：]\s*)?\S{3,60}?(?:\s(?:联合体)?成员[^\s:：]{0,3}\s*[:：]\s*\S+)?)(?=\s|$)"
)


def _glued_name(firm: str) -> str:
    """A supplier's name that runs into the next cell: it ends as firms end, and an address, a price or nothing follows."""
    # 某大学设计研究院 is not 某大学.
    whole = r"(?![\u4e00-\u9fff]{0,8}(?:研究院|设计院|研究所|医院|学院|分院|中心|协会|实验室))"
    name = rf"{_NAME_CHARACTER}{{2,60}}?{firm}{whole if firm is _FIRM else ''}{_BRANCH}{_NOTE}"
    consortium = rf"(?:联合体)?牵头人?\s*[:：]\s*{name}\s*(?:联合体)?成员\S{{0,3}}?\s*[:：]\s*{name}"
    return rf"(?P<supplier>{consortium}|{name}(?:[，,]\s*{name}){{0,5}})(?={_PLACE}|[\d￥-]|{_LABELLED}|{_NOT_SAID}|\s|$|无|/)"


@lru_cache(maxsize=512)
def _row_pattern(
    roles: tuple[Role, ...],
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
            shape = _BARE_BEFORE_SCORE if amount is _BARE and roles[index + 1 : index + 2] == ("score",) else amount
            columns.append(rf"{_LOOSE if after_text else ''}(?P<amount>{shape}|{_NOT_SAID})")
        elif role == "score":
            columns.append(rf"(?:{_WITH_UNIT}|-|/|{_BARE}(?=\D|$))?" if "价" in head else rf"(?:{score}分?|-|/)?")
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
    return re.compile(r"\s*" + r"\s*".join(columns) + r"\s*?" + _row_end(roles, spaced, mark, amount, number), re.DOTALL)


def _row_end(roles: tuple[Role, ...], spaced: bool, mark: tuple[str, int, str] | None, amount: str, number: int) -> str:
    """What may stand behind a row: the opening of the next one, or nothing more. 2号 and 3楼 are an address, no opening."""
    if roles[0] not in ("row", "lot"):
        return r"(?=\s|\Z)"
    words = r"(?![号楼层室栋幢座弄组路期街单米])[\u4e00-\u9fff￥" + ("A-Za-z]" if mark or spaced else "]")
    openings = "|".join(_opening(roles[0], mark, number + step) for step in range(1, _MOST_SKIPPED + 2))
    # Digits follow the next row's number only where its next cell is a bare sum.
    sums = rf"|\s*{_opening(roles[0], mark, number + 1)}\s*\d" if roles[1:2] == ("amount",) and amount is not _LABELLED else ""
    return rf"(?=\s*(?:{openings})\s*{words}{sums}|\s*\Z|\n)"


def _entry(supplier: str, head: str, cell: str, number: int | None, lot_name: str | None) -> Entry | None:
    if clean_party(supplier) is None:
        return None
    amount = read_amount(cell, head, bare_unit=bare_unit(cell))
    words = [supplier, cell.strip()] if cell.strip() else [supplier]
    return Entry(supplier.strip(), amount, lot=number, lot_name=lot_name, words=words)


def _lot_name(text: str, hints: Sequence[str], other_text: str) -> str:
    for hint in sorted(hints, key=len, reverse=True):
        if hint and text.startswith(hint):
            return hint
    end = re.search(_FIRM, text)
    for length in range(min(end.end() if end else 80, 160), 3, -1):
        # A table of goods below names the package again, behind its row number.
        if re.search(rf"(?:^|[\n\d价量]){re.escape(text[:length])}", other_text):
            return text[:length]
    place = re.search(rf"(?<=.{{4}}){_PLACE}(?=[\u4e00-\u9fff（）]{{2,30}}公司)", text[:160])
    return text[: place.start()] if place else ""
