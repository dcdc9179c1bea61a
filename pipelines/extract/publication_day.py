"""The day of publication, as a page states it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.lexicon import forms
from pipelines.text.dates import is_date_line, read_date
from pipelines.text.evidence import FieldValue
from pipelines.text.labelled_values import first

_DAY_LABELS = forms.words("published_on_label")
# A label of the day in other company than a colon: 【发布时间】2025-07-04, 发布时间 2025-07-04, 发布日期|2025-07-04
_LOOSE_DAY = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(_DAY_LABELS, key=len, reverse=True)))})"
    r"[\s】\]）)》>:：|｜]{1,6}(?P<day>(?:20\d|二[〇零○0]|1\d{9})[^\n\t]{3,40})"
)
# 2026年08月04日 17:03, 2026-08-04 17:03, 2026-08-04T17:03
_STAMP = re.compile(
    r"20\d{2}\s*[年/.－-]\s*\d{1,2}\s*[月/.－-]\s*\d{1,2}\s*[日号]?(?:\s*|T)\d{1,2}\s*(?:[:：]\s*\d{2}|[时点])"
    r"(?::\d{2})?(?:\.\d{1,9})?(?:\s?(?:Z|UTC|GMT|\+\d{2}:?\d{2}))?"
)
# A day without a time, in a line that a site prints around the title: 来源：某交易中心 2025-07-04, 2025年7月4日 发布
_DAY = re.compile(r"(?<![\d-])20\d{2}\s*[年/.－-]\s*\d{1,2}\s*[月/.－-]\s*\d{1,2}\s*[日号]?(?![\d-])")
_PAGE_LINE = re.compile(forms.pattern("page_line_word"))
_LONGEST_PAGE_LINE = 120
# The label of another day: 开标时间：, 成交日期
_OTHER_LABEL = re.compile(r"[\u4e00-\u9fff]{2}(?:时间|日期)[\s:：]{0,3}$")
_LONGEST_OTHER_LABEL = 12
# The day of an earlier notice: 首次公告日期：, 原公告发布时间：, 招标公告发布日期：
_OTHER_NOTICE = re.compile(r"(?:首次|原|招标)(?:公告|公示)?(?:的)?$")
# A short line with a day at its end, after a label or not: 日期：2026年8月4日
_DATE_LINE = re.compile(r"^[^\n\d二]{0,8}(?P<day>[\d二][^\n]{5,22})$", re.MULTILINE)
_LAST_LINES = 8
_BRACKETS = " （）()[]【】"


def read_publication_day(body: str, title_block: str) -> FieldValue | None:
    """Return the day of publication as the page states it, in ISO form.

    A labelled day comes first, then in ``title_block`` (the first lines) a time stamp or the day that the site prints
    there, then the last date line.
    """
    for words in _candidates(body, title_block):
        day = read_date(words)
        if day:
            return FieldValue(day.isoformat(), words)
    return None


def _candidates(body: str, title_block: str) -> Iterator[str]:
    for label in _DAY_LABELS:
        hit = first(body, label)
        if hit:
            yield hit.value
    for match in _LOOSE_DAY.finditer(body):
        if not _OTHER_NOTICE.search(body, max(0, match.start() - _LONGEST_OTHER_LABEL), match.start()):
            yield match["day"].strip()
    for stamp in _STAMP.finditer(title_block):
        if not _follows_other_label(title_block, stamp.start()):
            yield stamp.group().strip()
    for match in _DAY.finditer(title_block):
        line = _line_around(title_block, match.start()).strip(_BRACKETS)
        is_of_page = len(line) <= _LONGEST_PAGE_LINE and (is_date_line(line) or _PAGE_LINE.search(line))
        if is_of_page and not _follows_other_label(title_block, match.start()):
            yield match.group().strip()
    last_lines = "\n".join(body.split("\n")[-_LAST_LINES:])
    for match in reversed(list(_DATE_LINE.finditer(last_lines))):
        line = match.group().strip()
        if is_date_line(line) and not _follows_other_label(last_lines, match.start("day")):
            yield line


def _line_around(text: str, position: int) -> str:
    end = text.find("\n", position)
    return text[text.rfind("\n", 0, position) + 1 : end if end >= 0 else len(text)]


def _follows_other_label(text: str, start: int) -> bool:
    """Return whether the label of another day is right before ``start``, also on the line above."""
    return _OTHER_LABEL.search(text[max(0, start - _LONGEST_OTHER_LABEL) : start]) is not None
