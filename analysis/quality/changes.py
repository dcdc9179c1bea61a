"""What another classification changes: two databases of the same notices, compared by notice, award and month.

Both are attached to one connection (``tenders.jobs.reclassify`` does so). Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import orjson

from analysis.figures.definition import load
from analysis.quality.evaluate import Report, evaluate
from pipelines.common.rows import dict_rows

Json = dict[str, Any]

LISTED = 1_000  # the most changed notices, and the most changed awards, that are listed
# What a notice is by itself. Its evidence has the words and rules that decide a field.
_FIELDS = ("is_large_model", "project_type", "sector", "subsector", "province", "buyer_kind")
_AWARD_FIELDS = (
    "is_large_model", "status", "awarded_on", "amount_yuan", "project_type", "sector", "subsector", "province",
    "buyer_kind", "vendors",
)  # fmt: skip
_KINDS = ("large_model_now", "large_model_no_longer", *_FIELDS[1:], "vendor")
_AWARD_KINDS = ("new", "gone", "counts_now", "counts_no_longer", *_AWARD_FIELDS)
_CLASSES = ("is_large_model", "project_type", "sector", "province")  # fields of labels that a classification decides


@dataclass(frozen=True, slots=True)
class Changes:
    """The result of :func:`compare`.

    ``kinds`` and ``award_kinds`` count by kind of change; one notice can have several. At most :data:`LISTED` notices
    and awards are listed, those first whose change decides whether they count. ``months`` has all months, amounts in
    yuan as text.
    """

    stored: int
    notices: int
    kinds: dict[str, int]
    listed: list[Json]
    awards: int
    award_kinds: dict[str, int]
    awards_listed: list[Json]
    months: list[Json]


@dataclass(frozen=True, slots=True)
class LabelChanges:
    """Scores of label files before and after.

    ``fields`` has the figures by field; ``won`` the values that are right only after, ``lost`` those right only before.
    """

    labels: int
    matched: int
    fields: dict[str, Json]
    won: list[Json]
    lost: list[Json]


def compare(con: duckdb.DuckDBPyConnection, before: str = "before", after: str = "after") -> Changes:
    """Compare the attached databases ``before`` and ``after``, the notices in their newest version."""
    names = {"before": f"{before}.main", "after": f"{after}.main"}
    kinds = _counts(con, _NOTICES.format(**names), ("any", *_KINDS, "relevance"))
    changed = [_notice_changes(row) for row in _rows(con, _NOTICES.format(**names) + _FIRST_NOTICES)]
    awards_compared = _AWARDS.format(**names, market=load("market").condition)
    award_kinds = _counts(con, awards_compared, ("any", *_AWARD_KINDS))
    awards = [_award_changes(row) for row in _rows(con, awards_compared + _FIRST_AWARDS)]
    stored = con.execute(f"SELECT count(*) FROM {after}.main.notices WHERE is_latest").fetchone()
    return Changes(
        stored=int(stored[0]) if stored else 0, notices=kinds.pop("any"), kinds=kinds, listed=changed,
        awards=award_kinds.pop("any"), award_kinds=award_kinds, awards_listed=awards, months=_months(con, names),
    )  # fmt: skip


def compare_labels(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], before: str = "before", after: str = "after"
) -> LabelChanges:
    """Score the classes in both databases by label files. Raises ``InvalidDataError`` for a bad file."""
    reports: list[Report] = []
    for name in (before, after):
        con.execute(f"USE {name}.main")
        reports.append(evaluate(con, paths))
    old, new = reports
    fields = {}
    won, lost = [], []
    for name in new.fields:
        if not name.startswith(_CLASSES) or not (new.fields[name].labelled or new.fields[name].given):
            continue
        fields[name] = {
            figure: {"before": getattr(old.fields[name], figure), "after": getattr(new.fields[name], figure)}
            for figure in ("precision", "recall")
        }
        if name in _CLASSES:
            old_misses, new_misses = (
                {url: (label, ours) for url, label, ours in report.fields[name].misses} for report in reports
            )
            won += [
                _label_row(name, url, label, ours, label)
                for url, (label, ours) in old_misses.items()
                if url not in new_misses
            ]
            lost += [
                _label_row(name, url, label, label, ours)
                for url, (label, ours) in new_misses.items()
                if url not in old_misses
            ]
    return LabelChanges(new.labels, new.matched, fields, won, lost)


# One row for each notice in its newest version: its old and new values, and a column k_… for each kind of change.
_NOTICES = f"""
    WITH vendor_changes AS (
        SELECT
            notice_key,
            version,
            list(DISTINCT {{{{supplier: n.supplier, before: o.vendor, after: n.vendor}}}}) AS vendors
        FROM {{before}}.winners AS o JOIN {{after}}.winners AS n USING (notice_key, version, lot_seq, seq)
        WHERE o.vendor IS DISTINCT FROM n.vendor
        GROUP BY notice_key, version
    ), compared AS (
        SELECT
            notice_key, n.title, n.url, n.published_on, n.evidence, coalesce(v.vendors, []) AS vendors,
            {", ".join(f"o.{name} AS old_{name}, n.{name} AS new_{name}" for name in _FIELDS)},
            old_is_large_model IS DISTINCT FROM new_is_large_model AND new_is_large_model AS k_large_model_now,
            old_is_large_model IS DISTINCT FROM new_is_large_model
                AND NOT new_is_large_model AS k_large_model_no_longer,
            {", ".join(f"old_{name} IS DISTINCT FROM new_{name} AS k_{name}" for name in _FIELDS[1:])},
            v.vendors IS NOT NULL AS k_vendor,
            {" OR ".join(f"k_{kind}" for kind in _KINDS)} AS k_any,
            o.relevance IS DISTINCT FROM n.relevance AND NOT k_any AS k_relevance
        FROM {{before}}.notices AS o
        JOIN {{after}}.notices AS n USING (notice_key, version)
        LEFT JOIN vendor_changes AS v USING (notice_key, version)
        WHERE n.is_latest
    )
