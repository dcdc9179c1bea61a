"""What is known of each portal, as data: one TOML file a portal beside this module.

Parsing and crawling share these descriptors, so nothing here opens a socket or imports Scrapy. A descriptor names
the portal's hosts and the pattern of its notice ids (enough for ``ingest``); with ``crawl = true`` also how its lists are walked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

_FOLDER = Path(__file__).parent
_REQUIRED = ("name", "title", "origin", "family")


class UnknownPortalError(ValueError):
    """No descriptor has this name; the message lists those that exist."""


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal. ``origin`` is the public scheme://host of stored addresses, ``hosts`` all hosts whose notices are its own.

    ``mode`` is ``full`` (every notice of the window is read and classified here) or ``keyword`` (only the portal's own search);
    ``keyword`` says where keywords are applied: ``title`` (by us, on the listed title) or ``search`` (by the portal).
    ``lists`` are ``newest`` (one list, newest first, without days) or ``dated`` (the portal is asked for days,
    ``slice_days`` at most at once, none before ``first_day``, ``edge_days`` more at each end); ``search_lists`` is the
    same for its search. A question whose answer reaches ``most_rows`` is divided. ``province`` is that of its buyers, for
    a portal of one province. ``filed`` finds in an address the code of the kind of notice, ``filed_as`` holds the
    portal's words for these codes. ``delay_seconds`` is the least time between two requests to the host. ``answers`` says
    what its answers must hold (``tenders.portals.response_checks``), ``options`` what only the family reads.
    """

    name: str
    title: str
    origin: str
    family: str
    hosts: tuple[str, ...]
    crawl: bool = False
    notice_id: re.Pattern[str] | None = None
    channels: tuple[str, ...] = ()
    delay_seconds: float = 1.0
    mode: Literal["full", "keyword"] = "full"
    keyword: Literal["title", "search"] = "title"
    lists: Literal["newest", "dated"] = "newest"
    search_lists: Literal["newest", "dated"] = "newest"
    page_size: int = 20
    most_pages: int = 1000
    most_rows: int | None = None
    overlap_pages: int = 2
    slice_days: int = 30
    first_day: date = date(2015, 1, 1)
    edge_days: int = 0
    province: str | None = None
    filed: re.Pattern[str] | None = None
    filed_as: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: bool = False
    legacy_tls: bool = False
    verify_certificate: bool = True
    answers: Mapping[str, Any] = field(default_factory=dict)
    coverage: str = ""
    gaps: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def notice_id_in(self, url: str) -> str | None:
        """The portal's own id in the address of a notice (%3D read as =), or None where the address shows none."""
        found = self.notice_id.search(url) if self.notice_id else None
        return unquote(found.group(1)) if found else None

    def channel_in(self, url: str) -> str | None:
        """What the address says a notice is filed as, in the portal's words; None where it does not say it."""
        found = self.filed.search(url) if self.filed else None
        return self.filed_as.get(found.group(1)) if found else None


_KEYS = frozenset(Portal.__dataclass_fields__)


def load(name: str) -> Portal:
    """The descriptor of one portal. Raises UnknownPortalError where there is none, ValueError where the file is wrong."""
    portal = _by_name().get(name)
    if portal is None:
        raise UnknownPortalError(f"unknown portal {name!r}; known: {', '.join(sorted(_by_name()))}")
    return portal


def all() -> list[Portal]:  # noqa: A001 - read as portals.all()
    """Every descriptor, by name."""
    return [portal for _, portal in sorted(_by_name().items())]


def portal_of(url: str) -> Portal | None:
    """The portal on whose host this address lies, or None for an unknown host (or no host at all, as in ``urn:…``)."""
    try:
        host = urlsplit(url).hostname
    except ValueError:  # such as an unclosed [ in the host
        return None
    return _by_host().get(host) if host else None


def notice_id_of(portal: str, url: str, told: str | None = None) -> str | None:
    """The portal's own id of the notice at this address; None for an unknown portal, or where nothing tells it.

    ``told`` is the id that the answer itself gives; it counts where the address of a known portal shows none, as with
    interfaces whose many answers share one address.
    """
    known = _by_name().get(portal)
    return (known.notice_id_in(url) or told) if known else None


def channel_of(portal: str, url: str) -> str | None:
    """What the notice at this address is filed as, in the portal's words (中标公告); None where the address does not say it."""
    known = _by_name().get(portal)
    return known.channel_in(url) if known else None


def province_of(portal: str) -> str | None:
    """The province that all buyers of a portal belong to; None for an unknown portal or one of the whole country."""
    known = _by_name().get(portal)
    return known.province if known else None


def read(path: Path) -> Portal:
    """One descriptor file. Raises ValueError naming the file and what is missing."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: not TOML: {error}") from error
    missing = [key for key in _REQUIRED if key not in data]
    if missing:
        raise ValueError(f"{path.name}: add {', '.join(missing)}")
    unknown = set(data) - _KEYS
    if unknown:
        raise ValueError(f"{path.name}: unknown: {', '.join(sorted(unknown))}")
    host = urlsplit(data["origin"]).hostname or ""
    pattern, filed = data.get("notice_id"), data.get("filed")
    return Portal(
        name=data["name"],
        title=data["title"],
        origin=data["origin"].rstrip("/"),
        family=data["family"],
        hosts=tuple(dict.fromkeys([host, *data.get("hosts", [])])),
        crawl=data.get("crawl", False),
        notice_id=re.compile(pattern) if pattern else None,
        channels=tuple(data.get("channels", ())),
        delay_seconds=float(data.get("delay_seconds", 1.0)),
        mode=data.get("mode", "full"),
        keyword=data.get("keyword", "title"),
        lists=data.get("lists", "newest"),
        search_lists=data.get("search_lists", data.get("lists", "newest")),
        page_size=data.get("page_size", 20),
        most_pages=data.get("most_pages", 1000),
        most_rows=data.get("most_rows"),
        overlap_pages=data.get("overlap_pages", 2),
        slice_days=data.get("slice_days", 30),
        first_day=data.get("first_day", date(2015, 1, 1)),
        edge_days=data.get("edge_days", 0),
        province=data.get("province"),
        filed=re.compile(filed) if filed else None,
        filed_as=data.get("filed_as", {}),
        headers=data.get("headers", {}),
        cookies=data.get("cookies", False),
        legacy_tls=data.get("legacy_tls", False),
        verify_certificate=data.get("verify_certificate", True),
        answers=data.get("answers", {}),
        coverage=data.get("coverage", "").strip(),
        gaps=data.get("gaps", "").strip(),
        options=data.get("options", {}),
    )


@cache
def _by_name() -> Mapping[str, Portal]:
    portals = [read(path) for path in sorted(_FOLDER.glob("*.toml"))]
    return {portal.name: portal for portal in portals}


@cache
def _by_host() -> Mapping[str, Portal]:
    return {host: portal for portal in _by_name().values() for host in portal.hosts}
