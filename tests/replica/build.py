"""Drafts one government project: buyer, lots, suppliers and prices.

`life.py` adds the notices.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from random import Random

from tests.replica import pools
from tests.replica.model import Buyer, Lot, Party, Price, Winner
from tests.replica.pools import Place, Subject

FORM_OF = {
    "浙江": "zcy_zhejiang",
    "山西": "zcy",
    "吉林": "zcy",
    "新疆": "zcy",
    "青海": "zcy_qinghai",
    "广西": "zcy",
    "云南": "zcy_yunnan",
    "贵州": "guizhou",
    "上海": "shanghai",
    "湖北": "hubei",
    "内蒙古": "packages",
    "黑龙江": "packages",
    "福建": "packages",
    "四川": "packages",
    "陕西": "packages",
    "广东": "packages",
    "河北": "hebei",
    "江西": "jiangxi",
    "北京": "beijing",
    "河南": "henan",
    "山东": "shandong",
    "重庆": "chongqing",
    "江苏": "jiangsu",
    "海南": "hainan",
    "甘肃": "gansu",
    "湖南": "capitals",
    "安徽": "capitals",
    "辽宁": "capitals",
    "宁夏": "capitals",
}
ONE_LOT_FORMS = {"hebei", "jiangxi", "jiangsu", "hainan", "gansu"}
SHARED_FORMS = {"national", "packages"}
_SCORES = ("95.47", "92.53", "88.67", "94.19", "87.80", "91.74", "79.99", "98.58", "90.26")
_FAILURE_REASONS = (
    "有效投标人不足三家，废标",
    "递交投标文件的供应商不足三家",
    "实质性响应招标文件的供应商不足三家，流标",
    "最后报价均超过采购预算，废标",
)


@dataclass(frozen=True)
class Draft:
    """A project before it has notices."""

    name: str
    number: str
    buyer: Buyer
    agency: Party
    place: Place
    category: str
    kind: str
    method: str
    form: str
    lots: tuple[Lot, ...]
    large_model: bool
    types: tuple[str, ...]
    traits: tuple[str, ...]
    experts: tuple[str, ...]


def choose_form(place: Place, scope: str) -> str:
    """Name the page form that the buyer's platform uses."""
    if scope == "zygg":
        return "national"
    if place.city.startswith("深圳"):
        return "shenzhen"
    return FORM_OF.get(place.province, "national")


def draw_number(rng: Random, form: str, place: Place, year: int) -> str:
    """Draw a project number in the style of the platform."""
    n, letters = rng.randrange(100, 9999), "".join(rng.sample("ABCDEFGHJKLMNPQRSTUVWXYZ", 4))
    yy = year % 100
    digits = f"{rng.randrange(10**9):09d}"
    styles = {
        "zcy_zhejiang": [
            f"{rng.randrange(330100, 331199)}{yy}{digits}{rng.randrange(10**4):04d}-{letters}-{year}-N{n:06d}",
            f"{letters}-{year}-{n}",
        ],
        "zcy": [
            f"{rng.randrange(140100, 149999)}{year}AGK{n:05d}",
            f"{letters}ZC{year}-G1-{n:05d}-{letters[:2]}ZB-{rng.randrange(999):04d}",
        ],
        "zcy_yunnan": [f"YNZC{year}-G1-{n:05d}-{letters}-{rng.randrange(999):04d}"],
        "zcy_qinghai": [f"{place.province}{place.short}公招（货物）{year}-{n:03d}"],
        "guizhou": [f"{letters}{year}-CG{n:03d}", f"申请编号{rng.randrange(10**6):07d}"],
        "shanghai": [f"310{rng.randrange(100, 199)}000{yy}{digits}-{rng.randrange(10**7, 10**8)}"],
        "hubei": [f"{letters[:2]}{year}C{n:03d}", f"HBT-{digits}-{yy}{n:04d}"],
        "packages": {
            "四川": [f"N{rng.randrange(510100, 519999)}{year}{n:06d}"],
            "福建": [f"[{rng.randrange(350100, 350999)}]{letters}[GK]{year}{n:03d}"],
            "广东": [f"{place.short}公易采〔{year}〕{n:04d}号", f"44{rng.randrange(1000, 1999)}-{year}-{n:05d}"],
        }.get(place.province, [f"{letters}-G-H-{yy}{n:04d}"]),
        "shenzhen": [f"{letters}CG{year}{n:06d}"],
        "hebei": [f"{letters[:3]}CS{year}{n}"],
        "jiangxi": [f"{letters}-ZFCG-{year}-{n:03d}", f"{letters}{year}-JX-C{n:04d}"],
        "beijing": [f"11{rng.randrange(10**4):04d}{yy}2102{digits[:8]}-XM001"],
        "henan": [f"{place.short}财招标采购-{year}-{n}", f"{letters}-{year}-{n}"],
        "shandong": [f"SDGP37{rng.randrange(10**7):07d}{year}02{n:06d}"],
        "chongqing": [f"{letters[:3]}{yy}C{n:05d}"],
    }
    return rng.choice(
        styles.get(form)
        or [
            f"{letters}-{year}-{n:04d}",
            f"{letters}{year}{n:04d}",
            f"{letters}-{yy}{n:04d}/{rng.randrange(10, 99)}",
            f"{year}{rng.randrange(1, 13):02d}{digits[:6]}",
        ]
    )


