"""Counts of what was right, measure by measure, and one line an error."""

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
    """Counts of (right, asked) a measure, and one line an error."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def note(self, measure: str, ok: bool, line: str = "") -> bool:
        self.asked[measure] += 1
        self.right[measure] += ok
        if not ok:
            self.errors.append(f"{measure}: {line}")
        return ok

    def share(self, measure: str) -> float:
        return self.right[measure] / self.asked[measure] if self.asked[measure] else 1.0

    def table(self) -> str:
        line = "{:34} {:6} of {:6}   {:.4f}"
        return "\n".join(line.format(name, self.right[name], self.asked[name], self.share(name)) for name in self.asked)


def simplify(value: object) -> object:
    """Width, case, spaces, brackets and hyphens do not matter for names and numbers."""
    if not isinstance(value, str):
        return value
    return "".join(unicodedata.normalize("NFKC", value).translate(_BRACKETS).split()).lower()


def find_contacts(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Where a contact person, phone or mail address of the pages was stored."""
    pattern = "|".join([*_PHONES, *(row[0] for row in read_rows("contacts"))])
    found = []
    for (table,) in con.sql("SELECT table_name FROM duckdb_tables()").fetchall():
        shown = f"SELECT regexp_extract_all(CAST(t AS VARCHAR), '{pattern}') FROM \"{table}\" AS t"
        for (hits,) in con.sql(shown).fetchall():
            found += [f"{table}: {hit}" for hit in hits]
    return found
