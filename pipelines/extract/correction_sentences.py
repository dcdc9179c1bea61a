"""Corrections in sentences and lines: ``原中标金额：120万元，现更正为：110万元``, ``中标人由甲公司变更为乙公司``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from pipelines.extract.award_entries import Entry
from pipelines.extract.corrected_values import Changes, LotMarks, Values, item_of, last_lot, read_values
from pipelines.extract.party_names import clean_party, ends_like_party
from pipelines.lexicon import forms
from pipelines.text.document import SENTENCE_END

_CHANGED = forms.pattern("change_word")
# Where a new value begins, with an example of each alternative.
_ARROW = r"(?:→|➔|➡|⇒|->|=>)"
_LABEL = rf"(?:{forms.pattern('corrected_winner')}|{forms.pattern('corrected_price')})"
_NEW = re.compile(
    rf"(?:{_ARROW}\s*)?(?:"
    # 现更正为, 应修改成
    rf"(?:(?:现|应|拟|统一|予以|特此|均|一并){{1,3}})?{_CHANGED}(?:后)?(?:的?内容)?(?:为|成|至)"
    # 更正后：, 变更后的中标金额
    rf"|(?:现)?{_CHANGED}后(?:的)?(?:内容|信息|结果)?(?=\s*(?:[:：]|{_LABEL}))"
    # 现更正：, 更正如下：
    rf"|现{_CHANGED}(?:如下)?(?=\s*[:：])|{_CHANGED}如下(?=\s*[:：])"
    # 应为, 实为, 正确金额应为 after its label, 正确内容：, 正确名称为
    r"|应(?:当|该)?(?:为|是)|实(?:际)?(?:应)?为|正确(?:的)?(?:内容|信息|名称|金额)?(?:应)?(?:为|是|(?=[:：]))"
    # 现为：, 现公告内容：, 现内容：, and 现：, if nothing but its old value is before it: 原：甲公司 现：乙公司
    r"|现为|现公告(?:内容)?(?:为)?(?=[:：])|(?:(?<=[\s，,；;。])|^)现(?:内容)?(?=\s*[:：])"
    # 现中标人：, 正确的中标金额为：
    rf"|(?:[现新]|正确的?)(?={_LABEL}\s*(?:[（(][^（）()\n]{{0,8}}[)）]\s*)?(?:[:：]|为|是))"
    # 误写为
    rf"|(?P<wrong>{forms.pattern('miswritten')}(?:为|成|作))"
    rf"|{_ARROW})\s*[:：]?\s*"
)
# The old value, without what leads to it: 将“1200000.00”, 原：甲公司
_BEFORE_OLD_VALUE = re.compile(r"^.*(?:[现原]|原(?:内容|公告|为|文))\s*[:：]|^\s*(?:现?将|由|把)")
_ANNOUNCES = re.compile(r".*如下")
_LABEL_FIRST = re.compile(rf"\s*[“\"]?{_LABEL}")
_MOST_BEFORE = 300
_MOST_AFTER = 400
_MOST_CLAUSES = 6
# A page with more words of change than this is no correction that a person wrote.
_MOST_CHANGES = 300
# Lines that end a new value over several lines: 更正日期：, 三、其他补充事宜, 其他内容不变, 原公告.
_AFTER_NEW = re.compile(
    r"(?:更正|变更|公告|公示)(?:日期|时间)|[一二三四五六七八九十]{1,3}\s*[、.．]|其[他它余]|特此|原公告|原中标|原成交|原文"
    r"|\d{1,2}\s*[、.．]\s*原"
)
_CLAUSE = re.compile(r"[，,。；;\n]")
# 由第二中标候选人乙公司递补为中标人, 顺延至第二名乙公司为成交供应商, 现确定乙公司为中标供应商
_CANDIDATE = (
    r"(?:(?:排名|排序)?第\s*[一二三四2-4]\s*(?:名|位)?的?)?(?:{won}|推荐|的)*(?:候选(?:人|供应商|单位))?".format(
        won=forms.pattern("won")
    )
)
_FIRM = rf"(?P<name>[\u4e00-\u9fffA-Za-z（）()·]{{4,40}}?{forms.pattern('firm_in_sentence')})"
_PROMOTED = re.compile(
    rf"(?:{forms.pattern('promoted')}|由|现由)(?:至|给|为)?(?:原|下一)?{_CANDIDATE}\s*[“\"：:（(]?\s*{_FIRM}[”\")）]?\s*"
    # 由乙公司（第二中标候选人）替补中标
    r"(?:[（(][^（）()\n]{0,24}[)）]\s*)?"
    rf"(?:(?:{forms.pattern('promoted')})?(?:为|成为|作为)|{forms.pattern('moved_up')})"
    rf"(?:新的?|本项目的?|第一)?{forms.pattern('won')}"
)


# Reads a text like a result of its own.
ResultReader = Callable[[str], list[Entry]]


def changes_in_sentences(text: str, read_result: ResultReader) -> Changes:
    """Read each change that a sentence or a few lines give.

    ``read_result`` reads what follows 更正为： on lines or in a table of its own.
    """
    # Positions stay the same, so that a new result can be read with its table.
    prose = "\n".join(line if "\t" not in line else " " * len(line) for line in text.split("\n"))
    changes = Changes()
    marks = list(islice(_NEW.finditer(prose), _MOST_CHANGES))
    lots = LotMarks(prose)
    done = 0
    for place, mark in enumerate(marks):
        next_mark = marks[place + 1] if place + 1 < len(marks) else None
        if mark.start() < done:
            continue
        before = prose[max(done, mark.start() - _MOST_BEFORE) : mark.start()]
        lot = lots.last_before(mark.start())
        if mark["wrong"]:
            if next_mark is not None and not SENTENCE_END.search(prose, mark.end(), next_mark.start()):
                continue  # 误写为120万元，应为110万元: the later words say what is right
            changes.add(_right_value_before(before), lot)
            continue
        if next_mark is not None and _ANNOUNCES.match(mark.group()):
            continue  # 变更如下：…: the changes follow
        limit = next_mark.start() if next_mark is not None else len(prose)
        item, label = item_of(_subject_of(before))
        if prose.startswith("\n", mark.end()) or mark.group().endswith("\n"):
            done = _end_of_block(prose, mark.end(), limit)
            entries = read_result(text[mark.end() : done])
            if entries:
                changes.add_result(entries, lot)
                continue
        stop = _end_of_new_value(prose, mark.end(), limit)
        new = prose[mark.end() : stop]
        done = stop
        values = read_values(new, item, label) or (_values_like_old(before, new) if item is None else Values())
        changes.add(values, lot or last_lot(new.split("\n", 1)[0]))
    return changes


def with_promoted_winner(entries: Sequence[Entry], text: str) -> list[Entry]:
    """Return the entries with the candidate that takes the winner's place, if they name no winner themselves."""
    if any(entry.supplier for entry in entries):
        return list(entries)
    changes = Changes()
    lots = LotMarks(text)
    only_lot = entries[0].lot if len(entries) == 1 else None
    for match in _PROMOTED.finditer(text):
        name = clean_party(match["name"])
        if name is not None and ends_like_party(name):
            sentence_end = SENTENCE_END.search(text, match.end())
            values = read_values(text[match.end() : sentence_end.start() if sentence_end else len(text)])
            values.supplier, values.words = match["name"], [match["name"], *values.words]
            changes.add(values, only_lot or lots.last_before(match.start()))
    for entry in entries:
        changes.add(Values(None, entry.amount, entry.words), entry.lot)
    return changes.entries()


