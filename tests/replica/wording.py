"""Names large-model projects of the calibrated market: in the title, in one lot, or only in the table of goods.

The vocabulary in `words/calibrated` follows real notices and shares no list with the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.replica import pools
from tests.replica.pools import Place

KINDS = {"title": 84, "lot": 9, "goods": 7}
_THINGS = ("一体机", "服务器", "设备", "数据集", "语料采购", "资源包", "超节点", "集群")


@dataclass(frozen=True)
class Wording:
    """The words of one purchase."""

    title: str  # project name without its buyer
    goods: str
    kind: str  # 货物, 服务
    cover: str = ""  # project name, if the title appears only in a lot or among the goods
    lots: tuple[str, ...] = ()  # other lots of the project


def draw_wording(rng: Random, project_type: str, fields: tuple[str, ...]) -> Wording:
    """Draw a name for a purchase of some type by a buyer that works in some fields."""
    title, goods = rng.choice(pools.read_rows(f"calibrated/{project_type}"))
    values = {"s": rng.choice(fields), "m": rng.choice(pools.read_rows("calibrated/models"))[0]}
    title, goods = title.format(**values), rng.choice(goods.split(";")).format(**values)
    kind = "货物" if any(thing in title for thing in _THINGS) and "服务" not in title.replace("服务器", "") else "服务"
    return Wording(title, goods, kind)


def draw_covered_wording(rng: Random, plain: Wording) -> Wording:
    """Draw a project name that does not mention models for the same purchase."""
    cover, kind, lots = rng.choice(pools.read_rows("calibrated/covers"))
    return Wording(plain.title, plain.goods, kind, cover, tuple(rng.sample(lots.split(";"), 2)))


def strip_ending(title: str) -> str:
    """Remove the words that usually end a project name."""
    for end in ("采购项目", "项目", "采购"):
        if title.endswith(end):
            return title.removesuffix(end)
    return title


def draw_government_name(rng: Random, buyer: str, place: Place, title: str, year: int) -> str:
    """Draw a project name in the style of governments, schools and hospitals."""
    stem = strip_ending(title)
    end = (
        title
        if rng.random() < 0.5
        else stem + rng.choice(["采购项目", "项目", "采购", "服务采购项目" if stem.endswith("建设") else "采购项目"])
    )
    return rng.choice(
        [
            f"{buyer}{end}",
            f"{buyer}{end}",
            f"{buyer}{year}年{end}",
            f"{buyer}{year}年度{end}",
            f"{year}年{buyer}{end}",
            f"{buyer}“{stem}”项目",
            f"{place.city}{end}",
            f"{place.short}{end}",
            f"{end}",
            f"{year}年{end}",
            f"{buyer}关于{end}",
            f"{buyer}{stem}项目（一期）",
            f"{buyer}{stem}（第一批）",
            f"{buyer}-{end}",
            f"{buyer}{end}（{year}）",
        ]
    )
