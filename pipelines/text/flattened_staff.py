"""Names of staff in the rows of tables that lost their markup: heads and cells follow each other in one line."""

from __future__ import annotations

import re

from pipelines.lexicon import forms

_PROVINCE = forms.pattern("province_sign")
_FAMILY = rf"(?!{forms.pattern('no_given_name')}){forms.pattern('family_name')}"
# What such a row shows: the certificate of a builder (豫241161600389), or the head of a column of names.
_CERTIFICATE = rf"{_PROVINCE}[A-Z]?\d{{9}}"
_NAME_HEAD = re.compile(r"姓名[ 　]")
# 章某某 设计负责人; 章某某 一级注册建筑师; 章某某 职称证
_POST_OR_PAPER = rf"[ 　]{{1,3}}{forms.pattern('staff_post', 'staff_paper')}(?![\u4e00-\u9fff]{{0,4}}(?:公司|[:：]))"
FLATTENED_STAFF = re.compile(rf"{_CERTIFICATE}|{_NAME_HEAD.pattern}|{_POST_OR_PAPER}")
_CERTIFIED = re.compile(
    # 章某某 豫241161600389
    rf"(?<![\u4e00-\u9fff]){_FAMILY}[\u4e00-\u9fff]{{1,2}}(?=[ 　]{{1,3}}{_CERTIFICATE}|{_POST_OR_PAPER})"
    # 验收章某某建筑工程【豫241161600389】
    rf"|{_FAMILY}[\u4e00-\u9fff]{{1,2}}(?={forms.pattern('builders_field')}(?:工程)?[【（(]{_CERTIFICATE})"
)
# In a row with such a head: 三年 章某某 61
_BETWEEN_CELLS = re.compile(rf"(?<=[ 　]){_FAMILY}[\u4e00-\u9fff]{{2}}(?=[ 　]\d)")


def without_flattened_staff(line: str) -> str:
    """Return the line without names before a builder's certificate, and without names in a row with a head for them."""
    line = _CERTIFIED.sub("", line)
    return _BETWEEN_CELLS.sub("", line) if _NAME_HEAD.search(line) else line
