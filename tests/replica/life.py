"""Gives a draft its life: which notices appear, when, and what each of them reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from tests.replica import pools
from tests.replica.build import Draft, draw_lot
from tests.replica.model import Change, Event, Lot, Price, Project, Winner

LARGE_MODEL_LIVES = {
    "plain": 44,
    "corrected_amount": 8,
    "corrected_winner": 8,
    "corrected_minor": 5,
    "void": 6,
    "void_then_won": 4,
    "failed": 5,
    "failed_then_won": 7,
    "split": 6,
    "twice": 5,
    "contract": 4,
    "misfiled_tender": 3,
    "terminated": 2,
}
OTHER_LIVES = {
    "plain": 76,
    "corrected_amount": 2,
    "corrected_winner": 2,
    "corrected_minor": 4,
    "void": 2,
    "failed": 5,
    "failed_then_won": 2,
    "split": 2,
    "twice": 1,
    "misfiled_tender": 2,
    "clarification": 4,
    "contract": 1,
}
_REASONS_FOR_NEXT_WINNER = (
    "原中标供应商自愿放弃中标资格，依据《中华人民共和国政府采购法实施条例》第四十九条的规定，顺延第二名中标候选人为中标供应商。",
    "因原成交供应商无法满足项目需求放弃成交资格，采购人决定按照评审报告推荐的成交候选人名单排序，确定下一候选人为成交供应商。",
)
_REASONS_FOR_NEW_SUM = (
    "因工作人员录入有误，中标（成交）金额填写错误，现予以更正。",
    "因系统填报错误，原公告金额有误。",
)


def award_channel(draft: Draft) -> str:
    """Return the CCGP channel for awards of the project's procurement method."""
    return "zbgg" if draft.method == "公开招标" else "cjgg"


def _draw_title(rng: Random, draft: Draft, what: str, extra: str = "") -> str:
    """Draw a title for a notice."""
    tender = draft.method == "公开招标"
    name = draft.name + extra
    if what == "award":
        ends = {
            "national": ["中标公告", "中标结果公告"] if tender else ["成交公告", "成交结果公告"],
            "jiangxi": ["结果公示"],
            "hebei": ["中标公告"] if tender else [f"{draft.method}成交公告"],
            "hubei": ["中标结果公告"] if tender else ["成交结果公告"],
            "henan": ["-结果公告", "中标公告"],
            "shanghai": ["的中标（成交）结果公告"],
            "guizhou": ["的中标(成交)结果公告"],
        }.get(draft.form, ["中标（成交）结果公告", "结果公告", "中标(成交)结果公告"])
        title = name + rng.choice(ends)
        if draft.form.startswith("zcy") and rng.random() < 0.5:
            title = f"{draft.agency.name}关于{title}"
        if draft.form == "jiangxi":
            title = f"{draft.agency.name}关于{name}（项目编号：{draft.number}）{draft.method}{'中标' if tender else '成交'}结果公示"
        return title
    if what == "correction":
        return name + rng.choice(
            ["更正公告", "中标结果更正公告" if tender else "成交结果更正公告", "结果更正公告（第一次）"]
        )
    if what == "clarification":
        return name + rng.choice(["更正公告", "采购更正公告（第一次）", "变更公告"])
    if what == "failed":
        return name + rng.choice(["废标公告", "流标公告", "终止公告", "废标（终止）公告"])
    if what == "void":
        return name + rng.choice(
            ["中标结果作废公告", "中标结果无效公告"] if tender else ["成交结果无效公告", "成交结果作废公告"]
        )
    if what == "terminated":
        return name + "终止公告"
    if what == "contract":
        return name + rng.choice(["合同公告", "政府采购合同公告"])
    return name + {"公开招标": "公开招标公告", "竞争性磋商": "竞争性磋商公告", "竞争性谈判": "竞争性谈判公告"}.get(
        draft.method, "询价公告"
    )


