"""The download handler of recorded crawls.

vcrpy sees aiohttp, not Scrapy's own client, so cassettes are recorded and replayed through Scrapy's aiohttp handler. Production
stays on Scrapy's default handler.
"""

from __future__ import annotations

import ipaddress
from typing import Any, ClassVar

from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.http import Headers, Request


class CassetteDownloadHandler(AiohttpDownloadHandler):
    """As its base, but content with a response that no connection carried: a replayed one has no peer and no certificate."""

    experimental: ClassVar[bool] = False  # as far as this project uses it: never towards a portal

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
