"""Recorded conversations with a portal: the whole crawler runs, and no network is there.

A cassette is recorded from a loopback replica and kept under the address ``http://<portal>.localhost``, so it is played
with that as the origin. It holds one scenario of some fifty interactions at most, because finding an interaction costs more
the longer a cassette is, with bodies trimmed of what no reader needs.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import vcr
import yaml
from vcr.request import Request

from tenders.crawling.outcome import CrawlOutcome
from tenders.jobs import crawl_runner

FOLDER = Path(__file__).resolve().parents[2] / "cassettes"
_HANDLER = "tenders.handlers.CassetteDownloadHandler"
SETTINGS = {
    "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER},
    "RETRY_BACKOFF_SECONDS": 0.0,
    "LOG_LEVEL": "WARNING",
}
_KEPT_HEADERS = ("content-type", "location", "retry-after")
_NOT_READ = re.compile(rb"<(script|style)\b(?:(?!</\1).)*?</\1\s*>", re.S | re.I)
# The time of asking, which some portals want to be told and no answer depends on.
_NOW = re.compile(r"([?&]timestamp=)\d+")
_NOW_SENT = re.compile(rb'("_t":)\d+')
_PAGER = re.compile(rb"\bPager\s*\(\s*\{")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One recorded crawl: the arguments it ran with, and so is played with."""

    name: str
    portal: str
    since: date | None = None
    until: date | None = None
    keywords: tuple[str, ...] = ()
    limit: int | None = None

    @property
    def path(self) -> Path:
        return FOLDER / self.portal / f"{self.name}.yaml"


@dataclass(slots=True)
class Replay:
    """What became of a cassette: ``problems`` is empty when every interaction was played and nothing else was asked for.

    Looking at the outcome alone is not enough: a request that the cassette lacks is only logged.
    """

    outcome: CrawlOutcome
    played: int
    problems: list[str] = field(default_factory=list)


DEMO = Scenario("two-julys", "ccgp", since=date(2024, 7, 1), until=date(2025, 7, 31))


def play(scenario: Scenario, data_dir: Path) -> Replay:
    """Crawls from the cassette into ``data_dir``; nothing is ever sent. Raises FileNotFoundError where it was never recorded."""
    if not scenario.path.exists():
        raise FileNotFoundError(f"{scenario.path} is missing; record it with: python -m tests.record")
    with _errors_logged() as errors, _deck(scenario, "none").use_cassette(str(scenario.path)) as cassette:
        outcome = _crawl(scenario, f"http://{scenario.portal}.localhost", data_dir)
        problems = list(errors)
        left = len(cassette) - cassette.play_count
        if left:
            problems.append(f"{left} of {len(cassette)} interactions were not played")
        return Replay(outcome, cassette.play_count, problems)


def record(scenario: Scenario, origin: str, data_dir: Path) -> CrawlOutcome:
    """Crawls a replica at a loopback ``origin`` into ``data_dir`` and writes the scenario's cassette anew."""
    scenario.path.parent.mkdir(parents=True, exist_ok=True)
    scenario.path.unlink(missing_ok=True)
    with _deck(scenario, "all", origin).use_cassette(str(scenario.path)):
        return _crawl(scenario, origin, data_dir)


def _crawl(scenario: Scenario, origin: str, data_dir: Path) -> CrawlOutcome:
    [outcome] = crawl_runner.run(
        [scenario.portal],
        scenario.since,
        scenario.until,
        scenario.keywords,
        scenario.limit,
        origin,
        data_dir,
        settings=SETTINGS,
    )
    return outcome


def _deck(scenario: Scenario, mode: Literal["none", "all"], origin: str | None = None) -> Any:
    deck = vcr.VCR(
        record_mode=mode,
        # The default forgets the body: two questions to one POST interface would get each other's answers.
        match_on=["method", "uri", "body"],
        decode_compressed_response=True,
        filter_headers=["authorization", "cookie", "user-agent"],
        before_record_request=_homed(scenario.portal, origin),
        before_record_response=_trimmed,
        serializer="readable",
    )
    deck.register_serializer("readable", _ReadableYaml)
    return deck


def _homed(portal: str, origin: str | None) -> Callable[[Request], Request]:
    """Puts the cassette's own host in the place of the port at which the replica happened to be, and no time in that of now."""

    def rewrite(request: Request) -> Request:
        parts = urlsplit(request.uri)
        if origin and parts.netloc == urlsplit(origin).netloc:
            request.uri = urlunsplit(parts._replace(scheme="http", netloc=f"{portal}.localhost"))
        request.uri = _NOW.sub(r"\g<1>0", request.uri)
        if request.body:
            request.body = _NOW_SENT.sub(rb"\g<1>0", request.body)
        return request

    return rewrite


def _trimmed(response: dict[str, Any]) -> dict[str, Any]:
    """Without headers that change from run to run, and without scripts and styles (but for the pager, which is read)."""
    headers = {name: values for name, values in response["headers"].items() if name.lower() in _KEPT_HEADERS}
    body = response["body"].get("string") or b""
    if body.startswith(b"%PDF"):
        return {**response, "headers": headers}
    body = _NOT_READ.sub(lambda found: found.group() if _PAGER.search(found.group()) else b"", body)
    lines = (line.strip() for line in body.split(b"\n"))
    return {**response, "headers": headers, "body": {"string": b"\n".join(line for line in lines if line)}}


@contextmanager
def _errors_logged() -> Iterator[list[str]]:
    """What is logged as an error meanwhile, by whatever logger."""
    errors: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(record.getMessage())

    collector = Collector(logging.ERROR)
    logging.getLogger().addHandler(collector)
    try:
        yield errors
    finally:
        logging.getLogger().removeHandler(collector)


class _ReadableYaml:
    """YAML in which Chinese is Chinese and a page has its lines, so that a cassette can be read and compared."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        return yaml.dump(cassette, Dumper=_Dumper, allow_unicode=True, width=4096, sort_keys=True)

    @staticmethod
    def deserialize(text: str) -> Any:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader both ways


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)
