"""Draws buyers, agencies, suppliers and subjects from the text files in `words/`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from tests.replica.model import Buyer, Party, Winner

_DATA = Path(__file__).parent / "words"
_FULL = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
    "北京": "北京市",
    "天津": "天津市",
    "上海": "上海市",
    "重庆": "重庆市",
}


@cache
def read_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the lines of a data file, split at ` | `."""
    lines = (_DATA / f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True)
class Place:
    """A city with its province, telephone code and university."""

    province: str
    city: str
    region: str
    code: str
    university: str

    @property
    def short(self) -> str:
        """Short name: `深圳市龙岗区` becomes `龙岗`, `绍兴市` becomes `绍兴`."""
        name = self.city
        for cut in ("市",):
            if name.endswith("区") and cut in name:
                name = name.split(cut, 1)[1]
        return name.rstrip("市区")

    def fill(self, text: str) -> str:
        """Replace the placeholders of a name with this place's names."""
        full = _FULL.get(self.province, self.province + "省")
        text = text.replace("{p}省", full)
        return text.format(c=self.city, c0=self.short, p=self.province, u=self.university)


@dataclass(frozen=True)
class Subject:
    """Something that can be bought, with its budget range in 万元."""

    name: str
    types: tuple[str, ...]
    sectors: tuple[str, ...]
    low: int
    high: int
    goods: tuple[str, ...]
    kind: str  # 货物, 服务, 工程


@cache
def list_places() -> tuple[Place, ...]:
    """Return all places of `words/places.txt`."""
    return tuple(Place(*row) for row in read_rows("places"))


def _kind_of(name: str) -> str:
    things = ("采购", "一体机", "服务器", "购置", "算力", "数据集")
    return "货物" if any(word in name for word in things) and "服务" not in name else "服务"


@cache
def list_subjects(name: str) -> tuple[Subject, ...]:
    """Return the subjects of one file: `large_model`, `ordinary`, `hard_negatives` or `calibrated/hard`."""
    out = []
    for row in read_rows(name):
        if name == "large_model":
            title, types, sectors, budget, goods = row
            kind, types_of = _kind_of(title), tuple(types.split(","))
        else:
            title, kind, sectors, budget, goods = row
            types_of = ()
        low, high = budget.split("-")
        out.append(
            Subject(title, types_of, tuple(sectors.split(",")), int(low), int(high), tuple(goods.split(";")), kind)
        )
    return tuple(out)


def draw_person(rng: Random) -> str:
    """Draw an invented contact: a full name or a form such as `王老师`."""
    if rng.random() < 0.5:
        return rng.choice("王李张刘陈杨赵黄周吴") + rng.choice(["老师", "工", "先生", "女士"])
    return rng.choice(read_rows("contacts"))[0]


def draw_phone(rng: Random, code: str) -> str:
    """Draw an invented number. Numbers with the block 0000 have no subscriber."""
    if rng.random() < 0.25:
        return f"1990000{rng.randrange(10000):04d}"
    return f"{code}-0000{rng.randrange(10000):04d}"


def draw_experts(rng: Random) -> tuple[str, ...]:
    """Draw the names of three or five reviewers."""
    return tuple(row[0] for row in rng.sample(read_rows("experts"), rng.choice([3, 5])))


def draw_street(rng: Random, place: Place) -> str:
    """Draw a street address."""
    return f"{place.city}{rng.choice(['学府', '人民', '解放', '建设', '环城', '滨河'])}路{rng.randrange(1, 400)}号"


def _buyer_fits(row: tuple[str, ...], place: Place, sectors: tuple[str, ...]) -> bool:
    """Check whether a buyer at this place belongs to one of the sectors."""
    for wish in sectors:
        sector, _, word = wish.partition(":")
        if wish == "any" or (row[1] == sector and word in place.fill(row[0])):
            return True
    return False


def draw_place(rng: Random, sectors: tuple[str, ...], where: tuple[Place, ...] = ()) -> Place:
    """Draw a place where some buyer fits the sectors, in `where` if possible."""
    for choice in (where, list_places()):
        fitting = [place for place in choice if any(_buyer_fits(row, place, sectors) for row in read_rows("buyers"))]
        if fitting:
            break
    return rng.choice(fitting)


def draw_buyer(rng: Random, place: Place, sectors: tuple[str, ...], central: bool) -> Buyer:
    """Draw a buyer at `place`.

    Each of `sectors` is `any`, a sector, or `sector:word in the name`.
    """
    fitting = [
        row
        for row in read_rows("buyers")
        if row[2] == ("central" if central else "local") and _buyer_fits(row, place, sectors)
    ]
    fitting = fitting or [row for row in read_rows("buyers") if _buyer_fits(row, place, sectors)]
    name, sector, level = rng.choice(fitting)
    return Buyer(
        place.fill(name),
        draw_street(rng, place),
        draw_person(rng),
        draw_phone(rng, place.code),
        place.province,
        place.region,
        sector,
        "zygg" if level == "central" else "dfgg",
    )


def draw_agency(rng: Random, place: Place) -> Party:
    """Draw a procurement agency."""
    name, address = rng.choice(read_rows("agencies"))
    return Party(place.fill(name), place.fill(address), draw_person(rng), draw_phone(rng, place.code))


def draw_supplier(rng: Random, place: Place, wanted: str) -> Winner:
    """Draw a supplier of the class `wanted` (lm, it, goods, works, service, odd, oddit)."""
    fitting = [row for row in read_rows("suppliers") if row[1] == wanted]
    name, _, address = rng.choice(fitting)
    return Winner(place.fill(name), place.fill(address))


def draw_yuan(rng: Random, low: int, high: int) -> Decimal:
    """Draw a plausible sum between two bounds in 万元, mostly round to the yuan, sometimes with cents."""
    value = Decimal(rng.randrange(low * 10000, high * 10000 + 1))
    step = rng.random()
    if step < 0.25:
        return (value // 10000) * 10000 or Decimal(10000)
    if step < 0.55:
        return (value // 100) * 100
    if step < 0.8:
        return value
    return value + Decimal(rng.randrange(1, 100)) / 100