def draw_price(rng: Random, budget: Decimal, large_model: bool) -> Price:
    """Draw a price: mostly a total, sometimes a rate, a unit price or no price at all."""
    dice = rng.random()
    if dice < (0.84 if large_model else 0.78):
        return Price(
            "total",
            yuan=pools.draw_yuan(rng, max(int(budget * Decimal("0.8") / 10000), 1), max(int(budget / 10000), 2)),
        )
    if dice < (0.90 if large_model else 0.92):
        label = rng.choice(["费率", "折扣率", "下浮率", "优惠率"])
        low, high = (3, 40) if label == "下浮率" else (60, 99)
        return Price(
            "rate", number=f"{rng.randrange(low, high)}.{rng.choice(['0', '5', '25', '8'])}", unit="%", label=label
        )
    if dice < (0.94 if large_model else 0.97):
        unit = rng.choice(
            ["元/人·天", "元/次", "元/千tokens"] if large_model else ["元/趟", "元/平方米·月", "元/份", "元/吨"]
        )
        return Price("unit_price", number=rng.choice(["0.8", "47.00", "540", "1150.00", "12.50"]), unit=unit)
    return Price("undisclosed")


def _draw_losers(rng: Random, wanted: str, budget: Decimal, taken: set[str]) -> tuple[tuple[str, Decimal], ...]:
    out: list[tuple[str, Decimal]] = []
    for _ in range(rng.choice([2, 2, 3, 4])):
        other = pools.draw_supplier(
            rng,
            rng.choice(pools.list_places()),
            wanted if wanted in ("goods", "service", "works") else rng.choice(["lm", "it"]),
        )
        if other.name not in taken:
            taken.add(other.name)
            out.append((other.name, (budget * Decimal(rng.randrange(85, 100)) / 100).quantize(Decimal("1"))))
    return tuple(out)


def draw_winners(rng: Random, place: Place, wanted: str, form: str, price: Price) -> tuple[Winner, ...]:
    """Draw the winners of a lot: one supplier, a consortium, or several suppliers that share it."""
    first = pools.draw_supplier(rng, place, wanted)
    dice = rng.random()
    if dice < 0.12:
        members: list[Winner] = [replace(first, role="consortium_lead")]
        while len(members) < rng.choice([2, 2, 3]):
            other = pools.draw_supplier(rng, place, rng.choice([wanted, "it"]))
            if other.name not in {m.name for m in members}:
                members.append(replace(other, role="consortium_member"))
        return tuple(members)
    if dice < 0.2 and form in SHARED_FORMS and price.kind in ("rate", "undisclosed"):
        shares = rng.choice([("60", "40"), ("50", "30", "20"), ()])
        winners: list[Winner] = [first]
        while len(winners) < (len(shares) or 3):
            other = pools.draw_supplier(rng, rng.choice(pools.list_places()), wanted)
            if other.name not in {w.name for w in winners}:
                winners.append(other)
        return tuple(
            replace(w, role="shared", share=Decimal(shares[i]) if shares else None) for i, w in enumerate(winners)
        )
    return (first,)


