"""A sparse search finds what the expression alone finds."""

from __future__ import annotations

import random
import re

import pytest

from pipelines.lexicon import forms
from pipelines.text import document, labelled_values, privacy
from pipelines.text.sparse_search import SparseSearch

_PIECES = (
    *"一、|二、|十一、|1.|2、|（1）|3）|① |● |# |原公告的|原|【|】|：|: |\t|\n|\n\n| |  |，|；|。|、|（|）".split("|"),
    *"中标人|中标供应商名称|名 称|项目编号|采购项目名称|成交金额（元）|第一名|候选人|评审专家名单|联 系 人|联系电话".split(
        "|"
    ),
    *"项目经理|手 机|E-mail|人员姓名|采购单位|甲软件有限公司|100万元|2025-07-01|无|13800000000|金额".split("|"),
)
_SEARCHES = {
    "contacts": privacy._CONTACTS,
    "experts": privacy._LISTS_OF_EXPERTS,
    "headings": document._HEADINGS,
    **{
        name: labelled_values._search(forms.labels(name), spaced)
        for name, spaced in (("winner_label", True), ("price_label", False), ("buyer_label", False))
    },
}


@pytest.mark.parametrize("search", _SEARCHES.values(), ids=_SEARCHES.keys())
def test_signs_lead_to_every_match(search: SparseSearch) -> None:
    chance = random.Random(7)
    found = 0
    for _ in range(200):
        text = "".join(chance.choices(_PIECES, k=60))
        expected = [(match.start(), match.end()) for match in search.expression.finditer(text)]
        assert [(match.start(), match.end()) for match in search.matches(text)] == expected
        found += len(expected)
    assert found >= 5


def test_replacing_gives_what_the_expression_alone_gives() -> None:
    search = SparseSearch(re.compile(r"[ab]*c"), re.compile("c"), before=lambda character: character in "ab", reach=3)
    assert search.sub(lambda match: match.group().upper(), "xabcxbbcc d") == "xABCxBBCC d"
    assert search.sub(lambda match: "", "no such letter") == "no suh letter"
