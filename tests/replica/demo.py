"""A small fixed world for the recorded demo: July 2024, June 2025, July 2025, told by hand.

About thirty notices of which a dozen are awards of large models; no channel has more than one list page.
"""

from __future__ import annotations

from datetime import datetime
from random import Random

from tests.replica.build import Draft, draft
from tests.replica.life import live
from tests.replica.model import Project, World
from tests.replica.world import finish

# kind, day, life, and which of the drawn candidates to take: enough to fix the story without naming every cell
_PLOT = (
    ("large_model", "2024-07-03", "plain"), ("ordinary", "2024-07-05", "plain"), ("hard_negatives", "2024-07-11", "plain"),
    ("large_model", "2024-07-18", "plain"), ("ordinary", "2024-07-25", "plain"),
    ("ordinary", "2025-06-04", "plain"), ("large_model", "2025-06-06", "plain"), ("large_model", "2025-06-17", "corrected_amount"),
    ("hard_negatives", "2025-06-19", "plain"), ("large_model", "2025-06-25", "plain"),
    ("large_model", "2025-07-02", "plain"), ("ordinary", "2025-07-03", "failed"), ("large_model", "2025-07-04", "plain"),
    ("hidden", "2025-07-08", "plain"), ("hard_negatives", "2025-07-09", "plain"), ("large_model", "2025-07-11", "void"),
    ("large_model", "2025-07-15", "failed_then_won"), ("ordinary", "2025-07-16", "plain"),
    ("ordinary", "2025-07-17", "clarification central"), ("ordinary", "2025-07-21", "failed central"), ("large_model", "2025-07-18", "corrected_winner"),
    ("large_model", "2025-07-22", "plain"), ("hard_negatives", "2025-07-24", "plain"), ("large_model", "2025-07-29", "plain"),
)


def _fits(plan: Draft, taken: list[Draft], central: bool) -> bool:
    """Variety: no name and at most two of a form; prices mostly stated; one page short."""
    if any(plan.name == other.name for other in taken) or len(plan.lots) > (3 if plan.traits[0] == "hidden" else 2):
        return False
    if central:
        return plan.buyer.scope == "zygg"
    if sum(plan.form == other.form for other in taken) >= (4 if plan.form == "national" else 2):
        return False
    stated = sum(one.price.kind == "total" for one in plan.lots)
    return stated == len(plan.lots) or (plan.traits[0] == "large_model" and sum(o.lots[0].price.kind != "total" for o in taken) < 2)


def demo_world() -> World:
    """Always the same."""
    rng = Random("replica demo")
    taken: list[Draft] = []
    projects: list[Project] = []
    for kind, day, life in _PLOT:
        at = datetime.fromisoformat(day)
        life, _, level = life.partition(" ")
        while not _fits(plan := draft(rng, kind, at, bool(level) or None), taken, bool(level)):
            pass
        taken.append(plan)
        projects.append(live(rng, plan, at, f"D{len(projects):02d}", life))
    return finish(0, projects)
