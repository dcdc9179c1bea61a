"""The whole path on worlds that the readers were not made from: pages in, counted awards out, compared with the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenders.jobs.ingest import ingest_files
from tests.replica.capture import write
from tests.replica.score import Score, score_world
from tests.replica.world import world

pytestmark = pytest.mark.long


def _score(seed: int, folder: Path, *, text: bool = False) -> Score:
    made = world(seed, 150)
    write(made, folder / "world.jsonl.gz", text=text)
    ingest_files([folder / "world.jsonl.gz"], folder / "data")
    return score_world(folder / "data" / "tenders.duckdb", made)


@pytest.mark.parametrize("seed", [101, 102])
def test_awards_of_a_world_in_html_are_found_once_with_exact_amounts(seed: int, tmp_path: Path) -> None:
    result = _score(seed, tmp_path)
    for measure in (
        "award found",
        "award once",
        "not merged wrongly",
        "award amount",
        "award suppliers",
        "kind",
        "is_large_model",
    ):
        assert result.asked[measure] > 0, measure
        assert result.share(measure) >= 0.98, measure
    assert result.share("award project_type") >= 0.90
    assert result.share("no contact stored") == 1.0


def test_awards_of_a_world_whose_tables_ran_together_are_found(tmp_path: Path) -> None:
    result = _score(103, tmp_path, text=True)
    assert result.share("award found") >= 0.95
    assert result.share("award once") == 1.0
    assert result.share("award notice suppliers") >= 0.98
    assert result.share("award notice amounts") >= 0.98
