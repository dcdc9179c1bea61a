"""Recorded conversations with a portal. Played back, the complete crawler runs without a network.

A cassette is recorded from a replica on loopback and kept under the address ``http://<portal>.localhost``, so it is
played with that as the origin. It holds one scenario of at most some fifty interactions, because a long cassette is
slow to search, with bodies stripped of what no parser reads.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit, urlunsplit

import vcr
import yaml
from vcr.request import Request

from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.jobs import crawl_runner

# A link to the cassettes of the repository. An installed package holds a copy of the demo's cassette in its place.
FOLDER = Path(__file__).resolve().parent / "cassettes"
_HANDLER = "tenders.handlers.CassetteDownloadHandler"
SETTINGS = {
    "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER},
    "RETRY_BACKOFF_SECONDS": 0.0,
    "LOG_LEVEL": "WARNING",
}
_KEPT_HEADERS = ("content-type", "location", "retry-after")
_SCRIPT_OR_STYLE = re.compile(rb"<(script|style)\b(?:(?!</\1).)*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_PAGER = re.compile(rb"\bPager\s*\(\s*\{")  # Pager({size:25, …}): the one script that is read
# The time of the request, which some portals want and no answer depends on: &timestamp=1750000000, "_t":1750000000000
_URL_TIME = re.compile(r"([?&]timestamp=)\d+")
_BODY_TIME = re.compile(rb'("_t":)\d+')


@dataclass(frozen=True, slots=True)
class Scenario:
    """One recorded crawl: its name, and the request with which it was recorded and is played (without an origin)."""

    name: str
    request: CrawlRequest

    @property
    def portal(self) -> str:
        """The name of the portal."""
        return self.request.portal

    @property
    def path(self) -> Path:
        """The file of the cassette."""
        return FOLDER / self.portal / f"{self.name}.yaml"


@dataclass(slots=True)
class Replay:
    """The result of playing a cassette.

    ``problems`` is empty if every interaction was played and nothing else was requested. The outcome alone does not
    show this: a request that the cassette lacks is only logged.
    """

    outcome: CrawlOutcome
    played: int
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Playback:
    """What became of a cassette that was played: see ``Replay``."""

    played: int = 0
    problems: list[str] = field(default_factory=list)


DEMO = Scenario("two-julys", CrawlRequest(portal="ccgp", since=date(2024, 7, 1), until=date(2025, 7, 31)))


def play(scenario: Scenario, data_dir: Path) -> Replay:
    """Crawl from the cassette into ``data_dir``. Nothing is ever sent.

    Raises FileNotFoundError if the scenario was never recorded.
    """
    if not scenario.path.exists():
        raise FileNotFoundError(f"{scenario.path} is missing; record it with: python -m tests.record")
    origin = f"http://{scenario.portal}.localhost"
    with playing(scenario.portal, scenario.path) as playback:
        outcome = _crawl(scenario, origin, data_dir)
    return Replay(outcome, playback.played, playback.problems)


@contextmanager
def playing(portal: str, path: Path) -> Iterator[Playback]:
    """Answer all requests of the block from a cassette. At its end, what is yielded says what was played."""
    playback = Playback()
    with _collected_errors() as errors, _recorder(portal, "none").use_cassette(str(path)) as cassette:
        yield playback
        playback.played = cassette.play_count
        playback.problems = list(errors)
        left = len(cassette) - cassette.play_count
        if left:
            playback.problems.append(f"{left} of {len(cassette)} interactions were not played")


def record(scenario: Scenario, origin: str, data_dir: Path) -> CrawlOutcome:
    """Crawl a replica at a loopback ``origin`` into ``data_dir`` and replace the scenario's cassette."""
    scenario.path.parent.mkdir(parents=True, exist_ok=True)
    scenario.path.unlink(missing_ok=True)
    with _recorder(scenario.portal, "all", origin).use_cassette(str(scenario.path)):
        return _crawl(scenario, origin, data_dir)


def _crawl(scenario: Scenario, origin: str, data_dir: Path) -> CrawlOutcome:
    [outcome] = crawl_runner.run([replace(scenario.request, origin=origin)], data_dir, settings=SETTINGS)
    return outcome


def _recorder(portal: str, mode: Literal["none", "all"], origin: str | None = None) -> Any:
    recorder = vcr.VCR(
        record_mode=mode,
        # By default the body is ignored: two queries to one POST interface would get each other's answers.
        match_on=["method", "address", "body"],
        decode_compressed_response=True,
        filter_headers=["authorization", "cookie", "user-agent"],
        before_record_request=_request_rewriter(portal, origin),
        before_record_response=trim_response,
        serializer="readable",
    )
    recorder.register_matcher("address", _same_address)
    recorder.register_serializer("readable", ReadableYaml)
    return recorder


def _same_address(played: Request, recorded: Request) -> bool:
    """Return whether two addresses are one. HTTP clients escape different marks: 00:00 and 00%3A00."""
    return unquote(played.uri) == unquote(recorded.uri)


def _request_rewriter(portal: str, origin: str | None) -> Callable[[Request], Request]:
    """Return a function that writes the cassette's own host for the replica's, and 0 for the time of the request."""

    def rewrite(request: Request) -> Request:
        parts = urlsplit(request.uri)
        if origin and parts.netloc == urlsplit(origin).netloc:
            request.uri = urlunsplit(parts._replace(scheme="http", netloc=f"{portal}.localhost"))
        return without_time(request)

    return rewrite


def without_time(request: Request) -> Request:
    """Write 0 for the time of a request, which no answer depends on."""
    request.uri = _URL_TIME.sub(r"\g<1>0", request.uri)
    if request.body:
        request.body = _BODY_TIME.sub(rb"\g<1>0", request.body)
    return request


def trim_response(response: dict[str, Any]) -> dict[str, Any]:
    """Return the response without changing headers, without styles, and without scripts other than the pager."""
    headers = {name: values for name, values in response["headers"].items() if name.lower() in _KEPT_HEADERS}
    body = response["body"].get("string") or b""
    if body.startswith(b"%PDF"):
        return {**response, "headers": headers}
    body = _SCRIPT_OR_STYLE.sub(lambda match: match.group() if _PAGER.search(match.group()) else b"", body)
    lines = (line.strip() for line in body.split(b"\n"))
    return {**response, "headers": headers, "body": {"string": b"\n".join(line for line in lines if line)}}


@contextmanager
def _collected_errors() -> Iterator[list[str]]:
    """Yield a list of the messages that any logger logs as errors inside the block."""
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


class ReadableYaml:
    """YAML with Chinese text and line breaks as they are, so that people can read and compare cassettes."""

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
