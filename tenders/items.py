"""The item that a spider hands to the pipeline: one page of a portal that should be a notice."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.model import Page


@dataclass(slots=True)
class PageItem:
    """``notice_id`` is the id by which the lists knew this notice; ``archived``: the raw response is in the archive already,
    under the notice's own address."""

    notice_id: str
    page: Page
    archived: bool = True
