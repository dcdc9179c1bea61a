"""Tables that text extraction turned on end: each cell a line of its own."""

from __future__ import annotations

import re

from pipelines.extract.amounts import likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.alignment import MOST_LINES, align, table_lines
from pipelines.extract.layouts.tables import PAST_WORK
from pipelines.text.characters import compact
from pipelines.text.column_roles import lot_number, ordinal, role_of

_RANK_LINE = re.compile(r"^第([一二三四五六七八九十])(?:名|中标候选人|中选候选人|成交候选人|候选人)$")
_STOP = re.compile(
    r"[。；]|公示期|公告期|^[一二三四五六七八九十]{1,3}\s*[、.]|^\d{1,2}\s*[.、．]\s*[\u4e00-\u9fff]|^(?:备注"
    r"|注)\s*[:：]|^第[一二三四五六七八九十]+包|^(?:合同包|采购包|标包|包)\s*\d"
)
_HEADING = re.compile(r"^[一二三四五六七八九十]{1,3}\s*[、.]")
_LABEL_ALONE = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}\s*[、.]|\d{1,2}\s*[.、．])?\s*(?:原公告的)?(?:采购|招标)?(?:项目|标段|分包"
    r"|工程)?(?:编号|名称|号)\s*[:：]$"
    r"|^(?:\d{1,2}\s*[.、．])?\s*(?:(?:中标|成交|中选)(?:（成交）)?)?(?:供应商|单位|人)(?:名称)?\s*[:：]$|^"
    r"(?:采购人|采购单位|招标人|采购代理机构|代理机构)(?:名称)?\s*[:：]$"
    r"|^(?:总)?(?:中标|成交|中选)(?:（成交）|\(成交\))?(?:金额|价|价格)(?:[（(][^）)]{1,8}[)）])?\s*[:：]$"
)
_ITEM = re.compile(r"^\s*(?:[一二三四五六七八九十]{1,3}\s*[、.]|\d{1,2}\s*[.、．])?\s*")
_PARTIES = frozenset(
    "招标人 招标人名称 采购人 采购人名称 采购单位 建设单位 招标代理机构 招标代理 采购代理机构 代理机构".split()
)
_NUMBER_ALONE = re.compile(r"(?:^|[:：￥¥\s])\d[\d,，]*(?:\.\d+)?$")
_UNIT_ALONE = re.compile(r"[（(]?(?:人民币)?(?:[万亿]?元|%)[^\s:：，。]{0,6}")
_NO_HEAD = re.compile(
    r"[。；;:：]|\d{2,}|^第[一二三四五六七八九十]|^[一二三四五六七八九十]{1,3}\s*[、.]|^(?:标包|标段|包)\s*\d"
)
_OTHER_HEADS = re.compile(
    r"地址|名称|理由|事项|方法|备注|工期|期限|情况|扣除|编码|日期|要求|单价|品牌|型号|数量|标准|范围|质量|姓名|证书|能力|资格"
    r"|承诺|单位|经理|负责人|联系|电话|代表|人员|规模|性质|预算|限价|[（(][^（()）]*(?:元|%)[^（()）]*[)）]$"
)
_REST_OF_HEAD = re.compile(r"[号称人格额价率位名]{1,2}|[元%][)）]")
_LONGEST_HEAD = 30
# Cells to lay out in one notice: lines times columns. No notice has half as many; a page of nothing but heads has.
_MOST_WORK = 30_000
_VALUE = re.compile(r"^[￥¥]?\d[\d,，.]*\s*(?:万元|元|%)?(?:（[^）]*）)?$")


def stacked_rows(body: str) -> str:
    """The body with tables of one cell a line laid out as rows.

    A label whose value stands on the next line gets it back on its own.
    """
    lines = _rejoined(body.split("\n"))
    places = _Places(lines)
    result: list[str] = []
    index, work = 0, _MOST_WORK
    while index < len(lines):
        heads, below = places.heads(index)
        data = table_lines(lines[below : places.next_heads(below)]) if heads else []
        work -= len(heads) * len(data)
        table = align(heads, data) if data and work > 0 else None
        if table is None:
            result.append(lines[index])
            index += 1
            continue
        result.append("\t".join(table.heads))
        result.extend("\t".join(row) for row in table.rows)
        index = below + table.taken
    return "\n".join(result)


