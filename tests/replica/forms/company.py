"""China Mobile's notices as blocks of text and tables, from which a page or a PDF is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random

from tests.replica import money
from tests.replica.forms.common import esc
from tests.replica.model import Lot, Posting

_RANKS = "一二三四五六"


@dataclass(frozen=True)
class Table:
    """Rows of cells with the heads first. `None` continues the cell above."""

    rows: tuple[tuple[str | None, ...], ...]


Block = str | Table


def titled_project(posting: Posting) -> str:
    """Return the project's name as the title gives it, including its round."""
    return posting.title.rsplit("_", 1)[0]


def _lot_mark(posting: Posting, one: Lot) -> str:
    """Return `标包1`. With a single lot the portal sometimes omits it."""
    return f"标包{one.no}" if len(posting.event.lots) > 1 or Random(posting.project.key).random() < 0.6 else ""


def _ranked_bids(one: Lot) -> list[tuple[str, Decimal | None, str]]:
    """Return (name, bid, share) by rank. The later winners come first."""
    undivided = len(one.winners) == 1 or one.winners[0].role != "shared"
    winners = [
        (w.name, w.quote, "100%" if undivided else f"{w.share}%")
        for w in (one.winners[:1] if undivided else one.winners)
    ]
    return winners + [(name, bid, "/") for name, bid in one.losers]


def _bid_table(posting: Posting, lots: tuple[Lot, ...], rng: Random) -> Table:
    rates = lots[0].price.kind == "rate"
    heads = ["标包名称", "排序", rng.choice(["中标候选人名称", "候选人名称"])]
    priced = rates or posting.shows_amount
    if priced:
        heads.append(
            rng.choice(["应答折扣率", "折扣率"])
            if rates
            else rng.choice(["投标报价(不含税,元)", "投标报价（不含税总价，元）", "投标报价(不含税，元)"])
        )
    heads += ["工期(天)", "其他情况", "拟中标份额"]
    rows: list[tuple[str | None, ...]] = [tuple(heads)]
    write = rng.choice([money.shortest_decimals, money.fixed_decimals, money.with_commas])
    for one in lots:
        for index, (name, bid, share) in enumerate(_ranked_bids(one)):
            cells: list[str | None] = [f"标包{one.no}" if index == 0 else None, f"第{_RANKS[index]}名", name]
            if rates:
                cells.append(f"{one.price.number}%" if index == 0 else f"{rng.randrange(70, 99)}%")
            elif priced:
                cells.append(write(bid) if bid is not None else "/")
            rows.append((*cells, "自合同签订之日起12个月", "满足询比文件要求", share))
    return Table(tuple(rows))


def candidate(posting: Posting) -> list[Block]:
    """Draw the candidates with their bids."""
    p, rng = posting.project, Random(posting.key)
    lots = posting.event.lots
    groups = [lots] if len({one.price.kind for one in lots}) == 1 else [(one,) for one in lots]
    out: list[Block] = [
        posting.title,
        f"{p.agency.name}受托组织的{titled_project(posting)}于{posting.at - timedelta(days=1):%Y-%m-%d} 09:30开启应答文件，评审已经完成，中选候选人公示如下：",
        "一、中选候选人的中选情况",
    ]
    out += [_bid_table(posting, group, rng) for group in groups]
    out += [
        f"公示期3日，至{posting.at + timedelta(days=3):%Y-%m-%d} 23:00止。",
        "二、联系方式",
        "1、联系方式",
        f"采购代理机构人员姓名：{p.agency.contact}",
        f"采购代理机构人员电话：{p.agency.phone}",
        "采购代理机构人员邮箱：zhaobiao.cg@example.com",
        "2、异议应以书面形式提出，并附证明材料。",
        f"采购人名称/采购代理机构名称：{p.buyer.name}/{p.agency.name}",
        f"{posting.at:%Y年%m月%d日}",
    ]
    return out


def result(posting: Posting) -> list[Block]:
    """Draw the winners with their shares, without sums."""
    p, rng = posting.project, Random(posting.key)
    out: list[Block] = [posting.title, f"{titled_project(posting)}："]
    listed = rng.random() < 0.3
    for one in posting.event.lots:
        mark = _lot_mark(posting, one)
        mark = f"{mark}的" if mark else ""
        if one.winners[0].role == "shared":
            out.append(f"{mark}中选人：")
            out += [f"份额{i}：{w.name}，份额比例：{w.share}%" for i, w in enumerate(one.winners, 1)]
        elif listed and mark:
            out += [f"{mark}中选人：", f"1.{one.winners[0].name}"]
        else:
            out.append(f"{mark}中选人：{one.winners[0].name}")
    return [
        *out,
        f"采购人/招标代理机构：{p.buyer.name}{rng.choice(['/', ' /'])}{p.agency.name}",
        f"{posting.at:%Y年%m月%d日}",
    ]


