"""政采云 forms: numbered rows whose cells carry classes.

One function per dialect: Shanxi, Zhejiang, Qinghai, Yunnan, Guizhou, Shanghai.
"""

from __future__ import annotations

from tests.replica import money
from tests.replica.forms.common import Draw, cell_table, contact_section, esc, winner_names
from tests.replica.model import Lot

_LABELS = ("报价", "磋商报价", "投标总报价", "最终报价", "总价", "总报价", "投标报价（元）", "投标总价")
_P = "<p>{}</p>"
_CODES = {
    "no": "code-sectionNo",
    "name": "code-winningSupplierName",
    "address": "code-winningSupplierAddr",
    "price": "code-summaryPrice",
    "score": "code-reviewTotalScore",
    "review": "code-supplierReviewPrice",
}


def _price(draw: Draw, one: Lot, label: str) -> str:
    price = one.price
    if price.kind == "total" and price.yuan is not None:
        shape = money.fixed_decimals(price.yuan) if draw.rng.random() < 0.4 else money.shortest_decimals(price.yuan)
        return f"{label}：{shape}（元）"
    if price.kind == "rate":
        return f"{draw.rng.choice([label, f'投标{price.label}'])}：{price.number}（%）"
    if price.kind == "unit_price":
        return f"单价：{price.number}（{price.unit}）"
    return f"{label}：详见附件"


def _row(columns: list[str], values: dict[str, str]) -> str:
    cells = "".join(
        f'<td style="font-size: 14px;" class="{_CODES[c]}" align="center" valign="middle">{values[c]}</td>'
        for c in columns
    )
    return f"<tr>{cells}</tr>"


def _table(
    draw: Draw, heads: dict[str, str], label: str, *, bare: bool = False, ranked: bool = False, spaced: bool = False
) -> str:
    columns = list(heads)
    gap = " " if spaced else ""
    rows = ""
    for one in draw.won:
        price = _price(draw, one, label)
        if bare and one.price.yuan is not None:
            price = money.shortest_decimals(one.price.yuan)
        name = esc(winner_names(draw, one)) + (f"（评审总得分：{one.score}分，综合排名第一）" if ranked else "")
        rows += _row(
            columns,
            {
                "no": str(one.no),
                "name": name,
                "address": esc(one.winners[0].address),
                "price": esc(price),
                "score": one.score,
                "review": "-",
            },
        )
    head = gap.join(f"<td><strong>{heads[c]}</strong></td>" for c in columns)
    table = f'<table class="template-bookmark uuid-1714974088559 code-AM014zbcj0001 text-中标/成交结果信息"><thead><tr class="firstRow">{head}</tr></thead><tbody>{rows}</tbody></table>'
    return table.replace("<td", f"{gap}<td").replace("</td></tr>", f"</td>{gap}</tr>") if spaced else table


def _goods(draw: Draw) -> str:
    kind = draw.project.goods_kind
    heads = {
        "货物": ["品牌", "规格型号", "数量", "单价"],
        "服务": ["服务范围", "服务要求", "服务时间", "服务标准"],
        "工程": ["施工范围", "施工工期", "项目经理", "执业证书信息"],
    }[kind]
    rows = []
    for one in draw.won:
        price = money.shortest_decimals(one.price.yuan) if one.price.yuan else "详见附件"
        tail = {
            "货物": ["详见附件", "详见附件", "1", price],
            "服务": ["详见采购文件"] * 4,
            "工程": ["工程量清单全部内容", "90日历天", "详见附件", "详见附件"],
        }[kind]
        lot = one.name if draw.has_several_lots else draw.project.name
        rows.append([str(one.no), esc(lot), esc(one.goods[0]), *tail])
    return f"<p>{kind}类主要标的信息：</p>" + cell_table(["序号", "标项名称", "标的名称", *heads], rows)


def _failures(draw: Draw, with_loser: bool = False) -> str:
    rows = [[str(one.no), esc(one.name), esc(one.failed), "/"] for one in draw.failed]
    if not rows and with_loser and draw.won and draw.won[0].losers:
        rows = [["1", esc(draw.won[0].name), f"{esc(draw.won[0].losers[0][0])}免费质保期不符合招标文件要求", "无"]]
    return "<p>2.废标结果:  </p>" + cell_table(["序号", "标项名称", "废标理由", "其他事项"], rows)


def _frame(draw: Draw, result: str, *, samp: bool = False) -> str:
    p = draw.project
    number, name = esc(p.number), esc(p.name)
    if samp:
        number = f'<samp class="bookmark-item uuid-1653371865344 code-00004 addWord single-line-text-input-box-cls">{number}</samp>'
        name = f'<span class="bookmark-item uuid-1591615489941 code-00003 addWord single-line-text-input-box-cls">{name}</span>'
    return (
        f"<p><strong>一、项目编号：</strong>{number} &nbsp;</p><p><strong>二、项目名称：</strong>{name} &nbsp;</p>"
        f"<p><strong>三、中标（成交）信息</strong> &nbsp; </p>{result}<p><strong>四、主要标的信息</strong></p>{_goods(draw)}"
        f"<p><strong>五、评审专家（单一来源采购人员）名单：</strong></p><p>{esc('，'.join(p.experts))}</p><p><strong>六、代理服务收费标准及金额：</strong></p>"
        f"<p>1.代理服务收费标准：{draw.fee_rule()}</p><p>2.代理服务收费金额（元）：{draw.rng.choice([str(draw.fee), money.fixed_decimals(draw.fee), '0.00'])}</p>"
        "<p><strong>七、公告期限</strong></p><p>自本公告发布之日起1个工作日。</p><p><strong>八、其他补充事宜</strong></p><p>无</p>"
        f"<p><strong>九、对本次公告内容提出询问，请按以下方式联系　　</strong></p>{contact_section(draw, _P)}"
    )


