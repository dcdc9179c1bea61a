"""Forms of single provinces with their own tables: Hebei, Beijing, Henan, Shandong, Jiangsu, Gansu."""

from __future__ import annotations

from tests.replica import money
from tests.replica.forms.common import Draw, cell_table, contact_section, esc, total_budget, winner_names
from tests.replica.model import Lot

_P = "<p>{}</p>\n"


def _words_for_price(one: Lot) -> str:
    """Return the content of an amount cell that holds no sum."""
    return {"rate": f"{one.price.number}%", "unit_price": f"{one.price.number}{one.price.unit}"}.get(
        one.price.kind, "详见附件"
    )


def _tail(draw: Draw, first: str, numbers: str = "五六七八九") -> str:
    p = draw.project
    return (
        f"<p>{numbers[0]}、评审专家（单一来源采购人员）名单：</p><p>{esc('、'.join(p.experts))}</p><p>{numbers[1]}、代理服务收费标准及金额：</p>{first}"
        f"<p>{numbers[2]}、公告期限</p><p>自本公告发布之日起1个工作日。</p><p>{numbers[3]}、其他补充事宜</p><p></p>"
        f"<p>{numbers[4]}、凡对本次采购提出询问，请按以下方式联系。</p>{contact_section(draw, _P)}"
    )


def _head(draw: Draw) -> str:
    return f"<p>一、项目编号：{esc(draw.project.number)}</p><p>二、项目名称：{esc(draw.project.name)}</p>"


def hebei(draw: Draw) -> str:
    """Draw name, address and code in section 三, and in 四 the amount without a unit among rates."""
    won = draw.won
    first = cell_table(
        ["供应商名称", "供应商地址", "供应商编码"],
        [[esc(winner_names(draw, o)), esc(o.winners[0].address), f"91130{o.no}00MA0{o.no}X0000Y"] for o in won],
        gap=" ",
    )
    kind = draw.project.goods_kind
    heads = {
        "货物": ["货物名称", "品牌", "规格型号", "数量", "单价"],
        "服务": ["服务名称", "服务范围", "服务要求", "服务标准", "服务时间"],
        "工程": ["工程名称", "工程施工工期", "工程施工范围", "工程项目经理", "工程执业证书信息"],
    }[kind]
    rows = []
    for one in won:
        body = {
            "货物": ["详见附件", "详见附件", "1", "详见附件"],
            "服务": ["满足采购人要求"] * 3 + ["合同签订之日起1年"],
            "工程": ["60日历天", "详见清单", "详见附件", "详见附件"],
        }[kind]
        sums = [
            money.shortest_decimals(one.price.yuan)
            if one.price.yuan
            else ("0" if one.price.kind == "undisclosed" else ""),
            "",
            "",
            "",
            "",
            "",
        ]
        if one.price.kind == "rate":
            sums[{"下浮率": 1, "费率": 2, "折扣率": 2, "优惠率": 3}[one.price.label]] = one.price.number
        if one.price.kind == "unit_price":
            sums[5] = f"{one.price.number}{one.price.unit}"
        rows.append([esc(one.winners[0].name), esc(one.goods[0]), *body, *sums])
    second = cell_table(
        ["供应商名称", *heads, "中标金额", "下浮率", "费率", "优惠率", "优惠产品简要描述信息", "优惠价/入围价"],
        rows,
        gap=" ",
    )
    fees = f"<p>本项目代理费总金额：{draw.fee}</p><p>本项目代理费收费标准：{draw.fee_rule()}</p>"
    return f"{_head(draw)}<p>三、中标（成交）信息</p>{first}<p>四、主要标的信息</p><p>{kind}类</p>{second}{_tail(draw, fees)}"


def beijing(draw: Draw) -> str:
    """Draw a total in words, then a table in 万元."""
    total = sum(one.price.yuan or 0 for one in draw.won)
    line = (
        f"总中标成交金额：{money.in_wan_shortest(total)} 万元（人民币）"
        if total
        else "总中标成交金额：0 万元（人民币）"
    )
    rows: list[list[str]] = []
    for one in draw.won:
        shown = money.in_wan_shortest(one.price.yuan) if one.price.yuan else _words_for_price(one)
        rows.append(
            [
                str(len(rows) + 1),
                *([f"{one.no:02d}包 {esc(one.name)}"] if draw.has_several_lots else []),
                esc(winner_names(draw, one)),
                esc(one.winners[0].address),
                shown,
            ]
        )
    table = cell_table(
        [
            "序号",
            *(["包号"] if draw.has_several_lots else []),
            "中标成交供应商名称",
            "中标成交供应商地址",
            "中标成交金额(万元)",
        ],
        rows,
    )
    failures = "".join(_P.format(f"{one.no:02d}包 {esc(one.name)}：{esc(one.failed)}") for one in draw.failed)
    fees = f"<p>收费标准：{draw.fee_rule()}</p><p>收费金额：{money.in_wan_shortest(draw.fee)}万元</p>"
    return (
        f"{_head(draw)}<p>三、中标（成交）信息</p><p>{line}</p><p>中标成交供应商名称、地址及中标成交金额：</p>{table}{failures}"
        f"<p>四、主要标的信息</p>{cell_table(['序号', '标的名称', '数量', '简要要求'], [[str(o.no), esc(o.goods[0]), '1', '详见采购文件'] for o in draw.won])}{_tail(draw, fees)}"
    )


