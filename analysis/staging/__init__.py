"""The one place of this package that reads the tables of ``pipelines``: temporary views ``stg_…``, one SQL file each.

Everything else here reads these views, or what is made from them. A change of the store's tables is answered in these
files.
"""

from __future__ import annotations

from importlib import resources

import duckdb

STEPS = (
    "stg_sightings",
    "stg_contents",
    "stg_lots",
    "stg_winners",
    "stg_reviews",
    "stg_crawls",
    "stg_crawl_windows",
    "stg_schema_version",
)


def create_staging(store: duckdb.DuckDBPyConnection) -> None:
    """Create the staging views on a store, for as long as its connection is open."""
    for step in STEPS:
        select = (resources.files("analysis.staging") / f"{step}.sql").read_text(encoding="utf-8")
        store.execute(f"CREATE OR REPLACE TEMP VIEW {step} AS\n{select}")


def drop_staging(store: duckdb.DuckDBPyConnection) -> None:
    """Drop the staging views."""
    for step in STEPS:
        store.execute(f"DROP VIEW IF EXISTS temp.{step}")
