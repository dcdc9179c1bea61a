"""Notices of the two power grids.

Southern Grid publishes pages. State Grid publishes results as tables of packages in PDF files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random

from tests.replica import money
from tests.replica.forms.company import Block, Table
from tests.replica.forms.operators import RANKS, has_several_lots, ranked_bids
from tests.replica.model import Lot, Posting

_ENDS = (
    "推荐的中标候选人公示",
    "中标候选人公示",
    "中标（成交）结果公告",
    "中标结果公告",
    "流标公告",
    "中标结果作废公告",
    "中标结果变更公告",
)
_LONG = 14  # from this many packages on, results may be split in two files


def titled_project(posting: Posting) -> str:
    """Return the project's name as the title gives it, including its round."""
    return next((posting.title.removesuffix(end) for end in _ENDS if posting.title.endswith(end)), posting.title)


def _closing_blocks(posting: Posting, rng: Random) -> list[Block]:
    p = posting.project
    return [
        f"招标人：{p.buyer.name}",
        f"招标代理机构：{p.agency.name}",
        f"地址：{p.agency.address}",
        f"联系人：{p.agency.contact}",
        f"联系电话：{p.agency.phone}",
        rng.choice([f"{posting.at:%Y年%m月%d日}", f"{posting.at:%Y-%m-%d}"]),
    ]


def _rate(one: Lot) -> str:
    return f"{one.price.label}{one.price.number}{one.price.unit}"


def _written_bid(one: Lot, index: int, bid: Decimal | None, rng: Random, write: str) -> str:
    """Write a bid in 元 or 万元, as a rate if the lot is priced by rate, or as a dash if this copy hides bids."""
    if one.price.kind == "rate":
        return f"{one.price.number}%" if not index else f"{rng.randrange(70, 99)}%"
    if bid is None:
        return "/"
    return (
        money.in_wan_shortest(bid)
        if write == "wan"
        else money.in_wan(bid, 6)
        if write == "wan6"
        else money.fixed_decimals(bid)
    )


# Southern Grid


def csg_award(posting: Posting, rng: Random) -> list[Block]:
    """Draw a result of Southern Grid."""
    p, lots = posting.project, posting.event.lots
    out: list[Block] = [f"{titled_project(posting)}（招标编号：{p.number}）的评标工作已完成，中标结果公告如下："]
    if rng.random() < 0.6:
        rows: list[tuple[str | None, ...]] = [("标的", "标包", "中标人", "中标价（万元）", "备注")]
        for one in lots:
            shown = money.in_wan_shortest(one.price.yuan) if one.price.yuan is not None else "/"
            note = _rate(one) if one.price.kind == "rate" else "无"
            rows.append((one.name, f"标包{one.no}", one.winners[0].name, shown, note))
        out.append(Table(tuple(rows)))
    else:
        label = rng.choice(["中标金额：{}万元", "中标价（含税）：{}万元"])
        for one in lots:
            if has_several_lots(posting):
                out.append(f"标的{one.no}：{one.name}")
            out.append(f"中标人：{one.winners[0].name}")
            if one.price.yuan is not None:
                out.append(label.format(money.in_wan_shortest(one.price.yuan)))
            elif one.price.kind == "rate":
                out.append(f"中标价：{_rate(one)}")
    return [*out, *_closing_blocks(posting, rng)]


def csg_candidate(posting: Posting, rng: Random) -> list[Block]:
    """Draw candidates, ranked in a table or unranked. Unranked, the later winner may be anywhere in the list."""
    p, ranked, write = posting.project, rng.random() < 0.65, rng.choice(["yuan", "wan"])
    rows: list[tuple[str | None, ...]] = [
        (
            "标的",
            "标包",
            "排序" if ranked else "序号",
            "中标候选人",
            f"投标报价（{'万元' if write == 'wan' else '元'}）",
            "工期/交货期",
        )
    ]
    for one in posting.event.lots:
        candidates = [
            (name, _written_bid(one, index, bid, rng, write)) for index, (name, bid) in enumerate(ranked_bids(one))
        ]
        if not ranked:
            rng.shuffle(candidates)
        for index, (name, shown) in enumerate(candidates):
            place = f"第{RANKS[index]}" if ranked else str(index + 1)
            rows.append(
                (
                    one.name if not index else None,
                    f"标包{one.no}" if not index else None,
                    place,
                    name,
                    shown,
                    "满足招标文件要求",
                )
            )
    order = [] if ranked else ["以上中标候选人排名不分先后。"]
    return [
        f"项目名称：{titled_project(posting)}",
        f"招标编号：{p.number}",
        "中标候选人情况：",
        Table(tuple(rows)),
        *order,
        f"公示时间：{posting.at:%Y年%m月%d日}至{posting.at + timedelta(days=3):%Y年%m月%d日}",
        *_closing_blocks(posting, rng),
    ]


def failed(posting: Posting, rng: Random) -> list[Block]:
    """Draw a failed procurement."""
    p = posting.project
    return [
        f"{titled_project(posting)}（招标编号：{p.number}）因{posting.event.lots[0].failed}，本次招标失败，予以流标。",
        *_closing_blocks(posting, rng),
    ]


def void(posting: Posting, rng: Random) -> list[Block]:
    """Draw the cancellation of a result."""
    p = posting.project
    return [
        f"项目名称：{titled_project(posting)}",
        f"招标编号：{p.number}",
        "因中标人提供的证明材料不实，经研究决定，原中标结果作废，特此公告。",
        *_closing_blocks(posting, rng),
    ]


