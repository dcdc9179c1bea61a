"""What ``tenders status`` and ``tenders portals`` write alike: tables, times, ages of days, missing days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO

from rich.console import Console
from rich.table import Table

from tenders.monitoring.portal_health import PortalHealth

_WIDTH = 160
_WIDEST_CUT = 32  # of a cell that is cut, so that one long name does not push the others out
_GAP_STATES = {
    "gone": " no longer shown",
    "doubtful": " may be misread",
    "never": " never crawled",
    "unsettled": " before its end",
}


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, cut: bool = False) -> str:
    """Return a table without rules, at most 160 characters wide. Long cells continue below, or with ``cut`` are cut."""
    made = Table(box=None, pad_edge=False, header_style="")
    for head in heads:
        made.add_column(
            head, no_wrap=cut, overflow="ellipsis" if cut else "fold", max_width=_WIDEST_CUT if cut else None
        )
    for row in rows:
        made.add_row(*(str(cell) for cell in row))
    out = StringIO()
    Console(file=out, width=_WIDTH, markup=False, highlight=False).print(made)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def gaps_text(health: PortalHealth, most: int) -> str:
    """Return the newest gaps with what they lack: ``4 older, 2026-11-03…05 (0202), 2026-11-09 never crawled``."""
    shown = [f"{gap}{_GAP_STATES.get(gap.state, '')}" for gap in health.gaps[-most:]]
    older = len(health.gaps) - len(shown)
    return ", ".join([f"{older} older", *shown] if older else shown)


def age(day: date | None, today: date) -> str:
    """Return a day and how old it is: ``2026-07-02 (133 days old)``."""
    if day is None:
        return "never"
    days = (today - day).days
    return f"{day} ({'today' if days == 0 else f'{days:,} days old'})" if days >= 0 else day.isoformat()


def minute(at: datetime | None) -> str:
    """Return a time to the minute, or ``never``."""
    return at.strftime("%Y-%m-%d %H:%M") if at else "never"
