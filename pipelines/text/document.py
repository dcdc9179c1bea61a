"""The lines and sections of a notice, without what the site prints around it.

A page's markup and its bare text come to the same lines, as far as the text still shows the ends of cells:
a row is a line of cells with tabs between them, everything else is one block per line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.lexicon import forms
from pipelines.text.characters import compact, fold, squeeze
from pipelines.text.sparse_search import SparseSearch

_NUMERALS = "一二三四五六七八九十"
# 三、 at the beginning of a line, after a blank or after the end of a sentence: 二、项目名称：某平台 三、中标信息.
_HEADING = re.compile(
    rf"(?:(?<=[\n\t。；;])|^|(?<= )(?! ))[ #*]{{0,40}}+(?P<number>[{_NUMERALS}]{{1,3}})\s*+[、．.]\s*+(?=\S)"
)
_HEADINGS = SparseSearch(
    _HEADING,
    sign=re.compile(rf"[{_NUMERALS}]{{1,3}}\s*+[、．.]\s*+(?=\S)"),
    before=lambda character: character in " #*",
    reach=40,
)
_LONGEST_HEADING = 40
# A sentence or the rest of a line, and where it ends.
SENTENCE = re.compile(r"[^。；;\n]+")
SENTENCE_END = re.compile(r"[。；;\n]")
# 当前位置：首页 » 政采公告 » 中央公告, also over several lines. The notice begins after it.
_BREADCRUMB = re.compile(r"当前位置\s*[:：][^\n]*(?:\n[^\n]{0,40}»[^\n]*)*")
# The first line of the site's own foot on CCGP: 相关公告, 主办单位：中华人民共和国财政部, 网站标识码：, © 1999.
_FOOT = re.compile(r"\n[# \t]*(?:相关公告\s*\n|主办单位[:：]\s*中华人民共和国财政部|网站标识码[:：]|©\s*\d{4})")
# The same on other sites: 分享到： · 用微信“扫一扫” · 网站地图|联系我们.
_OTHER_FOOT = re.compile(r"\n(?:分享到[:：]|用微信[“\"]扫一扫|网站地图\|)")

# The head table 公告概要 of CCGP has two titles between its labels: 公告信息： and 联系人及联系方式：.
_SUMMARY = re.compile(r"公告概要\s*[:：]")
_SUMMARY_LABEL = re.compile(rf"(?:公告信息\s*[:：])|(?:联系人及联系方式\s*[:：])|{forms.pattern('summary_label')}")
# It ends before 一、, 项目概况 or 受某市教育局委托.
_AFTER_SUMMARY = re.compile(rf"\n[^\S\n]*+(?:#++\s*+)?(?:[{_NUMERALS}]{{1,3}}\s*[、．.]|项目概况|受\S{{4,}}委托)")
_LONGEST_SUMMARY = 4_000
_FEWEST_SUMMARY_LABELS = 4

_TABLE_RULE = re.compile(r"^\|?[\s:|-]+\|?$")  # |---|:---|
_WIDE_GAP = re.compile(r" {2,}")
_FEWEST_WIDE_GAPS = 6
_OPEN_BRACKET = re.compile(r"[（(][^（）()]*$")
_CLOSED_AT_ONCE = re.compile(r"[^（）()]{0,40}[)）]")
_LONGEST_BRACKET = 40


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered part (一、…) of a notice: its title, and the text up to the next heading."""

    heading: str
    text: str


def from_text(text: str) -> str:
    """Return the lines of a page whose markup was not kept.

    What the site prints around the notice is cut off. Tables get their cells back if their borders still show.
    """
    page = "\n".join(line for line in fold(text).split("\n") if line.strip())
    page = _separate_summary(_without_site(page))
    return "\n".join(_join_broken_brackets([line for raw in page.split("\n") for line in _rows(raw)]))


def from_lines(text: str) -> str:
    """Return the lines of a page whose rows are known from its markup, without what the site prints around it."""
    return _without_site(text).strip("\n")


