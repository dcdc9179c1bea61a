"""Lists of people, one cell on each line: the jury of an award, the staff that a bidder offers, with their papers.

Pages whose tables lost their markup have them: 评标委员会成员名单, 姓名, 单位, a name, a slash, the next name.
"""

from __future__ import annotations

import re

from pipelines.lexicon import forms

_PERSON = rf"(?!{forms.pattern('no_given_name')}){forms.pattern('family_name')}[\u4e00-\u9fff]{{1,2}}"
_PERSON_LINE = re.compile(_PERSON)
# 评标委员会（某省评标专家）成员名单, 评审专家抽取名单
_LIST_HEADING = re.compile(
    rf"[^\n]{{0,12}}{forms.pattern('jury_body')}(?:[（(][^（）()\n]{{1,16}}[)）])?[\u4e00-\u9fff]{{0,6}}名单\s?[:：]?"
)
_LONGEST_HEADING = 40
_LONGEST_PERSON = 2 + max(map(len, forms.words("family_name")))
# What else such a list has: heads, numbers, and / for what is not given.
_OTHER_CELL = re.compile(rf"{forms.pattern('list_head')}|\d{{1,2}}|[/\-—、]|")
_ANY_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_EMPTY_CELL = re.compile(r"[/\-—]")
# What follows a name of the staff: 一级注册建造师, 职称证, 京1112020202012345, 电话：
_AFTER_PERSON = re.compile(
    rf"[\u4e00-\u9fff]{{0,8}}{forms.pattern('paper_of_staff')}|{forms.pattern('staff_post')}$|[\u4e00-\u9fff]?[A-Z]{{0,2}}\d{{9,}}$|(?:联系)?电话\s?[:：]?|手机\s?[:：]?"
)
# What precedes the head of a project in a list of past contracts: 188973388.80
_BEFORE_PERSON = re.compile(r"\d{6,12}\.\d{2}")
_STAFF_HEADING = re.compile(rf"{forms.pattern('staff_heading')}\s?[:：]?")
_STAFF_POST = re.compile(forms.pattern("staff_post"))
# The heading of the past contracts of a person: 第三中标候选人项目负责人类似业绩
_PAST_CONTRACTS = re.compile(r"[^\n]{0,24}类似业绩")
_FULL_NAME = 3  # characters; a shorter word after a sum is rather what it buys
_PERSONS_LINE = re.compile(rf"{_PERSON}(?:、{_PERSON}){{1,3}}")
_LONGEST_PERSONS = 20
# A label of one who is asked, whose name is on the next line, before the next label.
_ASKED = re.compile(r"(?:[\u4e00-\u9fff]{0,4}联系人|经办人)[:：]")


def without_listed_persons(lines: list[str]) -> list[str]:
    """Empty the lines that name a member of a jury or of the staff."""
    in_list = False
    for at, line in enumerate(lines):
        if "名单" in line and len(line) <= _LONGEST_HEADING and _LIST_HEADING.fullmatch(line):
            in_list = True
            continue
        previous = lines[at - 1] if at else ""
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if in_list:
            is_name = _PERSON_LINE.fullmatch(line) or (_ANY_NAME.fullmatch(line) and _EMPTY_CELL.fullmatch(following))
            in_list = bool(is_name or _OTHER_CELL.fullmatch(line))
            if is_name:
                lines[at] = ""
        elif len(line) <= _LONGEST_PERSON and _is_of_staff(line, previous, following):
            lines[at] = ""
        elif "、" in line and len(line) <= _LONGEST_PERSONS and _BEFORE_PERSON.fullmatch(previous):
            lines[at] = "" if _PERSONS_LINE.fullmatch(line) else line
    return lines


def _is_of_staff(line: str, previous: str, following: str) -> bool:
    """Return whether a line is the name of somebody in a bidder's staff, as the lines around it show."""
    if _STAFF_HEADING.fullmatch(previous) and _STAFF_POST.fullmatch(following):
        return _ANY_NAME.fullmatch(line) is not None and not _STAFF_POST.fullmatch(line)
    if previous.endswith((":", "：")) and following.endswith((":", "：")) and _ASKED.fullmatch(previous):
        return _ANY_NAME.fullmatch(line) is not None
    if not _PERSON_LINE.fullmatch(line):
        return False
    if _AFTER_PERSON.match(following):
        return True
    after_sum = _BEFORE_PERSON.fullmatch(previous)
    return after_sum is not None and (len(line) == _FULL_NAME or _PAST_CONTRACTS.match(following) is not None)
