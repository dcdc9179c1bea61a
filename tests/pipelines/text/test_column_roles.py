"""Column heads and what they mean."""

from __future__ import annotations

import pytest

from pipelines.text.column_roles import role_of


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
def test_the_head_of_a_column_gives_its_role(head: str, role: str) -> None:
    assert role_of(head) == role
