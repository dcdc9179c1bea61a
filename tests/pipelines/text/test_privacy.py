"""What leaves a notice before it is stored."""

from __future__ import annotations

from pipelines.text.privacy import without_persons


def test_contacts_are_removed_but_project_numbers_like_phone_numbers_are_kept() -> None:
    body = (
        "一、项目编号：0625-26217779\n名 称：某局\n联系方式：张老师 010-62108094\n项目联系人：李四、王五\n电　话：13800000000\n"
        "采购单位联系方式\t赵六，0755-00001371\t\t\n采购单位地址\t某市某路1号\t\t\n邮箱：someone@example.com"
    )
    kept = without_persons(body)
    assert "0625-26217779" in kept
    assert "某市某路1号" in kept
    for gone in ("张老师", "62108094", "李四", "王五", "13800000000", "赵六", "00001371", "someone"):
        assert gone not in kept
