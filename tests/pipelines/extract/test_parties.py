"""Names of suppliers: where they begin and end, and who won together."""

from __future__ import annotations

import time

import pytest

from pipelines.extract.parties import split_parties


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("01包：苏州汇才有限公司", ["苏州汇才有限公司"]),
        ("包一：梅菲尔医疗科技(广州)有限公司", ["梅菲尔医疗科技(广州)有限公司"]),
        ("江苏牧腾农业科技股份有限公司（包1）", ["江苏牧腾农业科技股份有限公司"]),
        ("青海吉美建设工程有限公司（评审总得分：87.80分，综合排名第一）", ["青海吉美建设工程有限公司"]),
        ("端州区伟强汽车维修部", ["端州区伟强汽车维修部"]),
        ("包头市甲有限公司", ["包头市甲有限公司"]),
        ("甲有限公司;乙有限公司", ["甲有限公司", "乙有限公司"]),
        ("甲研究院(联合体：乙中心,丙大学)", ["甲研究院", "乙中心", "丙大学"]),
        (
            "甲建设有限公司、乙设计有限公司、丙勘察有限公司（联合体）",
            ["甲建设有限公司", "乙设计有限公司", "丙勘察有限公司"],
        ),
        ("乙有限公司（成员方），甲有限公司（牵头方）", ["甲有限公司", "乙有限公司"]),
        ("甲维修部（联合体牵头单位），乙事务所（联合体成员单位）", ["甲维修部", "乙事务所"]),
        ("牵头人：甲有限公司 联合体成员：乙有限公司", ["甲有限公司", "乙有限公司"]),
        ("/", []),
        ("详见附件", []),
        ("北京市海淀区某路8号", []),
    ],
)
def test_a_supplier_field_gives_its_organisations(field: str, names: list[str]) -> None:
    assert [party.name for party in split_parties(field)] == names


_FIRST, _SECOND, _THIRD = "青山软件有限公司", "白水数据股份有限公司", "红叶大学"


@pytest.mark.parametrize(
    "field",
    [
        f"{_FIRST}+{_SECOND}",
        f"{_FIRST} ＋ {_SECOND}",
        f"{_FIRST}&{_SECOND}",
        f"{_FIRST}｜{_SECOND}",
        f"{_FIRST}/{_SECOND}",
        f"{_FIRST}以及{_SECOND}",
        f"{_FIRST}联合{_SECOND}",
        f"①{_FIRST}②{_SECOND}",
        f"⑴{_FIRST} ⑵{_SECOND}",
        f"(1){_FIRST}(2){_SECOND}",
        f"1、{_FIRST}2、{_SECOND}",
        f"{_FIRST}\n{_SECOND}",
        f"（主）{_FIRST}（成）{_SECOND}",
        f"【牵头】{_FIRST}【成员】{_SECOND}",
        f"{_FIRST}（主）{_SECOND}（成）",
        f"{_FIRST}(牵头人){_SECOND}(成员)",
        f"{_FIRST}[牵头人]、{_SECOND}[成员]",
        f"主：{_FIRST} 成：{_SECOND}",
        f"主办方：{_FIRST}；协办方：{_SECOND}",
        f"牵头企业：{_FIRST}，成员企业：{_SECOND}",
        f"联合体成员一：{_FIRST}；联合体成员二：{_SECOND}",
        f"牵头供应商：{_FIRST} 投标联合体：{_FIRST}、{_SECOND}",
        f"联合体（{_FIRST}、{_SECOND}）",
        f"联合体（牵头人：{_FIRST}，成员：{_SECOND}）",
        f"{_FIRST}（联合体成员名称：{_SECOND}）",
        f"{_FIRST}（与{_SECOND}组成联合体）",
        f"由{_FIRST}与{_SECOND}组成的联合体",
        f"{_FIRST}（联合体）、{_SECOND}（联合体）",
        f"份额1：{_FIRST}；份额2：{_SECOND}",
        f"{_FIRST}（65%）、{_SECOND}（35%）",
        f"{_FIRST}65%，{_SECOND}35%",
        f"{_FIRST}//{_SECOND}",
        f"一、{_FIRST} 二、{_SECOND}",
        f"牵头单位-{_FIRST}，联合单位-{_SECOND}",
    ],
)
def test_two_suppliers_are_read_however_they_are_joined(field: str) -> None:
    assert [party.name for party in split_parties(field)] == [_FIRST, _SECOND]


@pytest.mark.parametrize(
    "field",
    [
        f"①{_FIRST}②{_SECOND}③{_THIRD}",
        f"{_FIRST}+{_SECOND}+{_THIRD}",
        f"（主）{_FIRST}（成）{_SECOND}（成）{_THIRD}",
        f"牵头人：{_FIRST} 成员1：{_SECOND} 成员2：{_THIRD}",
        f"牵头人：{_FIRST}；成员：{_SECOND}、{_THIRD}",
    ],
)
def test_three_suppliers_are_read_however_they_are_joined(field: str) -> None:
    assert [party.name for party in split_parties(field)] == [_FIRST, _SECOND, _THIRD]


@pytest.mark.parametrize(
    "name",
    [
        "青山和智科技有限公司",
        "沙丘AI+科技有限公司",
        "青山联合体育文化有限公司",
        "青山与海软件有限公司",
        "360青山科技有限公司",
        "第四青山（沙丘）技术有限公司",
        "Green Hill (Shaqiu) Co.,Ltd",
    ],
)
def test_a_separator_inside_a_name_does_not_cut_it(name: str) -> None:
    assert [party.name for party in split_parties(name)] == [name]


def test_a_package_mark_after_the_members_is_not_part_of_a_name() -> None:
    members = split_parties("徐州甲维修部(联合体：徐州乙软件有限公司)（包1）")
    assert [(party.name, party.lot) for party in members] == [("徐州甲维修部", "包1"), ("徐州乙软件有限公司", "包1")]


def test_a_list_is_a_consortium_only_if_it_says_so() -> None:
    assert not any(party.consortium for party in split_parties("甲有限公司、乙有限公司"))
    assert all(party.consortium for party in split_parties("甲有限公司、乙有限公司联合体"))


def test_shares_stay_with_their_names() -> None:
    members = split_parties("甲科技有限公司（份额60%）；乙有限公司（份额40%）")
    assert [(party.name, str(party.share_pct)) for party in members] == [("甲科技有限公司", "60"), ("乙有限公司", "40")]


def test_bare_percentages_are_shares_only_if_they_make_up_the_contract() -> None:
    shares = split_parties(f"{_FIRST}（65%）、{_SECOND}（35%）")
    discounts = split_parties(f"{_FIRST}（85%）、{_SECOND}（88%）")
    assert [str(party.share_pct) for party in shares] == ["65", "35"]
    assert [(party.name, party.share_pct) for party in discounts] == [(_FIRST, None), (_SECOND, None)]


@pytest.mark.parametrize(
    "filler", ["（", "主：", "①", "+", "、", " ", "1、", "公司+", "（主）", "联合体：", "9", "（牵头"]
)
def test_a_long_hostile_field_is_read_at_once(filler: str) -> None:
    started = time.perf_counter()
    split_parties(filler * (20_000 // len(filler)))
    assert time.perf_counter() - started < 5
