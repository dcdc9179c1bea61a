"""Explain why a notice or an award counts or does not: every field with its words, every rule and notice, the sum."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import orjson

from analysis.quality.rule_names import RuleNames
from analysis.rendering.bilingual import bilingual_term
from analysis.rendering.locale import Locale
from analysis.rendering.messages import Language
from pipelines.common.rows import dict_rows
from pipelines.common.safe_text import printable
from pipelines.common.text_tables import table
from pipelines.lexicon import terms
from pipelines.lexicon.rule_words import RulesByField

Json = dict[str, Any]

_NO_AWARD = {
    "award": "it is a result, but no supplier could be read from it",
    "candidate": "it is a list of candidates, but no candidate could be read from it",
    "tender": "it only invites bids; no result of this project is stored",
    "failed": "it says that the project failed or ended, and no result of it is stored",
    "correction": "it corrects another notice, and no result of this project is stored",
    "contract": "it is a contract notice, which makes no award by itself; no result of this project is stored",
    "intention": "it announces an intention to buy",
    "single_source": "it proposes a single source, which is no result",
    "other": "it is no procurement result",
}
_FIELDS = (
    "kind", "project_number", "project_name", "buyer", "agency", "province", "published_on", "is_large_model",
    "relevance", "project_type", "sector", "subsector", "buyer_kind",
)  # fmt: skip

# The field at which a person's decision is shown, if it has another name.
_SHOWN_AT = {
    "large_model": "is_large_model",
    "lots": "is_large_model",
    "subsector": "sector",
    "confirmed_amount_yuan": "amount_yuan",
}


_CODES: dict[str, terms.Vocabulary] = {  # fields of a notice that hold codes
    "kind": "kind", "project_type": "project_type", "sector": "sector", "buyer_kind": "buyer_kind",
}  # fmt: skip


class NothingFoundError(ValueError):
    """No notice or award has that address or key."""


@dataclass(frozen=True, slots=True)
class _Words:
    """How fields and codes are called: in English as in the database, so that a reader can ask for them in SQL.

    Other sentences are English in both languages; the command line translates them.
    """

    locale: Locale
    rules: RuleNames

    @property
    def _is_english(self) -> bool:
        return not self.locale.is_chinese

    def field(self, name: str, value: str) -> str:
        """Return the line of a field."""
        base, _, of_lot = name.partition(":")  # evidence of single lots is called amount_yuan:1
        called = base if self._is_english else terms.name("field", base, "zh")
        if of_lot:
            called = self.locale.text("explain_of_lot", field=called, lot=of_lot)
        return self.locale.text("explain_field", field=called, value=value)

    def code(self, vocabulary: terms.Vocabulary, code: str | None) -> str | None:
        return code if code is None or self._is_english else terms.name(vocabulary, code, "zh")

    def both(self, vocabulary: terms.Vocabulary, code: str | None) -> str:
        """Return what a code of an award is called: English readers get the Chinese name too."""
        if self._is_english:
            return bilingual_term(vocabulary, code)
        return self.code(vocabulary, code) or self.locale.text("not_stated")

    def of_field(self, name: str, value: Any) -> str:
        """Return the value of a notice's field."""
        if value is None:
            return "—"
        if isinstance(value, bool):
            return self.yes(value)
        return printable(self.code(_CODES[name], value) if name in _CODES else value)

    def yes(self, value: object) -> str:
        return self.locale.text("yes" if value else "no")

    def large_model(self, award: Json) -> str:
        return self.yes(award["is_large_model"]) + self._relevance(award["relevance"])

    def _relevance(self, score: float | None) -> str:
        return "" if score is None else self.locale.text("explain_relevance", score=f"{score:.2f}")

    def own_group(self, award: Json) -> str | None:
        """Return whether the buyer bought from its own group, None if an older database has no such column."""
        if "own_group" not in award:
            return None
        answer, group = self.yes(award["own_group"]), award["buyer_vendor"]
        if group is None:
            return answer
        name = "explain_own_group" if award["own_group"] else "explain_other_group"
        return answer + self.locale.text(name, group=group)

    def decision(self, decision: Json) -> str:
        """Return what a person decided next to what the rules say, with who and why."""
        value, rules = (
            ", ".join(map(str, x)) if isinstance(x, list) else x or "—" for x in (decision["value"], decision["rules"])
        )
        who, why = decision["reviewer"], decision["note"]
        text = self.locale.text(
            "explain_decision",
            field=self.code("review_field", decision["field"]),
            value=value,
            rules=rules,
            relevance=self._relevance(decision["relevance"]),
            when=decision["reviewed_at"],
            who=self.locale.text("explain_reviewer", who=who) if who else "",
            why=self._quoted(why) if why else "",
        )
        return printable(f"      {text}")

    def _quoted(self, words: str) -> str:
        return self.locale.text("explain_quote", words=words)

    def doubt(self, doubt: Json) -> str:
        """Return why a price is doubtful: the two statements that contradict each other, or the single witness."""
        flag, amount = self.code("flag", doubt["flag"]), f"{Decimal(doubt['amount_yuan']):,.2f}"
        if "other_yuan" not in doubt:
            return self.locale.text("explain_single_witness", flag=flag, amount=amount)
        return self.locale.text(
            "explain_contradiction",
            flag=flag,
            amount=amount,
            witness=self.code("witness", doubt["source"]),
            other=f"{Decimal(doubt['other_yuan']):,.2f}",
            key=doubt["notice_key"],
            quoted="".join(self._quoted(printable(word)) for word in doubt.get("words", [])),
        )

    def flags(self, codes: list[str]) -> str:
        return self.locale.listed(self.code("flag", code) or code for code in codes)


