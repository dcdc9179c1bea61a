"""Everything that can go wrong while a portal is crawled. The message of each error goes into the crawl's report."""

from __future__ import annotations

from tenders.crawling.outcome import Failure
from tenders.items import PageItem


class BlockedError(Exception):
    """The portal refuses to be read. No further request may be sent to it.

    ``partial_item``: the notice in progress, as far as it was read before the block.
    """

    failure: Failure = "blocked"
    partial_item: PageItem | None = None


class MovedError(BlockedError):
    """The address redirects to another host. To follow it would be a guess."""

    failure: Failure = "moved"


class ForbiddenError(BlockedError):
    """The portal's robots.txt forbids the address, or it redirects too often."""


class PageFailedError(Exception):
    """One page could not be read after all attempts.

    ``gone``: the portal works and reports that this page does not exist.
    """

    failure: Failure = "partial"

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


class TooLargeError(PageFailedError):
    """The answer is larger than any page of a notice. ``path``: what was requested."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: the answer is larger than any page of a notice (DOWNLOAD_MAXSIZE)")


class LayoutError(PageFailedError):
    """The requested page came, but the expected container, key or field is missing."""

    failure: Failure = "layout"


class UnreadableListError(ValueError):
    """The page does not hold the expected list: it is an error page, or its layout has changed."""


class QueryTooBroadError(Exception):
    """The portal refuses a query because it has too many results, and asks for a narrower one."""


class PortalDownError(Exception):
    """Several pages in a row failed. Further requests would only add load."""

    def __init__(self, message: str, failure: Failure) -> None:
        super().__init__(message)
        self.failure = failure


class PortalBusyError(RuntimeError):
    """Another process crawls this portal into the same data folder."""


class CannotStoreError(RuntimeError):
    """The archive cannot be written, for example because the disk is full. What is read from now on would be lost."""


class StorageFailedError(Exception):
    """The item pipeline could not store a page. The cause is already in the crawl's report."""


class LimitReachedError(Exception):
    """The requested number of notices was read, and there are more."""


class StoppedError(Exception):
    """A person or the system wants the crawl to end."""


class RequestsSpentError(StoppedError):
    """As many requests were sent as this run may send."""
