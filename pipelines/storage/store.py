"""The private store: spool segments in, and the published copy out.

The store is one DuckDB file with two schemas: ``private`` (``schema.sql``) holds what was read, ``main`` holds the public
tables that analysis builds from it. Whoever opens it holds the loader's lock.
"""

from __future__ import annotations

import logging
import os
import shutil
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.common.atomic_files import sync_path
from pipelines.storage import version
from pipelines.storage.spool import LONGEST_LINE

logger = logging.getLogger(__name__)

_HERE = Path(__file__).parent
_GROUP_BYTES = 16 * 1024 * 1024
_MEMORY_MB = 256
_SORTED_AT_ONCE = 20_000

_LOT = (
    "STRUCT(lot_no INTEGER, lot_name VARCHAR, lot_key VARCHAR, amount_yuan VARCHAR, amount_kind VARCHAR, amount_text VARCHAR, "
    "tax_included BOOLEAN, is_large_model BOOLEAN, failed BOOLEAN, numbered BOOLEAN, subject VARCHAR, "
    "winners STRUCT(supplier VARCHAR, supplier_key VARCHAR, position INTEGER, role VARCHAR, share_pct VARCHAR, "
    "amount_yuan VARCHAR, vendor VARCHAR)[])[]"
)
_WINDOWS = (
    "STRUCT(channel VARCHAR, keywords VARCHAR, day DATE, said INTEGER, listed INTEGER, stored INTEGER, failed INTEGER, "
    "quarantined INTEGER, state VARCHAR)[]"
)
_TEXT = (
    "t page_key content_hash notice_key portal notice_id url kind title published_on seen_at project_number project_name "
    "buyer buyer_vendor buyer_kind agency province body region buyer_address category project_type project_type_second sector "
    "subsector project_number_key platform_number_key project_name_key buyer_key source reason crawl_id since until started_at "
    "finished_at state failure lexicon"
)
# What a spool line may hold, for reading it as columns.
_COLUMNS = {
    **dict.fromkeys(_TEXT.split(), "VARCHAR"),
    "seq": "INTEGER",
    "cancels_result": "BOOLEAN",
    "is_large_model": "BOOLEAN",
    "relevance": "DOUBLE",
    "evidence": "JSON",
    "lots": _LOT,
    "line": "BIGINT",
    "listed": "INTEGER",
    "stored": "INTEGER",
    "windows": _WINDOWS,
}


def open_store(path: Path) -> duckdb.DuckDBPyConnection:
    """The store at ``path`` for writing, made where it is missing; sorts and joins beyond 256 MB spill beside it.

    Raises :class:`pipelines.storage.version.OtherVersionError`, and changes nothing then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(str(path))
    try:
        version.require(con, path)
    except version.OtherVersionError:
        con.close()
        raise
    con.execute(f"SET memory_limit = '{_MEMORY_MB}MB'")
    con.execute("SET threads = 2")
    con.execute("SET TimeZone = 'Asia/Shanghai'")
    con.execute("SET enable_progress_bar = false")
    with transaction(con):
        con.execute((_HERE / "schema.sql").read_text("utf-8"))
        con.execute("INSERT INTO private.format SELECT ? WHERE NOT EXISTS (FROM private.format)", [version.VERSION])
    return con


def merge(con: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> int:
    """Bring complete segments into the private tables, a few in a transaction, and remove each once it is there.

    Idempotent: lines that are stored already change nothing. Returns how many damaged lines were left out.
    """
    damaged = 0
    statements = (_HERE / "merge.sql").read_text("utf-8")
    for group in _groups(paths):
        con.execute(
            "CREATE OR REPLACE TEMP TABLE spooled AS SELECT * FROM read_json(?, format = 'newline_delimited', "
            f"ignore_errors = true, maximum_object_size = {LONGEST_LINE + 1000}, columns = {_COLUMNS!r})",
            [[str(path) for path in group]],
        )
        damaged += _count(con, "SELECT count(*) FROM spooled WHERE t IS NULL")
        with transaction(con):
            con.execute(statements)
        for path in group:
            path.unlink()
    con.execute("DROP TABLE IF EXISTS spooled")
    return damaged


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing of it."""
    con.execute("BEGIN")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def allow_for_size(con: duckdb.DuckDBPyConnection) -> None:
    """Give the connection more memory where the store is large: what joins keep of each row grows with it."""
    size = con.execute("SELECT used_blocks * block_size // 1_000_000 FROM pragma_database_size() LIMIT 1").fetchone()
    con.execute(f"SET memory_limit = '{_MEMORY_MB + (int(size[0]) if size else 0) // 4}MB'")