def sections(body: str) -> list[Section]:
    """Return the numbered parts of a notice in order. The first one, with heading ``""``, is the text before them.

    A numeral inside a line counts only if it is the next in order, so that 第一、第二 in a sentence cuts nothing.
    """
    cuts: list[tuple[int, int]] = []
    expected = 1
    for match in _HEADINGS.matches(body):
        number = _numeral(match["number"])
        at_line_start = match.start() == 0 or body[match.start() - 1] == "\n"
        if number == expected or (at_line_start and number):
            cuts.append((match.start(), match.end()))
            expected = number + 1
    parts = [Section("", body[: cuts[0][0]] if cuts else body)]
    for index, (_, content) in enumerate(cuts):
        stop = cuts[index + 1][0] if index + 1 < len(cuts) else len(body)
        heading, text = _split_heading(body[content:stop])
        parts.append(Section(compact(heading), text.strip(" ")))
    return parts


def _without_site(page: str) -> str:
    breadcrumb = _BREADCRUMB.search(page)
    if breadcrumb:
        page = page[breadcrumb.end() :]
    foot = _FOOT.search(page) or _OTHER_FOOT.search(page)
    return page[: foot.start()] if foot else page


def _separate_summary(page: str) -> str:
    """Return the page with its head table as rows of label and value. In the text of a page its cells run together."""
    title = _SUMMARY.search(page)
    if not title:
        return page
    after = _AFTER_SUMMARY.search(page, title.end())
    stop = after.start() if after else min(len(page), title.end() + _LONGEST_SUMMARY)
    table = page[title.end() : stop]
    labels = [(match.start(), match.end(), match.group()) for match in _SUMMARY_LABEL.finditer(table)]
    if len(labels) < _FEWEST_SUMMARY_LABELS:
        return page
    rows = []
    for (_, value_start, label), (value_end, _, _) in zip(labels, [*labels[1:], (len(table), 0, "")], strict=True):
        if not label.endswith((":", "：")):
            rows.append(f"{label}\t{squeeze(table[value_start:value_end]).lstrip(':： ')}")
    return page[: title.end()] + "\n" + "\n".join(rows) + page[stop:]


def _rows(raw: str) -> list[str]:
    line = raw.strip(" ")
    if not line.strip("\t #-*"):
        return []
    if line.startswith("|"):
        if _TABLE_RULE.match(line):
            return []
        return ["\t".join(squeeze(cell) for cell in line.strip("|").split("|"))]
    if "\t" in line:
        return ["\t".join(squeeze(cell) for cell in line.split("\t"))]
    if line.startswith("序号") and len(_WIDE_GAP.findall(line)) >= _FEWEST_WIDE_GAPS:
        return _rows_of_wide_line([cell for cell in _WIDE_GAP.split(line) if cell])
    return [squeeze(re.sub(r"^[#\s]*(?:- )?", "", line))]


def _join_broken_brackets(lines: list[str]) -> list[str]:
    """Join two lines where the width of a page broke the text inside a bracket."""
    joined: list[str] = []
    for line in lines:
        if (
            joined
            and "\t" not in joined[-1] + line
            and _OPEN_BRACKET.search(joined[-1][-_LONGEST_BRACKET:])
            and _CLOSED_AT_ONCE.match(line)
        ):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _rows_of_wide_line(cells: list[str]) -> list[str]:
    """Return the rows of a table on one line, with wide gaps between its cells. Each row begins with its number."""
    rows: list[list[str]] = []
    number = 0
    for cell in cells:
        if cell == "序号":
            rows.append([])
        elif cell == str(number + 1) and rows and len(rows[-1]) >= 3:
            number += 1
            rows.append([])
        if rows:
            rows[-1].append(cell)
    return ["\t".join(row) for row in rows]


def _split_heading(text: str) -> tuple[str, str]:
    """Return heading and rest. A heading ends at its colon or line end, or at the first blank if all is on one line.

    The colon in 中标结果（单位：万元） does not end it.
    """
    match = re.search(r"(?<![（(]单位)(?<!金额单位)[:：]|[\n\t]|(?<=\S{4}) ", text)
    if not match:
        return text, ""
    if match.start() > _LONGEST_HEADING:
        return text[:_LONGEST_HEADING], text
    return text[: match.start()], text[match.end() :]


def _numeral(text: str) -> int:
    """Return 一 to 九十九 as a number, 0 for what is no number (一二)."""
    if text == "十":
        return 10
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMERALS.index(text) + 1 if len(text) == 1 else 0
    return (_NUMERALS.index(tens) + 1 if tens else 1) * 10 + (_NUMERALS.index(ones) + 1 if ones else 0)
