"""TLS for portals whose servers are older than secure renegotiation (RFC 5746, 2010)."""

from __future__ import annotations

from typing import Any, cast

from scrapy.core.downloader.contextfactory import _get_creator_context, _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler

_LEGACY_SERVER_CONNECT = 0x4  # OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT: talk to such a server at all


class LegacyContextFactory(_ScrapyClientContextFactory):
    """As Scrapy's own, certificates checked as before; only the handshake's old form is allowed."""

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 - Twisted's name
        creator = super().creatorForNetloc(hostname, port)
        _get_creator_context(creator).set_options(_LEGACY_SERVER_CONNECT)
        return creator


class LegacyDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler of https with that handshake."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory = cast("Any", LegacyContextFactory.from_crawler(crawler))
