"""Labels and their values on the lines of a notice."""

from __future__ import annotations

from pipelines.text.labelled_values import find, part_stuck_labels


def test_several_labels_may_share_a_line() -> None:
    line = "供应商名称：甲有限公司 供应商地址：某路1号 中标（成交）金额：5元"
    assert [hit.value for hit in find(line, "供应商名称", "中标（成交）金额")] == ["甲有限公司", "5元"]


def test_a_unit_before_a_bracket_is_not_a_label() -> None:
    line = "中标价（报价承诺）：总价为3905110 元（大写：叁佰玖拾万零伍仟壹佰壹拾元） 工期：30天"
    assert [hit.value for hit in find(line, "中标价")] == ["总价为3905110 元（大写：叁佰玖拾万零伍仟壹佰壹拾元）"]


def test_each_cell_is_a_separate_value() -> None:
    assert [hit.value for hit in find("中标价：\t总价 5万元 说明：含安装\t工期", "中标价")] == [
        "总价 5万元 说明：含安装"
    ]


def test_labels_joined_to_the_previous_value_are_separated() -> None:
    line = "第1包：中标成交供应商名称：甲软件有限公司地址：某市某路8号中标金额：84.64万元评审总得分：91.2"
    assert part_stuck_labels(line).split("\n")[1:] == [
        "地址：某市某路8号",
        "中标金额：84.64万元",
        "评审总得分：91.2",
    ]
    twice = "1.中标人：甲软件有限公司中标价：84.64万元2.中标人：乙软件有限公司中标价：4万元"
    assert part_stuck_labels(twice).split("\n")[2:] == ["2.中标人：乙软件有限公司", "中标价：4万元"]
    led = "中标成交供应商名称：牵头人：甲软件有限公司 联合体成员：乙软件有限公司地址：某市"
    assert part_stuck_labels(led).endswith("乙软件有限公司\n地址：某市")
    plain = "供应商名称：甲软件有限公司 供应商地址：某市某路8号\n采购人地址：某市"
    assert part_stuck_labels(plain) == plain


def test_a_label_right_after_a_label_has_the_value() -> None:
    hits = list(find("中标人：供应商名称：甲软件有限公司", "中标人", "供应商名称"))
    assert [(hit.label, hit.value) for hit in hits] == [("供应商名称", "甲软件有限公司")]