def correction(posting: Posting, rng: Random) -> list[Block]:
    """Draw the change of a result."""
    p = posting.project
    out: list[Block] = [f"项目名称：{p.name}", f"招标编号：{p.number}", "原公告的中标结果变更如下："]
    for change in posting.event.changes:
        place = f"标包{change.lot_no}" if has_several_lots(posting) else ""
        out += [
            change.why,
            f"{place}原中标人：{change.before.winners[0].name}",
            f"{place}变更后中标人：{change.after.winners[0].name}",
        ]
        if change.after.price.yuan is not None:
            out.append(f"{place}变更后中标金额：{money.in_wan_shortest(change.after.price.yuan)}万元")
    return [*out, "其他内容不变。", *_closing_blocks(posting, rng)]


def csg(posting: Posting) -> list[Block]:
    """Return the content of a Southern Grid page, below title and date."""
    writers = {"award": csg_award, "candidate": csg_candidate, "failed": failed, "void": void, "correction": correction}
    return writers[posting.event.what](posting, Random(posting.key))


# State Grid


@dataclass(frozen=True)
class Paper:
    """A file attached to a notice."""

    name: str
    blocks: tuple[Block, ...]


def _is_grouped(posting: Posting) -> bool:
    """Whether package numbers start again in each group of this project."""
    return Random(posting.project.key).random() < 0.5


def _package_numbers(posting: Posting, one: Lot) -> tuple[str, str]:
    """Return (分标编号, 包号)."""
    group, pack = divmod(one.no - 1, 4)
    return f"{posting.project.number}-{9001 + group}", f"包{pack + 1 if _is_grouped(posting) else one.no}"


def _split_in_files(lots: tuple[Lot, ...], rng: Random) -> list[tuple[str, tuple[Lot, ...]]]:
    """Split a long notice in two files, as (name of the part, packages)."""
    if len(lots) < _LONG or rng.random() < 0.5:
        return [("", lots)]
    cut = len(lots) // 8 * 4  # between two groups
    return [("第一部分", lots[:cut]), ("第二部分", lots[cut:])]


def _award_table(posting: Posting, lots: tuple[Lot, ...]) -> Table:
    """Return winners by package.

    Number and name of a group appear once, in a cell as high as the group.
    """
    grouped = _is_grouped(posting)
    rows: list[tuple[str | None, ...]] = [
        ("分标编号", "分标名称", "包号", "项目名称", "中标人")
        if grouped
        else ("分标编号", "分标名称", "包号", "中标人")
    ]
    before = ""
    for one in lots:
        code, pack = _package_numbers(posting, one)
        if grouped:
            top = (code, f"服务类{(one.no - 1) // 4 + 1:02d}") if code != before else (None, None)
            rows.append((*top, pack, one.name, one.winners[0].name))
        else:
            rows.append((code, one.name, pack, one.winners[0].name))
        before = code
    return Table(tuple(rows))


def _sgcc_award(posting: Posting, rng: Random) -> list[Paper]:
    p = posting.project
    papers = []
    for part, lots in _split_in_files(posting.event.lots, rng):
        head = (
            f"{titled_project(posting)}（招标编号：{p.number}）经评标委员会评审并履行定标程序，现将中标结果公告如下："
        )
        papers.append(
            Paper(
                f"{posting.title}{part}.pdf",
                (
                    f"{posting.title}{part and f'（{part}）'}",
                    head,
                    _award_table(posting, lots),
                    *_closing_blocks(posting, rng),
                ),
            )
        )
    return papers


def _candidate_table(posting: Posting, lots: tuple[Lot, ...], rng: Random) -> Table:
    write = rng.choice(["wan6", "wan"])
    rows: list[tuple[str | None, ...]] = [
        ("分标编号", "分标名称", "包号", "排序", "推荐的中标候选人", "投标价格（万元）")
    ]
    for one in lots:
        for index, (name, bid) in enumerate(ranked_bids(one)):
            code, pack = _package_numbers(posting, one)
            top = (code, one.name, pack) if not index else (None, None, None)
            rows.append((*top, f"第{RANKS[index]}名", name, _written_bid(one, index, bid, rng, write)))
    return Table(tuple(rows))


def _sgcc_candidate(posting: Posting, rng: Random) -> list[Paper]:
    p = posting.project
    papers = []
    for part, lots in _split_in_files(posting.event.lots, rng):
        head = f"{titled_project(posting)}（招标编号：{p.number}）评标工作已结束，推荐的中标候选人公示如下，公示期{posting.at:%Y年%m月%d日}至{posting.at + timedelta(days=3):%Y年%m月%d日}。"
        table = _candidate_table(posting, lots, rng)
        papers.append(
            Paper(
                f"{posting.title}{part}.pdf",
                (f"{posting.title}{part and f'（{part}）'}", head, table, *_closing_blocks(posting, rng)),
            )
        )
    return papers


def sgcc_papers(posting: Posting) -> list[Paper]:
    """Return the files of a notice. Notices without winners have none."""
    rng = Random(posting.key)
    if posting.event.what == "award":
        return _sgcc_award(posting, rng)
    return _sgcc_candidate(posting, rng) if posting.event.what == "candidate" else []


def sgcc_text(posting: Posting) -> list[Block]:
    """Return the notice itself. A result only refers to its files."""
    made = {"failed": failed, "void": void, "correction": correction}
    if posting.event.what in made:
        return made[posting.event.what](posting, Random(posting.key))
    return ["详见附件"]
