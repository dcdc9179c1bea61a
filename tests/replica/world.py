"""Builds CCGP's world from a seed. The same seed gives the same projects, notices and truth, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from tests.replica import truth
from tests.replica.build import draft_project
from tests.replica.life import add_notices
from tests.replica.model import Event, Project, World

SHARES = {"large_model": 0.19, "hidden": 0.04, "hard_negatives": 0.22, "ordinary": 0.55}


def add_paths(projects: list[Project]) -> list[Project]:
    """Give every notice its address. The portal's ids grow with time across all channels."""
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


def finish_world(seed: int, projects: list[Project]) -> World:
    """Return the world with addresses and expected awards."""
    done = tuple(add_paths(projects))
    awards = tuple(award for award in map(truth.award_of, done) if award)
    return World(seed, done, awards)


def world(seed: int, projects: int = 200, since: date = date(2024, 6, 1), until: date = date(2025, 8, 31)) -> World:
    """Return a world of `projects` projects whose first awards fall between two days."""
    rng = Random(f"replica world {seed}")
    days = (until - since).days
    made: list[Project] = []
    numbers: set[str] = set()
    names: set[tuple[str, str]] = set()
    while len(made) < projects:
        kind = rng.choices(list(SHARES), list(SHARES.values()))[0]
        at = datetime.combine(since + timedelta(days=rng.randrange(days + 1)), datetime.min.time())
        plan = draft_project(rng, kind, at)
        if plan.number in numbers or (plan.buyer.name, plan.name) in names:
            continue
        numbers.add(plan.number)
        names.add((plan.buyer.name, plan.name))
        project = add_notices(rng, plan, at, f"P{len(made):04d}")
        made.append(project)
        if kind == "large_model" and rng.random() < 0.16 and len(made) < projects:
            made += _draw_sibling(rng, project, f"P{len(made):04d}", numbers)
    return finish_world(seed, made)


def _draw_sibling(rng: Random, project: Project, key: str, numbers: set[str]) -> list[Project]:
    """Draw a second phase or a project of the same name.

    It has the same buyer and a close date, but its own number and award.
    """
    award = next((event for event in project.events if event.what == "award"), None)
    number = f"{project.number}{rng.choice('BCD')}"
    if award is None or number in numbers or not all(one.won for one in award.lots) or len(award.lots) > 1:
        return []
    numbers.add(number)
    phase = rng.random() < 0.6
    name = f"{project.name.replace('（一期）', '')}（二期）" if phase else project.name
    one = award.lots[0]
    if one.price.yuan is not None:
        one = replace(one, price=replace(one.price, yuan=(one.price.yuan * 2 / 3).quantize(Decimal(1))))
    at = award.at + timedelta(days=rng.randrange(2, 25))
    event = replace(award, at=at, title=f"{name}中标公告", lots=(replace(one, name=name),))
    traits = (*project.traits[:-1], "second_phase" if phase else "same_name")
    return [replace(project, key=key, number=number, name=name, events=(event,), traits=traits)]
