"""What kind of announcement a notice is: by its title, then by the channel it was in, then by its text.

The lists of words are in ``pipelines/lexicon/forms/titles.toml``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipelines.lexicon.forms import pattern
from pipelines.model import Kind
from pipelines.text.document import SENTENCE_END, Section

_NUMERALS = "一二三四五六七八九十"
_WON = pattern("won")


class _TitleRule(NamedTuple):
    """A title in which ``expression`` is found is of this kind.

    A rule that is not ``sure`` may have met the project's own name (…设备采购, …合同管理系统).
    If the portal says what it filed the notice as, that comes before such a rule.
    """

    kind: Kind
    sure: bool
    expression: re.Pattern[str]


# The first rule that fires decides. Each alternative has an example.
_TITLE_RULES = (
    _TitleRule(
        "other",
        True,
        re.compile(
            rf"{pattern('no_notice_title')}"  # 某项目开标记录
            # 某项目投诉处理结果公告, 某项目监督检查处理决定
            rf"|{pattern('complaint')}{pattern('about_complaint')}*(?:公[告示开]|通[报知告]|$)"
        ),
    ),
    _TitleRule(
        "other",
        True,
        # 喜讯！某公司成功中标某项目; not 某快讯系统采购项目中标公告
        re.compile(
            rf"^(?!.*(?:公[告示]|通[知报告]书?|结果|合同|函)[（(]?[{_NUMERALS}\d]*[)）]?$).*{pattern('news_title')}"
        ),
    ),
    # How a title ends says more than what its project is called: 审计服务机构入围项目公开招标公告.
    _TitleRule(
        "tender",
        True,
        re.compile(
            # 某系统竞争性磋商公告, 某系统询价采购公告; not 终止招标公告
            r"(?<!终止)(?<!暂停)(?<!取消)(?<!更正)(?<!变更)(?<!补充)(?<!延期)"
            rf"{pattern('tender_at_end')}(?:采购)?(?:项目)?公告$"
            # 某系统采购公告; not 单一来源采购公告
            r"|(?<!单一来源)(?<!直接)(?<!终止)(?<!暂停)(?<!取消)(?<!更正)(?<!变更)采购公告$"
        ),
    ),
    _TitleRule(
        "correction",
        True,
        re.compile(
            # 某项目变更通知公告, 某项目澄清文件的公示, 某项目延期）公告; not 合同变更公告
            rf"(?<!合同){pattern('correcting')}(?:通知)?{pattern('corrected_part')}?[）)]?(?:的)?(?:公告|公示|通知|函)"
            rf"|{pattern('correction_title')}"  # 某项目第一成交候选人放弃中标
            rf"|答疑(?:公告|文件)?[{_NUMERALS}\d]*\s*$"  # 某项目答疑一, 某项目答疑文件2
            rf"|更正[（(]?[{_NUMERALS}\d]*[)）]?\s*$"  # 某项目中标公告更正（一）
            r"|公[告示][（(]?(?:变更|更正|澄清|补充)[)）]?$"  # 某项目询比公告（变更）
        ),
    ),
    _TitleRule(
        "failed",
        True,
        re.compile(
            # 关于取消某公司某项目中标资格的公告
            rf"(?:取消|撤销|废止)[^，。]{{0,60}}{_WON}(?:资格|结果|公告)"
            # 某项目终止采购公告, 某项目废标（第一包）公告
            rf"|{pattern('failing')}(?:{pattern('failed_part')}|（[^）]*）|\([^)]*\))*(?:公告|公示|通知|通告)"
            rf"|{pattern('failed_title')}"  # 某项目采购失败
        ),
    ),
    _TitleRule("contract", True, re.compile(r"合同(?:公告|公示)")),  # 某项目合同公告
    _TitleRule("contract", False, re.compile(rf"{pattern('maybe_contract_title')}|合同$")),  # 某设备采购项目合同
    _TitleRule(
        "intention",
        True,
        re.compile(
            # 某单位采购意向公开的公告, 某项目需求论证结果公示, 某项目预通知
            rf"{pattern('planning')}{pattern('asking')}?(?:公开)?(?:的)?(?:公[告示]|通[知告])"
            r"|(?:技术规范|采购需求|采购文件).*意见"  # 技术规范书及评分表意见征集
        ),
    ),
    # 某单位采购意向; 关于征集某项目意见
    _TitleRule("intention", False, re.compile(rf"{pattern('maybe_intention_title')}|征集.*意见")),
    _TitleRule(
        "award",
        True,
        re.compile(
            # 某项目中标公告（第二中标候选人递补）, 某项目第二中标候选人递补中标公告
            rf"{_WON}[^，。（(候]{{0,8}}(?:公[告示]|结果)[（(][^（）()]{{0,12}}{pattern('moved_up')}[^（）()]{{0,12}}[)）]$"
            rf"|候选(?:人|供应商|单位)?{pattern('moved_up')}(?:为|成为)?{_WON}"
        ),
    ),
    _TitleRule("candidate", True, re.compile(pattern("candidate_title"))),  # 某项目中标候选人公示
    _TitleRule(
        "single_source",
        True,
        # 某项目单一来源采购公示; not 单一来源成交公告
        re.compile(rf"{pattern('single_source')}[^，。]{{0,12}}公[示告](?<!成交公告)(?<!结果公[示告])(?<!中标公告)"),
    ),
    _TitleRule(
        "single_source",
        False,
        # 某局单一来源采购设备; not 某局单一来源采购设备成交结果
        re.compile(rf"{pattern('single_source')}(?!.*(?:{_WON}|结果|更正))"),
    ),
    _TitleRule(
        "award",
        True,
        # 某项目中标（成交）结果公告; 某项目比选结果
        re.compile(rf"{pattern('won_in_title')}[^。，]{{0,14}}{pattern('result_word')}|{pattern('result_title')}"),
    ),
    _TitleRule(
        "tender",
        False,
        re.compile(
            # 某项目比选文件的公告, 某项目招标（第二次）通告
            rf"{pattern('inviting')}(?:文件|项目|的|邀请)*[（(]?[^（）()]{{0,12}}[)）]?{pattern('invitation')}"
            rf"|询比|{pattern('inviting_at_end')}\s*$|招标公告|采购公告"  # 某项目询比采购; 某项目招标
        ),
    ),
)
_CHANNELS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("correction", re.compile(pattern("correction_channel"))),
    ("failed", re.compile(pattern("failed_channel"))),
    ("candidate", re.compile(pattern("candidate_channel"))),
    ("award", re.compile(pattern("award_channel"))),
    ("contract", re.compile(pattern("contract_channel"))),
    ("single_source", re.compile(pattern("single_source_channel"))),
    ("intention", re.compile(pattern("intention_channel"))),
    ("tender", re.compile(pattern("tender_channel"))),
    ("other", re.compile(pattern("no_notice_channel"))),
)
# The marks of a repeated attempt: （第二次）, （三次）, (重新招标), （2）.
_REPEATED = re.compile(rf"[（(](?:第?[{_NUMERALS}\d]+[次批轮]|{pattern('repeated_attempt')}|[{_NUMERALS}\d]+)[)）]")
_CORRECTS = re.compile(pattern("correction_in_text"))
_CANDIDATES = re.compile(rf"(?:{_WON}|定标)候选{pattern('party')}")  # 中标候选人
_WON_OR_SHORTLISTED = rf"{pattern('won_or_shortlisted')}{pattern('or_awarded')}?"
# 中标（成交）供应商名称：, 成交人为, 入围单位信息 at the end of a line
_WINNER = re.compile(rf"{_WON_OR_SHORTLISTED}{pattern('party_or_side')}(?:名称|信息)?\s*(?:[:：\t\n]|为|是)")
# 中标结果, 成交单位; 供应商名称：
_RESULT = re.compile(rf"{_WON_OR_SHORTLISTED}(?:供应商|单位|人|方|结果|信息|金额)|供应商名称\s*[:：\t]")
_FAILED = re.compile(
    rf"{pattern('this_attempt')}[^。\n]{{0,24}}{pattern('failed_now')}"  # 本项目有效投标人不足三家，予以废标
    r"|(?:废标|流标|终止)(?:的)?(?:原因|理由|日期|时间)"  # 废标理由：, 终止的原因
    rf"|{pattern('failed_statement')}"  # 项目终止
)
# A part about the failure with something in it: 7、废标信息：本项目投标人不足三家
_FAILED_PART_FILLED = re.compile(
    rf"(?:^|\n)[^\S\n]*+(?:\d{{1,2}}\s*+[.、．]\s*+)?{pattern('failed_part_label')}\s*[:：]\s*(?!无|/|-|\n)\S"
)
# The label 2.废标结果: with nothing in it is part of every award notice of 政采云 and says nothing by itself.
_FAILED_TABLE = re.compile(r"(?:\d\s*[.、]\s*)?废标结果\s*[:：]?\s*\n?[^\n]*")
_FAILED_PART = re.compile(r"废标|流标|终止")
_CONDITION = re.compile(pattern("condition"))
_CANCELS_IN_TITLE = re.compile(
    # 中标结果作废; 取消原中标; 终止
    rf"(?:结果|资格|{_WON})[^，。]{{0,6}}{pattern('taken_back')}"
    rf"|(?:撤销|取消|废止)[^，。]{{0,8}}(?:{_WON}|结果)|终止"
)
_CANCELS = re.compile(
    # 中标（成交）结果无效, 成交资格予以取消
    rf"(?:{_WON}|采购){pattern('or_awarded')}?(?:结果|资格|公告)?\s*{pattern('taken_back_in_text')}"
    # 取消甲有限公司的中标资格
    rf"|(?:取消|撤销|废止|宣布)[^。\n]{{0,30}}{_WON}(?:结果|资格|公告|通知书)"
    # 中标通知书同时作废; 终止
    rf"|{_WON}(?:通知书|公告)?[^。\n]{{0,10}}(?:作废|无效)|终止"
)
# A correction that only takes a result back. Words that announce a new one follow neither.
_WITHDRAWN = re.compile(
    # 原中标结果无效, 成交资格予以取消
    rf"{_WON}{pattern('or_awarded')}?(?:结果|资格)\s*{pattern('taken_back_in_text')}(?!.*(?:重新确定|更正|变更|顺延|递补))"
    # 取消甲有限公司的中标资格
    rf"|(?:取消|撤销|废止|宣布)[^。\n]{{0,30}}{_WON}(?:结果|资格)(?!.*(?:重新确定|更正|变更|顺延|递补))"
    # 本项目作废标处理
    rf"|{pattern('this_attempt')}[^。\n]{{0,24}}{pattern('treated_as_failed')}"
)
# Headings of forms that name both: 废标/终止, 终止（废标, 废标或终止.
_FAILED_OR_ENDED = re.compile(r"废标/终止|终止\s*[/（(、]?\s*废标|废标[、或及/（(]*终止")
_FAILED_HEADING = re.compile(pattern("failed_heading"))
_AWARD_HEADING = re.compile(pattern("award_heading"))
_TENDER_HEADING = re.compile(pattern("tender_heading"))
_CONTRACT = re.compile(r"合同编号|合同金额|合同签[订署]")  # 合同编号：X-1
_CONTRACT_PART = re.compile(r"合同金额|合同主要信息|合同签[订署]")  # 三、合同主要信息
_CONTRACT_SUM = re.compile(r"(?:^|[\n\t ])合同(?:总)?(?:金额|价款?)[^\n\t:：]{0,10}[:：\t\n ]")  # 合同金额（元）：
_CONTRACT_SIGNED = re.compile(r"合同(?:签[订署]|编号|期限|名称|履行)")  # 合同签署时间, 合同编号
_WON_SUM = re.compile(rf"{_WON}{pattern('or_awarded')}?(?:总)?(?:金额|价格?)")  # 中标（成交）金额
_NAMES_CANDIDATES = re.compile(r"候选|拟中|拟成|预中|预成")  # 中标候选人公示, 拟成交公示
_OPEN_TO_OBJECTIONS = re.compile(r"异议|公示(?:期|时间)")  # 公示期3天，如无异议，第一中标候选人即为中标人
_CANDIDATE_LIST = re.compile(r"推荐|投标总?报?价|排序|第一名|第一中标候选人")
_PROJECT_DATA = re.compile(r"项目编号|招标编号|采购编号|标段")


# A company's own news for its shareholders: 证券代码：600000, 本公司董事会及全体董事保证….
_LISTED_COMPANY = re.compile(r"证券(?:代码|简称)\s?[:：]\s?\S|股票(?:代码|简称)\s?[:：]\s?\S|董事会及全体董事")
_DISCLOSURE_WITHIN = 1_500
_NEWS_IN_TEXT = re.compile(pattern("news_in_text"))
_NEWS_IN_PROSE = re.compile(pattern("news_in_prose"))
_NEWS_WITHIN = 600
_NOTICE_IN_TEXT = re.compile(pattern("notice_in_text"))
# A field of a form, or the cells of a table, at the beginning of a line.
_FORM_FIELD = re.compile(
    r"(?:^|\n)[^\n\t:：，。]{0,8}?"
    rf"(?:{pattern('project_number_label', 'project_name_label', 'buyer_label', 'agency_label')}"
    rf"|{_WON}{pattern('party_in_label')}|供应商(?:名称)?)"
    r"[^\n\t:：，。]{0,8}\s*[:：\t\n]|\t"
)


def kind_of(title: str | None, channel: str | None, body: str, parts: list[Section], *, won: bool) -> Kind:
    """Return the kind of a notice.

    ``channel`` is where the portal filed it (breadcrumb, stage or name of a type), ``won`` whether a winner was read.
    News and what a listed company tells its shareholders are ``other``. Otherwise, the title decides if it is clear.
    A channel can be wrong (流标公告 are filed under awards). The text decides between an award and its failure, and if
    title and channel say nothing.
    """
    if _LISTED_COMPANY.search(body, 0, _DISCLOSURE_WITHIN):
        return "other"
    words = _without_repeat_marks(title or "")
    sure_kind = _kind_of_title(words, sure=True)
    if sure_kind is None and not channel and _is_article(body):
        return "other"
    kind = (
        sure_kind
        or _kind_of_heading(body)
        or _kind_of_channel(channel, body, parts, won)
        or _kind_of_title(words, sure=False)
        or _kind_of_text(body, parts, won)
    )
    if kind == "candidate" and not _NAMES_CANDIDATES.search(words) and _states_result(parts, body):
        kind = "award"  # 重新评审结果公告 with the form of a result
    if kind == "award" and _kind_of_title(words, sure=True) != "award" and _is_contract_table(body):
        return "contract"
    if kind == "award" and _is_correction(parts, channel):
        return "correction"
    if kind == "award" and not won and (_says_it_failed(body, parts) or _filed_as(channel) == "failed"):
        return "failed"
    return kind


def announces_call(title: str, channel: str | None) -> bool:
    """Return whether a list surely shows a call for bids or a plan, by its title or by what the portal filed it as."""
    kind = _kind_of_title(_without_repeat_marks(title), sure=True) or _filed_as(channel)
    return kind in ("tender", "intention")


def cancels_result(kind: Kind, title: str | None, body: str) -> bool:
    """Return whether a failed notice takes back a published result or ends the project (终止).

    废标 and 流标 alone end an attempt that had no published result.
    """
    if kind != "failed":
        return False
    if _CANCELS_IN_TITLE.search(title or ""):
        return True
    return bool(_CANCELS.search(_FAILED_OR_ENDED.sub("", body)))


def withdraws_result(text: str) -> bool:
    """Return whether a correction takes a result back without a new one: 原中标结果无效，本项目作废标处理."""
    sentences = (sentence for sentence in SENTENCE_END.split(text) if not _CONDITION.search(sentence))
    return any(_WITHDRAWN.search(sentence) for sentence in sentences)


def _is_article(body: str) -> bool:
    """Return whether a text is what a newspaper or a company tells of a purchase: prose without a form's fields."""
    if _NEWS_IN_TEXT.search(body, 0, _NEWS_WITHIN):
        return True
    if _FORM_FIELD.search(body):
        return False
    return bool(_NEWS_IN_PROSE.search(body, 0, _NEWS_WITHIN)) or not _NOTICE_IN_TEXT.search(body)


