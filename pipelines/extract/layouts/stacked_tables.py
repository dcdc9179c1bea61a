"""Tables that text extraction turned on end: each cell is on a line of its own, first the heads, then row by row::

    序号
    供应商名称
    中标金额（元）
    1
    甲软件
    有限公司
    1000000

They are laid out as rows, so that ``pipelines.extract.layouts.tables`` can read them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pipelines.extract.layouts.alignment import MOST_LINES, align, table_lines
from pipelines.extract.layouts.table_heads import count_known, lists_past_contracts
from pipelines.extract.party_names import ends_like_party
from pipelines.lexicon import forms
from pipelines.text.characters import compact
from pipelines.text.column_roles import role_of

_NUMERALS = "[一二三四五六七八九十]"
_END_OF_CELLS = re.compile(
    # a sentence; 公示期; 二、; 2.中标人; 备注：
    rf"[。；]|{forms.pattern('publication_period')}|^{_NUMERALS}{{1,3}}\s*[、.]|^\d{{1,2}}\s*[.、．]\s*[\u4e00-\u9fff]"
    rf"|^{forms.pattern('remark_label')}\s*[:：]"
    # 第二包; 合同包2, 标包 2, 包2
    rf"|^第{_NUMERALS}+包|^(?:{forms.pattern('contract_package')}|标包|包)\s*\d"
)
_LABEL_ALONE = re.compile(
    # 一、原公告的采购项目编号：
    rf"^(?:{_NUMERALS}{{1,3}}\s*[、.]|\d{{1,2}}\s*[.、．])?\s*(?:原公告的)?{forms.pattern('project_label_alone')}\s*[:：]$"
    # 1.中标（成交）供应商名称：
    rf"|^(?:\d{{1,2}}\s*[.、．])?\s*{forms.pattern('winner_label_alone')}\s*[:：]$"
    # 采购代理机构名称：
    rf"|^{forms.pattern('buyer_label_alone')}(?:名称)?\s*[:：]$"
    # 总中标金额（万元）：
    rf"|^{forms.pattern('sum_label_alone')}(?:[（(][^）)]{{1,8}}[)）])?\s*[:：]$"
)
_ORGANISATION_LABELS = frozenset(forms.words("organisation_label_alone"))
_LIST_MARK = re.compile(rf"^\s*(?:{_NUMERALS}{{1,3}}\s*[、.]|\d{{1,2}}\s*[.、．])?\s*")  # 一、 or 1.
_NUMBER_ALONE = re.compile(r"(?:^|[:：￥¥\s])\d[\d,，]*(?:\.\d+)?$")  # 100, 中标金额：￥1,000.00
# 28,500.00, ￥100万元, 28,500.00元/人月
_FIGURE_ALONE = re.compile(r"[￥¥]?\s?\d[\d,，]*(?:\.\d+)?\s?(?:万?元(?:/[\u4e00-\u9fff]{1,6})?|%)?")
_UNIT_ALONE = re.compile(r"[（(]?(?:人民币)?(?:[万亿]?元|%)[^\s:：，。]{0,6}")  # 万元, （人民币元）, %
_COLONS = frozenset(":：")
_LABEL_OR_CELLS = re.compile(r"[:：\t]")
_NOT_A_HEAD = re.compile(
    # a sentence or a label; a number; 第一名; 二、; 3、; 标包2
    rf"[。；;:：]|\d{{2,}}|^第{_NUMERALS}|^{_NUMERALS}{{1,3}}\s*[、.]|^\d\s*[、.．]|^{forms.pattern('package_before_number')}\s*\d"
)
# Words of other heads; and a head with a unit: 含税（元）
_OTHER_HEAD = re.compile(rf"{forms.pattern('head_of_no_role')}|[（(][^（()）]*(?:元|%)[^（()）]*[)）]$")
_UNKNOWN_HEAD = re.compile(
    r"[\u4e00-\u9fff]{2,12}[%]?(?:[（(][\u4e00-\u9fff%/]{1,8}[)）])?"
)  # 人工成本占比%, 响应情况（是/否）
# The unit of a head on a line of its own: （元）, （%）, （人民币万元，含税）
_UNIT_OF_HEAD = re.compile(r"[（(][^（()）]{0,12}(?:元|%)[^（()）]{0,6}[)）]")
_REST_OF_HEAD = re.compile(r"[号称人格额价率位名]{1,2}|[元%][)）]")  # 名称 broken after 名; 万元） broken after 万
_LONGEST_HEAD = 30
_SHORTEST_COMPANY = 6
_MOST_LINES_OF_HEAD = 3
_MOST_LINES_OF_HEADS = 40
_MOST_HEADS = 20
_FEWEST_HEADS = 3
_FEWEST_KNOWN_HEADS = 2
_NAME_AND_PRICE = 2
_LONGEST_LABEL = 30
# A label or cell has its colon or tab in its first characters.
_LABEL_WITHIN = 16
# Cells to lay out in one notice: lines times columns. No notice has half as many, but a page of nothing but heads has.
_MOST_WORK = 30_000


def lay_out_stacked_tables(body: str) -> str:
    """Return the body with tables of one cell on each line laid out as rows, with tabs between the cells.

    A label whose value is on the next line gets it back on its own line.
    """
    lines = _join_broken_fields(body.split("\n"))
    finder = _HeadFinder(lines)
    result: list[str] = []
    at, work = 0, _MOST_WORK
    while at < len(lines):
        heads, below = finder.heads_at(at)
        data = table_lines(lines[below : finder.next_heads(below)]) if heads else []
        work -= len(heads) * len(data)
        table = align(heads, data) if data and work > 0 else None
        if table is None:
            result.append(lines[at])
            at += 1
            continue
        result.append("\t".join(table.heads))
        result.extend("\t".join(row) for row in table.rows)
        at = below + table.taken
    return "\n".join(result)


def ends_cells(line: str) -> bool:
    """Return whether a line cannot be a cell: a sentence, a heading, a remark, a package, the publication period."""
    return bool(_END_OF_CELLS.search(line))


def _join_broken_fields(lines: list[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        previous = joined[-1] if joined else ""
        last = previous[-1:]
        # The colon itself may be on a line of its own.
        if previous and line[:1] in _COLONS and line.rstrip() in _COLONS:
            joined[-1] = previous + "："
        elif (last in _COLONS and _is_label(previous) and _is_value(line)) or (
            last.isdigit() and _is_unit_of(previous, line)
        ):
            joined[-1] = previous + line
        else:
            joined.append(line)
    return joined


def _is_label(line: str) -> bool:
    """Return whether a line that ends with a colon is a label whose value must be on the next line."""
    if len(line) > _LONGEST_LABEL:
        return False
    label = compact(_LIST_MARK.sub("", line).rstrip(":：")).removeprefix("原公告的")
    return (
        bool(_LABEL_ALONE.match(line))
        or label in _ORGANISATION_LABELS
        or role_of(label) in ("supplier", "amount", "rate")
    )


def _is_unit_of(number: str, line: str) -> bool:
    return bool(_UNIT_ALONE.fullmatch(line) and _NUMBER_ALONE.search(number))


def _is_value(line: str) -> bool:
    # 标段(包)[001]训练服务： opens a package, it is no value.
    is_label = line.endswith((":", "：")) or _LABEL_OR_CELLS.search(line[:_LABEL_WITHIN])
    return bool(line) and not is_label and not _END_OF_CELLS.match(line)


class _HeadFinder:
    """Finds the heads of tables among the lines. Each line is tried once, and read as one head once."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self._results: dict[int, tuple[list[str], int]] = {}
        self._heads: dict[int, tuple[str | None, int]] = {}

    def heads_at(self, start: int) -> tuple[list[str], int]:
        """Return the heads of the table that begins at a line, and the line below them. Without a table: no heads."""
        line = self.lines[start]
        if len(line) > _LONGEST_HEAD or "\t" in line or _NOT_A_HEAD.search(line.strip()):
            return [], start
        if start not in self._results:
            self._results[start] = _read_heads(self.lines, start, self._head_at)
        return self._results[start]

    def _head_at(self, at: int) -> tuple[str | None, int]:
        if at not in self._heads:
            self._heads[at] = _read_head(self.lines, at)
        return self._heads[at]

    def next_heads(self, start: int) -> int:
        """Return the line at which the heads of another table begin, or at which the lines end."""
        stop = min(len(self.lines), start + MOST_LINES)
        lines = range(start, stop)
        return next((at for at in lines if role_of(self.lines[at]) != "other" and self.heads_at(at)[0]), stop)


