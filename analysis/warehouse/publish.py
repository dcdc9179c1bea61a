"""From the private tables to the published ones: notices with their versions, awards, states and views.

Everything is a function of what was observed: the same observations and contents give the same rows in the same
order, whatever the order of loading. With ``changed`` only what those notices can touch is made anew, with the same
result as a full build.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path

import duckdb
import orjson

from analysis import awards
from analysis.figures.definition import load
from analysis.views import catalog
from analysis.warehouse import comments

PUBLIC_TABLES = (
    "about", "notices", "lots", "winners", "award_states", "awards", "award_lots", "reviews", "crawls", "crawl_windows",
    "crawl_alarms", "published_figures"
)  # fmt: skip


def build(store: duckdb.DuckDBPyConnection, changed: Iterable[str] | None = None) -> None:
    """(Re)builds the public tables and views in schema ``main`` of ``store``, inside the caller's transaction.

    ``changed`` are the keys of the notices that have new observations; None means all of them, from nothing.
    """
    anew = not _built_by_these_rules(store)
    if anew:
        changed = None
    # Rows are inserted in a written order, and stay in it.
    kept = store.execute("SELECT current_setting('preserve_insertion_order')").fetchone()
    store.execute("SET preserve_insertion_order = true")
    if changed is None:
        # Tables of the same rules are only emptied, so their views and descriptions stand.
        clear = "DROP TABLE IF EXISTS" if anew else "DELETE FROM"
        for table in reversed(PUBLIC_TABLES):
            store.execute(f"{clear} main.{table}")
    create_tables(store)
    store.execute(sql("warehouse/schema", "working.sql"))
    store.execute("CREATE OR REPLACE TEMP TABLE touched (notice_key VARCHAR)")
    if changed is None:
        store.execute("INSERT INTO touched SELECT DISTINCT notice_key FROM private.observations")
    else:
        store.execute("INSERT INTO touched SELECT DISTINCT unnest(CAST(? AS VARCHAR[]))", [sorted(changed)])
        for table in ("notices", "lots", "winners"):
            store.execute(f"DELETE FROM main.{table} WHERE notice_key IN (SELECT notice_key FROM touched)")
    store.execute(sql("warehouse/schema", "notices.sql"))
    awards.resolve_all(store, everything=changed is None)
    store.execute(sql("warehouse/schema", "reviews.sql"))
    _copy_crawls(store)
    load_published_figures(store)
    store.execute("DELETE FROM main.about; INSERT INTO main.about SELECT version FROM private.format")
    if anew:
        create_views(store)
    for table in ("touched", "touched_versions", "scope", "node", "link", "component", "in_hand", "stale"):
        store.execute(f"DROP TABLE IF EXISTS temp.{table}")
    store.execute("DELETE FROM working.built_by")
    store.execute("INSERT INTO working.built_by VALUES (?)", [_fingerprint()])
    if kept and not kept[0]:
        store.execute("SET preserve_insertion_order = false")


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """The public tables, empty, where they are not there yet."""
    con.execute(sql("warehouse/schema", "public.sql"))


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create the views and macros on the public tables, and write what each table and column is."""
    for statement in catalog.statements(load("market").condition):
        con.execute(statement.sql())
    comments.write_comments(con)


def sql(folder: str, name: str) -> str:
    """The text of one of the SQL files that are shipped with the package."""
    return (resources.files("analysis") / folder / name).read_text(encoding="utf-8")


@cache
def _fingerprint() -> str:
    """A digest of the rules themselves: code, SQL and reference data of this package."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*")):
        if path.suffix in (".py", ".sql", ".csv", ".toml"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _built_by_these_rules(store: duckdb.DuckDBPyConnection) -> bool:
    """Whether the public tables are there and were made by these very rules, so that a part can be made anew."""
    found = store.execute(
        """
        SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary AND (
            (schema_name = 'working' AND table_name IN ('built_by', 'award_blocks'))
            OR (schema_name = 'main' AND table_name = 'awards'))
        """
    ).fetchone()
    if not found or found[0] < 3:
        return False
    return store.execute("SELECT fingerprint FROM working.built_by").fetchone() == (_fingerprint(),)


def _copy_crawls(store: duckdb.DuckDBPyConnection) -> None:
    store.execute(
        """
        DELETE FROM main.crawls;
        INSERT INTO main.crawls BY NAME
        SELECT crawl_id, portal, since, until, started_at, finished_at, state, listed, stored, reason, failure
        FROM private.crawls ORDER BY started_at, crawl_id;
        DELETE FROM main.crawl_windows;
        INSERT INTO main.crawl_windows BY NAME
        SELECT w.*, c.portal, c.finished_at AS checked_at
        FROM private.crawl_windows AS w JOIN private.crawls AS c USING (crawl_id)
        ORDER BY c.started_at, w.crawl_id, w.channel, w.keywords, w.day
        """
    )


def load_published_figures(store: duckdb.DuckDBPyConnection) -> None:
    """Figures that others published, with their source (analysis/figures/reference/published_figures.csv)."""
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
