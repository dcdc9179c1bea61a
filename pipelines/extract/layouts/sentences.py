"""Results in sentences::

    经评审，确定甲软件有限公司为中标供应商，中标金额为100万元。

or with shares, as China Mobile writes them::

    标包1的中选人：份额1：甲软件有限公司，份额比例：60%；份额2：乙软件有限公司，份额比例：40%
"""

from __future__ import annotations

import re

from pipelines.extract.amounts import NOTHING, Amount, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.parties import supplier_names
from pipelines.extract.party_names import clean_party, ends_like_party
from pipelines.lexicon import forms
from pipelines.text.column_roles import lot_number
from pipelines.text.labelled_values import first

_PRICE_LABELS = forms.labels("price_label")
_WON = forms.pattern("won")
_PARTY = forms.pattern("party")
# 甲有限公司 | 某市分公司
_BRANCH = r"(?:[^\W\da-zA-Z_为是以与和及在被由]{0,10}(?:分公司|支公司|分行|支行|分院|分所|分店|研究院))?"
_FIRM = rf"[\u4e00-\u9fffA-Za-z（）()·]{{4,50}}?{forms.pattern('firm_in_sentence')}{_BRANCH}"
_NAME = rf"(?P<name>{_FIRM})"
# 甲公司、乙公司、丙公司
_NAMES = rf"(?P<name>{_FIRM}(?:、{_FIRM}){{0,20}})"
# 甲公司（60%）, 甲公司（牵头人）
_SHARE_OF_NAME = (
    rf"(?:[（(](?:[^（）()\n%]{{0,12}}\d{{1,3}}(?:\.\d{{1,4}})?%|{forms.pattern('role_in_consortium')}|联合体)[)）])?"
)
_NAMES_WITH_SHARES = rf"(?P<name>{_FIRM}{_SHARE_OF_NAME}(?:[、；;]\s*{_FIRM}{_SHARE_OF_NAME}){{0,20}})"
_CANDIDATE = r"(?:中标|成交)?候选(?:人|供应商)"
_SENTENCES = (
    re.compile(
        # 推荐, 顺延至第二名候选人, 现更正为
        rf"(?:{forms.pattern('choosing')}|顺延至?(?:原)?(?:第[二三]名?)?(?:中标|成交)?(?:候选人|候选供应商)?"
        r"|现(?:更正|变更)为)"
        # 第一中标候选人“甲公司”为本项目的中标供应商, 甲公司作为成交人
        rf"\s{{0,20}}+(?:排名第一的?|得分最高的?|第[一二三]{_CANDIDATE})?\s{{0,20}}+[“\"：:]?\s{{0,20}}+{_NAMES_WITH_SHARES}[”\"]?\s{{0,20}}+(?:为|作为|成为)"
        # Whoever is the second has not won: 推荐甲公司为本项目第二中标候选人
        r"(?![^。，\n]{0,12}第[二三四五2-5][^。，\n]{0,6}候选)"
        rf"(?:[^。\n]{{0,16}}{forms.pattern('won_or_shortlisted')}|[^。，,\n]{{0,16}}(?<!候选){forms.pattern('taken_on')})"
    ),
    # 确定由甲公司承担本项目, 本项目由甲公司承接
    re.compile(
        rf"(?:{forms.pattern('choosing')}|(?:本|该)(?:项目|采购)[^，,。；;\n]{{0,6}})由\s{{0,20}}+{_NAME}\s{{0,20}}+{forms.pattern('taking_on')}"
    ),
    # 由甲公司与乙公司组成的联合体中标
    re.compile(
        rf"由\s{{0,20}}+(?P<name>{_FIRM}(?:[、与和及]{_FIRM}){{1,4}}(?:共同)?组成的?联合体)[^。，,\n]{{0,8}}{_WON}"
    ),
    # 中标供应商为甲公司, 成交方是：甲公司, 中选人为：甲公司（份额60%）、乙公司（份额40%）
    re.compile(rf"{_WON}(?:{_PARTY}|方)(?:为|是)\s{{0,20}}+[:：]?\s{{0,20}}+{_NAMES_WITH_SHARES}"),
    re.compile(rf"{_WON}{_PARTY}(?:名称)?\s+{_NAME}(?=\s|$)"),  # 中标单位名称 甲公司
    re.compile(rf"由\s{{0,20}}+{_NAME}\s{{0,20}}+{_WON}"),  # 由甲公司中标
    re.compile(
        rf"(?:^|[\n。，,:：])\s{{0,20}}+由?\s{{0,20}}+{_NAME}\s{{0,20}}+(?:以|报价)[^。\n]{{0,40}}{_WON}"
    ),  # 甲公司以100万元中标, 甲公司报价最低，中标
    re.compile(
        # 甲公司综合得分第一，推荐为成交供应商
        rf"(?:^|(?<=[\n。，,：:]))\s{{0,20}}+{_NAME}[^。，,\n]{{0,16}}第一名?[，,]\s{{0,20}}+被?{forms.pattern('choosing')}为"
        rf"[^。，,\n]{{0,16}}{_WON}(?:{_PARTY}|[方商])"
    ),
    re.compile(
        # 甲公司为某银行保安项目的中标供应商。, 甲公司被确定为本项目成交单位，
        rf"(?:^|(?<=[\n。，,：:；;]))\s{{0,20}}+{_NAME}\s{{0,20}}+(?:被?[确选]定)?[为是]\s{{0,20}}+[^。，,；;：:\n]{{0,80}}?{_WON}(?:{_PARTY}|[方商])"
        r"(?=\s{0,20}+(?:[。，,；;\n]|$))"
    ),
    re.compile(rf"(?:^|(?<=[\n。])) {{0,20}}+{_NAME}{_WON}(?=\s{{0,20}}+[，,。；;\n])"),  # 甲公司中标，中标价：100万元
    # 甲公司、乙公司、丙公司三家单位入围本项目
    re.compile(
        rf"(?:^|(?<=[\n。，,：:；;])) {{0,20}}+{_NAMES} *等?(?:共?[一二三四五六七八九十\d]{{1,3}}家)?"
        rf"(?:{_PARTY}|公司|企业|机构)?(?:均|成功)?入围"
        rf"(?!{forms.pattern('announcement_in_title', 'won_result_rest')}|结果|名单)"
    ),
    re.compile(
        # A letter to the winner: 甲公司：, and below it 贵单位参加的某项目，经评审，被确定为成交供应商。
        r"(?:^|(?<=\n)) {0,20}+(?:致 {0,20}+[:：]? {0,20}+)?(?P<name>[^\n\t]{4,160}?) {0,20}+[:：]? {0,20}+\n"
        rf"(?=[^\n]{{0,40}}[你贵](?:单位|公司|方|司))(?![^\n]{{0,300}}[未没]被?{forms.pattern('choosing')})"
        rf"[^\n]{{0,300}}?(?:为|成为)[^。\n]{{0,80}}?{_WON}(?:{_PARTY}|[方商])"
    ),
)
_SHARE = re.compile(
    # 份额1：甲公司，份额比例：60%; 份额2：乙公司；中选份额：30%; 份额3：丙公司 份额 10%
    r"份额\s*(?P<no>\d+)\s*[:：]\s*(?P<name>[^，,；;\n]{4,60})[，,；;]?\s*(?:份额比例|中选份额|份额)\s*[:：]?\s*"
    r"(?P<share>\d{1,3}(?:\.\d+)?\s*%)"
)
_WINNERS_OF_LOT = re.compile(
    # 标包1的中选人：, 标2中标人：
    rf"(?P<lot>(?:{forms.pattern('package_before_number')}|标)\s*[\d一二三四五六七八九十]{{1,3}})\s{{0,20}}+(?:的\s{{0,20}}+)?{_WON}人\s*[:：]"
    # 中选人：份额1
    rf"|(?:^|\n)\s{{0,20}}+{_WON}{_PARTY}\s{{0,20}}+[:：]\s{{0,20}}+(?=份额\s*\d)"
)
_MONEY = r"(?:人民币)?\s*[￥¥]?\s*[\d,，.]+\s*(?:（?(?:万元|元|亿元)）?)(?:\s*[/／每][\u4e00-\u9fff]{1,3})?"
_PRICE = re.compile(
    # 中标金额为, 成交总价（万元）：, 中标（成交）金额：
    rf"(?P<label>(?:{_WON}(?:{forms.pattern('or_awarded')})?|合同|签约)总?(?:金额|价格?|报价)\s*(?:[（(][^（）()\n]{{1,10}}[)）])?)"
    r"\s*(?:为|是)?\s*[:：]?\s*"
    # 人民币（大写）：壹佰万元整, 共计100万元, 含税总价1000000.00元, 每年10万元
    rf"(?P<money>(?:{forms.pattern('called_total', 'tax_word', 'sum_word')}"
    r"|人民币|[大小]写|RMB|CNY|每年|[（()）:：￥¥\s])*+"
    # The rest of the clause: 49.9(万元), 10万元/年, 壹佰万元整（￥1000000.00）, 1000000元（其中不含税943396元，税率6%）
    r"[\d壹贰叁肆伍陆柒捌玖]"
    r"(?:[^，,。；;\n（(]|[，,](?=\s?\d{3}(?!\d)|\s*[（(]?[大小]写)|[（(][^（）()\n]{0,80}[)）])*+)"
)
# 以 | 100万元 | 的价格中标, 以总价￥1000000元成交
_PRICE_BEFORE_WON = re.compile(
    r"以(?P<label>(?:投标|最[终后低]|应答|响应|总)*(?:报?价格?|金额)?)\s*(?:为|是|[:：])?\s*"
    rf"(?P<money>{_MONEY})(?:\s*[（(][^（）()\n]{{0,40}}[)）])?\s*的?[\u4e00-\u9fff]{{0,6}}{_WON}"
)
# ，服务费 | 20万元, ，合作价格为 | 20万元/年
_PRICE_IN_CLAUSE = re.compile(
    rf"[^。\n]{{0,60}}?[，,；;]\s?(?P<label>[\u4e00-\u9fff]{{0,6}}{forms.pattern('price_word_after_name')})\s?(?:[为是]|[:：])?\s?"
    rf"(?P<money>{_MONEY})"
)
_NO_PRICE = re.compile(forms.pattern("no_price_label"))
_BEGINS_CLAUSE = re.compile(r"[^。；;，,\n]*$")
_LONGEST_CLAUSE = 40
_LONGEST_REST_OF_SENTENCE = 120
# The price of a sentence is in it or just after it.
_LONGEST_AFTER_NAME = 200
# 采购人：, 招标人：, 特此公告, 公示期, 2026年08月04日
_AFTER_WINNERS = re.compile(r"\n(?=采购人|招标人|特此|公示|\d{4}年)")
_LIST_NUMBER = re.compile(r"^\d{1,2}\s*[.、．]\s*")


