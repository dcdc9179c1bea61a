"""Tables whose cells are parted by single blanks, one row on each line::

    序号 中选单位 中选价格（元，含税）
    1 甲软件有限公司 880,000.00

They are laid out as rows with tabs, if each line below the heads has as many cells as there are heads.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.extract.party_names import ends_like_party
from pipelines.text.column_roles import role_of

_FEWEST_HEADS, _MOST_HEADS = 3, 12
_FEWEST_KNOWN_HEADS = 3
_LONGEST_ROW = 300


def lay_out_spaced_tables(body: str) -> str:
    """Return the body with tabs between the cells of tables that had blanks there."""
    lines = body.split("\n")
    heads: list[str] = []
    above = -1
    for at, line in enumerate(lines):
        cells = line.split(" ") if " " in line and "\t" not in line and len(line) <= _LONGEST_ROW else []
        if heads and len(cells) == len(heads) and _is_row(heads, cells):
            lines[above] = "\t".join(heads)
            lines[at] = "\t".join(cells)
        else:
            heads, above = (cells, at) if _are_heads(cells) else ([], at)
    return "\n".join(lines)


def _are_heads(cells: Sequence[str]) -> bool:
    if not _FEWEST_HEADS <= len(cells) <= _MOST_HEADS:
        return False
    roles = [role_of(cell) for cell in cells]
    return sum(role != "other" for role in roles) >= _FEWEST_KNOWN_HEADS and sum(map(_names_supplier, roles)) == 1


def _is_row(heads: Sequence[str], cells: Sequence[str]) -> bool:
    return any(
        _names_supplier(role_of(head)) and ends_like_party(cell) for head, cell in zip(heads, cells, strict=True)
    )


def _names_supplier(role: str) -> bool:
    return role in ("supplier", "bidder")
