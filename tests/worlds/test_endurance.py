"""Weeks of scheduled crawls with faults, and months without news: nothing grows but what is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.endurance import endurance, typical, without_crawls

pytestmark = pytest.mark.heavy

_WEEK = 7  # the faults of a week come again in the next


def test_memory_handles_threads_files_and_time_of_a_cycle_stay_the_same(tmp_path: Path) -> None:
    with endurance(tmp_path) as world:
        crawled = [world.crawl_day(number) for number in range(3 * _WEEK)]
        with without_crawls():
            stubbed = [world.pass_day(number) for number in range(60)]
    for usages, size in ((crawled, _WEEK), (stubbed, 20)):
        before, after = typical(usages[size : 2 * size]), typical(usages[-size:])
        assert after.handles <= before.handles
        assert after.threads <= before.threads
        assert after.memory_mb < before.memory_mb + 15
        assert after.seconds < 2 * before.seconds + 0.5
    # A day of a portal is one file, and the day before the last has two portals.
    assert crawled[-1].files - crawled[-1 - _WEEK].files <= 2 * _WEEK
    assert stubbed[-1].files == stubbed[20].files
