"""Compares a published database with the truth of a market, for `python -m tests.replica.score --market`."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.replica.forms.common import own_number
from tests.replica.model import AwardTruth, Market, Posting
from tests.replica.sites import szggzy
from tests.replica.tally import Score, find_contacts, simplify

Row = dict[str, Any]


class Published:
    """The public tables, with notices by key and by address."""

    def __init__(self, database: Path) -> None:
        with duckdb.connect(str(database), read_only=True) as con:
            self.notices = self._rows(con, "SELECT * EXCLUDE (body, evidence) FROM notices WHERE is_latest")
            self.awards = self._rows(con, "SELECT * EXCLUDE (evidence) FROM awards")
            latest = "JOIN notices n USING (notice_key, version) WHERE n.is_latest"
            self.winners = self._rows(
                con, f"SELECT w.notice_key, w.supplier, w.role, w.amount_yuan FROM winners w {latest}"
            )
            self.lots = self._rows(con, f"SELECT l.notice_key, l.amount_yuan, l.tax_included FROM lots l {latest}")
            months = con.sql("SELECT month, awards, amount_yuan FROM monthly").fetchall()
            self.monthly = {f"{month:%Y-%m}": (count, amount) for month, count, amount in months}
            self.private = find_contacts(con)
        self.by_key = {row["notice_key"]: row for row in self.notices}
        self.by_url = {row["url"]: row for row in self.notices}

    @staticmethod
    def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
        result = con.sql(query)
        return [dict(zip(result.columns, row, strict=True)) for row in result.fetchall()]

    def notice(self, posting: Posting) -> Row | None:
        return self.by_key.get(posting.key) or self.by_url.get(posting.url)


def score_market(database: Path, made: Market) -> Score:
    """Compare a database with a market: notice by notice, award by award, month by month."""
    published, out = Published(database), Score()
    keys: dict[str, list[str]] = {}
    for posting in made.all():
        row = published.notice(posting)
        if row is not None:
            keys.setdefault(posting.project.key, []).append(row["notice_key"])
        _score_notice(out, posting, row, published)
    project_of = {key: project for project, own in keys.items() for key in own}
    portals: dict[str, set[str]] = {}
    for posting in made.all():
        portals.setdefault(posting.project.key, set()).add(posting.portal)
    rows_of: dict[str, list[Row]] = {}
    for award in published.awards:
        projects = {project_of[key] for key in award["notice_keys"] if key in project_of}
        for project in projects:
            rows_of.setdefault(project, []).append(award)
        out.note("not merged wrongly", len(projects) <= 1, f"{sorted(projects)} in one award | {award['project_name']}")
    for truth in made.world.awards:
        label = f"{truth.project} {truth.name[:40]} [{' '.join(truth.traits)}] on {'+'.join(sorted(portals[truth.project]))}"
        _score_award(out, truth, rows_of.get(truth.project, []), label)
    _score_extra_awards(out, made, rows_of)
    _score_months(out, made, published)
    out.note(
        "no contact stored",
        not published.private,
        f"{len(published.private)} places, such as {Counter(published.private).most_common(3)}",
    )
    return out


def _score_notice(out: Score, posting: Posting, row: Row | None, published: Published) -> None:
    label = f"{posting.form} {posting.event.what} {posting.key} {posting.title[:44]}"
    portal, project, event = posting.portal, posting.project, posting.event
    if not out.note(f"{portal} notice present", row is not None, label) or row is None:
        return
    out.note(f"{portal} kind", row["kind"] in event.kinds, f"{row['kind']} for {event.kinds[0]} | {label}")
    out.note(f"{portal} title", simplify(row["title"]) == simplify(posting.title), f"{row['title']} | {label}")
    out.note(
        f"{portal} date",
        row["published_on"] == posting.at.date(),
        f"{row['published_on']} for {posting.at.date()} | {label}",
    )
    if event.what != "opinion":  # a call for opinions does not belong to a project yet
        out.note(
            f"{portal} buyer",
            simplify(row["buyer"]) == simplify(project.buyer.name),
            f"{row['buyer']} for {project.buyer.name} | {label}",
        )
    if posting.number and posting.form != "table":  # the table form has its number only on the outer page
        allowed = {simplify(posting.number), simplify(own_number(posting.number))}
        allowed |= {szggzy.code(posting).lower()} if portal == "szggzy" else set()
        out.note(
            f"{portal} number",
            simplify(row["project_number"]) in allowed,
            f"{row['project_number']} for {posting.number} | {label}",
        )
    if event.what == "award":
        names = sorted({winner.name for lot in event.lots for winner in lot.winners if lot.won})
        suppliers = sorted({w["supplier"] for w in published.winners if w["notice_key"] == row["notice_key"]})
        out.note(f"{portal} suppliers", names == suppliers, f"{suppliers} for {names} | {label}")
        sums = sorted(lot.price.yuan for lot in event.lots if lot.won and lot.price.yuan is not None)
        amounts = sorted(
            one["amount_yuan"]
            for one in published.lots
            if one["notice_key"] == row["notice_key"] and one["amount_yuan"] is not None
        )
        out.note(
            f"{portal} amounts", sums == amounts, f"{[str(s) for s in amounts]} for {[str(s) for s in sums]} | {label}"
        )
    elif event.what == "candidate":
        members = {w.name for lot in event.lots for w in lot.winners if w.role == "consortium_member"}
        bids = sorted((name, bid) for lot in event.lots for name, bid in _expected_bids(posting, lot))
        names = {w["supplier"] for w in published.winners if w["notice_key"] == row["notice_key"]}
        out.note(
            f"{portal} candidates",
            {n for n, _ in bids} | members == names,
            f"{sorted(names)} for {[n for n, _ in bids]} | {label}",
        )
        stored_bids = [
            (w["supplier"], w["amount_yuan"] or Decimal(0))
            for w in published.winners
            if w["notice_key"] == row["notice_key"]
        ]
        stored_quotes = sorted((name, bid) for name, bid in stored_bids if name not in members)
        out.note(
            f"{portal} quotes",
            bids == stored_quotes,
            f"{[(n, str(q)) for n, q in stored_quotes]} for {[(n, str(q)) for n, q in bids]} | {label}",
        )


def _expected_bids(posting: Posting, lot: Any) -> list[tuple[str, Decimal]]:
    """Return each candidate with its bid, 0 if none is printed. A consortium counts as its lead."""
    is_shown = posting.shows_amount and lot.price.kind == "total"
    own = [(w.name, w.quote or Decimal(0)) for w in lot.winners if w.role != "consortium_member"]
    return [(name, bid if is_shown else Decimal(0)) for name, bid in (*own, *lot.losers)]


def _score_award(out: Score, truth: AwardTruth, rows: list[Row], label: str) -> None:
    prefix = "" if truth.large_model else "ordinary "
    matching = sorted((row for row in rows if row["status"] == truth.status), key=lambda row: -len(row["notice_keys"]))
    if not out.note(
        f"{prefix}award found", bool(matching), f"{[row['status'] for row in rows]} for {truth.status} | {label}"
    ):
        return
    out.note(f"{prefix}award once", len(rows) == 1, f"{len(rows)} rows | {label}")
    award = matching[0]
    amount = award["amount_yuan"]
    if truth.status != "candidate":
        out.note(
            f"{prefix}award date",
            award["awarded_on"] == truth.awarded_on,
            f"{award['awarded_on']} for {truth.awarded_on} | {label}",
        )
    if truth.status == "awarded":
        out.note(f"{prefix}award amount", amount == truth.amount_yuan, f"{amount} for {truth.amount_yuan} | {label}")
    if prefix:
        return
    counted = sum(bool(row["is_large_model"]) and row["status"] == "awarded" for row in rows)
    out.note("counted once", counted == (truth.status == "awarded"), f"{counted} times, {truth.status} | {label}")
    if truth.status == "awarded":
        out.note("award disclosed", award["disclosed"] == truth.disclosed, f"{award['disclosed']} | {label}")
        out.note(
            "award amount_partial",
            bool(award["amount_partial"]) == truth.amount_partial,
            f"{award['amount_partial']} | {label}",
        )
    if truth.status != "void":
        same = sorted(award["suppliers"] or []) == sorted(truth.suppliers)
        out.note("award suppliers", same, f"{award['suppliers']} for {list(truth.suppliers)} | {label}")
    out.note(
        "award buyer",
        simplify(award["buyer"]) == simplify(truth.buyer),
        f"{award['buyer']} for {truth.buyer} | {label}",
    )
    out.note(
        "award province",
        award["province"] == truth.province,
        f"{award['province']} for {truth.province} ({truth.buyer}) | {label}",
    )
    out.note(
        "award sector",
        award["sector"] == truth.sector,
        f"{award['sector']} for {truth.sector} ({truth.buyer}) | {label}",
    )
    kind = award["project_type"]
    out.note("award project_type", kind in truth.project_types, f"{kind} for {'/'.join(truth.project_types)} | {label}")


def _score_extra_awards(out: Score, made: Market, rows_of: dict[str, list[Row]]) -> None:
    """Count awards that should not exist, because nobody won or they are not about large models."""
    truth_of = {truth.project: truth for truth in made.world.awards}
    for project, rows in sorted(rows_of.items()):
        truth = truth_of.get(project)
        label = f"{project} {rows[0]['project_name']} {rows[0]['status']}"
        out.note("an award, not a failure", truth is not None, label)
        if truth is not None and not truth.large_model:
            out.note("ordinary stays ordinary", not any(row["is_large_model"] for row in rows), label)


def _score_months(out: Score, made: Market, published: Published) -> None:
    for month, awards in made.world.by_month().items():
        expected = (len(awards), sum((a.amount_yuan or Decimal(0) for a in awards), Decimal(0)))
        counted = published.monthly.get(month, (0, None))
        out.note("month's awards", counted[0] == expected[0], f"{month}: {counted[0]} for {expected[0]}")
        out.note(
            "month's amount", (counted[1] or Decimal(0)) == expected[1], f"{month}: {counted[1]} for {expected[1]}"
        )
