"""Record the cassettes again from the replica on loopback: ``python -m tests.record [PORTAL/NAME…]``.

Beside each cassette NAME.expected.json keeps what a replay must give: the outcome and the notices of the recorded crawl.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.demo import cassettes
from tests.replica.demo import demo_world
from tests.replica.families import add_family_portals
from tests.replica.market import market
from tests.replica.model import Market, World
from tests.replica.server import CALM, Portal, Scenario
from tests.replica.world import world


@dataclass(frozen=True)
class Recording:
    """One scenario of the crawler, the world it meets and the mood of the portal."""

    scenario: cassettes.Scenario
    world: Callable[[], World | Market]
    mood: Scenario = CALM

    @property
    def key(self) -> str:
        """The name of the recording on the command line."""
        return f"{self.scenario.portal}/{self.scenario.name}"


@cache
def _market() -> Market:
    return add_family_portals(market(41, 260))


def _ccgp(name: str, made: Callable[[], World], mood: Scenario = CALM, **arguments: Any) -> Recording:
    return Recording(cassettes.Scenario(name, CrawlRequest(portal="ccgp", **arguments)), made, mood)


def _days(
    portal: str, since: str, until: str, name: str = "window", mood: Scenario = CALM, keyword: str | None = None
) -> Recording:
    """Some days of a portal of the market."""
    request = CrawlRequest.from_arguments(portal, since=since, until=until, keyword=keyword)
    return Recording(cassettes.Scenario(name, request), _market, mood)


_small = partial(world, seed=5, projects=5)
_growing = partial(world, seed=5, projects=14)

RECORDINGS = {
    recording.key: recording
    for recording in (
        Recording(cassettes.DEMO, demo_world),
        _ccgp("window", demo_world, since=date(2025, 6, 1), until=date(2025, 6, 30)),
        _ccgp("list-grows", _growing, Scenario(held_back=3, push_every=2)),
        _ccgp("gateway-trouble", _small, Scenario(error_rate=0.2, errors=("502",), seed=3)),
        _ccgp("blocked", _small, Scenario(block_after=9, block_kind="verify")),
        _ccgp("compressed", _small, Scenario(compress=True), limit=4),
        _days("ggzy", "2025-05-22", "2025-06-01"),
        _days("ggzy", "2025-05-22", "2025-06-01", "captcha", Scenario(block_after=9, block_kind="verify")),
        _days("cmcc", "2025-02-21", "2025-05-03"),
        _days("szggzy", "2024-07-15", "2024-07-29"),
        _days("yichang", "2025-02-12", "2025-02-15"),
        _days("gdgpo", "2025-05-25", "2025-07-01"),
        _days("gdgpo", "2025-01-01", "2025-08-31", "search", keyword="大模型"),
        _days("chinatelecom", "2025-01-20", "2025-04-30"),
        _days("chinatelecom", "2025-01-20", "2025-04-30", "wall", Scenario(block_after=6, block_kind="wall")),
        _days("chinaunicom", "2025-01-01", "2025-07-31"),
        _days("sgcc", "2025-01-28", "2025-03-06"),
        _days("csg", "2025-03-01", "2025-07-31"),
        _days("zcy_shanghai", "2025-05-14", "2025-06-11"),
        _days("zcy_guangxi", "2025-02-20", "2025-05-08"),
        _days("ccgp_beijing", "2024-09-01", "2025-05-18"),
        _days("ccgp_shandong", "2024-10-01", "2025-07-13", mood=Scenario(error_rate=0.2, errors=("502",), seed=5)),
        _days("ccgp_hubei", "2025-05-19", "2025-07-31"),
        _days("chinatower", "2025-03-03", "2025-03-17"),
        _days("ggzy_jiangxi", "2024-07-23", "2024-07-31"),
        _days("ggzy_jiangxi", "2024-07-01", "2024-12-31", "search", keyword="大模型"),
        _days("ggzy_sichuan", "2024-07-23", "2024-07-30"),
        _days("ggzy_zhejiang", "2024-07-23", "2024-07-31"),
        _days("ggzy_jiangsu", "2024-07-23", "2024-07-31"),
        _days("ggzy_hainan", "2024-07-23", "2024-07-30"),
        _days("ggzy_qinghai", "2024-07-23", "2024-07-30"),
        _days("ggzy_ningxia", "2024-07-23", "2024-07-30"),
        _days("ggzy_xinjiang", "2024-07-23", "2024-07-30"),
        _days("ggzy_bingtuan", "2024-07-23", "2024-07-30"),
        _days("ggzy_shaanxi", "2024-07-23", "2024-07-30"),
        _days("ggzy_hebei", "2024-07-23", "2024-07-30"),
        _days("ggzy_guangxi", "2024-07-23", "2024-07-30"),
        _days("sztu", "2025-06-04", "2025-06-10"),
        _days("cqu", "2024-09-23", "2024-09-30"),
        _days("ggzy_heilongjiang", "2025-08-11", "2025-08-17"),
        _days("ccgp_hunan", "2025-02-26", "2025-04-07"),
        _days("ccgp_anhui", "2025-02-26", "2025-04-07"),
        _days("ccgp_guizhou", "2025-02-26", "2025-04-07"),
        _days("ccgp_shanxi", "2025-02-26", "2025-04-07"),
        _days("ccgp_jilin", "2025-02-26", "2025-04-07"),
        _days("ccgp_xinjiang", "2025-02-26", "2025-04-07"),
        _days("ccgp_qinghai", "2025-02-26", "2025-04-07"),
        _days("ccgp_dalian", "2025-02-26", "2025-04-07"),
        _days("czbank", "2025-02-26", "2025-04-07"),
        _days("ccb", "2024-09-23", "2024-09-30"),
        _days("powerchina", "2025-02-02", "2025-03-08"),
        _days("szygcgpt", "2025-02-02", "2025-03-08"),
        _days("crc", "2025-02-02", "2025-03-08"),
        _days("neep", "2025-02-02", "2025-03-19"),
        _days("icbc", "2024-09-23", "2024-09-30"),
        _days("cgb", "2024-09-23", "2024-09-30"),
        _days("cnooc", "2025-02-02", "2025-03-08"),
        _days("psbc", "2024-09-23", "2024-09-30"),
        _days("citic", "2024-09-23", "2024-09-30"),
        _days("cib", "2024-09-23", "2024-09-30"),
        _days("chnenergy", "2025-02-02", "2025-03-08"),
        _days("ctg", "2025-02-02", "2025-03-08"),
        _days("chinacoal", "2025-02-02", "2025-03-08"),
        _days("ccteg", "2025-02-02", "2025-03-08"),
        _days("chinapost", "2025-02-02", "2025-03-08"),
        _days("ccgp_jiangxi", "2025-01-01", "2025-05-22"),
        _days("cdb", "2024-09-30", "2025-01-02"),
    )
}


def _written_scenarios() -> Iterator[cassettes.Scenario]:
    """Yield the cassettes that a person wrote. The file of what they must give says which crawl they answer."""
    for path in sorted(cassettes.FOLDER.glob("*/*.expected.json")):
        request = json.loads(path.read_text("utf-8")).get("request")
        if request:
            name, portal = path.name.removesuffix(".expected.json"), path.parent.name
            yield cassettes.Scenario(name, CrawlRequest.from_arguments(portal, **request))


def scenarios() -> dict[str, cassettes.Scenario]:
    """Return all cassettes by PORTAL/NAME: those recorded here and those that a person wrote."""
    recorded = {name: recording.scenario for name, recording in RECORDINGS.items()}
    return recorded | {f"{scenario.portal}/{scenario.name}": scenario for scenario in _written_scenarios()}


def expected_path(scenario: cassettes.Scenario) -> Path:
    """Return the file of what a replay must give."""
    return scenario.path.with_suffix(".expected.json")


def summary_of(outcome: CrawlOutcome, data_dir: Path) -> dict[str, Any]:
    """Return what must be the same each time: the outcome without its times, and every notice in the order read."""
    pages = [page for file in archive_files(data_dir) for page in read_pages(file)]
    return {
        "state": outcome.state,
        "listed": outcome.listed,
        "stored": outcome.stored,
        "reason": outcome.reason,
        "notices": [[page.url, page.title, page.published_on and page.published_on.isoformat()] for page in pages],
    }


def record(recording: Recording) -> dict[str, Any]:
    """Record one cassette and return its summary."""
    portal = Portal(recording.world(), recording.mood, site=recording.scenario.portal)
    with tempfile.TemporaryDirectory() as folder, portal:
        outcome = cassettes.record(recording.scenario, portal.origin, Path(folder))
        return summary_of(outcome, Path(folder))


def main(names: list[str]) -> None:
    """Record the named cassettes, or all."""
    for name in names or list(RECORDINGS):
        recording = RECORDINGS[name]
        summary = record(recording)
        text = json.dumps(summary, ensure_ascii=False, indent=1)
        expected_path(recording.scenario).write_text(text + "\n", "utf-8")
        size = recording.scenario.path.stat().st_size // 1024
        print(f"{name}: {summary['state']}, {len(summary['notices'])} notices, {size} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
