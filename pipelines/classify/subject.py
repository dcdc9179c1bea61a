"""The names and the scope in the subject matter of a lot, without suppliers, specifications and requirements.

A table of goods names each thing in one column (货物名称, 标的名称) and says more in others. 支持AI大模型 in the
specification of a meeting tablet does not make it a large model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.classify.lexicon import compiled, current

_LONGEST_HEAD = 16
# 货物名称：会议平板 规格型号：支持AI大模型
_LABEL = re.compile("(?P<label>[\u4e00-\u9fff]{2,8})[:：]")
_DENIAL = re.compile("[不无除非]")


@compiled
def _goods() -> tuple[re.Pattern[str], ...]:
    """The words of ``[goods_table]``: heads of such a table, columns that name nothing, columns with the scope."""
    words = current().relevance.goods_table
    return tuple(re.compile("|".join(map(re.escape, row))) for row in (words.heads, words.not_names, words.scope))


class Row(NamedTuple):
    """What one row of a table of goods buys: the names of the thing, and what its scope says."""

    names: tuple[str, ...]
    scope: tuple[str, ...]


def subject_rows(subject: str | None) -> list[Row]:
    """Return the rows of a lot's subject matter. A line that is in no table is a row with one name."""
    return [row for row in _rows(subject) if row.names or row.scope] if subject else []


def _rows(subject: str) -> Iterator[Row]:
    heads: list[str] | None = None
    cells: list[str] = []
    for line in subject.split("\n"):
        found = line.split("\t")
        if _is_head(found):
            if heads:
                yield _row(heads, cells)
            heads, cells = found, []
        elif heads is None:
            yield _labelled_row(line) if len(found) == 1 else Row(tuple(filter(None, map(str.strip, found))), ())
        elif not cells:
            cells = found
        elif len(found) == 1 or len(cells) < len(heads):  # a cell of several lines
            cells = [*cells[:-1], f"{cells[-1]}\n{found[0]}", *found[1:]]
        else:
            yield _row(heads, cells)
            cells = found
    if heads and cells:
        yield _row(heads, cells)


def _is_head(cells: list[str]) -> bool:
    """序号, 供应商名称, 货物名称, 货物品牌, 货物型号, 货物数量, 货物单价(元)."""
    if len(cells) < 3 or any(len(cell) > _LONGEST_HEAD for cell in cells):
        return False
    heads, not_names, _ = _goods()
    return any(map(heads.search, cells)) and sum(bool(not_names.search(cell)) for cell in cells) > 1


def _is_label(words: str) -> bool:
    """货物名称, 规格型号, 服务范围; not 采购内容不包括, which denies what follows."""
    return any(pattern.search(words) for pattern in _goods()) and not _DENIAL.search(words)


def _labelled_row(line: str) -> Row:
    """Read a line that may have labels: 货物名称：会议平板 规格型号：Q7. Text before the first label is a name."""
    labels = [label for label in _LABEL.finditer(line) if _is_label(label["label"])]
    if not labels:
        return Row((line.strip(),), ()) if line.strip() else Row((), ())
    ends = [label.start() for label in labels[1:]] + [len(line)]
    heads = ["", *(label["label"] for label in labels)]
    cells = [line[: labels[0].start()], *(line[label.end() : end] for label, end in zip(labels, ends, strict=True))]
    return _row(heads, cells)


def _row(heads: list[str], cells: list[str]) -> Row:
    if len(cells) != len(heads):  # the heads do not say what is in which cell
        return Row(tuple(filter(None, map(str.strip, cells))), ())
    _, not_names, scopes = _goods()
    names: list[str] = []
    scope: list[str] = []
    for head, cell in zip(heads, cells, strict=True):
        if cell.strip() and not not_names.search(head):
            (scope if scopes.search(head) else names).append(cell.strip())
    return Row(tuple(names), tuple(scope))
