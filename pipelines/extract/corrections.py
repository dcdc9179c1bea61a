"""What a correction changes in a result: the new winner and the new price, by package."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.amounts import likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.correction_sentences import changes_in_sentences, with_promoted_winner
from pipelines.extract.correction_tables import changes_in_glued_table, changes_in_tables
from pipelines.extract.layouts.borderless_tables import read_borderless_tables
from pipelines.extract.layouts.labelled_lines import read_labelled_lines
from pipelines.extract.layouts.sentences import read_sentences
from pipelines.extract.layouts.tables import read_tables
from pipelines.extract.stated_units import write_stated_units
from pipelines.lexicon import forms
from pipelines.text.column_roles import lot_number
from pipelines.text.document import Section

_WON = forms.pattern("won")
_ABOUT_RESULT = re.compile(forms.pattern("about_result"))
_ABOUT_TENDER = re.compile(forms.pattern("about_tender"))
_RESULT_HEADING = re.compile(r"中标|成交")
# 更正事项：☑采购公告 ☑采购文件 □采购结果: what the notice is about, with or without its ticks
_CHOICE = re.compile(r"采购公告[\s☑□■√☐✓]*(?:采购|招标)文件[\s☑□■√☐✓]*采购结果|采购结果[\s☑□■√☐✓]*采购公告")
_TICK, _TICKED_RESULT = re.compile(r"[☑■√✓]"), re.compile(r"[☑■√✓]\s*采购结果")
_OWN_RESULT_HEADING = re.compile(r"(?:中标|成交)(?:（成交）)?信息")  # 三、中标（成交）信息
_FEE = re.compile(forms.pattern("agency_fee"))
# Where the corrected text begins, with an example of each alternative.
_CORRECTED_TEXT = re.compile(
    r"(?:现\s*)?(?:更正|变更|修改|改)\s*(?:后)?(?:为|的?内容)?\s*[:：]"  # 现变更为：, 更正后的内容：, 修改：
    r"|更正后\s*[:：]?"  # 更正后 中标人：
    r"|现更正中标结果|更正为[:：]?|现(?:更正|变更)(?:为|如下)"  # 现更正如下
)
# The old text, up to the new one or the end of its line: 原公告中标人：甲公司，现更正为：, 更正前：甲公司.
_OLD_TEXT = re.compile(r"(?:原公告|原中标|原成交|原结果|更正前)[^\n]*?(?=现|(?:更正|变更|修改)(?:后|为)|\n|$)")
_OLD_LINE = re.compile(
    r"^[^\n]{0,20}原(?:公告|中标|成交|中选|供应商|结果)[^\n]*$", re.MULTILINE
)  # 标包1的原中选人：甲公司
_MARK_WITHIN = 40
# 二、更正信息, 三、更正内容, up to 三、其他补充事宜. Quotations of the result may have numbered headings of their own.
_HEADING = re.compile(r"更正(?:信息|内容)")
_AFTER_CORRECTION = re.compile(
    r"(?:\n[# \t]*|[ \t])[一二三四五六七八九十]{1,2}\s*[、.．]\s*(?:其[他它]|凡对|对本次|联系|附件|采购人|公告期)"
)
# The old result in lines or a table of its own, above the new one.
_OLD_RESULT_ABOVE = re.compile(r"^\s*(?:原公告|更正前|变更前|修改前|原内容|原结果|原中标|原成交)[^\n]{0,16}[:：]?\s*\n")
# 中标（成交）金额（元）：100万元, 成交折扣率 94%
_LONE_PRICE = re.compile(
    rf"(?P<label>{_WON}(?:（成交）|\(成交\))?(?:金额|价格?|报价|折扣率?|费率|下浮率)\s*"
    r"(?:[（(][^（）()\n]{0,12}[)）])?\s*[:：]?\s*)(?P<value>[^\n]{1,60})"
)


def corrected_entries(parts: Sequence[Section], body: str) -> list[Entry]:
    """Return the corrected winners and prices.

    An entry without a supplier changes only the price, one without a price only the winner. A rate or a unit price in
    place of a price has that kind and no sum. Empty if the correction is about something else (the tender's documents,
    a fee, a score).
    """
    text = corrected_part(parts, body)
    if not _is_about_result(text, parts):
        return []
    in_tables = changes_in_tables(text).entries()
    prose = "\n".join(line for line in text.split("\n") if "\t" not in line) if in_tables else text
    in_sentences = changes_in_sentences(prose, lambda zone: _result_in(_OLD_LINE.sub("", zone), None)).entries()
    lots = {entry.lot for entry in in_tables}
    changes = [*in_tables, *(entry for entry in in_sentences if entry.lot not in lots)]
    changes = changes or changes_in_glued_table(text).entries()
    if changes:
        return with_promoted_winner(changes, text)
    own_parts = "\n".join(part.text for part in parts if _OWN_RESULT_HEADING.search(part.heading))
    entries = _result_in(own_parts, None) or with_promoted_winner([], text)
    entries = entries or _results_after_marks(text) or _result_in(_OLD_TEXT.sub("", text), None)
    return with_promoted_winner(entries, text)


def _is_about_result(text: str, parts: Sequence[Section]) -> bool:
    """Return whether a correction is about a result. Some forms print 采购公告 采购文件 采购结果 as a choice."""
    if not _ABOUT_RESULT.search(text) and not any(_RESULT_HEADING.search(part.heading) for part in parts):
        return False
    choice = _CHOICE.search(text)
    if choice is None:
        return True
    ticked = _TICKED_RESULT.search(choice.group())
    return ticked is not None or (not _TICK.search(choice.group()) and not _ABOUT_TENDER.search(text, choice.end()))


def corrected_part(parts: Sequence[Section], body: str) -> str:
    """Return the part of a correction that says what changes, or all of it if it has no such part."""
    if not any(_HEADING.search(part.heading) for part in parts):
        return body
    heading = _HEADING.search(body)
    start = heading.end() if heading else 0
    after = _AFTER_CORRECTION.search(body, start)
    return body[start : after.start() if after else len(body)]


def _results_after_marks(text: str) -> list[Entry]:
    """Read what follows each 更正为 or 更正后, up to the next one. A package named just before the mark is meant."""
    entries: list[Entry] = []
    marks = list(_CORRECTED_TEXT.finditer(text))
    for mark, stop in zip(marks, [*(mark.start() for mark in marks[1:]), len(text)], strict=False):
        if stop < len(text) and _OLD_RESULT_ABOVE.match(text[mark.end() : stop]):
            continue
        before = text[max(0, mark.start() - _MARK_WITHIN) : mark.start()].rsplit("\n", 1)[-1]
        entries.extend(_result_in(_OLD_TEXT.sub("", text[mark.end() : stop]), lot_number(before)))
    return entries


def _result_in(zone: str, lot: int | None) -> list[Entry]:
    """Read a zone like a result. ``lot`` is the package of entries that name none."""
    if not zone.strip():
        return []
    zone = write_stated_units(zone)
    entries = (
        read_tables(zone, candidates=False)
        or read_labelled_lines(zone, candidates=False)
        or read_borderless_tables(zone, [], zone, None)
        or read_sentences(zone)
    )
    entries = [entry for entry in entries if not entry.failed] or _lone_price(zone)
    for entry in entries:
        if entry.lot is None and lot is not None:
            entry.lot, entry.numbered = lot, True
    return entries


def _lone_price(zone: str) -> list[Entry]:
    """Read a price without a supplier: at most one entry."""
    match = _LONE_PRICE.search(zone)
    if not match or _FEE.search(match.group()):
        return []
    value = match["value"].strip()
    amount = read_amount(value, match["label"], bare_unit=likely_unit(value))
    return [Entry("", amount, words=[value])] if amount.kind != "undisclosed" else []