def draw_lot(
    rng: Random,
    *,
    no: int,
    name: str,
    place: Place,
    form: str,
    wanted: str,
    budget: Decimal,
    large_model: bool,
    goods: tuple[str, ...],
    failed: bool = False,
) -> Lot:
    """Draw one lot with its winners and losers, or a failed one without winners."""
    price = draw_price(rng, budget, large_model)
    winners = draw_winners(rng, place, wanted, form, price)
    losers = _draw_losers(rng, wanted, budget, {w.name for w in winners})
    if failed:
        return Lot(
            no,
            name,
            Price("undisclosed"),
            (),
            budget,
            large_model,
            failed=rng.choice(_FAILURE_REASONS),
            losers=losers,
            goods=goods,
        )
    return Lot(no, name, price, winners, budget, large_model, losers=losers, score=rng.choice(_SCORES), goods=goods)


def draw_project_name(rng: Random, buyer: Buyer, subject: Subject, year: int) -> str:
    """Build a project name from subject, buyer and year."""
    style = rng.random()
    bare = buyer.name.replace("（本级）", "")
    if style < 0.45:
        return f"{bare}{subject.name}"
    if style < 0.6:
        return f"{bare}{year}年{subject.name}"
    if style < 0.8:
        return f"{year}年{subject.name}"
    return subject.name


def _choose_supplier_class(rng: Random, subject: Subject, kind: str) -> str:
    if kind == "large_model":
        return "lm" if rng.random() < 0.85 else "oddit"
    if rng.random() < 0.12:
        return rng.choice(
            ["odd", "lm", "oddit"]
        )  # a known vendor that wins something else, or a name that sounds like one
    return {"货物": "goods", "服务": "service", "工程": "works"}[subject.kind]


def draft_project(
    rng: Random, kind: str, at: datetime, central: bool | None = None, where: tuple[Place, ...] = ()
) -> Draft:
    """Draft a project that is awarded about `at`.

    `kind` is large_model, hidden, hard_negatives or ordinary. A place in `where` is preferred.
    """
    central = rng.random() < 0.3 if central is None else central
    if kind == "hidden":
        return _draft_hidden(rng, at, central)
    if kind == "ordinary" and central and rng.random() < 0.12:
        return _draft_batch(rng, at)
    subject = rng.choice(pools.list_subjects(kind))
    place = pools.draw_place(rng, subject.sectors, where)
    return draft_from_subject(rng, kind, at, subject, place, pools.draw_buyer(rng, place, subject.sectors, central))


def draft_from_subject(
    rng: Random, kind: str, at: datetime, subject: Subject, place: Place, buyer: Buyer, name: str = ""
) -> Draft:
    """Draft what `buyer` at `place` buys of a subject. Without `name` a project name is drawn."""
    form = choose_form(place, buyer.scope)
    number = draw_number(rng, form, place, at.year)
    name = name or draw_project_name(rng, buyer, subject, at.year)
    count = 1 if form in ONE_LOT_FORMS or rng.random() < 0.78 else rng.choice([2, 2, 3])
    failing = rng.randrange(count) if count > 1 and rng.random() < 0.3 else -1
    budget = pools.draw_yuan(rng, subject.low, subject.high)
    lots = tuple(
        draw_lot(
            rng,
            no=i + 1,
            name=name if count == 1 else f"{subject.goods[i % len(subject.goods)]}（{'一二三'[i]}）",
            place=place,
            form=form,
            wanted=_choose_supplier_class(rng, subject, kind),
            budget=max(Decimal(20000), (budget / count).quantize(Decimal("100"))),
            large_model=kind == "large_model",
            goods=(subject.goods[i % len(subject.goods)],) if count > 1 else subject.goods,
            failed=i == failing,
        )
        for i in range(count)
    )
    traits = (kind, *(["multi_lot"] if count > 1 else []))
    return Draft(
        name,
        number,
        buyer,
        pools.draw_agency(rng, place),
        place,
        _category(subject.kind),
        subject.kind,
        _draw_method(rng),
        form,
        lots,
        kind == "large_model",
        subject.types,
        traits,
        pools.draw_experts(rng),
    )


