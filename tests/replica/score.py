"""`python -m tests.replica.score DATA_DIR --seed 1 --projects 200` compares a published database with the truth."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from tests.replica.demo import demo_world
from tests.replica.forms.common import own_number
from tests.replica.market import market, restrict
from tests.replica.model import AwardTruth, NoticeTruth, World
from tests.replica.score_market import score_market
from tests.replica.tally import Score, find_contacts, simplify
from tests.replica.world import world


def _url_path(url: str) -> str:
    return urlsplit(url).path


class Published:
    """The columns of the public tables that are compared."""

    def __init__(self, database: Path) -> None:
        with duckdb.connect(str(database), read_only=True) as con:
            notices = con.sql(
                "SELECT notice_key, url, kind, title, published_on, project_number, project_name, buyer, agency, province, "
                "is_large_model, project_type, sector FROM notices WHERE is_latest"
            )
            names = notices.columns
            self.notices = {_url_path(row[1]): dict(zip(names, row, strict=True)) for row in notices.fetchall()}
            self.keys = {notice["notice_key"]: path for path, notice in self.notices.items()}
            awards = con.sql("SELECT * FROM awards")
            names = awards.columns
            self.awards = [dict(zip(names, row, strict=True)) for row in awards.fetchall()]
            self.winners: dict[str, list[tuple[int, str]]] = {}
            for key, lot, name in con.sql(
                "SELECT w.notice_key, w.lot_no, w.supplier FROM winners w JOIN notices n USING (notice_key, version) "
                "WHERE n.is_latest ORDER BY w.notice_key, w.lot_no, w.position"
            ).fetchall():
                self.winners.setdefault(key, []).append((lot, name))
            self.lots: dict[str, list[Decimal]] = {}
            for key, amount in con.sql(
                "SELECT l.notice_key, l.amount_yuan FROM lots l JOIN notices n USING (notice_key, version) WHERE n.is_latest"
            ).fetchall():
                self.lots.setdefault(key, [])
                if amount is not None:
                    self.lots[key].append(amount)
            months = con.sql("SELECT month, awards, amount_yuan FROM monthly").fetchall()
            self.monthly = {f"{month:%Y-%m}": (count, amount) for month, count, amount in months}
            self.private = find_contacts(con)


def score_world(database: Path, made: World, channels: frozenset[str] | None = None) -> Score:
    """Compare a database with a world.

    `channels` limits the truth to the crawled channels. The default is all channels.
    """
    published, out = Published(database), Score()
    notices = [n for n in made.notices() if channels is None or n.path.split("/")[3] in channels]
    for notice in notices:
        _score_notice(out, notice, published)
    wanted = {n.path for n in notices}
    of_path = {n.path: n.project for n in notices}
    for truth in made.awards:
        if not truth.large_model:
            _score_award(out, truth, published, "ordinary ")
            continue
        if wanted.intersection(truth.paths):
            _score_award(out, truth, published, "")
    _score_merges(out, published, of_path)
    _score_extra_awards(out, made, published, of_path)
    _score_months(out, made, published)
    out.note(
        "no contact stored",
        not published.private,
        f"{len(published.private)} places, such as {Counter(published.private).most_common(3)}",
    )
    return out


def _score_notice(out: Score, truth: NoticeTruth, published: Published) -> None:
    label = f"{truth.form} {truth.path} {truth.title[:40]}"
    notice = published.notices.get(truth.path)
    if not out.note("notice stored", notice is not None, label) or notice is None:
        return
    out.note("kind", notice["kind"] in truth.kinds, f"{notice['kind']} for {truth.kinds[0]} | {label}")
    for name, expected in (
        ("title", truth.title),
        ("published_on", truth.published.date()),
        ("project_number", truth.number),
        ("buyer", truth.buyer),
        ("agency", truth.agency),
        ("province", truth.province),
    ):
        same = simplify(notice[name]) == simplify(expected)
        if name == "project_number" and not same:  # a later notice may omit the portal's prefix
            same = simplify(notice[name]) == simplify(own_number(truth.number))
        out.note(f"notice {name}", same, f"{notice[name]!r} for {expected!r} | {label}")
    if truth.kinds[0] != "award":
        return
    names = sorted({w.name for lot in truth.lots for w in lot.winners if lot.won})
    suppliers = sorted({name for _, name in published.winners.get(notice["notice_key"], [])})
    out.note("award notice suppliers", names == suppliers, f"{suppliers} for {names} | {label}")
    sums = sorted(lot.price.yuan for lot in truth.lots if lot.won and lot.price.yuan is not None)
    amounts = sorted(published.lots.get(notice["notice_key"], []))
    out.note(
        "award notice amounts", sums == amounts, f"{[str(s) for s in amounts]} for {[str(s) for s in sums]} | {label}"
    )


def _score_award(out: Score, truth: AwardTruth, published: Published, prefix: str) -> None:
    label = f"{truth.project} {truth.name[:36]} [{' '.join(truth.traits)}] {truth.paths[-1]}"
    paths = set(truth.paths)
    rows_of = [
        a for a in published.awards if paths.intersection(published.keys.get(key, "") for key in a["notice_keys"])
    ]
    matching = [a for a in rows_of if a["status"] == truth.status]
    if not out.note(
        f"{prefix}award found", bool(matching), f"{[a['status'] for a in rows_of]} for {truth.status} | {label}"
    ):
        return
    out.note(f"{prefix}award once", len(rows_of) == 1, f"{len(rows_of)} rows | {label}")
    award = matching[0]
    day = award["awarded_on"]
    out.note(f"{prefix}award date", day == truth.awarded_on, f"{day} for {truth.awarded_on} | {label}")
    if not prefix:
        out.note("is_large_model", bool(award["is_large_model"]), f"false | {label}")
    if truth.status == "void":
        return
    amount = award["amount_yuan"]
    out.note(f"{prefix}award amount", amount == truth.amount_yuan, f"{amount} for {truth.amount_yuan} | {label}")
    if prefix:
        return
    out.note("award disclosed", award["disclosed"] == truth.disclosed, f"{award['disclosed']} | {label}")
    partial = bool(award["amount_partial"])
    out.note("award amount_partial", partial == truth.amount_partial, f"{partial} | {label}")
    same = sorted(award["suppliers"] or []) == sorted(truth.suppliers)
    out.note("award suppliers", same, f"{award['suppliers']} for {list(truth.suppliers)} | {label}")
    out.note(
        "award buyer",
        simplify(award["buyer"]) == simplify(truth.buyer),
        f"{award['buyer']} for {truth.buyer} | {label}",
    )
    out.note(
        "award province", award["province"] == truth.province, f"{award['province']} for {truth.province} | {label}"
    )
    sector, kind = award["sector"], award["project_type"]
    out.note("award sector", sector == truth.sector, f"{sector} for {truth.sector} ({truth.buyer}) | {label}")
    out.note("award project_type", kind in truth.project_types, f"{kind} for {'/'.join(truth.project_types)} | {label}")


def _score_merges(out: Score, published: Published, of_path: dict[str, str]) -> None:
    for award in published.awards:
        projects = {of_path[published.keys[key]] for key in award["notice_keys"] if published.keys.get(key) in of_path}
        out.note("not merged wrongly", len(projects) <= 1, f"{sorted(projects)} in one award | {award['project_name']}")


def _score_extra_awards(out: Score, made: World, published: Published, of_path: dict[str, str]) -> None:
    """Count awards that should not be counted, because nobody won or they are not about large models."""
    truth_of = {truth.project: truth for truth in made.awards}
    for award in published.awards:
        projects = {of_path[published.keys[key]] for key in award["notice_keys"] if published.keys.get(key) in of_path}
        for project in projects:
            truth = truth_of.get(project)
            label = f"{award['project_name']} {award['status']} | {award['evidence']}"[:260]
            out.note("an award, not a failure", truth is not None, label)
            if truth is not None and not truth.large_model:
                out.note("ordinary stays ordinary", not award["is_large_model"], label)


def _score_months(out: Score, made: World, published: Published) -> None:
    for month, awards in made.by_month().items():
        expected = (len(awards), sum((a.amount_yuan or Decimal(0) for a in awards), Decimal(0)))
        counted = published.monthly.get(month, (0, None))
        out.note("month's awards", counted[0] == expected[0], f"{month}: {counted[0]} for {expected[0]}")
        out.note(
            "month's amount", (counted[1] or Decimal(0)) == expected[1], f"{month}: {counted[1]} for {expected[1]}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.replica.score", description=__doc__)
    parser.add_argument("data", type=Path, help="the data folder, or the database itself")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--projects", type=int, default=200)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--channels", help="only these channels, by comma: the crawled ones")
    parser.add_argument("--market", action="store_true", help="a world over many portals")
    parser.add_argument("--portals", help="only these portals of the market, by comma: the crawled ones")
    parser.add_argument(
        "--since", type=date.fromisoformat, default=date.min, help="only what the market published from this day"
    )
    parser.add_argument("--until", type=date.fromisoformat, default=date.max, help="and to this day")
    parser.add_argument("--limit", type=int, default=10_000, help="how many errors to print")
    args = parser.parse_args()
    database = args.data / "tenders.duckdb" if args.data.is_dir() else args.data
    if args.market:
        portals = args.portals.split(",") if args.portals else None
        result = score_market(database, restrict(market(args.seed, args.projects), portals, args.since, args.until))
    else:
        made = demo_world() if args.demo else world(args.seed, args.projects)
        result = score_world(database, made, frozenset(args.channels.split(",")) if args.channels else None)
    print("\n".join(result.errors[: args.limit]))
    print(result.table())
    sys.exit(1 if result.errors else 0)


if __name__ == "__main__":
    main()
