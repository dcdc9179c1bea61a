"""Forms made of lines instead of tables: Hubei, Jiangxi, Chongqing, Hainan, capital numerals, central batches."""

from __future__ import annotations

from tests.replica import money
from tests.replica.forms.common import Draw, cell_table, contact_section, esc, total_budget, winner_names
from tests.replica.model import Lot

_P = "<p>{}</p>\n"
_NUMERALS = "一二三四五六七八九"


def _head(draw: Draw) -> str:
    return f"<p>一、项目编号：{esc(draw.project.number)}</p><p>二、项目名称：{esc(draw.project.name)}</p>"


def _tail(draw: Draw) -> str:
    p = draw.project
    return (
        f"<p>五、评审专家名单</p><p>{esc('、'.join(p.experts))}</p><p>六、代理服务收费标准及金额</p><p>收费标准：{draw.fee_rule()}</p><p>收费金额：{money.fixed_decimals(draw.fee)}元</p>"
        f"<p>七、公告期限</p><p>自本公告发布之日起1个工作日。</p><p>八、其他补充事宜</p><p>评审总得分：{draw.won[0].score if draw.won else '/'}分</p><p>九、凡对本次公告内容提出询问，请按以下方式联系</p>{contact_section(draw, _P)}"
    )


def hubei(draw: Draw) -> str:
    """Draw spans inside paragraphs, half-width `(万元)`, decimals as needed, and one table per winner."""
    p, out = draw.project, ""
    span = "	<p>		<span>{}</span><span>{}</span>	</p>"
    notes = ""
    for one in draw.won:
        price = one.price
        if price.yuan is not None:
            number, unit = money.in_wan_shortest(price.yuan), "(万元)"
        elif price.kind == "rate":
            number, unit = price.number, "(%)"
        else:
            number, unit = "0", "(%)" if price.kind == "unit_price" else "(万元)"
        if price.kind == "unit_price":
            notes += f"受系统推送功能限制，本项目中标单价为 {price.number} {price.unit}。"
        out += span.format("供应商名称：", esc(winner_names(draw, one))) + span.format(
            "供应商地址：", esc(one.winners[0].address)
        )
        out += (
            f"	<p>		<span>中标（成交）金额：</span><span>{number}</span><span>{unit}</span>	</p>"
            + span.format("综合评分法：", f"{one.score}（分）")
        )
        label = f"包{one.no}（{esc(one.name)}）" if draw.has_several_lots else esc(one.goods[0])
        out += f'	<p>		<table width="600"><tbody><tr class="firstRow"><td valign="top">	<p>{p.goods_kind}类</p>	</td></tr><tr><td valign="top">	<p>名称：{label}</p>	<p>{p.goods_kind}要求：详见采购文件</p>	<p>质保期或服务期：一年</p>	</td></tr></tbody></table>	</p>'
    for one in draw.failed:
        notes += f"包{one.no}（{esc(one.name)}）{esc(one.failed)}。"
    return (
        f"<div>	<h2>		<span>{esc(draw.event.title)}</span>	</h2>	<div> 		<span>发布日期：{draw.event.at:%Y-%m-%d %H:%M}</span>｜<span>发布单位：{esc(p.agency.name)}</span>｜<span>项目监管地：{p.buyer.region}</span>	</div></div>"
        f"<div>	<p>一、项目编号</p>	<p>		<span>{esc(p.number)}</span>	</p>	<p>二、采购计划备案号</p>	<p>		<span>420000-{draw.event.at.year}-07606</span>	</p>"
        f"	<p>三、项目名称</p>	<p>		<span>{esc(p.name)}</span>	</p>	<p>四、中标（成交）信息</p>{out}	<p>五、评审小组成员</p>	<p>		<span>{esc(','.join(p.experts))}</span>	</p>"
        f"	<p>六、评审信息</p>{span.format('1、评审时间：', f'{draw.event.at:%Y-%m-%d}')}	<p>七、代理服务收费标准及金额：</p>{span.format('1、代理服务收费标准：', draw.fee_rule())}"
        f"	<p>		<span>2、收费金额：</span><span>{money.in_wan_shortest(draw.fee)}</span><span>(万元)</span>	</p>	<p>八、公告期限</p>	<p>自本公告发布之日起1个工作日。</p>"
        f"	<p>九、其他补充事宜</p>	<p>		<span>{notes or '无'}</span>	</p>	<p>十、凡对本次公告内容提出询问，请按以下方式联系</p>{contact_section(draw, '	<p>{}</p>')}</div>"
    )


