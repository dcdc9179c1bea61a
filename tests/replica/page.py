"""The frame of a CCGP page: head, breadcrumb, summary table, body and footer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

SCOPES = {"zygg": "中央公告", "dfgg": "地方公告"}
CHANNELS = {
    "gkzb": "公开招标公告",
    "zbgg": "中标公告",
    "cjgg": "成交公告",
    "gzgg": "更正公告",
    "fblbgg": "废标公告",
    "jzxcs": "竞争性磋商公告",
    "qtgg": "其他公告",
    "dylygg": "单一来源公告",
    "xjgg": "询价公告",
}

_TOP = """<body id="detail">
<link href="//www.ccgp.gov.cn/css/inc.css" rel="stylesheet" type="text/css" />
<div class="v4incheadertop">
    <div class="v4incheadertop_tel_block"><div class="v4incheadertop_tel">
        <p class="cl">财政部唯一指定政府采购信息网络发布媒体 国家级政府采购专业网站</p><p class="cr">服务热线：400-000-0000</p>
    </div></div>
    <ul class="v4incheadertop_nav_ls">
        <li id="ch_index"><a href="//www.ccgp.gov.cn/">首页</a></li>
        <li id="ch_zcfg"><a href="//www.ccgp.gov.cn/zcfg/">政采法规</a></li>
        <li id="ch_xxgg"><a href="//www.ccgp.gov.cn/xxgg/">信息公告</a></li>
    </ul>
    <div class="clb"></div>
</div>

<div class="main">
<div class="main_container">
"""

_BOTTOM = """
<div class="footer mt13">
    <div class="copyright_bl"><div class="vF_cp"><div class="cpright">
        <p>
        主办单位：中华人民共和国财政部国库司  <br>网站标识码：<span>bm14000002</span> &nbsp;|&nbsp; 版权所有 &nbsp;|&nbsp; <a href="/contact.shtml">联系我们</a> </p>
    </div></div></div>
</div>
</body>
<script language="javascript" src="/js/detailaddon.js"></script>
</html>"""

RELATED = """    <div class="vF_detail_relcontent mt13">
    <h2><p>相关公告</p></h2>
    <div class="vF_detail_relcontent_lst">
        <ul class="c_list_tat">
        </ul>
    </div>
</div><!--相关公告-->
"""


@dataclass(frozen=True)
class Skin:
    """CSS classes that a redesign of CCGP would change."""

    list_class: str = "c_list_bid"
    content_class: str = "vF_detail_content"


SKIN = Skin()


def page_head(title: str, metas: list[tuple[str, str]]) -> str:
    """Return the head of a page."""
    lines = "\n".join(f'<meta name="{name}" content="{escape(value)}" />' for name, value in metas)
    return (
        '<!doctype html>\n<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />\n'
        '<meta name="SiteName" content="中国政府采购网" />\n<meta name="SiteDomain" content="www.ccgp.gov.cn" />\n'
        f"{lines}\n<title>{escape(title)}</title>\n"
        '<link href="/css/detail.css" rel="stylesheet" type="text/css" />\n'
        '<script language="javascript" src="/js/jquery-3.2.1.min.js"></script>\n</head>\n'
    )


def summary_table(rows: list[tuple[str, str]], contacts: list[tuple[str, str]]) -> str:
    """Return the 公告概要 table on one line with single quotes, as the server sends it. Values are HTML."""
    out = [
        "<div class='table'><h5>公告概要：</h5><table width='600' border='0' cellspacing='1' bgcolor='#bfbfbf' "
        "style='text-align:left;'><tr><td colspan='4'><b>公告信息：</b></td></tr>"
    ]
    index = 0
    while index < len(rows):
        label, value = rows[index]
        if label in ("行政区域", "首次公告日期") and index + 1 < len(rows):
            other, second = rows[index + 1]
            out.append(
                f"<tr><td class='title'>{label}</td><td width='168'>{value}</td>"
                f"<td class='title' width='128'>{other}</td><td width='168'>{second}</td></tr>"
            )
            index += 2
            continue
        wide = " width='128'" if index == 0 else ""
        out.append(f"<tr><td class='title'{wide}>{label}</td><td colspan='3'>{value}</td></tr>")
        index += 1
    out.append('<tr><td colspan="4"><b>联系人及联系方式：</b></td></tr>')
    out.extend(f"<tr><td class='title'>{label}</td><td colspan='3'>{value}</td></tr>" for label, value in contacts)
    out.append("</table></div>")
    return "".join(out)


def detail_page(
    *,
    title: str,
    at: datetime,
    scope: str,
    channel: str,
    suffix: str,
    summary: str,
    body: str,
    attachments: str = "",
    skin: Skin = SKIN,
) -> str:
    """Return a complete detail page. `summary` may be empty, since some pages have none."""
    crumb, column = SCOPES[scope], CHANNELS[channel]
    return (
        page_head(
            title, [("ArticleTitle", title), ("PubDate", f"{at:%Y-%m-%d %H:%M}"), ("ContentSource", "中国政府采购网")]
        )
        + _TOP
        + f"""
    <div class="vF_deail_currentloc mt10">
        <p>当前位置：<a href="../../../../" title="首页" class="CurrChnlCls">首页</a>&nbsp;&raquo;&nbsp;
                <a href="../../../" title="政采公告" class="CurrChnlCls">政采公告</a>&nbsp;&raquo;&nbsp;<a href="../../" title="{crumb}" class="CurrChnlCls">{crumb}</a>&nbsp;&raquo;&nbsp;<a href="../" title="{column}" class="CurrChnlCls">{column}</a></p>
    </div>
    <div class="vF_deail_maincontent">