def explain(
    con: duckdb.DuckDBPyConnection, key: str, language: Language = "en", rule_words: RulesByField | None = None
) -> str:
    """Return the explanation of a notice (by URL or notice_key) or an award (by award_key).

    ``language`` is that of the names of fields and codes. ``rule_words`` are the words of the rules, which are shown
    beside their names. Raises :class:`NothingFoundError`.
    """
    locale = Locale(language)
    words = _Words(locale, RuleNames(locale, rule_words or {}))
    award = _one(
        con,
        "SELECT * EXCLUDE (first_seen_at), CAST(first_seen_at AS VARCHAR) AS seen FROM awards WHERE award_key = ?",
        key,
    )
    if award:
        return "\n".join(_award(con, award, words))
    notices = _all(
        con,
        "SELECT * EXCLUDE (first_seen_at, body), CAST(first_seen_at AS VARCHAR) AS seen FROM notices "
        "WHERE is_latest AND (notice_key = ? OR url = ?) ORDER BY notice_key",
        key,
        key,
    )
    if not notices:
        former = _one(con, "SELECT award_key FROM award_states WHERE award_key = ? LIMIT 1", key)
        if former:
            return "\n".join(
                [f"{key} was known once and has become part of another award.", *_history(con, key, words)]
            )
        raise NothingFoundError(f"nothing is stored under {key!r}: give a notice's url or notice_key, or an award_key")
    parts: list[str] = []
    for notice in notices:
        parts += ["", *_notice(con, notice, words)] if parts else _notice(con, notice, words)
    return "\n".join(parts)


def _notice(con: duckdb.DuckDBPyConnection, notice: Json, words: _Words) -> list[str]:
    key = notice["notice_key"]
    award = _one(
        con,
        "SELECT * EXCLUDE (first_seen_at), CAST(first_seen_at AS VARCHAR) AS seen FROM awards "
        "WHERE list_contains(notice_keys, ?)",
        key,
    )
    lines = [
        f"Notice {key}, version {notice['version']}, first seen {notice['seen']}",
        printable(notice["title"] or "(no title)"),
        printable(notice["url"]),
        "",
        "Verdict: " + (_verdict(award, words) if award else f"does not count: {_NO_AWARD[notice['kind']]}."),
        "",
        "What this notice says by itself",
        *_fields(notice, _evidence(notice["evidence"]), words),
        *_notice_lots(con, key, notice["version"], words),
    ]
    if award:
        lines += ["", *_award(con, award, words)]
    return lines


