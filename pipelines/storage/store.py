"""The private store: one DuckDB file that spool segments are loaded into.

It has two schemas: ``private`` (``schema.sql``) has what was read, ``main`` has the public tables that analysis
builds from it. Whoever opens the store holds the loader's lock.
"""

from __future__ import annotations

import logging
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipelines.common.safe_text import first_line
from pipelines.common.sql_text import literal
from pipelines.storage import version
from pipelines.storage.spool import LONGEST_LINE, drop_unreadable_lines

logger = logging.getLogger(__name__)

_HERE = Path(__file__).parent
# What DuckDB raises for values that no table can take, as a damaged disk leaves them.
_DAMAGE = (duckdb.DataError, duckdb.IntegrityError, duckdb.InvalidInputException)
# The statements that load each kind of spool lines.
_TAKE = "take_contents.sql"
_MERGED_KINDS = {
    ("merge_notices.sql", _TAKE, "merge_sightings.sql"): ("notice", "page"),
    ("merge_crawls.sql",): ("crawl",),
    ("merge_quarantine.sql",): ("quarantine", "reread"),
}
_GROUP_BYTES = 16 * 1024 * 1024
_MEMORY_MB = 256
# Rows that are compressed together, and again when more follow. DuckDB's 122,880 texts of notices take hundreds of MB.
ROW_GROUP = 20_480

_WINNER = (
    "STRUCT(supplier VARCHAR, supplier_key VARCHAR, position INTEGER, role VARCHAR, share_pct VARCHAR, "
    "amount_yuan VARCHAR, vendor VARCHAR)"
)
_PRICE_STATEMENTS = "STRUCT(source VARCHAR, amount_yuan DECIMAL(18, 2), words VARCHAR)[]"
_LOT = (
    "STRUCT(lot_no INTEGER, lot_name VARCHAR, lot_key VARCHAR, amount_yuan VARCHAR, amount_kind VARCHAR, "
    "amount_text VARCHAR, tax_included BOOLEAN, is_large_model BOOLEAN, failed BOOLEAN, numbered BOOLEAN, "
    f"subject VARCHAR, winners {_WINNER}[], price_statements {_PRICE_STATEMENTS})[]"
)
_WINDOWS = (
    "STRUCT(channel VARCHAR, keywords VARCHAR, day DATE, said INTEGER, listed INTEGER, stored INTEGER, failed INTEGER, "
    "quarantined INTEGER, state VARCHAR)[]"
)
_TEXT = (
    "t page_key content_hash notice_key portal notice_id url kind title published_on seen_at project_number "
    "project_name buyer buyer_vendor buyer_kind agency province body region buyer_address category project_type "
    "project_type_second sector subsector project_number_key platform_number_key project_name_key buyer_key source "
    "reason crawl_id since until started_at finished_at state failure lexicon"
)
# The columns of all kinds of spool lines together.
_COLUMNS = {
    **dict.fromkeys(_TEXT.split(), "VARCHAR"),
    "seq": "INTEGER",
    "cancels_result": "BOOLEAN",
    "is_large_model": "BOOLEAN",
    "relevance": "DOUBLE",
    "evidence": "JSON",
    "lots": _LOT,
    "price_statements": _PRICE_STATEMENTS,
    "line": "BIGINT",
    "listed": "INTEGER",
    "stored": "INTEGER",
    "windows": _WINDOWS,
}


class DamagedStoreError(ValueError):
    """The store cannot be opened. The message says what to do."""


