"""``tenders verify``: recompute what was published, down to the award (docs/open-data.md)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from analysis.exports import ocds
from analysis.exports.selection import Selection
from analysis.publication import FORMAT, selection, tables
from analysis.publication.differences import file_difference, row_differences
from pipelines.common.safe_text import first_line
from pipelines.common.sql_text import literal
from pipelines.storage import version
from tenders.files.published_set import PublishedSetError, open_set
from tenders.jobs.publish import DATABASE, DATAPACKAGE, OWN_RULES, data_package, json_bytes
from tenders.jobs.published_pages import FOLDER as PAGES
from tenders.jobs.published_pages import differing_pages
from tenders.jobs.published_site import write_site
from tenders.jobs.resolve_again import resolved_again
from tenders.jobs.user_lexicon import apply_user_lexicon
from tenders.version import VERSION

# Columns that are not compared: evidence leaves out what a reviewer wrote about himself.
_NOT_COMPARED = ("evidence",)
_RESOLVED = {"awards": "award", "award_states": "state of award", "award_lots": "lot of award"}


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared, and one line for each difference."""

    awards: int
    notices: int
    pages: bool
    differences: list[str]


def verify(source: str, month: str | None = None) -> Verification:
    """Recompute a published data set, or one month of it.

    Raises PublishedSetError if it cannot be read or is not what its checksums say.
    """
    with open_set(source, FORMAT) as (folder, manifest), tempfile.TemporaryDirectory(prefix="tenders-verify-") as work:
        if manifest.get("schema_version") != version.VERSION:
            raise PublishedSetError(
                f"{source}: was written by tenders {manifest.get('version')} with other tables; "
                "verify it with that version"
            )
        if month and month not in manifest["months"]:
            raise PublishedSetError(f"{source}: has no awards of {month}; months: {', '.join(manifest['months'])}")
        database = Path(work) / "published.duckdb"
        try:
            with duckdb.connect(str(database)) as con:
                con.execute("SET TimeZone = 'Asia/Shanghai'")
                con.execute("SET threads = 1")
                selection.create_tables(con)
                con.execute("INSERT INTO about VALUES (?)", [version.VERSION])
                tables.read(con, folder)
                selection.finish(con)
                steps = [
                    _counts(con, manifest),
                    _files(con, folder, Path(work), month),
                    _database_file(con, folder),
                    _derived_files(con, folder, Path(work), manifest, month),
                ]
                found = list(chain.from_iterable(steps))
                with_pages = (folder / PAGES).is_dir()
                if with_pages:
                    with apply_user_lexicon(folder / OWN_RULES):
                        found += differing_pages(con, folder, month)
                counts = tables.counts(con)
            complete = manifest["since"] is None and manifest["until"] is None
            with resolved_again(database, Path(work) / "store.duckdb") as con:
                found += _awards(con, month, complete=complete)
        except duckdb.Error as error:
            raise PublishedSetError(f"{source}: its tables cannot be read: {first_line(error)}") from None
    return Verification(counts["awards"], counts["notices"], with_pages, found)


