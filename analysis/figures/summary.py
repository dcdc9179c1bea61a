"""The monthly summary: a month's figures with their base, coverage, vintage and the figures that others published.

``summary`` gives the object of the contract (section 3), ``render`` turns it into a table, Markdown, CSV or JSON.
All figures of one summary are of one vintage: growth compares both months as they were known at the same instant.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import duckdb

from analysis.figures.coverage import coverage
from analysis.figures.definition import WHERE, Definition, load
from analysis.figures.money import in_units
from analysis.figures.published import published
from analysis.figures.vintages import like_for_like, revisions
from analysis.reports.text_summary import render
from pipelines.common.clock import SHANGHAI

DIMENSIONS = {"by_type": "project_type", "by_sector": "sector", "by_vendor": "vendor", "by_province": "province"}

Json = dict[str, Any]

__all__ = ["MonthError", "growth", "instant_of", "known_awards", "month_of", "render", "share", "shift", "summary"]


class MonthError(ValueError):
    """A month or date that cannot be read; the message says how to write it."""


def month_of(text: str) -> date:
    """The first day of ``YYYY-MM``."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise MonthError(f"{text!r} is no month: write it as 2025-07")
    return date(int(text[:4]), int(text[5:]), 1)


def instant_of(text: str) -> datetime:
    """The instant up to which something was known: the end of the day ``YYYY-MM-DD`` in Shanghai, or an ISO instant."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.combine(date.fromisoformat(text), time.max, SHANGHAI)
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise MonthError(f"{text!r} is no date: write it as 2025-08-31") from error
    return given if given.tzinfo else given.replace(tzinfo=SHANGHAI)


def summary(
    con: duckdb.DuckDBPyConnection,
    month: str,
    definition: str | Definition = "market",
    as_of: str | date | None = None,
    *,
    changes_listed: int = 0,
) -> Json:
    """The month's summary by a definition (or the shipped one of a name) as it is known now, or as it was known at ``as_of``.

    ``revisions`` lists up to ``changes_listed`` single changes. Raises :class:`MonthError` and
    :class:`analysis.figures.definition.UnknownDefinitionError`. A figure that cannot be computed (no base month, nothing known of the
    month) is None, never 0.
    """
    first, rules = month_of(month), load(definition) if isinstance(definition, str) else definition
    instant = instant_of(str(as_of)) if as_of is not None else None
    _gather(con, first, rules, instant)
    totals = _totals(con)
    covered = coverage(con, first, instant)
    known = first in totals or covered["notices"] > 0 or any(p["days_complete"] for p in covered["portals"])
    nothing = 0 if known else None
    now = totals.get(first) or {"awards": nothing, "disclosed": nothing, "undisclosed": nothing, "amount": None}
    result: Json = {
        "month": month,
        "definition": rules.name,
        "as_of": _as_of_day(con, instant),
        "awards": now["awards"],
        "disclosed": now["disclosed"],
        "undisclosed": now["undisclosed"],
        "amount_yuan": None if now["amount"] is None else str(now["amount"]),
        "amount_yi": _yi(now["amount"]),
    }
    for suffix, base in (("yoy", shift(first, -12)), ("mom", shift(first, -1))):
        before = totals.get(base) or {"awards": None, "amount": None}
        result[f"awards_{suffix}_pct"] = growth(now["awards"], before["awards"])
        result[f"amount_{suffix}_pct"] = growth(now["amount"], before["amount"])
    for name, column in DIMENSIONS.items():
        result[name] = _breakdown(con, first, column, now)
    result["base"] = {suffix: _base(shift(first, offset), totals) for suffix, offset in (("yoy", -12), ("mom", -1))}
    result["largest"] = _largest(con, first)
    result["like_for_like"] = like_for_like(con, first, instant)
    result["revisions"] = revisions(con, first, rules, instant, result["as_of"], changes_listed)
    result["coverage"] = covered
    result["published"] = published(con, month, result)
    con.execute("DROP TABLE IF EXISTS temp.counted; DROP TABLE IF EXISTS temp.counted_lots")
    return result


def known_awards(instant: datetime | None) -> str:
    """What stands in FROM for the awards as they are known now, or as they were at the parameter ``$instant``."""
    return "awards_as_of($instant)" if instant else "(SELECT * FROM award_states WHERE valid_to IS NULL)"


def _gather(con: duckdb.DuckDBPyConnection, first: date, rules: Definition, instant: datetime | None) -> None:
    """Temp tables of the awards that count in the month and its two base months, and of the lots that make them up."""
    months = [first, shift(first, -1), shift(first, -12)]
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE counted AS
        SELECT * EXCLUDE (evidence), CAST(date_trunc('month', awarded_on) AS DATE) AS month
        FROM (SELECT *, NULL AS evidence FROM {known_awards(instant)})
        WHERE awarded_on >= $months[3] AND awarded_on <= last_day($months[1])
            AND list_contains($months, CAST(date_trunc('month', awarded_on) AS DATE)) AND {WHERE}
        """,
        rules.parameters | {"months": months} | ({"instant": instant} if instant else {}),
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE counted_lots AS
        SELECT award_key, month, lot.vendors AS vendors, lot.amount_yuan AS amount_yuan
        FROM (SELECT award_key, month, unnest(lots) AS lot FROM counted)
        WHERE lot.counted AND lot.state = 'won'
        """
    )


def _totals(con: duckdb.DuckDBPyConnection) -> dict[date, Json]:
    rows = con.execute(
        "SELECT month, count(*), count(amount_yuan), sum(amount_yuan) FROM counted GROUP BY month"
    ).fetchall()
    return {m: {"awards": n, "disclosed": d, "undisclosed": n - d, "amount": a} for m, n, d, a in rows}


_BY_COLUMN = """
    SELECT {column}, count(*), count(amount_yuan), sum(amount_yuan) FROM counted WHERE month = ? GROUP BY 1
