"""Winners on lines of their own, below a line that says what they are, with what each of them asks below its name::

入围供应商为：
甲软件有限公司；
折扣率：70%；
乙软件有限公司；
折扣率：53%；

The line above may be the heading of the part, whose text then begins with the names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from pipelines.extract.amounts import NOTHING, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.package_marks import package_of_line
from pipelines.extract.parties import is_part_of_consortium, split_parties
from pipelines.extract.party_names import clean_party, ends_like_party
from pipelines.extract.priced_names import split_priced_name
from pipelines.lexicon import forms
from pipelines.text.column_roles import LOT_MARK, lot_number, ordinal, role_of
from pipelines.text.dates import is_date_line

_LIST_MARK = re.compile(
    r"^\s*(?:\d{1,2}\s*[.、．)）]|[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][\d一二三四五六七八九十]{1,2}[)）]|[①-⑳])\s*"
)
# 入围中标单位为：, 最终成交供应商名单如下：, 中标结果：, 成交供应商, 成交供应商及下浮率：
_OPENING = re.compile(
    rf"(?P<before>[^\n:：。]{{0,40}}?){forms.pattern('won_or_selected')}{forms.pattern('and_awarded')}?"
    rf"(?:{forms.pattern('won')})?(?:{forms.pattern('party_in_column', 'trade')}|结果|信息|情况)?"
    rf"{forms.pattern('name_word')}?(?:[及和与][\u4e00-\u9fff]{{2,8}})?(?:[（(][^（）()\n]{{1,16}}[)）])?"
    r"(?P<lists>(?:公[示布告])?(?:[为是有]|(?:分别)?(?:为|公[示布告])?如下|依次为)?\s*[:：]?)"
)
# 中标候选人（排名不分先后）：, 推荐的入围候选供应商如下：
_OPENING_CANDIDATES = re.compile(
    rf"(?P<before>[^\n:：。]{{0,40}}?)(?:{forms.pattern('won_or_selected')})?候选{forms.pattern('party_in_column')}"
    rf"{forms.pattern('name_word')}?(?:[（(][^（）()\n]{{2,16}}[)）])?"
    r"(?P<lists>(?:公[示布告])?(?:[为是有]|(?:分别)?(?:为|公[示布告])?如下|依次为)?\s*[:：]?)"
)
# 下列机构入选我行律师库（排名不分先后）：
_OPENING_SENTENCE = re.compile(
    rf"[^\n:：。]{{0,60}}?(?:下列|以下|如下)[^\n:：。]{{0,20}}{forms.pattern('won_or_selected')}[^\n:：。]{{0,40}}[:：]"
)
_FIELD = re.compile(r"(?P<label>[^\s:：]{1,16}?(?:[（(][^（）()\n]{1,12}[)）])?)\s*[:：]\s*(?P<value>.+)")
# 车险公估：甲保险公估有限公司、乙保险公估有限公司 names what is won. A label of a form does not.
_NAMED_PART = re.compile(
    rf"(?P<part>(?![^:：]{{0,14}}{forms.pattern('end_of_label', 'party', 'agency_in_name')}[^:：]{{0,2}}[:：])"
    r"[\u4e00-\u9fff]{2,16})\s*[:：]\s*(?P<names>\S{6,300})"
)
_ORGANISATION_LABELS = frozenset(forms.words("buyer_label", "agency_label"))
_ENDS_LIST_ITEM = " \t；;。，,、"
# 第二名：甲公司
_PLACE = re.compile(rf"^{forms.pattern('first_five')}{forms.pattern('place_in_ranking')}\s*[:：]\s*")
_PACKAGE = re.compile(rf"(?:{LOT_MARK.pattern})\s*[-—－:：、.\s]\s*")  # 01包：甲公司
# Who comes after the winner: 第二候选人：乙公司, 备选供应商：乙公司
_RESERVE = re.compile(r"(?:第[二三四五2-5])?[\u4e00-\u9fff]{0,4}?(?:候选|备选|备用|替补|递补)[^:：]{0,8}[:：]")
_FIELD_BEGINNING = re.compile(r"^[^:：]{1,60}[:：]\s*")  # 中标供应商：甲公司


def read_listed_winners(
    text: str, *, opened: bool, others: Collection[str | None], candidates: bool = False, fewest: int = 1
) -> list[Entry]:
    """Return the winners or ``candidates`` that are listed below lines which say so. Those of one list share one lot.

    ``opened`` says that the text is below a heading about the result. ``others`` are the buyer and the agency, which
    may be on a line below the list. A shorter list than ``fewest`` is none.
    """
    lists: list[list[Entry]] = [[]]
    is_list = opened
    package: int | None = None
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        # A name above a date is a signature.
        opened_package = package_of_line(line) if is_list else None
        if opened_package is not None and _winner(line, others) is None:
            package = opened_package.number  # 包1：开发类 above the names of its winners
            continue
        place = _PLACE.match(line)
        rank = ordinal(place.group()[1]) if place else None
        is_second = (rank is not None and rank > 1) or _RESERVE.match(_LIST_MARK.sub("", line))
        if is_second and not candidates:
            is_list = False
            continue
        entry = _winner(line, others) if is_list and not _dates_signature(below) else None
        opens_list = entry is None and _opens_list(line, candidates)
        if opens_list:
            lists.append([])
            package = None
            entry = _winner(_FIELD_BEGINNING.sub("", line), others)
        if entry is not None:
            entry.rank = rank
            if package is not None and entry.lot is None:
                entry.lot, entry.numbered = package, True
            lists[-1].append(entry)
        is_list = entry is not None or opens_list or (is_list and bool(lists[-1]) and _read_field(line, lists[-1][-1]))
    lists = [entries for entries in lists if len(entries) >= fewest and not _are_a_consortium(entries)]
    for number, entries in enumerate(lists, 1):
        for entry in entries if len(entries) > 1 else ():
            entry.lot = entry.lot or (None if entry.lot_name else number)
    return [entry for entries in lists for entry in entries]


def _are_a_consortium(entries: Iterable[Entry]) -> bool:
    """Return whether the lines name one member each. Together they are one winner."""
    return any(is_part_of_consortium(entry.supplier) for entry in entries)


def _opens_list(line: str, candidates: bool) -> bool:
    words = _LIST_MARK.sub("", line)
    if not candidates and "候选" not in words and _OPENING_SENTENCE.fullmatch(words):
        return True
    opening = (_OPENING_CANDIDATES if candidates else _OPENING).match(words)
    if opening is None or ("候选" in words and not candidates):
        return False
    if opening.end() < len(words) and not opening["lists"].endswith((":", "：")):
        return False
    # 某项目中标结果 is a title. It opens a list only if it says so: 某项目中标结果如下：
    return bool(opening["lists"].strip()) or not opening["before"].strip("本次该项目的最终确定")


def _winner(line: str, others: Collection[str | None]) -> Entry | None:
    words = _PLACE.sub("", _LIST_MARK.sub("", line)).strip(_ENDS_LIST_ITEM)
    if "\t" in words:
        return None
    package = _PACKAGE.match(words)
    number = lot_number(package.group()) if package else None
    words = words[package.end() :] if package and number else words
    part = _NAMED_PART.fullmatch(words)
    if part is not None and _is_no_label(part["part"]) and _names_parties(part["names"]):
        return Entry(part["names"], lot_name=part["part"], words=[part["names"]])
    name, label, price, share = split_priced_name(words)
    party = clean_party(name)
    if party is None or party in others or not ends_like_party(party) or _FIELD.match(name) or role_of(name) != "other":
        return None
    amount = read_amount(price, label, bare_unit=likely_unit(price)) if price else NOTHING
    words_read = [name, *([price] if price else [])]
    return Entry(name, amount, lot=number, numbered=number is not None, share=share or None, words=words_read)


def _is_no_label(words: str) -> bool:
    """Return whether words before a colon can name what is won. An address may end like a party: 某路9号数码广场."""
    return words not in _ORGANISATION_LABELS and role_of(words) == "other"


def _names_parties(text: str) -> bool:
    parties = split_parties(text)
    return bool(parties) and all(ends_like_party(party.name) for party in parties)


def _dates_signature(line: str) -> bool:
    return is_date_line(line) and not re.search("[:：]", line)  # 公示期：2026年3月2日 dates no signature


def _read_field(line: str, winner: Entry) -> bool:
    """Add what a line says about the winner above it. Return False if it is about something else."""
    field = _FIELD.fullmatch(line.strip(_ENDS_LIST_ITEM))
    if field is None or field["label"] in _ORGANISATION_LABELS or "公示" in field["label"]:
        return False
    if role_of(field["label"]) in ("amount", "rate") and winner.amount is NOTHING:
        value = field["value"]
        winner.amount = read_amount(value, field["label"], bare_unit=likely_unit(value))
        winner.words.append(value)
    return True
