"""Names of suppliers, packages, columns, days: the small pieces that a notice is read with."""

from __future__ import annotations

import doctest
import importlib
from datetime import date

import pytest

from pipelines.extract import fields, parties
from pipelines.text import column_roles, dates, labelled_values, privacy


@pytest.mark.parametrize(
    "name",
    ["extract.amounts", "text.column_roles", "text.dates", "extract.fields", "extract.parties", "extract.priced_names"],
)
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"pipelines.{name}"))
    assert result.attempted > 0
    assert result.failed == 0


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
    assert [party.name for party in parties.split_parties(field)] == names


def test_a_package_mark_behind_the_members_is_no_part_of_a_name() -> None:
    found = parties.split_parties("徐州甲维修部(联合体：徐州乙软件有限公司)（包1）")
    assert [(party.name, party.lot) for party in found] == [("徐州甲维修部", "包1"), ("徐州乙软件有限公司", "包1")]


def test_a_list_is_a_consortium_only_where_it_says_so() -> None:
    assert not any(party.consortium for party in parties.split_parties("甲有限公司、乙有限公司"))
    assert all(party.consortium for party in parties.split_parties("甲有限公司、乙有限公司联合体"))


def test_shares_stay_with_their_names() -> None:
    found = parties.split_parties("甲科技有限公司（份额60%）；乙有限公司（份额40%）")
    assert [(party.name, str(party.share_pct)) for party in found] == [("甲科技有限公司", "60"), ("乙有限公司", "40")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年08月04日 17:03", date(2026, 8, 4)),
        ("202 6 年 3 月 16 日", date(2026, 3, 16)),
        ("Mar 16, 2026", date(2026, 3, 16)),
        ("20260313 - 09:30:00", date(2026, 3, 13)),
        ("2021-01-0615", date(2021, 1, 6)),
        ("二〇二六年元月五日", date(2026, 1, 5)),
        ("2026年元月5日", date(2026, 1, 5)),
        ("10月8日", None),
        ("5日", None),
        ("20261399", None),
        ("1026-01-01", None),
    ],
)
def test_a_day_is_read_in_any_form_and_never_guessed(text: str, day: date | None) -> None:
    assert dates.read_date(text) == day


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("中标（成交）金额(元)", "amount"),
        ("货物单价(元)", "other"),
        ("评审报价", "score"),
        ("折扣率(%)", "rate"),
        ("投标供应商", "bidder"),
        ("中标人", "supplier"),
        ("标段(包)编号", "lot"),
        ("标项名称", "lot_name"),
        ("拟中标份额", "share"),
        ("预算金额（元）", "other"),
        ("推荐的中标候选人", "supplier"),
        ("投标价格（万元）", "amount"),
    ],
)
def test_a_column_is_known_by_its_head(head: str, role: str) -> None:
    assert column_roles.role_of(head) == role


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("某平台项目更正公告2", "某平台项目"),
        ("某设备采购项目合同", "某设备采购项目"),
        ("某合同管理系统采购项目中标公告", "某合同管理系统采购项目"),
        ("某集成服务招标公告308831", "某集成服务"),
        ("某电力公司2026年第一次公开招标采购推荐的中标候选人公示", "某电力公司2026年第一次公开招标采购"),
        ("某电力公司2026年第三次服务公开招标采购中标（成交）结果公告", "某电力公司2026年第三次服务公开招标采购"),
        ("某平台项目竞争性磋商成交结果公告", "某平台项目"),
    ],
)
def test_a_title_gives_the_project_without_the_words_of_the_announcement(title: str, name: str) -> None:
    assert fields.project_of_title(title) == name


def test_several_labels_may_share_a_line() -> None:
    line = "供应商名称：甲有限公司 供应商地址：某路1号 中标（成交）金额：5元"
    assert [hit.value for hit in labelled_values.find(line, "供应商名称", "中标（成交）金额")] == ["甲有限公司", "5元"]


def test_a_unit_before_a_bracket_is_no_label() -> None:
    line = "中标价（报价承诺）：总价为3905110 元（大写：叁佰玖拾万零伍仟壹佰壹拾元） 工期：30天"
    assert [hit.value for hit in labelled_values.find(line, "中标价")] == [
        "总价为3905110 元（大写：叁佰玖拾万零伍仟壹佰壹拾元）"
    ]


def test_a_cell_is_a_value_of_its_own_whatever_stands_in_it() -> None:
    assert [hit.value for hit in labelled_values.find("中标价：\t总价 5万元 说明：含安装\t工期", "中标价")] == [
        "总价 5万元 说明：含安装"
    ]


def test_contacts_go_and_project_numbers_that_look_like_phones_stay() -> None:
    body = (
        "一、项目编号：0625-26217779\n名 称：某局\n联系方式：张老师 010-62108094\n项目联系人：李四、王五\n电　话：13800000000\n"
        "采购单位联系方式\t赵六，0755-00001371\t\t\n采购单位地址\t某市某路1号\t\t\n邮箱：someone@example.com"
    )
    kept = privacy.without_persons(body)
    assert "0625-26217779" in kept
    assert "某市某路1号" in kept
    for gone in ("张老师", "62108094", "李四", "王五", "13800000000", "赵六", "00001371", "someone"):
        assert gone not in kept
