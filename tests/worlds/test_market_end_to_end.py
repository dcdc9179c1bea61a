"""One world of projects over six portals, crawled from their replicas with faults: one award a project, priced to the cent."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tenders.crawling.request import CrawlRequest
from tenders.jobs.crawl import crawl_portals
from tests.replica.market import market, restrict
from tests.replica.score_market import score_market
from tests.replica.server import Portal, Scenario

PORTALS = ("ccgp", "ggzy", "cmcc", "gdgpo", "szggzy", "yichang")
QUICK = {"RETRY_BACKOFF_SECONDS": 0.05, "LOG_LEVEL": "ERROR"}


def test_awards_of_many_portals_are_found_once_with_exact_amounts(tmp_path: Path) -> None:
    made = market(206, 160)
    mood = Scenario(error_rate=0.05, slow_seconds=0.05, seed=206)  # without faults test_reproduce.py crawls a world
    for name in PORTALS:
        with Portal(made, mood, site=name) as portal:
            [outcome] = crawl_portals(
                [CrawlRequest(portal=name, origin=portal.origin)], data_dir=tmp_path, settings=QUICK
            )
        assert (outcome.state, outcome.listed) == ("complete", outcome.stored), outcome.reason
    result = score_market(tmp_path / "tenders.duckdb", restrict(made, PORTALS))
    for measure in ("award found", "award once", "award amount", "award suppliers", "award date", "counted once"):
        assert result.asked[measure] > 20, measure
        assert result.share(measure) >= 0.98, (measure, result.errors)
    assert result.share("not merged wrongly") >= 0.99
    with duckdb.connect(str(tmp_path / "tenders.duckdb"), read_only=True) as con:
        spread = con.execute("SELECT count(*) FROM awards WHERE is_large_model AND len(portals) > 1").fetchone()
        assert spread is not None
        assert spread[0] > 5
        assert con.execute(
            "SELECT count(*) FROM covered_days WHERE state NOT IN ('complete', 'unsettled')"
        ).fetchone() == (0,)
