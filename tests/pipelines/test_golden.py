"""Golden pairs, one per template: a page and the fields a careful person reads in it. New pairs are found by name."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.model import Lot, Notice
from pipelines.process import read_notices
from tenders.portals import page_of
from tests.paths import ROOT
from tests.replica.flatten import flatten

_GOLDEN = ROOT / "tests" / "golden"
_SEEN = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
_PAIRS = sorted(_GOLDEN.rglob("*.expected.json"))


def _read_page(expected: dict[str, Any], body: str, content_type: str, title: str | None = None) -> Notice:
    page = page_of(expected.get("portal", "ccgp"), expected["url"], _SEEN, content_type, body, title=title)
    (notice,) = read_notices(page)
    return notice


def _lot_facts(lot: Lot) -> dict[str, Any]:
    return {
        "lot_no": lot.lot_no,
        "lot_name": lot.lot_name,
        "amount_yuan": None if lot.amount_yuan is None else str(lot.amount_yuan),
        "amount_kind": lot.amount_kind,
        "failed": lot.failed,
        "numbered": lot.numbered,
        "winners": [[w.supplier, w.role, *([str(w.share_pct)] if w.share_pct else [])] for w in lot.winners],
    }


def _notice_facts(notice: Notice, expected: dict[str, Any]) -> dict[str, Any]:
    facts = asdict(notice) | {
        "published_on": str(notice.published_on),
        "lots": [_lot_facts(lot) for lot in notice.lots],
    }
    return {key: facts[key] for key in expected if key in facts}


def _load_pair(pair: Path) -> tuple[dict[str, Any], str, str]:
    name = pair.name.removesuffix(".expected.json")
    page = next(path for path in (pair.with_name(f"{name}.html"), pair.with_name(f"{name}.json")) if path.exists())
    return json.loads(pair.read_text()), page.read_text(), "text/html" if page.suffix == ".html" else "application/json"


@pytest.mark.parametrize("pair", _PAIRS, ids=lambda pair: pair.name.removesuffix(".expected.json"))
def test_a_page_gives_the_fields_of_its_golden_pair(pair: Path) -> None:
    expected, body, content_type = _load_pair(pair)
    facts = {key: value for key, value in expected.items() if key not in ("portal", "lots_lost_in_text")}
    assert _notice_facts(_read_page(expected, body, content_type), facts) == facts


@pytest.mark.parametrize("pair", _PAIRS, ids=lambda pair: pair.name.removesuffix(".expected.json"))
def test_every_value_has_evidence_in_the_stored_text(pair: Path) -> None:
    expected, body, content_type = _load_pair(pair)
    notice = _read_page(expected, body, content_type)
    text = f"{notice.body}\n{notice.title}"
    for field, words in notice.evidence.items():
        if not field.startswith("rule:"):
            assert words
            assert all(word in text for word in words), field
    if any(lot.amount_yuan is not None for lot in notice.lots):
        assert notice.evidence["amount_yuan"]
    if any(lot.winners for lot in notice.lots):
        assert notice.evidence["supplier"]


@pytest.mark.parametrize(
    "pair",
    [pair for pair in _PAIRS if pair.parent.name == "ccgp"],
    ids=lambda pair: pair.name.removesuffix(".expected.json"),
)
def test_the_flattened_text_gives_the_same_fields_as_the_markup(pair: Path) -> None:
    """Names of packages may be lost if cells ran together, complete rows only in the pairs that allow it."""
    expected, body, _ = _load_pair(pair)
    notice = _read_page(expected, flatten(body), "text/plain", expected["title"])
    single = {k: v for k, v in expected.items() if k not in ("lots", "lots_lost_in_text")}
    assert _notice_facts(notice, single) == single
    if not expected.get("lots_lost_in_text"):
        assert [_lot_facts(lot) | {"lot_name": None} for lot in notice.lots] == [
            lot | {"lot_name": None} for lot in expected["lots"]
        ]
