"""SQL on the published database, its rows as a table, CSV or JSON."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import duckdb
import orjson

from pipelines.common.safe_text import escape_formula
from pipelines.common.text_tables import table

FORMATS = ("table", "csv", "json")


# What to do about an error of DuckDB, by its class and the words of its message; {0} is what the pattern finds there.
_ADVICE: tuple[tuple[type[duckdb.Error], str, str], ...] = (
    (
        duckdb.ParserException,
        r'at or near "([^"]*)"',
        "the SQL cannot be read near {0!r}: look for a missing comma, bracket or quotation mark there",
    ),
    (
        duckdb.BinderException,
        r'column "([^"]*)" not found',
        'there is no column {0}: tenders query "DESCRIBE awards" lists those of a table',
    ),
    (
        duckdb.CatalogException,
        r"Table with name (\S+) does not exist",
        'there is no table or view {0}: tenders query "SHOW TABLES" lists them',
    ),
    (
        duckdb.CatalogException,
        r"Function with name (\S+) does not exist",
        "there is no function or macro {0}: docs/schema.md lists those of this database",
    ),
    (
        duckdb.InvalidInputException,
        "read-only",
        "the database is read-only: only SELECT and other statements that change nothing work",
    ),
    (duckdb.ConversionException, "", "a value does not have the type that is asked for"),
    (duckdb.Error, "", "DuckDB refuses the statement"),
)


class QueryError(ValueError):
    """A statement that the database refused; the message says what to do and ends with the database's own words."""


def run(con: duckdb.DuckDBPyConnection, sql: str, form: str = "table") -> str:
    """Return the result of one statement as text without a final newline. Raises :class:`QueryError`.

    JSON is a list of objects with amounts as text, so that no digit is lost.
    """
    if form not in FORMATS:
        raise QueryError(f"unknown format {form!r}: choose one of {', '.join(FORMATS)}")
    try:
        statements = con.extract_statements(sql)
        if len(statements) != 1:
            raise QueryError("give one statement")
        # Instants come as text: the client's own time zone objects are not needed for that.
        result = con.execute(statements[0])
        names = [column[0] for column in result.description or ()]
        rows = result.fetchall()
    except duckdb.Error as error:
        raise QueryError(_in_words(error)) from error
    if form == "json":
        return orjson.dumps([dict(zip(names, map(_plain, row), strict=True)) for row in rows], default=str).decode()
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([escape_formula(_text(value)) for value in row] for row in rows)
        return out.getvalue().rstrip("\n")
    return table(names, ([_text(value) for value in row] for row in rows)) + f"\n({len(rows)} rows)"


def _in_words(error: duckdb.Error) -> str:
    """Return what to do about an error, then what DuckDB says, without the line of SQL that it repeats."""
    message = " ".join(str(error).split())
    advice = next(
        words.format(*match.groups())
        for kind, pattern, words in _ADVICE
        if isinstance(error, kind) and (match := re.search(pattern, message))
    )
    return f"{advice} ({message.partition(' LINE 1:')[0]})"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(x) for x in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return value


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "、".join(_text(x) for x in value)
    if isinstance(value, dict):
        return orjson.dumps(_plain(value), default=str).decode()
    return "" if value is None else str(value)
