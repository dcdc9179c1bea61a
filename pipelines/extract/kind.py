"""What kind of announcement a notice is: by its title, then by the channel it stood in, then by what its text holds."""

from __future__ import annotations

import re

from pipelines.lexicon import forms
from pipelines.model import Kind
from pipelines.text.document import Section

# The first rule that fires decides, and their order is the order of doubt. A rule that is not sure may have met the project's own
# name (…设备采购, …合同管理系统): where the portal says what it filed the notice as, that counts before it.
_TITLE_RULES: tuple[tuple[Kind, bool, re.Pattern[str]], ...] = (
    (
        "other",
        True,
        re.compile(
            r"开标记录|开标情况|开标结果|唱标|抽取结果|资格预审结果|预审结果|价格调研|调研公告（询价）|履约验收"
            r"|验收(?:结果)?公[告示]|验收报告|执行情况公告"
            r"|(?:投诉|处罚|监督检查|质疑答复|失信|黑名单)(?:处理|处罚|结果|决定|情况|信息|名单|书|的)*(?:公[告示开]|通[报知告]|$)"
        ),
    ),
    # 审计服务机构入围项目公开招标公告: how a title ends says more than what its project is called.
    (
        "tender",
        True,
        re.compile(
            r"(?<!终止)(?<!暂停)(?<!取消)(?<!更正)(?<!变更)(?<!补充)(?<!延期)"
            r"(?:公开招标|邀请招标|竞争性磋商|竞争性谈判|磋商|谈判|询价|询比|比选|遴选|招标|资格预审)(?:采购)?(?:项目)?公告$"
            r"|(?<!单一来源)(?<!直接)(?<!终止)(?<!暂停)(?<!取消)(?<!更正)(?<!变更)采购公告$"
        ),
    ),
    (
        "correction",
        True,
        re.compile(
            r"(?<!合同)(?:更正|更改|变更|澄清|延期|补遗|补充|答疑|勘误|修正|修改|顺延|改期|推迟|暂停|恢复|撤回)(?:通知)?"
            r"(?:文件|事项|说明|内容)?[）)]?(?:的)?(?:公告|公示|通知|函)|更正公[告示]|变更公[告示]|答疑(?:公告"
            r"|文件)?[一二三四五六七八九十\d]*\s*$|澄清(?:文件|公告|说明)|放弃中标|放弃成交"
            r"|更正[（(]?[一二三四五六七八九十\d]*[)）]?\s*$|公[告示][（(]?(?:变更|更正|澄清|补充)[)）]?$"
        ),
    ),
    (
        "failed",
        True,
        re.compile(
            r"(?:取消|撤销|废止)[^，。]{0,60}(?:中标|成交|中选)(?:资格|结果|公告)|(?:废标|流标|终止|失败|中止|撤销"
            r"|取消|无效|作废)(?:采购|招标|结果|中标|成交|项目|的|（[^）]*）"
            r"|\([^)]*\)|、|及|或)*(?:公告|公示|通知|通告)|(?:废标|流标|终止公告|终止采购|终止招标|采购失败"
            r"|招标失败|中标无效|成交无效|结果无效|结果作废|取消中标|取消成交|撤销中标|撤销成交)"
        ),
    ),
    ("contract", True, re.compile(r"合同(?:公告|公示)")),
    ("contract", False, re.compile(r"合同(?:签订|备案|变更|信息|履约)|合同$")),
    (
        "intention",
        True,
        re.compile(
            r"(?:意向|意见|需求|需求论证|调研|预)(?:征求|征集|调查|论证|结果)?(?:公开)?(?:的)?(?:公[告示]|通[知告])"
            r"|(?:技术规范|采购需求|采购文件).*意见"
        ),
    ),
    ("intention", False, re.compile(r"采购意向|意向公开|征求意见|征集.*意见|意见征[集求]|需求调查|需求征集|需求论证")),
    (
        "candidate",
        True,
        re.compile(
            r"候选(?:人|供应商|单位|成交|中标|中选|公示)|(?:评标|评审)(?:结果)?公[示告]|拟中标|拟成交|预中标|预成交"
        ),
    ),
    (
        "single_source",
        True,
        re.compile(r"(?:单一来源|直接采购|直接谈判)[^，。]{0,12}公[示告](?<!成交公告)(?<!结果公[告示])(?<!中标公告)"),
    ),
    ("single_source", False, re.compile(r"(?:单一来源|直接采购|直接谈判)(?!.*(?:中标|成交|结果|中选|更正))")),
    (
        "award",
        True,
        re.compile(
            rf"{forms.pattern('won_in_title')}[^。，]{{0,14}}(?:公告|公示|通告|通知|结果|信息|公布)"
            r"|结果公[告示]|结果公布|(?:采购|选定|比选|磋商|谈判|询价|询比|招标|遴选)结果"
        ),
    ),
    (
        "tender",
        False,
        re.compile(
            r"(?:招标|采购|磋商|谈判|询价|询比|比选|遴选|征集|竞价|竞谈|竞争性|邀请|资格预审|预审|招募|竞选|议价"
            r"|比价|招租|发包|征询|资审|选取|公开选聘|竞买|采购邀请)(?:文件|项目|的"
            r"|邀请)*[（(]?[^（）()]{0,12}[)）]?(?:公告|公示|通告|启事|书|函|信息)|询比|(?:招标|采购|磋商|谈判"
            r"|询价|竞价)\s*$|招标公告|采购公告"
        ),
    ),
)
_CORRECTS = re.compile(r"更正信息|原公告的采购项目|首次公告日期")
_CHANNELS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("correction", re.compile(r"更正公告|更正事项|变更公告|澄清")),
    ("failed", re.compile(r"废标|终止公告|中止公告|流标")),
    ("candidate", re.compile(r"候选人|候选供应商|候选公示")),
    ("award", re.compile(r"中标公告|成交公告|中标结果|成交结果|成交公示|结果公[告示]|中选结果|采购结果|（成交）结果")),
    ("contract", re.compile(r"采购合同|合同公[告示]")),
    ("single_source", re.compile(r"单一来源|直接采购")),
    ("intention", re.compile(r"采购意向|意见征[求集]|征[求集]意见|需求公示|预公告")),
    (
        "tender",
        re.compile(
            r"公开招标|竞争性谈判|竞争性磋商|询价公告|询比公告|比选公告|邀请招标|资格预审|采购/资审公告|招标/资审公告|采购公告|招标公告"
        ),
    ),
    ("other", re.compile(r"开标记录")),
)
_CANDIDATES = re.compile(r"(?:中标|成交|中选|定标)候选(?:人|供应商|单位)")
_WINNER = re.compile(
    r"(?:中标|成交|中选|入围)(?:（成交）|\(成交\))?(?:供应商|单位|人|方|商)(?:名称|信息)?\s*(?:[:：\t\n]|为|是)"
)
_WON = re.compile(
    r"(?:中标|成交|中选|入围)(?:（成交）|\(成交\))?(?:供应商|单位|人|方|结果|信息|金额)|供应商名称\s*[:：\t]"
)
_NOBODY = re.compile(
    r"(?:本项目|本次|该项目|本采购|项目|本标段|本包|采购活动|采购程序|招标)[^。\n]{0,24}(?:予以废标|作废标处理"
    r"|按废标处理|废标|流标|采购失败|招标失败|终止)|(?:废标|流标|终止)(?:的)?(?:原因|理由|日期|时间)|项目终止"
    r"|采购终止|终止的?原因|废标结果"
)
_CANCELS = re.compile(
    r"(?:中标|成交|中选|采购)(?:（成交）|\(成交\))?(?:结果|资格|公告)?\s*(?:作废|无效|撤销|取消|予以取消|予以撤销"
    r"|被取消)|(?:取消|撤销|废止|宣布)[^。\n]{0,30}(?:中标|成交|中选)(?:结果|资格|公告|通知书)|(?:中标|成交|中选)"
    r"(?:通知书|公告)?[^。\n]{0,10}(?:作废|无效)|终止"
)


