"""The portals, as data: one descriptor for each, a TOML file in this folder.

A descriptor gives the hosts of a portal, the pattern of its notices' ids and where a notice is on its page, which is
enough for ``ingest``; with ``crawl = true`` also how its lists are walked. What the portals of a family have in common
is written once, in ``families/FAMILY.toml``. Nothing here opens a socket or imports Scrapy.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.common.validation import InvalidDataError, read_toml
from pipelines.model import Attachment, Locator, Page
from pipelines.pages.page_templates import complete_locator
from tenders.portals.descriptor import Portal, portal_from
from tenders.portals.options import FAMILIES

__all__ = [
    "LONGEST_URL",
    "Portal",
    "UnknownPortalError",
    "all",
    "load",
    "notice_id_of",
    "page_of",
    "portal_name",
    "portal_of",
    "read_descriptor",
]

# Longer ones are no address, title or name of a portal; no table and no terminal could show them.
LONGEST_URL = 4_000
_LONGEST_TITLE = 1_000
_LONGEST_NAME = 200
_FOLDER = Path(__file__).parent
_FAMILY_FOLDER = _FOLDER / "families"


class UnknownPortalError(ValueError):
    """No descriptor has this name. The message lists those that exist."""


def load(name: str) -> Portal:
    """Return the descriptor of one portal. Raises UnknownPortalError, or InvalidDataError if a descriptor is wrong."""
    portal = _by_name().get(name)
    if portal is None:
        raise UnknownPortalError(f"unknown portal {name!r}; known: {', '.join(sorted(_by_name()))}")
    return portal


def all() -> list[Portal]:  # noqa: A001 - read as portals.all()
    """Return every descriptor, by name."""
    return [portal for _, portal in sorted(_by_name().items())]


def portal_of(url: str) -> Portal | None:
    """Return the portal of this address's host; None for an unknown host or none at all, as in ``urn:…``."""
    try:
        host = urlsplit(url).hostname
    except ValueError:  # such as an unclosed [ in the host
        return None
    return _by_host().get(host) if host else None


def portal_name(url: str) -> str:
    """Return the name of the portal that publishes at this address, or else the host's name."""
    portal = portal_of(url)
    return portal.name if portal else (urlsplit(url).hostname or "unknown")


def notice_id_of(portal: str, url: str) -> str | None:
    """Return the portal's own id in an address; None for an unknown portal or an address without an id."""
    descriptor = _by_name().get(portal)
    return descriptor.notice_id_in(url) if descriptor else None


def province_of(portal: str) -> str | None:
    """Return the province of all buyers of a portal; None if it serves several, or has no descriptor."""
    descriptor = _by_name().get(portal)
    return descriptor.province if descriptor else None


def page_of(
    portal: str | None,
    url: str,
    fetched_at: datetime,
    content_type: str,
    body: str,
    *,
    title: str | None = None,
    published_on: date | None = None,
    listed: Mapping[str, str] | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Page:
    """Return a page with what the portal's descriptor knows about it. Every page is made here.

    Without a name, the portal is the one of the address. A page whose portal has no descriptor is read as one of the
    portal whose host its address has, or else by the page templates (``pipelines.pages.page_templates``). A longer
    title than anybody writes is cut.

    Raises ValueError if the address or the portal's name is longer than any real one: no table could show it.
    """
    name = portal or portal_name(url)
    if len(url) > LONGEST_URL:
        raise ValueError(f"its address is longer than {LONGEST_URL:,} characters")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"the name of its portal is longer than {_LONGEST_NAME} characters")
    descriptor = _by_name().get(name)
    host_owner = descriptor or portal_of(url)
    return Page(
        portal=name,
        url=url,
        fetched_at=fetched_at,
        content_type=content_type,
        body=body,
        title=title[:_LONGEST_TITLE] if title else title,
        published_on=published_on,
        listed=listed or {},
        attachments=attachments,
        notice_id=descriptor.notice_id_in(url) if descriptor else None,
        channel=descriptor.channel_in(url) if descriptor else None,
        province=province_of(name),
        locator=_locator(host_owner.name, own=descriptor is not None) if host_owner else None,
    )


def read_descriptor(path: Path) -> Portal:
    """Return one descriptor file, completed by what its family shares.

    Raises InvalidDataError with one line per mistake: file, key, what to write.
    """
    source = f"tenders/portals/{path.name}" if path.parent == _FOLDER else str(path)
    written = read_toml(path, source)
    family = written.get("family")
    shared = _family_defaults(family) if isinstance(family, str) else {}
    portal = portal_from(_completed(written, shared), source)
    if portal.name != path.stem:
        raise InvalidDataError([f"{source}: name: {portal.name!r} is not the file's name; write {path.stem}"])
    return portal


@cache
def _family_defaults(family: str) -> Mapping[str, Any]:
    """Return what the portals of a family share, with what its spider's family shares; nothing without such files."""
    path = _FAMILY_FOLDER / f"{family}.toml"
    shared = read_toml(path, f"tenders/portals/families/{path.name}") if path.exists() else {}
    spider = shared.get("spider")
    return _completed(shared, _family_defaults(spider)) if spider in FAMILIES and spider != family else shared


def _completed(written: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return a descriptor's keys with those of its family. Tables are joined; any other key that is written counts."""
    completed = {**shared, **written}
    for key in shared.keys() & written.keys():
        if isinstance(shared[key], dict) and isinstance(written[key], dict):
            completed[key] = _completed(written[key], shared[key])
    return completed


@cache
def _locator(name: str, *, own: bool) -> Locator:
    """Return where a portal's notices are. If the page has another portal's name, ids inside it do not count."""
    place = _by_name()[name].notice
    return complete_locator((place if own else place.model_copy(update={"id_keys": ()})).locator())


@cache
def _by_name() -> Mapping[str, Portal]:
    portals = [read_descriptor(path) for path in sorted(_FOLDER.glob("*.toml"))]
    return {portal.name: portal for portal in portals}


@cache
def _by_host() -> Mapping[str, Portal]:
    return {host: portal for portal in _by_name().values() for host in portal.hosts}
