"""An origin: the scheme, host and port to which a portal's requests are sent instead of the portal itself."""

from __future__ import annotations

from urllib.parse import urlsplit


def parse_origin(text: str | None) -> tuple[str, str] | None:
    """Return scheme and ``host:port`` of an origin, or None for no text.

    Raises ValueError for anything else, also for an origin with a path, because paths are always the portal's own.
    """
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"origin {text!r} is not scheme://host:port, such as http://127.0.0.1:8800")
    return parts.scheme, parts.netloc
