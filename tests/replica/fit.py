"""Scales the sums of drawn projects until they add up to the planned totals and shares.

Awards get factors by type, sector and month. One plain award per month takes the remaining cents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tests.replica.model import AwardTruth, Event, Lot, Project
from tests.replica.plan import Month, Period

ROUNDS = 400


@dataclass(frozen=True)
class Item:
    """An award with a price, as the fit sees it."""

    month: str
    project_type: str
    sector: str
    yuan: Decimal


def fit_item(award: AwardTruth) -> Item:
    """Reduce an award to what the fit needs."""
    return Item(award.month, award.project_types[0], award.sector, award.amount_yuan or Decimal(0))


def fit_factors(items: Sequence[Item], months: dict[str, Month], period: Period) -> list[float]:
    """Return the factor for each sum.

    Iterative proportional fitting over types, sectors and months. Raises ValueError if the shares cannot be reached.
    """
    total = sum(float(months[month].yuan) for month in period.months)
    groups: list[dict[str, tuple[list[int], float]]] = []
    for names, shares in (([i.project_type for i in items], period.types), ([i.sector for i in items], period.sectors)):
        members: dict[str, list[int]] = defaultdict(list)
        for index, name in enumerate(names):
            members[name if name in shares else ""].append(index)
        wanted = {name: float(share) / 100 * total for name, share in shares.items()} | {
            "": float(100 - sum(shares.values())) / 100 * total
        }
        groups.append({name: (members[name], sum_) for name, sum_ in wanted.items()})
    by_month: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(items):
        by_month[one.month].append(index)
    groups.append({month: (by_month[month], float(months[month].yuan)) for month in period.months})
    values = [float(one.yuan) for one in items]
    for _ in range(ROUNDS):
        error = 0.0
        for group in groups:
            for members_, wanted_ in group.values():
                current = sum(values[index] for index in members_)
                if not current:
                    raise ValueError("a group has no award: draw more of them")
                error = max(error, abs(current / wanted_ - 1))
                for index in members_:
                    values[index] *= wanted_ / current
        if error < 1e-7:
            break
    else:
        raise ValueError(f"the shares do not fit together ({error:.4f} off)")
    return [value / float(one.yuan) for value, one in zip(values, items, strict=True)]


def _multiply(yuan: Decimal, factor: Decimal) -> Decimal:
    """Multiply a sum. A round bid stays round."""
    step = next((Decimal(s) for s in ("10000", "100", "1") if yuan % Decimal(s) == 0), Decimal("0.01"))
    if step == 10000 and yuan * factor < 500000:
        step = Decimal(100)
    return max((yuan * factor / step).quantize(Decimal(1)) * step, Decimal(1000))


def _scale_lot(lot: Lot, factor: Decimal) -> Lot:
    """Multiply price, bids and budget of a lot."""
    winners = tuple(replace(w, quote=_multiply(w.quote, factor) if w.quote is not None else None) for w in lot.winners)
    losers = tuple((name, _multiply(bid, factor)) for name, bid in lot.losers)
    price = lot.price
    if price.yuan is not None:
        quotes = [w.quote for w in winners if w.quote is not None]
        shared = len(quotes) > 1 and sum((w.quote or Decimal(0) for w in lot.winners), Decimal(0)) == price.yuan
        price = replace(price, yuan=sum(quotes, Decimal(0)) if shared else _multiply(price.yuan, factor))
    return replace(lot, price=price, winners=winners, losers=losers, budget=_multiply(lot.budget, factor))


def scale_project(project: Project, factor: float) -> Project:
    """Multiply all sums of a project in all its notices."""
    by = Decimal(f"{factor:.9f}")

    def event(one: Event) -> Event:
        changes = tuple(replace(c, before=_scale_lot(c.before, by), after=_scale_lot(c.after, by)) for c in one.changes)
        return replace(one, lots=tuple(_scale_lot(lot, by) for lot in one.lots), changes=changes)

    return replace(project, events=tuple(event(one) for one in project.events))


def is_plain(project: Project) -> bool:
    """Check for one result with one lot, one winner and one price.

    Such a price can be changed without touching anything else.
    """
    results = [event for event in project.events if event.what == "award"]
    return (
        project.traits[-1] == "plain"
        and len(project.events) == 1
        and len(results) == 1
        and len(results[0].lots) == 1
        and len(results[0].lots[0].winners) == 1
        and results[0].lots[0].price.kind == "total"
        and project.large_model
    )


def move_price(project: Project, by: Decimal) -> Project:
    """Add `by` yuan to the price of a plain project."""
    [event] = project.events
    [lot] = event.lots
    assert lot.price.yuan is not None
    price = lot.price.yuan + by
    assert price > 0
    winner = replace(lot.winners[0], quote=price if lot.winners[0].quote is not None else None)
    lot = replace(lot, price=replace(lot.price, yuan=price), winners=(winner,), budget=max(lot.budget, price))
    return replace(project, events=(replace(event, lots=(lot,)),))


def fit_projects(
    projects: list[Project],
    months: dict[str, Month],
    periods: Sequence[Period],
    truth: Callable[[Project], AwardTruth | None],
) -> list[Project]:
    """Return the projects with sums that add up.

    Months match to the cent. The shares of a period match as closely as that allows.
    """
    out = list(projects)
    for period in periods:
        period_awards = [
            (index, award)
            for index, project in enumerate(out)
            if (award := truth(project)) and is_counted(award) and award.month in period.months
        ]
        priced = [(index, award) for index, award in period_awards if award.amount_yuan is not None]
        for (index, _), factor in zip(
            priced, fit_factors([fit_item(award) for _, award in priced], months, period), strict=True
        ):
            out[index] = scale_project(out[index], factor)
        for month in period.months:
            month_indexes = [index for index, award in priced if award.month == month]
            sums = {
                index: award.amount_yuan
                for index in month_indexes
                if (award := truth(out[index])) and award.amount_yuan is not None
            }
            difference = months[month].yuan - sum(sums.values(), Decimal(0))
            adjusted = max((index for index in sums if is_plain(out[index])), key=lambda index: sums[index])
            out[adjusted] = move_price(out[adjusted], difference)
    return out


def is_counted(award: AwardTruth) -> bool:
    """Check whether the market definition counts the award."""
    return award.large_model and award.status == "awarded"
