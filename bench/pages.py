"""Made-up notice pages of the size and shape of real ones: about 40 KB of markup around a standard form."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

_PLACES = (
    "杭州 宁波 成都 武汉 长沙 合肥 济南 郑州 西安 昆明 贵阳 南宁 福州 南昌 太原 兰州 沈阳 长春 石家庄 海口".split()
)
_BUYERS = "市教育局 市第一人民医院 职业技术学院 市公安局 市图书馆 市大数据管理局 市气象局 市水务集团有限公司".split()
_WARES = "大模型应用平台 智能体开发服务 算力租赁服务 办公家具 校园网络改造 食堂食材配送 医疗影像设备 物业管理服务 数据标注服务".split()
_FIRMS = "云图科技有限公司 恒信信息技术有限公司 博远软件股份有限公司 天成建设集团有限公司 华章商贸有限公司".split()

_MENU = "".join(
    f'<li class="item-{n}"><a href="/channel/{n}/index.htm" title="栏目{n}"><span>栏目导航第{n}项</span></a></li>'
    for n in range(260)
)
_SCRIPT = (
    "<script>"
    + "".join(f"var k{n}={{a:{n},b:'value-{n}'}};function f{n}(x){{return x+{n};}}\n" for n in range(180))
    + "</script>"
)


def lines(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield ``count`` capture records, each the award of another project. The same ``seed`` gives the same records."""
    chance = random.Random(seed)
    for number in range(count):
        day = date(2025, 1, 1) + timedelta(days=chance.randrange(540))
        place, buyer, ware = chance.choice(_PLACES), chance.choice(_BUYERS), chance.choice(_WARES)
        title = f"{place}{buyer}{ware}采购项目第{number}号中标公告"
        yield {
            "portal": "ccgp",
            "url": f"http://www.ccgp.gov.cn/cggg/dfgg/zbgg/{day:%Y%m}/t{day:%Y%m%d}_{10_000_000 + number}.htm",
            "fetched_at": f"{day.isoformat()}T18:00:00+08:00",
            "content_type": "text/html",
            "body": _page(
                chance, title, f"{place}{buyer}", f"{place}{buyer}{ware}采购项目第{number}号", ware, day, number
            ),
        }


def _page(chance: random.Random, title: str, buyer: str, project: str, ware: str, day: date, number: int) -> str:
    lots = chance.choice((1, 1, 1, 2, 3))
    winners, goods, total = "", "", 0
    for lot in range(lots):
        yuan = chance.randrange(100_000, 9_000_000)
        total += yuan
        firm = chance.choice(_PLACES) + chance.choice(_FIRMS)
        winners += f"<p>供应商名称：{firm}</p><p>供应商地址：{chance.choice(_PLACES)}市科技路{lot + 1}号</p>"
        winners += f"<p>中标（成交）金额：{yuan / 10_000:.7f}（万元）</p>"
        goods += (
            f"<tr><td>{lot + 1}</td><td>{firm}</td><td>{ware}</td><td>详见文件</td><td>1项</td><td>{yuan}</td></tr>"
        )
    terms = "".join(
        f"<p class='MsoNormal'><span lang='ZH-CN'>{n}、供应商应当按照采购文件的要求完成交付与验收。</span></p>"
        for n in range(60)
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{_SCRIPT}</head><body>
<ul class="menu">{_MENU}</ul><div class="vF_detail_main"><h2 class="tc">{title}</h2>
<p class="tc"><span id="pubTime">{day:%Y年%m月%d日} 18:00</span> 来源：<span>中国政府采购网</span></p>
<div class="table"><table><tr><td class="title">采购项目名称</td><td colspan="3">{project}</td></tr>
<tr><td class="title">品目</td><td colspan="3">服务/信息技术服务</td></tr><tr><td class="title">采购单位</td><td colspan="3">{buyer}</td></tr>
<tr><td class="title">行政区域</td><td>{buyer[:2]}市</td><td class="title">公告时间</td><td>{day:%Y年%m月%d日} 18:00</td></tr>
<tr><td class="title">总中标金额</td><td colspan="3">￥{total / 10_000:.6f} 万元（人民币）</td></tr></table></div>
<div class="vF_detail_content"><p>一、项目编号：ZB-{day:%Y}-{number:06d}（招标文件编号：ZB-{day:%Y}-{number:06d}）</p><p>二、项目名称：{project}</p>
<p>三、中标（成交）信息</p>{winners}<p>四、主要标的信息</p>
<table border="1"><tr><th>序号</th><th>供应商名称</th><th>服务名称</th><th>服务范围</th><th>数量</th><th>金额（元）</th></tr>{goods}</table>
<p>五、评审专家名单：略</p><p>六、代理服务收费标准及金额：</p><p>本项目代理费总金额：1.200000 万元（人民币）</p>
<p>七、公告期限</p><p>自本公告发布之日起1个工作日。</p><p>八、其它补充事宜</p>{terms}
<p>九、凡对本次公告内容提出询问，请按以下方式联系。</p><p>1.采购人信息</p><p>名 称：{buyer}</p><p>地址：{buyer[:2]}市</p>
<p>2.采购代理机构信息</p><p>名 称：{buyer[:2]}正信招标代理有限公司</p></div></div></body></html>"""
