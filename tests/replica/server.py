"""The portal on loopback, with the moods a real one has."""

# ruff: noqa: E501  (markup and phrases of the portal stand on the line they have there)
from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from types import TracebackType
from urllib.parse import urlsplit

from tests.replica import page
from tests.replica.model import World
from tests.replica.site import Site

BLOCK_PAGES = {
    "frequent": "<!doctype html><html><head><meta charset='utf-8'><title>提示</title></head><body><p>您的访问过于频繁,请稍后再试 频繁访问!中国政府采购网</p></body></html>",
    "verify": "<!doctype html><html><head><meta charset='utf-8'><title>安全验证</title></head><body><div id='captcha'>安全验证：请完成下方验证后继续访问</div></body></html>",
    "empty": "<!doctype html><html><head><meta charset='utf-8'><title>中国政府采购网</title></head><body><div class='main'></div></body></html>",
}


@dataclass(frozen=True)
class Scenario:
    """What goes wrong. Counts are over all requests but robots.txt; rates are shares of requests, drawn from `seed`."""

    held_back: int = 0  # newest notices a channel that are not listed at first
    push_every: int = 0  # one of them appears after every so many list requests
    block_after: int | None = None  # this many good answers, then the block page for ever
    block_kind: str = "frequent"
    error_rate: float = 0.0
    errors: tuple[str, ...] = ("502", "reset", "truncated", "slow")
    slow_seconds: float = 0.3
    skin: page.Skin = page.SKIN
    compress: bool = False
    max_pages: int = 25
    seed: int = 0


CALM = Scenario()


@dataclass(frozen=True)
class Hit:
    path: str
    status: str  # 200, 404, 502, blocked, reset, truncated
    agent: str
    at: float


@dataclass
class Log:
    hits: list[Hit] = field(default_factory=list)

    def count(self, path: str | None = None, status: str | None = None) -> int:
        return sum((path is None or hit.path == path) and (status is None or hit.status == status) for hit in self.hits)

    def agents(self) -> set[str]:
        return {hit.agent for hit in self.hits}

    def paths(self) -> list[str]:
        return [hit.path for hit in self.hits]


class Portal:
    """`with Portal(world) as portal: crawl(portal.origin)`; `portal.log` tells what was asked."""

    def __init__(self, world: World, scenario: Scenario = CALM, port: int = 0) -> None:
        self.site = Site(world, skin=scenario.skin, held_back=scenario.held_back, max_pages=scenario.max_pages)
        self.scenario, self.log = scenario, Log()
        self._rng = Random(f"faults {scenario.seed}")
        self._lock = threading.Lock()
        self._served = self._lists = 0
        portal = self

        class Handler(_Handler):
            owner = portal

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Portal:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve_forever(self) -> None:
        self._thread.start()
        self._thread.join()

    def answer(self, path: str, agent: str) -> tuple[str, bytes]:
        """(what happens, body); the lock makes the order of events one story even with several clients."""
        with self._lock:
            status, text = self._decide(path)
            self.log.hits.append(Hit(path, status, agent, time.monotonic()))
        return status, text.encode()

    def _decide(self, path: str) -> tuple[str, str]:
        if path == "/robots.txt":
            return "404", "<html><body>404 Not Found</body></html>"
        mood = self.scenario
        if mood.block_after is not None and self._served >= mood.block_after:
            return "blocked", BLOCK_PAGES[mood.block_kind]
        fault = self._rng.choice(mood.errors) if self._rng.random() < mood.error_rate else ""
        if fault and fault != "slow":
            return fault, "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>" if fault == "502" else self.site.get(path) or ""
        text = self.site.get(path)
        if text is None:
            return "404", "<html><head><title>404 Not Found</title></head><body>404 Not Found</body></html>"
        self._served += 1
        if self.site.is_list(path):
            self._lists += 1
            if mood.push_every and self._lists % mood.push_every == 0:
                self.site.push()
        return ("slow" if fault == "slow" else "200"), text


class _Handler(BaseHTTPRequestHandler):
    owner: Portal
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "nginx", ""

    def do_GET(self) -> None:
        status, body = self.owner.answer(urlsplit(self.path).path, self.headers.get("User-Agent", ""))
        if status == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        if status == "slow":
            time.sleep(self.owner.scenario.slow_seconds)
        packed = self.owner.scenario.compress and "gzip" in self.headers.get("Accept-Encoding", "")
        if packed:
            body = gzip.compress(body, mtime=0)
        self.send_response({"404": 404, "502": 502}.get(status, 200))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if status == "truncated":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the portal keeps its own log."""

