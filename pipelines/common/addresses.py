"""Addresses as pages write them: joined with that of their page, and whether a request for one may be sent."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

_USUAL_PORTS = (None, 80, 443)


def join_address(page: str, link: str) -> str:
    """Return the address to which a link on a page leads; empty if the link makes no sense, as ``http://[a/`` does."""
    try:
        return urljoin(page, link.strip())
    except ValueError:
        return ""


def is_on_hosts(address: str, hosts: Collection[str], port: int | None = None) -> bool:
    """Return whether a request for this address goes by HTTP to one of the hosts, as no one in particular.

    ``port``: allowed in addition to the usual ones. Another scheme would read a file of this machine, and another port
    asks a service that is no web site.
    """
    try:
        parts = urlsplit(address)
        is_usual = parts.port in (*_USUAL_PORTS, port)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.hostname in hosts and "@" not in parts.netloc and is_usual
