"""Weeks of scheduled crawls with faults, and months without news: nothing grows but what is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.endurance import endurance, typical, without_crawls

pytestmark = pytest.mark.long


def test_memory_handles_threads_files_and_time_of_a_cycle_stay_the_same(tmp_path: Path) -> None:
    """Few cycles show what every cycle leaves behind. ``python -m bench.endurance`` runs for years."""
    with endurance(tmp_path) as world:
        crawled = [world.crawl_day(number) for number in range(6)]
        with without_crawls():
            stubbed = [world.pass_day(number) for number in range(20)]
    for usages, size in ((crawled, 2), (stubbed, 5)):
        before, after = typical(usages[size : 2 * size]), typical(usages[-size:])
        assert after.handles <= before.handles
        assert after.threads <= before.threads
        assert after.memory_mb < before.memory_mb + 40  # the database fills its cache
        assert after.seconds < 3 * before.seconds + 1
    # A day of a portal is one file.
    assert crawled[-1].files - crawled[-3].files <= 4
    assert stubbed[-1].files == stubbed[5].files