def open_store(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the store at ``path`` for writing, and create it if it is missing. Work beyond 256 MB spills to disk.

    Raises :class:`pipelines.storage.version.OtherVersionError` or DamagedStoreError, and then changes nothing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    con = _connect(path, read_only=False)
    con.execute(f"SET memory_limit = '{_MEMORY_MB}MB'")
    con.execute("SET threads = 2")
    con.execute("SET TimeZone = 'Asia/Shanghai'")
    con.execute("SET enable_progress_bar = false")
    with transaction(con):
        con.execute((_HERE / "schema.sql").read_text("utf-8"))
        con.execute("INSERT INTO private.format SELECT ? WHERE NOT EXISTS (FROM private.format)", [version.VERSION])
    return con


def open_for_reading(path: Path) -> duckdb.DuckDBPyConnection:
    """Open an existing store without changing it. Raises what ``open_store`` raises."""
    return _connect(path, read_only=True)


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        con = duckdb.connect(str(path), read_only=True) if read_only else _attached(path)
    except duckdb.Error as error:
        if "lock" in str(error) or path.is_dir():  # another program has opened it, or a folder has its name
            raise
        raise DamagedStoreError(f"{path} is damaged: 'tenders rebuild' makes it again from the archive") from error
    try:
        version.require(con, path)
    except version.OtherVersionError:
        con.close()
        raise
    return con


def _attached(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection that works on the store as if it had opened it. Only ``ATTACH`` can choose its row groups."""
    con = duckdb.connect()
    try:
        con.execute(f"SET temp_directory = {literal(path.with_name(path.name + '.tmp'))}")
        con.execute(f"ATTACH {literal(path)} AS store (ROW_GROUP_SIZE {ROW_GROUP})")
        con.execute("USE store")
    except duckdb.Error:
        con.close()
        raise
    return con


def merge(con: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> int:
    """Load complete segments into the private tables, and remove each segment once it is there.

    A few segments are one load package: one transaction. Lines that are stored already change nothing, so a load that
    broke off can be repeated. A segment that cannot be loaded is put into quarantine, as a file NAME.damaged, and the
    others are loaded. Returns how many damaged lines and segments were left out.
    """
    damaged = 0
    for group in _groups(paths):
        try:
            damaged += _merge_group(con, group)
        except _DAMAGE:
            damaged += sum(_merge_alone(con, path) for path in group)
    con.execute("DROP TABLE IF EXISTS spooled")
    return damaged


def _merge_group(con: duckdb.DuckDBPyConnection, group: list[Path]) -> int:
    """Load one package and remove its segments. Returns how many damaged lines were left out."""
    _read_segments(con, group)
    counts = dict(con.execute("SELECT t, count(*) FROM spooled WHERE t IS NOT NULL GROUP BY t").fetchall())
    damaged = sum(map(_line_count, group)) - sum(counts.values())
    with transaction(con):
        for names, kinds in _MERGED_KINDS.items():
            if not counts.keys().isdisjoint(kinds):  # to plan statements takes longer than to load a few notices
                for name in names:
                    con.execute((_HERE / name).read_text("utf-8"))
    for path in group:
        path.unlink()
    return damaged


def replace_notices(con: duckdb.DuckDBPyConnection, paths: Iterable[Path], lexicon: str) -> None:
    """Store the notices of complete segments in place of the same contents, in one transaction.

    The segments are removed, the sightings stay. ``lexicon`` is the digest of the words that all stored notices are
    classified with now. The public tables are due to be built again, also if there is no notice.
    """
    groups = list(_groups(paths))
    with transaction(con):
        for group in groups:
            _read_segments(con, group)
            con.execute(
                "CREATE OR REPLACE TEMP TABLE taken AS SELECT rowid AS line, content_hash FROM spooled "
                "WHERE t = 'notice' AND content_hash IN (SELECT content_hash FROM private.contents)"
            )
            con.execute((_HERE / _TAKE).read_text("utf-8"))
            con.execute(
                "INSERT INTO private.pending SELECT notice_key FROM private.observations "
                "WHERE content_hash IN (SELECT content_hash FROM taken) EXCEPT SELECT notice_key FROM private.pending"
            )
        con.execute("UPDATE private.contents SET lexicon = $now WHERE lexicon IS DISTINCT FROM $now", {"now": lexicon})
        con.execute("UPDATE private.loads SET merged = merged + 1")
    con.execute("DROP TABLE IF EXISTS spooled")
    for path in (path for group in groups for path in group):
        path.unlink()


def _read_segments(con: duckdb.DuckDBPyConnection, paths: list[Path]) -> None:
    """Fill the temporary table ``spooled`` with the lines of segments."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE spooled AS SELECT * FROM read_json(?, format = 'newline_delimited', "
        f"ignore_errors = true, maximum_object_size = {LONGEST_LINE + 1000}, columns = {_COLUMNS!r})",
        [[str(path) for path in paths]],
    )


def _merge_alone(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Load one segment; if that fails, only its readable lines; if that fails too, set it aside."""
    try:
        return _merge_group(con, [path])
    except _DAMAGE:
        left_out = drop_unreadable_lines(path)
    try:
        return left_out + _merge_group(con, [path])
    except _DAMAGE as error:
        aside = path.with_suffix(".damaged")
        os.replace(path, aside)
        reason = f"this part of the spool cannot be loaded: {first_line(error)[:200]}"
        con.execute("INSERT INTO private.quarantine (source, line, reason) VALUES (?, 0, ?)", [str(aside), reason])
        return left_out + 1


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit all of the block, or nothing if it raises."""
    con.execute("BEGIN")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def needs_building(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether something was loaded that the public tables do not show."""
    return bool(scalar(con, "SELECT count(*) FROM private.loads WHERE built IS DISTINCT FROM merged"))


def pending(con: duckdb.DuckDBPyConnection) -> set[str] | None:
    """Return the keys of the notices whose public rows are outdated; None means all, because nothing was built yet."""
    if scalar(con, "SELECT count(*) FROM private.loads WHERE built IS NULL"):
        return None
    return {key for (key,) in con.execute("SELECT notice_key FROM private.pending").fetchall()}


def note_built(con: duckdb.DuckDBPyConnection, changed: Iterable[str] | None) -> None:
    """Record that the public tables show everything. Call it in the transaction that built them.

    ``changed`` are the keys of the notices and awards whose rows are other ones now; None means all rows.
    """
    con.execute("DELETE FROM private.pending")
    con.execute("UPDATE private.loads SET built = merged")
    if changed is None:
        con.execute("UPDATE private.loads SET published = NULL")
        con.execute("DELETE FROM private.unpublished")
    else:
        con.execute("INSERT INTO private.unpublished SELECT unnest(CAST(? AS VARCHAR[]))", [sorted(changed)])


def unpublished_since(con: duckdb.DuckDBPyConnection, published: int) -> int | None:
    """Return how many keys of notices and awards changed since load ``published``; None if that is not known."""
    since, changed = con.execute(
        "SELECT published, (SELECT count(*) FROM private.unpublished) FROM private.loads"
    ).fetchone() or (None, 0)
    return int(changed) if since == published else None


def note_published(con: duckdb.DuckDBPyConnection) -> None:
    """Record that everything that was built is published: from now on it is noted what changes."""
    with transaction(con):
        con.execute("DELETE FROM private.unpublished")
        con.execute("UPDATE private.loads SET published = coalesce(built, 0)")


def carry_quarantine(con: duckdb.DuckDBPyConnection, old_store: Path) -> None:
    """Copy an old store's quarantined lines of files, which are in no archive. An unreadable store gives none."""
    if not old_store.exists():
        return
    try:
        # Attached for writing, so that what a killed loader left in the log becomes part of it.
        con.execute(f"ATTACH {literal(old_store)} AS old_store")
        con.execute(
            "INSERT INTO private.quarantine BY NAME "
            "SELECT * FROM old_store.private.quarantine WHERE url IS DISTINCT FROM source ORDER BY ALL"
        )
        con.execute("DETACH old_store")
    except duckdb.Error as error:
        logger.warning("the old store's quarantine is lost: %s", first_line(error))


class PageKeys:
    """The keys of all pages that are archived and loaded, as a set that takes 16 bytes a key."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._packed = b"".join(bytes.fromhex(key) for key in keys)

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection) -> PageKeys:
        """Return the keys of a store's pages."""
        known = cls()
        # As texts of all keys with the same first digit: a Python object for each key would take ten times as long.
        joined = "SELECT string_agg(page_key, '' ORDER BY page_key) FROM private.pages WHERE page_key[1] = ?"
        texts = (con.execute(joined, [digit]).fetchone() or (None,) for digit in "0123456789abcdef")
        known._packed = b"".join(bytes.fromhex(text or "") for (text,) in texts)
        return known

    def __contains__(self, key: str) -> bool:
        wanted = bytes.fromhex(key)
        place = bisect_left(range(len(self)), wanted, key=self._at)
        return place < len(self) and self._at(place) == wanted

    def __len__(self) -> int:
        return len(self._packed) // 16

    def _at(self, place: int) -> bytes:
        return self._packed[16 * place : 16 * place + 16]


def generation(con: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the load that the public tables show; 0 if they show none."""
    return scalar(con, "SELECT coalesce(built, 0) FROM private.loads") or 0


def _groups(paths: Iterable[Path]) -> Iterable[list[Path]]:
    """Yield the segments in load packages of about 16 MB."""
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


def _line_count(path: Path) -> int:
    """Return how many lines a segment has, also broken ones. DuckDB skips some of those without a row."""
    content = path.read_bytes()
    return content.count(b"\n") + (not content.endswith(b"\n") and bool(content))


def scalar(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    """Return the first value of a query's first row; None if it has no row."""
    row = con.execute(query).fetchone()
    return row[0] if row else None
