"""Correction notices (更正公告): changed results, minor changes, and clarifications of a tender."""

from __future__ import annotations

from tests.replica import money
from tests.replica.forms.common import (
    Draw,
    cell_table,
    contact_section,
    corrected_day,
    esc,
    later_number,
    total_budget,
    winner_names,
)
from tests.replica.model import Change

_P = "<p>{}</p>\n"
_MINOR = (
    ("代理服务收费金额", "31300元", "35144元"),
    ("规格型号", "KT-2000", "KT-2000A"),
    ("评审总得分", "88.21", "88.12"),
    ("中小企业声明函附件", "缺失", "详见附件"),
)


def _frame(draw: Draw, what: str, content: str) -> str:
    p = draw.project
    return (
        f"<p>一、项目基本情况</p>\n<p>原公告的采购项目编号：{esc(later_number(draw))}　　　</p>\n<p>原公告的采购项目名称：{esc(p.name)}　　　</p>\n"
        f"<p>首次公告日期：{corrected_day(draw):%Y年%m月%d日}　　</p>\n<p>二、更正信息</p>\n<p>更正事项：{what} </p>\n<p>更正内容：</p>\n{content}\n"
        f"<p>更正日期：{draw.day}　</p>\n<p>三、其他补充事宜</p>\n<p>无</p>\n<p>四、凡对本次公告内容提出询问，请按以下方式联系。</p>\n"
        + contact_section(draw, _P)
    )


def _national(draw: Draw, change: Change) -> str:
    before, after = change.before, change.after
    mark = f"包{after.no}" if draw.has_several_lots else ""
    assert before.price.yuan is not None
    assert after.price.yuan is not None
    if before.winners == after.winners:
        return draw.rng.choice(
            [
                f"<p>原公告：{mark}中标（成交）金额：{money.in_wan(before.price.yuan)}（万元）</p><p>更正为：{mark}中标（成交）金额：{money.in_wan(after.price.yuan)}（万元）</p>",
                f"<p>{mark}更正前：中标（成交）金额：{money.shortest_decimals(before.price.yuan)}元</p><p>{mark}更正后：中标（成交）金额：{money.shortest_decimals(after.price.yuan)}元</p>",
            ]
        )
    pack = f"<p>包组编号：{mark}</p><p>包组名称：{esc(after.name)}</p>" if mark else ""
    return draw.rng.choice(
        [
            f"<p>{esc(change.why)}</p><p>故原公告中{mark}中标（成交）信息更正为：</p><p>供应商名称：{esc(winner_names(draw, after))}</p>"
            f"<p>供应商地址：{esc(after.winners[0].address)}</p><p>中标（成交）金额：{money.in_wan(after.price.yuan)}（万元）</p>",
            f"<p>原公告{mark}中标人：{esc(winner_names(draw, before))}，中标金额：{money.shortest_decimals(before.price.yuan)}元，原中标结果作废。</p>"
            f"<p>{esc(change.why)}</p><p>中标（成交）信息：</p>{pack}<p>供应商名称：{esc(winner_names(draw, after))}</p><p>供应商地址：{esc(after.winners[0].address)}</p>"
            f"<p>中标（成交）金额：{money.fixed_decimals(after.price.yuan)}元</p>",
        ]
    )


def _table(draw: Draw, changes: tuple[Change, ...]) -> str:
    """政采云: numbered rows 更正项 / 更正前内容 / 更正后内容."""
    rows: list[list[str]] = []
    for change in changes:
        mark = f"标项{change.lot_no}" if draw.has_several_lots else ""
        before, after = change.before, change.after
        if before.winners != after.winners:
            rows.append(
                [
                    str(len(rows) + 1),
                    f"{mark}中标供应商名称",
                    esc(winner_names(draw, before)),
                    esc(winner_names(draw, after)),
                ]
            )
            rows.append(
                [
                    str(len(rows) + 1),
                    f"{mark}中标供应商地址",
                    esc(before.winners[0].address),
                    esc(after.winners[0].address),
                ]
            )
        if before.price.yuan != after.price.yuan and before.price.yuan and after.price.yuan:
            rows.append(
                [
                    str(len(rows) + 1),
                    f"{mark}中标（成交）金额(元)",
                    f"总价：{money.shortest_decimals(before.price.yuan)}（元）",
                    f"总价：{money.shortest_decimals(after.price.yuan)}（元）",
                ]
            )
    return cell_table(["序号", "更正项", "更正前内容", "更正后内容"], rows)


