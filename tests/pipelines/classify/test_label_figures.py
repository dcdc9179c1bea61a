"""The labelled notices: figures stay above their floors, pages show the current ones, and the parts stay separate."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipelines.labelled_notices import LabelledNotice
from tenders.jobs.label_facts import classes_of
from tests.helpers.label_figures import LABELS, MEASURES, PAGES, judged, shown, table
from tests.helpers.label_parts import part_of, project_of
from tests.paths import ROOT, SHARED

pytestmark = pytest.mark.slow

OPERATORS = SHARED / "captures" / "operator-titles.csv"
SECTORS = {
    "education_research", "government", "telecom", "energy", "finance", "healthcare", "transport", "manufacturing",
    "media_culture", "other",
}  # fmt: skip

# Slightly below the measured figures. "taken" may not rise above its limit; all others may not fall below theirs.
FLOORS = {
    "fit": (0.96, 0.93, 0.45, 0.02, 0.002, 0.93, 0.95, 0.93),
    "held": (0.95, 0.70, 0.40, 0.05, 0.015, 0.80, 0.90, 0.90),
}


@pytest.mark.parametrize("part", ["fit", "held"])
def test_every_figure_stays_above_its_floor(part: str) -> None:
    for (name, measure), floor in zip(MEASURES.items(), FLOORS[part], strict=True):
        hits = measure(judged(part))
        share = sum(hits) / len(hits)
        print(f"{part}: {name} {sum(hits)} of {len(hits)}")
        assert share <= floor if "taken" in name else share >= floor, (name, share)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_pages_show_the_current_figures(page: Path) -> None:
    assert shown(page) == table(PAGES[page]), "python -m tests.helpers.label_figures writes them again"


def test_labels_have_the_form_of_the_guide() -> None:
    for part in ("fit", "held"):
        for label, _ in judged(part):
            assert label.title
            assert label.confidence in ("high", "medium", "low"), label
            assert set(label.project_type) <= {"compute", "application", "model", "data"}, label
            assert not label.project_type or label.is_large_model, label
            assert label.sector is None or label.sector in SECTORS, label
            assert label.labelled_by, label
            assert label.url or label.source, label


def test_every_project_is_in_one_part_which_the_title_decides() -> None:
    projects = {part: {project_of(label.title) for label, _ in judged(part)} for part in ("fit", "held")}
    assert not projects["fit"] & projects["held"]
    assert all(part_of(label.title) == "held" for label, _ in judged("held"))
    assert (LABELS / "README.md").exists()


@pytest.mark.skipif(not OPERATORS.exists(), reason="the captures are not next to this checkout")
def test_ordinary_purchases_of_operators_are_almost_never_large_model() -> None:
    flavoured = {label.title for label, _ in judged("fit")}
    with OPERATORS.open(encoding="utf-8-sig", newline="") as handle:
        titles = {row["title"] for row in csv.DictReader(handle)} - flavoured
    taken = [title for title in titles if classes_of(LabelledNotice(title=title))["is_large_model"]]
    print(f"{len(taken)} of {len(titles)} ordinary titles taken", taken)
    assert len(taken) <= len(titles) * 3 / 1900
