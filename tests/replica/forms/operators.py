"""Candidates, results and later notices of China Telecom and China Unicom."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from tests.replica import money
from tests.replica.forms.company import Block, Table
from tests.replica.model import Lot, Posting

RANKS = "一二三四五六"


def has_several_lots(posting: Posting) -> bool:
    """Check whether this portal shows more than one lot of the project."""
    return len({one.no for event in posting.project.events for one in event.lots}) > 1


def ranked_bids(one: Lot) -> list[tuple[str, Decimal | None]]:
    """Return (name, bid in yuan) by rank. The later winner comes first."""
    return [(one.winners[0].name, one.winners[0].quote or one.price.yuan), *one.losers]


def lot_mark(posting: Posting, one: Lot, word: str = "标包") -> str:
    """Return `标包1（名称）` if there are several lots, otherwise an empty string."""
    return f"{word}{one.no}（{one.name}）" if has_several_lots(posting) else ""


def _closing_blocks(posting: Posting, rng: Random, who: str = "采购人") -> list[Block]:
    p = posting.project
    agency = rng.choice(["采购代理机构", "代理机构", "采购代理机构名称"])
    return [
        f"{who}：{p.buyer.name}",
        f"地址：{p.buyer.address}",
        f"{agency}：{p.agency.name}",
        f"联系人：{p.agency.contact}",
        f"联系电话：{p.agency.phone}",
        "电子邮箱：zhaobiao.cg@example.com",
        rng.choice([f"{posting.at:%Y年%m月%d日}", f"{posting.at.year}年{posting.at.month}月{posting.at.day}日"]),
    ]


def titled_project(posting: Posting) -> str:
    """Return the project's name as the title gives it, including its round."""
    title = posting.title
    for end in (
        "中标候选人公示",
        "候选人公示",
        "采购结果公示",
        "采购结果变更公示",
        "采购结果作废公告",
        "采购失败公告",
        "流标公告",
        "直接采购公示",
    ):
        if title.endswith(end):
            return title.removesuffix(end)
    return title


def _sum(posting: Posting, yuan: Decimal) -> str:
    """Write a sum in yuan, in one notation per notice."""
    return Random(f"sum {posting.key}").choice([money.fixed_decimals, money.with_commas, money.shortest_decimals])(yuan)


def _rate(one: Lot) -> str:
    return f"{one.price.number}{one.price.unit}"


def telecom_lot_blocks(posting: Posting, one: Lot) -> list[Block]:
    """Return the result of one lot. China Telecom words all lots of a notice alike."""
    rng = Random(f"words {posting.key}")
    who = rng.choice(["中选人", "成交供应商", "中选供应商"])
    if one.price.yuan is not None:
        price = rng.choice(["中选金额（不含税）：{}元", "成交总价（不含税，元）：{}", "不含税总价：{}元"]).format(
            _sum(posting, one.price.yuan)
        )
    else:
        price = f"中选折扣率：{_rate(one)}" if one.price.kind == "rate" else ""
    names = f"{who}：{one.winners[0].name}"
    return [line for line in (names, price, rng.choice(["中选份额：100%", ""])) if line]


def telecom_award(posting: Posting, rng: Random) -> list[Block]:
    """Draw a result of China Telecom."""
    p, lots = posting.project, posting.event.lots
    out: list[Block] = [
        posting.title,
        f"项目编号：{p.number}",
        f"{titled_project(posting)}的评审工作已经结束，采购结果公示如下：",
    ]
    if rng.random() < 0.5:
        for one in lots:
            if has_several_lots(posting):
                out.append(f"标包{one.no}：{one.name}")
            out += telecom_lot_blocks(posting, one)
    else:
        heads = ["序号", "标包", "成交供应商名称"]
        priced = [one for one in lots if one.price.yuan is not None]
        rated = [one for one in lots if one.price.kind == "rate"]
        if priced:
            heads.append(rng.choice(["成交金额（元，不含税）", "不含税成交价（元）"]))
        if rated:
            heads.append("折扣率")
        rows: list[tuple[str | None, ...]] = [tuple(heads)]
        for index, one in enumerate(lots, 1):
            cells = [str(index), one.name if has_several_lots(posting) else "标包1", one.winners[0].name]
            cells += [_sum(posting, one.price.yuan) if one.price.yuan is not None else "/"] if priced else []
            cells += [_rate(one) if one.price.kind == "rate" else "/"] if rated else []
            rows.append(tuple(cells))
        out.append(Table(tuple(rows)))
    return [
        *out,
        f"公示期：{posting.at:%Y-%m-%d}至{posting.at + timedelta(days=3):%Y-%m-%d}。",
        *_closing_blocks(posting, rng),
    ]


