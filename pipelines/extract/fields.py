"""The single-valued fields of a notice: its project's number and name, its day. Each comes with the words it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from pipelines.lexicon import forms
from pipelines.text.characters import squeeze
from pipelines.text.column_roles import role_of
from pipelines.text.dates import read_date
from pipelines.text.document import Section
from pipelines.text.evidence import FieldValue, clean, words_of
from pipelines.text.labelled_values import find, first

_NUMBER_LABELS = forms.words("project_number_label")
_NAME_LABELS = forms.words("project_name_label")
_DAY_LABELS = forms.words("published_on_label")
# What runs on behind a number: its tender document's number, the next label, a sentence, a second number.
_NUMBER_TAIL = re.compile(
    r"\s*(?:信息来源.*|\s[\u4e00-\u9fff]{2}.*|\s\d{1,2}\s*[.、．].*|"
    r"(?<=[A-Za-z0-9-]{4})[、;；]\s*[A-Za-z]{2}[A-Za-z0-9\-]{6,}.*|[（(]\s*(?:招标|采购|项目|磋商|谈判|询价)?"
    r"(?:文件|项目)?编号\s*[:：].*|[；;，,。]\s*.*|\s+(?:项目名称|采购方式|二、).*)$"
)
_TITLE_NUMBER = re.compile(
    r"(?:项目编号|采购编号|招标编号|编号|采购项目编号|招标文件编号)\s*[:：]\s*"
    r"([A-Za-z0-9\u4e00-\u9fff（）()〔〕\[\]【】/_.\-—－ ]{4,60}?)(?=[）)】\]，,；;\s]*(?:的|竞争|公开|第|单一"
    r"|询价|中标|成交|结果|更正|招标|采购|磋商|[）)】\]]|$))"
)
# 某某项目（招标编号：CG2025001）的评标工作已完成: a number told in a sentence, in brackets behind the project's name.
_BRACKETED_NUMBER = re.compile(
    rf"[（(]\s*(?:{forms.pattern('project_number_label')})\s*(?:为\s*)?[:：]\s*"
    r"(?P<number>[^\n\t:：，,；;。]{3,64})"
)
_TITLE_TAIL = re.compile(
    r"(?:[_—\-·\s]*(?:公开招标|竞争性磋商|竞争性谈判|邀请招标|单一来源(?:采购)?|询价(?:采购)?|公开询比|询比|比选"
    r"|直接采购|政府采购|网上竞价|框架协议|电子化|招标|磋商|谈判)?(?:第?[一二三四五六七八九十0-9]+次)?"
    r"(?:(?:推荐)?的)?(?:中标（成交）|中标\(成交\)|中标、成交|中标|成交|中选|候选人|中标候选人|中选候选人|成交候选人|采购"
    r"|招标|评标|定标|磋商|比选|入围|更正|变更|终止|废标|流标|合同|澄清|延期|需求|意向|单一来源|资格预审)*"
    r"(?:结果)?(?:更正|变更|作废|无效|撤销|取消|失败)?"
    r"(?:公告|公示|通知|公示公告|信息公告)(?:\d{1,8}|[（(][^（）()]{1,12}[)）])?\s*(?:\.{3}|…)?)+\s*$"
)


def project_number(title: str | None, body: str, parts: Sequence[Section]) -> FieldValue | None:
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
            return FieldValue(value, words_of(raw, value))
    return None


def _closed(text: str) -> str:
    """The text up to a closing bracket that was opened before it: CG2025001）的评标工作 → CG2025001."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "（(") - (character in ")）")
        if depth < 0:
            return text[:index]
    return text


def project_name(title: str | None, body: str, parts: Sequence[Section]) -> FieldValue | None:
    """The project's name; where none is stated, the title without the words that say what is announced."""
    whole = project_of_title(title or "")

    def candidates() -> Iterable[str]:
        for part in parts:
            if re.fullmatch(r"(?:采购|招标)?(?:项目|工程)名称", part.heading):
                yield part.text.strip().split("\n", 1)[0]
        for label in _NAME_LABELS:
            yield from (hit.value for hit in find(body, label, below=True))

    for raw in candidates():
        value = clean(raw)
        value = _TITLE_TAIL.sub("", value) if re.search(r"公告|公示", value[-12:]) else value
        if 4 <= len(value) <= 200 and role_of(value) == "other" and not re.search(r"^(?:详见|见附件|无$)", value):
            # A name broken over lines goes on in the title.
            return (
                FieldValue(whole, title)
                if title and _broken_off(body, value, whole)
                else FieldValue(value, words_of(raw, value))
            )
    if title:
        value = whole
        return FieldValue(value, title) if len(value) >= 4 else None
    return None


def _broken_off(body: str, value: str, whole: str) -> bool:
    """Whether the line that gave ``value`` ends in the middle of the name that the title gives whole."""
    rest = whole[len(value) : len(value) + 4]
    return whole.startswith(value) and len(rest) >= 2 and f"{value}\n{rest}" in body


_PURCHASE = re.compile(r"(?:公开招标|邀请招标|竞争性谈判|询价|集中|框架|单一来源)?采购")
_ROUND = re.compile(r"第[一二三四五六七八九十\d]{1,3}[次批](?:[^，。]{0,6})?$")


def project_of_title(title: str) -> str:
    """What is bought, from a notice's title.

    >>> project_of_title("某代理有限公司关于某局智能体平台项目(项目编号：X-1)的竞争性磋商成交结果公告")
    '某局智能体平台项目'
    """
    text = squeeze(title).rstrip(".… ")
    text = re.sub(r"^.{4,40}?(?:公司|中心|局|院)关于(?=.{6,})", "", text)
    whole = text
    text = re.sub(r"(?<=项目|采购|服务|工程)(?:采购)?合同$", "", _TITLE_TAIL.sub("", text))
    # 某公司2026年第一次公开招标采购: what a round is a round of belongs to the name.
    purchase = _PURCHASE.match(whole, len(text)) if _ROUND.search(text) else None
    text += purchase.group() if purchase else ""
    text = re.sub(r"[（(\[【]\s*(?:项目|采购|招标)?(?:项目)?编号\s*[:：][^）)\]】]*[)）\]】]?.*$", "", text)
    return text.strip("_-—·，,。 的")


def published(body: str, title_block: str) -> FieldValue | None:
    """The day of publication as the page states it: its head table, else its own stamp, else its last date line."""
    for label in _DAY_LABELS:
        hit = first(body, label)
        day = read_date(hit.value) if hit else None
        if hit and day:
            return FieldValue(day.isoformat(), hit.value)
    stamp = re.search(r"20\d{2}\s*[年/-]\s*\d{1,2}\s*[月/-]\s*\d{1,2}\s*日?\s*\d{1,2}:\d{2}", title_block)
    day = read_date(stamp.group()) if stamp else None
    if stamp and day:
        return FieldValue(day.isoformat(), stamp.group())
    for line in reversed(body.split("\n")[-8:]):
        if len(line) <= 24 and re.fullmatch(
            r"\D{0,6}20\d{2}\s*[年/-]\s*\d{1,2}\s*[月/-]\s*\d{1,2}\s*日?\s*", line.strip()
        ):
            day = read_date(line)
            if day:
                return FieldValue(day.isoformat(), line.strip())
    return None


def as_date(found: FieldValue | None) -> date | None:
    """The calendar date of a found day."""
    return date.fromisoformat(found.value) if found else None
