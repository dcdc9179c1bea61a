"""Days, in all forms that notices and programs use."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from pipelines.text.dates import read_date, read_stamp


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
        ("2025年7月4号", date(2025, 7, 4)),
        ("2025年七月二十四日", date(2025, 7, 24)),
        ("二0二五年七月四号", date(2025, 7, 4)),
        ("二○二五年十二月廿五日", date(2025, 12, 25)),
        ("二零二五年七月三十一日", date(2025, 7, 31)),
        ("2025－07－04", date(2025, 7, 4)),
        ("2025—7—4", date(2025, 7, 4)),
        ("202507041030", date(2025, 7, 4)),
        ("20250704103059", date(2025, 7, 4)),
        ("10月8日", None),
        ("5日", None),
        ("20261399", None),
        ("1026-01-01", None),
        ("二〇二六年十十月五日", None),
        ("二〇二六年十三月五日", None),
    ],
)
def test_a_date_is_read_in_every_form_and_never_guessed(text: str, day: date | None) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize("text", ["07-04-2025", "04/07/2025", "7.4.2025", "20-07-2025", "25-07-04", "07-04-2025 10:30"])
def test_the_order_of_day_and_month_is_never_guessed(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-07-31T16:30:00.000Z", date(2025, 8, 1)),
        ("2025-07-31T15:59:59Z", date(2025, 7, 31)),
        ("2025-07-31T16:30:00.000+0000", date(2025, 8, 1)),
        ("2025-07-31 16:30:00 +00:00", date(2025, 8, 1)),
        ("2025-07-31T23:30:00+08:00", date(2025, 7, 31)),
        ("2025-08-01T00:30:00+0900", date(2025, 7, 31)),
        ("2025-07-31 16:30:00 GMT", date(2025, 8, 1)),
        ("2025-07-31T16:30:00", date(2025, 7, 31)),
        ("2025-07-31 09:30-11:30", date(2025, 7, 31)),
        ("Thu, 31 Jul 2025 16:30:00 GMT", date(2025, 8, 1)),
        ("Thu Jul 31 16:30:00 CST 2025", date(2025, 7, 31)),
        ("Thu Jul 31 2025 16:30:00 GMT+0800 (中国标准时间)", date(2025, 7, 31)),
        ("1753979400", date(2025, 8, 1)),
        ("1753979400000", date(2025, 8, 1)),
        ("/Date(1753979400000+0800)/", date(2025, 8, 1)),
    ],
)
def test_an_instant_has_the_day_of_shanghai(text: str, day: date) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (1753979400000, date(2025, 8, 1)),
        (1753979400, date(2025, 8, 1)),
        (1753979400.5, date(2025, 8, 1)),
        (20250704, date(2025, 7, 4)),
        ([2025, 7, 4, 10, 0], date(2025, 7, 4)),
        ({"date": 1, "month": 7, "time": 1753979400000, "year": 125}, date(2025, 8, 1)),
        ({"$date": {"$numberLong": "1753979400000"}}, date(2025, 8, 1)),
        ("2025-07-04 10:00:00", date(2025, 7, 4)),
        (None, None),
        (True, None),
        (12, None),
        (float("inf"), None),
        ([], None),
        ({}, None),
    ],
)
def test_values_of_json_documents_are_read_as_days(value: Any, day: date | None) -> None:
    assert read_stamp(value) == day


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def _machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_machine_zone")
@pytest.mark.parametrize("value", [1753979400, "1753979400000", "2025-07-31T16:30:00Z", "Thu Jul 31 16:30:00 UTC 2025"])
def test_the_zone_of_the_machine_changes_nothing(value: Any) -> None:
    assert read_stamp(value) == date(2025, 8, 1)
