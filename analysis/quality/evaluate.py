"""How well the stored notices agree with labels: precision, recall, confusion, and every miss.

Labels are joined to the newest version of a notice by ``url``. ``pipelines.labelled_notices`` describes both kinds:
labels of people, and records of another crawler.

A label is compared with a stored notice or, by :func:`judge`, with what the rules make of the label's own facts. A
field is scored value by value: precision is correct / given, recall is correct / labelled. If the label has no value,
a value of ours counts against precision only if a person wrote the label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import orjson

from analysis.quality.scoring import (
    CLASS_FIELDS,
    FIELD_ORDER,
    FieldScore,
    NoticeValues,
    label_kind,
    score_label,
    score_record,
)
from pipelines.common.rows import dict_rows
from pipelines.common.text_tables import table
from pipelines.labelled_notices import CrawledRecord, Label, LabelledNotice, read_labels
from pipelines.lexicon import terms

Json = dict[str, Any]
Confusion = dict[str, dict[str, int]]  # counts by the label's value and ours

# The classes whose confusion is shown.
_CONFUSED = ("kind", "is_large_model", "project_type", "sector")
_CODES: dict[str, terms.Vocabulary] = {
    "kind": "kind", "is_large_model": "review_answer", "project_type": "project_type", "sector": "sector",
}  # fmt: skip


@dataclass
class Report:
    """Scores by field and confusion by class. ``unmatched`` are labelled addresses that no stored notice has."""

    labels: int
    matched: int
    fields: dict[str, FieldScore]
    confusion: dict[str, Confusion]
    unmatched: list[str]
    judged: str = "matched to a stored notice by url"

    def as_dict(self) -> Json:
        """Return the report as plain data: one object per field with its figures and misses."""
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

    def render(
        self, form: Literal["table", "json"] = "table", misses: int | None = None, language: terms.Language = "en"
    ) -> str:
        """Return text for a person or JSON for a program. ``misses`` limits the listed misses per field (None: all).

        ``language`` is that of the names of fields and codes; sentences are English, the command line translates them.
        """
        if form == "json":
            return orjson.dumps(self.as_dict(), option=orjson.OPT_INDENT_2).decode()
        parts = [f"{self.labels} labels, {self.matched} of them {self.judged}.", ""]
        rows = [
            [
                _field_name(name, language),
                _figure(s.precision),
                _figure(s.recall),
                _figure(s.f1),
                s.correct,
                s.given,
                s.labelled,
            ]
            for name, s in self.fields.items()
            if s.given or s.labelled
        ]
        parts.append(table(["field", "precision", "recall", "F1", "correct", "given", "labelled"], rows))
        for name, counts in self.confusion.items():
            table_of_codes = _confusion_table(_named(name, counts, language))
            parts += ["", f"{_field_name(name, language)}: rows are labels, columns are ours", table_of_codes]
        for name, score in self.fields.items():
            if score.misses and misses != 0:
                shown = score.misses[:misses]
                called = _field_name(name, language)
                parts += ["", f"{called}: {len(score.misses)} not as labelled (address · label · ours)"]
                parts += [
                    f"  {url}\n      label {_code_name(name, label, language)}\n"
                    f"      ours  {_code_name(name, ours, language)}"
                    for url, label, ours in shown
                ]
        return "\n".join(parts)


def _field_name(name: str, language: terms.Language) -> str:
    """Return what a field is called: in English like its column, with the confidence of the labels after it."""
    if language == "en":
        return name
    field, _, confidence = name.partition(" (")
    called = terms.name("field", field, language)
    return f"{called}（{terms.name('label_confidence', confidence.rstrip(')'), language)}）" if confidence else called


def _named(field: str, counts: Confusion, language: terms.Language) -> Confusion:
    """Return the counts by what codes are called."""
    return {
        _code_name(field, label, language): {_code_name(field, ours, language): count for ours, count in row.items()}
        for label, row in counts.items()
    }


def _code_name(field: str, code: str, language: terms.Language) -> str:
    vocabulary = _CODES.get(field.partition(" (")[0])
    return code if vocabulary is None or language == "en" else terms.name(vocabulary, code, language)


def _confusion_table(counts: Confusion) -> str:
    columns = sorted({ours for row in counts.values() for ours in row} | set(counts))
    rows = [[label, *(row.get(column, "") for column in columns)] for label, row in sorted(counts.items())]
    return table(["label \\ ours", *columns], rows)


def evaluate(con: duckdb.DuckDBPyConnection, label_paths: Iterable[Path | str]) -> Report:
    """Compare the newest version of each labelled notice with its label. Raises ``InvalidDataError`` for a bad file."""
    labels = [label for path in label_paths for label in read_labels(Path(path))]
    notices = _read_notices(con, {label.url for label in labels if label.url})
    return compare((label, notices.get(label.url or "")) for label in labels)


def judge(label_paths: Iterable[Path | str], by: Callable[[Label], Json]) -> Report:
    """Compare the classes that ``by`` gives to each label's own facts with those that the label states.

    ``by`` gives kind, is_large_model, project_type, sector and province. Raises ``InvalidDataError`` for a bad file.
    """
    labels = [label for path in label_paths for label in read_labels(Path(path))]
    # A title says more to a reader of the misses than an address, and every label has one.
    report = compare((label.model_copy(update={"url": None}), _judged_values(by(label))) for label in labels)
    report.fields = {name: score for name, score in report.fields.items() if name in CLASS_FIELDS}
    report.confusion.pop("kind", None)
    report.judged = "judged by their own title, lots and buyer"
    return report


def _judged_values(classes: Json) -> NoticeValues:
    return NoticeValues(
        **{name: classes[name] for name in ("kind", "is_large_model", "project_type", "sector", "province")}
    )


def compare(pairs: Iterable[tuple[Label, NoticeValues | None]]) -> Report:
    """Return the report on labels, each with what we have of its notice, None if that is not stored."""
    scores = {name: FieldScore() for name in FIELD_ORDER}
    confusion: dict[str, Confusion] = {name: {} for name in _CONFUSED}
    unmatched, labels, matched = [], 0, 0
    for given, notice in pairs:
        label = given if isinstance(given, CrawledRecord) else given.as_decided()
        labels += 1
        address = label.place
        if notice is None:
            unmatched.append(address)
            continue
        matched += 1
        if isinstance(label, CrawledRecord):
            score_record(address, label, notice, scores)
        else:
            score_label(address, label, notice, scores)
        if kind := label_kind(label):
            scores["kind"].add(address, [kind], [notice.kind], int(kind == notice.kind))
        for name, value in _labelled_classes(label).items():
            row = confusion[name].setdefault(value, {})
            ours = _class_text(getattr(notice, name))
            row[ours] = row.get(ours, 0) + 1
    return Report(labels, matched, scores, {name: counts for name, counts in confusion.items() if counts}, unmatched)


def _labelled_classes(label: Label) -> dict[str, str]:
    classes: dict[str, object] = {"kind": label_kind(label)}
    if isinstance(label, LabelledNotice):
        classes["is_large_model"] = label.is_large_model
        classes["project_type"] = next(iter(label.project_type), None)
        classes["sector"] = label.sector
    return {name: _class_text(value) for name, value in classes.items() if value is not None}


def _class_text(value: object) -> str:
    return {True: "yes", False: "no", None: "—"}[value] if value is None or isinstance(value, bool) else str(value)


def _read_notices(con: duckdb.DuckDBPyConnection, urls: set[str]) -> dict[str, NoticeValues]:
    """Return what is stored about the notices with these addresses.

    Two notices can have one address. The first is kept, so that their lots are not mixed.
    """
    rows = con.execute(
        """
        SELECT n.url, n.notice_key, n.kind, coalesce(n.is_large_model, false) AS is_large_model, n.project_type,
            n.sector, n.province, n.project_number, n.buyer, CAST(n.published_on AS VARCHAR) AS published_on,
            l.lot_no, l.amount_yuan, w.supplier, w.role, w.amount_yuan AS own_price
        FROM notices AS n
        LEFT JOIN lots AS l ON l.notice_key = n.notice_key AND l.version = n.version
        LEFT JOIN winners AS w ON w.notice_key = l.notice_key AND w.version = l.version AND w.lot_no = l.lot_no
        WHERE n.is_latest AND n.url IN (SELECT unnest(CAST(? AS VARCHAR[])))
        ORDER BY n.url, n.notice_key, l.lot_no, w.position, w.supplier
        """,
        [sorted(urls)],
    )
    notices: dict[str, tuple[str, NoticeValues]] = {}
    for row in dict_rows(rows):
        key, notice = notices.setdefault(row["url"], (row["notice_key"], _notice_values(row)))
        if key != row["notice_key"]:
            continue
        if row["amount_yuan"] is not None:
            notice.amounts[row["lot_no"]] = row["amount_yuan"]
        if row["supplier"] and row["supplier"] not in notice.suppliers:
            notice.suppliers.append(row["supplier"])
        quote = row["own_price"] if row["role"] == "candidate" else None
        if quote is not None and quote not in notice.quotes:
            notice.quotes.append(quote)
    return {url: notice for url, (_, notice) in notices.items()}


def _notice_values(row: Json) -> NoticeValues:
    return NoticeValues(
        kind=row["kind"],
        is_large_model=row["is_large_model"],
        project_type=row["project_type"],
        sector=row["sector"],
        province=row["province"],
        project_number=row["project_number"],
        buyer=row["buyer"],
        published_on=row["published_on"],
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
