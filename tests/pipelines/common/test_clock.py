"""Days that people write, and spans of them."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.common.clock import parse_span


def test_a_span_has_its_first_and_last_day() -> None:
    assert parse_span("2026-07-01", date(2026, 7, 31)) == (date(2026, 7, 1), date(2026, 7, 31))
    assert parse_span("2026-07-01", "2026-07-01") == (date(2026, 7, 1), date(2026, 7, 1))


def test_a_span_may_be_open_at_either_end() -> None:
    assert parse_span("", "2026-07-31") == (None, date(2026, 7, 31))
    assert parse_span("2026-07-01", None) == (date(2026, 7, 1), None)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-08-01", "2026-07-01", "since 2026-08-01 is after until 2026-07-01: swap them"),
        ("soon", "2026-07-01", "since 'soon' is not a day"),
        ("2026-07-01", "2026-07-32", "until '2026-07-32' is not a day"),
    ],
)
def test_a_span_that_is_wrong_is_refused_with_what_to_do(since: str, until: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_span(since, until)
