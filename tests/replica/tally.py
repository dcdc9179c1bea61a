"""Counts correct values by measure and keeps one line per error."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field

import duckdb

from tests.replica.pools import read_rows

_PHONES = (r"(?:^|[^0-9])0[0-9]{2,3}[-－]?0000[0-9]{4}", r"1990000[0-9]{4}", r"zhaobiao\.cg@")
_BRACKETS = str.maketrans("[]〔〕【】", "()()()")


@dataclass
class Score:
    """Counts of correct and checked values by measure, and one line per error."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def note(self, measure: str, ok: bool, line: str = "") -> bool:
        """Record one check and return whether it succeeded."""
        self.asked[measure] += 1
        self.right[measure] += ok
        if not ok:
            self.errors.append(f"{measure}: {line}")
        return ok

    def share(self, measure: str) -> float:
        """Return the share of correct values, 1.0 if nothing was checked."""
        return self.right[measure] / self.asked[measure] if self.asked[measure] else 1.0

    def table(self) -> str:
        """Return the counts as a table, one measure per line."""
        line = "{:34} {:6} of {:6}   {:.4f}"
        return "\n".join(line.format(name, self.right[name], self.asked[name], self.share(name)) for name in self.asked)


def simplify(value: object) -> object:
    """Remove differences of width, case, spaces and brackets from names and numbers."""
    if not isinstance(value, str):
        return value
    return "".join(unicodedata.normalize("NFKC", value).translate(_BRACKETS).split()).lower()


def find_contacts(con: duckdb.DuckDBPyConnection) -> list[str]:
    """List stored contact persons, phone numbers and mail addresses. A correct database has none."""
    pattern = "|".join([*_PHONES, *(row[0] for row in read_rows("contacts"))])
    places = []
    for (table,) in con.sql("SELECT table_name FROM duckdb_tables()").fetchall():
        query = f"SELECT regexp_extract_all(CAST(t AS VARCHAR), '{pattern}') FROM \"{table}\" AS t"
        for (hits,) in con.sql(query).fetchall():
            places += [f"{table}: {hit}" for hit in hits]
    return places
