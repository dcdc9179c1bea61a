"""Which pages are no notices: blocks, challenges, logins, errors and empty pages, wherever they come from.

Such a page must never become a version of a notice: it would replace what the notice said. A short notice is still a
notice, so a page is refused only if it shows neither a fact of a purchase nor the title of a notice. The words are in
``pipelines/lexicon/forms/refused_pages.toml``.
"""

from __future__ import annotations

import re
from functools import cache

from pipelines.lexicon import forms
from pipelines.text.characters import compact

# A labelled fact of a purchase (项目编号：X-1, 中标人<tab>甲公司), not the telephone numbers under every page.
_FACT = re.compile(
    r"(?:项目|采购|招标|中标|成交|中选|供应商|投标|候选人|标段|合同|预算|开标|评标|评审|代理机构|发包|建设单位)"
    r"(?:(?!登录|注册|查询|搜索|热线|电话|咨询|客服|邮箱|监督|平台|网)[^\s:：，。]){0,10}[:：\t] ?[^\s:：]"
)
# A fact in a sentence: 中标人为某某科技有限公司, 成交价120万元
_FACT_IN_SENTENCE = re.compile(r"(?:中标|成交|中选|入围)[^\n]{0,40}?(?:公司|万元|\d ?元)")
# The title of a notice: 某市政务平台项目中标公告, 关于某设备采购的更正通知（二）
_NOTICE_TITLE = re.compile(
    r"\A(?>.*?(?:项目|采购|招标|中标|成交|中选|工程|服务|设备|系统|平台|标段|合同|单一来源|询价|磋商|谈判|比选)).*"
    r"(?:公[告示]|公开|通知书?|结果|候选人|更正|澄清|答疑|终止|意向|函)(?:[（(\d一二三四五六七八九十].{0,8})?$"
)
# The name of a site, not of a notice: 某省政府采购网中标公告
_SITE_NAME = re.compile(r"(?:采购|招标|招投标|交易|信息|门户)网|(?:交易|服务|采购|招标)平台(?:$|[-_|—])|首页")
# A title that is only the name of a project, or is cut: 某公司2026年车辆维保服务采购项目. Names of sites end otherwise.
_PROJECT_TITLE = re.compile(
    r"(?:项目|采购|工程|服务(?!器)|设备|询比|招标|标包|系统).*(?<!平台)(?<!系统)(?<!网)(?<!网站)(?<!门户)(?<!登录)$"
)
_SHORTEST_TITLE, _SHORTEST_PROJECT = 10, 14
_SHORTEST_FIELD = 2  # Chinese characters of a title in a field of its own, which names no site
# What the markup of a page without text does: it asks for another page, or sets a mark and asks again.
_SENDS_ON = re.compile(
    r"location\s*\.\s*(?:reload|replace|href)|(?:window|document|top|self)\.location|http-equiv=.?refresh|acw_sc__v2"
    r"|aliyun_?waf|__jsl_clearance|challenge-platform|geetest|TencentCaptcha|\$_ts",
    re.IGNORECASE,
)
_CHINESE = re.compile("[\u3400-\u9fff]")
_SHORT, _LONG = 200, 1_000  # characters without blanks
_TITLE_START = 10  # characters of the listed title that its page shows
_SHORTEST_SHOWN = 6  # a shorter one is the name of a site or office, which its login shows too


class NoNoticeError(ValueError):
    """The page is no notice. The message says what it is."""


def refusal(text: str, title: str | None, markup: str, *, listed_title: str | None = None, field: bool = False) -> str:
    """Return why a page is no notice, in English; '' if it may be one.

    ``text`` holds the lines of the page and ``title`` is the page's own title. ``markup`` is what it was read from.
    ``listed_title`` is what a list or a saver calls the notice. ``field`` is true if the title comes from a field of a
    JSON answer, which names the notice and not the site.
    """
    if _FACT.search(text) or _FACT_IN_SENTENCE.search(text):
        return ""
    bare, name = compact(text), compact(title or "")
    if name.casefold() in _titles():
        return f"it is a page called {title}"
    if len(bare) > _LONG:
        return ""
    said = f"{title or ''}\n{text}"
    withheld = next((word for word in forms.words("refused_despite_title") if word in said), None)
    if withheld and len(bare) <= _SHORT:
        return f"the page says {withheld}"
    is_named = _is_notice_title(name) or (field and not bare and len(_CHINESE.findall(name)) >= _SHORTEST_FIELD)
    shown = compact(listed_title or "")[:_TITLE_START]
    if is_named or (len(shown) >= _SHORTEST_SHOWN and bare and shown in name + bare):
        return ""
    if not bare:
        return "it has neither text nor the title of a notice"
    word = next((word for word in _words() if word in said), None)
    if word is None and len(bare) <= _SHORT:
        word = next((word for word in forms.words("refused_short_page") if word in said), None)
    if word is not None:
        return f"the page says {word}"
    if len(bare) <= _SHORT and _SENDS_ON.search(markup):
        return "it is a page that only sends on to another one"
    if len(bare) <= _SHORT and not _CHINESE.search(said):
        return "it holds no text of a notice"
    return ""


@cache
def _words() -> tuple[str, ...]:
    return (*forms.words("block_word"), *forms.words("refused_page"))


@cache
def _titles() -> frozenset[str]:
    titles = (*forms.words("refused_title"), *(word for word in forms.words("refused_page") if word.isascii()))
    return frozenset(compact(word).casefold() for word in titles)


def _is_notice_title(name: str) -> bool:
    if _SITE_NAME.search(name):
        return False
    is_titled = len(name) >= _SHORTEST_TITLE and _NOTICE_TITLE.search(name)
    return bool(is_titled or (len(name) >= _SHORTEST_PROJECT and _PROJECT_TITLE.search(name)))
