"""What a correction changes in a result: the new winner and the new price, by package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipelines.extract.amounts import NOTHING, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.borderless_tables import read_borderless_tables
from pipelines.extract.layouts.labelled_lines import read_labelled_lines
from pipelines.extract.layouts.sentences import read_sentences
from pipelines.extract.layouts.tables import read_tables
from pipelines.extract.party_names import clean_party
from pipelines.extract.priced_names import split_priced_name
from pipelines.lexicon import forms
from pipelines.text.column_roles import lot_number
from pipelines.text.document import Section

_WON = forms.pattern("won")
_ABOUT_RESULT = re.compile(forms.pattern("about_result"))
_RESULT_HEADING = re.compile(r"中标|成交")
_OWN_RESULT_HEADING = re.compile(r"(?:中标|成交)(?:（成交）)?信息")  # 三、中标（成交）信息
_FEE = re.compile(forms.pattern("agency_fee"))
_OTHER_FIGURE = re.compile(r"得分|评审价")
_PRICE_WORD = re.compile(r"金额|价")

_ORDINAL = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_PACKAGE = forms.pattern("package_in_correction")
# 合同包8(服务器)的, 第一标包; nothing if no package is named
_OF_LOT = rf"(?P<lot>{_PACKAGE}\s*{_ORDINAL}|第\s*{_ORDINAL}\s*{_PACKAGE})?(?:[（(][^\n]{{0,90}}?[)）])?\s*的?"
_VALUE = forms.pattern("corrected_value")
_CHANGED = forms.pattern("change_word_in_sentence")
# 原公告的合同包8(…)中标金额(第1候选人)：2,308,220.00元,更正为：2,250,000.00元 · 标包1现中选人变更为：某公司
_CHANGED_FROM_TO = re.compile(
    rf"(?:原公告的?|原)?{_OF_LOT}(?:现|新)?的?(?P<what>{_VALUE})(?:[（(][^（）()\n]{{1,20}}[)）])?\s*[:：]?\s*"
    rf"(?P<old>[^\n]{{0,120}}?)[，,。；;\s]*(?:现)?{_CHANGED}为\s*[:：]?\s*(?:{_VALUE}\s*[:：]\s*)?(?P<new>[^\n]{{1,120}})"
)
# 标包1变更后中标金额：31.83万元
_CHANGED_TO = re.compile(
    rf"{_OF_LOT}{_CHANGED}后的?(?P<what>{_VALUE})(?:[（(][^（）()\n]{{1,20}}[)）])?\s*(?:为|是)?\s*[:：]\s*"
    r"(?P<new>[^\n]{1,120})"
)
# Where the corrected text begins, with an example of each alternative.
_CORRECTED_TEXT = re.compile(
    r"(?:现\s*)?(?:更正|变更|修改|改)\s*(?:后)?(?:为|的?内容)?\s*[:：]"  # 现变更为：, 更正后的内容：, 修改：
    r"|更正后\s*[:：]?"  # 更正后 中标人：
    r"|现更正中标结果|更正为[:：]?|现(?:更正|变更)(?:为|如下)"  # 现更正如下
)
# The old text, up to the new one or the end of its line: 原公告中标人：甲公司，现更正为：, 更正前：甲公司.
_OLD_TEXT = re.compile(r"(?:原公告|原中标|原成交|原结果|更正前)[^\n]*?(?=现|(?:更正|变更|修改)(?:后|为)|\n|$)")
_MARK_WITHIN = 40

# A table with a column of old and a column of new values: 更正项 | 更正前内容 | 更正后内容.
_NEW_COLUMN = re.compile(rf"^{forms.pattern('change_word')}后")
_NO_RESULT_ITEM = re.compile(r"得分|评审价|地址")
_PRICE_ITEM = re.compile(rf"{_WON}\S{{0,8}}(?:金额|价)|总价|报价")  # 中标（成交）金额（元）; 投标总价
_WINNER_ITEM = re.compile(rf"{_WON}\S{{0,8}}{forms.pattern('party')}|供应商名称")  # 成交供应商; 供应商名称

# The same table without its borders: old and new value run together after the item's name.
_GLUED_HEADS = re.compile(r"更正前(?:内容)?\s*更正后(?:内容)?")
_ITEM_LOT = r"(?P<lot>(?:标项|标段|包|合同包)\s*\d{1,2})?"
_ONE_PRICE = r"(?:[\u4e00-\u9fff]{0,8}[:：]\s*)?[￥¥]?[\d,]+(?:\.\d+)?\s*[（(]?(?:万元|元|%)[)）]?"
# 1标项1中标（成交）金额（元）90万元100万元
_GLUED_PRICE = re.compile(
    rf"\d{_ITEM_LOT}\s*(?P<label>(?:中标|成交)(?:（成交）|\(成交\))?(?:金额|价格?)(?:[（(](?:万元|元)[)）])?)\s*"
    rf"(?P<old>{_ONE_PRICE})\s*(?P<new>{_ONE_PRICE})"
)
_FIRM_NAME = rf"[^\d\n:：]{{3,40}}?{forms.pattern('firm_in_correction')}(?:[\u4e00-\u9fff]{{2,10}}分公司)?"
# 1中标供应商名称甲软件有限公司乙软件有限公司
_GLUED_NAME = re.compile(
    rf"\d{_ITEM_LOT}\s*(?:中标|成交)(?:（成交）)?供应商(?:名称)?(?P<old>{_FIRM_NAME})(?P<new>{_FIRM_NAME})(?=\d|\n|$)"
)
# 中标（成交）金额（元）：100万元, 成交折扣率 94%
_LONE_PRICE = re.compile(
    rf"(?P<label>{_WON}(?:（成交）|\(成交\))?(?:金额|价格?|报价|折扣率?|费率|下浮率)\s*"
    r"(?:[（(][^（）()\n]{0,12}[)）])?\s*[:：]?\s*)(?P<value>[^\n]{1,60})"
)


def corrected_entries(parts: Sequence[Section], body: str) -> list[Entry]:
    """Return the corrected winners and prices.

    An entry without a supplier changes only the price, one without a price only the winner. Empty if the correction is
    about something else (the tender's documents, a fee, a score).
    """
    text = next((part.text for part in parts if "更正信息" in part.heading or "更正内容" in part.heading), "") or body
    if not _ABOUT_RESULT.search(text) and not any(_RESULT_HEADING.search(part.heading) for part in parts):
        return []
    changes = _changes_in_sentences(text) or _changes_in_table(text) or _changes_in_glued_table(text)
    if changes:
        return changes
    own_parts = "\n".join(part.text for part in parts if _OWN_RESULT_HEADING.search(part.heading))
    return _result_in(own_parts, None) or _results_after_marks(text) or _result_in(_OLD_TEXT.sub("", text), None)


def _results_after_marks(text: str) -> list[Entry]:
    """Read what follows each 更正为 or 更正后, up to the next one. A package named just before the mark is meant."""
    entries: list[Entry] = []
    marks = list(_CORRECTED_TEXT.finditer(text))
    for mark, stop in zip(marks, [*(mark.start() for mark in marks[1:]), len(text)], strict=False):
        before = text[max(0, mark.start() - _MARK_WITHIN) : mark.start()].rsplit("\n", 1)[-1]
        entries.extend(_result_in(_OLD_TEXT.sub("", text[mark.end() : stop]), lot_number(before)))
    return entries


def _result_in(zone: str, lot: int | None) -> list[Entry]:
    """Read a zone like a result. ``lot`` is the package of entries that name none."""
    if not zone.strip():
        return []
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


class _Changes:
    """The changes of one correction, by package."""

    def __init__(self) -> None:
        self._by_lot: dict[int | None, Entry] = {}

    def of_lot(self, lot: int | None) -> Entry:
        return self._by_lot.setdefault(lot, Entry("", lot=lot, numbered=lot is not None))

    def entries(self) -> Iterable[Entry]:
        return self._by_lot.values()


def _changes_in_sentences(text: str) -> list[Entry]:
    """Read changes that one line each gives as old and new, or as new alone."""
    changes = _Changes()
    for match in (*_CHANGED_FROM_TO.finditer(text), *_CHANGED_TO.finditer(text)):
        if _FEE.search(match.group()) or _OTHER_FIGURE.search(match["what"]):
            continue
        # 标的1 is a package here, as everywhere in a correction.
        entry = changes.of_lot(lot_number(match["lot"].replace("标的", "标包")) if match["lot"] else None)
        new = match["new"].strip().rstrip("。；;，,")
        if _PRICE_WORD.search(match["what"]):
            entry.amount = read_amount(new, "中标金额", bare_unit=likely_unit(new))
        else:
            party = split_priced_name(new)
            entry.supplier = party.name if clean_party(party.name) else entry.supplier
            if party.value:
                entry.amount = read_amount(party.value, party.label, bare_unit=likely_unit(party.value))
        entry.words.append(new)
    return [entry for entry in changes.entries() if entry.supplier or entry.amount is not NOTHING]


def _changes_in_table(text: str) -> list[Entry]:
    """Read a table with the columns 更正项 | 更正前内容 | 更正后内容."""
    changes = _Changes()
    new_column = -1
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) < 3:
            continue
        heads = [column for column, cell in enumerate(cells) if _NEW_COLUMN.match(cell)]
        if heads:
            new_column = heads[0]
            continue
        item = " ".join(cell for cell in cells[: max(new_column - 1, 0)] if not cell.isdigit())
        if new_column <= 0 or len(cells) <= new_column or _FEE.search(item) or _NO_RESULT_ITEM.search(item):
            continue
        new, lot = cells[new_column], lot_number(item)
        if _PRICE_ITEM.search(item):
            entry = changes.of_lot(lot)
            entry.amount = read_amount(new, item, bare_unit=likely_unit(new))
            entry.words.append(new)
        elif _WINNER_ITEM.search(item) and clean_party(new):
            entry = changes.of_lot(lot)
            entry.supplier = new
            entry.words.append(new)
    return list(changes.entries())


def _changes_in_glued_table(text: str) -> list[Entry]:
    """Read the same table without its borders."""
    heads = _GLUED_HEADS.search(text)
    if not heads:
        return []
    changes = _Changes()
    table = text[heads.end() :]
    for match in _GLUED_PRICE.finditer(table):
        entry = changes.of_lot(lot_number(match["lot"] or ""))
        entry.amount = read_amount(match["new"], match["label"], bare_unit=likely_unit(match["new"]))
        entry.words.append(match["new"])
    for match in _GLUED_NAME.finditer(table):
        if clean_party(match["new"]):
            entry = changes.of_lot(lot_number(match["lot"] or ""))
            entry.supplier = match["new"]
            entry.words.append(match["new"])
    return list(changes.entries())


def _lone_price(zone: str) -> list[Entry]:
    """Read a price without a supplier: at most one entry."""
    match = _LONE_PRICE.search(zone)
    if not match or _FEE.search(match.group()):
        return []
    value = match["value"].strip()
    amount = read_amount(value, match["label"], bare_unit=likely_unit(value))
    return [Entry("", amount, words=[value])] if amount.kind != "undisclosed" else []