def _verdict(award: Json, words: _Words) -> str:
    if award["status"] == "void":
        return "does not count: the result was cancelled, or the project ended, and no later result names a winner."
    if award["status"] == "candidate":
        return "does not count yet: only candidates are public."
    if not award["is_large_model"]:
        decisions = {
            decision["field"]: decision["value"] for decision in _evidence(award["evidence"]).get("reviewed", [])
        }
        if decisions.get("large_model") == "no":
            return "does not count: a person decided that it is not about large models."
        return f"does not count: it is not about large models (relevance {award['relevance']:.2f})."
    if award["awarded_on"] is None:
        return "does not count: no publication date could be read, so it belongs to no month."
    if award["amount_yuan"] is not None and not award["disclosed"]:
        return (
            f"counts in {award['awarded_on']:%Y-%m} as undisclosed: {award['amount_yuan']:,.2f} yuan have a single "
            "witness and are in no sum until a review confirms them."
        )
    if not award["disclosed"]:
        return f"counts in {award['awarded_on']:%Y-%m} as undisclosed: no sum of money is published for what was won."
    partial = ", for part of its lots" if award["amount_partial"] else ""
    doubtful = f" Doubtful: {words.flags(award['flags'])}." if award["flags"] else ""
    return f"counts in {award['awarded_on']:%Y-%m} with {award['amount_yuan']:,.2f} yuan{partial}.{doubtful}"


def _origin(award: Json) -> str:
    """Return who published an award that comes from a base; an empty text for the folder's own."""
    return f", from what {printable(award['origin'])} published (tenders pull)" if award["origin"] else ""


def _award(con: duckdb.DuckDBPyConnection, award: Json, words: _Words) -> list[str]:
    evidence = _evidence(award["evidence"])
    lines = [
        f"Award {award['award_key']}, known since {award['seen']}{_origin(award)}",
        printable(award["project_name"] or award["title"] or "(no name)"),
        "",
        "Verdict: " + _verdict(award, words),
        "",
        "Fields, each with the notice it is taken from and the words there",
    ]
    shown = {
        **{k: award[k] for k in ("project_number", "project_name", "buyer", "province", "awarded_on")},
        "status": words.code("status", award["status"]),
        "is_large_model": words.large_model(award),
        "project_type": words.both("project_type", award["project_type"]),
        "sector": words.both("sector", award["sector"]) + (f" / {award['subsector']}" if award["subsector"] else ""),
        "buyer_kind": words.code("buyer_kind", award.get("buyer_kind")),
        "suppliers": "、".join(award["suppliers"]),
        "vendors": "、".join(award["vendors"]) or None,
        "own_group": words.own_group(award),
        "amount_yuan": _money(award["amount_yuan"]),
        "flags": words.flags(award["flags"]) or None,
    }
    for field, value in shown.items():
        lines.append(words.field(field, "—" if value is None else printable(value)))
        lines += [
            words.decision(decision)
            for decision in evidence.get("reviewed", [])
            if _SHOWN_AT.get(decision["field"], decision["field"]) == field
        ]
        if field == "flags":
            lines += [f"      {words.doubt(doubt)}" for doubt in evidence.get("flags", [])]
            continue
        for source in evidence.get(field, []):
            found = " | ".join(printable(w) for w in source.get("words", []))
            rules = words.rules.listed(field, source.get("rules", []))
            lines.append(
                f"      from {source['notice_key']}"
                + (f": {found}" if found else "")
                + (f" (rules: {rules})" if rules else "")
            )
    lines += ["", *_lots(con, award, words), "", *_joined(con, award, evidence, words)]
    if evidence.get("rules"):
        lines += ["", "Rules that fired", *(f"  {printable(rule)}" for rule in evidence["rules"])]
    return [*lines, "", *_history(con, award["award_key"], words)]


def _lots(con: duckdb.DuckDBPyConnection, award: Json, words: _Words) -> list[str]:
    lots = _all(con, "SELECT * FROM award_lots WHERE award_key = ? ORDER BY seq", award["award_key"])
    rows = [
        (
            lot["lot_no"],
            lot["lot_name"],
            words.code("lot_state", lot["state"]),
            _yes(lot["counted"]),
            _money(lot["amount_yuan"]),
            words.code("amount_source", lot["amount_source"]),
            "、".join(lot["suppliers"]),
            lot["notice_key"],
        )
        for lot in lots
    ]
    head = ["lot", "name", "state", "counts", "amount", "price from", "suppliers", "notice"]
    lines = ["Lots", *("  " + line for line in table(head, rows).splitlines())]
    counted = [lot for lot in lots if lot["counted"] and lot["state"] == "won"]
    prices = [lot["amount_yuan"] for lot in counted if lot["amount_yuan"] is not None]
    if award["amount_yuan"] is not None and prices:
        lines.append(f"  amount = {' + '.join(f'{p:,.2f}' for p in prices)} = {award['amount_yuan']:,.2f} yuan")
    elif award["amount_yuan"] is not None:
        lines.append(f"  amount = {award['amount_yuan']:,.2f} yuan, published for all lots together")
    return lines