def needs_building(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether something was merged that the public tables do not show."""
    return _count(con, "SELECT count(*) FROM private.loads WHERE built IS DISTINCT FROM merged") > 0


def pending(con: duckdb.DuckDBPyConnection) -> set[str] | None:
    """The notices that the public tables do not show as they are; None for all, where nothing was built yet."""
    if _count(con, "SELECT count(*) FROM private.loads WHERE built IS NULL"):
        return None
    return {key for (key,) in con.execute("SELECT notice_key FROM private.pending").fetchall()}


def note_built(con: duckdb.DuckDBPyConnection) -> None:
    """The public tables show everything; in the transaction that built them."""
    con.execute("DELETE FROM private.pending")
    con.execute("UPDATE private.loads SET built = merged")


def carry_sightings(con: duckdb.DuckDBPyConnection, old_store: Path) -> None:
    """Take over from an old store all but what was read from the notices' words."""
    con.execute(f"ATTACH '{_quoted(str(old_store))}' AS old_store (READ_ONLY)")
    with transaction(con):
        for table in ("observations", "crawls", "crawl_windows", "quarantine", "pages", "reviews"):
            con.execute(f"INSERT INTO private.{table} BY NAME SELECT * FROM old_store.private.{table} ORDER BY rowid")
    con.execute("DETACH old_store")


def carry_quarantine(con: duckdb.DuckDBPyConnection, old_store: Path) -> None:
    """Take over an old store's quarantined lines of files, which no archive holds. A store that cannot be read gives none."""
    if not old_store.exists():
        return
    try:
        # For writing, so that what a killed loader left in the log is folded in.
        con.execute(f"ATTACH '{_quoted(str(old_store))}' AS old_store")
        con.execute(
            "INSERT INTO private.quarantine BY NAME "
            "SELECT * FROM old_store.private.quarantine WHERE url IS DISTINCT FROM source ORDER BY ALL"
        )
        con.execute("DETACH old_store")
    except duckdb.Error as error:
        logger.warning("the old store's quarantine is lost: %s", str(error).splitlines()[0])


class PageKeys:
    """The keys of all pages that are archived and loaded, 16 bytes each, for asking whether a page is among them."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._packed = b"".join(bytes.fromhex(key) for key in keys)

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection) -> PageKeys:
        """Those of a store."""
        rows = con.execute("SELECT page_key FROM private.pages ORDER BY page_key")
        return cls(key for chunk in iter(lambda: rows.fetchmany(10_000), []) for (key,) in chunk)

    def __contains__(self, key: str) -> bool:
        wanted = bytes.fromhex(key)
        place = bisect_left(range(len(self)), wanted, key=self._at)
        return place < len(self) and self._at(place) == wanted

    def __len__(self) -> int:
        return len(self._packed) // 16

    def _at(self, place: int) -> bytes:
        return self._packed[16 * place : 16 * place + 16]


def generation(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the merge that the public tables show; 0 for none."""
    return _count(con, "SELECT coalesce(built, 0) FROM private.loads")


def is_published(con: duckdb.DuckDBPyConnection, targets: list[Path], mark: Path) -> bool:
    """Whether every target is there and holds the store's last load."""
    try:
        written = mark.read_text("ascii")
    except OSError:
        return False
    return written == str(generation(con)) and all(target.exists() for target in targets)


def publish(con: duckdb.DuckDBPyConnection, targets: list[Path], mark: Path) -> None:
    """Replace each target by a copy of the public tables, views and macros.

    A program that holds an old copy open, for writing even, goes on with it and delays nothing. ``mark`` names the load
    that the targets hold; it is written last, so a publication that broke off is made again.
    """
    draft = mark.with_name("publishing.duckdb")
    for leftover in (draft, _wal(draft)):
        leftover.unlink(missing_ok=True)
    number = generation(con)
    name = _text(con, "SELECT current_database()")
    con.execute(f"ATTACH '{_quoted(str(draft))}' AS published (STORAGE_VERSION '{version.STORAGE}')")
    try:
        con.execute(f'COPY FROM DATABASE "{name}" TO published (SCHEMA)')
        con.execute("DROP SCHEMA IF EXISTS published.private CASCADE")
        tables = con.execute(
            "SELECT table_name, column_count FROM duckdb_tables() "
            "WHERE database_name = ? AND schema_name = 'main' AND NOT temporary ORDER BY table_name",
            [name],
        )
        for table, width in tables.fetchall():
            _copy_sorted(con, f'"{name}".main."{table}"', f'published.main."{table}"', width)
    finally:
        con.execute("DETACH published")
    sync_path(draft)
    for target in targets[:-1]:
        copy = target.with_name(f".{target.name}.part")
        shutil.copyfile(draft, copy)
        sync_path(copy)
        replace(copy, target)
    replace(draft, targets[-1])
    mark_draft = mark.with_name(f".{mark.name}.part")
    mark_draft.write_text(str(number), "ascii")
    sync_path(mark_draft)
    os.replace(mark_draft, mark)


def _copy_sorted(con: duckdb.DuckDBPyConnection, source: str, target: str, width: int) -> None:
    """Copy a table in the order of its key, so that the history of loading leaves no trace in the copy.

    Sorting whole rows holds them in memory, texts and all: a long table is copied in ranges of its first column.
    """
    key = _text(con, f"SELECT column_name FROM (DESCRIBE {source}) LIMIT 1")
    steps = con.execute(
        f'SELECT "{key}" FROM (SELECT "{key}", row_number() OVER (ORDER BY "{key}") AS place FROM {source}) WHERE place % ? = 0',
        [_SORTED_AT_ONCE],
    ).fetchall()
    order = ", ".join(str(column) for column in range(1, min(width, 5) + 1))
    low: object = None
    for high in [*sorted({step for (step,) in steps if step is not None}), None]:
        above = f'$low IS NULL OR "{key}" > $low OR ($high IS NULL AND "{key}" IS NULL)'
        upto = f'$high IS NULL OR "{key}" <= $high'
        rows = f"SELECT * FROM {source} WHERE ({above}) AND ({upto}) ORDER BY {order}"
        con.execute(f"INSERT INTO {target} {rows}", {"low": low, "high": high})
        low = high


def replace(draft: Path, target: Path) -> None:
    """Put one database file in the place of another, atomically and durably."""
    # The log of a program that wrote to the old file belongs to that file: left here, it would keep the new one from opening.
    _wal(target).unlink(missing_ok=True)
    os.replace(draft, target)
    _wal(target).unlink(missing_ok=True)
    sync_path(target.parent)


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _groups(paths: Iterable[Path]) -> Iterable[list[Path]]:
    group: list[Path] = []
    size = 0
    for path in paths:
        group.append(path)
        size += path.stat().st_size
        if size >= _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0


def _text(con: duckdb.DuckDBPyConnection, query: str) -> str:
    row = con.execute(query).fetchone()
    return str(row[0]) if row else ""
