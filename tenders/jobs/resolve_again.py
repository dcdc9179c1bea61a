"""The awards of a published data set, resolved again from its notices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import duckdb
import orjson

from analysis.warehouse import publish
from pipelines.common.sql_text import literal
from pipelines.storage import store
from pipelines.storage.keys import name_key, party_key, project_number_key

_KEYS = '[{"portal": "VARCHAR", "written": "VARCHAR", "key": "VARCHAR"}]'
_NAMES = "SELECT project_name FROM published.main.notices UNION SELECT lot_name FROM published.main.lots"
_PARTIES = "SELECT buyer FROM published.main.notices UNION SELECT supplier FROM published.main.winners"


@contextmanager
def resolved_again(database: Path, place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a new store at ``place`` whose awards come from the notices of the data set in the file ``database``.

    The data set is attached as ``published``.
    """
    with store_of_notices(database, place) as con:
        with store.transaction(con):
            publish.build_awards(con)
        yield con


@contextmanager
def store_of_notices(database: Path, place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Like :func:`resolved_again`, before anything is made of the notices."""
    con = store.open_store(place)
    try:
        con.execute(f"ATTACH {literal(database)} AS published (READ_ONLY)")
        numbers = con.execute("SELECT DISTINCT portal, project_number FROM published.main.notices").fetchall()
        _write_keys(con, "number_keys", [(portal, text, project_number_key(text, portal)) for portal, text in numbers])
        for table, query, key in (("name_keys", _NAMES, name_key), ("party_keys", _PARTIES, party_key)):
            _write_keys(con, table, [("", text, key(text)) for (text,) in con.execute(query).fetchall()])
        with store.transaction(con):
            con.execute((resources.files("tenders.jobs") / "published_notices.sql").read_text("utf-8"))
        yield con
    finally:
        con.close()


def _write_keys(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[str, str | None, str | None]]) -> None:
    """Create a temporary table of what was written and the key it has."""
    written = [{"portal": portal, "written": text, "key": key} for portal, text, key in rows if text is not None]
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS "
        f"SELECT k.* FROM (SELECT unnest(from_json(CAST(? AS JSON), '{_KEYS}')) AS k)",
        [orjson.dumps(written).decode()],
    )