def _values_like_old(before: str, new: str) -> Values:
    """Return a new value that nothing names, if the old one before it is of its kind: “120万元”调整为“125万元”."""
    pieces = [piece for piece in SENTENCE_END.split(before) if piece.strip(' “”"：:，,')]
    old = read_values(_BEFORE_OLD_VALUE.sub("", pieces[-1]), by_shape=True) if pieces else Values()
    values = read_values(new, by_shape=True)
    same_kind = (old.supplier is None) == (values.supplier is None) and old.amount.kind == values.amount.kind
    return values if old and same_kind else Values()


def _right_value_before(before: str) -> Values:
    """Return the value in 中标金额110万元|误写为…; nothing if there is only a label."""
    start = max((match.end() for match in SENTENCE_END.finditer(before)), default=0)
    return read_values(before[start:].removesuffix("现").removesuffix("被"))


def _subject_of(before: str) -> str:
    """Return the words that name what changes: those of the last sentence that is more than a lone old value."""
    pieces = [piece for piece in SENTENCE_END.split(before) if piece.strip(' “”"：:，,')]
    subject = ""
    for piece in reversed(pieces[-4:]):
        subject = piece + "，" + subject
        if item_of(subject)[0] is not None:
            return subject
    return subject


def _end_of_block(text: str, start: int, limit: int) -> int:
    """Return where the lines of a new result end: before the lines about the notice itself, or the next change."""
    limit = _before_next_subject(text, start, limit) if limit < len(text) else limit
    end = start
    while end < limit:
        line_end = text.find("\n", end, limit)
        line_end = limit if line_end < 0 else line_end
        if _AFTER_NEW.match(text[end:line_end].strip()) and text[start:end].strip():
            break
        end = min(line_end + 1, limit)
    return end


def _end_of_new_value(text: str, start: int, limit: int) -> int:
    """Return where a new value ends: with its sentence or, if labelled lines follow, with the last of them."""
    limit = min(limit, start + _MOST_AFTER)
    if limit < len(text) and limit != start + _MOST_AFTER:
        limit = _before_next_subject(text, start, limit)
    end = start
    while end < limit:
        line_end = text.find("\n", end, limit)
        line_end = limit if line_end < 0 else line_end
        line = text[end:line_end]
        if end > start and line.strip() and not _goes_on(line):
            break
        end = min(line_end + 1, limit)
    new = text[start:end]
    # One value in a sentence ends with it; labelled values go on after ； and 。.
    stop = SENTENCE_END.search(new.rstrip(), len(new) - len(new.lstrip()))
    if stop is not None and item_of(new)[0] in (None, "other") and ":" not in new and "：" not in new:
        return start + stop.start()
    return end


def _before_next_subject(text: str, start: int, limit: int) -> int:
    """Return where the clause begins that the next change is about: …乙公司，|成交金额由120万元变更为…"""
    verb = _NEW.match(text, limit)
    if verb is not None and _LABEL_FIRST.match(text, verb.end()):
        return limit  # 更正后中标金额：…: the next change names its own item
    cuts = [match.start() for match in _CLAUSE.finditer(text, max(start, limit - _MOST_BEFORE), limit)][-_MOST_CLAUSES:]
    return next((cut for cut in reversed(cuts) if item_of(text[cut:limit])[0] is not None), limit)


def _goes_on(line: str) -> bool:
    if _AFTER_NEW.match(line.strip()) or _NEW.search(line):
        return False
    return item_of(line)[0] is not None