def _joined(con: duckdb.DuckDBPyConnection, award: Json, evidence: Json, words: _Words) -> list[str]:
    reasons = {x["notice_key"]: x["by"] for x in evidence.get("joined", [])}
    notices = _all(
        con,
        "SELECT notice_key, kind, published_on, title FROM notices "
        "WHERE is_latest AND list_contains(CAST(? AS VARCHAR[]), notice_key) ORDER BY published_on, notice_key",
        award["notice_keys"],
    )
    rows = [
        [
            notice["published_on"],
            words.code("kind", notice["kind"]),
            notice["notice_key"],
            reasons.get(notice["notice_key"], "the first result or candidates we had"),
            notice["title"],
        ]
        for notice in notices
    ]
    body = table(["published", "kind", "notice", "joined by", "title"], rows)
    return [f"Notices of this award ({len(notices)})", *("  " + line for line in body.splitlines())]


def _history(con: duckdb.DuckDBPyConnection, award_key: str, words: _Words) -> list[str]:
    rows = con.execute(
        """
        SELECT CAST(valid_from AS VARCHAR), coalesce(CAST(valid_to AS VARCHAR), 'now'), status, is_large_model,
            coalesce(format('{:,.2f}', CAST(amount_yuan AS DOUBLE)), '—'), len(notice_keys)
        FROM award_states WHERE award_key = ? ORDER BY valid_from
        """,
        [award_key],
    ).fetchall()
    body = table(
        ["from", "until", "status", "large model", "amount", "notices"],
        [(*r[:2], words.code("status", r[2]), _yes(r[3]), *r[4:]) for r in rows],
    )
    return ["As it was known", *("  " + line for line in body.splitlines())]


def _fields(notice: Json, evidence: Json, words: _Words) -> list[str]:
    lines = []
    for field in _FIELDS:
        lines.append(words.field(field, words.of_field(field, notice[field])))
        for word in evidence.get(field, []):
            lines.append(f"      read from: {printable(word)}")
        lines += [f"      rule: {rule}" for rule in words.rules.of(field, evidence.get(f"rule:{field}", []))]
    others = sorted(f for f in evidence if f.removeprefix("rule:") not in _FIELDS)
    return lines + [words.field(field, " | ".join(printable(w) for w in evidence[field])) for field in others]


def _notice_lots(con: duckdb.DuckDBPyConnection, key: str, version: int, words: _Words) -> list[str]:
    rows = con.execute(
        """
        SELECT l.lot_no, l.lot_name, l.amount_kind, l.amount_yuan, l.amount_text, l.is_large_model, l.failed,
            list({'supplier': w.supplier, 'role': w.role} ORDER BY w.seq) FILTER (w.supplier IS NOT NULL)
        FROM lots AS l
        LEFT JOIN winners AS w ON w.notice_key = l.notice_key AND w.version = l.version AND w.lot_seq = l.lot_seq
        WHERE l.notice_key = ? AND l.version = ?
        GROUP BY ALL ORDER BY min(l.lot_seq)
        """,
        [key, version],
    ).fetchall()
    if not rows:
        return []
    head = ["lot", "name", "amount kind", "yuan", "written", "large model", "failed", "suppliers"]
    body = table(
        head,
        [
            (
                *row[:2],
                words.code("amount_kind", row[2]),
                *row[3:5],
                *map(_yes, row[5:7]),
                "、".join(f"{won['supplier']} ({words.code('role', won['role'])})" for won in row[7] or ()),
            )
            for row in rows
        ],
    )
    return ["  lots", *("    " + line for line in body.splitlines())]


def _evidence(text: str | None) -> Json:
    value = orjson.loads(text) if text else {}
    return value if isinstance(value, dict) else {}


def _money(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:,.2f}"


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _one(con: duckdb.DuckDBPyConnection, sql: str, *args: Any) -> Json | None:
    return next(iter(_all(con, sql, *args)), None)


def _all(con: duckdb.DuckDBPyConnection, sql: str, *args: Any) -> list[Json]:
    return list(dict_rows(con.execute(sql, list(args))))
