"""Alarms about fields that are found too rarely, and no alarm on healthy portals of many shapes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tenders.monitoring.field_coverage import FIELDS, Batch, FieldAlarm, Past, field_alarms, has_fallen

START = datetime(2026, 11, 2, 2, tzinfo=UTC)


def batch(
    number: int,
    notices: int = 25,
    kind: str = "award",
    portal: str = "yichang",
    *,
    files: bool = False,
    nothing: int = 0,
    no_words: int = 0,
    **found: int,
) -> Batch:
    """The notices of crawl ``number`` (a crawl a day); a field that is not named was found in all of them."""
    return Batch(
        portal,
        kind,
        None if files else f"c{number}",
        START + timedelta(days=number),
        notices,
        {name: found.get(name, notices) for name in FIELDS},
        nothing,
        no_words,
    )


def subjects(batches: Iterable[Batch], *, only_open: bool = False, **more: Any) -> list[str]:
    """Return the fields that alarms name."""
    return [alarm.subject for alarm in field_alarms(batches, **more) if alarm.is_open or not only_open]


def counts(alarm: FieldAlarm) -> list[int]:
    """Return the numbers in an alarm's text, without dates and codes."""
    return [int(number) for number in re.findall(r"(?<![\d-])\d{1,3}(?![\d-])", alarm.text)]


