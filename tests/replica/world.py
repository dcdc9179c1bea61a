"""Builds a world from a seed: the same seed gives the same projects, notices and truth, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from tests.replica import truth
from tests.replica.build import draft
from tests.replica.life import live
from tests.replica.model import Event, Project, World

SHARES = {"large_model": 0.19, "hidden": 0.04, "hard_negatives": 0.22, "ordinary": 0.55}


def with_paths(projects: list[Project]) -> list[Project]:
    """Gives every notice its address. The portal's ids grow with time, over all channels."""
    pairs = sorted(
        ((event.at, pi, ei) for pi, project in enumerate(projects) for ei, event in enumerate(project.events)),
    )
    events: list[list[Event]] = [list(project.events) for project in projects]
    for serial, (at, pi, ei) in enumerate(pairs):
        scope = projects[pi].buyer.scope
        event = events[pi][ei]
        name = f"t{at:%Y%m%d}_{23000000 + serial * 3 + at.minute % 3}"
        events[pi][ei] = replace(event, path=f"/cggg/{scope}/{event.channel}/{at:%Y%m}/{name}.htm")
    return [replace(project, events=tuple(events[pi])) for pi, project in enumerate(projects)]


def finish(seed: int, projects: list[Project]) -> World:
    done = tuple(with_paths(projects))
    awards = tuple(award for award in map(truth.award_of, done) if award)
    return World(seed, done, awards)


def world(seed: int, projects: int = 200, since: date = date(2024, 6, 1), until: date = date(2025, 8, 31)) -> World:
    """A world of `projects` projects whose first awards fall between two days."""
    rng = Random(f"replica world {seed}")
    days = (until - since).days
    made: list[Project] = []
    numbers: set[str] = set()
    names: set[tuple[str, str]] = set()
    while len(made) < projects:
        kind = rng.choices(list(SHARES), list(SHARES.values()))[0]
        at = datetime.combine(since + timedelta(days=rng.randrange(days + 1)), datetime.min.time())
        plan = draft(rng, kind, at)
        if plan.number in numbers or (plan.buyer.name, plan.name) in names:
            continue
        numbers.add(plan.number)
        names.add((plan.buyer.name, plan.name))
        project = live(rng, plan, at, f"P{len(made):04d}")
        made.append(project)
        if kind == "large_model" and rng.random() < 0.12 and len(made) < projects:
            made.append(_next_phase(rng, project, f"P{len(made):04d}", numbers))
    return finish(seed, made)


def _next_phase(rng: Random, project: Project, key: str, numbers: set[str]) -> Project:
    """A second phase of the same buyer, close in time: another number, another project, another award."""
    first = next((event for event in project.events if event.what == "award"), project.events[-1])
    at = first.at + timedelta(days=rng.randrange(2, 25))
    number = f"{project.number}B" if f"{project.number}B" not in numbers else f"{project.number}C"
    numbers.add(number)
    name = f"{project.name.replace('（一期）', '')}（二期）"
    event = replace(first, what="award", kinds=("award",), at=at, title=f"{name}中标公告", changes=(), note="", channel="zbgg")
    return replace(project, key=key, number=number, name=name, events=(event,), traits=(*project.traits[:-1], "second_phase"))
