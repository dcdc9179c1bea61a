"""Package provinces (合同包N / 采购包N), and Shenzhen, which lists all bidders before the winner."""

from __future__ import annotations

from tests.replica import money
from tests.replica.forms.common import Draw, cell_table, contact_section, esc, winner_names
from tests.replica.model import Lot

_H = "\n<h2>{}</h2>\n"
_P = "<p>{}</p>\n"


def _price(one: Lot, three: bool) -> str:
    price = one.price
    if price.kind == "total" and price.yuan is not None:
        return f"{price.yuan:.3f}元" if three else f"{money.with_commas(price.yuan)}元"
    if price.kind == "rate":
        return f"{price.label}：{price.number}%"
    if price.kind == "unit_price":
        return f"单价：{price.number}元"
    return "详见报价明细附件"


def _result(draw: Draw, mark: str) -> str:
    sichuan = mark == "采购包"
    three = sichuan and draw.rng.random() < 0.3
    reviewed = not sichuan and draw.rng.random() < 0.25
    out = ""
    for one in draw.event.lots:
        out += f"<p>{mark}{one.no}{'' if sichuan else f'({esc(one.name)})'}:</p>\n"
        if not one.won:
            out += f"<p>废标理由：{esc(one.failed)}</p>\n"
            continue
        heads = ["供应商名称", "供应商地址"] + ([] if sichuan else ["评审方法", "是否价格扣除"]) + ["中标（成交）金额"]
        heads += (["评审价格"] if reviewed else []) + ["评审总得分"]
        rows = []
        shared = one.winners[0].role == "shared"
        for winner in one.winners if shared else one.winners[:1]:
            name = (
                winner.name + (f"（份额{winner.share}%）" if winner.share else "")
                if shared
                else winner_names(draw, one)
            )
            row = (
                [esc(name), esc(winner.address)]
                + ([] if sichuan else ["综合评分法", "是" if reviewed else "否"])
                + [esc(_price(one, three))]
            )
            if reviewed:
                row.append(f"{money.with_commas(one.price.yuan * 85 / 100)}元" if one.price.yuan else "-")
            rows.append([*row, one.score])
        out += cell_table(heads, rows, gap="\n ") + "\n"
    return out


def _goods(draw: Draw) -> str:
    out = ""
    kind = draw.project.goods_kind
    for one in draw.won:
        price = money.with_commas(one.price.yuan, 4) if one.price.yuan else "-"
        heads = [
            "品目号",
            "品目名称",
            "采购标的",
            *(
                ["品牌", "规格型号", "数量（单位）", "单价(元)", "总价(元)"]
                if kind == "货物"
                else ["服务范围", "服务要求", "服务时间", "服务标准"]
            ),
        ]
        tail = (
            ["详见附件", "XH-100", "1.00(套)", price, price]
            if kind == "货物"
            else ["详见采购文件", "按采购文件要求", "自合同签订之日起1年", "合格"]
        )
        out += f"<p>合同包{one.no}({esc(one.name)}):</p>\n<p>{kind}类（{esc(one.winners[0].name)}）</p>\n"
        out += cell_table(
            heads,
            [
                [
                    f"{one.no}-1",
                    "A02010000 信息化设备" if kind == "货物" else "C16000000 信息技术服务",
                    esc(one.goods[0]),
                    *tail,
                ]
            ],
            gap="\n ",
        )
    return out


def award(draw: Draw) -> str:
    """Draw a result by packages."""
    p = draw.project
    mark = "采购包" if p.buyer.province == "四川" else "合同包"
    fees = "".join(
        _P.format(
            f"合同包{one.no}({esc(one.name)})： {money.in_wan_shortest(draw.fee / len(draw.won))}万元。收取对象：中标（成交）供应商。"
        )
        for one in draw.won
    )
    return (
        _H.format(f"一、项目编号：{esc(p.number)} ")
        + _H.format(f"二、项目名称：{esc(p.name)} ")
        + _H.format("三、采购结果 ")
        + _result(draw, mark)
        + _H.format("四、主要标的信息 ")
        + _goods(draw)
        + _H.format("五、评审专家（单一来源采购人员）名单： ")
        + _P.format(esc("、".join(p.experts)))
        + _H.format("六、代理服务收费标准及金额： ")
        + _P.format("代理服务费收费标准：")
        + _P.format(draw.fee_rule())
        + _P.format("代理服务费金额：")
        + fees
        + _H.format("七、公告期限 ")
        + _P.format("自本公告发布之日起1个工作日。")
        + _H.format("八、其他补充事宜 ")
        + _P.format("无")
        + _H.format("九、凡对本次公告内容提出询问，请按以下方式联系。 ")
        + contact_section(draw, _P)
    )


