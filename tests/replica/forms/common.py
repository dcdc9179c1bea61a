"""Shared parts of several forms: winners' names in every notation, summary table, fees, contacts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape
from random import Random

from tests.replica import money, page
from tests.replica.model import Event, Lot, Project

FEE_RULES = (
    "参照原国家计委计价格[2002]1980号文规定标准，以中标金额为基数，按差额定率累进法计算，下浮30%。",
    "以中标金额为计算基数，100万元以下部分费率1.5%，100-500万元部分费率1.1%，由中标人支付。",
    "按《招标代理服务费管理暂行办法》规定标准的80%收取。",
    "按采购文件约定。",
)
OBJECTION = (
    "各参加采购活动的供应商认为该中标（成交）结果和采购过程等使自己的权益受到损害的，可以自本公告期限届满之日起7个工作日内，"
    "以书面形式提出质疑。"
)


@dataclass
class Draw:
    """One page while it is drawn: the project, the notice and the page's random stream."""

    project: Project
    event: Event
    rng: Random

    @property
    def won(self) -> list[Lot]:
        return [one for one in self.event.lots if one.won]

    @property
    def failed(self) -> list[Lot]:
        return [one for one in self.event.lots if not one.won]

    @property
    def has_several_lots(self) -> bool:
        """Whether the whole project has more than one lot."""
        return len({one.no for event in self.project.events for one in event.lots}) > 1

    @property
    def day(self) -> str:
        return f"{self.event.at:%Y年%m月%d日}"

    @property
    def fee(self) -> Decimal:
        base = sum((one.price.yuan or one.budget for one in self.won), Decimal(0))
        return (base * Decimal("0.0088")).quantize(Decimal("1"))

    def fee_rule(self) -> str:
        return self.rng.choice(FEE_RULES)


def esc(text: str) -> str:
    """Escape text for HTML."""
    return escape(text, quote=False)


def winner_names(draw: Draw, lot: Lot) -> str:
    """Return the content of a 供应商名称 cell. Consortia use one of the notations of real notices."""
    leads = [w for w in lot.winners if w.role in ("sole", "consortium_lead", "shared")]
    if len(lot.winners) == 1 or leads[0].role == "shared":
        return lot.winners[0].name
    first, rest = lot.winners[0].name, [w.name for w in lot.winners[1:]]
    return Random(f"{draw.event.path} {lot.no}").choice(  # one notation per page
        [
            f"{first}（联合体牵头单位），" + "，".join(f"{name}（联合体成员单位）" for name in rest),
            f"{first}(联合体：{','.join(rest)})",
            "、".join([first, *rest]) + "（联合体）",
            f"牵头人：{first} 联合体成员：{'、'.join(rest)}",
            f"{first}、{'、'.join(rest)}联合体",
        ]
    )


def header_total(draw: Draw) -> str:
    """Return the 总中标金额 cell, as unreliable as on real pages."""
    total = sum((one.price.yuan or Decimal(0) for one in draw.won), Decimal(0))
    dice = draw.rng.random()
    rates = [one for one in draw.won if one.price.kind in ("rate", "unit_price")]
    if rates and dice < 0.4:
        shown = Decimal(rates[0].price.number)  # a rate or unit price entered as a sum
    elif draw.event.form == "hubei" or not total:
        shown = Decimal(0)
    elif dice < 0.14:
        shown = (total / 100).quantize(Decimal("1")) * 100
    elif dice < 0.18 and len(draw.won) > 1:
        shown = draw.won[0].price.yuan or Decimal(0)
    else:
        shown = total
    return f"￥{money.in_wan(shown, 6)} 万元（人民币）"


