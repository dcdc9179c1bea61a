"""What a table of awards states about its awards is kept as it is. The rules decide only what it leaves open.

The notice of such an award has in ``evidence["given"]`` the stated lines of its text, each ``column: value``, with
values as the published tables have them. They stay when a notice is classified again.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.classify.relevance import counting_score
from pipelines.model import Notice

_TEXTS = ("project_type", "sector", "subsector", "province")


def stated_values(notice: Notice) -> dict[str, str]:
    """Return the stated values by column; empty for a notice that was read from a page."""
    return {column: value for column, _, value in (line.partition(": ") for line in notice.evidence.get("given", ()))}


def set_relevance(notice: Notice, values: Mapping[str, str]) -> None:
    """Set whether the notice is about large models: as stated, or by the score if only the score is stated."""
    large, score = values.get("is_large_model"), values.get("relevance")
    if large is None and score is None:
        return
    notice.is_large_model = large == "true" if large is not None else float(score or 0) >= counting_score()
    notice.relevance = float(notice.is_large_model) if score is None else float(score)
    for lot in notice.lots:
        lot.is_large_model = notice.is_large_model


def set_classes(notice: Notice, values: Mapping[str, str]) -> None:
    """Set type, sector, province and vendor groups as stated. The stated words replace the evidence of the rules."""
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
    """Give each group to the supplier whose name says so, else to the first supplier without a stated group."""
    winners = [winner for lot in notice.lots for winner in lot.winners]
    own = {winner.vendor for winner in winners}
    others = iter([group for group in groups if group not in own])
    for winner in winners:
        if winner.vendor not in groups:
            winner.vendor = next(others, None)