def jiangxi(draw: Draw) -> str:
    r"""Draw Jiangxi's form.

    中标类型 decides what the number under 中标（成交）金额（元）\（%） means.
    """
    p, out = draw.project, ""
    for one in draw.won:
        kind, number = "总价中标", money.fixed_decimals(one.price.yuan) if one.price.yuan else "0.00"
        if one.price.kind == "rate":
            kind, number = (
                f"{'折扣率' if one.price.label != '下浮率' else '下浮率'}中标",
                f"{float(one.price.number):.2f}",
            )
        if one.price.kind == "unit_price":
            kind, number = "单价中标", f"{float(one.price.number):.2f}"
        if one.price.kind == "undisclosed":
            kind = "其他类型中标"
        contact = [f"供应商联系人：{esc(p.buyer.contact)}", f"供应商联系电话：{p.agency.phone}"]
        for line in (
            f"供应商名称：{esc(winner_names(draw, one))}",
            *contact,
            f"供应商地址：{esc(one.winners[0].address)}",
            f"中标类型：{kind}",
            f"中标（成交）金额（元）\\（%）：{number}",
        ):
            out += _P.format(line)
    goods = cell_table(
        ["名称", "服务范围", "服务要求", "服务时间", "服务标准"],
        [[esc(o.goods[0]), "响应采购文件", "响应采购文件", "响应采购文件", "响应采购文件"] for o in draw.won],
    )
    return (
        f"<p>一、项目编号 </p><p>{esc(p.number)} </p><p>二、项目名称 </p><p>{esc(p.name)} </p><p>三、中标（成交）信息 </p>{out}<p>四、主要标的信息 </p>{goods}"
        f"<p>五、评审专家名单 </p><p>{esc(','.join(p.experts))}</p><p>六、代理服务收费标准及金额 </p><p>{money.fixed_decimals(draw.fee)}元</p><p>七、公告期限 </p><p>自本公告发布之日起1个工作日。</p>"
        f"<p>八、其他补充事宜 </p><p>中标（成交）供应商总得分为：{draw.won[0].score}分。</p><p>九、凡对本次公告内容提出询问，请按以下方式联系 </p>{contact_section(draw, _P)}<p>本项目代理费用金额为{money.fixed_decimals(draw.fee)}元</p>"
    )


def _contact_chongqing(draw: Draw) -> str:
    p = draw.project
    return (
        f"<p>1、采购人信息</p><p>采购人：{esc(p.buyer.name)}</p><p>采购经办人：{esc(p.buyer.contact)}</p><p>采购人电话：{p.buyer.phone}</p><p>采购人地址：{esc(p.buyer.address)}</p>"
        f"<p>2、采购代理机构信息</p><p>代理机构：{esc(p.agency.name)}</p><p>代理机构经办人：{esc(p.agency.contact)}</p><p>代理机构电话：{p.agency.phone}</p>"
    )


