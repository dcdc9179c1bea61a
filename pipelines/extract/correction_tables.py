"""Corrections in tables with old and new values::

    更正项 | 更正前内容 | 更正后内容

The item may be a column, a row above, part of the heads or missing; old and new may be columns, rows or pairs of cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.extract.amounts import likely_unit, read_amount
from pipelines.extract.corrected_values import Changes, Item, Values, item_of_cell, last_lot, read_values
from pipelines.extract.party_names import clean_party
from pipelines.lexicon import forms

_OLD = re.compile(rf"^{forms.pattern('head_of_old_value')}")
_NEW = re.compile(rf"^{forms.pattern('head_of_new_value')}")
_ITEM = re.compile(rf"^{forms.pattern('head_of_item')}$")
_NUMBER_HEAD = re.compile(r"^(?:序号|编号|No\.?)$")
_LOT_HEAD = re.compile(r"^(?:合同包|采购包|标包|标段|标项|分包|包组|包)(?:编?号|名称)?$")
_LONGEST_HEAD, _LONGEST_HEADING = 20, 120
_MOST_STACKED_HEADS = 5

# The table without its borders: old and new value run together after the item's name.
_GLUED_HEADS = re.compile(r"更正前(?:内容)?\s*更正后(?:内容)?")
_ITEM_LOT = r"(?P<lot>(?:标项|标段|包|合同包)\s*\d{1,2})?"
_ONE_PRICE = r"(?:[\u4e00-\u9fff]{0,8}[:：]\s*)?[￥¥]?[\d,]+(?:\.\d+)?\s*[（(]?(?:万元|元|%)[)）]?"
# 1标项1中标（成交）金额（元）90万元100万元
_GLUED_PRICE = re.compile(
    rf"\d{_ITEM_LOT}\s*(?P<label>(?:中标|成交)(?:（成交）|\(成交\))?(?:金额|价格?)(?:[（(](?:万元|元)[)）])?)\s*"
    rf"(?P<old>{_ONE_PRICE})\s*(?P<new>{_ONE_PRICE})"
)
_FIRM_NAME = rf"[^\d\n:：]{{3,40}}?{forms.pattern('firm_in_correction')}(?:[\u4e00-\u9fff]{{2,10}}分公司)?"
# 1中标供应商名称甲软件有限公司乙软件有限公司
_GLUED_NAME = re.compile(
    rf"\d{_ITEM_LOT}\s*(?:中标|成交)(?:（成交）)?供应商(?:名称)?(?P<old>{_FIRM_NAME})(?P<new>{_FIRM_NAME})(?=\d|\n|$)"
)


@dataclass(slots=True)
class _Heads:
    """The columns of a table: those of new values with the item that their head names, and those that name an item."""

    new: list[tuple[int, Item | None, str]]
    old: list[int]
    items: list[int]
    lots: list[int]
    count: int


def changes_in_tables(text: str) -> Changes:
    """Read each row that replaces a winner or a price."""
    changes = Changes()
    heads: _Heads | None = None
    item_row = ""
    lot: int | None = None
    for line in _with_stacked_rows(text).split("\n"):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) == 1:
            if line.strip():
                heads = None
                lot = last_lot(line[:_LONGEST_HEADING]) or lot
            continue
        found = _heads_of(cells)
        if found is not None:
            heads, item_row = found, ""
            continue
        if _ITEM.match(cells[0]) and len(cells) == 2:
            item_row = cells[1]
        elif heads is None:
            for value in _values_after_row_heads(cells):
                item, label = item_of_cell(item_row) if item_row else (None, "")
                own_lot = last_lot(f"{item_row} {value}") or lot
                changes.add(read_values(value, item, label, by_shape=True), own_lot)
        elif len(cells) == heads.count:
            _read_row(changes, heads, cells, lot)
    return changes


def _heads_of(cells: Sequence[str]) -> _Heads | None:
    """Return the columns if a row is a head: a column of new values beside one of old values or of items."""
    if any(len(cell) > _LONGEST_HEAD for cell in cells):
        return None
    new = [column for column, cell in enumerate(cells) if _NEW.match(cell)]
    old = [column for column, cell in enumerate(cells) if column not in new and _OLD.match(cell)]
    items = [column for column, cell in enumerate(cells) if column not in new and _ITEM.match(cell)]
    if not new or not (old or items):
        return None
    lots = [column for column, cell in enumerate(cells) if _LOT_HEAD.match(cell)]
    known = {*new, *old, *items, *lots}
    if any(cell and column not in known and not _NUMBER_HEAD.match(cell) for column, cell in enumerate(cells)):
        if not old:
            return None  # 项目 | 110万元: a row, not a head
        items += [column for column in range(min(*old, *new)) if column not in known and cells[column]]
    named = [(column, *_item_of_head(cells[column])) for column in new]
    return _Heads(named, old, sorted(items), lots, len(cells))


def _item_of_head(head: str) -> tuple[Item | None, str]:
    """Return the item that the head of a column names: 更正后中标金额（元）."""
    rest = _NEW.sub("", head).lstrip("的")
    return item_of_cell(rest) if rest and rest not in ("内容", "信息", "结果", "值") else (None, "")


def _read_row(changes: Changes, heads: _Heads, cells: Sequence[str], lot: int | None) -> None:
    item_words = " ".join(cells[column] for column in heads.items if not cells[column].isdigit())
    lot_words = " ".join(f"包{cells[column]}" if cells[column].isdigit() else cells[column] for column in heads.lots)
    for column, head_item, head_label in heads.new:
        item, label = (head_item, head_label) if head_item else item_of_cell(item_words)
        own_lot = last_lot(f"{lot_words} {item_words}") or last_lot(cells[column]) or lot
        changes.add(read_values(cells[column], item, label, by_shape=True), own_lot)


def _values_after_row_heads(cells: Sequence[str]) -> list[str]:
    """Return the values in 更正后 | 乙公司, also beside 更正前 | 甲公司 in the same row."""
    return [
        value
        for head, value in pairwise(cells)
        if len(head) <= _LONGEST_HEAD and _NEW.match(head) and not _OLD.match(value) and not _NEW.match(value)
    ]


def _with_stacked_rows(text: str) -> str:
    """Return the text with tables that were printed one cell per line as rows again."""
    lines = text.split("\n")
    if not any(_NEW.match(line.strip()) and len(line.strip()) <= _LONGEST_HEAD for line in lines):
        return text
    rows: list[str] = []
    place = 0
    while place < len(lines):
        count = _stacked_heads(lines, place)
        if not count:
            rows.append(lines[place])
            place += 1
            continue
        rows.append("\t".join(lines[place : place + count]))
        place += count
        while _is_stacked_row(lines[place : place + count], count):
            rows.append("\t".join(lines[place : place + count]))
            place += count
    return "\n".join(rows)


def _stacked_heads(lines: Sequence[str], place: int) -> int:
    """Return how many lines from ``place`` on are the heads of one table, one below another; 0 if they are none."""
    count = 0
    for line in lines[place : place + _MOST_STACKED_HEADS]:
        head = line.strip()
        is_head = any(expression.match(head) for expression in (_OLD, _NEW, _ITEM, _NUMBER_HEAD, _LOT_HEAD))
        if "\t" in line or not is_head or len(head) > _LONGEST_HEAD or ":" in head or "：" in head:
            break
        count += 1
    cells = [line.strip() for line in lines[place : place + count]]
    return count if any(map(_OLD.match, cells)) and any(map(_NEW.match, cells)) else 0


def _is_stacked_row(lines: Sequence[str], count: int) -> bool:
    return (
        len(lines) == count
        and all(line.strip() and "\t" not in line for line in lines)
        and not re.match(r"(?:更正|变更)日期|[一二三四五六七八九十]{1,3}\s*[、.．]|其他", lines[0].strip())
    )


def changes_in_glued_table(text: str) -> Changes:
    """Read the same table without its borders."""
    changes = Changes()
    heads = _GLUED_HEADS.search(text)
    if not heads:
        return changes
    table = text[heads.end() :]
    for match in _GLUED_PRICE.finditer(table):
        amount = read_amount(match["new"], match["label"], bare_unit=likely_unit(match["new"]))
        changes.add(Values(amount=amount, words=[match["new"]]), last_lot(match["lot"] or ""))
    for match in _GLUED_NAME.finditer(table):
        if clean_party(match["new"]):
            changes.add(Values(supplier=match["new"], words=[match["new"]]), last_lot(match["lot"] or ""))
    return changes
