"""Scrapy download handlers for recorded crawls and for portals with old TLS. Others use Scrapy's default handler."""

from __future__ import annotations

import ipaddress
from typing import Any, ClassVar, cast

from scrapy.core.downloader.contextfactory import _get_creator_context, _ScrapyClientContextFactory
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Request

_LEGACY_SERVER_CONNECT = 0x4  # OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT: allow such a server at all


class CassetteDownloadHandler(AiohttpDownloadHandler):
    """Records and plays cassettes.

    vcrpy can replace aiohttp but not Scrapy's own client, so recorded crawls use Scrapy's aiohttp handler. Unlike
    its base, this handler accepts a response without a connection: a played one has no peer and no certificate.
    """

    experimental: ClassVar[bool] = False  # for this use it is not: it never talks to a portal

    @staticmethod
    def _build_base_response_args(response: Any, request: Request, headers: Headers) -> Any:
        version = response.version
        arguments = {
            "status": response.status,
            "url": request.url,
            "headers": headers,
            "protocol": f"HTTP/{version.major}.{version.minor}" if version else "HTTP/1.1",
        }
        peer = getattr(response, "_peername", None)
        if peer:
            arguments["ip_address"] = ipaddress.ip_address(peer[0])
        return arguments


class LegacyTlsContextFactory(_ScrapyClientContextFactory):
    """Scrapy's own factory, which also allows servers older than secure renegotiation (RFC 5746, 2010).

    Certificates are checked as always.
    """

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 - Twisted's name
        creator = super().creatorForNetloc(hostname, port)
        _get_creator_context(creator).set_options(_LEGACY_SERVER_CONNECT)
        return creator


class LegacyTlsDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's https handler for portals with old TLS (``legacy_tls = true`` in the descriptor)."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory = cast("Any", LegacyTlsContextFactory.from_crawler(crawler))
