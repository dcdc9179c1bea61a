"""Results on the provinces' own sites, if these differ from the copies on CCGP."""

from __future__ import annotations

from tests.replica import money, render
from tests.replica.forms import lines, provinces, zcy
from tests.replica.forms.common import Draw, cell_table, contact_section, esc, winner_names
from tests.replica.model import Lot, Posting

_P = "<p>{}</p>\n"


def _price(one: Lot) -> str:
    """Write the price after `中标金额：` in running text."""
    if one.price.yuan is not None:
        return f"{money.in_wan_shortest(one.price.yuan)}万元"
    return {"rate": f"{one.price.label}{one.price.number}%", "unit_price": f"{one.price.number}{one.price.unit}"}.get(
        one.price.kind, "详见附件"
    )


def _credit_code(draw: Draw, one: Lot) -> str:
    """Draw an invented 统一社会信用代码. Codes with the block 0000 belong to no company."""
    return f"9100000000{draw.rng.randrange(10**7):07d}X"


def beijing(draw: Draw) -> str:
    """Draw Beijing's form.

    Names, addresses and sums share one paragraph, with or without a separator, or form a table with suppliers' codes.
    """
    p = draw.project
    if draw.rng.random() < 0.5:
        result, gap = "", draw.rng.choice(["", "　", "<br/>"])
        for one in draw.won:
            mark = f"第{one.no}包（{esc(one.name)}）：" if draw.has_several_lots else ""
            result += _P.format(
                f"{mark}中标成交供应商名称：{esc(winner_names(draw, one))}{gap}地址：{esc(one.winners[0].address)}{gap}中标金额：{esc(_price(one))}"
            )
    else:
        heads = ["包号", "中标成交供应商名称", "统一信用代码", "中标成交供应商地址", "中标成交金额（万元）"]
        rows = [
            [
                f"{one.no:02d}",
                esc(winner_names(draw, one)),
                _credit_code(draw, one),
                esc(one.winners[0].address),
                money.in_wan_shortest(one.price.yuan) if one.price.yuan is not None else esc(_price(one)),
            ]
            for one in draw.won
        ]
        result = cell_table(heads, rows)
    failures = "".join(_P.format(f"第{one.no}包（{esc(one.name)}）：{esc(one.failed)}") for one in draw.failed)
    goods = cell_table(
        ["包号", "标的名称", "数量", "简要要求"],
        [
            [f"{one.no:02d}", esc(one.name if draw.has_several_lots else one.goods[0]), "1", "详见采购文件"]
            for one in draw.won
        ],
    )
    number = f"<p>一、项目编号：{esc(p.number)}</p>" if p.number else ""
    return (
        f"{number}<p>二、项目名称：{esc(p.name)}</p><p>三、中标（成交）信息</p>{result}{failures}<p>四、主要标的信息</p>{goods}<p>五、评审专家名单：{esc('、'.join(p.experts))}</p>"
        f"<p>六、代理服务收费标准及金额：{draw.fee_rule()}本项目收费{money.in_wan_shortest(draw.fee)}万元</p><p>七、公告期限</p><p>自本公告发布之日起1个工作日。</p>"
        f"<p>八、其他补充事宜：无</p><p>九、凡对本次公告内容提出询问，请按以下方式联系。</p>{contact_section(draw, _P)}"
    )


def body(posting: Posting) -> str:
    """Return the body of a notice of a 政采云 site, Beijing, Shandong or Hubei."""
    draw = render.draw_of(posting.project, posting.event)
    if posting.event.what != "award":
        return render.draw_body(draw)
    own = {
        "ccgp_beijing": beijing,
        "ccgp_shandong": provinces.shandong,
        "ccgp_hubei": lines.hubei,
    }
    return own.get(posting.portal, zcy.own_site)(draw)