def _read_heads(
    lines: list[str], start: int, head_at: Callable[[int], tuple[str | None, int]]
) -> tuple[list[str], int]:
    """Return the heads of the table that begins at a line, and the line below them.

    There are three or more. One is a bidder's or winner's, and another one has a known role too. Two are enough if a
    name and a figure are below them.
    """
    heads: list[str] = []
    at = start
    while at < min(len(lines), start + _MOST_LINES_OF_HEADS) and len(heads) < _MOST_HEADS:
        head, taken = head_at(at)
        if heads and _UNIT_OF_HEAD.fullmatch(lines[at].strip()):
            heads[-1] += lines[at].strip()
            taken = 1
        elif head is not None:
            heads.append(head)
        elif heads and _REST_OF_HEAD.fullmatch(lines[at].strip()):
            heads[-1] += lines[at].strip()
        elif heads and _may_be_unknown_head(lines, at):
            heads.append(lines[at].strip())
        else:
            break
        at += taken
    roles = [role_of(head) for head in heads]
    known_heads = count_known(roles)
    is_table = (
        (
            (len(heads) >= _FEWEST_HEADS and known_heads >= _FEWEST_KNOWN_HEADS)
            or _are_head_and_price(heads, lines[at : at + 2])
        )
        and any(role in ("supplier", "bidder") for role in roles)
        and not lists_past_contracts(heads)
    )
    return (heads, at) if is_table else ([], start)