def _rejoined(lines: list[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        # The colon itself may have got a line of its own.
        if before and line.rstrip() in (":", "："):
            joined[-1] = before + "："
        elif (_is_label(before) and _is_value(line)) or (before[-1:].isdigit() and _is_unit_of(before, line)):
            joined[-1] = before + line
        else:
            joined.append(line)
    return joined


def _is_label(line: str) -> bool:
    """Whether a line is a label whose value must stand below it."""
    if len(line) > 30 or line[-1:] not in (":", "："):
        return False
    label = compact(_ITEM.sub("", line).rstrip(":：")).removeprefix("原公告的")
    return bool(_LABEL_ALONE.match(line)) or label in _PARTIES or role_of(label) in ("supplier", "amount", "rate")


def _is_unit_of(number: str, line: str) -> bool:
    return bool(_UNIT_ALONE.fullmatch(line) and _NUMBER_ALONE.search(number))


def _is_value(line: str) -> bool:
    return bool(line) and not re.search(r"[:：\t]", line[:16]) and not _STOP.match(line)


class _Places:
    """Where heads of tables stand among the lines; each place is looked at once."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self._known: dict[int, tuple[list[str], int]] = {}

    def heads(self, start: int) -> tuple[list[str], int]:
        """The heads of the table that begins at a line, and the line below them; no heads where none begins there."""
        if len(self.lines[start]) > _LONGEST_HEAD or "\t" in self.lines[start]:
            return [], start
        if start not in self._known:
            self._known[start] = _heads(self.lines, start)
        return self._known[start]

    def next_heads(self, start: int) -> int:
        """Where the heads of another table begin, or the lines end."""
        stop = min(len(self.lines), start + MOST_LINES)
        return next((at for at in range(start, stop) if role_of(self.lines[at]) != "other" and self.heads(at)[0]), stop)


def _heads(lines: list[str], start: int) -> tuple[list[str], int]:
    """The heads of one table that begin at a line, and the line below them: three or more, a supplier's and another known one
    among them. A head may be broken over lines."""
    heads: list[str] = []
    at = start
    while at < min(len(lines), start + 40) and len(heads) < 20:
        head, pieces = _head(lines, at, bool(heads))
        if head is None:
            break
        if pieces == 0:  # the rest of the head before
            heads[-1] += lines[at].strip()
            pieces = 1
        else:
            heads.append(head)
        at += pieces
    roles = [role_of(head) for head in heads]
    known = sum(role != "other" for role in roles)
    who = any(role in ("supplier", "bidder") for role in roles)
    told = len(heads) >= 3 and known >= 2 and who and not any(PAST_WORK.search(head) for head in heads)
    return (heads, at) if told else ([], start)


def _head(lines: list[str], at: int, inside: bool) -> tuple[str | None, int]:
    """The head that begins at a line and how many lines it takes; "" and 0 where the line only ends the head before."""
    text = ""
    for pieces, line in enumerate(lines[at : at + 3], 1):
        text += line.strip()
        if "\t" in line or len(text) > _LONGEST_HEAD or _NO_HEAD.search(text):
            break
        whole = len(re.findall(r"[（(]", text)) == len(re.findall(r"[)）]", text))
        if whole and (role_of(text) != "other" or (pieces == 1 and _OTHER_HEADS.search(text))):
            return text, pieces
    return ("", 0) if inside and _REST_OF_HEAD.fullmatch(lines[at].strip()) else (None, 0)


def ranked_entries(text: str) -> list[Entry]:
    """Candidates whose ranks stand alone on their lines; names and remarks may be broken over several lines."""
    lines = text.split("\n")
    starts = [index for index, line in enumerate(lines) if _RANK_LINE.match(line.strip())]
    if not starts:
        return []
    head = "".join(lines[max(0, starts[0] - 14) : starts[0]])
    unit = "万元" if "万元" in head else "元" if re.search(r"[（(，,]元[)）]|（元", head) else ""
    kind = "折扣率" if re.search(r"折扣|费率|下浮", head) else "报价"
    label = f"投标{kind}（{'不含税，' if '不含税' in head else ''}{unit}）" if unit else kind
    found: list[Entry] = []
    lot: int | None = None
    for index, start in enumerate(starts):
        above = lines[starts[index - 1] + 1 if index else max(0, start - 14) : start]
        lot = next(
            (
                lot_number(line)
                for line in reversed(above)
                if re.match(r"^(?:标包|标段|包|标)\s*[\d一二三四五六七八九十]{1,3}$", line.strip())
            ),
            lot,
        )
        stop = starts[index + 1] if index + 1 < len(starts) else len(lines)
        name, price, share = "", "", None
        for line in lines[start + 1 : stop]:
            text_line = line.strip()
            if _VALUE.match(text_line):
                if not price:
                    price = text_line
                elif text_line.endswith("%"):
                    share = text_line
            elif not price and not _STOP.search(text_line) and len(name) < 60:
                name += text_line
            elif _STOP.search(text_line):
                break
        rank = _RANK_LINE.match(lines[start].strip())
        if name:
            amount = read_amount(price, label, bare_unit=likely_unit(price))
            found.append(
                Entry(
                    name,
                    amount,
                    lot=lot,
                    numbered=lot is not None,
                    rank=ordinal(rank.group(1)) if rank else None,
                    share=share,
                    words=[price] if price else [],
                )
            )
    return found
