"""The single-valued fields of a notice: number, name, buyer, agency, dates, place. Each comes with the words it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.columns import role_of
from pipelines.dates import read_date
from pipelines.document import Section
from pipelines.labels import find, first
from pipelines.parties import ends_like_party
from pipelines.text import join_cjk, squeeze


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the words of the body that say it."""

    value: str
    words: str


_NUMBER_LABELS = tuple(
    (
        "项目编号 采购项目编号 招标项目编号 采购编号 招标编号 项目号 标段(包)编号 标段（包）编号 标段编号 "
        "工程编号 项目代码 采购文件编号 招标文件编号 磋商文件编号 项目编码 包组编号 项目编号（招标编号） "
        "采购项目编号（招标编号） 编号 采购项目编码"
    ).split()
)
_NAME_LABELS = (
    "项目名称",
    "采购项目名称",
    "工程名称",
    "招标项目名称",
    "标段(包)名称",
    "标段（包）名称",
    "标段名称",
    "采购项目",
    "项目标段名称",
    "项目及标段名称",
)
_BUYER_LABELS = tuple(
    (
        "采购人名称 采购单位名称 采购人 采购单位 招标人名称 招标人 招标单位 建设单位名称 建设单位 项目业主 "
        "业主单位 采购方 甲方 甲方（采购人） 采购人（甲方） 比选人 询价人 需求单位 采购机构 委托单位 发包人 "
        "采购主体 采购实体"
    ).split()
)
_AGENCY_LABELS = tuple(
    (
        "采购代理机构名称 代理机构名称 采购代理机构 招标代理机构名称 招标代理机构 代理机构 招标机构 招标代理 "
        "集中采购机构 招标代理单位 采购代理 受托单位 组织机构"
    ).split()
)
# Buyer and agency in one line, parted by a stroke (China Mobile).
_PAIRS = ("采购人/招标代理机构", "采购人名称/采购代理机构名称", "采购人/采购代理机构", "招标人/招标代理机构")
_BUYER_PART = re.compile(
    r"(?:采\s*购\s*人|采\s*购\s*单\s*位|招\s*标\s*人|采购方|业主)\s*(?:信\s*息|基本信息|联系方式"
    r"|情况)?\s*[:：]?\s*(?:\n|[ \t])*(?:单位)?(?:名\s*称|单位名称)\s*[:：\t\n]\s*(?P<name>[^\n\t]+)"
)
_AGENCY_PART = re.compile(
    r"(?:代\s*理\s*机\s*构|招标代理|采购代理)\s*(?:信\s*息|基本信息|联系方式|情况)?\s*(?:（如有）"
    r"|\(如有\))?\s*[:：]?\s*(?:\n|[ \t])*(?:单位)?(?:名\s*称|单位名称)\s*[:：\t\n]\s*(?P<name>[^\n\t]+)"
)
_NAME_END = re.compile(
    r"[ 　]*(?:地\s*址|联\s*系\s*人|联系方式|联系电话|电\s*话|传\s*真|项目联系人|采购人联系|邮编"
    r"|法定代表人)\s*[:：]|[；;。]|\s{2,}"
)
# A teacher's or clerk's name that stuck to the buyer's: 幼儿园（彭老师）.
_PERSON = re.compile(
    r"[（(][^（）()]{0,6}(?:老师|先生|女士|小姐|主任|科长|经理|工)[)）]|[，,、 ]\s*(?:联系人|电话|项目负责人).*$"
)
# A blank, a place for a seal, or the next label of a form that was left empty.
_NO_ORGANISATION = re.compile(
    r"[/\\\-—无*\d.\s]+|详见.*|同上|见.*|[（(](?:盖章|公章|单位章|签章|盖单位章)[)）]|盖章"
    r"|.{0,8}(?:名称|编号|时间|日期|金额|方式|电话|负责人|联系人|规模|情况|内容|要求|信息)"
)
# What runs on behind a number: its tender document's number, the next label, a sentence, a second number.
_NUMBER_TAIL = re.compile(
    r"\s*(?:信息来源.*|\s[\u4e00-\u9fff]{2}.*|\s\d{1,2}\s*[.、．].*|"
    r"(?<=[A-Za-z0-9-]{4})[、;；]\s*[A-Za-z]{2}[A-Za-z0-9\-]{6,}.*|[（(]\s*(?:招标|采购|项目|磋商|谈判|询价)?"
    r"(?:文件|项目)?编号\s*[:：].*|[；;，,。]\s*.*|\s+(?:项目名称|采购方式|二、).*)$"
)
# Places for electronic seals that a portal leaves in its text.
_STAMP = re.compile(r"&&&[^&\n]{1,20}&&&")
_TITLE_NUMBER = re.compile(
    r"(?:项目编号|采购编号|招标编号|编号|采购项目编号|招标文件编号)\s*[:：]\s*"
    r"([A-Za-z0-9\u4e00-\u9fff（）()〔〕\[\]【】/_.\-—－ ]{4,60}?)(?=[）)】\]，,；;\s]*(?:的|竞争|公开|第|单一"
    r"|询价|中标|成交|结果|更正|招标|采购|磋商|[）)】\]]|$))"
)
# 某某项目（招标编号：CG2025001）的评标工作已完成: a number told in a sentence, in brackets behind the project's name.
_BRACKETED_NUMBER = re.compile(
    rf"[（(]\s*(?:{'|'.join(map(re.escape, sorted(_NUMBER_LABELS, key=len, reverse=True)))})\s*(?:为\s*)?[:：]\s*"
    r"(?P<number>[^\n\t:：，,；;。]{3,64})"
)
_TITLE_TAIL = re.compile(
    r"(?:[_—\-·\s]*(?:公开招标|竞争性磋商|竞争性谈判|邀请招标|单一来源(?:采购)?|询价(?:采购)?|公开询比|询比|比选"
    r"|直接采购|政府采购|网上竞价|框架协议|电子化|招标|磋商|谈判)?(?:第?[一二三四五六七八九十0-9]+次)?"
    r"(?:的)?(?:中标（成交）|中标\(成交\)|中标、成交|中标|成交|中选|候选人|中标候选人|中选候选人|成交候选人|采购"
    r"|招标|评标|定标|磋商|比选|入围|更正|变更|终止|废标|流标|合同|澄清|延期|需求|意向|单一来源|资格预审)*"
    r"(?:结果)?(?:更正|变更|作废|无效|撤销|取消|失败)?"
    r"(?:公告|公示|通知|公示公告|信息公告)(?:[（(][^（）()]{1,12}[)）])?\s*(?:\.{3}|…)?)+\s*$"
)