def summary_table(draw: Draw) -> str:
    """Return the 公告概要 table of any kind of notice."""
    p, event = draw.project, draw.event
    shown_at = f"{event.at:%Y年%m月%d日  %H:%M}"
    kind = f"<p><p>{esc(p.category)}</p></p>" if p.buyer.scope == "zygg" else "<p></p>"
    rows = [
        ("采购项目名称", esc(p.name)),
        ("品目", kind),
        ("采购单位", esc(p.buyer.name)),
        ("行政区域", esc(p.buyer.region)),
        ("公告时间", shown_at),
    ]
    if event.what in ("award", "contract"):
        rows += [("评审专家名单", esc("、".join(p.experts))), ("总中标金额", header_total(draw))]
    elif event.what in ("failed", "void") and event.channel in ("zbgg", "cjgg"):
        rows += [("评审专家名单", "无"), ("总中标金额", "￥0.000000 万元（人民币）")]
    elif event.what in ("correction", "clarification"):
        rows += [("首次公告日期", f"{corrected_day(draw):%Y年%m月%d日}"), ("更正日期", f"{event.at:%Y年%m月%d日}")]
    elif event.what == "tender":
        rows += [
            ("获取招标文件的地点", esc(p.agency.address)),
            ("预算金额", f"￥{money.in_wan(total_budget(draw), 6)}万元（人民币）"),
        ]
    contacts = [
        ("项目联系人", esc(p.agency.contact)),
        ("项目联系电话", p.agency.phone),
        ("采购单位", esc(p.buyer.name)),
        ("采购单位地址", esc(p.buyer.address)),
        ("采购单位联系方式", f"{esc(p.buyer.contact)}{draw.rng.choice(['，', '', ' '])}{p.buyer.phone}"),
        ("代理机构名称", esc(p.agency.name)),
        ("代理机构地址", esc(p.agency.address)),
        ("代理机构联系方式", p.agency.phone),
    ]
    return page.summary_table(rows, contacts)


def total_budget(draw: Draw) -> Decimal:
    """Add the budgets of the lots in this notice."""
    return sum((one.budget for one in draw.event.lots), Decimal(0))


def corrected_day(draw: Draw) -> datetime:
    """Return the day of the notice that this one corrects."""
    earlier = [event.at for event in draw.project.events if event.at < draw.event.at]
    return max(earlier) if earlier else draw.event.at.replace(day=1)


def own_number(number: str) -> str:
    """Remove the prefix of 17 to 21 digits that a portal puts before the agency's own number."""
    return re.sub(r"^\d{17,21}-(?=[A-Z])", "", number)


def later_number(draw: Draw) -> str:
    """Draw how a later notice prints the project number.

    The prefix may be missing, digits may be in full width, and brackets or spaces may differ.
    """
    number = draw.project.number
    dice = draw.rng.random()
    own = own_number(number)
    if own != number and dice < 0.5:
        return own
    if dice < 0.12:
        return money.to_full_width(number)
    if dice < 0.2:
        return f" {number.replace('-', '－')} "
    if dice < 0.26:
        return number.replace("[", "〔").replace("]", "〕").replace("（", "(").replace("）", ")")
    return number


def contact_section(draw: Draw, item: str) -> str:
    """Return section 九. `item` wraps a line, with `{}` for its text."""
    p = draw.project
    lines = [
        "1.采购人信息",
        f"名 称：{esc(p.buyer.name)}",
        f"地址：{esc(p.buyer.address)}",
        f"联系方式：{esc(p.buyer.contact)}，{p.buyer.phone}",
        "2.采购代理机构信息",
        f"名 称：{esc(p.agency.name)}",
        f"地　址：{esc(p.agency.address)}",
        f"联系方式：{p.agency.phone}",
        "3.项目联系方式",
        f"项目联系人：{esc(p.agency.contact)}",
        f"电　话：　　{p.agency.phone}",
    ]
    if draw.rng.random() < 0.2:
        lines.append("电子邮箱：zhaobiao.cg@example.com")
    return "".join(item.format(line) for line in lines)


def cell_table(
    heads: list[str], rows: list[list[str]], td: str = "<td>{}</td>", gap: str = "", width: str = "600"
) -> str:
    """Return a plain table.

    `gap` separates cells. Real systems differ here, which shows in the flattened text.
    """
    body = gap.join(f"<tr>{gap}" + gap.join(td.format(cell) for cell in row) + f"{gap}</tr>" for row in [heads, *rows])
    return f'<table width="{width}" border="1" cellspacing="0"><tbody>{body}</tbody></table>'


def attachments(draw: Draw) -> str:
    """Draw links to attachments, or nothing."""
    if draw.rng.random() < 0.5:
        return ""
    uuid = f"{draw.rng.getrandbits(128):032X}"
    file = draw.rng.choice(["分项报价表.pdf", "中小企业声明函.pdf", "招标文件.docx"])
    return f'<p class="fjxx">附件信息：</p><ul class="fjxx_lst"><li><a class="bizDownload" id="{uuid}" title="点击下载">{file}</a></li></ul>'