def telecom_candidate(posting: Posting, rng: Random) -> list[Block]:
    """Draw candidates of China Telecom."""
    p, lots = posting.project, posting.event.lots
    out: list[Block] = [
        posting.title,
        f"{titled_project(posting)}（项目编号：{p.number}）评审工作已结束，现将中选候选人公示如下：",
    ]
    if rng.random() < 0.5:
        for one in lots:
            if has_several_lots(posting):
                out.append(f"标包{one.no}：{one.name}")
            for index, (name, bid) in enumerate(ranked_bids(one)):
                shown = (
                    f"折扣率{rng.randrange(70, 99)}%" if one.price.kind == "rate" and index else f"折扣率{_rate(one)}"
                )
                if one.price.kind != "rate":
                    shown = f"应答报价{_sum(posting, bid)}元（不含税）" if bid is not None else ""
                out.append(f"第{RANKS[index]}中选候选人：{name}" + (f"，{shown}" if shown else ""))
    else:
        rows: list[tuple[str | None, ...]] = [("标包", "排名", "候选人名称", "应答报价（不含税，元）")]
        for one in lots:
            for index, (name, bid) in enumerate(ranked_bids(one)):
                shown = (
                    (_rate(one) if not index else f"{rng.randrange(70, 99)}%")
                    if one.price.kind == "rate"
                    else (money.fixed_decimals(bid) if bid is not None else "/")
                )
                rows.append(
                    (
                        (one.name if has_several_lots(posting) else "标包1") if not index else None,
                        f"第{RANKS[index]}名",
                        name,
                        shown,
                    )
                )
        out.append(Table(tuple(rows)))
    return [*out, "公示期为自公示之日起3日，有异议的请以书面形式提出。", *_closing_blocks(posting, rng)]


def failed(posting: Posting, rng: Random) -> list[Block]:
    """Draw a failed procurement."""
    p = posting.project
    return [
        posting.title,
        f"项目编号：{p.number}",
        f"{titled_project(posting)}因{posting.event.lots[0].failed}，{rng.choice(['本次采购失败', '本项目流标'])}，特此公告。",
        *_closing_blocks(posting, rng),
    ]


def void(posting: Posting, rng: Random) -> list[Block]:
    """Draw the cancellation of a result."""
    p = posting.project
    why = rng.choice(["经核查，中选人提供的业绩材料不实", "因采购需求发生重大调整"])
    return [
        posting.title,
        f"项目编号：{p.number}",
        f"{why}，{titled_project(posting)}的采购结果作废，后续安排另行公告。",
        *_closing_blocks(posting, rng),
    ]


def correction(posting: Posting, rng: Random) -> list[Block]:
    """Draw the change of a result."""
    p = posting.project
    out: list[Block] = [posting.title, f"项目编号：{p.number}", f"项目名称：{p.name}"]
    for change in posting.event.changes:
        place = lot_mark(posting, change.after)
        out += [
            change.why,
            f"{place}原中选人：{change.before.winners[0].name}",
            f"{place}现中选人变更为：{change.after.winners[0].name}",
        ]
        if change.after.price.yuan is not None:
            out.append(f"{place}中选金额变更为：{money.fixed_decimals(change.after.price.yuan)}元（不含税）")
    return [*out, "其他内容不变。", *_closing_blocks(posting, rng)]


def direct(posting: Posting, rng: Random) -> list[Block]:
    """Draw an announced purchase from a single supplier without competition."""
    p, one = posting.project, posting.event.lots[0]
    return [
        posting.title,
        f"项目编号：{p.number}",
        f"采购内容：{one.goods[0]}",
        f"{p.name}拟采用直接采购方式。",
        f"拟定供应商：{one.winners[0].name}",
        "公示期3日，如有异议请以书面形式提出。",
        *_closing_blocks(posting, rng),
    ]


