"""What a correction changes in a result: the new winner and the new price, by package."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.amounts import NOTHING, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.borderless_tables import flat_entries
from pipelines.extract.layouts.labelled_lines import block_entries
from pipelines.extract.layouts.sentences import prose_entries
from pipelines.extract.layouts.tables import bare_unit, table_entries
from pipelines.extract.parties import clean_party
from pipelines.extract.priced_names import priced_name
from pipelines.text.column_roles import lot_number
from pipelines.text.document import Section

_ABOUT_RESULT = re.compile(r"采购结果|中标|成交|结果公告|结果公示|中选")
_FEE = re.compile(r"代理服务费|代理费|服务费|收费")
_ORDINAL = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_PACK = r"(?:合同包|采购包|标包|标段|标项|标的|包)"
_OF_LOT = rf"(?P<lot>{_PACK}\s*{_ORDINAL}|第\s*{_ORDINAL}\s*{_PACK})?(?:[（(][^\n]{{0,90}}?[)）])?\s*的?"
_WHAT = r"(?:中标|成交|中选)(?:（成交）)?(?:供应商(?:名称)?|单位|人|金额|价格?|报价)"
_CHANGED = r"(?:更正|变更|修改|调整|改)"
# 原公告的合同包8(…)中标金额(第1候选人)：2,308,220.00元,更正为：2,250,000.00元 · 标包1现中选人变更为：某公司
_CHANGE = re.compile(
    rf"(?:原公告的?|原)?{_OF_LOT}(?:现|新)?的?(?P<what>{_WHAT})(?:[（(][^（）()\n]{{1,20}}[)）])?\s*[:：]?\s*(?P<old>[^\n]{{0,120}}?)"
    rf"[，,。；;\s]*(?:现)?{_CHANGED}为\s*[:：]?\s*(?:{_WHAT}\s*[:：]\s*)?(?P<new>[^\n]{{1,120}})"
)
# 标包1变更后中标金额：31.83万元
_NEW = re.compile(
    rf"{_OF_LOT}{_CHANGED}后的?(?P<what>{_WHAT})(?:[（(][^（）()\n]{{1,20}}[)）])?\s*(?:为|是)?\s*[:：]\s*(?P<new>[^\n]{{1,120}})"
)
_AFTER = re.compile(
    r"(?:现\s*)?(?:更正|变更|修改|改)\s*(?:后)?(?:为|的?内容)?\s*[:：]|更正后\s*[:：]?|现更正中标结果|更正为[:：]?"
    r"|现(?:更正|变更)(?:为|如下)"
)
_ITEM_LOT = r"(?P<lot>(?:标项|标段|包|合同包)\s*\d{1,2})?"
_ONE_PRICE = r"(?:[\u4e00-\u9fff]{0,8}[:：]\s*)?[￥¥]?[\d,]+(?:\.\d+)?\s*[（(]?(?:万元|元|%)[)）]?"
_GLUED_PRICE = re.compile(
    rf"\d{_ITEM_LOT}\s*(?P<label>(?:中标|成交)(?:（成交）|\(成交\))?(?:金额|价格?)(?:[（(](?:万元|元)[)）])?)\s*"
    rf"(?P<old>{_ONE_PRICE})\s*(?P<new>{_ONE_PRICE})"
)
_FIRM_NAME = (
    r"[^\d\n:：]{3,40}?(?:公司|事务所|研究院|研究所|大学|学院|中心|协会|合作社|商行|经营部|服务部|维修部|厂)"
    r"(?:[\u4e00-\u9fff]{2,10}分公司)?"
)
_GLUED_NAME = re.compile(
    rf"\d{_ITEM_LOT}\s*(?:中标|成交)(?:（成交）)?供应商(?:名称)?(?P<old>{_FIRM_NAME})(?P<new>{_FIRM_NAME})(?=\d|\n|$)"
)
_OLD = re.compile(r"(?:原公告|原中标|原成交|原结果|更正前)[^\n]*?(?=现|(?:更正|变更|修改)(?:后|为)|\n|$)")


def corrected_entries(parts: Sequence[Section], body: str) -> list[Entry]:
    """The corrected winners and prices; an entry without a supplier changes only the price, one without a price only the winner.

    Empty where the correction is about something else (the tender's documents, a fee, a score).
    """
    text = next((part.text for part in parts if "更正信息" in part.heading or "更正内容" in part.heading), "")
    if not text:
        text = body
    if not _ABOUT_RESULT.search(text) and not any(re.search(r"中标|成交", part.heading) for part in parts):
        return []
    changes = _stated_changes(text) or _table_changes(text) or _glued_changes(text)
    if changes:
        return changes
    own_parts = "\n".join(part.text for part in parts if re.search(r"(?:中标|成交)(?:（成交）)?信息", part.heading))
    return _result_in(own_parts, None) or _after_marks(text) or _result_in(_OLD.sub("", text), None)


def _after_marks(text: str) -> list[Entry]:
    """What stands behind each 更正为 or 更正后, up to the next one; a package named just before it is meant."""
    found: list[Entry] = []
    marks = list(_AFTER.finditer(text))
    for mark, stop in zip(marks, [*(mark.start() for mark in marks[1:]), len(text)], strict=False):
        lead = text[max(0, mark.start() - 40) : mark.start()].rsplit("\n", 1)[-1]
        found.extend(_result_in(_OLD.sub("", text[mark.end() : stop]), lot_number(lead)))
    return found


def _result_in(zone: str, lot: int | None) -> list[Entry]:
    if not zone.strip():
        return []
    entries = (
        table_entries(zone, candidates=False)
        or block_entries(zone, candidates=False)
        or flat_entries(zone, [], zone, None)
        or prose_entries(zone)
    )
    entries = [entry for entry in entries if not entry.failed]
    price = None if entries else _lone_price(zone)
    for entry in [*entries, *([price] if price else [])]:
        if entry.lot is None and lot is not None:
            entry.lot, entry.numbered = lot, True
    return entries or ([price] if price else [])


def _stated_changes(text: str) -> list[Entry]:
    """Changes told as old and new, or as new alone, one line each."""
    by_lot: dict[int | None, Entry] = {}
    for match in (*_CHANGE.finditer(text), *_NEW.finditer(text)):
        if _FEE.search(match.group()) or re.search(r"得分|评审价", match["what"]):
            continue
        lot = lot_number(match["lot"].replace("标的", "标包")) if match["lot"] else None
        entry = by_lot.setdefault(lot, Entry("", lot=lot, numbered=lot is not None))
        new = match["new"].strip().rstrip("。；;，,")
        if re.search(r"金额|价", match["what"]):
            entry.amount = read_amount(new, "中标金额", bare_unit=bare_unit(new))
        else:
            named = priced_name(new)
            entry.supplier = named.name if clean_party(named.name) else entry.supplier
            if named.value:
                entry.amount = read_amount(named.value, named.label, bare_unit=bare_unit(named.value))
        entry.words.append(new)
    return [entry for entry in by_lot.values() if entry.supplier or entry.amount is not NOTHING]


def _table_changes(text: str) -> list[Entry]:
    """更正项 | 更正前内容 | 更正后内容."""
    by_lot: dict[int | None, Entry] = {}
    after = -1
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) < 3:
            continue
        heads = [index for index, cell in enumerate(cells) if re.match(r"^(?:更正|变更|修改)后", cell)]
        if heads:
            after = heads[0]
            continue
        item = " ".join(cell for cell in cells[: max(after - 1, 0)] if not cell.isdigit())
        if after <= 0 or len(cells) <= after or _FEE.search(item) or re.search(r"得分|评审价|地址", item):
            continue
        new, lot = cells[after], lot_number(item)
        if re.search(r"(?:中标|成交|中选)\S{0,8}(?:金额|价)|总价|报价", item):
            entry = by_lot.setdefault(lot, Entry("", lot=lot, numbered=lot is not None))
            entry.amount = read_amount(new, item, bare_unit=bare_unit(new))
            entry.words.append(new)
        elif re.search(r"(?:中标|成交|中选)\S{0,8}(?:供应商|单位|人)|供应商名称", item) and clean_party(new):
            entry = by_lot.setdefault(lot, Entry("", lot=lot, numbered=lot is not None))
            entry.supplier = new
            entry.words.append(new)
    return list(by_lot.values())


def _glued_changes(text: str) -> list[Entry]:
    """The same table without its borders: old and new run together behind the item's name."""
    head = re.search(r"更正前(?:内容)?\s*更正后(?:内容)?", text)
    if not head:
        return []
    by_lot: dict[int | None, Entry] = {}
    table = text[head.end() :]
    for match in _GLUED_PRICE.finditer(table):
        entry = by_lot.setdefault(lot_number(match["lot"] or ""), Entry(""))
        entry.amount = read_amount(match["new"], match["label"], bare_unit=bare_unit(match["new"]))
        entry.words.append(match["new"])
    for match in _GLUED_NAME.finditer(table):
        if clean_party(match["new"]):
            entry = by_lot.setdefault(lot_number(match["lot"] or ""), Entry(""))
            entry.supplier = match["new"]
            entry.words.append(match["new"])
    for lot, entry in by_lot.items():
        entry.lot, entry.numbered = lot, lot is not None
    return list(by_lot.values())


def _lone_price(zone: str) -> Entry | None:
    match = re.search(
        r"(?:中标|成交|中选)(?:（成交）|\(成交\))?(?:金额|价格?|报价|折扣率?|费率|下浮率)\s*"
        r"(?:[（(][^（）()\n]{0,12}[)）])?\s*[:：]?\s*(?P<value>[^\n]{1,60})",
        zone,
    )
    if not match or _FEE.search(match.group()):
        return None
    value = match["value"].strip()
    amount = read_amount(value, match.group()[: match.start("value") - match.start()], bare_unit=bare_unit(value))
    return Entry("", amount, words=[value]) if amount.kind != "undisclosed" else None