<div class="vF_detail_main  {suffix}">
            <div class="vF_detail_header"><h2 class="tc">{escape(title)}</h2>
            <p class="tc"><span id="pubTime">{at:%Y年%m月%d日 %H:%M}</span> 来源：<span id="sourceName"></span> 【<span id="printBtn">打印</span>】 <span id="shareTo"></span></p></div>
<!--contentTable-->
{summary}
<!--contentTable-->
<div class="{skin.content_class}_container">
            <div class="{skin.content_class}">
                {body}
            {attachments}</div>
        </div><!--vF_detail_content_container-->
        </div><!--vF_detail_main-->
    </div><!--vF_deail_maincontent-->
{RELATED}    </div>
</div>
"""
        + _BOTTOM
    )


def list_page(*, scope: str, channel: str, rows: list[str], page: int, pages: int, skin: Skin = SKIN) -> str:
    """Return one page of a channel list. `page` counts from 0, like the portal's script."""
    column = CHANNELS[channel]
    pager = f"Pager({{size:{pages}, current:{page}, prefix:'index',suffix:'htm'}});"
    return (
        page_head(f"{column}_中国政府采购网", [("ColumnName", column), ("ColumnType", column)])
        + _TOP
        + f"""
<div class="main_left_block mt13">
<div class="wz_block">
    <div class="vF_deail_currentloc">
<p>当前位置：<a href="../../../../" title="首页" class="CurrChnlCls">首页</a>&nbsp;&raquo;&nbsp;<a href="../" title="{SCOPES[scope]}" class="CurrChnlCls">{SCOPES[scope]}</a>&nbsp;&raquo;&nbsp;<a href="./" title="{column}" class="CurrChnlCls">{column}</a></p>
    </div>
    <div class="vF_detail_relcontent mt13">
    <h2><p>{column}</p></h2>
    <div class="vF_detail_relcontent_lst">
        <ul class="{skin.list_class}">
"""
        + "\n".join(rows)
        + f"""
        </ul>
<p class="pager">
<script language="javascript">{pager}</script></p></div>
</div>
</div>
</div>
    <div class="main_right_block" style="margin-top:43px">
        <div class="main_right_cbl mt13"><h2 class="mt10 mb10"><a href="/zcdt/">政采动态</a></h2>
        <ul class="vT-chs-section-content-list mb10">
<li><a href="http://www.ccgp.gov.cn/zcdt/202507/t20250701_24000001.htm" target="_blank" title="多地探索大模型赋能政府采购评审">多地探索大模型赋能政府采购评审</a></li>
        </ul></div>
    </div>
</div>
</div>
"""
        + _BOTTOM
    )


def list_row(*, href: str, title: str, at: datetime, region: str, buyer: str, width: int = 56) -> str:
    """Return one row of a channel list. The visible text is shortened, the title attribute is not."""
    visible = title if len(title) <= width else title[:width] + "..."
    return (
        f'\n<li>   <a href="{href}" target="_blank" title="{escape(title)}">{escape(visible)}</a>\n'
        f"    发布时间：<em>{at:%Y-%m-%d %H:%M}</em> 地域：<em>{escape(region)}</em> 采购人：<em>{escape(buyer)}</em>\n    </li>"
    )