def equal_crawls(crawls: int, notices: int, hits: int) -> Past:
    """A past of equal crawls, with the same hits in each if they divide evenly."""
    past = Past()
    for number in range(crawls):
        past.add(notices // crawls, hits // crawls + (number < hits % crawls))
    return past


class TestFieldsThatAreNoLongerFound:
    def test_a_field_that_vanishes_is_named_with_portal_and_figures(self) -> None:
        past = [batch(n, supplier=24) for n in range(4)]
        [alarm] = field_alarms([*past, batch(4, supplier=0)])
        assert (alarm.portal, alarm.subject, counts(alarm)) == ("yichang", "supplier", [0, 25, 96])

    @pytest.mark.parametrize("field", FIELDS)
    @pytest.mark.parametrize("kind", ["award", "candidate"])
    def test_every_field_of_results_and_candidates_is_watched(self, field: str, kind: str) -> None:
        found = field_alarms([batch(0, 20, kind), batch(1, 8, kind, **{field: 0})])
        assert [(alarm.subject, alarm.kinds, alarm.crawls) for alarm in found] == [(field, (kind,), ("c1",))]

    def test_a_fall_by_more_than_half_is_an_alarm_and_a_small_one_is_not(self) -> None:
        past = [batch(n, supplier=24) for n in range(4)]
        assert subjects([*past, batch(4, supplier=11)])
        assert not subjects([*past, batch(4, supplier=21)])

    def test_the_alarm_stays_open_until_a_later_crawl_is_good_and_bad_crawls_never_become_the_measure(self) -> None:
        past = [batch(n) for n in range(2)]
        bad = [batch(n, supplier=0) for n in range(2, 30)]
        assert len(subjects([*past, *bad], only_open=True)) == 28
        found = field_alarms([*past, *bad, batch(30)])
        assert len(found) == 28
        assert not any(alarm.is_open for alarm in found)

    def test_small_crawls_are_judged_together(self) -> None:
        past = [batch(n, 4) for n in range(6)]
        bad = [batch(n, 3, supplier=0) for n in range(6, 9)]
        assert not subjects([*past, *bad[:2]])
        found = field_alarms([*past, *bad])
        assert [alarm.crawls for alarm in found] == [("c6", "c7", "c8")]
        quiet = field_alarms([*past, *bad, batch(9, 2, supplier=0)])
        assert quiet[0].is_open, "two notices more prove nothing yet"

    def test_pages_read_from_files_belong_to_the_past_but_are_not_judged(self) -> None:
        assert not subjects([batch(0, 100, files=True), batch(1, 100, files=True, supplier=0)])
        assert len(subjects([batch(0, 100, files=True), batch(1, 10, supplier=0)])) == 1

    def test_a_field_that_the_portal_does_not_publish_is_left_alone(self) -> None:
        series = [batch(0), batch(1, amount=0, buyer=0)]
        assert len(subjects(series)) == 2
        assert len(subjects(series, unpublished={"yichang": ["amount"]})) == 1

    def test_kinds_that_can_no_longer_be_recognised_are_an_alarm(self) -> None:
        [alarm] = field_alarms([batch(0, 40), replace(batch(1, 40), kind="other")])
        assert (alarm.subject, alarm.kinds, counts(alarm)) == ("kind", (), [0, 40, 100])


class TestPagesThatParseToNothing:
    def test_they_are_an_alarm_without_any_past(self) -> None:
        [alarm] = field_alarms([batch(0, 3, nothing=3, buyer=0, supplier=0, project_number=0)])
        assert (alarm.subject, counts(alarm)) == ("page", [3, 3])

    def test_so_are_pages_without_even_a_title(self) -> None:
        assert subjects([batch(0, 5, "other", no_words=4, nothing=4)])
        assert not subjects([batch(0, 5, "other", nothing=5)]), "news names no buyer"

    def test_a_few_among_many_are_not(self) -> None:
        assert not subjects([batch(0, 10, nothing=4), batch(1, 2, nothing=2)])

    def test_they_count_over_all_kinds_of_a_crawl(self) -> None:
        one = [batch(0, 2, "award", nothing=2), batch(0, 2, "candidate", nothing=1)]
        found = field_alarms(one)
        assert [alarm.kinds for alarm in found] == [("award", "candidate")]
        assert not subjects([batch(1, 2, "award", nothing=2), batch(1, 30, "candidate", nothing=1)])


class TestHealthyPortals:
    def test_a_portal_whose_prices_are_all_undisclosed_or_candidates_without_numbers(self) -> None:
        series = [
            b for n in range(40) for b in (batch(n, 12, amount=0), batch(n, 9, "candidate", project_number=0, amount=0))
        ]
        assert not subjects(series)

    def test_a_first_crawl_has_no_past_to_fall_from(self) -> None:
        assert not subjects([batch(0, 500, supplier=120, amount=3, project_number=0)])

    def test_a_few_notices_prove_nothing(self) -> None:
        assert not subjects([*(batch(n) for n in range(4)), batch(4, 7, supplier=0)])
        assert not subjects([batch(0, 19), batch(1, 30, amount=0)])

    def test_a_crawl_of_another_mix_of_kinds(self) -> None:
        past = [batch(n) for n in range(4)]
        mixed = [
            batch(5, 10),
            batch(5, 30, "failed", supplier=0, amount=0),
            batch(5, 20, "other", buyer=0, supplier=0, amount=0),
        ]
        assert not subjects([*past, *mixed, batch(6, 12, "tender", supplier=0, amount=0)])

    def test_rates_that_scatter_more_than_chance_from_day_to_day(self) -> None:
        random.seed(7)
        raised = judged = 0
        for rate in (0.3, 0.5, 0.7, 0.9, 0.97):
            for _ in range(40):
                series = []
                for n in range(50):
                    size, own = random.randint(1, 60), random.betavariate(20 * rate, 20 * (1 - rate))
                    series.append(batch(n, size, amount=sum(random.random() < own for _ in range(size))))
                judged += len(series)
                raised += len(subjects(series))
        assert raised <= judged / 1000
        assert judged == 10_000

    @pytest.mark.parametrize(
        ("hits", "notices", "before"),
        [
            (0, 25, (1, 25, 24)),
            (2, 8, (4, 100, 96)),
            (0, 8, (1, 20, 20)),
            (11, 25, (4, 100, 96)),
            (75, 100, (20, 1000, 960)),
        ],
    )
    def test_a_fall_is_recognised(self, hits: int, notices: int, before: tuple[int, int, int]) -> None:
        assert has_fallen(hits, notices, equal_crawls(*before))

    @pytest.mark.parametrize(
        ("hits", "notices", "before"),
        [
            (1, 8, (1, 20, 10)),
            (7, 25, (4, 100, 50)),
            (85, 100, (20, 1000, 960)),
            (0, 7, (4, 100, 100)),
            (0, 25, (1, 19, 19)),
        ],
    )
    def test_chance_is_no_fall(self, hits: int, notices: int, before: tuple[int, int, int]) -> None:
        assert not has_fallen(hits, notices, equal_crawls(*before))


def test_the_wording_of_an_alarm() -> None:
    past = [batch(n, supplier=24) for n in range(4)]
    page = batch(0, 3, portal="cmcc", nothing=3)
    assert [alarm.text for alarm in field_alarms([page, *past, batch(4, supplier=0)])] == [
        "cmcc: 3 of 3 new award pages parsed to nothing: the layout may have changed",
        "yichang: field supplier read in 0 of 25 new award notices, before 96 %: the layout may have changed",
    ]
