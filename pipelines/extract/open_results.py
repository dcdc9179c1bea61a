"""What a notice leaves open of its result, and which of its files may say it."""

from __future__ import annotations

import re

from pipelines.lexicon import forms
from pipelines.model import Notice

_RESULT_FILE = re.compile(forms.pattern("result_file"))
_OTHER_FILE = re.compile(forms.pattern("other_file"))
_SEE_ATTACHMENT = re.compile(forms.pattern("see_attachment"))


def is_result_open(notice: Notice) -> bool:
    """Return whether a notice with a result does not say who won, for how much, or what it corrects.

    A rate or a price for each is a price. A notice of another kind has no result that could be open.
    """
    won = [lot for lot in notice.lots if not lot.failed]
    winners = [winner for lot in won for winner in lot.winners]
    if notice.kind == "award":
        return not winners or any(lot.amount_kind == "undisclosed" for lot in won)
    if notice.kind == "candidate":
        return not any(winner.amount_yuan is not None for winner in winners)
    return notice.kind == "correction" and not notice.lots and not notice.cancels_result


def points_to_files(body: str) -> bool:
    """Return whether a notice says that something is in a file: 详见附件."""
    return _SEE_ATTACHMENT.search(body) is not None


def is_result_file(name: str) -> bool:
    """Return whether the name of a file says that a result is in it."""
    return _RESULT_FILE.search(name) is not None and not is_other_file(name)


def is_other_file(name: str) -> bool:
    """Return whether the name of a file says that no result is in it, but a tender document, say."""
    return _OTHER_FILE.search(name) is not None