def invitation(posting: Posting) -> list[Block]:
    """Draw a call for bids that is listed among the results."""
    p, rng = posting.project, Random(posting.key)
    budget = sum((one.budget for one in posting.event.lots), Decimal(0))
    return [
        posting.title,
        f"{p.name}（项目编号：{p.number}）已具备采购条件，现进行公开询比，欢迎潜在供应商参加。",
        "一、项目概况",
        f"预算金额：{money.in_wan_shortest(budget)}万元（不含税）。",
        f"采购内容：{'；'.join(one.name for one in posting.event.lots)}。",
        "二、供应商资格要求：具备独立承担民事责任的能力。",
        "三、采购文件获取：登录本平台下载。",
        *_closing_blocks(posting, rng),
    ]


def _unicom_price(posting: Posting, one: Lot) -> str:
    yuan, rng = one.price.yuan, Random(f"words {posting.key}")
    if yuan is None:
        return f"中选折扣：{_rate(one)}" if one.price.kind == "rate" else ""
    if rng.random() < 0.15:
        return f"中选金额：不含税{money.fixed_decimals((yuan / Decimal('1.06')).quantize(Decimal('0.01')))}元，税率6%，含税{money.fixed_decimals(yuan)}元"
    return rng.choice(["中选金额（元，不含税）：{}", "成交价格：{}元（不含税）", "中选总价：人民币{}元"]).format(
        _sum(posting, yuan)
    )


def unicom_award(posting: Posting, rng: Random) -> list[Block]:
    """Draw a result of China Unicom."""
    p, lots = posting.project, posting.event.lots
    out: list[Block] = [
        posting.title,
        "一、采购项目基本情况",
        f"项目名称：{titled_project(posting)}",
        f"项目编号：{p.number}",
        f"采购方式：{p.method}",
        "二、采购结果",
    ]
    if rng.random() < 0.4:
        rows: list[tuple[str | None, ...]] = [("标包号", "标包名称", "中选人", "中选金额（万元，不含税）", "备注")]
        for one in lots:
            shown = money.in_wan_shortest(one.price.yuan) if one.price.yuan is not None else "/"
            rows.append(
                (
                    str(one.no),
                    one.name,
                    one.winners[0].name,
                    shown,
                    f"折扣率{_rate(one)}" if one.price.kind == "rate" else "/",
                )
            )
        out.append(Table(tuple(rows)))
    else:
        who = rng.choice(["中选人", "成交人", "中标人"])
        for one in lots:
            if has_several_lots(posting):
                out.append(f"第{RANKS[one.no - 1]}标包（{one.name}）：")
            out.append(f"{who}：{one.winners[0].name}")
            price = _unicom_price(posting, one)
            out += [price] if price else []
    return [
        *out,
        "三、公示期限",
        f"{posting.at:%Y年%m月%d日}起三日。",
        "四、联系方式",
        *_closing_blocks(posting, rng, rng.choice(["采购人", "招标人", "采购人名称"])),
    ]


def unicom_candidate(posting: Posting, rng: Random) -> list[Block]:
    """Draw all candidates in one table, lot after lot."""
    p = posting.project
    rows: list[tuple[str | None, ...]] = [("标包", "候选人排序", "中标候选人名称", "投标报价（不含税/元）", "质量承诺")]
    for one in posting.event.lots:
        for index, (name, bid) in enumerate(ranked_bids(one)):
            shown = (
                (_rate(one) if not index else f"{rng.randrange(70, 99)}%")
                if one.price.kind == "rate"
                else (money.with_commas(bid) if bid is not None else "详见投标文件")
            )
            rows.append((one.name if not index else None, str(index + 1), name, shown, "满足招标文件要求"))
    out: list[Block] = [
        posting.title,
        "一、项目名称",
        titled_project(posting),
        "二、项目编号",
        p.number,
        "三、中标候选人情况",
        Table(tuple(rows)),
    ]
    return [
        *out,
        f"公示期：{posting.at:%Y-%m-%d %H:%M}至{posting.at + timedelta(days=3):%Y-%m-%d} 24:00",
        *_closing_blocks(posting, rng, "招标人"),
    ]


def telecom(posting: Posting) -> list[Block]:
    """Return a complete notice of China Telecom."""
    made = {
        "award": telecom_award,
        "candidate": telecom_candidate,
        "failed": failed,
        "void": void,
        "correction": correction,
        "direct": direct,
    }
    return made[posting.event.what](posting, Random(posting.key))


def unicom(posting: Posting) -> list[Block]:
    """Return a complete notice of China Unicom."""
    made = {
        "award": unicom_award,
        "candidate": unicom_candidate,
        "failed": failed,
        "void": void,
        "correction": correction,
    }
    return made[posting.event.what](posting, Random(posting.key))
