"""The fields of a notice that have one value: the project's number and name.

Each value comes with the words it was read from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.lexicon import forms
from pipelines.text.characters import squeeze
from pipelines.text.column_roles import role_of
from pipelines.text.document import Section
from pipelines.text.evidence import FieldValue, clean, words_of
from pipelines.text.labelled_values import find

_NUMBER_LABELS = forms.labels("project_number_label")
_NAME_LABELS = forms.labels("project_name_label")

_NUMBER_HEADING = re.compile(
    r"原?(?:采购|招标)?项目(?:编号|号|编码)(?:（[^）]*）|\([^)]*\))?"
)  # 采购项目编号（招标编号）
_NAME_HEADING = re.compile(r"(?:采购|招标)?(?:项目|工程)名称")  # 招标项目名称, 工程名称
# What runs on after a project number X-1, with an example of each alternative.
_AFTER_NUMBER = re.compile(
    r"(?<!\s)\s*+(?:"
    r"信息来源.*"  # X-1 信息来源：某平台
    # X-1  采购方式, but not X- 服务 -1
    r"|(?<=\s)[\u4e00-\u9fff]{2}(?![\u4e00-\u9fff]{0,4}\s?[-—－]\s?[A-Za-z0-9]).*"
    r"|(?<=\s)\d{1,2}\s*+[.、．].*"  # X-1  2.项目名称
    r"|(?<=[A-Za-z0-9-]{4})[、;；]\s*[A-Za-z]{2}[A-Za-z0-9\-]{6,}.*"  # CG-2025-1、ZB2025-0001
    r"|[（(\[【][^（）()\[\]【】:：]{1,24}[:：].*"  # X-1（采购计划编号：Y-1）
    r"|(?<=[A-Za-z0-9号)）])[\u4e00-\u9fff]{2,10}\s*[:：].*"  # X-1项目名称：某项目
    r"|[；;，,。]\s*+.*"  # X-1。本项目已完成
    r"|(?<=\s)(?:项目名称|采购方式|二、).*"  # X-1 二、项目名称
    r")$"
)
# The number that the heading has in brackets too: 项目编号（采购计划编号）：X-2025-1（Y-2025-0001）
_SECOND_NUMBER = re.compile(r"(?<=[A-Za-z0-9]{4})\s*[（(](?=[^（）()]*\d{4})[A-Za-z0-9\-_/]{8,}[)）].*")
_ENCLOSED_NUMBER = re.compile(r"[\[【（(](?P<number>[^\[\]【】（）()]{4,64})[\]】）)]$")  # 【CG2025001】
_BLANK_BESIDE_WORD = re.compile(r" (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) ")  # X- 服务 -1
# 某项目（项目编号：CG2025001）中标公告, 某项目编号：CG2025001的竞争性磋商公告
_TITLE_NUMBER = re.compile(
    rf"{forms.pattern('number_label_in_title')}\s*[:：]\s*"
    r"(?P<number>[A-Za-z0-9\u4e00-\u9fff（）()〔〕\[\]【】/_.\-—－ ]{4,60}?)"
    rf"(?=[）)】\]，,；;\s]*(?:{forms.pattern('after_number_in_title')}|[）)】\]]|$))"
)
# A number in brackets after the project's name: 某某项目（招标编号：CG2025001）的评标工作已完成.
_BRACKETED_NUMBER = re.compile(
    rf"[（(]\s*{forms.pattern('project_number_label')}\s*(?:为\s*)?[:：]\s*(?P<number>[^\n\t:：，,；;。]{{3,64}})"
)
# 本项目（CG2025001）由
_NUMBER_OF_THIS = re.compile(r"[本该]项目\s*[（(](?P<number>[A-Z]{2,8}[A-Z0-9\-_/]*\d[A-Z0-9\-_/]{4,40})[)）]")
_BRACKETED_WITHIN = 3_000
_HAS_NUMBER = re.compile(r"\d|^[A-Z]{8,}$")  # CG2025001, ZBCGDLGS
_NO_NUMBER = re.compile(r"[：:]|\d年\d{1,2}月|^\d{1,2}$")  # another label, a day, the number of a row
_PLAIN_NUMBER = re.compile(r"[A-Za-z0-9\-_/]+")
# What a notice about one lot adds to the project's number: -01, /1, 包1, (第2包), 标段二, -A.
_LOT_SUFFIX = re.compile(
    r"(?<![\s\-_/（(【])[\s\-_/（(【]*+(?:(?<=[\-_/（(])(?:0?\d{1,2}|[A-Z]|00\d)"
    r"|(?:第)?[0-9一二三四五六七八九十]{1,3}\s*(?:合同|采购|标|分)?(?:包|标段|标)"
    r"|(?:(?:合同|采购|标|分)?包|标段|标)\s*[0-9A-Z一二三四五六七八九十]{1,3})[)）】]?$"
)
_SHORTEST_NUMBER, _LONGEST_NUMBER = 3, 64

# The end of a title that says what is announced: …竞争性磋商的成交结果更正公告1, …第二次招标公告（二）, …中标公告…
_TITLE_END = re.compile(
    rf"(?<![_—\-·\s])(?:[_—\-·\s]*+{forms.pattern('procedure_in_title')}?(?:第?[一二三四五六七八九十0-9]+次)?(?:(?:推荐)?的)?"
    rf"{forms.pattern('announced_in_title')}{{0,6}}(?:结果)?{forms.pattern('changed_in_title')}?"
    rf"{forms.pattern('announcement_in_title')}(?:\d{{1,8}}|[（(][^（）()]{{1,12}}[)）])?\s*+(?:\.{{3}}|…)?)+\s*+$"
)
_ANNOUNCEMENT = re.compile(r"公告|公示")
_NO_NAME = re.compile(r"^(?:详见|见附件|无$)")  # 详见附件, 见附件, 无
_SHORTEST_NAME, _LONGEST_NAME = 4, 200
_ANNOUNCER = re.compile(r"^.{4,40}?(?:公司|中心|局|院)关于(?=.{6,})")  # 某招标代理有限公司关于某项目的…
_CONTRACT = re.compile(r"(?<=项目|采购|服务|工程)(?:采购)?合同$")  # 某设备采购项目合同
_NUMBER_BEFORE_NAME = re.compile(r"^[\[【][A-Za-z0-9\-_/]{6,40}[\]】](?=.{4})")  # [CG2025-001]某项目
_NUMBER_IN_NAME = re.compile(r"[（(\[【]\s*(?:项目|采购|招标)?(?:项目)?编号\s*[:：][^）)\]】]*[)）\]】]?.*$")
# What a round is a round of belongs to the name: 某公司2026年第一次公开招标采购.
_PURCHASE = re.compile(r"(?:公开招标|邀请招标|竞争性谈判|询价|集中|框架|单一来源)?采购")
_ROUND = re.compile(r"第[一二三四五六七八九十\d]{1,3}[次批](?:[^，。]{0,6})?$")


def read_project_number(title: str | None, body: str, parts: Sequence[Section]) -> FieldValue | None:
    """Return the project's number as written, without the number of its tender document in brackets after it."""

    def candidates() -> Iterator[str]:
        for part in parts:
            if _NUMBER_HEADING.fullmatch(part.heading):
                line = part.text.strip().split("\n", 1)[0]
                yield _SECOND_NUMBER.sub("", line) if part.heading.endswith(("）", ")")) else line
        for label in _NUMBER_LABELS:
            yield from (hit.value for hit in find(body, label, below=True))
        yield from (_whole_number(match, body) for match in _TITLE_NUMBER.finditer(title or ""))
        yield from (match["number"] for match in _BRACKETED_NUMBER.finditer(body[:_BRACKETED_WITHIN]))
        yield from (match["number"] for match in _NUMBER_OF_THIS.finditer(body[:_BRACKETED_WITHIN]))

    first: FieldValue | None = None
    for raw in candidates():
        value = _number_alone(raw)
        fits = _SHORTEST_NUMBER <= len(value) <= _LONGEST_NUMBER
        if fits and _HAS_NUMBER.search(value) and not _NO_NUMBER.search(value):
            if first is None:
                first = FieldValue(value, words_of(raw, value))
                if not _LOT_SUFFIX.search(value):
                    return first
            elif _is_number_of_lot(first.value, value):
                return FieldValue(value, words_of(raw, value))
    return first


