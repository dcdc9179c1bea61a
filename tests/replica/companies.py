"""Draws projects of operators, power grids, other central enterprises and Yichang's construction platform.

Candidates are published first, then the result.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from tests.replica import pools
from tests.replica.model import Buyer, Change, Event, Lot, Price, Project, Winner
from tests.replica.pools import Place

SHARE_WITH_PRICES = {
    "cmcc": 0.0,
    "chinatelecom": 0.5,
    "chinaunicom": 0.5,
    "sgcc": 0.0,
    "csg": 0.4,
    "central": 0.8,
    "yichang": 0.85,
}
SHARE_WITH_CANDIDATES = {
    "cmcc": 0.85,
    "chinatelecom": 0.3,
    "chinaunicom": 0.5,
    "sgcc": 0.6,
    "csg": 0.7,
    "central": 0.2,
    "yichang": 0.8,
}
NUMBERLESS = {"cmcc"}
LIVES = {
    "plain": 60,
    "candidate_only": 6,
    "failed": 5,
    "failed_then_won": 8,
    "void": 5,
    "next_winner": 5,
    "opinion": 5,
    "direct": 5,
    "never_named": 2,
}
YICHANG = Place("湖北", "宜昌市", "湖北省", "0717", "三峡大学")
NOT_STATE_GRID = {
    "北京",
    "天津",
    "上海",
    "重庆",
    "广东",
    "广西",
    "云南",
    "贵州",
    "海南",
}  # companies with another name, or regions of Southern Grid
_ENDS = {
    "cmcc": {
        "award": "_中选结果公示",
        "candidate": "_中选候选人公示",
        "failed": "_采购失败公告",
        "void": "_中选结果作废公告",
        "correction": "_中选结果变更公示",
        "direct": "_直接采购信息公告",
    },
    "chinatelecom": {
        "award": "采购结果公示",
        "candidate": "候选人公示",
        "failed": "采购失败公告",
        "void": "采购结果作废公告",
        "correction": "采购结果变更公示",
        "direct": "直接采购公示",
    },
    "chinaunicom": {
        "award": "采购结果公示",
        "candidate": "中标候选人公示",
        "failed": "流标公告",
        "void": "采购结果作废公告",
        "correction": "采购结果变更公示",
        "direct": "单一来源采购公示",
    },
    "sgcc": {
        "award": "中标（成交）结果公告",
        "candidate": "推荐的中标候选人公示",
        "failed": "流标公告",
        "void": "中标结果作废公告",
        "correction": "中标结果变更公告",
        "direct": "单一来源采购公示",
    },
    "csg": {
        "award": "中标结果公告",
        "candidate": "中标候选人公示",
        "failed": "流标公告",
        "void": "中标结果作废公告",
        "correction": "中标结果变更公告",
        "direct": "单一来源采购公示",
    },
    "central": {
        "award": "中标结果公示",
        "candidate": "中标候选人公示",
        "failed": "流标公告",
        "void": "中标结果作废公告",
        "correction": "中标结果变更公告",
        "direct": "单一来源采购公示",
    },
    "yichang": {
        "award": "中标结果公告",
        "candidate": "中标候选人公示",
        "failed": "流标公告",
        "void": "中标结果作废公告",
        "correction": "中标结果变更公告",
        "direct": "单一来源采购公示",
    },
}


def draw_buyer(rng: Random, home: str) -> tuple[Buyer, Place]:
    """Draw a buyer that publishes on `home`, and its place."""
    row = rng.choice([row for row in pools.read_rows("companies") if row[1] == home])
    fit = [
        p
        for p in pools.list_places()
        if (not row[3] or p.province == row[3]) and not (home == "sgcc" and p.province in NOT_STATE_GRID)
    ]
    place = rng.choice(fit or list(pools.list_places()))
    one = Buyer(
        place.fill(row[0]),
        pools.draw_street(rng, place),
        pools.draw_person(rng),
        pools.draw_phone(rng, place.code),
        row[3] or place.province,
        place.region,
        row[2],
        home,
    )
    return one, place


def draw_number(rng: Random, home: str, year: int) -> str:
    """Draw a project number in the style of the portal."""
    n = rng.randrange(10**6)
    return {
        "cmcc": "",
        "chinatelecom": f"DX{year}{n:08d}",
        "chinaunicom": f"LT-{year}-{n:07d}",
        "sgcc": f"{year % 100}{n:06d}-FW{n % 9 + 1}",
        "csg": f"CG{n:010d}{year % 100}",
        "central": f"TLZB{year}-{n:06d}",
        "yichang": f"YCA{n:06d}-{year}{n % 12 + 1:02d}-01",
    }[home]


def _draw_bid(rng: Random, budget: Decimal) -> Decimal:
    return pools.draw_yuan(rng, max(int(budget * Decimal("0.75") / 10000), 1), max(int(budget / 10000), 2))


def _draw_lot(
    rng: Random, *, no: int, name: str, home: str, place: Place, wanted: str, budget: Decimal, about: bool
) -> Lot:
    """Draw one lot with its winners, losers and bids."""
    first = pools.draw_supplier(rng, place, wanted)
    price = Price("total", yuan=_draw_bid(rng, budget))
    if rng.random() < 0.12:
        price = Price(
            "rate", number=f"{rng.randrange(70, 99)}.{rng.choice(['0', '5', '25'])}", unit="%", label="折扣率"
        )
    winners = (first,)
    if home == "cmcc" and rng.random() < 0.3:
        winners = _draw_shared_winners(rng, first, wanted, budget, price)
        if price.yuan is not None:
            price = replace(price, yuan=sum((w.quote or Decimal(0) for w in winners), Decimal(0)))
    elif home == "yichang" and rng.random() < 0.2:
        other = next(w for w in iter(lambda: pools.draw_supplier(rng, place, "it"), None) if w.name != first.name)
        winners = (replace(first, role="consortium_lead"), replace(other, role="consortium_member"))
    if price.yuan is not None and winners[0].role != "shared":
        winners = (replace(winners[0], quote=price.yuan), *winners[1:])
    taken, losers = {w.name for w in winners}, []
    for _ in range(rng.choice([1, 2, 2])):
        other = pools.draw_supplier(rng, rng.choice(pools.list_places()), rng.choice([wanted, "it"]))
        if other.name not in taken:
            taken.add(other.name)
            losers.append((other.name, _draw_bid(rng, budget)))
    return Lot(no, name, price, winners, budget, about, losers=tuple(losers), goods=(name,))


def _draw_shared_winners(rng: Random, first: Winner, wanted: str, budget: Decimal, price: Price) -> tuple[Winner, ...]:
    """Draw several winners of one lot. Each bids for its own share."""
    shares = rng.choice([("60", "40"), ("50.48", "30.64", "18.88"), ("70", "30")])
    winners = [first]
    while len(winners) < len(shares):
        other = pools.draw_supplier(rng, rng.choice(pools.list_places()), wanted)
        if other.name not in {w.name for w in winners}:
            winners.append(other)
    quotes = [
        (_draw_bid(rng, budget) * Decimal(share) / 100).quantize(Decimal("0.01")) if price.yuan else None
        for share in shares
    ]
    return tuple(
        replace(w, role="shared", share=Decimal(share), quote=quote)
        for w, share, quote in zip(winners, shares, quotes, strict=True)
    )


def _draw_further_packages(rng: Random, first: int, place: Place) -> tuple[Lot, ...]:
    """Sometimes draw dozens of ordinary packages, one per district.

    The table of such a batch runs over several pages.
    """
    wares = [
        (row[0], place.short)
        for row in pools.read_rows("company_subjects")
        if row[1] == "ordinary"
        for place in pools.list_places()
    ]
    packages = rng.sample(wares, rng.choice([12, 30, 60])) if rng.random() < 0.3 else []
    return tuple(
        _draw_lot(
            rng,
            no=no,
            name=f"{ware}（{district}）",
            home="sgcc",
            place=place,
            wanted="service",
            budget=pools.draw_yuan(rng, 20, 300),
            about=False,
        )
        for no, (ware, district) in enumerate(packages, first)
    )


def _draw_lots(
    rng: Random, home: str, place: Place, subject: tuple[str, ...], name: str
) -> tuple[tuple[Lot, ...], bool]:
    """Draw the lots, and whether the project as a whole is about large models."""
    title, kind, _, goods_kind, budget, goods = subject
    low, high = (int(n) for n in budget.split("-"))
    wanted = {"lm": "lm", "hard": "it"}.get(kind, {"货物": "goods", "服务": "service", "工程": "works"}[goods_kind])
    parts = goods.split(";")
    if home == "sgcc":  # a batch of packages; one of them is the subject
        others = rng.sample(
            [row for row in pools.read_rows("company_subjects") if row[1] == "ordinary" and row[0] != title],
            rng.choice([1, 2, 3]),
        )
        rows = [(title, kind == "lm", wanted, low, high)]
        rows += [(o[0], False, "service", *(int(n) for n in o[4].split("-"))) for o in others]
        rng.shuffle(rows)
        lots = tuple(
            _draw_lot(
                rng, no=i, name=n, home=home, place=place, wanted=w, budget=pools.draw_yuan(rng, lo, hi), about=about
            )
            for i, (n, about, w, lo, hi) in enumerate(rows, 1)
        )
        return lots + _draw_further_packages(Random(f"batch {name} {place.city}"), len(lots) + 1, place), False
    count = 2 if len(parts) > 1 and rng.random() < 0.2 and home != "yichang" else 1
    lots = tuple(
        _draw_lot(
            rng,
            no=i + 1,
            name=parts[i] if count > 1 else name,
            home=home,
            place=place,
            wanted=wanted,
            budget=pools.draw_yuan(rng, low, high),
            about=kind == "lm",
        )
        for i in range(count)
    )
    return lots, kind == "lm"


def draw_project_name(rng: Random, home: str, who: Buyer, title: str, year: int) -> str:
    """Build a project name in the style of the portal."""
    if home == "sgcc":
        return f"{who.name}{year}年{rng.choice(['数字化项目', '服务', '信息化'])}第{rng.choice('一二三四五')}次公开招标采购"
    if home == "yichang":
        return f"{who.name.replace('（本级）', '')}{title}" if rng.random() < 0.6 else f"宜昌市{title}"
    end = rng.choice(["采购项目", "公开询比采购项目", "项目"])
    style = rng.random()
    if style < 0.55:
        return f"{who.name}{year}年{title}{end}"
    if style < 0.8:
        return f"{who.name}{year}年至{year + 1}年{title}{end}"
    return f"{year}年{title}{end}"


def draft_project(
    rng: Random,
    home: str,
    kind: str,
    at: datetime,
    key: str,
    subject: tuple[str, ...] | None = None,
    who: tuple[Buyer, Place] | None = None,
) -> Project:
    """Draw a company's project with its notices. The first result is published about `at`.

    `kind` is lm, hard or ordinary. `subject` is a row of `company_subjects`. Subject and buyer are drawn if not given.
    """
    subject = subject or rng.choice([row for row in pools.read_rows("company_subjects") if row[1] == kind])
    if who is None and home == "yichang":
        who = (replace(pools.draw_buyer(rng, YICHANG, ("any",), False), scope=home), YICHANG)
    owner, place = who or draw_buyer(rng, home)
    name = draw_project_name(rng, home, owner, subject[0], at.year)
    lots, large = _draw_lots(rng, home, place, subject, name)
    life = rng.choices(list(LIVES), list(LIVES.values()))[0]
    bare = Project(
        key,
        draw_number(rng, home, at.year),
        name,
        owner,
        pools.draw_agency(rng, place),
        "",
        subject[3],
        "公开询比" if home == "cmcc" else "公开招标",
        large,
        tuple(t for t in subject[2].split(",") if t),
        (),
        (kind if kind != "lm" else "large_model", life),
        pools.draw_experts(rng),
    )
    return replace(bare, events=make_events(rng, bare, lots, home, life, at))


def _draw_working_hour(rng: Random, at: datetime, low: int, high: int) -> datetime:
    """Draw a time in office hours, `low` to `high` days after `at`."""
    return (at + timedelta(days=rng.randrange(low, high + 1))).replace(
        hour=rng.randrange(8, 19), minute=rng.randrange(60)
    )


def make_event(project: Project, what: str, at: datetime, lots: tuple[Lot, ...], extra: str = "") -> Event:
    """Build one notice with the title that the portal gives it."""
    home = project.buyer.scope
    title = (
        f"关于征集{project.name}技术规范书意见的公告" if what == "opinion" else project.name + extra + _ENDS[home][what]
    )
    kinds = {"void": ("failed",), "direct": ("single_source",), "opinion": ("other", "intention", "tender")}.get(
        what, (what,)
    )
    return Event(what, kinds, at, title, "", lots, "company")


def _without_prices(lots: tuple[Lot, ...]) -> tuple[Lot, ...]:
    """Return the lots as a result without prices shows them: names and shares only."""
    return tuple(replace(one, price=Price("undisclosed"), losers=()) for one in lots)


def make_events(
    rng: Random, project: Project, lots: tuple[Lot, ...], home: str, life: str, at: datetime
) -> tuple[Event, ...]:
    """Build the notices of a life.

    A result without prices usually follows a candidate notice that has them.
    """
    extra = rng.choice(["（二次）", "（第二次）", "(重新采购)"]) if life == "failed_then_won" else ""
    has_candidates = rng.random() < SHARE_WITH_CANDIDATES[home] or life in ("candidate_only", "next_winner")
    result = make_event(
        project,
        "award",
        _draw_working_hour(rng, at, 0, 0),
        lots if rng.random() < SHARE_WITH_PRICES[home] else _without_prices(lots),
        extra,
    )
    events = [result]
    if has_candidates:
        events.insert(0, make_event(project, "candidate", _draw_working_hour(rng, result.at, -9, -3), lots, extra))
    failed_lots = tuple(
        replace(one, winners=(), price=Price("undisclosed"), failed="有效应答人不足三家") for one in lots
    )
    if life == "candidate_only":
        events = events[:1]
    elif life == "failed":
        events = [make_event(project, "failed", result.at, failed_lots)]
    elif life == "failed_then_won":
        events.insert(0, make_event(project, "failed", _draw_working_hour(rng, result.at, -45, -30), failed_lots))
    elif life == "void":
        events.append(make_event(project, "void", _draw_working_hour(rng, result.at, 3, 20), lots))
    elif (
        life == "next_winner"
        and lots[0].losers
        and lots[0].winners[0].role == "sole"
        and lots[0].price.yuan is not None
        and (
            home == "cmcc" or result.lots[0].price.yuan is not None  # other portals print the corrected price
        )
    ):
        events.append(_award_to_next(rng, project, events[-1], lots))
    elif life == "opinion":
        events.insert(0, make_event(project, "opinion", _draw_working_hour(rng, events[0].at, -50, -35), lots))
    elif life == "direct":
        events = [make_event(project, "direct", result.at, lots[:1])]
    elif life == "never_named":
        events = [make_event(project, "opinion", result.at, lots)]
    return tuple(events)


def _award_to_next(rng: Random, project: Project, result: Event, lots: tuple[Lot, ...]) -> Event:
    """Correct the result: the winner withdraws and the next candidate gets the lot for its own bid."""
    before, (name, quote) = result.lots[0], lots[0].losers[0]
    price = Price("total", yuan=quote) if before.price.yuan is not None else before.price
    after = replace(before, winners=(Winner(name, pools.draw_street(rng, YICHANG), quote=quote),), price=price)
    change = Change(before.no, before, after, "因原中选人放弃中选资格，按评审排序由下一候选人递补。")
    made = make_event(project, "correction", _draw_working_hour(rng, result.at, 3, 12), (after, *result.lots[1:]))
    return replace(made, changes=(change,))
