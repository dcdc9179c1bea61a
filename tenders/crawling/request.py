"""The arguments of a crawl, as texts or as what they mean."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

# Settings for a loopback origin: no portal is there to be spared, and a test should not wait.
AT_HOME = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "HTTPPROXY_ENABLED": False,  # a proxy's loopback is another machine
    "RETRY_BACKOFF_SECONDS": 0.05,
}


def words_of(keyword: Iterable[str] | str | None) -> tuple[str, ...]:
    """Keywords, given one by one or separated by commas."""
    words = re.split(r"[,，]", keyword) if isinstance(keyword, str) else (keyword or ())
    return tuple(word.strip() for word in words if word.strip())


def origin_of(text: str | None) -> tuple[str, str] | None:
    """Scheme and host:port of an origin. Raises ValueError where it is no origin, or has a path (paths are the portal's)."""
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"origin {text!r} is not scheme://host:port, such as http://127.0.0.1:8800")
    return parts.scheme, parts.netloc


def is_loopback(origin: tuple[str, str]) -> bool:
    """Whether the origin is this very machine."""
    host = urlsplit(f"//{origin[1]}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def day_of(name: str, value: date | str | None) -> date | None:
    if not value or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{name} {value!r} is not a day; write 2025-07-31") from None


def count_of(value: int | str | None) -> int | None:
    if value is None or value == "":
        return None
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError(f"limit {value!r} is not a whole number above 0")
    return number
