"""How projects of large models are called in the calibrated market: in the title, in a lot, or in the goods table alone.

The vocabulary in `words/calibrated` was written from the ways real notices name such projects, and from no list of this project.
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
    title: str  # what a project is called without its buyer
    goods: str
    kind: str  # 货物, 服务
    cover: str = ""  # the project's name, where the title stands in a lot or among the goods alone
    lots: tuple[str, ...] = ()  # what is bought beside it


def draw_wording(rng: Random, project_type: str, fields: tuple[str, ...]) -> Wording:
    """One way to name a purchase of a type by a buyer that works in some fields."""
    title, goods = rng.choice(pools.read_rows(f"calibrated/{project_type}"))
    put = {"s": rng.choice(fields), "m": rng.choice(pools.read_rows("calibrated/models"))[0]}
    title, goods = title.format(**put), rng.choice(goods.split(";")).format(**put)
    kind = "货物" if any(thing in title for thing in _THINGS) and "服务" not in title.replace("服务器", "") else "服务"
    return Wording(title, goods, kind)


def draw_covered_wording(rng: Random, plain: Wording) -> Wording:
    """The same under a name that says nothing of models."""
    cover, kind, lots = rng.choice(pools.read_rows("calibrated/covers"))
    return Wording(plain.title, plain.goods, kind, cover, tuple(rng.sample(lots.split(";"), 2)))


def strip_ending(title: str) -> str:
    """Without the words that a project's name puts at its end."""
    for end in ("采购项目", "项目", "采购"):
        if title.endswith(end):
            return title.removesuffix(end)
    return title


def draw_government_name(rng: Random, buyer: str, place: Place, title: str, year: int) -> str:
    """A project's name as governments, schools and hospitals write it."""
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
