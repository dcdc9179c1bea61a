"""What one portal is to the loopback server: something that answers requests. A new portal is one module in `sites/`.

`sites/NAME.py` defines `make(made, scenario) -> Site`, found by `Portal(made, scenario, site="NAME")` and `serve --portal NAME`,
and `detail(posting)`, what the portal's detail address answers: text of HTML, or a dict that goes out as JSON. Capture files hold
that.
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
    """One request. `path` is without the query; names in `headers` are in lower case."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    raw_query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """The header's value, `""` where it was not sent."""
        return self.headers.get(name.lower(), "")

    def form(self) -> dict[str, str]:
        """The fields of a form-encoded body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Any:
        """The value of a JSON body; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


class Site(Protocol):
    """A portal. `answer` gives None for a 404; what changes over time changes in `push` alone."""

    def answer(self, ask: Ask) -> Reply | None:
        """What the portal sends when all is well."""

    def is_list(self, ask: Ask) -> bool:
        """Whether this asks for a page of a list: those are counted for `Scenario.push_every`."""

    def push(self) -> None:
        """One notice that was held back appears, newest in its list."""

    def block_reply(self, kind: str) -> Reply:
        """What the portal sends when it blocks; `kind` is `Scenario.block_kind`."""


def html(text: str, status: int = 200) -> Reply:
    return Reply(status, text.encode(), HTML)


def as_json(value: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), JSON)
