"""Recorded crawls give the same notices again, with no server anywhere."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from tenders.crawling.request import CrawlRequest
from tenders.demo import cassettes
from tenders.demo.saved_checks import play_check
from tenders.portals import all as all_portals
from tests.record import RECORDINGS, expected_path, scenarios, summary_of

SCENARIOS = scenarios()
CHECKS = sorted(cassettes.FOLDER.glob("*/check.yaml"))
MOST_INTERACTIONS = 60
MOST_CHARACTERS = 400_000


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_cassette_plays_to_its_end_and_gives_exactly_its_notices(name: str, tmp_path: Path) -> None:
    plays_as_expected(SCENARIOS[name], tmp_path)


def plays_as_expected(scenario: cassettes.Scenario, data: Path) -> None:
    replay = cassettes.play(scenario, data)
    assert replay.problems == []
    expected = json.loads(expected_path(scenario).read_text("utf-8"))
    expected.pop("request", None)
    assert summary_of(replay.outcome, data) == expected


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_cassette_is_small_readable_and_names_no_one_s_machine(name: str) -> None:
    scenario = SCENARIOS[name]
    text = scenario.path.read_text("utf-8")
    interactions = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["interactions"]
    assert 0 < len(interactions) <= MOST_INTERACTIONS
    assert {entry["request"]["uri"].split("/")[2] for entry in interactions} == {f"{scenario.portal}.localhost"}
    assert len(text) < MOST_CHARACTERS
    assert re.search("公[告示]", text)
    assert not re.search(r"127\.0\.0\.1|\\u[0-9a-f]{4}|[Cc]ookie|[Aa]uthorization|User-Agent", text)


def test_a_request_that_was_not_recorded_leaves_the_crawl_incomplete(tmp_path: Path) -> None:
    recorded = RECORDINGS["ccgp/window"].scenario
    # Without its last day the request covers July too, which the cassette lacks.
    other = replace(recorded, request=replace(recorded.request, until=None))
    replay = cassettes.play(other, tmp_path)
    assert replay.outcome.state != "complete"
    assert replay.outcome.stored < replay.outcome.listed


def test_a_cassette_that_is_not_there_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"tests\.record"):
        cassettes.play(cassettes.Scenario("never-recorded", CrawlRequest(portal="ccgp")), tmp_path)


def test_every_portal_that_is_crawled_has_a_cassette() -> None:
    recorded = {scenario.portal for scenario in SCENARIOS.values()}
    assert {portal.name for portal in all_portals() if portal.crawl} <= recorded


@pytest.mark.slow
@pytest.mark.parametrize("cassette", CHECKS, ids=lambda cassette: cassette.parent.name)
def test_a_saved_check_gives_the_same_result_again(cassette: Path) -> None:
    expected = json.loads(cassette.with_suffix(".expected.json").read_text("utf-8"))
    result, problems = play_check(cassette.parent.name, cassette, date.fromisoformat(expected.pop("checked_on")))
    assert problems == []
    assert result.as_json() == expected
