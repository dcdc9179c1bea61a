"""Golden pairs, one per template: a page and the fields a careful person reads in it. New pairs are found by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.golden_pairs import load_pair, lot_facts, notice_facts, read_page
from tests.paths import ROOT
from tests.replica.flatten import flatten

_GOLDEN = ROOT / "tests" / "golden"
_PAIRS = sorted(_GOLDEN.rglob("*.expected.json"))


def pair_name(pair: Path) -> str:
    """Return the name of a pair's tests, such as ``ccgp/award``: ``-k PORTAL`` runs those of one portal."""
    return f"{pair.parent.name}/{pair.name.removesuffix('.expected.json')}"


@pytest.mark.parametrize("pair", _PAIRS, ids=pair_name)
def test_a_page_gives_the_fields_of_its_golden_pair(pair: Path) -> None:
    expected, body, content_type = load_pair(pair)
    facts = {key: value for key, value in expected.items() if key not in ("portal", "lots_lost_in_text")}
    assert notice_facts(read_page(expected, body, content_type), facts) == facts


@pytest.mark.parametrize("pair", _PAIRS, ids=pair_name)
def test_every_value_has_evidence_in_the_stored_text(pair: Path) -> None:
    expected, body, content_type = load_pair(pair)
    notice = read_page(expected, body, content_type)
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
    ids=pair_name,
)
def test_the_flattened_text_gives_the_same_fields_as_the_markup(pair: Path) -> None:
    """Names of packages may be lost if cells ran together, complete rows only in the pairs that allow it."""
    expected, body, _ = load_pair(pair)
    notice = read_page(expected, flatten(body), "text/plain", expected["title"])
    single = {k: v for k, v in expected.items() if k not in ("lots", "lots_lost_in_text")}
    assert notice_facts(notice, single) == single
    if not expected.get("lots_lost_in_text"):
        assert [lot_facts(lot) | {"lot_name": None} for lot in notice.lots] == [
            lot | {"lot_name": None} for lot in expected["lots"]
        ]
