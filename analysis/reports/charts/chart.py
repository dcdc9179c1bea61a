"""A chart before it has a size: what it is called, what it says, how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from analysis.reports.charts import svg


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a report. ``draw`` takes its frame and how many months, the newest, are drawn (None: all)."""

    key: str
    title: str
    description: str
    draw: Callable[[svg.Frame, int | None], Markup]

    def frame(self, width: int, height: int, suffix: str = "") -> svg.Frame:
        """Return a frame of that size. ``suffix`` tells two drawings of one chart on one page apart."""
        return svg.Frame(self.key + suffix, self.title, self.description, width, height)

    def inline(self, width: int, height: int, *, suffix: str = "", last: int | None = None) -> Markup:
        """Return the chart as an element of a page."""
        frame = self.frame(width, height, suffix)
        return svg.inline(frame, self.draw(frame, last))