def _make_event(rng: Random, draft: Draft, what: str, at: datetime, lots: tuple[Lot, ...], **more: object) -> Event:
    """Build one notice of a draft with its title, kinds and channel."""
    kinds = {
        "award": ("award",),
        "correction": ("correction",),
        "clarification": ("correction",),
        "failed": ("failed",),
        "void": ("failed",),
        "terminated": ("failed",),
        "contract": ("contract",),
        "tender": ("tender",),
    }[what]
    channel = {
        "award": award_channel(draft),
        "correction": "gzgg",
        "clarification": "gzgg",
        "failed": "fblbgg",
        "void": "fblbgg",
        "terminated": "fblbgg",
        "contract": award_channel(draft),
        "tender": award_channel(draft),
    }[what]
    if what == "failed" and rng.random() < 0.3:
        channel = award_channel(draft)  # 流标公告 in the award channel
    if what == "void" and rng.random() < 0.4:
        channel = "gzgg"
    extra = str(more.pop("extra", ""))
    event = Event(
        "void" if what == "terminated" else what,
        kinds,
        at,
        _draw_title(rng, draft, what, extra),
        channel,
        lots,
        draft.form,
        note=what if what == "terminated" else "",
    )
    return replace(event, **more)  # type: ignore[arg-type]


def _add_working_days(rng: Random, at: datetime, low: int, high: int) -> datetime:
    """Move a time by `low` to `high` days, to a weekday in office hours."""
    at += timedelta(days=rng.randrange(low, high + 1))
    while at.weekday() > 4:
        at += timedelta(days=1)
    return at.replace(hour=rng.randrange(8, 19), minute=rng.randrange(60))


def _award_to_another(rng: Random, place: pools.Place, one: Lot, wanted: str) -> Lot:
    """Award the lot to another supplier for another price."""
    while True:
        other = pools.draw_supplier(rng, place, wanted)
        if other.name not in {w.name for w in one.winners}:
            break
    price = one.price
    if price.yuan is not None:
        price = Price("total", yuan=(price.yuan * Decimal("1.03")).quantize(Decimal("1")))
    return replace(one, winners=(Winner(other.name, other.address),), price=price, score="86.79")


def add_notices(rng: Random, draft: Draft, at: datetime, key: str, life: str | None = None) -> Project:
    """Return the project with its notices. The first award, if any, is published on the day of `at`.

    `life` names the sequence of notices, such as plain, void or split. It is drawn if not given.
    """
    weights = LARGE_MODEL_LIVES if "large_model" in draft.traits or "hidden" in draft.traits else OTHER_LIVES
    life = "plain" if "batch" in draft.traits else life or rng.choices(list(weights), list(weights.values()))[0]
    draft, life = _adjust_draft(rng, draft, life)
    at = _add_working_days(rng, at, 0, 0)
    wanted = (
        "lm"
        if draft.traits[0] in ("large_model", "hidden")
        else {"货物": "goods", "服务": "service", "工程": "works"}[draft.kind]
    )
    award = _make_event(rng, draft, "award", at, draft.lots)
    events: list[Event] = [award]
    if life in ("corrected_amount", "corrected_winner"):
        index = rng.randrange(len(draft.lots))
        before = draft.lots[index]
        if life == "corrected_winner":
            after, why = _award_to_another(rng, draft.place, before, wanted), rng.choice(_REASONS_FOR_NEXT_WINNER)
        else:
            assert before.price.yuan is not None
            moved = before.price.yuan * rng.choice([Decimal("0.1"), Decimal("0.9"), Decimal("0.97")])
            after = replace(before, price=Price("total", yuan=max(moved.quantize(Decimal("1")), Decimal(10000))))
            why = rng.choice(_REASONS_FOR_NEW_SUM)
        change = Change(before.no, before, after, why)
        corrected_lots = tuple(after if one.no == after.no else one for one in draft.lots)
        events.append(
            _make_event(rng, draft, "correction", _add_working_days(rng, at, 1, 9), corrected_lots, changes=(change,))
        )
    elif life == "corrected_minor":
        events.append(_make_event(rng, draft, "correction", _add_working_days(rng, at, 1, 6), draft.lots, note="minor"))
    elif life in ("void", "void_then_won", "terminated"):
        what = "terminated" if life == "terminated" else "void"
        cancellation = _make_event(rng, draft, what, _add_working_days(rng, at, 3, 20), draft.lots)
        events.append(cancellation)
        if life == "void_then_won":
            new_lots = tuple(_award_to_another(rng, draft.place, one, wanted) for one in draft.lots if one.won)
            events.append(
                _make_event(
                    rng,
                    draft,
                    "award",
                    _add_working_days(rng, cancellation.at, 15, 35),
                    new_lots,
                    extra=rng.choice(["（重新招标）", "（二次）"]),
                )
            )
    elif life == "failed":
        events = [_make_event(rng, draft, "failed", at, _fail_all_lots(rng, draft))]
    elif life == "failed_then_won":
        before_at = _add_working_days(rng, at - timedelta(days=40), 0, 6)
        events.insert(0, _make_event(rng, draft, "failed", before_at, _fail_all_lots(rng, draft)))
        events[1] = replace(
            events[1], title=_draw_title(rng, draft, "award", rng.choice(["（二次）", "（第二次）", "(重新招标)"]))
        )
    elif life == "split":
        events = []
        for index, one in enumerate(draft.lots):
            day = at if index == 0 else _add_working_days(rng, events[-1].at, 1, 12)
            events.append(_make_event(rng, draft, "award", day, (one,), extra=f" 包{one.no}（{one.name}）"))
    elif life == "twice":
        events.append(replace(award, at=_add_working_days(rng, at, 0, 2) + timedelta(minutes=7)))
    elif life == "contract":
        won = [one for one in draft.lots if one.won]
        signed = tuple(_reveal_price(rng, one) if len(won) == 1 else one for one in won)
        events.append(_make_event(rng, draft, "contract", _add_working_days(rng, at, 12, 30), signed))
    elif life == "misfiled_tender":
        events.insert(
            0, _make_event(rng, draft, "tender", _add_working_days(rng, at - timedelta(days=32), 0, 4), draft.lots)
        )
    elif life == "clarification":
        events.insert(
            0,
            _make_event(rng, draft, "clarification", _add_working_days(rng, at - timedelta(days=20), 0, 5), draft.lots),
        )
    return Project(
        key,
        draft.number,
        draft.name,
        draft.buyer,
        draft.agency,
        draft.category,
        draft.kind,
        draft.method,
        draft.large_model,
        draft.types,
        tuple(events),
        (*draft.traits, life),
        draft.experts,
    )


