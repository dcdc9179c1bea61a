"""Tables of PDF files as grids of cells. A table that continues on the next page becomes one table again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.text.column_roles import SAME_PRICE, role_of

_PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[,，/共]+\s*\d{1,3}\s*页?)?[-—–\s]*")


@dataclass(slots=True)
class Grid:
    """A table: rows of cells, all with the same number of columns.

    ``None`` is a cell that continues from the row above. ``edges`` are the left edges of the columns in points.
    ``torn`` says for each row whether a rule is missing above it and below it.
    """

    rows: list[list[str | None]]
    edges: list[float] = field(default_factory=list)
    torn: list[tuple[bool, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.torn = self.torn or [(False, False)] * len(self.rows)

    def drop_heads(self, head: Sequence[str | None], first: int = 0) -> None:
        """Remove rows from ``first`` on that only repeat the heads."""
        kept = [at for at, row in enumerate(self.rows) if at < first or row != head]
        self.rows[:] = [self.rows[at] for at in kept]
        self.torn[:] = [self.torn[at] for at in kept]

    def lines(self) -> list[str]:
        """Return the rows, each as a line with tabs between its cells.

        A cell that continues is repeated. A price is not: it is one price for all its rows.
        """
        prices = [role_of(head or "") == "amount" for head in self.rows[0]] if self.rows else []
        above: list[str] = []
        lines: list[str] = []
        for row in self.rows:
            above = [cell if cell is not None else _continued(above, at) for at, cell in enumerate(row)]
            for at, is_price in enumerate(prices):
                if is_price and row[at] is None and above[at]:
                    above[at] = SAME_PRICE
            lines.append("\t".join(above))
        return lines


def _continued(above: Sequence[str], column: int) -> str:
    return above[column] if column < len(above) else ""


def joined(pages: Iterable[Sequence[str | Grid]]) -> list[str | Grid]:
    """Return the blocks of all pages without page numbers. A table that continues on the next page is one block."""
    blocks: list[str | Grid] = []
    for page in pages:
        content = list(page)
        for place in (0, -1):
            edge = content[place] if content else None
            if isinstance(edge, str) and _PAGE_NUMBER.fullmatch(edge):
                del content[place]
        last = blocks[-1] if blocks else None
        first = content[0] if content else None
        if isinstance(last, Grid) and isinstance(first, Grid) and _same_columns(last, first):
            _append_rows(last, first)
            content = content[1:]
        blocks.extend(content)
    return blocks


def _same_columns(upper: Grid, lower: Grid) -> bool:
    if len(upper.edges) != len(lower.edges) or len(upper.rows[0]) != len(lower.rows[0]):
        return False
    return all(abs(one - other) < 6 for one, other in zip(upper.edges, lower.edges, strict=True))


def _append_rows(upper: Grid, lower: Grid) -> None:
    """Append the rows of the next page: drop repeated heads, join a broken row, continue a cell over the break."""
    head = upper.rows[0]
    roles = [role_of(cell or "") for cell in head]
    upper.drop_heads(head, 1)
    lower.drop_heads(head)
    rows, torn = lower.rows, lower.torn
    if rows and ((upper.torn[-1][1] and torn[0][0]) or _is_rest(rows[0], upper.rows[-1], roles)):
        upper.torn[-1] = torn[0]
        broken = zip(upper.rows[-1], rows[0], strict=True)
        upper.rows[-1] = [before + rest if before and rest else before or rest for before, rest in broken]
        rows, torn = rows[1:], torn[1:]
    upper.torn.extend(torn)
    carrying = True
    for row in rows:
        cells = list(row)
        if carrying:
            # The name of the group or package is on the page before, in a cell that spans the break.
            spans = [at for at, role in enumerate(roles) if role in ("lot", "lot_name", "other") and not cells[at]]
            carrying = any(role in ("lot", "lot_name") and at in spans for at, role in enumerate(roles))
            for at in spans if carrying else ():
                cells[at] = None
        upper.rows.append(cells)


def _is_rest(row: Sequence[str | None], above: Sequence[str | None], roles: Sequence[str]) -> bool:
    """Return whether a row at the top of a page is the rest of the last row of the page before.

    Its rank, number, price and share are above; only longer texts continue.
    """
    short = [at for at, role in enumerate(roles) if role in ("rank", "row", "amount", "rate", "share", "lot")]
    return (
        len(row) == len(above)
        and bool(short)
        and not any(row[at] for at in short)
        and any(above[at] for at in short)
        and any(row)
        and sum(bool(cell) for cell in row) < len(row)
    )
