"""Results as banks, insurers and the platforms of companies write them, each notice with what a careful person reads in it.

The invented notices are in ``finance/*.toml``. ``lots`` has one winner and price for each lot, or the candidates with
their quotes. An empty price is one that is no sum in yuan; ``false`` after a price says that it holds no tax.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.model import Lot, Notice, Page
from pipelines.process import read_notices

_FORMS = Path(__file__).parent / "finance"
_SEEN = datetime(2026, 4, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
_NOTICES = [
    pytest.param(notice, id=f"{path.stem}: {notice['id']}")
    for path in sorted(_FORMS.glob("*.toml"))
    for notice in tomllib.loads(path.read_text("utf-8"))["notice"]
]


def _read(notice: dict[str, Any]) -> Notice:
    content_type = "text/html" if "<" in notice["text"] else "text/plain"
    page = Page("unheard-of", "urn:finance", _SEEN, content_type, notice["text"], notice.get("title"))
    return read_notices(page)[0]


def _expected(lot: list[Any]) -> list[list[str]]:
    return lot if isinstance(lot[0], list) else [lot[:2]]


def _winners(lot: Lot, *, candidates: bool) -> list[list[str]]:
    prices = [winner.amount_yuan if candidates else lot.amount_yuan for winner in lot.winners]
    return [
        [winner.supplier, "" if price is None else f"{price:.2f}"]
        for winner, price in zip(lot.winners, prices, strict=True)
    ]


@pytest.mark.parametrize("notice", _NOTICES)
def test_a_notice_is_read_as_a_careful_person_reads_it(notice: dict[str, Any]) -> None:
    reading = _read(notice)
    won = [lot for lot in reading.lots if not lot.failed]
    assert reading.kind == notice["kind"]
    assert [_winners(lot, candidates=reading.kind == "candidate") for lot in won] == list(
        map(_expected, notice["lots"])
    )
    assert reading.project_number == notice.get("number")
    assert reading.buyer == notice.get("buyer")
    for lot, expected in zip(won, notice["lots"], strict=True):
        if expected[-1] is False:
            assert lot.tax_included is False
