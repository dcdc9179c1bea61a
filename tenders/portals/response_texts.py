"""What a portal's answer says, read as the archive will read it."""

from __future__ import annotations

from scrapy.http import Response, TextResponse

from tenders.archive.reader import decode_page


def page_text(response: Response) -> str | None:
    """The text of an answer; None where it is no text."""
    decoded = decode_page(content_type(response), response.body)
    if decoded:
        return decoded[1]
    return response.text if isinstance(response, TextResponse) else None


def content_type(response: Response) -> str:
    """The header of that name, '' where there is none."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1")