"""
_FIRST_NOTICES = f"""
    SELECT * FROM compared WHERE k_any
    ORDER BY k_large_model_now OR k_large_model_no_longer DESC, published_on DESC NULLS LAST, notice_key LIMIT {LISTED}
"""
_AWARDS = f"""
    WITH o AS (SELECT *, coalesce({{market}}, false) AS counts FROM {{before}}.awards),
    n AS (SELECT *, coalesce({{market}}, false) AS counts FROM {{after}}.awards),
    compared AS (
        SELECT
            award_key,
            coalesce(n.project_name, n.title, o.project_name, o.title) AS name,
            coalesce(n.buyer, o.buyer) AS of_buyer,
            {", ".join(f"o.{name} AS old_{name}, n.{name} AS new_{name}" for name in ("counts", *_AWARD_FIELDS))},
            old_status IS NULL AS k_new, new_status IS NULL AS k_gone,
            coalesce(new_counts, false) AND NOT coalesce(old_counts, false) AS k_counts_now,
            coalesce(old_counts, false) AND NOT coalesce(new_counts, false) AS k_counts_no_longer,
            NOT k_new AND NOT k_gone AS k_both,
            {", ".join(f"k_both AND old_{name} IS DISTINCT FROM new_{name} AS k_{name}" for name in _AWARD_FIELDS)},
            {" OR ".join(f"k_{kind}" for kind in _AWARD_KINDS)} AS k_any
        FROM o FULL JOIN n USING (award_key)
    )
"""
_FIRST_AWARDS = f"""
    SELECT * FROM compared WHERE k_any
    ORDER BY k_counts_now OR k_counts_no_longer DESC, coalesce(new_counts, old_counts) DESC,
        coalesce(new_awarded_on, old_awarded_on) DESC NULLS LAST, award_key LIMIT {LISTED}
"""
_MONTHS = """
    SELECT
        strftime(awarded_on, '%Y-%m') AS month, count(*), count(*) FILTER (disclosed),
        sum(amount_yuan) FILTER (disclosed)
    FROM {database}.awards WHERE {market} GROUP BY 1
"""


def _counts(con: duckdb.DuckDBPyConnection, query: str, kinds: Iterable[str]) -> dict[str, int]:
    counted = ", ".join(f"count(*) FILTER (k_{kind}) AS {kind}" for kind in kinds)
    [row] = _rows(con, f"{query} SELECT {counted} FROM compared")
    return {kind: int(count) for kind, count in row.items()}


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Json]:
    return list(dict_rows(con.execute(query)))


def _notice_changes(row: Json) -> Json:
    evidence = orjson.loads(row["evidence"] or "{}")
    changes = []
    for field in _FIELDS:
        old, new = row[f"old_{field}"], row[f"new_{field}"]
        if old != new:
            source = "sector" if field == "subsector" else field
            words, rules = evidence.get(source, []), evidence.get(f"rule:{source}", [])
            changes.append({"field": field, "before": old, "after": new, "words": words, "rules": rules})
    for vendor in sorted(row["vendors"], key=lambda vendor: str(vendor["supplier"])):
        words = [vendor["supplier"]]
        sides = {"before": vendor["before"], "after": vendor["after"]}
        changes.append({"field": "vendor", **sides, "words": words, "rules": []})
    day = row["published_on"]
    return {"notice_key": row["notice_key"], "title": row["title"], "url": row["url"], "published_on": day and str(day),
            "changes": changes}  # fmt: skip


def _award_changes(row: Json) -> Json:
    changes = [
        {"field": name, "before": _json_value(row[f"old_{name}"]), "after": _json_value(row[f"new_{name}"])}
        for name in ("counts", *_AWARD_FIELDS)
        if row[f"old_{name}"] != row[f"new_{name}"]
    ]
    return {"award_key": row["award_key"], "project_name": row["name"], "buyer": row["of_buyer"], "changes": changes}


def _months(con: duckdb.DuckDBPyConnection, names: Json) -> list[Json]:
    sides = {}
    for side, database in names.items():
        rows = con.execute(_MONTHS.format(database=database, market=load("market").condition)).fetchall()
        sides[side] = {month: _figures(awards, disclosed, amount) for month, awards, disclosed, amount in rows}
    no_awards = _figures(0, 0, None)
    months = sorted({*sides["before"], *sides["after"]})
    return [{"month": month, **{side: sides[side].get(month, no_awards) for side in sides}} for month in months]


def _figures(awards: int, disclosed: int, amount: Any) -> Json:
    return {"awards": awards, "disclosed": disclosed, "amount_yuan": _json_value(amount)}


def _label_row(field: str, url: str, label: str, before: str, after: str) -> Json:
    return {"field": field, "url": url, "label": label, "before": before, "after": after}


def _json_value(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | list) else str(value)
