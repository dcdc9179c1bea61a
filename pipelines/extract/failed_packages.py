"""The packages that failed or lost their result, in titles and sentences: ``包2：智能体，中标无效，该包终止``."""

from __future__ import annotations

import re

from pipelines.extract.award_entries import Entry
from pipelines.lexicon import forms
from pipelines.text.column_roles import LOT_MARK, lot_number
from pipelines.text.document import SENTENCE

_FAILED = re.compile(rf"{forms.pattern('failing')}|不足三家")
_ALL_FAILED = re.compile(rf"(?:[本该整]个?项目|全部)[^，。；;\n]{{0,12}}{forms.pattern('failing')}")  # 本项目予以废标
_TAKEN_BACK = re.compile(rf"(?:结果|资格|{forms.pattern('won')})[^，。；;\n]{{0,6}}{forms.pattern('taken_back')}")
# The whole project, or a package that goes on: 本项目终止, 包1结果不变
_NOT_THIS_ONE = re.compile(r"[本该]项目|本次(?:采购|招标)|全部|不变|有效(?!投标|供应商|响应)|继续")
_CONDITION = re.compile(rf"{forms.pattern('condition')}|^\s*+如(?!下)")  # 如包2不足三家，则终止该包
# Between packages of one list: 包1、包3; 包1（算力服务）和包3
_LIST_GAP = re.compile(r"(?:[（(][^（()）]{1,40}[)）])?[、，,和及与\s]{0,3}")
# A cell or field in the place of a winner: 流标, 本标包废标, 采购失败
NOBODY_WON = re.compile(rf"^(?:本?{forms.pattern('package_in_cell')})?{forms.pattern('nobody_won_cell')}")
_LONGEST_TITLE, _LONGEST_SENTENCE, _MOST_SENTENCES = 300, 300, 200


def read_failed_packages(title: str | None, body: str, project_name: str | None) -> list[Entry]:
    """Return the packages that a notice about a failure is about: those in its title, or else in its sentences.

    Empty if it is about the whole project, whose own name may have such a mark (某工程第二标段).
    """
    if project_name and "标段" in project_name:
        title, body = (title or "").replace(project_name, ""), body.replace(project_name, "")
    in_title = _packages_before(_FAILED, (title or "")[:_LONGEST_TITLE])
    return _entries(in_title or _packages_in_sentences(_FAILED, body))


def read_withdrawn_packages(text: str) -> list[Entry]:
    """Return the packages whose result a correction takes back: 更正内容：包2中标结果无效."""
    return _entries(_packages_in_sentences(_TAKEN_BACK, text))


def _entries(numbers: list[int]) -> list[Entry]:
    return [Entry("", lot=number, numbered=True, failed=True) for number in dict.fromkeys(numbers)]


def _packages_in_sentences(failing: re.Pattern[str], text: str) -> list[int]:
    if not failing.search(text) or _ALL_FAILED.search(text):
        return []
    numbers: list[int] = []
    for match in list(SENTENCE.finditer(text))[:_MOST_SENTENCES]:
        sentence = match.group()
        if len(sentence) <= _LONGEST_SENTENCE and "\t" not in sentence and not _CONDITION.search(sentence):
            numbers += _packages_before(failing, sentence)
    return numbers


def _packages_before(failing: re.Pattern[str], text: str) -> list[int]:
    """Return the packages that stand last before a word of failure, without one of the whole project between them."""
    numbers: list[int] = []
    listed: list[int] = []
    end = 0
    for mark in LOT_MARK.finditer(text):
        gap = text[end : mark.start()]
        if listed and not _LIST_GAP.fullmatch(gap):
            numbers += listed if _fails(failing, gap) else []
            listed = []
        number = lot_number(mark.group())
        listed += [number] if number is not None else []
        end = mark.end()
    return numbers + (listed if _fails(failing, text[end:]) else [])


def _fails(failing: re.Pattern[str], text: str) -> bool:
    word = failing.search(text)
    return word is not None and _NOT_THIS_ONE.search(text, 0, word.start()) is None
