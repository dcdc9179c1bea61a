"""Addresses that links of the page lead to."""

from __future__ import annotations

import re
from urllib.parse import quote

_WEB_ADDRESS = re.compile(r"https?://[^\s\"<>\\^`{|}]+", re.IGNORECASE)


def awards_address(**filters: str | None) -> str:
    """Return the address, in this page, of the list with these filters. None asks for awards that do not state it."""
    return "#awards?" + "&".join(
        f"{name}={quote('none' if value is None else value)}" for name, value in filters.items()
    )


def is_web_address(address: str | None) -> bool:
    """Return whether a click may follow it: neither ``javascript:`` nor ``urn:`` nor a file."""
    return address is not None and _WEB_ADDRESS.fullmatch(address) is not None
