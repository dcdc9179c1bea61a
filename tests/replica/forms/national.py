"""The national form: section 三 as repeated paragraphs, amounts in 万元 with seven decimals."""

from __future__ import annotations

from random import Random

from tests.replica import money
from tests.replica.forms.common import (
    OBJECTION,
    Draw,
    contact_section,
    corrected_day,
    esc,
    later_number,
    total_budget,
    winner_names,
)
from tests.replica.model import Lot

_P = "<p>{}</p>\n"
_PAD = "&nbsp;&nbsp;&nbsp;"


def _goods(draw: Draw) -> str:
    """Draw 主要标的信息: one table per winner, padded with hard spaces, column names by kind of purchase."""
    heads = {
        "货物": ["货物名称", "货物品牌", "货物型号", "货物数量", "货物单价(元)"],
        "服务": ["服务名称", "服务范围", "服务要求", "服务时间", "服务标准"],
        "工程": ["工程名称", "施工范围", "施工工期", "项目经理", "执业证书信息"],
    }[draw.project.goods_kind]
    out = ""
    for index, one in enumerate(draw.won, 1):
        cells = {
            "货物": [
                one.goods[0],
                "详见分项报价表",
                f"XH-{index}00",
                "1",
                money.shortest_decimals(one.price.yuan) if one.price.yuan else "详见附件",
            ],
            "服务": [one.goods[0], "详见采购文件", "满足采购文件要求", "自合同签订之日起1年", "详见采购文件"],
            "工程": [one.goods[0], "工程量清单及图纸所示全部内容", "60日历天", "详见投标文件", "详见投标文件"],
        }[draw.project.goods_kind]
        row = [str(index), _lot_name(draw, one), *cells]
        for line in (["序号", "供应商名称", *heads], row):
            out += "<tr>" + "".join(f"<td>{_PAD}{esc(cell)}&nbsp;&nbsp;</td>" for cell in line) + "</tr>"
    return f'<table border="1" cellspacing="0"><tbody>{out}</tbody></table>'


def _lot_name(draw: Draw, one: Lot, name: str = "") -> str:
    """Add the lot's mark to a name, in one notation per page."""
    name = name or winner_names(draw, one)
    if not draw.has_several_lots:
        return name
    style = Random(draw.event.path).randrange(3)
    return (f"{name}（包{one.no}）", f"{one.no:02d}包：{name}", f"包{one.no}：{name}")[style]


def _price(draw: Draw, one: Lot) -> str:
    price = one.price
    if price.kind == "total" and price.yuan is not None:
        if draw.rng.random() < 0.15:
            return _P.format(f"中标（成交）金额：{money.to_full_width(money.in_wan(price.yuan))}（万元）")
        return _P.format(f"中标（成交）金额：{money.in_wan(price.yuan)}（万元）")
    if price.kind == "rate":
        pack = f"包组或产品名称：{esc(one.name) if draw.has_several_lots else '无'}"
        return _P.format(pack) + _P.format(f"{price.label}(%)：{float(price.number):.7f}")
    return _P.format("中标（成交）金额：0.0000000（万元）")


def award(draw: Draw) -> str:
    """Draw a result."""
    p, out = draw.project, ""
    out += f"<p><strong>一、项目编号：</strong>{esc(p.number)}（招标文件编号：{esc(p.number)}）</p>\n"
    out += f"<p><strong>二、项目名称：</strong>{esc(p.name)}</p>\n<p><strong>三、中标（成交）信息</strong></p>\n"
    notes: list[str] = []
    for one in draw.won:
        shared = one.winners[0].role == "shared"
        for winner in one.winners if shared else one.winners[:1]:
            label = _lot_name(draw, one, winner.name if shared else "")
            out += (
                _P.format(f"供应商名称：{esc(label)}")
                + "\n"
                + _P.format(f"供应商地址：{esc(winner.address)}")
                + "\n"
                + _price(draw, one)
            )
        if shared and one.winners[0].share is not None:
            parts = "，".join(f"{w.name}{w.share}%" for w in one.winners)
            notes.append(f"本项目入围供应商份额分配：{parts}。")
        if one.price.kind == "unit_price":
            notes.append(f"受系统推送功能限制，本项目中标单价为 {one.price.number} {one.price.unit}。")
        if one.price.kind == "undisclosed":
            notes.append("本项目按实际发生费用据实结算，详见附件。")
        notes.append(f"中标单位评审得分：{one.score}分。")
    notes += [f"包{one.no}（{one.name}）：{one.failed}。" for one in draw.failed]
    out += "<p><strong>四、主要标的信息</strong></p>" + _goods(draw)
    out += f"<p><strong>五、评审专家（单一来源采购人员）名单：</strong></p><p>{esc('、'.join(p.experts))}</p>\n"
    out += "<p><strong>六、代理服务收费标准及金额：</strong></p>" + _P.format(
        f"本项目代理费收费标准：{draw.fee_rule()}"
    )
    out += _P.format(f"本项目代理费总金额：{money.in_wan(draw.fee, 6)} 万元（人民币）")
    out += (
        "<p><strong>七、公告期限</strong></p>"
        + _P.format("自本公告发布之日起1个工作日。")
        + "<p><strong>八、其它补充事宜</strong></p>"
    )
    out += "".join(_P.format(f"{i}、{esc(note)}") for i, note in enumerate(notes, 1))
    return out + "<p><strong>九、凡对本次公告内容提出询问，请按以下方式联系。</strong></p>" + contact_section(draw, _P)