def _clean(value: str) -> str:
    return join_cjk(_STAMP.sub("", value)).strip(" :：，,。；;、|")


def _organisation(raw: str) -> str | None:
    end = _NAME_END.search(raw)
    name = _PERSON.sub("", raw[: end.start()] if end and end.start() > 1 else raw)
    name = _clean(re.sub(r"[（(]\s*[)）]", "", name))
    if len(name) < 2 or len(name) > 70 or _NO_ORGANISATION.fullmatch(name) or role_of(name) != "other":
        return None
    return name


def _first_organisation(candidates: Iterable[str]) -> Found | None:
    for raw in candidates:
        name = _organisation(raw)
        if name:
            return Found(name, _words(raw, name))
    return None


def _words(raw: str, value: str) -> str:
    """The stretch of ``raw`` that gave ``value``: the value itself where it stands there unchanged."""
    return value if value in raw else raw.strip()


def buyer(body: str) -> Found | None:
    """The buying organisation, as the contact part names it, else as the head table or a label does."""

    def candidates() -> Iterable[str]:
        yield from (hit.value.split("/")[0] for hit in find(body, *_PAIRS))
        yield from (match["name"] for match in _BUYER_PART.finditer(body))
        yield from (hit.value for hit in find(body, *_BUYER_LABELS, below=True))
        yield from (match.group(1) for match in re.finditer(r"受\s*([^\s，,。]{4,40}?)\s*(?:的)?委托", body[:3000]))

    return _first_organisation(candidates())


def buyer_of_title(title: str | None, name: str | None) -> Found | None:
    """The buyer whose name a title puts before the project's own: 某市教育局 | 考点巡查系统设备采购项目 | 成交公告.

    For a notice that names its buyer nowhere else; None where the words before the name are no organisation's.
    """
    before, found, _ = (title or "").partition(name or "\n")
    value = re.sub(r"^.{4,40}?(?:公司|中心)关于(?=.{4,})", "", before).strip(" :：—-_[]【】")
    return Found(value, value) if found and 4 <= len(value) <= 40 and ends_like_party(value) else None


def agency(body: str) -> Found | None:
    """The agency that ran the procedure."""

    def candidates() -> Iterable[str]:
        yield from (hit.value.split("/")[1] for hit in find(body, *_PAIRS) if "/" in hit.value)
        yield from (match["name"] for match in _AGENCY_PART.finditer(body))
        yield from (hit.value for hit in find(body, *_AGENCY_LABELS, below=True))

    return _first_organisation(candidates())


def project_number(title: str | None, body: str, parts: Sequence[Section]) -> Found | None:
    """The project's number as written, without the number of its tender document in brackets behind it."""

    def candidates() -> Iterable[str]:
        for part in parts:
            if re.fullmatch(r"(?:采购|招标)?项目(?:编号|号|编码)(?:（[^）]*）|\([^)]*\))?", part.heading):
                yield part.text.strip().split("\n", 1)[0]
        for label in _NUMBER_LABELS:
            yield from (hit.value for hit in find(body, label, below=True))
        yield from (match.group(1) for match in _TITLE_NUMBER.finditer(title or ""))
        yield from (match["number"] for match in _BRACKETED_NUMBER.finditer(body[:3000]))

    for raw in candidates():
        value = _closed(_NUMBER_TAIL.sub("", squeeze(raw))).strip(" :：，,。；;、")
        if (
            3 <= len(value) <= 64
            and re.search(r"\d|^[A-Z]{8,}$", value)
            and not re.search(r"[：:]|\d年\d{1,2}月|^\d{1,2}$", value)
        ):
            return Found(value, _words(raw, value))
    return None