def read_sentences(text: str) -> list[Entry]:
    """Return the winners that sentences name, each with the price in the same sentence or just after it.

    The forms of sentences are tried in order; the first that names a winner counts. Lists with shares are tried first.
    """
    shares = _read_winners_of_lots(text)
    if shares:
        return shares
    for sentence in _SENTENCES:
        matches = [match for match in sentence.finditer(text) if _names_parties(match["name"])]
        packages = [_package_before_name(text, match) for match in matches]
        are_packages = len(set(packages)) > 1 and None not in packages
        starts = [match.start("name") for match in matches]
        ends = [*starts[1:], len(text)] if are_packages else [len(text)] * len(matches)
        entries: list[Entry] = []
        for match, package, end in zip(matches, packages, ends, strict=True):
            lot = package if are_packages else None
            names = supplier_names(match["name"])
            if any(entry.lot == lot and supplier_names(entry.supplier) == names for entry in entries):
                continue
            amount = _price_after(text, match, end)
            words = [match["name"], *([amount.text] if amount.text else [])]
            entries.append(Entry(match["name"], amount, lot=lot, numbered=are_packages, words=words))
        if entries:
            return entries
    return []


def _names_parties(text: str) -> bool:
    names = supplier_names(text)
    return bool(names) and all(map(ends_like_party, names))