def _packages(draw: Draw, change: Change) -> str:
    """Package provinces: one sentence per field, which names the lot."""
    before, after = change.before, change.after
    lot = f"合同包{after.no}({esc(after.name)})"
    out = f"<p>{lot}:</p><p>更正事项：采购结果</p><p>更正原因：</p><p>{esc(change.why)}</p><p>更正内容：</p>"
    if before.winners != after.winners:
        out += f"<p>原公告的{lot}中标供应商(第1候选人)：{esc(before.winners[0].name)}，更正为：{esc(after.winners[0].name)}。</p>"
    if before.price.yuan != after.price.yuan and before.price.yuan and after.price.yuan:
        out += f"<p>原公告的{lot}中标金额(第1候选人)：{money.with_commas(before.price.yuan)}元,更正为：{money.with_commas(after.price.yuan)}元</p>"
    if before.score != after.score:
        out += f"<p>原公告的{lot}评审总得分(第1候选人)：{before.score},更正为：{after.score}</p>"
    return out


def _beijing(draw: Draw, change: Change) -> str:
    after = change.after
    assert after.price.yuan is not None
    return (
        f"<p>{esc(change.why)}</p><p>故原成交公告中成交信息更正为：</p><p>供应商名称：{esc(winner_names(draw, after))}</p><p>供应商地址：{esc(after.winners[0].address)}</p>"
        f"<p>成交金额：</p><p>人民币大写：{money.in_capitals(after.price.yuan)}</p><p>人民币小写：￥{money.fixed_decimals(after.price.yuan)}元</p>"
    )


def correction(draw: Draw) -> str:
    """Draw the change of a result in the words of the platform."""
    event = draw.event
    if event.note == "minor":
        item, before, after = draw.rng.choice(_MINOR)
        if event.form.startswith("zcy"):
            return _frame(
                draw,
                "采购结果",
                cell_table(["序号", "更正项", "更正前内容", "更正后内容"], [["1", item, before, after]]),
            )
        return _frame(
            draw, "采购结果", f"<p>原公告{item}：{before}</p><p>更正为：{item}：{after}</p><p>其他内容不变</p>"
        )
    if event.form.startswith("zcy") or event.form == "guizhou":
        return _frame(draw, "采购结果", _table(draw, event.changes))
    if event.form in ("packages", "shandong"):
        return _frame(
            draw, "采购结果", "".join(_packages(draw, change) for change in event.changes) + "<p>其他内容不变</p>"
        )
    if event.form == "beijing" and not draw.has_several_lots:
        return _frame(draw, "采购结果", "".join(_beijing(draw, change) for change in event.changes))
    return _frame(
        draw, "采购结果", "".join(_national(draw, change) for change in event.changes) + "<p>其他内容不变</p>"
    )


def clarification(draw: Draw) -> str:
    """Draw a change of the tender documents. It has no result."""
    choice = draw.rng.choice(
        [
            "<p>原招标公告中“提交投标文件截止时间”更正为：延期至下月15日09点30分。</p>",
            "<p>采购文件第三章技术参数第12条“≥500GB”更正为“≥480GB”，其他内容不变。</p>",
            f"<p>预算金额由{money.in_wan_shortest(total_budget(draw))}万元调整，详见附件。</p>",
        ]
    )
    return _frame(draw, draw.rng.choice(["采购公告", "采购文件"]), choice)