def _number_alone(raw: str) -> str:
    """Return a number without what follows it, the brackets around it and the blanks beside Chinese words in it."""
    text = squeeze(raw)
    enclosed = _ENCLOSED_NUMBER.match(text)
    number = _AFTER_NUMBER.sub("", enclosed["number"] if enclosed else text)
    return _BLANK_BESIDE_WORD.sub("", _before_closing_bracket(number)).strip(" :：，,。；;、")


def _is_number_of_lot(number: str, project_number: str) -> bool:
    """Return whether a number is the project's own with the mark of a lot after it: ZB-2025-22-01 and ZB-2025-22."""
    suffix = number.removeprefix(project_number)
    return suffix != number and _LOT_SUFFIX.fullmatch(suffix) is not None


def _whole_number(match: re.Match[str], body: str) -> str:
    """Return a number in a title. If the title ends inside it, the body has the whole of it."""
    number = match["number"].rstrip(" .…")
    if match.end() < len(match.string.rstrip(" .…")) or not _PLAIN_NUMBER.fullmatch(number):
        return number
    longer = re.search(rf"(?<![A-Za-z0-9]){re.escape(number)}[A-Za-z0-9\-_/]{{1,40}}", body)
    return longer.group() if longer else number


def read_project_name(title: str | None, body: str, parts: Sequence[Section]) -> FieldValue | None:
    """Return the project's name. If none is given, the title without the words that say what is announced."""
    name_in_title = project_of_title(title or "")

    def candidates() -> Iterator[str]:
        for part in parts:
            if _NAME_HEADING.fullmatch(part.heading):
                yield part.text.strip().split("\n", 1)[0]
        for label in _NAME_LABELS:
            yield from (hit.value for hit in find(body, label, below=True))

    for raw in candidates():
        value = clean(raw)
        value = _TITLE_END.sub("", value) if _ANNOUNCEMENT.search(value[-12:]) else value
        fits = _SHORTEST_NAME <= len(value) <= _LONGEST_NAME
        if fits and role_of(value) == "other" and not _NO_NAME.search(value):
            if title and _is_broken_off(body, value, name_in_title):
                return FieldValue(name_in_title, title)
            return FieldValue(value, words_of(raw, value))
    return FieldValue(name_in_title, title) if title and len(name_in_title) >= _SHORTEST_NAME else None