"""
_BY_VENDOR = """
    SELECT vendor, count(*), count(amount), sum(amount)
    FROM (
        SELECT award_key, vendor, sum(amount_yuan) AS amount
        FROM (SELECT award_key, amount_yuan, unnest(list_distinct(vendors)) AS vendor FROM counted_lots WHERE month = ?)
        GROUP BY award_key, vendor
    )
    GROUP BY vendor
"""


def _breakdown(con: duckdb.DuckDBPyConnection, first: date, column: str, total: Json) -> list[Json]:
    sql = _BY_VENDOR if column == "vendor" else _BY_COLUMN.format(column=column)
    rows = con.execute(sql, [first]).fetchall()
    rows.sort(key=lambda r: (-r[1], -(r[3] or 0), r[0] or "~"))
    return [
        {
            column: value,
            "awards": awards,
            "disclosed": disclosed,
            "amount_yuan": None if amount is None else str(amount),
            "amount_yi": _yi(amount),
            "awards_share_pct": share(awards, total["awards"]),
            "amount_share_pct": share(amount, total["amount"]),
        }
        for value, awards, disclosed, amount in rows
    ]


def _largest(con: duckdb.DuckDBPyConnection, first: date) -> list[Json]:
    rows = con.execute(
        """
        SELECT award_key, coalesce(project_name, title), buyer, suppliers, amount_yuan FROM counted
        WHERE month = ? AND amount_yuan IS NOT NULL ORDER BY amount_yuan DESC, award_key LIMIT 5
        """,
        [first],
    ).fetchall()
    names = ("award_key", "project_name", "buyer", "suppliers", "amount_yuan")
    return [dict(zip(names, (*row[:4], str(row[4])), strict=True)) for row in rows]


def _base(month: date, totals: dict[date, Json]) -> Json:
    before = totals.get(month)
    amount = before["amount"] if before else None
    return {
        "month": f"{month:%Y-%m}",
        "awards": before["awards"] if before else None,
        "amount_yuan": None if amount is None else str(amount),
        "amount_yi": _yi(amount),
    }


def _as_of_day(con: duckdb.DuckDBPyConnection, instant: datetime | None) -> str | None:
    """The vintage as a day in Shanghai: the one asked for, else the last day on which anything was seen."""
    if instant:
        return instant.astimezone(SHANGHAI).date().isoformat()
    row = con.execute(
        """
        SELECT CAST(CAST(timezone('Asia/Shanghai', max(seen)) AS DATE) AS VARCHAR)
        FROM (SELECT max(first_seen_at) AS seen FROM notices UNION ALL SELECT max(finished_at) FROM crawls)
        """
    ).fetchone()
    return row[0] if row else None


def shift(month: date, by: int) -> date:
    """The month that is ``by`` months later (or earlier, where negative)."""
    index = month.year * 12 + month.month - 1 + by
    return date(index // 12, index % 12 + 1, 1)


def growth(now: Decimal | int | None, before: Decimal | int | None) -> float | None:
    """Growth in per cent, to one place; None where there is no base."""
    return None if now is None or not before else round(100 * (float(now) / float(before) - 1), 1)


def share(part: Decimal | int | None, whole: Decimal | int | None) -> float | None:
    """A part in per cent of the whole, to one place; None where there is none."""
    return None if part is None or not whole else round(100 * float(part) / float(whole), 1)


def _yi(amount: Decimal | None) -> float | None:
    return None if amount is None else float(in_units(amount))
