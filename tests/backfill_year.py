"""Fourteen months of keywords at six portals on loopback: ``python -m tests.backfill_year``. It takes two minutes.

Three of the backfills are killed in the middle. In the end no notice is missing, none is there twice, and growth on the
year has a complete base. Too slow for a test.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import duckdb
import orjson

from tests.helpers.portal_sites import played, published
from tests.helpers.storing import COMMAND, tenders
from tests.replica.families import add_family_portals
from tests.replica.market import market
from tests.replica.server import Portal

PORTALS = ("gdgpo", "ggzy_jiangxi", "ggzy_sichuan", "ggzy_hebei", "ccgp_hunan", "chinatower")
KILLED = PORTALS[:3]
FIRST, LAST = date(2024, 6, 1), date(2025, 7, 31)


def arguments(name: str, portal: Portal, data: Path) -> list[str]:
    return ["backfill", name, "--since", "2024-06", "--until", "2025-07", "--definition", "keyword",
            "--origin", portal.origin, "--yes", "--data", str(data)]  # fmt: skip


def kill_amid(name: str, portal: Portal, data: Path) -> None:
    """Start a backfill and kill it after some requests."""
    process = subprocess.Popen(
        [*COMMAND, *arguments(name, portal, data)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    while len(portal.log.hits) < 12 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def main() -> None:
    """Run the backfills and check what they leave; an AssertionError says what is wrong."""
    with tempfile.TemporaryDirectory(prefix="tenders-backfill-") as folder:
        backfill_year(Path(folder))


def backfill_year(data: Path) -> None:
    """Fill a data folder with fourteen months of six portals and check it."""
    made = add_family_portals(market(41, 260))
    with ExitStack() as opened:
        portals = {name: opened.enter_context(played(name, made)) for name in PORTALS}
        for name in KILLED:
            kill_amid(name, portals[name], data)
        for name, portal in portals.items():
            done = tenders(*arguments(name, portal, data))
            assert done.returncode == 0, done.stderr
    expected = {
        posting.key for name in PORTALS for posting in published(name, made, FIRST, LAST) if "大模型" in posting.title
    }
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        stored = Counter(key for (key,) in con.execute("SELECT notice_key FROM notices").fetchall())
    assert set(stored) == expected
    assert set(stored.values()) == {1}
    shown = tenders("summary", "--month", "2025-07", "--definition", "keyword", "--format", "json", "--data", data)
    summary = orjson.loads(shown.stdout)
    assert (summary["coverage"]["state"], summary["coverage"]["portals_complete"]) == ("complete", len(PORTALS))
    assert summary["base"]["yoy"]["awards"]
    assert summary["awards_yoy_pct"] is not None
    assert "2024-07" in done.stdout
    print(
        f"{len(stored)} notices of {len(PORTALS)} portals, each once; coverage {summary['coverage']['state']}; "
        f"keyword awards in 2025-07: {summary['awards']}, {summary['awards_yoy_pct']} % on the year"
    )


if __name__ == "__main__":
    main()
