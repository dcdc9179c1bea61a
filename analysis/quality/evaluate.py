"""How well the stored notices agree with labels written by people: precision, recall, confusion, and every miss.

Labels are joined to the newest version of a notice by ``url``. ``pipelines.labelled_notices`` describes both kinds: labels of
people, and records of another crawler.

What a label is compared with is either a stored notice or, by :func:`compare`, whatever else judged the same facts.
A field is scored value by value: precision is correct / given, recall is correct / labelled. Where the label is
silent, a value that we give counts against precision only if a person wrote the label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import orjson

from analysis.quality.scoring import (
    CLASS_FIELDS,
    FIELD_ORDER,
    FieldScore,
    Json,
    label_kind,
    score_label,
    score_record,
)
from pipelines.common.text_tables import table
from pipelines.labelled_notices import CrawledRecord, Label, LabelledNotice, read_labels

# The classes whose confusion is shown, with the label's value where it has one.
_CONFUSED = ("kind", "is_large_model", "project_type", "sector")


@dataclass
class Report:
    """The result of :func:`evaluate`; ``unmatched`` are labelled addresses that no stored notice has.

    ``confusion`` holds for each class how often a label's value (row) met a value of ours (column).
    """

    labels: int
    matched: int
    fields: dict[str, FieldScore]
    confusion: dict[str, dict[str, dict[str, int]]]
    unmatched: list[str]
    judged: str = "matched to a stored notice by url"

    def as_dict(self) -> Json:
        """The report as plain data: one object per field with its figures and misses."""
        return {
            "labels": self.labels,
            "matched": self.matched,
            "fields": {
                name: {
                    "precision": _rounded(s.precision),
                    "recall": _rounded(s.recall),
                    "f1": _rounded(s.f1),
                    "correct": s.correct,
                    "given": s.given,
                    "labelled": s.labelled,
                    "misses": [dict(zip(("url", "label", "ours"), miss, strict=True)) for miss in s.misses],
                }
                for name, s in self.fields.items()
            },
            "kind_confusion": self.confusion.get("kind", {}),
            "confusion": self.confusion,
            "unmatched": self.unmatched,
        }

    def render(self, form: Literal["table", "json"] = "table", misses: int | None = None) -> str:
        """Text for a person or JSON for a program; ``misses`` limits the listed misses per field (None: all)."""
        if form == "json":
            return orjson.dumps(self.as_dict(), option=orjson.OPT_INDENT_2).decode()
        parts = [f"{self.labels} labels, {self.matched} of them {self.judged}.", ""]
        rows = [
            [name, _figure(s.precision), _figure(s.recall), _figure(s.f1), s.correct, s.given, s.labelled]
            for name, s in self.fields.items()
            if s.given or s.labelled
        ]
        parts.append(table(["field", "precision", "recall", "F1", "correct", "given", "labelled"], rows))
        for name, counts in self.confusion.items():
            parts += ["", f"{name}: rows are labels, columns are ours", _confusion_table(counts)]
        for name, score in self.fields.items():
            if score.misses and misses != 0:
                shown = score.misses[:misses]
                parts += ["", f"{name}: {len(score.misses)} not as labelled (address · label · ours)"]
                parts += [f"  {url}\n      label {label}\n      ours  {ours}" for url, label, ours in shown]
        return "\n".join(parts)


def _confusion_table(counts: dict[str, dict[str, int]]) -> str:
    columns = sorted({ours for row in counts.values() for ours in row} | set(counts))
    rows = [[label, *(row.get(c, "") for c in columns)] for label, row in sorted(counts.items())]
    return table(["label \\ ours", *columns], rows)


def evaluate(con: duckdb.DuckDBPyConnection, label_paths: Iterable[Path | str]) -> Report:
    """Compares the newest version of each labelled notice with its label. Raises ``InvalidDataError`` for a bad file."""
    labels = [label for path in label_paths for label in read_labels(Path(path))]
    notices = _stored(con, {label.url for label in labels if label.url})
    return compare((label, notices.get(label.url or "")) for label in labels)


def judge(label_paths: Iterable[Path | str], by: Callable[[Label], Json]) -> Report:
    """Compares the classes that ``by`` gives to each label's own facts with those that the label states.

    ``by`` gives kind, is_large_model, project_type, sector and province. Raises ``InvalidDataError`` for a bad file.
    """
    labels = [label for path in label_paths for label in read_labels(Path(path))]
    # A title says more to a reader of the misses than an address, and every label has one.
    report = compare((label.model_copy(update={"url": None}), by(label)) for label in labels)
    report.fields = {name: score for name, score in report.fields.items() if name in CLASS_FIELDS}
    report.confusion.pop("kind", None)
    report.judged = "judged by their own title, lots and buyer"
    return report


def compare(pairs: Iterable[tuple[Label, Json | None]]) -> Report:
    """The report over labels, each with what we have of its notice: None where we have none."""
    scores = {name: FieldScore() for name in FIELD_ORDER}
    confusion: dict[str, dict[str, dict[str, int]]] = {name: {} for name in _CONFUSED}
    unmatched, labels, matched = [], 0, 0
    for given, notice in pairs:
        label = given if isinstance(given, CrawledRecord) else given.as_decided()
        labels += 1
        where = label.place
        if notice is None:
            unmatched.append(where)
            continue
        matched += 1
        if isinstance(label, CrawledRecord):
            score_record(where, label, notice, scores)
        else:
            score_label(where, label, notice, scores)
        if kind := label_kind(label):
            scores["kind"].add(where, [kind], [notice["kind"]], int(kind == notice["kind"]))
        for name, value in _labelled_classes(label).items():
            row = confusion[name].setdefault(value, {})
            ours = _shown(notice[name])
            row[ours] = row.get(ours, 0) + 1
    return Report(labels, matched, scores, {name: counts for name, counts in confusion.items() if counts}, unmatched)


def _labelled_classes(label: Label) -> dict[str, str]:
    classes: dict[str, object] = {"kind": label_kind(label)}
    if isinstance(label, LabelledNotice):
        classes["is_large_model"] = label.is_large_model
        classes["project_type"] = next(iter(label.project_type), None)
        classes["sector"] = label.sector
    return {name: _shown(value) for name, value in classes.items() if value is not None}


def _shown(value: object) -> str:
    return {True: "yes", False: "no", None: "—"}[value] if value is None or isinstance(value, bool) else str(value)


def _stored(con: duckdb.DuckDBPyConnection, urls: set[str]) -> dict[str, Json]:
    rows = con.execute(
        """
        SELECT n.url, n.notice_key, n.kind, n.is_large_model, n.project_type, n.sector, n.province, n.project_number,
               n.buyer, n.published_on, l.lot_no, l.amount_yuan, w.supplier, w.role, w.amount_yuan
        FROM notices AS n
        LEFT JOIN lots AS l ON l.notice_key = n.notice_key AND l.version = n.version
        LEFT JOIN winners AS w ON w.notice_key = l.notice_key AND w.version = l.version AND w.lot_no = l.lot_no
        WHERE n.is_latest AND n.url IN (SELECT unnest(CAST(? AS VARCHAR[])))
        ORDER BY n.url, n.notice_key, l.lot_no, w.position, w.supplier
        """,
        [sorted(urls)],
    ).fetchall()
    notices: dict[str, Json] = {}
    for (
        url,
        key,
        kind,
        large,
        project_type,
        sector,
        province,
        number,
        buyer,
        day,
        lot,
        amount,
        supplier,
        role,
        own,
    ) in rows:
        notice = notices.setdefault(url, {
            "key": key, "kind": kind, "is_large_model": bool(large), "project_type": project_type, "sector": sector,
            "province": province, "project_number": number, "buyer": buyer, "published_on": str(day) if day else None,
            "amounts": {}, "suppliers": [], "quotes": [],
        })  # fmt: skip
        if notice["key"] != key:
            continue  # two notices under one address: the first stands, so that lots are not mixed
        if amount is not None:
            notice["amounts"][lot] = amount
        if supplier and supplier not in notice["suppliers"]:
            notice["suppliers"].append(supplier)
        if role == "candidate" and own is not None and own not in notice["quotes"]:
            notice["quotes"].append(own)
    return notices


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
