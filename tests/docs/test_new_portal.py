"""The tutorial that adds a portal: its files are written, and what it says is run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tenders import portals
from tenders.demo import cassettes
from tenders.spiders import registry
from tests.paths import ROOT
from tests.pipelines import test_golden
from tests.record import scenarios
from tests.tenders.demo.test_cassettes import plays_as_expected

_FILE = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
NAME = "lake_bank"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Write the files of the tutorial into a folder and add its portal to the known ones."""
    written = {}
    for name, text in _FILE.findall((ROOT / "docs" / "new-portal.md").read_text("utf-8")):
        written[name] = tmp_path / name
        written[name].parent.mkdir(parents=True, exist_ok=True)
        written[name].write_text(text, "utf-8")
    portal = portals.read_descriptor(written[f"tenders/portals/{NAME}.toml"])
    monkeypatch.setitem(portals._by_name(), NAME, portal)  # type: ignore[arg-type]
    monkeypatch.setattr(cassettes, "FOLDER", tmp_path / "cassettes")
    spider = registry.spider_for(portal)
    monkeypatch.setattr(registry, spider.__name__, spider, raising=False)
    return written


def test_the_tutorial_needs_a_descriptor_a_golden_pair_a_cassette_and_no_python(files: dict[str, Path]) -> None:
    assert sorted(Path(name).suffix for name in files) == [".html", ".json", ".json", ".toml", ".yaml"]
    assert len(files[f"tenders/portals/{NAME}.toml"].read_text("utf-8").splitlines()) < 12


def test_the_golden_pair_of_the_tutorial_is_read(files: dict[str, Path]) -> None:
    pair = files[f"tests/golden/{NAME}/award.expected.json"]
    test_golden.test_a_page_gives_the_fields_of_its_golden_pair(pair)
    test_golden.test_every_value_has_evidence_in_the_stored_text(pair)
    assert NAME in test_golden.pair_name(pair)  # so that -k lake_bank runs them


def test_the_cassette_of_the_tutorial_is_played_to_its_end(files: dict[str, Path], tmp_path: Path) -> None:
    plays_as_expected(scenarios()[f"{NAME}/window"], tmp_path / "data")