def plain(draw: Draw) -> str:
    """Draw the form of Shanxi, Jilin, Xinjiang and Guangxi."""
    heads = {
        "no": "序号",
        "name": "供应商名称",
        "address": "供应商地址 ",
        "price": "中标（成交）金额",
        "score": "评审总得分",
    }
    return _frame(draw, "<p>1.中标结果：</p>" + _table(draw, heads, draw.rng.choice(_LABELS)) + _failures(draw))


def zhejiang(draw: Draw) -> str:
    """Draw the amount before the name."""
    heads = {
        "no": "序号",
        "price": "中标（成交）金额(元)",
        "name": "中标供应商名称",
        "address": "中标供应商地址",
        "score": "评审总得分",
    }
    result = "<p>1.中标结果：</p>" + _table(draw, heads, draw.rng.choice(["总价", "报价", "最终报价"]))
    return _frame(draw, result + (_failures(draw) if draw.failed else ""), samp=True)


def qinghai(draw: Draw) -> str:
    """Draw bare amounts under `中标金额(元)`, and a rejected bidder in the table of failures."""
    heads = {"no": "序号", "price": "中标金额(元)", "name": "中标供应商名称", "address": "中标供应商地址"}
    return _frame(
        draw,
        "<p>1.中标结果：</p>" + _table(draw, heads, "报价", bare=True, ranked=True) + _failures(draw, with_loser=True),
    )


def yunnan(draw: Draw) -> str:
    """Draw the editor's markup: a paragraph and nested strong tags in every head cell."""
    heads = {
        "no": "标段",
        "name": "供应商名称",
        "address": "供应商地址",
        "price": "中标（成交）金额",
        "score": "评审总得分",
    }
    fat = {
        key: f'<p class="PlaygroundEditorTheme__paragraph"><strong class="PlaygroundEditorTheme__textBold">{text}</strong></p>'
        for key, text in heads.items()
    }
    return _frame(
        draw,
        "<p>中标结果：</p>" + _table(draw, fat, "投标总报价") + (_failures(draw) if draw.failed else ""),
        samp=True,
    )


def guizhou(draw: Draw) -> str:
    """Draw `总价形式报价:569800.00(元)` or `金额(以价格数值表示):…`.

    Brackets are half-width, and a 评审报价 follows.
    """
    heads = {
        "no": "序号",
        "name": "供应商名称",
        "address": "供应商地址",
        "price": "中标（成交）金额",
        "review": "评审报价",
    }
    label = draw.rng.choice(["总价形式报价", "金额(以价格数值表示)"])
    table = _table(draw, heads, label, spaced=True)
    for one in draw.won:
        if one.price.yuan is not None:
            for shape in (money.fixed_decimals(one.price.yuan), money.shortest_decimals(one.price.yuan)):
                table = table.replace(f"{label}：{shape}（元）", f"{label}:{money.fixed_decimals(one.price.yuan)}(元)")
    return _frame(draw, "<p>1.中标结果： </p>" + table + (_failures(draw) if draw.failed else ""), samp=True)


def shanghai(draw: Draw) -> str:
    """Draw 标项名称 in the result table. In the flattened text the amount follows the score without a gap."""
    rows = []
    for one in draw.won:
        price = one.price
        shown = (
            f"{money.fixed_decimals(price.yuan)}元"
            if price.yuan is not None
            else {"rate": f"{price.label}{price.number}%", "unit_price": f"{price.number}{price.unit}"}.get(
                price.kind, "详见附件"
            )
        )
        lot = one.name if draw.has_several_lots else draw.project.name
        rows.append(
            [
                str(one.no),
                esc(lot),
                esc(winner_names(draw, one)),
                esc(one.winners[0].address),
                one.score,
                esc(shown),
                "无",
            ]
        )
    table = cell_table(
        ["序号", "标项名称", "中标供应商名称", "中标供应商地址", "评审总得分", "中标（成交金额）", "备注"], rows
    )
    return _frame(draw, table + (_failures(draw) if draw.failed else "<p>/</p>"))


def own_site(draw: Draw) -> str:
    """Draw the form of the family's own sites.

    Number and name have their own marks, every cell has a class, and prices may name the kind of bid.
    """
    who = draw.rng.choice(["中标（成交）供应商名称", "中标供应商名称", "供应商名称"])
    heads = {
        "no": draw.rng.choice(["序号", "标项"]),
        "name": who,
        "address": "供应商地址",
        "price": "中标（成交）金额",
        "score": "评审总得分",
    }
    label = draw.rng.choice([*_LABELS, "总价形式报价"])
    return _frame(
        draw,
        "<p>1.中标（成交）结果：</p>" + _table(draw, heads, label) + (_failures(draw) if draw.failed else ""),
        samp=True,
    )


def failed(draw: Draw) -> str:
    """Draw a notice without result. Section 三 holds only the table of failures."""
    p = draw.project
    return (
        f"<p><strong>一、项目编号：</strong>{esc(p.number)}</p><p><strong>二、项目名称：</strong>{esc(p.name)}</p><p><strong>三、采购结果信息</strong></p>"
        f"<p>1.废标结果:</p>{cell_table(['序号', '标项名称', '废标理由', '其他事项'], [[str(o.no), esc(o.name), esc(o.failed), '/'] for o in draw.event.lots])}"
        f"<p><strong>四、公告期限</strong></p><p>自本公告发布之日起1个工作日。</p><p><strong>六、凡对本次公告内容提出询问，请按以下方式联系</strong></p>{contact_section(draw, _P)}"
    )
