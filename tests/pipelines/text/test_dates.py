"""Days, in all forms that notices use."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.text.dates import read_date


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
        ("二〇二六年十十月五日", None),
    ],
)
def test_a_date_is_read_in_every_form_and_never_guessed(text: str, day: date | None) -> None:
    assert read_date(text) == day
