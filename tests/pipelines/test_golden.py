"""Golden pairs, one per template: a page and the fields a careful person reads in it. New pairs are found by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenders import portals
from tests.helpers.golden_pairs import load_pair, lot_facts, notice_facts, read_page
from tests.paths import ROOT
from tests.replica.flatten import flatten

_GOLDEN = ROOT / "tests" / "golden"
_PAIRS = sorted(_GOLDEN.rglob("*.expected.json"))


def _may_lie_anywhere(portal: portals.Portal) -> bool:
    """Return whether a page of the portal is proved by its title alone."""
    detail = portal.answers.detail
    return detail is not None and detail.title and not detail.container


def pair_name(pair: Path) -> str:
    """Return the name of a pair's tests, such as ``ccgp/award``: ``-k PORTAL`` runs those of one portal."""
    return f"{pair.parent.name}/{pair.name.removesuffix('.expected.json')}"


def test_every_portal_that_is_crawled_has_a_pair() -> None:
    assert {portal.name for portal in portals.all() if portal.crawl} <= {pair.parent.name for pair in _PAIRS}


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


_ASIDE = """<div class="aside"><h4>相关公告</h4><ul>
<li><a href="/jyxx/1.html">青山县第二医院CT采购项目中标结果公告</a> 2025-07-01</li>
<li><a href="/jyxx/2.html">青山县公路养护工程成交公告 成交供应商：青山路桥有限公司 成交金额：99万元</a></li></ul></div>"""
_UNKNOWN_PLACES = [portal.name for portal in portals.all() if _may_lie_anywhere(portal)]


@pytest.mark.parametrize("pair", [pair for pair in _PAIRS if pair.parent.name in _UNKNOWN_PLACES], ids=pair_name)
def test_a_notice_in_an_unknown_element_is_read_the_same(pair: Path) -> None:
    """Such portals prove a page by its title, so a crawl would not notice that the element of its notices changed."""
    expected, body, content_type = load_pair(pair)
    for name in portals.load(expected["portal"]).notice.containers:
        body = body.replace(f'"{name}', '"place-of-another-name')
    facts = {key: value for key, value in expected.items() if key not in ("portal", "lots_lost_in_text")}
    assert notice_facts(read_page(expected, body.replace("</body>", f"{_ASIDE}</body>"), content_type), facts) == facts
