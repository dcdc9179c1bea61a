"""`python -m tests.record [PORTAL/NAME…]`: records cassettes anew from the loopback replica, with what a replay must give.

Beside each cassette lies NAME.expected.json: the outcome and the notices of the recorded crawl.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tenders.archive.writer import archive_files, read_pages
from tenders.crawling.outcome import CrawlOutcome
from tenders.demo import cassettes
from tests.replica.demo import demo_world
from tests.replica.market import market
from tests.replica.model import Market, World
from tests.replica.server import CALM, Portal, Scenario
from tests.replica.world import world


@dataclass(frozen=True)
class Recording:
    """One scenario of the crawler, the world it meets and the mood the portal is in."""

    scenario: cassettes.Scenario
    world: Callable[[], World | Market]
    mood: Scenario = CALM

    @property
    def key(self) -> str:
        """How the command calls it."""
        return f"{self.scenario.portal}/{self.scenario.name}"


def _small() -> World:
    return world(seed=5, projects=5)


@cache
def _market() -> Market:
    return market(41, 260)


def _window(
    portal: str, since: date, until: date, name: str = "window", mood: Scenario = CALM, word: str = ""
) -> Recording:
    """A few days of a portal of the market."""
    keywords = (word,) if word else ()
    return Recording(cassettes.Scenario(name, portal, since=since, until=until, keywords=keywords), _market, mood)


RECORDINGS = {
    recording.key: recording
    for recording in (
        Recording(cassettes.DEMO, demo_world),
        Recording(cassettes.Scenario("window", "ccgp", since=date(2025, 6, 1), until=date(2025, 6, 30)), demo_world),
        Recording(
            cassettes.Scenario("list-grows", "ccgp"),
            lambda: world(seed=5, projects=14),
            Scenario(held_back=3, push_every=2),
        ),
        Recording(
            cassettes.Scenario("gateway-trouble", "ccgp"), _small, Scenario(error_rate=0.2, errors=("502",), seed=3)
        ),
        Recording(cassettes.Scenario("blocked", "ccgp"), _small, Scenario(block_after=9, block_kind="verify")),
        Recording(cassettes.Scenario("compressed", "ccgp", limit=4), _small, Scenario(compress=True)),
        _window("ggzy", date(2025, 5, 22), date(2025, 6, 1)),
        _window("ggzy", date(2025, 5, 22), date(2025, 6, 1), "captcha", Scenario(block_after=9, block_kind="verify")),
        _window("cmcc", date(2025, 2, 21), date(2025, 5, 3)),
        _window("szggzy", date(2024, 7, 15), date(2024, 7, 29)),
        _window("yichang", date(2025, 2, 12), date(2025, 2, 15)),
        _window("gdgpo", date(2025, 5, 25), date(2025, 7, 1)),
        _window("gdgpo", date(2025, 1, 1), date(2025, 8, 31), "search", word="大模型"),
        _window("chinatelecom", date(2025, 1, 20), date(2025, 4, 30)),
        _window(
            "chinatelecom", date(2025, 1, 20), date(2025, 4, 30), "wall", Scenario(block_after=6, block_kind="wall")
        ),
        _window("chinaunicom", date(2025, 1, 1), date(2025, 7, 31)),
        _window("sgcc", date(2025, 1, 28), date(2025, 3, 6)),
        _window("csg", date(2025, 3, 1), date(2025, 7, 31)),
        _window("zcy_shanghai", date(2025, 5, 14), date(2025, 6, 11)),
        _window("zcy_guangxi", date(2025, 2, 20), date(2025, 5, 8)),
        _window("ccgp_beijing", date(2024, 9, 1), date(2025, 5, 18)),
        _window(
            "ccgp_shandong",
            date(2024, 10, 1),
            date(2025, 7, 13),
            mood=Scenario(error_rate=0.2, errors=("502",), seed=5),
        ),
        _window("ccgp_hubei", date(2025, 5, 19), date(2025, 7, 31)),
    )
}


def expected_path(scenario: cassettes.Scenario) -> Path:
    return scenario.path.with_suffix(".expected.json")


def account(outcome: CrawlOutcome, data_dir: Path) -> dict[str, Any]:
    """What must be the same each time: the outcome without its times, and every notice in the order read."""
    pages = [page for file in archive_files(data_dir) for page in read_pages(file)]
    return {
        "state": outcome.state,
        "listed": outcome.listed,
        "stored": outcome.stored,
        "reason": outcome.reason,
        "notices": [[page.url, page.title, page.published_on and page.published_on.isoformat()] for page in pages],
    }


def record(recording: Recording) -> dict[str, Any]:
    portal = Portal(recording.world(), recording.mood, site=recording.scenario.portal)
    with tempfile.TemporaryDirectory() as folder, portal:
        outcome = cassettes.record(recording.scenario, portal.origin, Path(folder))
        return account(outcome, Path(folder))


def main(names: list[str]) -> None:
    for name in names or list(RECORDINGS):
        recording = RECORDINGS[name]
        told = record(recording)
        text = json.dumps(told, ensure_ascii=False, indent=1)
        expected_path(recording.scenario).write_text(text + "\n", "utf-8")
        print(
            f"{name}: {told['state']}, {len(told['notices'])} notices, {recording.scenario.path.stat().st_size // 1024} kB"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