def _closed(text: str) -> str:
    """The text up to a closing bracket that was opened before it: CG2025001）的评标工作 → CG2025001."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "（(") - (character in ")）")
        if depth < 0:
            return text[:index]
    return text


def project_name(title: str | None, body: str, parts: Sequence[Section]) -> Found | None:
    """The project's name; where none is stated, the title without the words that say what is announced."""
    whole = project_of_title(title or "")

    def candidates() -> Iterable[str]:
        for part in parts:
            if re.fullmatch(r"(?:采购|招标)?(?:项目|工程)名称", part.heading):
                yield part.text.strip().split("\n", 1)[0]
        for label in _NAME_LABELS:
            yield from (hit.value for hit in find(body, label, below=True))

    for raw in candidates():
        value = _clean(raw)
        value = _TITLE_TAIL.sub("", value) if re.search(r"公告|公示", value[-12:]) else value
        if 4 <= len(value) <= 200 and role_of(value) == "other" and not re.search(r"^(?:详见|见附件|无$)", value):
            # A name broken over lines goes on in the title.
            return Found(whole, title) if title and _broken_off(body, value, whole) else Found(value, _words(raw, value))
    if title:
        value = whole
        return Found(value, title) if len(value) >= 4 else None
    return None


def _broken_off(body: str, value: str, whole: str) -> bool:
    """Whether the line that gave ``value`` ends in the middle of the name that the title gives whole."""
    rest = whole[len(value) : len(value) + 4]
    return whole.startswith(value) and len(rest) >= 2 and f"{value}\n{rest}" in body


def project_of_title(title: str) -> str:
    """What is bought, from a notice's title.

    >>> project_of_title("某代理有限公司关于某局智能体平台项目(项目编号：X-1)的竞争性磋商成交结果公告")
    '某局智能体平台项目'
    """
    text = squeeze(title).rstrip(".… ")
    text = re.sub(r"^.{4,40}?(?:公司|中心|局|院)关于(?=.{6,})", "", text)
    text = _TITLE_TAIL.sub("", text)
    text = re.sub(r"[（(\[【]\s*(?:项目|采购|招标)?(?:项目)?编号\s*[:：][^）)\]】]*[)）\]】]?.*$", "", text)
    return text.strip("_-—·，,。 的")


def published(body: str, title_block: str) -> Found | None:
    """The day of publication as the page states it: its head table, else its own stamp, else its last date line."""
    for label in (
        "公告时间",
        "发布时间",
        "发布日期",
        "公告日期",
        "公示时间",
        "发布公告时间",
        "公告发布时间",
        "中标公告发布时间",
        "公示发布时间",
        "更正日期",
    ):
        hit = first(body, label)
        day = read_date(hit.value) if hit else None
        if hit and day:
            return Found(day.isoformat(), hit.value)
    stamp = re.search(r"20\d{2}\s*[年/-]\s*\d{1,2}\s*[月/-]\s*\d{1,2}\s*日?\s*\d{1,2}:\d{2}", title_block)
    day = read_date(stamp.group()) if stamp else None
    if stamp and day:
        return Found(day.isoformat(), stamp.group())
    for line in reversed(body.split("\n")[-8:]):
        if len(line) <= 24 and re.fullmatch(r"\D{0,6}20\d{2}\s*[年/-]\s*\d{1,2}\s*[月/-]\s*\d{1,2}\s*日?\s*", line.strip()):
            day = read_date(line)
            if day:
                return Found(day.isoformat(), line.strip())
    return None


def as_date(found: Found | None) -> date | None:
    """The calendar date of a found day."""
    return date.fromisoformat(found.value) if found else None


def labelled(body: str, *labels: str) -> Found | None:
    """The first labelled value, cleaned."""
    hit = first(body, *labels)
    return Found(_clean(hit.value), hit.value) if hit and _clean(hit.value) else None


def buyer_address(body: str) -> Found | None:
    """The buyer's own address; an agency's or a supplier's is never taken."""
    match = re.search(
        r"采\s*购\s*人\s*(?:信\s*息|基本信息|联系方式)?[^\n]{0,8}\n?\s*(?:单位)?名\s*称\s*[:：][^\n]*?(?:\n"
        r"|\s)\s*地\s*址\s*[:：]\s*(?P<address>[^\n\t]{3,80})",
        body,
    )
    if match:
        value = _clean(re.split(r"\s*(?:联系方式|联系人|电话)\s*[:：]", match["address"])[0])
        return Found(value, _words(match["address"], value)) if value else None
    return labelled(body, "采购单位地址", "采购人地址", "招标人地址")
