"""What must hold for every page, whatever it says: how it is typed changes nothing that is read in it."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import opencc
import pytest

from pipelines.common.clock import SHANGHAI
from pipelines.model import Notice
from pipelines.process import read_notices
from pipelines.text.traditional import simplify
from tenders.portals import page_of
from tests.paths import ROOT
from tests.replica.flatten import flatten

# Reading its dictionary takes 10 ms, so each is opened once.
_SIMPLER, _TRADITIONAL = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
_SEEN = datetime(2026, 1, 1, tzinfo=SHANGHAI)
_PAGES = sorted((ROOT / "tests" / "golden" / "ccgp").glob("*.html"))
_WIDE = {code: chr(code + 0xFEE0) for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}


def _read(
    body: str, content_type: str = "text/plain", title: str | None = "某市数据局大模型平台采购项目公告"
) -> Notice:
    (notice,) = read_notices(page_of("ccgp", "https://www.ccgp.gov.cn/1.htm", _SEEN, content_type, body, title=title))
    return notice


def _facts(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind,
        "number": _plain(notice.project_number),
        "name": _plain(notice.project_name),
        "buyer": _plain(notice.buyer),
        "published_on": notice.published_on,
        "is_large_model": notice.is_large_model,
        "type": notice.project_type,
        "sector": notice.sector,
        "lots": [
            (lot.lot_no, lot.amount_yuan, lot.amount_kind, [(_plain(w.supplier), w.role) for w in lot.winners])
            for lot in notice.lots
        ],
    }


@cache
def _facts_as_typed(text: str) -> dict[str, Any]:
    """The facts of a golden page as it is, which three properties compare with."""
    return _facts(_read(text))


def _plain(name: str | None) -> str | None:
    """A name without what these properties allow to differ: the width and the traditional form of its characters."""
    return name and str(_SIMPLER.convert(unicodedata.normalize("NFKC", name)))


@pytest.fixture(params=_PAGES, ids=lambda path: path.stem)
def text(request: pytest.FixtureRequest) -> str:
    """The bare text of a golden page."""
    path: Path = request.param
    return flatten(path.read_text("utf-8"))


def test_reading_a_page_twice_gives_the_same(text: str) -> None:
    assert _read(text) == _read(text)


def test_full_width_digits_and_letters_change_nothing(text: str) -> None:
    assert _facts(_read(text.translate(_WIDE))) == _facts_as_typed(text)


def test_blanks_at_the_ends_of_lines_and_empty_lines_change_nothing(text: str) -> None:
    spaced = "\u3000" + "\u00a0\r\n\r\n  ".join(text.split("\n")) + " \n"
    assert _facts(_read(spaced)) == _facts_as_typed(text)


def test_traditional_characters_change_only_the_spelling_of_names(text: str) -> None:
    traditional = str(_TRADITIONAL.convert(text))
    assert traditional != text
    assert _facts(_read(traditional)) == _facts_as_typed(text)


def test_a_title_is_as_traditional_as_its_page() -> None:
    body = "採購人：青禾銀行股份有限公司\n中標人：甲岭科技有限公司\n中標金額：5萬元"
    assert _read(body, title="青禾銀行大模型訂閱結果公示").project_name == "青禾银行大模型订阅"


def test_a_page_with_a_traditional_name_is_left_as_it_is() -> None:
    body = "三、中标（成交）信息\n供应商名称：瀚雲科技有限公司\n中标（成交）金额：5万元"
    assert simplify(body) == body
    notice = _read(body, title="某项目中标公告")
    assert [w.supplier for lot in notice.lots for w in lot.winners] == ["瀚雲科技有限公司"]
