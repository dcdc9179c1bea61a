"""Yichang's construction platform: results in one table of labels and values, candidates side by side in columns."""

from __future__ import annotations

import re
from random import Random

from tests.replica import money
from tests.replica.forms.common import esc
from tests.replica.model import Lot, Posting

_STYLE = '<style type="text/css">\n\t.tablejsgc{ margin:10px; border-collapse:collapse; }\n\ttable td{padding:10px}\n\t.title{ text-align:left; width:600px }\n\t.contenttd{ text-align:left; width:400px }\n</style>'
_CELL = '<td valign=center style="width:{w}%;text-align:center;line-height:30px;font-family:宋体;font-size:16px;"><b><span>&nbsp;{t}&nbsp;</span></b></td>'


def _winner(one: Lot, rng: Random) -> str:
    names = [w.name for w in one.winners]
    if len(names) == 1:
        return names[0]
    return rng.choice(["、".join(names) + "联合体", "、".join(names) + "（联合体）"])


def section_name(posting: Posting) -> str:
    """Return the project's name with the round from the title, such as （二次）."""
    name = posting.project.name
    round_ = (
        re.match(r"[（(][^）)]+[）)]", posting.title.removeprefix(name)) if posting.title.startswith(name) else None
    )
    return name + (round_[0] if round_ else "")


def _price(one: Lot, rng: Random) -> tuple[str, str]:
    """Return (label, value): a sum under 中标价(元), otherwise words under 中标价(报价承诺)."""
    if one.price.yuan is None:
        words = (
            f"按国家收费标准的{one.price.number}%计取，据实结算，最高不超过{money.in_wan_shortest(one.budget)}万元。"
            if one.price.kind == "rate"
            else "详见投标文件"
        )
        return "中标价(报价承诺):", words
    if rng.random() < 0.25:
        sum_ = f"{money.shortest_decimals(one.price.yuan)} 元（大写：{money.in_capitals(one.price.yuan)}）"
        return "中标价(报价承诺):", f"含税单价为{rng.randrange(2, 90)}元/条，总价为{sum_}，增值税税率为 6%。"
    return "中标价(元):", rng.choice([money.fixed_decimals(one.price.yuan), f"{one.price.yuan:.8f}"])


def award(posting: Posting) -> str:
    """Draw a result as a table of labels and values."""
    p, one, rng = posting.project, posting.event.lots[0], Random(posting.key)
    label, value = _price(one, rng)
    stem = section_name(posting)
    pairs = [
        [(" 招标人:", p.buyer.name), ("建设地点", p.buyer.region)],
        [(" 招标机构:", p.agency.name), ("标段(包)编号:", p.number)],
        [("标段(包)名称:", stem)],
        [("中标人:", _winner(one, rng))],
        [("中标范围和内容:", f"{one.goods[0]}，详见招标文件。"), ("投诉电话", p.agency.phone)],
        [(label, value), ("履约期限(天):", str(rng.randrange(30, 730)))],
        [("质量目标:", "合格")],
        [(" 资质证书名称及编号:", "/")],
        [("项目负责人", f" {p.agency.contact},注册证书,鄂0000{rng.randrange(10**6):06d}")],
        [("公告发布日期:", f"{posting.at:%Y-%m-%d}")],
        [("备注:", "/")],
    ]
    rows = ""
    for row in pairs:
        wide = ' colspan="3"' if len(row) == 1 else ""
        rows += (
            "\t\t\t<tr>\n"
            + "".join(
                f'\t\t\t\t<td class="title">{label}</td>\n\t\t\t\t<td class="contenttd"{wide}>{" " if wide else ""}{esc(text)}</td>\n'
                for label, text in row
            )
            + "\t\t\t</tr>\n"
        )
    return f'<!DOCTYPE html>\n<html>\n<head>\n\t<meta charset=\'UTF-8\' />\n</head>\n<title></title>\n{_STYLE}\n<body>\n<div>\n\t<div style="text-align:center">\n\t\t<table cellspacing="0" cellpadding="0" border="1" style="margin:0 auto; width:100%">\n\t\t\t<tbody>\n{rows}\n\t\t\t</tbody>\n\t\t</table>\n\t</div>\n</div>\n</body>\n</html>'