def _are_head_and_price(heads: Sequence[str], cells: Sequence[str]) -> bool:
    """Return whether two heads are a supplier's and a price's, and the lines below them are a name and a figure."""
    if len(heads) != _NAME_AND_PRICE or len(cells) != _NAME_AND_PRICE:
        return False
    is_price = role_of(heads[1]) in ("amount", "rate", "unit_price") or _OTHER_HEAD.search(heads[1]) is not None
    name, figure = (cell.strip() for cell in cells)
    return is_price and ends_like_party(name) and _FIGURE_ALONE.fullmatch(figure) is not None


def _may_be_unknown_head(lines: list[str], at: int) -> bool:
    """Return whether a line may be a head of no known role: a short one, with a known head below it."""
    line, below = lines[at].strip(), lines[at + 1].strip() if at + 1 < len(lines) else ""
    return bool(_UNKNOWN_HEAD.fullmatch(line)) and role_of(below) != "other" and not ends_like_party(line)


def _read_head(lines: list[str], at: int) -> tuple[str | None, int]:
    """Return the head that begins at a line and how many lines it takes. None and 1 if no head begins there."""
    text = ""
    for taken, line in enumerate(lines[at : at + _MOST_LINES_OF_HEAD], 1):
        text += line.strip()
        if "\t" in line or len(text) > _LONGEST_HEAD or _NOT_A_HEAD.search(text):
            break
        if role_of(line) == "other" and len(line) >= _SHORTEST_COMPANY and ends_like_party(line.strip()):
            break  # 甲软件有限公司 above 成交金额 is the value of another label
        brackets_close = len(re.findall(r"[（(]", text)) == len(re.findall(r"[)）]", text))
        if brackets_close and (role_of(text) != "other" or (taken == 1 and _OTHER_HEAD.search(text))):
            return text, taken
    return None, 1
