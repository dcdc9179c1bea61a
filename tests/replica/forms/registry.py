"""Which function draws which form."""

from __future__ import annotations

from collections.abc import Callable

from tests.replica.forms import national
from tests.replica.forms.common import Draw

AWARDS: dict[str, Callable[[Draw], str]] = {"national": national.award}
FAILURES: dict[str, Callable[[Draw], str]] = {"national": national.failed}


def award(draw: Draw) -> str:
    return AWARDS.get(draw.event.form, national.award)(draw)


def failed(draw: Draw) -> str:
    return FAILURES.get(draw.event.form, national.failed)(draw)
