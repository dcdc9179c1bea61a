"""Page bodies of the national platform.

Three forms: the province's own page, a table of labels and values, and the notice of a central enterprise.
"""

from __future__ import annotations

from random import Random

from tests.replica import money, render
from tests.replica.forms import yichang
from tests.replica.forms.common import cell_table, esc, winner_names
from tests.replica.model import Lot, Posting


def body(posting: Posting) -> str:
    """Return the inside of div#mycontent."""
    if posting.form == "table":
        return _table(posting)
    if posting.event.form == "company":
        own = (
            {"candidate": yichang.candidate, "award": yichang.award} if posting.project.buyer.scope == "yichang" else {}
        )
        return own.get(posting.event.what, _central)(posting)
    return render.draw_body(render.draw_of(posting.project, posting.event))


def _detail_table(pairs: list[tuple[str, str]]) -> str:
    rows = "".join(
        f"\n        <tr>\n          <th>{label}</th>\n          <td>{esc(value)}</td>\n        </tr>"
        for label, value in pairs
    )
    return f'<table class="detail_Table" border="0" cellspacing="1" cellpadding="1">{rows}\n      </table>'


def _sum(one: Lot, rng: Random) -> str:
    """Return `1327000元 人民币`, or 0 as if no sum was entered."""
    if one.price.yuan is None:
        return "0元 人民币"
    if rng.random() < 0.3:
        return f"{money.in_wan_shortest(one.price.yuan)}万元 人民币"
    return f"{rng.choice([money.shortest_decimals, money.with_commas])(one.price.yuan)}元{rng.choice([' 人民币', '人民币'])}"


def _table(posting: Posting) -> str:
    """Draw the table form. Project number and name appear only on the outer page."""
    p, rng = posting.project, Random(posting.key)
    draw = render.draw_of(p, posting.event)
    out = ""
    for one in posting.event.lots:
        if not one.won:
            continue
        winner = winner_names(draw, one)
        if posting.event.what == "contract":
            pairs = [
                ("采购人名称", p.buyer.name),
                ("中标（成交）供应商名称", winner),
                ("合同金额", _sum(one, rng)),
                ("合同期限", "1年"),
                ("合同签署时间", f"{posting.at:%Y-%m-%d %H:%M:%S}"),
            ]
        elif posting.column == "0104":
            price = f"{money.in_wan_shortest(one.price.yuan)}万元" if one.price.yuan else "0万元"
            pairs = [
                ("招标人名称", p.buyer.name),
                ("招标代理机构名称", p.agency.name),
                ("中标人名称", winner),
                ("中标价格", price),
                ("项目经理", p.agency.contact),
                ("中标日期", f"{posting.at:%Y-%m-%d}"),
            ]
        else:
            pairs = [
                ("采购人名称", p.buyer.name),
                ("采购代理机构名称", p.agency.name),
                ("中标（成交）供应商名称", winner),
                ("中标（成交）金额", _sum(one, rng)),
                ("中标（成交）时间", f"{posting.at:%Y-%m-%d %H:%M:%S}"),
            ]
        out += _detail_table(pairs)
    return out


def _priced(one: Lot) -> str:
    if one.price.kind == "rate":
        return f"{one.price.label}{one.price.number}%"
    return money.fixed_decimals(one.price.yuan) if one.price.yuan is not None else "/"


def _central(posting: Posting) -> str:
    """Draw the form of a central enterprise: 招标人 and 中标人, packages in a table."""
    p, event, rng = posting.project, posting.event, Random(posting.key)
    out = f'<p style="text-align:center"><strong>{esc(posting.title)}</strong></p>'
    out += f"<p>招标项目名称：{esc(p.name)}</p>" + (f"<p>招标项目编号：{esc(p.number)}</p>" if p.number else "")
    if event.what == "failed":
        out += f"<p>本项目{esc(event.lots[0].failed)}，招标失败。</p>"
    elif event.what == "void":
        out += "<p>中标结果公示发布后，因质疑成立，原中标结果作废。</p>"
    elif event.what == "correction":
        change = event.changes[0]
        price = (
            f"，中标价格：{money.fixed_decimals(change.after.price.yuan)}元"
            if change.after.price.yuan is not None
            else ""
        )
        out += f"<p>{esc(change.why)}</p><p>包{change.lot_no}原中标人：{esc(change.before.winners[0].name)}</p><p>包{change.lot_no}中标人变更为：{esc(change.after.winners[0].name)}{price}</p>"
    elif event.what == "candidate":
        rows = []
        for one in event.lots:
            bids = [(w.name, w.quote) for w in one.winners[:1]] + list(one.losers)
            rows += [
                [
                    f"包{one.no}",
                    esc(one.name),
                    f"第{'一二三四'[i]}中标候选人",
                    esc(name),
                    money.fixed_decimals(bid) if bid and posting.shows_amount else "/",
                ]
                for i, (name, bid) in enumerate(bids)
            ]
        out += cell_table(["包号", "包名称", "推荐顺序", "中标候选人名称", "投标报价（元，含税）"], rows)
    elif len(event.lots) > 1 or p.buyer.scope == "sgcc":
        heads = ["包号", "包名称", "中标人名称"] + (["中标金额（元）"] if posting.shows_amount else [])
        rows = [
            [
                f"包{one.no}",
                esc(one.name),
                esc("、".join(w.name for w in one.winners)),
                *([_priced(one)] if posting.shows_amount else []),
            ]
            for one in event.lots
        ]
        out += cell_table(heads, rows)
    else:
        one = event.lots[0]
        out += f"<p>中标人：{esc('、'.join(w.name for w in one.winners))}</p>"
        if one.price.yuan is not None:
            out += f"<p>{rng.choice([f'中标价格：{money.fixed_decimals(one.price.yuan)}元', f'中标价格:{money.in_wan_shortest(one.price.yuan)}万元', f'中标金额：{money.shortest_decimals(one.price.yuan)}元人民币'])}</p>"
        elif one.price.kind == "rate":
            out += f"<p>{one.price.label}：{one.price.number}%</p>"
    return (
        out
        + f"<p>招标人：{esc(p.buyer.name)}</p><p>招标代理机构：{esc(p.agency.name)}</p><p>联系人：{esc(p.agency.contact)}　电话：{p.agency.phone}</p><p>{posting.at:%Y年%m月%d日}</p>"
    )
