"""What to do about each kind of failure."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from tenders.crawling.outcome import Failure, State
from tenders.monitoring.remedies import crawl_commands, failure_of, meaning, remedy

FIRST, LAST = date(2026, 11, 3), date(2026, 11, 5)
COMMAND = "tenders crawl ccgp --since 2026-11-03 --until 2026-11-05"


@pytest.mark.parametrize("failure", get_args(Failure))
def test_every_kind_of_failure_is_explained_with_what_to_do(failure: Failure) -> None:
    text = remedy(failure, "ccgp", [(FIRST, LAST)])
    assert len(meaning(failure)) > 10
    assert "{" not in text
    expected = {
        "blocked": "never work around",
        "moved": "tenders/portals/ccgp.toml",
        "layout": "tenders rebuild",
        "reach": "tenders ingest",
    }.get(failure, COMMAND)
    assert expected in text


def test_crawls_recorded_before_failures_were_kept_are_explained_by_their_state() -> None:
    assert [failure_of(state, None) for state in get_args(State)] == [None, "partial", "blocked", "timeout"]
    assert failure_of("incomplete", "reach") == "reach"
    assert failure_of("complete", "partial") is None


def test_missing_days_are_one_command_per_range_or_one_for_all_if_there_are_many() -> None:
    assert crawl_commands("ccgp", []) == "tenders crawl ccgp"
    assert crawl_commands("ccgp", [(FIRST, LAST)]) == COMMAND
    several = [(FIRST, FIRST), (LAST, LAST)]
    assert crawl_commands("ccgp", several).count("; tenders crawl ccgp") == 1
    many = [(FIRST, FIRST)] * 3 + [(LAST, LAST)]
    assert crawl_commands("ccgp", many) == COMMAND