def failed(draw: Draw) -> str:
    """Draw a 废标 or 终止 notice."""
    p = draw.project
    reason = draw.failed[0].failed if draw.failed else "因采购需求发生重大变化，采购任务取消"
    return (
        f"<p>一、项目基本情况</p><p>采购项目编号：{esc(later_number(draw))}</p><p>采购项目名称：{esc(p.name)}</p>"
        f"<p>二、项目终止的原因</p><p>{esc(reason)}。</p><p>三、其他补充事宜</p><p>预算金额：{money.in_wan_shortest(total_budget(draw))}万元。</p>"
        f"<p>四、凡对本次公告内容提出询问，请按以下方式联系。</p>{contact_section(draw, _P)}"
    )


def void(draw: Draw) -> str:
    """Draw the cancellation of a published result."""
    p, one = draw.project, draw.event.lots[0]
    day = f"{corrected_day(draw):%Y年%m月%d日}"
    winner = one.winners[0].name if one.winners else ""
    if draw.event.note == "terminated":
        why = draw.rng.choice(
            [
                "因采购计划调整，采购任务取消，本项目终止采购，原中标结果不再有效。",
                "经财政部门投诉处理决定，责令终止本次采购活动，原成交结果无效。",
            ]
        )
        heading = "二、项目终止的原因"
    else:
        why = draw.rng.choice(
            [
                f"{day}发布的结果公告中，中标供应商{winner}提供虚假材料谋取中标，依据《政府采购法》第七十七条，中标结果无效。",
                f"本项目于{day}发布成交结果公告，后因质疑事项成立且影响成交结果，现将原成交结果作废，重新开展采购活动。",
                f"接财政部门监督检查处理决定书，认定{winner}成交结果无效，责令重新开展采购活动。",
            ]
        )
        heading = "二、作废（无效）事由"
    return (
        f"<p>一、项目基本情况</p><p>原公告的采购项目编号：{esc(later_number(draw))}</p><p>原公告的采购项目名称：{esc(p.name)}</p>"
        f"<p>首次公告日期：{day}</p><p>{heading}</p><p>{esc(why)}</p><p>三、其他补充事宜</p><p>无</p>"
        f"<p>四、凡对本次公告内容提出询问，请按以下方式联系。</p>{contact_section(draw, _P)}"
    )


def tender(draw: Draw) -> str:
    """Draw an invitation, as sometimes misfiled in an award column."""
    p = draw.project
    total = total_budget(draw)
    needs = (
        "；".join(f"包{o.no}：{o.name}（预算{money.in_wan_shortest(o.budget)}万元）" for o in draw.event.lots)
        if draw.has_several_lots
        else p.name
    )
    return (
        f"<p>项目概况</p><p>{esc(p.name)} 采购项目的潜在投标人应在{esc(p.agency.address)}获取采购文件，并于{draw.event.at:%Y年}12月20日09点30分（北京时间）前递交响应文件。</p>"
        f"<p>一、项目基本情况</p><p>项目编号：{esc(p.number)}</p><p>项目名称：{esc(p.name)}</p><p>采购方式：{p.method}</p>"
        f"<p>预算金额：{money.in_wan(total, 6)} 万元（人民币）</p><p>最高限价（如有）：{money.in_wan(total, 6)} 万元（人民币）</p><p>采购需求：{esc(needs)}</p>"
        "<p>本项目( 不接受  )联合体投标。</p><p>二、申请人的资格要求：</p><p>1.满足《中华人民共和国政府采购法》第二十二条规定；</p>"
        f"<p>三、获取采购文件</p><p>售价：￥500 元，本公告包含的招标文件售价总和</p><p>八、其他补充事宜</p><p>{OBJECTION}</p>"
        f"<p>七、对本次招标提出询问，请按以下方式联系。</p>{contact_section(draw, _P)}"
    )


def contract(draw: Draw) -> str:
    """Draw a contract notice, which reuses all fields of an award."""
    p, out = draw.project, ""
    for one in draw.won:
        price = (
            f"{money.in_wan_shortest(one.price.yuan)}万元"
            if one.price.yuan
            else f"{one.price.number}{one.price.unit}" or "详见合同文本"
        )
        out += f"<p>供应商（乙方）：{esc(winner_names(draw, one))}</p><p>合同金额：{price}</p>"
    return (
        f"<p>一、合同编号：HT{esc(p.number)}</p><p>二、合同名称：{esc(p.name)}政府采购合同</p><p>三、项目编号：{esc(p.number)}</p>"
        f"<p>四、项目名称：{esc(p.name)}</p><p>五、合同主体</p><p>采购人（甲方）：{esc(p.buyer.name)}</p><p>地址：{esc(p.buyer.address)}</p>"
        f"<p>联系方式：{p.buyer.phone}</p>{out}<p>六、合同签订日期：{draw.day}</p><p>七、合同公告日期：{draw.day}</p>"
    )