def _draft_hidden(rng: Random, at: datetime, central: bool) -> Draft:
    """Draft a project whose name says nothing about large models, though one of its lots is."""
    title, spec, sectors = rng.choice(pools.read_rows("hidden"))
    form = ""
    while not form or form in ONE_LOT_FORMS:
        place = pools.draw_place(rng, tuple(sectors.split(",")))
        buyer = pools.draw_buyer(rng, place, tuple(sectors.split(",")), central)
        form = choose_form(place, buyer.scope)
    return draft_with_hidden_lot(rng, at, title, spec, place, buyer)


def draft_with_hidden_lot(rng: Random, at: datetime, title: str, spec: str, place: Place, buyer: Buyer) -> Draft:
    """Draft a project in which only one lot is about large models.

    `spec` lists its lots in the format of `words/hidden.txt`.
    """
    form = choose_form(place, buyer.scope)
    lots: list[Lot] = []
    types: tuple[str, ...] = ()
    for no, part in enumerate(spec.split(";"), 1):
        name, about, kinds, budget = part.split("^")
        low, high = budget.split("-")
        if about == "1":
            types = tuple(kinds.split(","))
        bare = name.split(" ", 1)[-1]
        lots.append(
            draw_lot(
                rng,
                no=no,
                name=bare,
                place=place,
                form=form,
                wanted="lm" if about == "1" else "it",
                budget=pools.draw_yuan(rng, int(low), int(high)),
                large_model=about == "1",
                goods=(bare,),
            )
        )
    name = f"{buyer.name.replace('（本级）', '')}{title}"
    return Draft(
        name,
        draw_number(rng, form, place, at.year),
        buyer,
        pools.draw_agency(rng, place),
        place,
        _category("服务"),
        "服务",
        _draw_method(rng),
        form,
        tuple(lots),
        False,
        types,
        ("hidden", "multi_lot"),
        pools.draw_experts(rng),
    )


def _draft_batch(rng: Random, at: datetime) -> Draft:
    """Draft batch purchasing of the central offices: several lots of the same goods, often one of them failed."""
    place = pools.list_places()[0]
    ware = rng.choice(["台式计算机", "便携式计算机", "打印机", "复印机", "空调"])
    centre = Buyer(
        "中央国家机关政府采购中心",
        "北京市西城区西直门内大街9号院",
        pools.draw_person(rng),
        pools.draw_phone(rng, "010"),
        "北京",
        "市辖区",
        "government",
        "zygg",
    )
    count, failing = rng.choice([3, 4, 5]), rng.choice([-1, 1, 2])
    lots = []
    for i in range(count):
        winner = pools.draw_supplier(rng, rng.choice(pools.list_places()), "it")
        price = Price("total", yuan=pools.draw_yuan(rng, 20, 300))
        losers = _draw_losers(rng, "it", Decimal(3000000), {winner.name})
        one = Lot(
            i + 1,
            f"{ware}{'ABCDE'[i]}型",
            price,
            (winner,),
            Decimal(3200000),
            losers=losers,
            goods=(f"{ware}{'ABCDE'[i]}型",),
        )
        lots.append(
            replace(one, winners=(), price=Price("undisclosed"), failed="有效供应商不足三家，废标")
            if i == failing
            else one
        )
    return Draft(
        f"中央国家机关{at.year}年{ware}批量集中采购项目-{at.month}月",
        f"GC-HCD{at.year % 100}{rng.randrange(1000, 9999)}",
        centre,
        centre,
        place,
        _category("货物"),
        "货物",
        "公开招标",
        "central_batch",
        tuple(lots),
        False,
        (),
        ("ordinary", "multi_lot", "batch"),
        pools.draw_experts(rng),
    )


def _category(kind: str) -> str:
    return {
        "货物": "货物/设备/信息化设备/其他信息化设备",
        "服务": "服务/信息技术服务/其他信息技术服务",
        "工程": "工程/装修工程",
    }[kind]


def _draw_method(rng: Random) -> str:
    return rng.choice(["公开招标", "公开招标", "竞争性磋商", "竞争性谈判", "询价"])
