"""The report of ``tenders check`` for people: one table, then what differs and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.common.safe_text import printable
from tenders.crawling.portal_check import PortalCheck
from tenders.monitoring.terminal import table

_HEADS = ("portal", "state", "requests", "list", "notice", "confirmed", "not seen")


def check_text(results: Sequence[PortalCheck]) -> str:
    """Return the report on all portals, ending with a count of their states."""
    rows = [
        (
            result.portal,
            result.state,
            result.requests,
            printable(result.list_seen) or "not read",
            printable(result.notice_seen) or "not read",
            len(result.confirmed),
            ", ".join(result.not_seen),
        )
        for result in results
    ]
    parts = [table(_HEADS, rows)]
    for result in results:
        for finding in result.findings:
            parts += [
                f"{result.portal}: {finding.key}",
                f"  expected: {printable(finding.expected)}",
                f"  seen:     {printable(finding.seen)}",
                f"  remedy:   {printable(finding.remedy)}",
            ]
    states = [result.state for result in results]
    counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states)))
    return "\n".join([*parts, counts]) + "\n"
