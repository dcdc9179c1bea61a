"""The files of a publication, written again from its Parquet tables and compared with what was published.

Where the same program wrote them, the bytes must be the same; otherwise the values are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from analysis.publication import tables
from analysis.publication.differences import file_difference, row_differences, value_difference
from analysis.warehouse import publish as warehouse
from pipelines.common.safe_text import first_line
from pipelines.common.sql_text import literal
from tenders.files import checksums
from tenders.files.published_set import MANIFEST, PublishedSetError
from tenders.jobs.load import fill_portals
from tenders.jobs.publish import (
    DATABASE,
    OWN_RULES,
    copy_shipped_rules,
    write_descriptor,
    write_ocds,
)
from tenders.jobs.published_manifest import Statements, has_pages, manifest
from tenders.jobs.published_pages import FOLDER as PAGES
from tenders.jobs.published_pages import count_pages
from tenders.jobs.published_site import write_site

# Tables that the tool brings along. Each is filled before the published rows are read.
_SHIPPED = ("published_figures", "portals")
# What a database file is made of besides its tables: each object with its SQL. DuckDB writes the names after EXCLUDE
# and REPLACE in any order, so such a text is compared as its sorted words.
_OBJECTS = """
    SELECT
        name,
        CASE
            WHEN regexp_matches(text, 'EXCLUDE|REPLACE') THEN list_sort(regexp_extract_all(text, '\\w+|[^\\w\\s]'))
            ELSE [text]
        END AS text
    FROM (
        SELECT view_name AS name, sql AS text, database_name AS place FROM duckdb_views() WHERE NOT internal
        UNION ALL
        SELECT function_name, concat_ws(' ', parameters, macro_definition), database_name
        FROM duckdb_functions() WHERE NOT internal
        UNION ALL
        SELECT concat_ws('.', table_name, column_name), concat_ws(' ', data_type, comment), database_name
        FROM duckdb_columns() WHERE NOT internal
        UNION ALL
        SELECT table_name, comment, database_name FROM duckdb_tables() WHERE NOT internal
    ) WHERE place = {database}
