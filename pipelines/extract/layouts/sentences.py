"""Results told in sentences."""

from __future__ import annotations

import re

from pipelines.extract.amounts import NOTHING, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.parties import clean_party, ends_like_party
from pipelines.text.column_roles import lot_number

_NAME = (
    r"(?P<name>[\u4e00-\u9fffA-Za-z（）()·]{4,50}?(?:公司|事务所|研究院|研究所|大学|学院|中心|协会|合作社|商行|经营部"
    r"|服务部|厂|店|院|所|部))"
)
_SENTENCES = (
    re.compile(
        rf"(?:推荐|确定|选定|推选|确认|顺延至?(?:原)?(?:第[二三]名?)?(?:中标|成交)?(?:候选人|候选供应商)?|现(?:更正"
        rf"|变更)为)\s*(?:第[一二三](?:中标|成交)?候选(?:人|供应商))?\s*[“\"：:]?\s*{_NAME}[”\"]?\s*(?:为|作为"
        rf"|成为)[^。\n]{{0,16}}(?:中标|成交|中选|入围)"
    ),
    re.compile(rf"(?:中标|成交|中选)(?:供应商|单位|人|方)(?:为|是)\s*[:：]?\s*{_NAME}"),
    re.compile(rf"(?:中标|成交|中选)(?:供应商|单位|人)(?:名称)?\s+{_NAME}(?=\s|$)"),
    re.compile(rf"由\s*{_NAME}\s*(?:中标|成交|中选)"),
    re.compile(rf"(?:^|[\n。，,])\s*{_NAME}\s*(?:以|报价)[^。\n]{{0,40}}(?:中标|成交|中选)"),
)
_SHARES = re.compile(
    r"份额\s*(?P<no>\d+)\s*[:：]\s*(?P<name>[^，,；;\n]{4,60})[，,；;]?\s*(?:份额比例|中选份额|份额)\s*[:：]?\s*"
    r"(?P<share>\d{1,3}(?:\.\d+)?\s*%)"
)
_LOT_WINNERS = re.compile(
    r"(?P<lot>(?:标包|标段|包|标)\s*[\d一二三四五六七八九十]{1,3})\s*的?\s*(?:中选人|中标人|成交人)\s*[:：]"
    r"|(?:^|\n)\s*(?:中选|中标|成交)(?:人|供应商|单位)\s*[:：]\s*(?=份额\s*\d)"
)
_PRICE = re.compile(
    r"(?P<label>(?:中标|成交|中选)(?:总)?(?:金额|价格?|报价)\s*(?:[（(](?:万元|元)[)）])?)\s*(?:为"
    r"|是)?\s*[:：]?\s*(?P<money>(?:人民币)?[￥¥]?[\d,，.]+\s*(?:（?(?:万元|元|亿元)）?)"
    r"|[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+元\S{0,6})"
)


def prose_entries(text: str) -> list[Entry]:
    """Winners named in sentences; the price is the one told in the same breath."""
    shares = _share_lines(text)
    if shares:
        return shares
    for pattern in _SENTENCES:
        found: list[Entry] = []
        for match in pattern.finditer(text):
            name = clean_party(match["name"])
            if name is None or not ends_like_party(name) or any(clean_party(entry.supplier) == name for entry in found):
                continue
            money = _PRICE.search(text, match.start(), match.end() + 200)
            amount = read_amount(money["money"], money["label"]) if money else NOTHING
            found.append(Entry(match["name"], amount, words=[match["name"], *([money["money"]] if money else [])]))
        if found:
            return found
    return []


def _share_lines(text: str) -> list[Entry]:
    """标包1的中选人： followed by its names, with or without shares (份额1：某公司，份额比例：50.48%), as China Mobile writes."""
    found: list[Entry] = []
    marks = list(_LOT_WINNERS.finditer(text))
    for mark, stop in zip(marks, [*(mark.start() for mark in marks[1:]), len(text)], strict=False):
        zone = text[mark.end() : stop]
        zone = re.split(r"\n(?=采购人|招标人|特此|公示|\d{4}年)", zone)[0]
        number = lot_number(mark["lot"] or "")
        shares = [(match["name"].strip(), match["share"]) for match in _SHARES.finditer(zone)]
        for name, share in shares or [(name, None) for name in _listed_names(zone)]:
            found.append(Entry(name, lot=number or 1, numbered=number is not None, share=share, words=[name]))
    return found


def _listed_names(zone: str) -> list[str]:
    lines = [re.sub(r"^\d{1,2}\s*[.、．]\s*", "", line.strip()) for line in zone.strip().split("\n")]
    names = [line for line in lines if clean_party(line) and ends_like_party(clean_party(line) or "")]
    joined = "".join(lines)
    return names or ([joined] if clean_party(joined) and ends_like_party(clean_party(joined) or "") else [])
