"""From markup to lines: tables in cells, cells over several rows, and what a page hides."""

from __future__ import annotations

import pytest

from pipelines.text.html_text import html_to_text, parse_html


def _text(html: str) -> str:
    root = parse_html(html)
    assert root is not None
    return html_to_text(root)


_HEADS = "<tr><td>包号</td><td>供应商名称</td><td>中标金额（元）</td></tr>"
_ROW = "<tr><td>1</td><td>甲岭软件有限公司</td><td>{}</td></tr>"
_LINES = "包号\t供应商名称\t中标金额（元）\n1\t甲岭软件有限公司\t{}"


@pytest.mark.parametrize(
    "inner",
    [
        "<table><tr><td>含税</td><td>106</td></tr><tr><td>税率</td><td>6%</td></tr></table>",
        "<table><tr><td>含税</td><td>税率</td></tr><tr><td>106</td><td>6%</td></tr></table>",
        "<table><tr><td>含税：</td><td>106</td></tr><tr><td>税率：</td><td>6%</td></tr></table>",
    ],
)
@pytest.mark.parametrize("cell_tags", [True, False])
def test_a_small_table_in_a_cell_is_part_of_its_text(inner: str, cell_tags: bool) -> None:
    row = _ROW.format(inner) if cell_tags else _ROW.replace("<td>{}</td>", inner)
    assert _text(f"<table>{_HEADS}{row}</table>") == _LINES.format("含税：106；税率：6%")


def test_a_table_that_is_there_for_the_layout_becomes_lines() -> None:
    inner = "<table><tr><td>中标供应商</td><td>甲岭软件有限公司</td></tr><tr><td>中标金额</td><td>100</td></tr></table>"
    lines = "中标供应商\t甲岭软件有限公司\n中标金额\t100"
    assert _text(f"<table><tr><td>{inner}</td></tr></table>") == lines
    assert _text(f"<table><tr><td>结果</td><td>{inner}</td></tr></table>") == f"结果\n{lines}"
    goods = "<table>" + "".join(f"<tr><td>{number}</td><td>服务器</td></tr>" for number in range(9)) + "</table>"
    assert "0\t服务器\n1\t服务器" in _text(f"<table><tr><td>一</td><td>二</td><td>{goods}</td></tr></table>")


@pytest.mark.parametrize(
    "row",
    [
        '<tr style="display:none"><td>2</td><td>乙川有限公司</td><td>990</td></tr>',
        '<tr style="DISPLAY : none;"><td>2</td><td>乙川有限公司</td><td>990</td></tr>',
        "<tr hidden><td>2</td><td>乙川有限公司</td><td>990</td></tr>",
        '<tr style="visibility:collapse"><td>2</td><td>乙川有限公司</td><td>990</td></tr>',
        '<tbody style="display:none"><tr><td>2</td><td>乙川有限公司</td><td>990</td></tr></tbody>',
    ],
)
def test_a_hidden_row_of_a_template_is_not_read(row: str) -> None:
    assert _text(f"<table>{_HEADS}{_ROW.format(100)}{row}</table>") == _LINES.format("100")


def test_a_hidden_block_is_read_because_it_may_be_behind_a_tab() -> None:
    assert _text('<div><div style="display:none"><p>供应商名称：甲岭软件有限公司</p></div></div>') == (
        "供应商名称：甲岭软件有限公司"
    )


def test_a_cell_over_several_rows_is_repeated_but_a_price_is_not() -> None:
    rows = (
        '<tr><td>1</td><td rowspan="2">甲岭软件有限公司</td><td rowspan="2">100万元</td></tr>'
        '<tr><td>2</td></tr><tr><td rowspan="0">3</td><td>乙川有限公司</td><td>5万元</td></tr>'
    )
    assert _text(f"<table>{_HEADS}{rows}</table>").split("\n")[1:] == [
        "1\t甲岭软件有限公司\t100万元",
        "2\t甲岭软件有限公司\t〃",
        "3\t乙川有限公司\t5万元",
    ]


def test_a_cell_over_rows_and_columns_moves_no_other_cell() -> None:
    rows = (
        '<tr><td rowspan="2" colspan="2">平台</td><td>100</td></tr><tr><td>200</td></tr>'
        "<tr><td>3</td><td>乙川有限公司</td><td>300</td></tr>"
    )
    assert _text(f"<table>{rows}</table>") == "平台\t\t100\n平台\t\t200\n3\t乙川有限公司\t300"


def test_text_around_elements_stays_in_its_place() -> None:
    markup = "甲<b hidden>乙</b>丙<br>丁<script>戊</script><span style='display:block'>己<i>庚</i></span>辛<p>壬</p>癸"
    assert _text(f"<div>{markup}</div>") == "甲丙\n丁\n己庚\n辛\n壬\n癸"
