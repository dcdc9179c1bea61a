"""What a list page says, whatever portal it is of: rows, and how many pages the list has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


class NoListError(ValueError):
    """The page does not hold the list it should: a block, an error page or a changed layout."""


@dataclass(frozen=True, slots=True)
class Row:
    """One listed notice: its public address, whole title, day in Asia/Shanghai, and the listed time as written.

    ``notice_id`` is the portal's own id, or the address where that shows none.
    """

    notice_id: str
    url: str
    title: str
    day: date | None
    listed_at: str = ""
    region: str = ""
    buyer: str = ""

    @property
    def face(self) -> str:
        """What a reader of the list sees of this row: when it differs from before, the notice has been changed."""
        return f"{self.listed_at} {self.title}"

    def within(self, since: date | None, until: date | None) -> bool:
        """Whether the row lies in the window, both ends included. A row without a day is never left out."""
        if self.day is None:
            return True
        return (since is None or self.day >= since) and (until is None or self.day <= until)

    def before(self, since: date | None) -> bool:
        """Whether the row is older than the window."""
        return since is not None and self.day is not None and self.day < since


@dataclass(frozen=True, slots=True)
class ListPage:
    """The rows of one page, newest first as a rule, and the number of pages the portal says it has (None: it does not say)."""

    rows: tuple[Row, ...]
    pages: int | None = None