def _counts(con: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> Iterator[str]:
    for name, rows in tables.counts(con).items():
        if manifest["tables"].get(name) != rows:
            yield f"manifest.json: says {manifest['tables'].get(name)} rows of {name}, there are {rows}"


def _files(con: duckdb.DuckDBPyConnection, folder: Path, work: Path, month: str | None) -> Iterator[str]:
    """Compare each CSV file with the Parquet tables, and each figure with what its view gives."""
    draft = work / "draft.csv"
    expected = set()
    for file in tables.data_files(con):
        csv, parquet = (folder / f"{file.path}{suffix}" for suffix in (".csv", ".parquet"))
        expected |= {csv, parquet}
        if not (csv.is_file() and parquet.is_file()):
            yield f"{file.path}: is not published, but follows from what is"
            continue
        if month and file.path.startswith("data/") and not file.path.endswith(month):
            continue
        select = tables.computed_once(con, file)
        if file.path.startswith("figures/"):
            found = list(_figure(con, file.path, select, parquet, month))
            yield from found
            if found or month:
                continue  # the CSV file has the same figures, of all months
        tables.write_csv(con, select, draft)
        difference = file_difference(csv, draft, f"{file.path}.csv")
        if difference:
            yield difference
    for part in ("data", "figures"):
        for path in sorted((folder / part).rglob("*")):
            if path.is_file() and path not in expected:
                yield f"{path.relative_to(folder).as_posix()}: does not belong to the published data"


def _figure(con: duckdb.DuckDBPyConnection, path: str, select: str, parquet: Path, month: str | None) -> Iterator[str]:
    columns = [name for name, _ in tables.described(con, select)]
    condition = "true"
    if month:
        condition = f"month = DATE '{month}-01'" if "month" in columns else "false"
    published = f"SELECT * FROM read_parquet({literal(parquet)}) WHERE {condition}"
    yield from row_differences(
        con, path, tables.figure_key(columns), published, f"SELECT * FROM ({select}) WHERE {condition}"
    )


def _database_file(con: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[str]:
    """Compare the tables of the published database file with the Parquet files."""
    con.execute(f"ATTACH {literal(folder / DATABASE)} AS database_file (READ_ONLY)")
    try:
        for table in tables.TABLES:
            published = f"FROM database_file.main.{table.name}"
            yield from row_differences(con, f"{DATABASE}: {table.name}", table.order, published, f"FROM {table.name}")
    finally:
        con.execute("DETACH database_file")


def _derived_files(
    con: duckdb.DuckDBPyConnection, folder: Path, work: Path, manifest: dict[str, Any], month: str | None
) -> Iterator[str]:
    """Compare what the same version of the tool writes again byte for byte: OCDS packages, the descriptor, the site."""
    if manifest["version"] != VERSION:
        return
    for name in tables.award_months(con):
        if month in (None, name):
            draft, place = work / f"{name}.json", f"ocds/{name}.json"
            ocds.write_month(con, draft, Selection(*tables.days_of(name)), manifest["licence"])
            yield from filter(None, [file_difference(folder / place, draft, place)])
    draft = work / DATAPACKAGE
    draft.write_bytes(json_bytes(data_package(con, manifest["licence"])))
    yield from filter(None, [file_difference(folder / DATAPACKAGE, draft, DATAPACKAGE)])
    if not month:
        yield from _site(con, folder, work / "site", manifest)


def _site(con: duckdb.DuckDBPyConnection, folder: Path, draft: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Write the site again and compare each of its files."""
    draft.mkdir()
    write_site(con, folder, draft, manifest)
    for path in sorted(draft.rglob("*")):
        if path.is_file():
            place = path.relative_to(draft).as_posix()
            if not (folder / place).is_file():
                yield f"{place}: is not published, but follows from what is"
            elif difference := file_difference(folder / place, path, place):
                yield difference


def _awards(con: duckdb.DuckDBPyConnection, month: str | None, *, complete: bool) -> Iterator[str]:
    """Compare the published awards with those that ``resolved_again`` made of the published notices."""
    keys = "SELECT award_key FROM published.main.award_states"
    if month:
        keys = " UNION ".join(
            f"SELECT award_key FROM {schema}.awards WHERE strftime(awarded_on, '%Y-%m') = '{month}'"
            for schema in ("published.main", "main")
        )
    if not complete:
        keys = f"SELECT award_key FROM published.main.award_states WHERE award_key IN ({keys})"
    elif not month:
        keys += " UNION SELECT award_key FROM main.award_states"
    for table in tables.TABLES:
        if table.name in _RESOLVED:
            columns = ", ".join(
                name
                for name, _ in tables.described(con, f"FROM published.main.{table.name}")
                if name not in _NOT_COMPARED
            )
            published, computed = (
                f"SELECT {columns} FROM {schema}.{table.name} WHERE award_key IN ({keys})"
                for schema in ("published.main", "main")
            )
            yield from row_differences(con, _RESOLVED[table.name], table.order, published, computed)