def _without_repeat_marks(title: str) -> str:
    """Return the title without marks of a repeated attempt, which hide the words that matter: 某项目（二次）公告."""
    return _REPEATED.sub("", re.sub(r"\s+", "", title))


@lru_cache(maxsize=1024)
def _kind_of_title(title: str, *, sure: bool) -> Kind | None:
    rules = (rule for rule in _TITLE_RULES if rule.sure or not sure)
    return next((rule.kind for rule in rules if rule.expression.search(title)), None)


def _kind_of_heading(body: str) -> Kind | None:
    """Return the kind by the notice's own heading. Some portals give the project's name as title."""
    for line in body.split("\n")[:3]:
        if 6 <= len(line) <= 120 and "\t" not in line and re.search(r"(?:公告|公示)\s*$", line):
            return _kind_of_title(_without_repeat_marks(line), sure=True)
    return None


def _filed_as(channel: str | None) -> Kind | None:
    return next((kind for kind, words in _CHANNELS if words.search(channel)), None) if channel else None


def _kind_of_channel(channel: str | None, body: str, parts: list[Section], won: bool) -> Kind | None:
    """Return what the portal filed a notice as. A channel of results may have candidates and other notices too."""
    kind = _filed_as(channel)
    if kind != "award":
        return kind
    if _CANDIDATES.search(body) and not _WINNER.search(body):
        return "candidate"
    return kind if won or _RESULT.search(body) or _says_it_failed(body, parts) else None


