"""No regular expression that reads a page may take more than linear time: one page could stop everything."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection

import pytest

from tests.helpers.page_expressions import UNITS, expressions, filled, use_of

pytestmark = pytest.mark.slow

_SHORT, _LONG = 400, 1_600
# Faster than this, the growth of an expression does not matter: 200,000 characters would take half a second.
_HARMLESS_SECONDS_PER_CHARACTER = 3e-6
# Four times the text may take four times as long, and something for a busy machine. Squared it would be 16.
_MOST_GROWTH = 9
# What most often makes an expression slow. All the others take a minute: TENDERS_EXAMPLES=20 tries them.
_DAILY = ("\t", " ", "\n", "1", "（", "壹", "甲", "中标")
_FURTHER = [unit for unit in UNITS if unit not in _DAILY]


def test_the_time_of_every_expression_grows_with_the_text_and_no_faster() -> None:
    assert len(expressions()) > 500
    assert _slow_expressions(_DAILY) == ""


@pytest.mark.long
def test_so_it_does_over_further_words_and_labels() -> None:
    assert _slow_expressions(_FURTHER if os.environ.get("TENDERS_EXAMPLES") else _FURTHER[::6]) == ""


def _slow_expressions(units: Collection[str]) -> str:
    """Return one line for each expression that is slow: use possessive quantifiers, or begin at the start of a run."""
    short = {unit: filled(unit, _SHORT) for unit in units}
    long = {unit: filled(unit, _LONG) for unit in units}
    lines = []
    for place, pattern in expressions().items():
        use = use_of(place, pattern)
        for unit in units:
            # A busy machine makes one measurement long, but not all.
            if _seconds(use, short[unit]) < _HARMLESS_SECONDS_PER_CHARACTER * _SHORT:
                continue
            once = min(_seconds(use, short[unit]) for _ in range(4))
            again = min(_seconds(use, long[unit]) for _ in range(3))
            if again > _HARMLESS_SECONDS_PER_CHARACTER * _LONG and again > _MOST_GROWTH * once:
                lines.append(f"{place}: {unit!r} takes {1000 * once:.1f} ms, four times as much {1000 * again:.1f} ms")
                break
    return "\n".join(lines)


def _seconds(use: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    use(text)
    return time.thread_time() - began
