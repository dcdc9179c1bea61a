"""A portal on loopback with the faults of a real one. A `Site` decides which portal it is (see `protocol.py`)."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from random import Random
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

from tests.replica import page
from tests.replica.families import family_of
from tests.replica.footer import add_to_reply
from tests.replica.model import Market
from tests.replica.protocol import Ask, Reply, html


@dataclass(frozen=True)
class Scenario:
    """What goes wrong.

    Counts include all requests except robots.txt. Rates are shares of requests, drawn from `seed`.
    """

    held_back: int = 0  # newest notices per list that are hidden at first
    push_every: int = 0  # one of them appears after this many list requests
    block_after: int | None = None  # after this many normal responses, only block pages
    block_kind: str = "frequent"
    error_rate: float = 0.0
    errors: tuple[str, ...] = (
        "502",
        "reset",
        "truncated",
        "slow",
    )  # also "half": half of the body with a matching Content-Length
    slow_seconds: float = 0.3
    skin: page.Skin = page.SKIN  # CCGP's classes
    rename: tuple[tuple[str, str], ...] = ()  # a redesign of any portal: (old, new) words of its responses
    compress: bool = False
    max_pages: int = 25  # CCGP's lists
    cap: int = 1000  # results that a portal with a capped total returns
    seed: int = 0


CALM = Scenario()
NOT_FOUND = "<html><head><title>404 Not Found</title></head><body>404 Not Found</body></html>"
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


@dataclass(frozen=True)
class Hit:
    """One request as the portal saw it."""

    path: str
    status: str  # 200, 404, 502, blocked, reset, truncated, half, slow; or the portal's own status
    agent: str
    at: float
    method: str = "GET"
    query: str = ""
    body: bytes = b""


@dataclass
class Log:
    """All requests in order."""

    hits: list[Hit] = field(default_factory=list)

    def count(self, path: str | None = None, status: str | None = None) -> int:
        """Count requests to a path or with a status."""
        return sum((path is None or hit.path == path) and (status is None or hit.status == status) for hit in self.hits)

    def agents(self) -> set[str]:
        """Return the user agents that were seen."""
        return {hit.agent for hit in self.hits}

    def paths(self) -> list[str]:
        """Return the requested paths in order."""
        return [hit.path for hit in self.hits]


def make_site(name: str, made: Any, scenario: Scenario = CALM) -> Any:
    """Return the portal `name` for a world, as `sites/NAME.py` or the module of its family defines it."""
    family = family_of(name)
    if family:
        return family.make(made, scenario, name)
    return import_module(f"tests.replica.sites.{name}").make(made, scenario)


class Portal:
    """A portal that serves while its context is open. `portal.log` lists the requests.

    `with Portal(world) as portal: crawl(portal.origin)`. `source` is a world, which the portal named `site` shows, or a
    ready `Site`. A market adds the `footer` of its pages.
    """

    def __init__(
        self, source: Any, scenario: Scenario = CALM, port: int = 0, *, site: str = "ccgp", footer: str = ""
    ) -> None:
        self.site = source if hasattr(source, "answer") else make_site(site, source, scenario)
        self.scenario, self.log = scenario, Log()
        self._footer = source.footer if isinstance(source, Market) else footer
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

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve_forever(self) -> None:
        """Serve until the process is stopped."""
        self._thread.start()
        self._thread.join()

    def answer(self, ask: Ask) -> tuple[str, Reply]:
        """Return (status, response).

        A lock keeps the order of events the same for all clients.
        """
        with self._lock:
            status, reply = self._choose_reply(ask)
            self.log.hits.append(
                Hit(ask.path, status, ask.header("User-Agent"), time.monotonic(), ask.method, ask.raw_query, ask.body)
            )
        return status, reply

    def _choose_reply(self, ask: Ask) -> tuple[str, Reply]:
        """Pick the response: a block page, a fault, or what the site answers."""
        if ask.path == "/robots.txt":
            return "404", html(NOT_FOUND, 404)
        mood = self.scenario
        if mood.block_after is not None and self._served >= mood.block_after:
            return "blocked", self.site.block_reply(mood.block_kind)
        fault = self._rng.choice(mood.errors) if self._rng.random() < mood.error_rate else ""
        if fault == "502":
            return fault, html(BAD_GATEWAY, 502)
        reply = self.site.answer(ask)
        if fault and fault != "slow":
            return fault, reply or html("")
        if reply is None:
            return "404", html(NOT_FOUND, 404)
        if reply.status != 200:
            return str(reply.status), reply
        self._served += 1
        if self.site.is_list(ask):
            self._lists += 1
            if mood.push_every and self._lists % mood.push_every == 0:
                self.site.push()
        return ("slow" if fault == "slow" else "200"), self._finish(reply)

    def _finish(self, reply: Reply) -> Reply:
        """Add the world's footer and apply the renames of a redesign."""
        if self._footer:
            reply = add_to_reply(reply, self._footer)
        body = reply.body
        for old, new in self.scenario.rename:
            body = body.replace(old.encode(), new.encode())
        return replace(reply, body=body)


class _Handler(BaseHTTPRequestHandler):
    owner: Portal
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "nginx", ""
    wbufsize = -1  # head and body in one write; separate writes cost 40 ms per response

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _ask(self) -> Ask:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = int(headers.get("content-length") or 0)
        return Ask(
            self.command, path, dict(parse_qsl(query, keep_blank_values=True)), query, self.rfile.read(length), headers
        )

    def _serve(self) -> None:
        ask = self._ask()
        status, reply = self.owner.answer(ask)
        if status == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        if status == "slow":
            time.sleep(self.owner.scenario.slow_seconds)
        body = reply.body[: len(reply.body) // 2] if status == "half" else reply.body
        packed = self.owner.scenario.compress and "gzip" in ask.header("Accept-Encoding")
        if packed:
            body = gzip.compress(body, mtime=0)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers:
            self.send_header(name, value)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if status == "truncated":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing. The portal keeps its own log."""
