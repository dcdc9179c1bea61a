"""A page that came instead of a notice is never one, and a short notice stays one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipelines.model import Page
from pipelines.process import process

_HTML = "<html><head><title>{}</title></head><body>{}</body></html>"
_NAVIGATION = "<ul>" + "<li>首页</li><li>招标公告</li><li>中标公告</li><li>政策法规</li><li>办事指南</li>" * 6 + "</ul>"

REFUSED = {
    "captcha": _HTML.format("访问验证", "<p>您的访问过于频繁，请输入验证码后继续</p>"),
    "captcha without a title": "<html><body><div>请完成下方验证后继续访问</div><img src='code.png'></body></html>",
    "slider": _HTML.format("滑动验证页面", "<div>请按住滑块，拖动到最右边</div>"),
    "login": _HTML.format("用户登录", "<form>用户名<input>密码<input></form>"),
    "login of a procurement site": _HTML.format(
        "某省政府采购网", f"{_NAVIGATION}<div>供应商登录</div><p>用户名</p><p>密码</p><p>忘记密码</p><p>服务热线：400-000-0000</p>"
    ),
    "expired session": _HTML.format("", "<script>x()</script><p>登录超时，请重新登录</p>"),
    "blank": "",
    "blanks": "  \n\t ",
    "empty document": "<html><head></head><body></body></html>",
    "shell of an application": _HTML.format("某集团电子采购平台", "<div id='app'></div><noscript>请启用</noscript><script src='a.js'></script>"),
    "script challenge": '<html><script>var _0x1=["a"];document.cookie="acw_sc__v2=1";location.reload()</script></html>',
    "script challenge with a word": _HTML.format("", "<p>请稍候…</p><script>location.href='/a?b=1'</script>"),
    "challenge in a hidden field": '<textarea id="renderData" style="display:none">{"l1":"var arg1=1"}</textarea><html><body></body></html>',
    "redirect": '<html><head><meta http-equiv="refresh" content="0;url=/index.html"></head><body>跳转</body></html>',
    "bad gateway": _HTML.format("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr>nginx"),
    "server error": _HTML.format("HTTP Status 500", "<h1>HTTP Status 500 – Internal Server Error</h1><pre>java.lang.X</pre>"),
    "not found": _HTML.format("404", "<div>抱歉，您访问的页面不存在或已删除</div><a href='/'>返回首页</a>"),
    "not found with navigation": _HTML.format("某市公共资源交易网", f"{_NAVIGATION}<div>您要查看的信息不存在</div>{_NAVIGATION}"),
    "deleted": _HTML.format("公告详情", "<p>该公告已被删除</p>"),
    "a wall before a notice": _HTML.format("某市政务平台项目中标公告", "<p>登录后查看完整信息</p><p>会员专享</p>"),
    "maintenance of a platform": _HTML.format("某采购平台系统升级公告", "<p>尊敬的用户：平台将于今晚升级，期间暂停服务。</p>"),
    "an unsafe connection": _HTML.format("隐私设置错误", "<p>您的连接不是私密连接</p><p>NET::ERR_CERT_DATE_INVALID</p>"),
    "firewall by number": _HTML.format("405", "<p>由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>"),
    "maintenance": _HTML.format("系统维护中", "<p>系统正在升级维护，预计8月5日恢复，请稍后访问</p>"),
    "firewall": _HTML.format("", "<p>您的请求疑似攻击行为，已被网站防火墙拦截。事件编号：20250804-1</p>"),
    "firewall in English": _HTML.format("Request Rejected", "The requested URL was rejected. Your support ID is: 123"),
    "one English word": _HTML.format("", "Loading"),
    "plain text": "系统繁忙，请稍后再试",
    "JSON error": '{"code":500,"msg":"系统异常","data":null}',
    "JSON error in English": '{"timestamp":"2025-08-04T10:00:00","status":404,"error":"Not Found","path":"/detail"}',
    "JSON error with a title": '{"type":"about:blank","title":"Not Found","status":404}',
    "JSON login": '{"success":false,"message":"登录状态已失效，请重新登录"}',
    "JSON with empty fields": '{"code":0,"data":{"name":"","noticeContent":""}}',
    "JSON null": "null",
    "JSON object": "{}",
    "JSON list": "[]",
    "JSON success without data": '{"code":200,"msg":"操作成功","data":[]}',
    "JSON with a stack trace": json.dumps({"status": 500, "message": "Exception", "trace": "at com.example.Service.find(Service.java) " * 9}),
    "JSON with a block page": json.dumps({"data": {"noticeContent": "<html><body>请输入验证码</body></html>"}}),
}  # fmt: skip

NOTICES = {
    "one sentence": _HTML.format("", "<p>某局系统项目中标人为某某科技有限公司，成交价120万元。</p>"),
    "terminated": _HTML.format("某单位验证码短信服务采购项目终止公告", "<p>因故终止，特此公告。</p>"),
    "a service with words of a block": _HTML.format(
        "某局网络安全验证平台运维服务中标公告", "<p>供应商名称：某某科技有限公司</p><p>含人机验证、防火墙、系统维护</p>"
    ),
    "text in its files": _HTML.format("某市政务平台采购结果公告", "<p>详见附件</p>"),
    "text in its files, JSON": '{"data": {"name": "某公司大模型采购", "noticeContent": ""}}',
    "terminated by a fault": "某平台建设项目终止公告\n因交易系统异常，本项目终止，重新登录后可查看。",
    "with a login box": _HTML.format(
        "某省政府采购网", "<p>用户登录</p><p>请输入验证码</p><p>忘记密码</p><p>项目编号：MS-2025-1</p><p>中标供应商：某某公司</p>"
    ),
    "with a placeholder": _HTML.format("", "<h1>关于某设备采购的更正公告（二）</h1><p>更正如下。</p><p>附件：加载中...</p>"),
    "named only by its project": _HTML.format("某公司2026年车辆维保服务采购项目询比文件", "<p>请登录平台查看，请稍后再试</p>"),
    "an accident of its own": _HTML.format("某网", "<p>采购人：某某学校</p><p>您访问的页面不存在</p>"),
}  # fmt: skip


def page(body: str, title: str | None = None) -> Page:
    content_type = "application/json" if body[:1] in ("{", "[", "n") and body else "text/html"
    if body and body[0] not in "{[n<" and body.strip():
        content_type = "text/plain"
    return Page("x", "https://notices.example/1", datetime(2025, 8, 4, tzinfo=UTC), content_type, body, title)


@pytest.mark.parametrize("listed_title", [None, "某市政务大模型平台建设项目中标公告"], ids=["unlisted", "listed"])
@pytest.mark.parametrize("name", REFUSED)
def test_a_page_that_came_instead_of_a_notice_is_none(name: str, listed_title: str | None) -> None:
    result = process(page(REFUSED[name], listed_title))
    assert result.notices == []
    assert result.problem is not None
    assert result.problem.startswith("no notice: ")


def test_a_page_that_shows_only_the_name_of_an_office_is_no_notice() -> None:
    result = process(page(_HTML.format("某市民政局", "<h1>某市民政局</h1><p>请输入验证码后继续访问</p>"), "某市民政局"))
    assert result.notices == []


@pytest.mark.parametrize("name", NOTICES)
def test_a_short_notice_is_one(name: str) -> None:
    result = process(page(NOTICES[name]))
    assert (len(result.notices), result.problem) == (1, None)


@pytest.mark.parametrize("name", REFUSED)
def test_the_same_words_inside_a_long_notice_change_nothing(name: str) -> None:
    notice = "<h1>某项目中标公告</h1><p>项目编号：MS-2025-1</p><p>供应商名称：某某科技有限公司</p>"
    assert len(process(page(f"<html><body>{notice}{REFUSED[name]}</body></html>")).notices) == 1


def test_a_news_page_is_a_notice_of_another_kind() -> None:
    text = "某局举办网络安全宣传周，现场演示了如何识别钓鱼网站，提醒市民不要在陌生页面输入密码和验证码。" * 8
    [notice] = process(page(_HTML.format("某局举办网络安全宣传周活动", f"<p>{text}</p>"))).notices
    assert notice.kind == "other"
