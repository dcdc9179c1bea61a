"""The item that a spider gives to the item pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.model import Page


@dataclass(slots=True)
class PageItem:
    """One page of a portal that should be a notice.

    ``notice_id`` is the id under which the portal's lists show the notice. ``archived`` is true if the raw response is
    already in the archive, under the notice's own address.
    """

    notice_id: str
    page: Page
    archived: bool = True