"""


@dataclass(frozen=True, slots=True)
class PublishedFiles:
    """A publication in ``folder``, whose tables ``con`` has. ``month``: only what belongs to it is compared."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    work: Path
    content: dict[str, Any]
    stated: Statements
    month: str | None

    def differences(self) -> Iterator[str]:
        """Yield one line for each difference between the published files and what is written again."""
        recomputed = self._manifest()
        for name, value in _leaves(recomputed):
            published = _leaf(self.content, name)
            if published != value:
                yield f"{MANIFEST}: {value_difference('.'.join(name), published, value)}"
        known = dict(_leaves(recomputed))
        for name, value in _leaves(self.content):
            if name not in known and value is not None and _leaf(recomputed, name) is None:
                yield f"{MANIFEST}: {'.'.join(name)} does not belong to it"
        expected = {MANIFEST, DATABASE}
        for steps in (
            self._data_files(),
            self._database_file(),
            self._shipped_tables(),
            self._same_bytes(recomputed),
        ):
            for place, difference in steps:
                expected.add(place)
                if difference:
                    yield difference
        if not self.month:
            yield from self._strangers(expected)

    def _manifest(self) -> dict[str, Any]:
        pages = count_pages(self.con, self.folder) if has_pages(self.folder) else None
        return manifest(self.con, self.folder, self.stated, pages)

    def _data_files(self) -> Iterator[tuple[str, str | None]]:
        """Compare each CSV and Parquet file with the tables, and each figure with what its view gives."""
        for file in tables.data_files(self.con):
            csv, parquet = f"{file.path}.csv", f"{file.path}.parquet"
            missing = [path for path in (csv, parquet) if not (self.folder / path).is_file()]
            for path in missing:
                yield path, f"{path}: is not published, but follows from what is"
            is_figure = file.path.startswith("figures/")
            if missing or (self.month and not is_figure and not file.path.endswith(self.month)):
                yield csv, None
                yield parquet, None
                continue
            select = tables.computed_once(self.con, file)
            with _named(parquet):
                found = list(self._figure(file.path, select)) if is_figure else []
            yield from ((parquet, line) for line in found)
            yield csv, None
            if (is_figure and self.month) or found:
                continue  # other months of the figures are not compared; or the CSV file has the same differences
            tables.write_csv(self.con, select, self.work / "draft.csv")
            yield csv, file_difference(self.folder / csv, self.work / "draft.csv", csv)
            yield parquet, self._parquet_difference(select, parquet)

    def _parquet_difference(self, select: str, place: str) -> str | None:
        if not self.stated.of_this_duckdb:
            return None  # its values were compared
        draft = self.work / "draft.parquet"
        tables.write_parquet(self.con, select, draft)
        if draft.read_bytes() == (self.folder / place).read_bytes():
            return None
        return f"{place}: is not the file that its own rows give"

    def _figure(self, path: str, select: str) -> Iterator[str]:
        columns = [name for name, _ in tables.described(self.con, select)]
        condition = "true"
        if self.month:
            condition = f"month = DATE '{self.month}-01'" if "month" in columns else "false"
        parquet = literal(self.folder / f"{path}.parquet")
        published = f"SELECT * FROM read_parquet({parquet}) WHERE {condition}"
        computed = f"SELECT * FROM ({select}) WHERE {condition}"
        yield from row_differences(self.con, path, tables.figure_key(columns), published, computed)

    def _database_file(self) -> Iterator[tuple[str, str | None]]:
        """Compare the tables of the database file with the Parquet files."""
        with _named(DATABASE):
            yield from [(DATABASE, line) for line in self._tables_of_database_file()]

    def _tables_of_database_file(self) -> Iterator[str]:
        self.con.execute(f"ATTACH {literal(self.folder / DATABASE)} AS database_file (READ_ONLY)")
        try:
            for name, order in _database_tables().items():
                published = f"FROM database_file.main.{name}"
                yield from row_differences(self.con, f"{DATABASE}: {name}", order, published, f"FROM main.{name}")
        finally:
            self.con.execute("DETACH database_file")

    def _shipped_tables(self) -> Iterator[tuple[str, str | None]]:
        """Compare the tables that the tool brings along."""
        if not self.stated.of_this_tool:
            return
        for table in tables.TABLES:
            if table.name in _SHIPPED:
                place = f"data/{table.name}.parquet"
                own = f"FROM shipped_{table.name}"
                for line in row_differences(self.con, f"{place}:", table.order, f"FROM {table.name}", own):
                    yield place, line

    def _same_bytes(self, recomputed: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
        """Compare what the same version of the tool writes again: OCDS, descriptor, rules, site."""
        draft = self.work / "draft"
        draft.mkdir()
        if self.stated.of_this_tool:
            for month in tables.award_months(self.con):
                if self.month in (None, month):
                    write_ocds(self.con, draft, month, self.stated.licence)
            write_descriptor(self.con, draft, self.stated.licence)
            copy_shipped_rules(draft)
            if not self.month:
                write_site(self.con, self.folder, draft, recomputed)
        for path in sorted(path for path in draft.rglob("*") if path.is_file()):
            place = path.relative_to(draft).as_posix()
            if (self.folder / place).is_file():
                yield place, file_difference(self.folder / place, path, place)
            else:
                yield place, f"{place}: is not published, but follows from what is"

    def _strangers(self, expected: set[str]) -> Iterator[str]:
        """Yield a line for each listed file that belongs to no publication of this data."""
        listed = set(checksums.read((self.folder / checksums.FILE_NAME).read_text("utf-8")))
        read = {path.relative_to(self.folder).as_posix() for path in (self.folder / "data").rglob("*.parquet")}
        stated = (f"{PAGES}/", f"{OWN_RULES}/")  # pages are compared by themselves; own rules are what they are
        for place in sorted((listed | read) - expected):
            if not place.startswith(stated) and (self.stated.of_this_tool or place.startswith(("data/", "figures/"))):
                yield f"{place}: does not belong to the published data"


@contextmanager
def _named(place: str) -> Iterator[None]:
    """Name the file that cannot be read within the block. Raises PublishedSetError."""
    try:
        yield
    except duckdb.Error as error:
        raise PublishedSetError(f"{place}: cannot be read ({first_line(error)})") from None


def read_tables(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Fill a new database from the published tables, beside those that the tool brings along.

    Raises PublishedSetError, which names the first file that cannot be read.
    """
    warehouse.load_published_figures(con)
    fill_portals(con)
    for name in _SHIPPED:
        con.execute(f"CREATE TEMP TABLE shipped_{name} AS FROM {name}")
        con.execute(f"DELETE FROM {name}")
    try:
        tables.read(con, folder)
    except duckdb.Error:
        for table in tables.TABLES:
            for path in tables.parquet_files(folder, table):
                _require_readable(con, folder, path, table.name)
        raise


def view_differences(con: duckdb.DuckDBPyConnection, folder: Path, stated: Statements) -> Iterator[str]:
    """Compare the views, macros and descriptions of the published database file with those of the tool.

    The attached database "published" has them, as a file has them after it was written.
    """
    if not (stated.of_this_tool and stated.of_this_duckdb):
        return
    con.execute(f"ATTACH {literal(folder / DATABASE)} AS database_file (READ_ONLY)")
    try:
        published, own = (_OBJECTS.format(database=literal(name)) for name in ("database_file", "published"))
        yield from row_differences(con, f"{DATABASE}:", ["name"], published, own)
    finally:
        con.execute("DETACH database_file")


def _require_readable(con: duckdb.DuckDBPyConnection, folder: Path, path: Path, table: str) -> None:
    try:
        con.execute(f"BEGIN; INSERT INTO {table} BY NAME FROM read_parquet({literal(path)}); ROLLBACK")
    except duckdb.Error:
        con.execute("ROLLBACK")
        place = path.relative_to(folder).as_posix()
        raise PublishedSetError(f"{place} is no table that this version of tenders can read") from None


def _database_tables() -> dict[str, tuple[str, ...]]:
    """Return the tables of a database file with the columns that identify a row."""
    return {table.name: table.order for table in tables.TABLES} | {"about": (), "known_months": ()}


def _leaves(content: dict[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the values of a manifest, each with its keys."""
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*before, key))
        else:
            yield (*before, key), value


def _leaf(content: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content
