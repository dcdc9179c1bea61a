"""A notice as a document: page chrome gone, contact persons gone, tables as rows, sections found.

A page's markup and its bare text come to the same lines, as far as the text still shows where cells ended:
rows are lines with tab-parted cells, everything else is one block a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.text.characters import compact, fold, squeeze

_NUMERALS = "一二三四五六七八九十"
_HEADING = re.compile(rf"(?:(?<=\n)|^|(?<=[ \t。；;]))[ #*]*(?P<number>[{_NUMERALS}]{{1,3}})\s*[、．.]\s*(?=\S)")
# Lines of the site around the notice: everything up to the bread crumb, everything from the site's own foot.
_CHROME_FOOT = re.compile(r"\n[# \t]*(?:相关公告\s*\n|主办单位[:：]\s*中华人民共和国财政部|网站标识码[:：]|©\s*\d{4})")
_BREADCRUMB = re.compile(r"当前位置\s*[:：][^\n]*(?:\n[^\n]{0,40}»[^\n]*)*")
_SHELL = re.compile(r"\n(?:分享到[:：]|用微信[“\"]扫一扫|网站地图\|)")
_SUMMARY_LABELS = (
    "采购项目名称 品目 采购单位地址 采购单位联系方式 采购单位 行政区域 公告时间 本项目招标公告日期 中标日期 "
    "成交日期 首次公告日期 更正日期 更正事项 评审专家名单 总中标金额 总成交金额 "
    "获取招标文件时间 获取采购文件时间 招标文件售价 开标时间 开标地点 预算金额 项目联系人 项目联系电话 "
    "代理机构名称 代理机构地址 代理机构联系方式 中标供应商 附件"
).split()
_SUMMARY_LABEL = re.compile(
    r"(?:公告信息\s*[:：])|(?:联系人及联系方式\s*[:：])|"
    + "|".join(f"(?P<l{i}>{label})" for i, label in enumerate(_SUMMARY_LABELS))
)
_PIPE_RULE = re.compile(r"^\|?[\s:|-]+\|?$")
_OPEN = re.compile(r"[（(][^（）()]*$")
_CLOSE = re.compile(r"[^（）()]{0,40}[)）]")
_LONGEST_BRACKET = 40
_WIDE = re.compile(r" {2,}")


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered part (一、…) of a notice. ``heading`` is its title, ``text`` all that follows it, to the next heading."""

    heading: str
    text: str


def from_text(text: str) -> str:
    """The lines of a page whose markup was not kept: chrome cut, flattened tables parted where their borders still show."""
    page = "\n".join(line for line in fold(text).split("\n") if line.strip())
    crumb = _BREADCRUMB.search(page)
    if crumb:
        page = page[crumb.end() :]
    foot = _CHROME_FOOT.search(page) or _SHELL.search(page)
    if foot:
        page = page[: foot.start()]
    page = _unglue_summary(page)
    return "\n".join(_closed([line for raw in page.split("\n") for line in _rows(raw)]))


def from_lines(text: str) -> str:
    """The same for text that came out of markup: its rows are rows already, only the chrome goes."""
    crumb = _BREADCRUMB.search(text)
    page = text[crumb.end() :] if crumb else text
    foot = _CHROME_FOOT.search(page) or _SHELL.search(page)
    return (page[: foot.start()] if foot else page).strip("\n")


def _unglue_summary(page: str) -> str:
    """The table 公告概要, whose cells run together in a page's text, as rows of label and value."""
    start = re.search(r"公告概要\s*[:：]", page)
    if not start:
        return page
    # The table ends where the first numbered section, or a line that names no label, begins.
    end = re.compile(rf"\n\s*#*\s*(?:[{_NUMERALS}]{{1,3}}\s*[、．.]|项目概况|受\S{{4,}}委托)").search(page, start.end())
    stop = end.start() if end else min(len(page), start.end() + 4000)
    table = page[start.end() : stop]
    labels = [(m.start(), m.end(), m.group()) for m in _SUMMARY_LABEL.finditer(table)]
    if len(labels) < 4:
        return page
    rows = []
    for (_, value_start, label), following in zip(labels, [*labels[1:], (len(table), 0, "")], strict=True):
        value = squeeze(table[value_start : following[0]]).lstrip(":： ")
        if label.endswith((":", "：")):
            continue
        rows.append(f"{label}\t{value}")
    return page[: start.end()] + "\n" + "\n".join(rows) + page[stop:]


def _rows(raw: str) -> list[str]:
    line = raw.strip(" ")
    if not line.strip("\t #-*"):
        return []
    if line.startswith("|"):
        if _PIPE_RULE.match(line):
            return []
        return ["\t".join(squeeze(cell) for cell in line.strip("|").split("|"))]
    if "\t" in line:
        return ["\t".join(squeeze(cell) for cell in line.split("\t"))]
    if line.startswith("序号") and len(_WIDE.findall(line)) >= 6:
        return _wide_table([token for token in _WIDE.split(line) if token])
    return [squeeze(re.sub(r"^[#\s]*(?:- )?", "", line))]


def _closed(lines: list[str]) -> list[str]:
    """A bracket that is open where a line ends, and closed first thing on the next, was broken by the page's width."""
    told: list[str] = []
    for line in lines:
        if told and "\t" not in told[-1] + line and _OPEN.search(told[-1][-_LONGEST_BRACKET:]) and _CLOSE.match(line):
            told[-1] += line
        else:
            told.append(line)
    return told


def _wide_table(tokens: list[str]) -> list[str]:
    """A whole table on one line, its cells parted by wide gaps; each row begins with its number."""
    rows: list[list[str]] = []
    width, number = 0, 0
    for token in tokens:
        if token == "序号":  # noqa: S105 -- a table head
            rows.append([])
        elif token == str(number + 1) and rows and (len(rows[-1]) >= 3):
            width = max(width, len(rows[-1]) if rows[-1][0] == "序号" else 0)
            number += 1
            rows.append([])
        if rows:
            rows[-1].append(token)
    return ["\t".join(row) for row in rows]


def sections(body: str) -> list[Section]:
    """The numbered parts of a notice in order, preceded by what stands before the first one (heading ``""``).

    A numeral inside a line counts only where it is the next in order, so that 第一、第二 in a sentence cuts nothing.
    """
    cuts: list[tuple[int, int]] = []
    expected = 1
    for match in _HEADING.finditer(body):
        number = _numeral(match.group("number"))
        at_line_start = match.start() == 0 or body[match.start() - 1] == "\n"
        if number == expected or (at_line_start and number):
            cuts.append((match.start(), match.end()))
            expected = number + 1
    parts = [Section("", body[: cuts[0][0]] if cuts else body)]
    for index, (_, content) in enumerate(cuts):
        stop = cuts[index + 1][0] if index + 1 < len(cuts) else len(body)
        head, separator, rest = _split_heading(body[content:stop])
        parts.append(Section(compact(head), (rest if separator else "").strip(" ")))
    return parts


def _split_heading(text: str) -> tuple[str, str, str]:
    """A heading ends at its colon, its line's end or, as whole notices may stand on one line, the first blank."""
    match = re.search(r"[:：\n\t]|(?<=\S{4}) ", text)
    if not match:
        return text, "", ""
    if match.start() > 40:
        return text[:40], " ", text
    return text[: match.start()], match.group(), text[match.end() :]


def _numeral(text: str) -> int:
    if text == "十":
        return 10
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMERALS.index(text) + 1 if len(text) == 1 else 0
    return (_NUMERALS.index(tens) + 1 if tens else 1) * 10 + (_NUMERALS.index(ones) + 1 if ones else 0)