def _kind_of_text(body: str, parts: list[Section], won: bool) -> Kind:
    headings = " ".join(part.heading for part in parts)
    if "更正信息" in headings or _CORRECTS.search(body):
        return "correction"
    if _FAILED_HEADING.search(headings) or (not won and _FAILED_PART_FILLED.search(body)):
        return "failed"
    if _CONTRACT.search(body) and _CONTRACT_PART.search(headings + body[:1500]):
        return "contract"
    if _CANDIDATES.search(body) and _OPEN_TO_OBJECTIONS.search(body) and not _WINNER.search(body):
        return "candidate"
    if _AWARD_HEADING.search(headings) or won:
        return "failed" if not won and _says_it_failed(body, parts) else "award"
    if _TENDER_HEADING.search(headings):
        return "tender"
    if "候选人" in body[:600] and _CANDIDATE_LIST.search(body):
        return "candidate"
    if _PROJECT_DATA.search(body):
        if _RESULT.search(body):
            return "award"
        if any(_FAILED.search(sentence) for sentence in SENTENCE_END.split(body) if not _CONDITION.search(sentence)):
            return "failed"
    return "other"


def _is_correction(parts: list[Section], channel: str | None) -> bool:
    return "更正" in (channel or "") or any("更正信息" in part.heading for part in parts)


def _states_result(parts: list[Section], body: str) -> bool:
    headings = " ".join(part.heading for part in parts)
    return bool(_AWARD_HEADING.search(headings) or _WINNER.search(body)) and not _CANDIDATES.search(body)


def _is_contract_table(body: str) -> bool:
    """Return whether a notice has the fields of a contract and no price of a result."""
    return bool(_CONTRACT_SUM.search(body) and _CONTRACT_SIGNED.search(body)) and not _WON_SUM.search(body)


def _says_it_failed(body: str, parts: list[Section]) -> bool:
    return bool(_FAILED.search(_FAILED_TABLE.sub("", body))) or any(_FAILED_PART.search(part.heading) for part in parts)
