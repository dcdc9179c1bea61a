"""The charts as files: what is on them, that they need no style sheet, and that PNG files have Chinese characters."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

import pytest
from lxml import etree

from analysis.reports.charts import png
from analysis.reports.charts.pictures import pictures
from analysis.reports.charts.text_widths import shortened, width_of, wrapped
from tests.helpers.market import Market
from tests.helpers.report_world import contents

pytestmark = pytest.mark.slow

_NAMES = ["awards", "amount", "types-by-awards", "types-by-amount", "sectors", "vendors", "provinces"]


@pytest.fixture(scope="module")
def drawn(market: Market) -> dict[str, str]:
    return {picture.name: picture.svg for picture in pictures(contents(market))}


@pytest.fixture
def without_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(png, "FONTS", ("No such font", "Nor this one"))
    png.chinese_font.cache_clear()
    yield
    png.chinese_font.cache_clear()


def texts(svg: str) -> list[str]:
    return [text.text or "" for text in etree.fromstring(svg).iter("{*}text")]


@pytest.mark.long
def test_every_chart_is_a_file_with_title_and_source(drawn: dict[str, str]) -> None:
    assert list(drawn) == _NAMES
    for svg in drawn.values():
        words = texts(svg)
        assert words[0].startswith("大模型中标项目")
        assert any(re.search("资料来源：.*市场口径.*数据截至 2025-08-21；覆盖完整。", text) for text in words)
        assert not any("虚构" in text for text in words)


def test_a_file_needs_no_style_sheet_and_leads_nowhere(drawn: dict[str, str]) -> None:
    for svg in drawn.values():
        root = etree.fromstring(svg)
        assert {etree.QName(element).namespace for element in root.iter()} == {"http://www.w3.org/2000/svg"}
        assert not re.search(r"var\(|class=|href|<style", svg)
        for shape in root.iter("{*}rect", "{*}text"):
            assert re.fullmatch("#[0-9a-f]{3,6}|none", shape.get("fill", "")), etree.tostring(shape)
        assert root.find("{*}rect").get("fill") == "#fff"  # type: ignore[union-attr]  # the ground


def test_the_figures_are_those_of_the_database(market: Market, drawn: dict[str, str]) -> None:
    month = market.rows("SELECT * FROM monthly WHERE month = DATE '2025-07-01'")[0]
    assert f"{month['awards']}（同比 +{month['awards_yoy_pct']:,}%）" in texts(drawn["awards"])
    assert f"{month['amount_yi']:,.2f}（同比 +{month['amount_yoy_pct']:,}%）" in texts(drawn["amount"])
    for sector in market.rows("SELECT * FROM monthly_by_sector WHERE month = DATE '2025-07-01'"):
        words = texts(drawn["sectors"])
        assert f"{sector['awards']}（{sector['awards_share_pct']}%）" in words
        assert f"{sector['amount_yi']:.2f}（{sector['amount_share_pct']}%）" in words
    assert "2025 年 7 月，前 10 位（共 14 个省份）" in texts(drawn["provinces"])


def test_a_month_that_is_not_on_the_curve_and_made_up_data_are_mentioned(market: Market) -> None:
    for picture in pictures(contents(market, made_up=True), "en"):
        words = " ".join(texts(picture.svg))
        assert "Demo: projects and sums are made up" in words
        assert ("never collected" in words) == (picture.name in ("awards", "amount"))
        assert "market: large-model projects with a result that stands" in words


def test_a_period_without_any_award_has_no_picture(market: Market) -> None:
    assert pictures(contents(market, "2031-05")) == []


def test_a_png_file_is_sharp_and_says_how_large_it_is_on_paper(drawn: dict[str, str]) -> None:
    image = png.png(drawn["vendors"])
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", image[16:20]) == (2400,)
    density = struct.unpack(">I", image[image.index(b"pHYs") + 4 :][:4])[0]
    assert 0.158 < 2400 / density < 0.16  # metres: the text of an A4 page


@pytest.mark.usefixtures("without_fonts")
def test_without_a_chinese_font_it_says_what_to_install(drawn: dict[str, str]) -> None:
    with pytest.raises(png.NoChineseFontError, match="fonts-noto-cjk"):
        png.png(drawn["vendors"])


def test_texts_are_broken_and_cut_to_their_room() -> None:
    assert width_of("大模型", 10) == 30
    assert wrapped("资料来源：公告；数据截至", 60, 10) == ["资料来源：公", "告；数据截至"]
    assert wrapped("截至今天；完整", 40, 10) == ["截至今", "天；完整"]
    assert wrapped("one two three", 45, 10) == ["one two", "three"]
    assert shortened("某某科技有限公司", 50, 10) == "某某科技…"
    assert shortened("某公司", 50, 10) == "某公司"