def kind_of(title: str | None, channel: str | None, body: str, parts: list[Section], *, won: bool) -> Kind:
    """The kind of a notice.

    ``channel`` is what the portal filed it under (bread crumb, stage or type name), ``won`` whether a winner was read.
    The title decides where it says something; a channel can be wrong (流标公告 stand in the award column), a body
    decides between an award and its failure, and where title and channel are silent.
    """
    words = _plain(title or "")
    kind = (
        _by_title(words, sure=True)
        or _by_heading(body)
        or _by_channel(channel, body, parts, won)
        or _by_title(words, sure=False)
        or _by_body(body, parts, won)
    )
    if kind == "award" and _is_correction(parts, channel):
        return "correction"
    if kind == "award" and not won and (_failed_as_a_whole(body, parts) or _filed(channel) == "failed"):
        return "failed"
    return kind


def _filed(channel: str | None) -> Kind | None:
    return next((kind for kind, words in _CHANNELS if words.search(channel)), None) if channel else None


def _by_channel(channel: str | None, body: str, parts: list[Section], won: bool) -> Kind | None:
    """What the portal filed a notice as. A column of results may hold candidates too, and what it holds must look like one."""
    kind = _filed(channel)
    if kind != "award":
        return kind
    if _CANDIDATES.search(body) and not _WINNER.search(body):
        return "candidate"
    return kind if won or _WON.search(body) or _failed_as_a_whole(body, parts) else None