def _package_before_name(text: str, sentence: re.Match[str]) -> int | None:
    """Return the package that a sentence is about: 第二包由甲公司中标, 确定甲公司为包2中标供应商."""
    clause = _BEGINS_CLAUSE.search(text, max(0, sentence.start("name") - _LONGEST_CLAUSE), sentence.start("name"))
    before = clause.group() if clause else ""
    after = text[sentence.end("name") : sentence.end()]
    return next((number for part in (before, after) if (number := lot_number(part)) is not None), None)


def _price_after(text: str, sentence: re.Match[str], end: int) -> Amount:
    """Return the price in a sentence or just after it, before ``end``."""
    start, last = sentence.end(), min(end, sentence.end() + _LONGEST_AFTER_NAME)
    price = (
        _PRICE_BEFORE_WON.search(text, sentence.end("name"), start)
        or _PRICE.search(text, sentence.start(), last)
        or _price_in_same_sentence(text, start, last)
    )
    return read_amount(price["money"], price["label"]) if price else _labelled_price(text[start:last])


def _price_in_same_sentence(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the sum that a sentence about the winner ends with: …为本项目服务商，服务费20万元."""
    price = _PRICE_IN_CLAUSE.match(text, start, min(end, start + _LONGEST_REST_OF_SENTENCE))
    return None if price is None or _NO_PRICE.search(price["label"]) else price


def _labelled_price(after: str) -> Amount:
    """Return the price in the first field just after a sentence: 最终报价：100万元."""
    price = first(after, *_PRICE_LABELS)
    return read_amount(price.value, price.label, bare_unit=likely_unit(price.value)) if price else NOTHING


def price_in_sentence(text: str) -> Amount:
    """Return the only price of a winner in the sentences of a text: 确定第1名为成交供应商，成交价100万元."""
    prices = {match["money"]: read_amount(match["money"], match["label"]) for match in _PRICE.finditer(text)}
    disclosed = [price for price in prices.values() if price.kind != "undisclosed"]
    return disclosed[0] if len(disclosed) == 1 else NOTHING


def _read_winners_of_lots(text: str) -> list[Entry]:
    """Read 标包1的中选人： and the names after it, with or without shares (份额1：某公司，份额比例：50.48%)."""
    entries: list[Entry] = []
    marks = list(_WINNERS_OF_LOT.finditer(text))
    for mark, stop in zip(marks, [*(mark.start() for mark in marks[1:]), len(text)], strict=False):
        zone = _AFTER_WINNERS.split(text[mark.end() : stop])[0]
        number = lot_number(mark["lot"] or "")
        shares = [(match["name"].strip(), match["share"]) for match in _SHARE.finditer(zone)]
        for name, share in shares or [(name, None) for name in _listed_names(zone)]:
            entries.append(Entry(name, lot=number or 1, numbered=number is not None, share=share, words=[name]))
    return entries


def _listed_names(zone: str) -> list[str]:
    """Return the names of a list, one on each line. A single name may be broken over several lines."""
    lines = [_LIST_NUMBER.sub("", line.strip()) for line in zone.strip().split("\n")]
    return [line for line in lines if _is_party(line)] or [name for name in ["".join(lines)] if _is_party(name)]


def _is_party(text: str) -> bool:
    name = clean_party(text)
    return name is not None and ends_like_party(name)
