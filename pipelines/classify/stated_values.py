"""What a table of awards says of its awards is taken as given. The rules work out only what it leaves open.

Such a notice carries in ``evidence["given"]`` the lines of its text that are given, ``column: value`` each, with the values of
the published tables. They stay when a notice is classified anew.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.classify.relevance import counts_from
from pipelines.model import Notice

_TEXTS = ("project_type", "sector", "subsector", "province")


def given(notice: Notice) -> dict[str, str]:
    """The values given, by column; empty for a notice that was read from a page."""
    return {column: value for column, _, value in (line.partition(": ") for line in notice.evidence.get("given", ()))}


def set_relevance(notice: Notice, values: Mapping[str, str]) -> None:
    """Whether the notice is about large models: as it is said, or by the score where only that is given."""
    large, score = values.get("is_large_model"), values.get("relevance")
    if large is None and score is None:
        return
    notice.is_large_model = large == "true" if large is not None else float(score or 0) >= counts_from()
    notice.relevance = float(notice.is_large_model) if score is None else float(score)
    for lot in notice.lots:
        lot.is_large_model = notice.is_large_model


def set_classes(notice: Notice, values: Mapping[str, str]) -> None:
    """Type, sector, province and vendor groups as given, with the words that give them in the place of those of the rules."""
    if "project_type" in values:
        notice.project_type_second = None
    if values.get("sector", notice.sector) != notice.sector:
        notice.subsector = None
    for field in _TEXTS:
        setattr(notice, field, values.get(field, getattr(notice, field)))
    if "vendors" in values:
        _set_vendors(notice, values["vendors"].split("; "))
    for column, value in values.items():
        field = "vendor" if column == "vendors" else column
        notice.evidence[field] = [f"{column}: {value}"]
        notice.evidence[f"rule:{field}"] = [f"given:{column}"]
    if "relevance" in values and "is_large_model" not in values:
        notice.evidence["is_large_model"] = notice.evidence["relevance"]
        notice.evidence["rule:is_large_model"] = notice.evidence["rule:relevance"]


def _set_vendors(notice: Notice, groups: list[str]) -> None:
    """Each group to a supplier: to the one whose name says so, the others to the first suppliers that have none."""
    winners = [winner for lot in notice.lots for winner in lot.winners]
    own = {winner.vendor for winner in winners}
    others = iter([group for group in groups if group not in own])
    for winner in winners:
        if winner.vendor not in groups:
            winner.vendor = next(others, None)
