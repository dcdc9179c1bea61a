"""Addresses that links of a page lead to."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

AwardsAddress = Callable[..., str]


def awards_address(page: str = "", /, **filters: str | None) -> str:
    """Return the address of the list of awards with these filters, in this page or in another one.

    None asks for awards that do not state it.
    """
    values = {name: "none" if value is None else value for name, value in filters.items()}
    return f"{page}#awards?" + "&".join(f"{name}={quote(value)}" for name, value in values.items())
