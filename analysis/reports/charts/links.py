"""Addresses that links of the page lead to."""

from __future__ import annotations

from urllib.parse import quote


def awards_address(**filters: str | None) -> str:
    """Return the address, in this page, of the list with these filters. None asks for awards that do not state it."""
    values = {name: "none" if value is None else value for name, value in filters.items()}
    return "#awards?" + "&".join(f"{name}={quote(value)}" for name, value in values.items())
