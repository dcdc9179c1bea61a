"""Names of suppliers: where they begin and end, and who won together."""

from __future__ import annotations

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


def test_a_package_mark_after_the_members_is_not_part_of_a_name() -> None:
    members = split_parties("徐州甲维修部(联合体：徐州乙软件有限公司)（包1）")
    assert [(party.name, party.lot) for party in members] == [("徐州甲维修部", "包1"), ("徐州乙软件有限公司", "包1")]


def test_a_list_is_a_consortium_only_if_it_says_so() -> None:
    assert not any(party.consortium for party in split_parties("甲有限公司、乙有限公司"))
    assert all(party.consortium for party in split_parties("甲有限公司、乙有限公司联合体"))


def test_shares_stay_with_their_names() -> None:
    members = split_parties("甲科技有限公司（份额60%）；乙有限公司（份额40%）")
    assert [(party.name, str(party.share_pct)) for party in members] == [("甲科技有限公司", "60"), ("乙有限公司", "40")]
