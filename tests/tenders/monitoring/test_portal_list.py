"""``tenders portals``: the list of all portals, some in detail, and as JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import orjson
import pytest

from tenders import portals
from tenders.crawling.outcome import Window
from tenders.jobs.ingest import ingest_files
from tenders.monitoring.portal_health import PortalHealth, all_portal_health
from tenders.monitoring.portal_list import matching_portals, portal_details, portals_json, portals_text
from tests.helpers.data_folders import empty_data_folder
from tests.helpers.recorded_crawls import record_crawl
from tests.helpers.storing import award, capture, tenders

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with saved notices of two portals, and a crawl of another that lacks one day."""
    data = tmp_path_factory.mktemp("portals")
    empty_data_folder(data)
    capture(
        data / "a.jsonl", [award(1, portal="yichang"), award(2, portal="nobody-knows-this-portal" + "-at-all" * 20)]
    )
    ingest_files([data / "a.jsonl"], data)
    days = [
        Window("0202", date(2026, 11, day), None, 5, 5, 0, 0, "incomplete" if day == 3 else "complete")
        for day in range(1, 13)
    ]
    ended = datetime(2026, 11, 12, 1, tzinfo=UTC)
    record_crawl(data, ended, days, since=days[0].day, until=days[-1].day)
    return data


@pytest.fixture(scope="module")
def health(folder: Path) -> list[PortalHealth]:
    return all_portal_health(folder)


def test_the_list_has_one_line_per_portal_by_group_with_state_age_and_missing_days(health: list[PortalHealth]) -> None:
    text = portals_text(health, NOW)
    listed, _, marks = text.partition("not certain")
    lines = {line.split()[0]: line for line in listed.splitlines() if line.strip()}
    assert "every notice, newest first" in lines["ccgp"]
    assert "complete" in lines["ccgp"]
    assert "2026-11-12 09:00" in lines["ccgp"]
    assert lines["ccgp"].endswith("1 days")
    assert "every notice, by days" in lines["yichang"]
    assert "2026-07-02 (133 days old)" in lines["yichang"]
    assert "saved pages only" in lines["ccgp_yunnan"]
    [unknown] = [line for line in lines.values() if line.startswith("nobody-knows-this-portal")]
    assert "2026-07-03" in unknown, "a portal without a descriptor is shown too, in one line"
    order = [line.split()[0] for line in listed.splitlines()[1:] if line.strip()]
    assert order.index("government") < order.index("ccgp") < order.index("trading") < order.index("yichang")
    assert order.index("companies") < order.index("csg") < order.index("schools") < order.index("sztu")
    assert {name for name in order if name in {portal.name for portal in portals.all()}} == {
        portal.name for portal in portals.all()
    }
    for portal in portals.all():
        assert not portal.unverified or f"{portal.name}: {', '.join(portal.unverified)}" in marks


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["sztu"], {"sztu"}),
        (["school"], {"sztu", "cqu"}),
        (["gpcms", "广东"], {"gdgpo"}),
        (["铁塔"], {"chinatower"}),
        (["complete"], {"ccgp"}),
        (["nothing-like-it"], set()),
    ],
)
def test_words_choose_portals_by_name_group_family_province_or_state(
    health: list[PortalHealth], words: list[str], expected: set[str]
) -> None:
    assert {found.portal for found in matching_portals(health, words)} == expected


def test_details_say_what_a_portal_gives_what_is_missing_and_what_is_not_certain(health: list[PortalHealth]) -> None:
    text = portal_details(matching_portals(health, ["ccgp"]), NOW)
    first = text.partition("\n\n")[0].splitlines()
    assert first[0] == "ccgp 中国政府采购网"
    assert "  missing: 2026-11-03" in first
    assert f"  gives: {portals.load('ccgp').coverage}" in first
    marked = portals.load("ggzy_zhejiang").unverified
    assert f"  not certain: {', '.join(marked)}" in portal_details(matching_portals(health, ["ggzy_zhejiang"]), NOW)


def test_json_has_what_the_descriptor_says_and_the_state(health: list[PortalHealth]) -> None:
    by_name = {portal["portal"]: portal for portal in orjson.loads(portals_json(health))}
    assert by_name["ccgp"]["can_give"]
    assert by_name["ccgp"]["cannot_give"]
    assert by_name["ccgp"]["last_complete_at"].startswith("2026-11-12T09:00")
    assert (by_name["ccgp"]["state"], by_name["yichang"]["state"]) == ("complete", "never")
    yichang = portals.load("yichang")
    assert yichang.unverified
    assert {key: by_name["yichang"][key] for key in ("family", "group", "origin", "coverage", "unverified")} == {
        "family": "epoint",
        "group": "resources",
        "origin": yichang.origin,
        "coverage": yichang.coverage,
        "unverified": list(yichang.unverified),
    }
    [unknown] = [by_name[name] for name in by_name if name.startswith("nobody-knows")]
    assert [unknown[key] for key in ("family", "group", "origin", "coverage", "unverified")] == [None] * 4 + [[]]


def test_a_word_that_fits_no_portal_is_wrong_usage(folder: Path) -> None:
    result = tenders("--data", folder, "portals", "nothing-like-it")
    assert result.returncode == 2
    assert "no portal fits 'nothing-like-it'" in result.stderr
