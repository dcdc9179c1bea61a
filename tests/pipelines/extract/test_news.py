"""News about awards are no awards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.model import Page
from pipelines.process import process

_FACTS = "<p>项目编号：MS-2025-1</p><p>采购人：某某局</p><p>中标供应商：某某科技有限公司</p><p>中标金额：1200万元</p>"


def kind(title: str, content: str) -> str:
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{content}</body></html>"
    page = Page("x", "https://news.example/1", datetime(2025, 7, 5, tzinfo=UTC), "text/html", html)
    [notice] = process(page).notices
    return notice.kind


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("喜讯！某某科技有限公司成功中标某省政务大模型平台项目", _FACTS),
        ("7月大模型中标项目盘点：某某科技领跑", _FACTS),
        ("某某科技拿下亿元大单", _FACTS),
        ("某市召开人工智能大模型应用推进会", "<p>会议指出，要加快大模型在政务领域的应用。</p>"),
        ("某市首个政务大模型项目中标落地", f"<p>记者从市数据局获悉，项目近日落地。</p>{_FACTS}"),
        (
            "某某科技中标乙市政务大模型项目",
            "<p>近日，乙市政务大模型项目公布中标结果，某某科技有限公司以1280万元中标。项目将建设统一底座。</p>",
        ),
        (
            "大模型落地千行百业",
            "<p>近年来应用加快落地。乙市卫健委的大模型项目由某某科技有限公司中标，中标金额为500万元。</p>",
        ),
        (
            "乙市热线引入大模型",
            "<p>据乙市发布消息，热线大模型项目已完成采购，中标单位为某某科技有限公司，中标金额：1200万元。</p>",
        ),
        (
            "乙市政务大模型项目中标结果出炉",
            "<p>项目中标结果7月8日出炉，某某科技有限公司成为中标供应商，中标金额1200万元。</p>",
        ),
        ("某某股份关于收到中标通知书的公告", f"<p>证券代码：600000　证券简称：某某股份</p>{_FACTS}"),
        ("关于签订重大合同的公告", f"<p>本公司董事会及全体董事保证本公告内容真实。</p>{_FACTS}"),
    ],
)
def test_news_are_of_another_kind(title: str, content: str) -> None:
    assert kind(title, content) == "other"


@pytest.mark.parametrize(
    "title",
    [
        "某局快讯发布系统采购项目中标公告",
        "某大学新闻中心大模型平台中标结果公告",
        "某台榜单数据服务项目成交结果公示（二）",
        "某证券公司股票代码查询系统中标公告",
    ],
)
def test_a_result_about_a_newsroom_is_an_award(title: str) -> None:
    assert kind(title, _FACTS) == "award"


@pytest.mark.parametrize(
    "content",
    [
        "<p>经评审，确定某某科技有限公司为中标供应商，中标金额460万元。</p>",
        "<p>采购人：某某局</p><p>中标人：某某科技有限公司</p><p>中标金额：460万元</p><p>责任编辑：略</p>",
    ],
)
def test_a_result_whose_title_is_the_project_alone_is_an_award(content: str) -> None:
    assert kind("某某局智能客服大模型项目", content) == "award"
