"""The changes of :mod:`analysis.quality.changes` as text: one line, tables for a person, or JSON for a program."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

import orjson

from analysis.quality.changes import Changes, LabelChanges
from analysis.quality.rule_names import RuleNames
from analysis.rendering.locale import Locale
from pipelines.common.money import in_units
from pipelines.common.safe_text import printable
from pipelines.common.text_tables import table
from pipelines.lexicon import terms
from pipelines.lexicon.rule_words import RulesByField

Json = dict[str, Any]

_SHOWN = 20  # the most notices, awards and labels that are shown, each
_MONTHS_IN_LINE = 6
_KINDS = {
    "large_model_now": "about large models now", "large_model_no_longer": "about large models no longer",
    "project_type": "project type", "vendor": "a winner's vendor group",
    "buyer_kind": "whose the buyer is", "relevance": "relevance alone (not listed)",
    "counts_now": "counts now", "counts_no_longer": "counts no longer", "awarded_on": "date", "amount_yuan": "amount",
    "vendors": "vendor groups", "is_large_model": "about large models", "counts": "counts",
}  # fmt: skip


_CODES: dict[str, terms.Vocabulary] = {
    "project_type": "project_type", "buyer_kind": "buyer_kind", "kind": "kind", "sector": "sector",
}  # fmt: skip


def line(changes: Changes) -> str:
    """Return all changes in one line."""
    if not (changes.notices or changes.awards):
        return "nothing changed"
    counts = f"{changes.notices:,} notices and {changes.awards:,} awards changed"
    months = [
        f"{month['month']} {_sum(month['before'])} → {_sum(month['after'])}" for month in _changed(changes.months)
    ]
    if not months:
        return f"{counts}, the figures of no month"
    more = f"; … and {len(months) - _MONTHS_IN_LINE} more months" if len(months) > _MONTHS_IN_LINE else ""
    return f"{counts}; market: {'; '.join(months[:_MONTHS_IN_LINE])}{more}"


def render(
    changes: Changes,
    labels: LabelChanges | None = None,
    form: Literal["table", "json"] = "table",
    language: terms.Language = "en",
    rule_words: RulesByField | None = None,
) -> str:
    """Return the changes, and the scores of label files before and after.

    ``language`` is that of the names of codes; sentences are English, the command line translates them. ``rule_words``
    are the words of the rules, which are shown beside their names.
    """
    if form == "json":
        return orjson.dumps(_as_json(changes, labels), option=orjson.OPT_INDENT_2).decode()
    parts = [_opening(changes)]
    names = RuleNames(Locale(language), rule_words or {})
    if changes.notices:
        parts += [
            "",
            *_section("notices", changes.kinds, language),
            *_listed([_notice(row, language, names) for row in changes.listed], changes.notices),
        ]
    if changes.awards:
        parts += [
            "",
            *_section("awards", changes.award_kinds, language),
            *_listed([_award(row, language) for row in changes.awards_listed], changes.awards),
        ]
    if changes.notices or changes.awards:
        parts += ["", *_months(changes.months)]
    if labels:
        parts += ["", *_labels(labels)]
    return "\n".join(parts)


def _opening(changes: Changes) -> str:
    if changes.notices or changes.awards:
        what = f"{changes.notices:,} of {changes.stored:,} notices and {changes.awards:,} awards"
        return f"The words and rules of today would change {what}; tenders rebuild --classify-only applies them."
    same = f"Nothing would change: all {changes.stored:,} notices are what the words and rules of today make of them."
    relevance = changes.kinds["relevance"]
    return f"{same} Only the relevance of {relevance:,} would be another." if relevance else same


def _called(kind: str, language: terms.Language) -> str:
    """Return what a kind of change or a field is called: in English like its column."""
    return _KINDS.get(kind) or (kind if language == "en" else terms.name("field", kind, language))


def _section(what: str, kinds: dict[str, int], language: terms.Language) -> list[str]:
    rows = [[_called(kind, language), f"{count:,}"] for kind, count in kinds.items() if count]
    return [table(["change", what], rows), ""]


def _listed(texts: list[str], count: int) -> list[str]:
    """Return the first texts, and how many are left out."""
    if count <= _SHOWN:
        return texts
    return [*texts[:_SHOWN], f"… and {count - _SHOWN:,} more: --format json lists {min(count, len(texts)):,} of them"]


def _notice(row: Json, language: terms.Language, names: RuleNames) -> str:
    lines = [f"{row['notice_key']}  {row['published_on'] or '—'}  {row['title'] or ''}"]
    for change in row["changes"]:
        rules = names.listed(change["field"], change["rules"])
        why = " | ".join(change["words"]) + (f" (rules: {rules})" if rules else "")
        lines.append(f"    {_step(change, language)}" + (f"  from {why}" if why else ""))
    return "\n".join(map(printable, lines))


def _award(row: Json, language: terms.Language) -> str:
    lines = [f"{row['award_key']}  {row['project_name'] or ''}  {row['buyer'] or ''}"]
    lines += [f"    {_step(change, language)}" for change in row["changes"]]
    return "\n".join(map(printable, lines))


def _step(change: Json, language: terms.Language) -> str:
    field = change["field"]
    before, after = (_value(_CODES.get(field), change[side], language) for side in ("before", "after"))
    return f"{_called(field, language)}: {before} → {after}"


def _value(vocabulary: terms.Vocabulary | None, value: Any, language: terms.Language) -> str:
    if vocabulary and isinstance(value, str) and language == "zh":
        return terms.name(vocabulary, value, language)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "、".join(value) or "—" if isinstance(value, list) else "—" if value is None else str(value)


def _months(months: list[Json]) -> list[str]:
    changed = _changed(months)
    if not changed:
        return ["By the definition market no month's figures change."]
    head = ["month (market)", "awards", "→", "disclosed", "→", "amount 亿元", "→"]
    rows = []
    for month in changed:
        sides = (month["before"], month["after"])
        counts = [side[count] for count in ("awards", "disclosed") for side in sides]
        rows.append([month["month"], *counts, *map(_yi, sides)])
    same = len(months) - len(changed)
    return [table(head, rows), *([f"{same} more months stay as they are."] if same else [])]


def _labels(labels: LabelChanges) -> list[str]:
    parts = [f"{labels.labels:,} labels, {labels.matched:,} of them matched to a stored notice by url.", ""]
    rows = [
        [name, *(_figure(figures[figure][side]) for figure in ("precision", "recall") for side in ("before", "after"))]
        for name, figures in labels.fields.items()
    ]
    parts.append(table(["field", "precision", "→", "recall", "→"], rows))
    for what, changed in (("labels won", labels.won), ("labels lost", labels.lost)):
        parts += ["", f"{what}: {len(changed):,}"]
        texts = [
            f"  {row['field']}  {row['url']}\n      label {row['label']}: {row['before']} → {row['after']}"
            for row in changed
        ]
        parts += _listed(texts, len(changed))
    return parts


def _as_json(changes: Changes, labels: LabelChanges | None) -> Json:
    return {
        "stored": changes.stored,
        "notices": {"changed": changes.notices, "kinds": changes.kinds, "listed": changes.listed,
                    "left_out": changes.notices - len(changes.listed)},
        "awards": {"changed": changes.awards, "kinds": changes.award_kinds, "listed": changes.awards_listed,
                   "left_out": changes.awards - len(changes.awards_listed)},
        "months": changes.months,
        "labels": asdict(labels) if labels else None,
    }  # fmt: skip


def _changed(months: list[Json]) -> list[Json]:
    return [month for month in months if month["before"] != month["after"]]


def _sum(side: Json) -> str:
    return f"{side['awards']:,} ({_yi(side)} 亿)"


def _yi(side: Json) -> str:
    amount = side["amount_yuan"]
    return "—" if amount is None else f"{in_units(amount):,}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
