"""Tables of PDF files as grids of cells, and one table again where it goes on over a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.text.column_roles import role_of

_PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[,，/共]+\s*\d{1,3}\s*页?)?[-—–\s]*")


@dataclass(slots=True)
class Grid:
    """A table: rows of cells, all of one width. ``None`` is a cell that goes on from the row above; ``edges`` are the left
    edges of its columns in points; ``torn`` says of each row whether a rule is missing above and below it."""

    rows: list[list[str | None]]
    edges: list[float] = field(default_factory=list)
    torn: list[tuple[bool, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.torn = self.torn or [(False, False)] * len(self.rows)

    def drop_heads(self, head: Sequence[str | None], first: int = 0) -> None:
        """Leaves out rows from ``first`` that only tell the heads again."""
        kept = [at for at, row in enumerate(self.rows) if at < first or row != head]
        self.rows[:] = [self.rows[at] for at in kept]
        self.torn[:] = [self.torn[at] for at in kept]

    def lines(self) -> list[str]:
        """The rows, each one line of tab-parted cells; a cell that goes on is repeated."""
        above: list[str] = []
        told: list[str] = []
        for row in self.rows:
            above = [cell if cell is not None else above[at] if at < len(above) else "" for at, cell in enumerate(row)]
            told.append("\t".join(above))
        return told


def joined(pages: Iterable[Sequence[str | Grid]]) -> list[str | Grid]:
    """The blocks of all pages, a table that goes on over a page made one again; page numbers are left out."""
    told: list[str | Grid] = []
    for page in pages:
        content = list(page)
        for place in (0, -1):
            edge = content[place] if content else None
            if isinstance(edge, str) and _PAGE_NUMBER.fullmatch(edge):
                del content[place]
        last = told[-1] if told else None
        first = content[0] if content else None
        if isinstance(last, Grid) and isinstance(first, Grid) and _same_columns(last, first):
            _go_on(last, first)
            content = content[1:]
        told.extend(content)
    return told


def _same_columns(upper: Grid, lower: Grid) -> bool:
    if len(upper.edges) != len(lower.edges) or len(upper.rows[0]) != len(lower.rows[0]):
        return False
    return all(abs(one - other) < 6 for one, other in zip(upper.edges, lower.edges, strict=True))


def _go_on(upper: Grid, lower: Grid) -> None:
    """Appends the rows of the next page: heads told again are dropped, a broken row is closed, a cell over the break goes on."""
    head = upper.rows[0]
    known = [role_of(cell or "") for cell in head]
    upper.drop_heads(head, 1)
    lower.drop_heads(head)
    rows, torn = lower.rows, lower.torn
    if rows and ((upper.torn[-1][1] and torn[0][0]) or _is_rest(rows[0], upper.rows[-1], known)):
        upper.torn[-1] = torn[0]
        broken = zip(upper.rows[-1], rows[0], strict=True)
        upper.rows[-1] = [before + rest if before and rest else before or rest for before, rest in broken]
        rows, torn = rows[1:], torn[1:]
    upper.torn.extend(torn)
    carrying = True
    for row in rows:
        cells = list(row)
        if carrying:
            # What names the group or package stands on the page before, in a cell that reaches over the break.
            spans = [at for at, role in enumerate(known) if role in ("lot", "lot_name", "other") and not cells[at]]
            carrying = any(role in ("lot", "lot_name") and at in spans for at, role in enumerate(known))
            for at in spans if carrying else ():
                cells[at] = None
        upper.rows.append(cells)


def _is_rest(row: Sequence[str | None], above: Sequence[str | None], known: Sequence[str]) -> bool:
    """Whether a row at the top of a page is the rest of the row that the page before broke off.

    Its rank, number, price and share stand above; only what is longer than its cell goes on.
    """
    whole = [at for at, role in enumerate(known) if role in ("rank", "row", "amount", "rate", "share", "lot")]
    return (
        len(row) == len(above)
        and bool(whole)
        and not any(row[at] for at in whole)
        and any(above[at] for at in whole)
        and any(row)
        and sum(bool(cell) for cell in row) < len(row)
    )
