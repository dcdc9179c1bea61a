"""A webhook on a loopback port, for announcements."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Hook:
    """A webhook: ``status`` is its answer, ``refused`` a word that it never takes."""

    status: int = 200
    refused: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    tries: int = 0
    url: str = ""

    def answer(self, message: dict[str, Any]) -> int:
        self.tries += 1
        if self.status == 200 and not (self.refused and self.refused in message["message"]):
            self.messages.append(message)
            return 200
        return self.status if self.status != 200 else 400

    @property
    def text(self) -> str:
        return "\n".join(message["message"] for message in self.messages)


@contextmanager
def hooked() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(hook.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.url = f"json://127.0.0.1:{httpd.server_port}/hook"
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield hook
    finally:
        httpd.shutdown()
        httpd.server_close()
