"""How asking a portal can go wrong. Each says what a report would say."""

from __future__ import annotations

from tenders.crawling.outcome import Failure
from tenders.items import PageItem


class BlockedError(Exception):
    """The portal refuses to be read; nothing more may be sent to it. ``read``: as much of the notice under way as came before."""

    kind: Failure = "blocked"
    read: PageItem | None = None


class MovedError(BlockedError):
    """The address leads to another host. Going there would be a guess."""

    kind: Failure = "moved"


class PageFailedError(Exception):
    """One page could not be read, after all tries. ``gone``: the portal is well and says the page does not exist."""

    kind: Failure = "partial"

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


class LayoutError(PageFailedError):
    """The page that was asked for came, but what it should hold is not there by its name."""

    kind: Failure = "layout"


class TooManyError(Exception):
    """The portal wants a narrower question."""


class StoppedError(Exception):
    """The user wants the crawl to end."""


class PortalDownError(Exception):
    """Page after page fails: going on would only add load."""

    def __init__(self, message: str, kind: Failure) -> None:
        super().__init__(message)
        self.kind = kind