def _reveal_price(rng: Random, one: Lot) -> Lot:
    """Give an undisclosed price a value, as contract notices sometimes do."""
    if one.price.kind != "undisclosed":
        return one
    return replace(
        one,
        price=Price(
            "total",
            yuan=pools.draw_yuan(rng, max(int(one.budget * Decimal("0.8") / 10000), 1), int(one.budget / 10000) + 1),
        ),
    )


def _fail_all_lots(rng: Random, draft: Draft) -> tuple[Lot, ...]:
    """Return the lots of a notice that nobody won."""
    return tuple(
        replace(one, winners=(), price=Price("undisclosed"), failed=one.failed or "有效投标人不足三家，废标")
        for one in draft.lots
    )


def _adjust_draft(rng: Random, draft: Draft, life: str) -> tuple[Draft, str]:
    """Change the draft so that it fits the life, for example with a price to correct or lots to split."""
    lots = draft.lots
    if life in ("corrected_amount", "corrected_winner"):
        lots = tuple(
            replace(
                one,
                failed="",
                price=Price(
                    "total",
                    yuan=pools.draw_yuan(
                        rng, max(int(one.budget * Decimal("0.8") / 10000), 1), int(one.budget / 10000) + 1
                    ),
                ),
                winners=one.winners[:1]
                if one.winners and one.winners[0].role == "sole"
                else (
                    replace(
                        (one.winners or (pools.draw_supplier(rng, draft.place, "it"),))[0], role="sole", share=None
                    ),
                ),
            )
            for one in lots
        )
    if life == "split":
        if len(lots) < 2 and draft.form in ("hubei", "national", "packages") and draft.traits[0] != "hidden":
            one = lots[0]
            more = draw_lot(
                rng,
                no=2,
                name=f"{one.goods[-1]}配套服务",
                place=draft.place,
                form=draft.form,
                wanted="it",
                budget=one.budget,
                large_model=one.large_model,
                goods=(f"{one.goods[-1]}配套服务",),
            )
            lots = (replace(one, name=one.goods[0]), more)
        elif len(lots) < 2:
            life = "plain"
        lots = tuple(one if one.won else replace(lots[0], no=one.no, name=one.name, goods=one.goods) for one in lots)
        if life == "split" and not lots[0].won:
            life = "plain"
    if life not in ("failed",) and not any(one.won for one in lots):
        life = "failed"
    return replace(draft, lots=lots), life
