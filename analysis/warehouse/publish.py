"""From the private tables to the published ones: notices with their versions, awards, states and views.

Everything is a function of what was observed: the same observations and contents give the same rows in the same
order, whatever the order of loading. With ``changed``, only what those notices can touch is built again, with the same
result as a full build.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path

import duckdb
import orjson

from analysis import awards
from analysis.figures.definition import load_all
from analysis.staging import create_staging, drop_staging
from analysis.views import catalog
from analysis.warehouse import comments

PUBLIC_TABLES = (
    "about",
    "notices",
    "lots",
    "winners",
    "award_states",
    "awards",
    "award_lots",
    "reviews",
    "portals",
    "crawls",
    "crawl_windows",
    "crawl_alarms",
    "known_months",
    "published_figures",
)

BUILT_TABLES = ("notices", "lots", "winners", "award_states", "awards", "award_lots")  # from the notices of the store
_WORK_TABLES = ("touched", "touched_versions")
# What one thread of DuckDB needs at the least to sort a million awards; each further thread needs more.
_MEMORY_FOR_EVERYTHING = "384MB"


def build(
    store: duckdb.DuckDBPyConnection,
    changed: Iterable[str] | None = None,
    fill_alarms: Callable[[duckdb.DuckDBPyConnection, Iterable[str] | None], None] = lambda store, changed: None,
) -> set[str] | None:
    """Build the public tables and views in schema ``main`` of ``store``, inside the caller's transaction.

    ``changed`` are the keys of the notices that have new observations; None means all of them, from nothing.
    Everything is also built from nothing if other rules built it before. ``fill_alarms`` fills ``crawl_alarms`` from
    the other tables, in which the rows of these notices changed, or all (None): the caller knows how, and coverage
    depends on it.

    Returns the keys of the notices and awards whose rows in ``BUILT_TABLES`` may be other ones now; None means all.
    """
    rebuilt: set[str] | None = None
    changed = None if changed is None else sorted(changed)
    same_rules = _built_by_these_rules(store)
    create_staging(store)
    with _setting(store, "preserve_insertion_order", "true"):  # rows stay as the statements order them
        if changed is None or not same_rules:
            if not same_rules:
                _create_tables_again(store)
            with _setting(store, "threads", "1"), _setting(store, "memory_limit", _MEMORY_FOR_EVERYTHING):
                _build_everything(store)
        else:
            rebuilt = _build_changed(store, changed)
        store.execute(sql("warehouse/schema", "reviews.sql"))
        _copy_crawls(store)
        if not same_rules:
            load_published_figures(store)
            store.execute("INSERT INTO main.about SELECT version FROM stg_schema_version")
            create_views(store)
            store.execute("DELETE FROM working.built_by")
            store.execute("INSERT INTO working.built_by VALUES (?)", [rules_digest()])
        fill_alarms(store, changed if same_rules else None)
        store.execute(sql("warehouse/schema", "known_months.sql"))
        for table in _WORK_TABLES:
            store.execute(f"DROP TABLE IF EXISTS temp.{table}")
    drop_staging(store)
    return rebuilt


def build_awards(store: duckdb.DuckDBPyConnection) -> None:
    """Build only the notices, awards and reviews of a new store, from nothing and without views.

    It is part of the caller's transaction.
    """
    create_tables(store)
    store.execute(sql("warehouse/schema", "working.sql"))
    create_staging(store)
    with _setting(store, "preserve_insertion_order", "true"):  # rows stay as the statements order them
        _build_everything(store)
    store.execute(sql("warehouse/schema", "reviews.sql"))
    drop_staging(store)


def build_blocks(store: duckdb.DuckDBPyConnection) -> None:
    """Fill only ``working.award_blocks`` of a new store: what each of its notices can be joined by."""
    store.execute(sql("warehouse/schema", "working.sql"))
    create_staging(store)
    store.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT notice_key FROM stg_sightings")
    awards.update_blocks(store, everything=True)
    drop_staging(store)


def _create_tables_again(store: duckdb.DuckDBPyConnection) -> None:
    """Create the public tables as these rules fill them, in the place of those that other rules filled."""
    for table in reversed(PUBLIC_TABLES):
        store.execute(f"DROP TABLE IF EXISTS main.{table}")
    create_tables(store)
    store.execute("DROP TABLE working.award_blocks")
    store.execute(sql("warehouse/schema", "working.sql"))


def _build_everything(store: duckdb.DuckDBPyConnection) -> None:
    """Fill the tables of notices and awards from nothing. Emptied tables keep their views and descriptions."""
    for table in BUILT_TABLES:
        store.execute(f"DELETE FROM main.{table}")
    store.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT notice_key FROM stg_sightings")
    store.execute(sql("warehouse/schema", "notices.sql"))
    awards.resolve_all(store, everything=True)


def _build_changed(store: duckdb.DuckDBPyConnection, changed: list[str]) -> set[str]:
    """Replace the changed notices, and the awards that they can belong to. Returns the keys of both."""
    store.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT unnest(CAST(? AS VARCHAR[])) AS notice_key",
        [changed],
    )
    for table in ("notices", "lots", "winners"):
        store.execute(f"DELETE FROM main.{table} WHERE notice_key IN (SELECT notice_key FROM touched)")
    store.execute(sql("warehouse/schema", "notices.sql"))
    return {*changed, *awards.resolve_all(store, everything=False)}


@contextmanager
def _setting(store: duckdb.DuckDBPyConnection, name: str, value: str) -> Iterator[None]:
    """Give a setting of DuckDB another value within the block."""
    before = store.execute(f"SELECT CAST(current_setting('{name}') AS VARCHAR)").fetchone() or ("",)
    store.execute(f"SET {name} = '{value}'")
    yield
    store.execute(f"SET {name} = '{before[0]}'")


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the public tables that do not exist yet, empty."""
    con.execute(sql("warehouse/schema", "public.sql"))


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create the views and macros on the public tables, and write what each table and column is."""
    for statement in catalog.statements(tuple(load_all())):
        con.execute(statement.sql())
    comments.write_comments(con)


def sql(folder: str, name: str) -> str:
    """Return the text of one of the SQL files of this package."""
    return (resources.files("analysis") / folder / name).read_text(encoding="utf-8")


@cache
def rules_digest() -> str:
    """Return a digest of the rules themselves: code, SQL and reference data of this package."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*")):
        if path.suffix in (".py", ".sql", ".csv", ".toml"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _built_by_these_rules(store: duckdb.DuckDBPyConnection) -> bool:
    """Return whether these very rules built the public tables, so that a part of them can be replaced."""
    store.execute(sql("warehouse/schema", "working.sql"))
    return store.execute("SELECT fingerprint FROM working.built_by").fetchone() == (rules_digest(),)


def _copy_crawls(store: duckdb.DuckDBPyConnection) -> None:
    store.execute(
        """
        DELETE FROM main.crawls;
        INSERT INTO main.crawls BY NAME SELECT * FROM stg_crawls ORDER BY started_at, crawl_id;
        DELETE FROM main.crawl_windows;
        INSERT INTO main.crawl_windows BY NAME
        SELECT w.*, c.portal, c.finished_at AS checked_at
        FROM stg_crawl_windows AS w JOIN stg_crawls AS c USING (crawl_id)
        ORDER BY c.started_at, w.crawl_id, w.channel, w.keywords, w.day
        """
    )


def load_published_figures(store: duckdb.DuckDBPyConnection) -> None:
    """Load the figures that others published, with their source (analysis/figures/reference/published_figures.csv)."""
    text = sql("figures/reference", "published_figures.csv")
    rows = [{k: v or None for k, v in row.items()} for row in csv.DictReader(text.splitlines())]
    store.execute("DELETE FROM main.published_figures")
    store.execute(
        """
        INSERT INTO main.published_figures BY NAME
        SELECT f.period, f.metric, f.dimension, f.value, f.publisher, f.source_url, f.note
        FROM (SELECT unnest(from_json(CAST(? AS JSON), '[{"period": "VARCHAR", "metric": "VARCHAR",
            "dimension": "VARCHAR", "value": "DOUBLE", "publisher": "VARCHAR", "source_url": "VARCHAR",
            "note": "VARCHAR"}]')) AS f)
        """,
        [orjson.dumps(rows).decode()],
    )
