"""Tables whose cell borders were lost. The forms are those of real portals; names and sums are invented."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from pipelines.extract.layouts.borderless_tables import read_borderless_tables

pytestmark = pytest.mark.slow

_SUM_BEHIND = "序号供应商名称供应商地址中标金额(元)得分"
_PACKAGES = "序号包号中标成交供应商名称中标成交供应商地址中标成交金额(万元)"
_REMARKS = "序号标项名称中标供应商名称中标供应商地址评审总得分中标（成交金额）备注"
_SUM_FIRST = "序号中标金额(元)中标供应商名称中标供应商地址"
_MIXED = "标包中标供应商名称地址中标金额(元)"

Row = tuple[str, str | None, str]


# Names of packages that the notices' tables of goods repeat.
_NAMES = ("公文系统", "单位知识库", "职工体检", "软件")


def _read_rows(text: str, total: str | None = None) -> list[Row]:
    entries = read_borderless_tables(text, _NAMES, "", Decimal(total) if total else None)
    return [
        (entry.supplier, str(entry.amount.yuan) if entry.amount.yuan is not None else None, entry.amount.kind)
        for entry in entries
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "total", "rows"),
    [
        pytest.param(
            f"{_SUM_FIRST}1报价：详见附件西宁甲乙餐饮管理有限公司西宁市迎宾路7号",
            None,
            [("西宁甲乙餐饮管理有限公司", None, "undisclosed")],
            id="a pointer ends at the supplier",
        ),
        pytest.param(
            f"{_SUM_FIRST}1950000西宁甲乙设备有限公司西宁市文教路203号2959196西宁丙丁器械有限公司西宁市医药园5栋2单元",
            "1909196",
            [("西宁甲乙设备有限公司", "950000.00", "total"), ("西宁丙丁器械有限公司", "959196.00", "total")],
            id="203号 is an address, 2 and 959196 a row",
        ),
        pytest.param(
            f"{_PACKAGES}101包 公文系统甲乙科技有限公司北京市东路1号院9号楼81.980372"
            "202包 单位知识库丙丁科技有限公司北京市十街10号79",
            "1609803.72",
            [("甲乙科技有限公司", "819803.72", "total"), ("丙丁科技有限公司", "790000.00", "total")],
            id="the next package's name may begin like a word of an address",
        ),
        pytest.param(
            f"{_PACKAGES}101包 职工体检甲乙科技有限公司北京市东路31号8.0%202包 软件丙丁科技有限公司北京市园区3栋34",
            "340000",
            [("甲乙科技有限公司", None, "rate"), ("丙丁科技有限公司", "340000.00", "total")],
            id="one package has a rate, the next a sum",
        ),
        pytest.param(
            f"{_MIXED}1包 等保测评（一）甲乙保安服务有限公司烟台市路66号47.00元/平方米·月2包 等保测评（二）"
            "丙丁物业服务有限公司、戊己技术有限公司（联合体）烟台市大街120号1-3层80000.00",
            "80000",
            [
                ("甲乙保安服务有限公司", None, "unit_price"),
                ("丙丁物业服务有限公司、戊己技术有限公司（联合体）", "80000.00", "total"),
            ],
            id="a unit price, then a consortium's sum",
        ),
        pytest.param(
            f"{_REMARKS}1演播室（一）甲乙网络工程有限公司上海市长江路18-22号91.741236000.00元无"
            "2AIGC工具（二）丙丁科技有限公司上海市园区B座94.19196900.00元无",
            None,
            [("甲乙网络工程有限公司", "1236000.00", "total"), ("丙丁科技有限公司", "196900.00", "total")],
            id="a stroke in an address and a remark are no amounts",
        ),
        pytest.param(
            f"{_SUM_BEHIND}1中国甲乙通信有限公司北京市分公司、丙丁电信股份有限公司北京分公司北京市中路99号大楼12层1150.00元/千tokens94.19",
            None,
            [("中国甲乙通信有限公司北京市分公司、丙丁电信股份有限公司北京分公司", None, "unit_price")],
            id="branches belong to the name, tokens to the unit",
        ),
        pytest.param(
            "序号中标成交供应商名称中标成交供应商地址中标成交金额(万元)1北京甲乙科技股份有限公司北京市路8号9号楼3层2区318108.0899",
            "1080900",
            [("北京甲乙科技股份有限公司", "1080899.00", "total")],
            id="a room number stuck to the sum that the page's total confirms",
        ),
    ],
)
def test_rows_are_separated(text: str, total: str | None, rows: list[Row]) -> None:
    assert _read_rows(text, total) == rows


def test_a_room_number_is_kept_if_the_page_has_no_total() -> None:
    text = "序号中标成交供应商名称中标成交供应商地址中标成交金额(万元)1北京甲乙科技股份有限公司北京市路8号318108.0899"
    assert [amount for _, amount, _ in _read_rows(text)] != ["1080899.00"]


def test_a_package_keeps_its_own_number_when_an_earlier_one_failed() -> None:
    text = f"{_PACKAGES}102包 软件（二）甲乙网络通信有限公司北京市分公司北京市中路99号大楼12层77"
    (entry,) = read_borderless_tables(text, (), "", None)
    assert (entry.lot, entry.lot_name, entry.supplier) == (2, "软件（二）", "甲乙网络通信有限公司北京市分公司")


def test_a_group_and_its_provincial_company_are_one_name() -> None:
    text = f"{_MIXED}1包 智能体（一）中国移动通信集团云南有限公司昆明市路1号80000.00"
    assert [supplier for supplier, _, _ in _read_rows(text)] == ["中国移动通信集团云南有限公司"]


_ALL_BIDDERS = [
    pytest.param(
        "序号投标人投标报价（元）是否中标1西岭甲软件有限公司1800000是2东川乙信息有限公司1900000否3南泉丙科技有限公司1700000否",
        id="won or not",
    ),
    pytest.param(
        "序号 供应商名称 投标报价（元） 评审结论 1 西岭甲软件有限公司 1800000 中标 2 东川乙信息有限公司 1900000 未中标",
        id="a conclusion between blanks",
    ),
    pytest.param(
        "序号供应商名称最终报价（元）综合得分综合排名1西岭甲软件有限公司1800000.0092.1012东川乙信息有限公司1900000.0088.002",
        id="a rank that sticks to the score",
    ),
    pytest.param(
        "排名供应商名称最终报价（元）1西岭甲软件有限公司1800000.002东川乙信息有限公司1900000.00",
        id="the rank before the name",
    ),
    pytest.param(
        "排序投标人名称投标报价（元）第一名西岭甲软件有限公司1800000.00第二名东川乙信息有限公司1900000.00",
        id="the rank in words before the name",
    ),
]


@pytest.mark.parametrize("text", _ALL_BIDDERS)
def test_only_the_winner_of_all_bidders_won(text: str) -> None:
    assert _read_rows(text) == [("西岭甲软件有限公司", "1800000.00", "total")]


@pytest.mark.parametrize("text", _ALL_BIDDERS[2:])
def test_candidates_keep_their_ranks(text: str) -> None:
    entries = read_borderless_tables(text, (), "", None, candidates=True)
    assert [(entry.supplier, entry.rank) for entry in entries] == [("西岭甲软件有限公司", 1), ("东川乙信息有限公司", 2)]


def test_scores_do_not_say_who_won_but_the_total_of_the_page_does() -> None:
    text = "序号供应商名称最终报价（元）得分1西岭甲软件有限公司1800000.0092.102东川乙信息有限公司1900000.0088.00"
    assert _read_rows(text) == []
    assert _read_rows(text, "1900000") == [("东川乙信息有限公司", "1900000.00", "total")]


def test_scores_may_leave_out_zeros_at_their_ends() -> None:
    heads = "序号供应商名称供应商地址中标（成交）金额评审总得分"
    rows = (
        "1清禾软件有限公司北京市东路16号报价：1000000（元）91.472远岫数据有限公司西宁市湖区1号楼报价：200000（元）86.4"
    )
    expected = [("清禾软件有限公司", "1000000.00", "total"), ("远岫数据有限公司", "200000.00", "total")]
    assert _read_rows(heads + rows) == expected


@pytest.mark.parametrize("second", ["B2", "B1"])
def test_a_row_may_have_its_number_after_the_letter_of_its_package(second: str) -> None:
    heads = "包号序号中标供应商名称中标供应商地址中标金额(元)"
    rows = f"A1清禾软件有限公司北京市东路16号736320.0{second}远岫数据有限公司西宁市湖区1号楼100000.0"
    entries = read_borderless_tables(heads + rows, (), "", None)
    assert [(entry.lot, entry.supplier, str(entry.amount.yuan)) for entry in entries] == [
        (1, "清禾软件有限公司", "736320.00"),
        (2, "远岫数据有限公司", "100000.00"),
    ]


def test_many_tables_without_rows_do_not_each_read_the_rest_of_the_notice() -> None:
    heads, rest = "另附序号供应商名称备注" * 500, "另附" * 2_000_000
    began = time.process_time()
    assert read_borderless_tables(heads, (), rest, None) == []
    assert time.process_time() - began < 1