def chongqing(draw: Draw) -> str:
    """Draw 包号 lines. Losers with their bids follow in section 七."""
    p, out = draw.project, ""
    label = "中标金额（费率、单价等）" if p.goods_kind == "工程" else "中标（成交）金额"
    bids = []
    for one in draw.event.lots:
        out += _P.format(f"包号：{one.no}")
        if not one.won:
            out += _P.format(f"废标（终止）原因：{esc(one.failed)}")
            continue
        shown = (
            f"{money.with_commas(one.price.yuan)}元"
            if one.price.yuan
            else {
                "rate": f"{one.price.label}{one.price.number}%",
                "unit_price": f"{one.price.number}{one.price.unit}",
            }.get(one.price.kind, "详见附件")
        )
        out += (
            _P.format(f"供应商名称：{esc(winner_names(draw, one))}")
            + _P.format(f"供应商地址：{esc(one.winners[0].address)}")
            + _P.format(f"{label}：{esc(shown)}")
        )
        bids.append(
            [
                str(one.no),
                esc(one.winners[0].name),
                one.score,
                money.with_commas(one.price.yuan) if one.price.yuan else "/",
            ]
        )
        bids += [[str(one.no), esc(name), "80.25", money.with_commas(bid)] for name, bid in one.losers]
    goods = cell_table(
        ["包号", "标的名称", "数量", "单价（元）"],
        [
            [
                str(o.no),
                esc(o.name if draw.has_several_lots else o.goods[0]),
                "1",
                money.with_commas(o.price.yuan) if o.price.yuan else "/",
            ]
            for o in draw.won
        ],
    )
    return (
        f"<h2>{esc(draw.event.title)} </h2><h2>发布日期： {draw.event.at.year}年{draw.event.at.month}月{draw.event.at.day}日 </h2><h2>一、项目号：{esc(p.number)} 采购执行编号：{draw.event.at.year}招采字-{draw.event.at.month:03d}号 采购方式：{p.method} </h2>"
        f"<h2>二、项目名称：{esc(p.name)} </h2><h2>三、中标（成交）信息： </h2>{out}<h2>四、主要标的信息 </h2>{goods}<h2>五、评审专家名单 </h2><p>{esc('、'.join(p.experts))}</p>"
        f"<h2>六、代理服务收费标准及金额 </h2><p>代理服务收费标准：{draw.fee_rule()}</p><p>代理服务费总计：{money.with_commas(draw.fee)}元</p><h2>七、中标（成交）候选供应商评审得分及报价表 </h2>"
        f"{cell_table(['包号', '供应商名称', '得分', '报价（元）'], bids)}<h2>八、公告期限 </h2><p>公告期限：1个工作日</p><h2>九、其他补充事宜 </h2><h2>十、凡对本次公告内容提出询问，请按以下方式联系 </h2>{_contact_chongqing(draw)}"
    )


def chongqing_failed(draw: Draw) -> str:
    """Draw a failed procurement in Chongqing's form."""
    p = draw.project
    lots = "".join(
        _P.format(f"包号：{one.no}") + _P.format(f"废标（终止）原因：{esc(one.failed)}") for one in draw.event.lots
    )
    return (
        f"<h2>{esc(draw.event.title)} </h2><h2>一、项目号：{esc(p.number)} 采购方式：{p.method} </h2><h2>二、项目名称：{esc(p.name)} </h2><h2>三、中标（成交）信息： </h2>{lots}"
        f"<h2>四、主要标的信息 </h2><h2>五、评审专家名单 </h2><p>无</p><h2>六、代理服务收费标准及金额 </h2><p>代理服务费总计：-</p><h2>十、凡对本次公告内容提出询问，请按以下方式联系 </h2>{_contact_chongqing(draw)}"
    )


def hainan(draw: Draw) -> str:
    """Draw Hainan's form, where two labels run together before the price."""
    out = ""
    for one in draw.won:
        shown = (
            f"投标总报价中标价格: {money.fixed_decimals(one.price.yuan)} 元"
            if one.price.yuan
            else f"投标报价: {one.price.number or '详见附件'}{one.price.unit}"
        )
        out += (
            _P.format(f"中标供应商: {esc(winner_names(draw, one))}")
            + _P.format(f"供应商地址: {esc(one.winners[0].address)}")
            + _P.format(esc(shown))
        )
    return f"{_head(draw)}<p>三、中标（成交）信息</p><p>预算金额：{money.fixed_decimals(total_budget(draw))}元</p>{out}<p>四、主要标的信息</p><p>{esc(draw.project.name)}</p>{_tail(draw)}"


