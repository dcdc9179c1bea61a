"""The market over many portals: the same each time, spread as real projects are, its truth and its scores right."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.replica import capture
from tests.replica.market import market, restrict
from tests.replica.model import Market, Posting
from tests.replica.score_market import score_market
from tests.replica.sites import cmcc
from tests.replica.truth import award_of

pytestmark = pytest.mark.slow

MINE = ("ccgp", "ggzy", "cmcc", "gdgpo", "szggzy", "yichang")


@pytest.fixture(scope="module")
def made() -> Market:
    return restrict(market(seed=7, projects=260), MINE)


def test_the_same_seed_gives_the_same_market_and_capture_file_byte_by_byte(tmp_path: Path) -> None:
    files = []
    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        cmcc.content.cache_clear()
        capture.write(restrict(market(3, 60), MINE), tmp_path / name)
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]
    assert market(4, 60).postings != market(3, 60).postings


def test_a_capture_file_of_a_market_has_a_line_a_notice_in_the_form_of_its_portal(made: Market, tmp_path: Path) -> None:
    count = capture.write(made, tmp_path / "market.jsonl.gz")
    text = gzip.decompress((tmp_path / "market.jsonl.gz").read_bytes()).decode()
    lines = [json.loads(line) for line in text.split("\n") if line]
    assert count == len(lines) == len(made.all())
    assert [line["url"] for line in lines] == [posting.url for posting in made.all()]
    inside = {"cmcc": "noticeContent", "gdgpo": "content", "szggzy": "txt"}
    for line in lines:
        assert line["content_type"] == ("text/html" if line["portal"] in ("ccgp", "ggzy") else "application/json")
        if line["portal"] in inside:
            assert json.loads(line["body"])["data"][inside[line["portal"]]]
        elif line["portal"] == "yichang":
            assert json.loads(line["body"])["custom"]["infodata"][0]["infocontent"]


def test_projects_are_spread_as_real_ones_are() -> None:
    told = [posting for seed in range(4) for posting in market(seed, 250).all()]
    assert {p.number_style for p in told} == {"bare", "absent", "other", "prefixed", "width", "case", "brackets"}
    assert all((p.number == "") == (p.number_style == "absent") for p in told)
    assert all(len(re.match(r"\d+", p.number)[0]) == 21 for p in told if p.number_style == "prefixed")  # type: ignore[index]
    results = [p for p in told if p.event.what == "award"]
    priced = [p for p in results if any(lot.price.kind == "total" for lot in p.event.lots)]
    assert 0.5 < len(priced) / len(results) < 0.95
    assert not any(lot.price.kind == "total" for p in results if p.portal == "cmcc" for lot in p.event.lots)
    traits = Counter(p.project.traits[-1] for p in told)
    traps = "second_phase other_lot next_year year_later other_branch same_name"
    lives = "failed_then_won void candidate_only next_winner corrected_amount void_then_won"
    assert {*traps.split(), *lives.split()} <= set(traits)


def test_first_publications_are_on_any_portal_and_copies_come_within_the_month() -> None:
    first, gaps = Counter[str](), []
    for seed in range(4):
        results: dict[tuple[str, int], list[Posting]] = {}
        for posting in market(seed, 250).all():
            if posting.event.what == "award":
                results.setdefault((posting.project.key, posting.fact), []).append(posting)
        for copies in results.values():
            if len(copies) > 1:
                first[copies[0].portal] += 1
                gaps.append(copies[-1].at - copies[0].at)
    assert {"ccgp", "ggzy", "szggzy", "gdgpo", "yichang"} <= set(first)
    assert max(gaps) < timedelta(days=30)
    assert sum(gap < timedelta(days=1) for gap in gaps) > len(gaps) / 4
    assert sum(gap > timedelta(days=6) for gap in gaps) > len(gaps) / 50


def test_truth_is_over_all_portals(made: Market) -> None:
    told: dict[str, list[Posting]] = {}
    for posting in made.all():
        told.setdefault(posting.project.key, []).append(posting)
    helped = Counter[str]()
    for award in made.world.awards:
        copies = told[award.project]
        assert set(award.paths) == {posting.key for posting in copies}
        results = [p for p in copies if p.event.what == "award" and any(lot.won for lot in p.event.lots)]
        if not results:
            assert award.status == "candidate"
            continue
        assert award.awarded_on == min(p.at for p in results).date()
        if award.amount_yuan is not None:
            assert any(p.shows_amount for p in copies)
            alone = [award_of(one) for one in {p.portal: p.project for p in copies}.values()]
            helped["price"] += any(other and other.status == "awarded" and not other.disclosed for other in alone)
            helped["date"] += any(other and other.awarded_on != award.awarded_on for other in alone)
    assert min(helped["price"], helped["date"]) >= 3
    only = restrict(made, {"cmcc"})
    assert {posting.portal for posting in only.all()} == {"cmcc"}
    assert len(only.world.awards) < len(made.world.awards)


_SCHEMA = """
CREATE TABLE notices(notice_key TEXT, version INT, is_latest BOOL, url TEXT, kind TEXT, title TEXT, published_on DATE,
    project_number TEXT, buyer TEXT, body TEXT, evidence TEXT);
