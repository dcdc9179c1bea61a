"""The interface between a portal and the loopback server. A new portal is one module in `sites/`.

`sites/NAME.py` defines `make(made, scenario) -> Site`, used by `Portal(made, scenario, site="NAME")` and
`serve --portal NAME`. It also defines `detail(posting)`, the response of the portal's detail address: HTML text,
or a dict that is sent as JSON. Capture files hold the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl

HTML = "text/html; charset=utf-8"
JSON = "application/json;charset=UTF-8"


@dataclass(frozen=True)
class Ask:
    """One request. `path` excludes the query. Names in `headers` are in lower case."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    raw_query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """Return a header's value, empty if it was not sent."""
        return self.headers.get(name.lower(), "")

    def form(self) -> dict[str, str]:
        """Return the fields of a form-encoded body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Any:
        """Return the value of a JSON body, or None if it is not valid JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Reply:
    """One response."""

    status: int = 200
    body: bytes = b""
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


class Site(Protocol):
    """A portal. `answer` returns None for a 404. Only `push` changes what it shows."""

    def answer(self, ask: Ask) -> Reply | None:
        """Return the normal response to a request."""

    def is_list(self, ask: Ask) -> bool:
        """Check whether the request is for a list page. `Scenario.push_every` counts these."""

    def push(self) -> None:
        """Publish one held-back notice at the top of its list."""

    def block_reply(self, kind: str) -> Reply:
        """Return the block page; `kind` is `Scenario.block_kind`."""


def html(text: str, status: int = 200) -> Reply:
    """Return an HTML response."""
    return Reply(status, text.encode(), HTML)


def as_json(value: object, status: int = 200) -> Reply:
    """Return a JSON response."""
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), JSON)