def henan(draw: Draw) -> str:
    """Draw the budget first. Amount and unit are two cells."""
    p = draw.project
    rows: list[list[str]] = []
    for one in draw.event.lots:
        if not one.won:
            rows.append([f"包{one.no}", esc(one.name), "/", "/", esc(one.failed), "/"])
            continue
        amount, unit = (
            (money.with_commas(one.price.yuan), "元")
            if one.price.yuan
            else {"rate": (one.price.number, "%"), "unit_price": (one.price.number, one.price.unit)}.get(
                one.price.kind, ("0.00", "元")
            )
        )
        rows.append(
            [
                f"包{one.no}",
                esc(one.name if draw.has_several_lots else one.goods[0]),
                esc(winner_names(draw, one)),
                esc(one.winners[0].address),
                amount,
                esc(unit),
            ]
        )
    table = cell_table(["包号", "采购内容", "供应商名称", "地址", "中标金额", "单位"], rows, gap="\n")
    return (
        f"<p>一、项目基本情况</p><p>1、采购项目编号：{esc(p.number)}</p><p>2、采购项目名称：{esc(p.name)}</p><p>3、采购方式：{p.method}</p>"
        f"<p>4、预算金额：{money.with_commas(total_budget(draw))}元</p><p>5、评审日期：{draw.day}</p><p>二、{'中标' if p.method == '公开招标' else '成交'}情况</p>{table}"
        f"<p>三、评审专家名单</p><p>{esc('、'.join(p.experts))}</p><p>四、代理服务收费标准及金额</p><p>收费标准：{draw.fee_rule()}</p><p>收费金额：{money.with_commas(draw.fee)} 元</p>"
        "<p>五、中标公告发布的媒介及中标公告期限</p><p>本次公告在《中国政府采购网》上发布，公告期限为1个工作日。</p><p>六、其他补充事宜</p><p>无</p>"
        f"<p>七、凡对本次公告内容提出询问，请按以下方式联系</p>{contact_section(draw, _P)}"
    )


def shandong(draw: Draw) -> str:
    """Draw 七、中标情况, then goods with unit prices. Sometimes the label still holds a hint for the clerk."""
    p, rng = draw.project, draw.rng
    hint = rng.random() < 0.3
    rows: list[list[str]] = []
    for one in draw.won:
        shown = (
            f"{money.in_wan_shortest(one.price.yuan)}万元"
            if hint and one.price.yuan
            else (money.fixed_decimals(one.price.yuan) if one.price.yuan else _words_for_price(one))
        )
        rows.append(
            [
                *([f"{one.no}包 {esc(one.name)}"] if draw.has_several_lots else [str(len(rows) + 1)]),
                esc(winner_names(draw, one)),
                esc(one.winners[0].address),
                shown,
            ]
        )
    head = "中标金额（可填写下浮率、折扣率或费率）" if hint else "中标金额(元)"
    table = cell_table(["标包" if draw.has_several_lots else "序号", "中标供应商名称", "地址", head], rows)
    goods = cell_table(
        ["标的名称", "品牌", "规格型号", "数量", "单价(元)"],
        [
            [
                esc(o.goods[0]),
                "/",
                "/",
                "2",
                money.fixed_decimals((o.price.yuan / 2).quantize(o.price.yuan)) if o.price.yuan else "/",
            ]
            for o in draw.won
        ],
    )
    failures = "".join(_P.format(f"{one.no}包（{esc(one.name)}）废标，{esc(one.failed)}") for one in draw.failed)
    return (
        f"<p>一、采购人：{esc(p.buyer.name)}</p><p>地址：{esc(p.buyer.address)}</p><p>联系方式：{p.buyer.phone}</p><p>二、采购代理机构：{esc(p.agency.name)}</p>"
        f"<p>地址：{esc(p.agency.address)}</p><p>联系方式：{p.agency.phone}</p><p>三、采购项目编号：{esc(p.number)}</p><p>四、采购项目名称：{esc(p.name)}</p>"
        f"<p>五、采购方式：{p.method}</p><p>六、公告发布媒体及日期：中国政府采购网 {draw.day}</p><p>七、中标情况：</p>{table}{failures}<p>主要标的信息：</p>{goods}"
        f"<p>八、评标委员会成员名单：{esc('、'.join(p.experts))}</p><p>九、代理服务收费标准及金额：{draw.fee_rule()}共计{money.fixed_decimals(draw.fee)}元</p><p>十、公告期限：自本公告发布之日起1个工作日</p>"
        f"<p>十一、联系方式</p><p>联系人：{esc(p.agency.contact)}</p><p>电话：{p.agency.phone}</p>"
    )


def jiangsu(draw: Draw) -> str:
    """Draw amounts in 万元. The unit is only in the column head."""
    rows = [
        [
            str(i),
            esc(winner_names(draw, o)),
            esc(o.winners[0].address),
            money.in_wan_shortest(o.price.yuan) if o.price.yuan else _words_for_price(o),
        ]
        for i, o in enumerate(draw.won, 1)
    ]
    return f"{_head(draw)}<p>三、中标（成交）信息</p>{cell_table(['序号', '中标供应商', '供应商地址', '中标价（万元）'], rows, gap=' ')}{_tail(draw, _P.format(draw.fee_rule()), '四五六七八')}"


def gansu(draw: Draw) -> str:
    """Draw amounts in 元 with one decimal. The unit is only in the column head."""
    rows = [
        [
            str(i),
            esc(winner_names(draw, o)),
            esc(o.winners[0].address),
            (f"{o.price.yuan:.1f}" if o.price.yuan * 10 % 1 == 0 else money.fixed_decimals(o.price.yuan))
            if o.price.yuan
            else _words_for_price(o),
            o.score,
        ]
        for i, o in enumerate(draw.won, 1)
    ]
    return f"{_head(draw)}<p>三、中标（成交）信息</p>{cell_table(['序号', '供应商名称', '供应商地址', '中标金额(元)', '得分'], rows)}{_tail(draw, _P.format(draw.fee_rule()), '四五六七八')}"