def failed(draw: Draw) -> str:
    """Draw a failed procurement by packages."""
    p = draw.project
    lots = "".join(
        _P.format(f"合同包{one.no}({esc(one.name)}):") + _P.format(f"废标理由：{esc(one.failed)}")
        for one in draw.event.lots
    )
    return (
        _H.format(f"一、项目编号：{esc(p.number)} ")
        + _H.format(f"二、项目名称：{esc(p.name)} ")
        + _H.format("三、采购结果 ")
        + lots
        + _H.format("四、其他补充事宜 ")
        + _P.format("无")
        + _H.format("五、凡对本次公告内容提出询问，请按以下方式联系。 ")
        + contact_section(draw, _P)
    )


def shenzhen(draw: Draw) -> str:
    """Draw all bidders in section 三, losers first, the shortlist in 四 and the winner in 五."""
    p, letters = draw.project, "ABCDEFG"
    bids: list[list[str]] = []
    short: list[list[str]] = []
    for one in draw.won:
        pack = letters[one.no - 1]
        own = f"{one.price.yuan:.1f}" if one.price.yuan else (f"{one.price.number}" if one.price.number else "详见附件")
        bids += [[pack, esc(name), f"{bid:.1f}"] for name, bid in one.losers]
        bids.append([pack, esc(one.winners[0].name), own])
        short.append([pack, esc(one.winners[0].name), own])
        short += [[pack, esc(name), f"{bid:.1f}"] for name, bid in one.losers[:2]]
    item = "<span>&nbsp;&nbsp;&nbsp;&nbsp;{}</span>      "
    out = "".join(
        f"<span>{text}</span>      "
        for text in (f"一、项目编号：{esc(p.number)}", f"二、项目名称：{esc(p.name)}", "三、投标供应商名称及报价：")
    )
    out += (
        cell_table(["包组", "投标供应商", "报价（元）"], bids, gap="          ")
        + "<span>四、候选中标供应商名单：</span>"
    )
    out += (
        cell_table(["包组", "投标供应商", "报价（元）"], short, gap="          ")
        + "<span>五、中标（成交）信息</span>      "
    )
    for one in draw.won:
        if draw.has_several_lots:
            out += item.format(f"包组：{letters[one.no - 1]}（{esc(one.name)}）")
        price = f"{one.price.yuan:.1f}元" if one.price.yuan and one.price.yuan * 10 % 1 == 0 else _price(one, False)
        out += item.format(f"供应商名称：{esc(winner_names(draw, one))}") + item.format(
            f"供应商地址：{esc(one.winners[0].address)}"
        )
        out += item.format(f"中标（成交）金额：{price}")
    for one in draw.failed:
        out += item.format(f"包组：{letters[one.no - 1]}（{esc(one.name)}）废标，{esc(one.failed)}")
    goods = [
        [esc(one.goods[0]), "/", "/", "1", money.shortest_decimals(one.price.yuan) if one.price.yuan else "/"]
        for one in draw.won
    ]
    out += "<span>六、主要标的信息</span>" + cell_table(
        ["名称", "品牌（如有）", "规格型号", "数量", "单价（元）"], goods, gap="          "
    )
    out += f"<span>七、评审委员会成员名单</span>{item.format(esc('、'.join(p.experts)) + '；')}<span>八、代理服务收费标准及金额</span>{item.format('本项目不收取代理服务费')}"
    out += f"<span>九、公告期限</span>{item.format(f'{draw.day}至{draw.day}')}<span>十、其他补充事宜</span>{item.format('1.供应商投标（响应）文件：详见附件。')}"
    out += f"<span>十一、凡对本次公示内容提出询问，请按以下方式联系。</span>{contact_section(draw, item)}"
    return (
        '<meta http-equiv="X-UA-Compatible" content="IE=edge"><title>采购结果公告</title><table width="100%" border="0">  <tbody>    <tr>      '
        f"<td>{esc(p.agency.name)}</td>    </tr>    <tr>      <td>中标（成交）结果公告</td>    </tr>    <tr>      <td>      {out}</td>    </tr>  </tbody></table>"
    )