def capitals(draw: Draw) -> str:
    """Draw sums in capital numerals, alone or with figures in brackets."""
    out = ""
    for one in draw.won:
        price = one.price
        if price.yuan is not None:
            words = money.in_capitals(price.yuan)
            shown = draw.rng.choice(
                [
                    f"人民币{words}（￥{money.fixed_decimals(price.yuan)}）",
                    f"{words}（{money.in_wan_shortest(price.yuan)}万元）",
                    f"人民币{words}",
                    f"￥{money.with_commas(price.yuan)}（人民币{words}）",
                ]
            )
        else:
            shown = {"rate": f"{price.label}{price.number}%", "unit_price": f"{price.number}{price.unit}"}.get(
                price.kind, "详见附件"
            )
        mark = f"包{one.no}（{esc(one.name)}）：" if draw.has_several_lots else ""
        out += _P.format(f"{mark}供应商名称：{esc(winner_names(draw, one))}" if not mark else f"{mark}") + (
            _P.format(f"供应商名称：{esc(winner_names(draw, one))}") if mark else ""
        )
        out += _P.format(f"供应商地址：{esc(one.winners[0].address)}") + _P.format(f"中标（成交）金额：{esc(shown)}")
    failures = "".join(_P.format(f"包{one.no}（{esc(one.name)}）：{esc(one.failed)}") for one in draw.failed)
    return f"{_head(draw)}<p>三、中标（成交）信息</p>{out}{failures}<p>四、主要标的信息</p><p>名称：{esc('、'.join(draw.project.events[0].lots[0].goods))}</p>{_tail(draw)}"


def _batch_lot(one: Lot) -> str:
    shown = f"人民币{money.in_wan(one.price.yuan, 6)} 万元" if one.price.yuan else "详见附件"
    return f"<p>第{_NUMERALS[one.no - 1]}包：</p><p>供应商名称： {esc(one.winners[0].name)}</p><p>供应商地址： {esc(one.winners[0].address)}</p><p>中标（成交）金额： {shown}</p>"


def central_batch(draw: Draw) -> str:
    """Draw batch purchasing of the central offices.

    初审情况 comes first. A failed lot appears only in the remark.
    """
    p = draw.project
    first = "".join(f"<p>第{_NUMERALS[one.no - 1]}包：</p><p>全部投标人通过了初审</p>" for one in draw.event.lots)
    remark = (
        "".join(
            f"由于本项目第{_NUMERALS[one.no - 1]}包有效供应商不足三家，磋商小组认定该包废标。" for one in draw.failed
        )
        or "无"
    )
    goods = "".join(
        f"<p>第{_NUMERALS[o.no - 1]}包</p><p>1、{esc(o.winners[0].name)}主要投标标的情况表</p>"
        + cell_table(
            ["包号", "配置名称", "产品单价(元)", "数量（台）", "联系人姓名", "联系人电话"],
            [[str(o.no), esc(o.name), "4449", "13", esc(p.buyer.contact), p.buyer.phone]],
            gap="\t",
        )
        for o in draw.won
    )
    return (
        f"<p>{esc(p.name)}中标（成交）结果公告</p><p>一、项目基本情况</p><p>1．项目编号：{esc(p.number)}</p><p>2．项目名称：{esc(p.name)}</p><p>3．采购方式：{p.method}</p><p>4．预算金额：{money.in_wan(total_budget(draw), 6)}万元</p>"
        f"<p>二、中标（成交）信息</p><p>初审情况：</p>{first}{''.join(_batch_lot(one) for one in draw.won)}<p>其他补充说明:{remark}</p><p>三、主要中标（成交）标的信息</p>{goods}"
        f"<p>四、评审专家（单一来源采购人员）名单</p><p>{esc(','.join(p.experts))}</p><p>五、代理服务收费标准及金额： 免费</p><p>六、公告期限</p><p>自本公告发布之日起1个工作日。</p><p>七、其他补充事宜</p>"
        f"<p>2. 供应商推荐情况：{esc('、'.join(name for one in draw.event.lots for name, _ in one.losers))}</p><p>八、凡对本次招标提出询问，请按以下方式联系</p>{contact_section(draw, _P)}<p>{esc(p.buyer.name)}</p><p>{draw.event.at.year}年{draw.event.at.month}月{draw.event.at.day}日</p>"
    )