def project_of_title(title: str) -> str:
    """Return what is bought, from a notice's title.

    >>> project_of_title("某代理有限公司关于某局智能体平台项目(项目编号：X-1)的竞争性磋商成交结果公告")
    '某局智能体平台项目'
    """
    full = _ANNOUNCER.sub("", squeeze(title).rstrip(".… "))
    name = _CONTRACT.sub("", _TITLE_END.sub("", _NUMBER_BEFORE_NAME.sub("", full)))
    purchase = _PURCHASE.match(full, full.find(name) + len(name)) if _ROUND.search(name) else None
    name += purchase.group() if purchase else ""
    return _NUMBER_IN_NAME.sub("", name).strip("_-—·，,。 的")


def _before_closing_bracket(text: str) -> str:
    """Return the text up to a closing bracket that was opened before it: CG2025001）的评标工作 gives CG2025001."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "（(") - (character in ")）")
        if depth < 0:
            return text[:index]
    return text


def _is_broken_off(body: str, value: str, name_in_title: str) -> bool:
    """Return whether the line that gave ``value`` ends in the middle of the name, which the title has in full."""
    rest = name_in_title[len(value) : len(value) + 4]
    return name_in_title.startswith(value) and len(rest) >= 2 and f"{value}\n{rest}" in body
