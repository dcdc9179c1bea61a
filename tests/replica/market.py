"""Builds `market(seed, projects)`: projects spread over many portals, with the truth across all of them."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from tests.replica import build, companies, life, pools
from tests.replica.model import Lot, Market, Posting, Project, World
from tests.replica.spread import spread_postings
from tests.replica.truth import market_award

HOMES = {
    "government": 62,
    "cmcc": 11,
    "chinatelecom": 4,
    "chinaunicom": 4,
    "sgcc": 4,
    "csg": 4,
    "central": 4,
    "yichang": 7,
}
KINDS = {"large_model": 30, "hidden": 4, "hard_negatives": 22, "ordinary": 44}
_NUMBERED = {"same_name", "other_lot"}  # only the number distinguishes these traps, so every copy prints it
CROWDED = ("广东", "上海", "广西", "北京", "山东", "湖北")  # provinces whose own portal is replicated


def _draw_government_project(rng: Random, kind: str, at: datetime, key: str) -> Project:
    """Draw a government project, often in a province whose portal is replicated."""
    local = tuple(place for place in pools.list_places() if place.province in CROWDED)
    where = local if rng.random() < 0.6 else ()
    plan = build.draft_project(rng, kind, at, central=False if where else None, where=where)
    return life.add_notices(rng, plan, at, key)


def _draw_company_project(rng: Random, home: str, kind: str, at: datetime, key: str) -> Project:
    wanted = {"large_model": "lm", "hidden": "lm", "hard_negatives": "hard"}.get(kind, "ordinary")
    return companies.draft_project(rng, home, wanted, at, key)


def _change_number(rng: Random, number: str) -> str:
    return f"{number}{rng.choice('BCDEF')}" if number else ""


def draw_lookalike(rng: Random, project: Project, key: str, until: datetime) -> Project | None:
    """Draw a different project that looks the same, or return None if none fits.

    Traps: another phase, lot, year or branch, or the same name again.
    """
    results = [event for event in project.events if event.what == "award"]
    if len(results) != 1 or not all(lot.won for lot in results[0].lots):
        return None
    award = results[0]
    trap = rng.choice(["second_phase", "other_lot", "next_year", "year_later", "other_branch", "same_name"])
    name, buyer, number = project.name, project.buyer, _change_number(rng, project.number)
    days = rng.randrange(0, 25)
    if trap == "second_phase":
        name = f"{name.replace('（一期）', '')}（二期）"
    elif trap == "other_lot":
        name = f"{name}（第二标段）"
    elif trap == "next_year":
        year = str(award.at.year)
        name = name.replace(year, str(award.at.year + 1)) if year in name else f"{name}（{award.at.year + 1}年度）"
    elif trap == "year_later":
        days = rng.randrange(355, 400)
    elif trap == "other_branch":
        if buyer.scope in ("zygg", "dfgg", "yichang"):
            return None
        other, _ = companies.draw_buyer(rng, buyer.scope)
        if other.name == buyer.name:
            return None
        name, buyer, number = (
            name.replace(buyer.name, other.name),
            other,
            companies.draw_number(rng, buyer.scope, award.at.year),
        )
    if trap in _NUMBERED and not number:
        return None  # without numbers nothing could distinguish the two
    if award.at + timedelta(days=days) > until:
        return None
    shift = timedelta(days=days)
    factor = Decimal(rng.choice(["0.61", "0.87", "1.13"]))
    events = []
    for event in project.events:
        if event.what not in ("candidate", "award"):
            continue
        lots = tuple(_scale_lot(lot, factor, name if lot.name == project.name else lot.name) for lot in event.lots)
        title = event.title.replace(project.name, name)
        title = title.replace(project.number, number) if number else title
        events.append(replace(event, at=event.at + shift, title=title, lots=lots, changes=()))
    traits = (*project.traits[:-1], *(["numbered"] if trap in _NUMBERED else []), trap)
    return replace(project, key=key, name=name, buyer=buyer, number=number, events=tuple(events), traits=traits)


def _scale_lot(lot: Lot, factor: Decimal, name: str) -> Lot:
    """Multiply the sums of a lot and rename it."""
    price = lot.price
    if price.yuan is None:
        return replace(lot, name=name)
    winners = tuple(replace(w, quote=(w.quote * factor).quantize(Decimal(1)) if w.quote else None) for w in lot.winners)
    quotes = [w.quote for w in winners if w.quote]
    yuan = sum(quotes, Decimal(0)) if quotes else (price.yuan * factor).quantize(Decimal(1))
    losers = tuple((who, (bid * factor).quantize(Decimal(1))) for who, bid in lot.losers)
    return replace(lot, name=name, price=replace(price, yuan=yuan), winners=winners, losers=losers)


def draw_world(seed: int, projects: int, since: date, until: date) -> World:
    """Draw the projects of a market. No two share buyer and name, or a number."""
    rng = Random(f"replica market {seed}")
    end, days = datetime.combine(until, datetime.min.time()), (until - since).days
    made: list[Project] = []
    numbers: set[str] = {""}
    names: set[tuple[str, str]] = set()
    while len(made) < projects:
        at = datetime.combine(since + timedelta(days=rng.randrange(days + 1)), datetime.min.time())
        home = rng.choices(list(HOMES), list(HOMES.values()))[0]
        kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
        key = f"M{len(made):04d}"
        project = (
            _draw_government_project(rng, kind, at, key)
            if home == "government"
            else _draw_company_project(rng, home, kind, at, key)
        )
        if (project.number and project.number in numbers) or (project.buyer.name, project.name) in names:
            continue
        numbers.add(project.number)
        names.add((project.buyer.name, project.name))
        made.append(project)
        if project.large_model and rng.random() < 0.25 and len(made) < projects:
            twin = draw_lookalike(rng, project, f"M{len(made):04d}", end)
            if twin and twin.number not in numbers - {""}:
                numbers.add(twin.number)
                names.add((twin.buyer.name, twin.name))
                if "numbered" in twin.traits:
                    made[-1] = replace(project, traits=(project.traits[0], "numbered", *project.traits[1:]))
                made.append(twin)
    return World(seed, tuple(made))


def market(seed: int, projects: int = 200, since: date = date(2024, 6, 1), until: date = date(2025, 8, 31)) -> Market:
    """Return a market of `projects` projects whose first results fall between two days.

    The same seed gives the same market.
    """
    bare = draw_world(seed, projects, since, until)
    return add_truth(bare, {portal: tuple(postings) for portal, postings in spread_postings(bare).items()})


def add_truth(bare: World, postings: dict[str, tuple[Posting, ...]]) -> Market:
    """Return the market with the awards that follow from its postings."""
    postings_of: dict[str, list[Posting]] = {}
    for portal in postings.values():
        for posting in portal:
            postings_of.setdefault(posting.project.key, []).append(posting)
    awards = (market_award(project, postings_of.get(project.key, [])) for project in bare.projects)
    return Market(replace(bare, awards=tuple(award for award in awards if award)), postings)


def restrict(
    made: Market, portals: Container[str] | None = None, since: date = date.min, until: date = date.max
) -> Market:
    """Return what a crawl of some portals over some days can see, with the truth that follows from it."""
    visible = {
        portal: tuple(posting for posting in rows if since <= posting.at.date() <= until)
        for portal, rows in made.postings.items()
        if portals is None or portal in portals
    }
    return add_truth(made.world, visible)


def ccgp_world(made: Market) -> World:
    """Return the part of the market that CCGP shows, as the world for its site."""
    projects = {posting.project.key: posting.project for posting in made.on("ccgp")}
    return replace(made.world, projects=tuple(projects[key] for key in sorted(projects)))
