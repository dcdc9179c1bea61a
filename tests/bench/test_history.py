"""The benchmark compares a version with the one before."""

from __future__ import annotations

from pathlib import Path

from bench import history, pages
from bench.history import Figure


def test_a_figure_is_compared_with_the_last_of_another_version_for_as_many_notices(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_text(history.HISTORY.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    now = Figure("0.3.0", "reading", 5000, 2, 1800, 600)
    assert history.previous(now, path) is None
    earlier = [
        Figure("0.1.0", "reading", 5000, 2, 1800, 200),
        Figure("0.2.0", "reading", 5000, 2, 900, 200),
        Figure("0.2.0", "reading", 20000, 2, 900, 300),
        Figure("0.2.0", "OCDS", 5000, 2, 900, 9000),
        Figure("0.3.0", "reading", 5000, 2, 1800, 500),
    ]
    history.append(earlier, path)
    assert list(history.read(path)) == earlier
    assert history.previous(now, path) == earlier[1]
    assert (earlier[1].times_floor, now.times_floor) == (9.0, 6.0)


def test_the_shipped_history_can_be_read_and_the_pages_are_made_as_asked() -> None:
    assert all(figure.notices_per_second > 0 for figure in history.read())
    assert len(list(pages.lines(3))) == 3