def cancels_result(kind: Kind, title: str | None, body: str) -> bool:
    """Whether a failed notice takes back a result that had been published, or ends the project (终止).

    废标 and 流标 alone end an attempt of which no result was published.
    """
    if kind != "failed":
        return False
    if re.search(
        r"(?:结果|资格|中标|成交|中选)[^，。]{0,6}(?:作废|无效|撤销|取消)|(?:撤销|取消|废止)[^，。]{0,8}(?:中标"
        r"|成交|结果|中选)|终止",
        title or "",
    ):
        return True
    return bool(_CANCELS.search(re.sub(r"废标/终止|终止\s*[/（(、]?\s*废标|废标[、或及/（(]*终止", "", body)))


def _plain(title: str) -> str:
    """The title without the marks of a repeated attempt, which hide the words that matter: 某项目…（二次）公告."""
    return re.sub(
        r"[（(](?:第?[一二三四五六七八九十\d]+[次批轮]|重新招标|重招|重新采购|二次|三次|[一二三四五六七八九十\d]+)[)）]",
        "",
        re.sub(r"\s+", "", title),
    )


def _by_title(title: str, *, sure: bool) -> Kind | None:
    return next((kind for kind, surely, words in _TITLE_RULES if (surely or not sure) and words.search(title)), None)


def _by_heading(body: str) -> Kind | None:
    """Some portals give the project's name as title; the notice's own heading then says what it is."""
    for line in body.split("\n")[:3]:
        if 6 <= len(line) <= 120 and "\t" not in line and re.search(r"(?:公告|公示)\s*$", line):
            return _by_title(_plain(line), sure=True)
    return None


def _is_correction(parts: list[Section], channel: str | None) -> bool:
    return (bool(channel) and "更正" in str(channel)) or any("更正信息" in part.heading for part in parts)


def _failed_as_a_whole(body: str, parts: list[Section]) -> bool:
    # 2.废标结果: stands empty in every 政采云 award notice and says nothing by itself.
    text = re.sub(r"(?:\d\s*[.、]\s*)?废标结果\s*[:：]?\s*\n?[^\n]*", "", body)
    return bool(_NOBODY.search(text)) or any(re.search(r"废标|流标|终止", part.heading) for part in parts)


def _by_body(body: str, parts: list[Section], won: bool) -> Kind:
    headings = " ".join(part.heading for part in parts)
    if "更正信息" in headings or _CORRECTS.search(body):
        return "correction"
    if re.search(r"终止原因|废标原因|流标原因|项目终止|终止的原因|废标理由及", headings):
        return "failed"
    if re.search(r"合同编号|合同金额|合同签[订署]", body) and re.search(
        r"合同金额|合同主要信息|合同签[订署]", headings + body[:1500]
    ):
        return "contract"
    if (
        re.search(r"中标[（(]?成交[)）]?信息|采购结果|成交信息|中标信息|中标情况|成交情况|中选信息|中标结果", headings)
        or won
    ):
        return "failed" if not won and _failed_as_a_whole(body, parts) else "award"
    if re.search(
        r"获取(?:招标|采购|磋商|谈判|询价|比选)文件|申请人的资格要求|投标人的?资格要求|响应文件提交|提交投标文件",
        headings,
    ):
        return "tender"
    if re.search(r"候选人", body[:600]) and re.search(r"投标报价|排序|第一名|第一中标候选人", body):
        return "candidate"
    if _WON.search(body) and re.search(r"项目编号|招标编号|采购编号|标段", body):
        return "award"
    return "other"