CREATE TABLE lots(notice_key TEXT, version INT, lot_no INT, amount_yuan DECIMAL(18,2), tax_included BOOL);
CREATE TABLE winners(notice_key TEXT, version INT, supplier TEXT, role TEXT, amount_yuan DECIMAL(18,2));
CREATE TABLE awards(notice_keys TEXT[], awarded_on DATE, status TEXT, amount_yuan DECIMAL(18,2), is_large_model BOOL,
    disclosed BOOL, amount_partial BOOL, suppliers TEXT[], buyer TEXT, province TEXT, sector TEXT, project_type TEXT,
    project_name TEXT, evidence TEXT);
CREATE VIEW monthly AS SELECT date_trunc('month', awarded_on)::DATE AS month, count(*) AS awards, sum(amount_yuan) AS amount_yuan
    FROM awards WHERE is_large_model AND status = 'awarded' GROUP BY 1;
"""


def _notice_rows(p: Posting) -> tuple[list[object], list[list[object]], list[list[object]]]:
    """The rows of `notices`, `lots` and `winners` that a reader without fault makes of a notice."""
    notice: list[object] = [
        p.key,
        1,
        True,
        p.url,
        p.event.kinds[0],
        p.title,
        p.at.date(),
        p.number or None,
        p.project.buyer.name,
        "",
        "",
    ]
    lots: list[list[object]] = []
    winners: list[list[object]] = []
    for lot in p.event.lots:
        if p.event.what == "award" and lot.won:
            lots.append([p.key, 1, lot.no, lot.price.yuan, None])
            winners += [[p.key, 1, w.name, "sole", None] for w in lot.winners]
        elif p.event.what == "candidate":
            known = p.shows_amount and lot.price.kind == "total"
            bids = [(w.name, w.quote) for w in lot.winners] + list(lot.losers)
            winners += [[p.key, 1, name, "candidate", bid if known else None] for name, bid in bids]
    return notice, lots, winners


def _publish(made: Market, path: Path, merge: bool = False) -> None:
    """A database as a reader without fault would publish it; with `merge` two projects are one award."""
    awards: list[list[object]] = [
        [
            list(a.paths),
            a.awarded_on,
            a.status,
            a.amount_yuan,
            a.large_model,
            a.disclosed,
            a.amount_partial,
            list(a.suppliers),
            a.buyer,
            a.province,
            a.sector,
            (a.project_types or (None,))[0],
            a.name,
            "",
        ]
        for a in made.world.awards
    ]
    if merge:
        awards[0][0] += awards.pop(1)[0]  # type: ignore[operator]
    rows = [_notice_rows(posting) for posting in made.all()]
    tables = {
        "notices": [notice for notice, _, _ in rows],
        "lots": [lot for _, lots, _ in rows for lot in lots],
        "winners": [winner for _, _, winners in rows for winner in winners],
        "awards": awards,
    }
    with duckdb.connect(str(path)) as con:
        con.execute(_SCHEMA + "BEGIN;")
        for name, values in tables.items():
            con.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(values[0]))})", values)
        con.execute("COMMIT")


@pytest.mark.long
def test_a_faultless_database_scores_full_marks_and_a_wrong_merge_is_seen(tmp_path: Path) -> None:
    made = restrict(market(11, 70), MINE)
    _publish(made, tmp_path / "good.duckdb")
    good = score_market(tmp_path / "good.duckdb", made)
    assert good.errors == []
    assert good.asked["award amount"] > 5
    _publish(made, tmp_path / "merged.duckdb", merge=True)
    bad = score_market(tmp_path / "merged.duckdb", made)
    assert bad.share("not merged wrongly") < 1
    assert any(line.startswith("not merged wrongly: ['M") for line in bad.errors)