def candidate(posting: Posting) -> str:
    """Draw all candidates side by side, with the later winner at any place."""
    p, one, rng = posting.project, posting.event.lots[0], Random(posting.key)
    hidden = not posting.shows_amount
    own = (_winner(one, rng), one.price.yuan)
    bids = [own, *((name, bid) for name, bid in one.losers)]
    if posting.fact % 2 == 0 and rng.random() < 0.5:
        rng.shuffle(bids)

    def shown(bid: object) -> str:
        if one.price.kind == "rate":
            return f"按收费标准的{one.price.number}%计取"
        return "详见投标文件" if hidden or bid is None else money.shortest_decimals(bid)  # type: ignore[arg-type]

    rows = [
        ("中标候选人名称", [esc(name) for name, _ in bids]),
        ("投标报价(元/%)", [shown(bid) for _, bid in bids]),
        ("质量目标", ["合格"] * len(bids)),
        ("履约期限（天）", ["合同签订后90日内"] * len(bids)),
        ("投标人资质证书名称及编号（如有）", ["/"] * len(bids)),
    ]
    table = "".join(
        f"<tr>{_CELL.format(w=20, t=label).replace('<td', '<td colspan=2', 1)}{''.join(_CELL.format(w=26, t=cell) for cell in cells)}</tr>"
        for label, cells in rows
    )
    head = '<p><span style="font-family:宋体;font-size:18px;line-height:20px;" ><b>{}</b></span></p>'
    line = '<p><b><span style="font-family:宋体;font-size:16px;line-height:20px;" >&nbsp;&nbsp;{}</span></b></p>'
    order = line.format("中标候选人排名不分先后。") if len(bids) > 1 else ""
    past = "".join(
        _CELL.format(w=20, t=t)
        for t in (esc(bids[0][0]), "某市综合服务平台项目", f"{rng.randrange(100, 9000)}.35", "&nbsp;")
    )
    heads = "".join(_CELL.format(w=20, t=t) for t in ("单位名称", "项目名称", "合同金额（万元）", "备注"))
    stem = section_name(posting)
    return (
        '<meta http-equiv="Content-Type" content="text/html;charset=utf-8">\n<p style="font-family:宋体;font-size:22px;text-align:center;" ><b>中标候选人公示</b></p>\n'
        f'<p style="font-family:宋体;font-size:16px;text-align:center;" ><b>标段（包）编号：{p.number}</b></p>\n'
        + head.format("一、招标概况")
        + line.format(
            f"{esc(stem)}于{posting.at:%Y年%m月%d日} 09时00分开标、评标，现将评标委员会推荐的中标候选人公示如下："
        )
        + head.format("二、评标结果")
        + f'<table border=1 cellspacing=1 style="border-collapse:collapse;width:100%;"><tbody>{table}</tbody></table><p><p>'
        f'<table border=1 cellspacing=1 style="border-collapse:collapse;width:100%;"><tbody><tr>{_CELL.format(w=3, t="业绩").replace("<td", "<td rowspan=2", 1)}{heads}</tr><tr>{past}</tr></tbody></table>'
        + order
        + head.format("三、公示时间")
        + line.format(f"公示期为{posting.at:%Y年%m月%d日} 18时00分起三日")
        + head.format("四、联系方式")
        + line.format(f"1.招标人：{esc(p.buyer.name)}")
        + line.format(f"电话：{p.buyer.phone}")
        + line.format(f"2.招标代理机构：{esc(p.agency.name)}")
        + line.format(f"电话：{p.agency.phone}")
    )
