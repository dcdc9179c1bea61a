"""What a crawl is asked to do: one value, made and checked here for command line, ``scrapy crawl`` and scheduler."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from pipelines.common.clock import parse_span
from tenders import portals
from tenders.config.origin import parse_origin

_COMMAS = re.compile("[,，]")  # 大模型,算力 and 大模型，算力


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRequest:
    """A request to crawl one portal.

    ``since`` and ``until``: publication days in Asia/Shanghai, both included; None for no bound. ``keywords``: read
    only notices with one of these words. ``limit``: read at most so many notices. ``origin``: the scheme://host:port
    that gets the requests instead of the portal (a mirror, a replica).

    Raises ValueError if a value makes no sense or the portal is not crawled.
    """

    portal: str
    since: date | None = None
    until: date | None = None
    keywords: tuple[str, ...] = ()
    limit: int | None = None
    origin: str | None = None

    def __post_init__(self) -> None:
        if not portals.load(self.portal).crawl:
            raise ValueError(f"{self.portal} is not crawled, only read from saved pages: use tenders ingest")
        parse_span(self.since, self.until)
        if self.limit is not None and self.limit < 1:
            raise ValueError(f"limit {self.limit} is not a whole number above 0")
        parse_origin(self.origin)

    @classmethod
    def from_arguments(
        cls,
        portal: str,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        keyword: Iterable[str] | str | None = None,
        limit: int | str | None = None,
        origin: str | None = None,
    ) -> CrawlRequest:
        """Make a request from values or from texts, as a command line gives them. '' means the same as None."""
        first, last = parse_span(since, until)
        return cls(
            portal=portal,
            since=first,
            until=last,
            keywords=_parse_keywords(keyword),
            limit=_parse_limit(limit),
            origin=origin or None,
        )

    def spider_arguments(self) -> dict[str, Any]:
        """Return the request as keyword arguments of a spider."""
        return {
            "since": self.since,
            "until": self.until,
            "keyword": self.keywords,
            "limit": self.limit,
            "origin": self.origin,
        }

    @property
    def origin_parts(self) -> tuple[str, str] | None:
        """Scheme and ``host:port`` of the origin, or None if the portal itself is asked."""
        return parse_origin(self.origin)

    @property
    def is_loopback(self) -> bool:
        """Whether the requests go to this very machine."""
        if not self.origin:
            return False
        host = urlsplit(self.origin).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")


def crawl_requests(names: Iterable[str], *, origin: str | None = None, **arguments: Any) -> list[CrawlRequest]:
    """Make one request for each portal, with the same ``arguments`` (see ``CrawlRequest.from_arguments``).

    Names that are given twice count once. Raises ValueError, also if an origin is given for more than one portal.
    """
    unique = list(dict.fromkeys(names))
    requests = [CrawlRequest.from_arguments(name, origin=origin, **arguments) for name in unique]
    if origin and len(requests) != 1:
        raise ValueError("an origin replaces one portal: name exactly one")
    return requests


def _parse_keywords(value: Iterable[str] | str | None) -> tuple[str, ...]:
    """Return the keywords of a list, or of a text that separates them with commas."""
    words = _COMMAS.split(value) if isinstance(value, str) else (value or ())
    return tuple(word.strip() for word in words if word.strip())


def _parse_limit(value: int | str | None) -> int | None:
    if value is None or value == "":
        return None
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"limit {value!r} is not a whole number above 0") from None