def failed(posting: Posting) -> list[Block]:
    """Draw a failed procurement."""
    p = posting.project
    return [
        posting.title,
        f"{titled_project(posting)}因{posting.event.lots[0].failed}，本次采购失败。",
        f"采购人/招标代理机构：{p.buyer.name}/{p.agency.name}",
        f"{posting.at:%Y年%m月%d日}",
    ]


def void(posting: Posting) -> list[Block]:
    """Draw the cancellation of a result."""
    p = posting.project
    return [
        posting.title,
        f"{titled_project(posting)}的中选结果公示发布后，经核查中选人不满足采购文件要求，原中选结果作废。",
        f"采购人/招标代理机构：{p.buyer.name}/{p.agency.name}",
        f"{posting.at:%Y年%m月%d日}",
    ]


def correction(posting: Posting) -> list[Block]:
    """Draw the change of a winner."""
    p, out = posting.project, [posting.title, f"{titled_project(posting)}的中选结果变更如下："]
    for change in posting.event.changes:
        mark = f"标包{change.lot_no}的"
        out += [
            change.why,
            f"{mark}原中选人：{change.before.winners[0].name}",
            f"{mark}中选人变更为：{change.after.winners[0].name}",
        ]
    return [*out, f"采购人/招标代理机构：{p.buyer.name}/{p.agency.name}", f"{posting.at:%Y年%m月%d日}"]


def direct(posting: Posting) -> list[Block]:
    """Draw an announced purchase from a single supplier."""
    p, one = posting.project, posting.event.lots[0]
    return [
        posting.title,
        f"一、项目名称    {p.name}",
        "二、采购内容",
        one.goods[0],
        Table((("包段", "产品名称", "产品单位", "需求数量"), ("标包1", one.goods[0], "项", "1"))),
        f"三、供应商名称    {one.winners[0].name}",
        "公告期3日，如有意见请书面反馈。",
        f"联 系 人：{p.buyer.contact}",
        f"联系电话：{p.buyer.phone}",
        f"采购人/招标代理机构：{p.buyer.name}",
        f"{posting.at:%Y年%m月%d日}",
    ]


def opinion(posting: Posting) -> list[Block]:
    """Draw a call for opinions on the technical specification."""
    p = posting.project
    return [
        posting.title,
        f"{p.buyer.name}拟开展{p.name}，现就技术规范书公开征集意见。",
        f"项目预算：{money.in_wan_shortest(posting.event.lots[0].budget)}万元（不含税）。",
        f"意见请于五个工作日内反馈，联系人：{p.buyer.contact}，电话：{p.buyer.phone}。",
        p.buyer.name,
        f"{posting.at:%Y年%m月%d日}",
    ]


_WRITERS: dict[str, Callable[[Posting], list[Block]]] = {
    "candidate": candidate,
    "award": result,
    "failed": failed,
    "void": void,
    "correction": correction,
    "direct": direct,
    "opinion": opinion,
}


def blocks(posting: Posting) -> list[Block]:
    """Return the notice as China Mobile writes it."""
    return _WRITERS[posting.event.what](posting)


def as_html(written: list[Block]) -> str:
    """Return the blocks as HTML."""
    out = ""
    for block in written:
        if isinstance(block, str):
            out += f"<p>{esc(block)}</p>\n"
            continue
        out += '<table border="1" cellspacing="0" style="width:100%"><tbody>'
        for index, row in enumerate(block.rows):
            cells = ""
            for column, cell in enumerate(row):
                if cell is None:
                    continue
                below = next(
                    (i for i, later in enumerate(block.rows[index + 1 :]) if later[column] is not None),
                    len(block.rows) - index - 1,
                )
                cells += f'<td rowspan="{below + 1}">{esc(cell)}</td>' if below else f"<td>{esc(cell)}</td>"
            out += f"<tr>{cells}</tr>"
        out += "</tbody></table>\n"
    return out
