"""The result of a first contact with one portal: what ``tenders check`` reports."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from pipelines.model import Page

CheckState = Literal["ok", "differs", "blocked", "unreachable"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between a descriptor and its portal.

    ``key``: dotted key of the descriptor. ``expected``: what the descriptor says. ``seen``: what the portal does.
    ``remedy``: what to write or to do.
    """

    key: str
    expected: str
    seen: str
    remedy: str


@dataclass(slots=True)
class PortalCheck:
    """What a few requests showed of one portal.

    ``requests``: how many were sent, robots.txt included. ``confirmed`` and ``not_seen``: dotted keys of the descriptor
    that the answers bear out, or do not show. ``list_seen`` and ``notice_seen``: what was read of the lists and of a
    notice, in words.
    """

    portal: str
    state: CheckState = "ok"
    requests: int = 0
    findings: list[Finding] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    not_seen: list[str] = field(default_factory=list)
    list_seen: str = ""
    notice_seen: str = ""

    def add(self, key: str, expected: object, seen: object, remedy: str) -> None:
        """Note a difference, once per key."""
        if all(finding.key != key for finding in self.findings):
            self.findings.append(Finding(key, str(expected), str(seen), remedy))
        if self.state == "ok":
            self.state = "differs"

    def confirm(self, *keys: str) -> None:
        """Note keys that an answer bears out."""
        self.confirmed += [key for key in keys if key not in self.confirmed]

    def as_json(self) -> dict[str, Any]:
        """Return the object that the JSON report has for this portal."""
        shown = asdict(self)
        return {name: shown[name] for name in ("portal", "state", "requests", "findings", "confirmed", "not_seen")} | {
            "list": self.list_seen,
            "notice": self.notice_seen,
        }


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a check and its answer, as they went over the line. The body of the answer may be compressed."""

    method: str
    url: str
    request_headers: dict[str, list[str]]
    request_body: bytes
    status: int
    headers: dict[str, list[str]]
    body: bytes


@dataclass(slots=True)
class CheckRecord:
    """All that came during a check: its day, every exchange (robots.txt too) and the notice that was read."""

    day: date
    exchanges: list[Exchange] = field(default_factory=list)
    page: Page | None = None
