"""The shapes of heads and cells, as patterns, for tables whose borders were lost.

``序号供应商名称中标金额（元）`` is three heads. In ``1甲软件有限公司某市某路8号100.5万元`` the shapes of a name, an
address and a price show where one cell ends and the next begins.
"""

from __future__ import annotations

import re

from pipelines.lexicon import forms

_NUMERALS = "[一二三四五六七八九十]"

# --- Heads -------------------------------------------------------------------------------------------------------

_WON = forms.pattern("won_in_glued_head")
_PARTY = forms.pattern("party")
_FULL_NAME = forms.pattern("full_name_word")
_SUM = forms.pattern("price_glued_head")
# （元）, （人民币元）, （%）, （含税）
_UNIT_REMARK = r"(?:[（(](?:人民币)?(?:元|万元|%|元/%|万元/%|分|可填写下浮率、折扣率或费率|含税|不含税)[)）])?"
# The order of these matters: the first that fits is the head, and the next head begins after it.
_HEAD = (
    # 序号, 备注, 综合排名; 是否中标; 单位, which is no 单位名称
    rf"(?:{forms.pattern('plain_glued_head', 'result_glued_head')}|单位(?!名称)"
    # 标项编号, 标段, but not 标段1; 包号
    rf"|{forms.pattern('package_in_glued_head')}(?:号|编号|名称|(?![\d一二三四五六七八九十]))|包(?:号|编号|名称)"
    # 采购内容
    rf"|{forms.pattern('subject_glued_head')}"
    # 供应商统一社会信用代码; 供应商编码; 中标供应商联系地址
    rf"|(?:{_WON})?(?:供应商|单位)?(?:统一社会)?信用代码|供应商编码|(?:{_WON})?{_PARTY}?(?:联系)?地址"
    # 中标供应商名称; 供应商; 投标人名称
    rf"|{_WON}(?:{_PARTY}|商){_FULL_NAME}?|供应商{_FULL_NAME}?|{forms.pattern('bidding_glued_head')}{_PARTY}{_FULL_NAME}?"
    # 中标（成交金额）; 最终投标总报价（元）; 金额（万元）
    rf"|中标（成交金额）|{forms.pattern('won_in_glued_head', 'price_stage')}{{1,6}}(?:总)?{_SUM}{_UNIT_REMARK}"
    rf"|(?:金额|报价|总价){_UNIT_REMARK}"
    # 评审总得分（分）; 评审价格; 评审方法; 是否价格扣除
    rf"|{forms.pattern('kind_of_score')}?(?:总)?(?:得分|评分)(?:结果)?(?:[（(]分[)）])?|评审(?:报价|价格|价){_UNIT_REMARK}"
    rf"|{forms.pattern('evaluation_method_head')}|是否价格扣除)"
)
HEAD_ROW = re.compile(rf"(?:{_HEAD}\s*){{3,}}")
HEADS = re.compile(_HEAD)

# --- Names and addresses -----------------------------------------------------------------------------------------

# How an address begins: 中国（上海）…, 云南…, 某市…
PLACE = rf"(?:中国（|{forms.pattern('province_in_address')}|[\u4e00-\u9fff]{{1,12}}?{forms.pattern('place_ending')})"
COMPANY = "公司"
FIRM = forms.pattern("firm_in_glued_cell")
# 某大学 is not the name if 某大学设计研究院 is there.
NO_LONGER_INSTITUTE = rf"(?![\u4e00-\u9fff]{{0,8}}{forms.pattern('longer_institute')})"
BRANCH = rf"(?:[\u4e00-\u9fff（）()]{{1,14}}?{forms.pattern('branch_in_glued_cell')})?"  # 某市分公司
NO_BRANCH = rf"(?![\u4e00-\u9fff]{{2,10}}?{forms.pattern('branch_in_glued_cell')})"
NOTE = r"(?:[（(][^（）()]{2,60}[)）]|联合体){0,2}"  # （小微企业）, 联合体

# --- Prices ------------------------------------------------------------------------------------------------------

_UNIT = (
    # 万元, （人民币元）, 元/人）, 元/千tokens
    r"\s*(?:[（(]?\s*(?:人民币)?\s*(?:万元|元|亿元|%)(?:\s*/\s*[^（()）\d\n]{1,16}[)）]"
    r"|\s*/\s*[\u4e00-\u9fff·/]{0,8}(?:[Tt]okens?|[\u4e00-\u9fff]))?\s*[)）]?"
    # （含税）
    r"|[（(][^（()）\d]{1,12}[)）])"
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"  # 1,234.56, 1234.56
_PRICE_NAME = rf"(?:{forms.pattern('price_qualifier')}*{forms.pattern('price_noun')})"  # 投标总报价
_PRICE_LABEL = rf"(?:{_PRICE_NAME}(?:[（(][^（()）]{{1,12}}[)）])?\s*[:：]\s*)"  # 投标总报价（元）：
LABELLED = (
    # 报价：￥100万元（含税）; 下浮率5%
    rf"(?:{_PRICE_LABEL}[￥¥]?\s*(?:{_NUMBER})(?:{_UNIT}){{0,2}}"
    rf"|{forms.pattern('rate_before_number')}率?\s*(?:{_NUMBER})\s*%)"
)
WITH_UNIT = rf"[￥¥]?\s*(?:{_NUMBER})(?:{_UNIT}){{1,2}}"
# Not a house number, which has a part of the address next to it. Not the sum of a 单价：… without its name.
AFTER_FREE_TEXT = r"(?<![\d.\-－A-Za-z第:：])"
# A letter, a digit and a name begin the next row: B2乙软件有限公司.
_NOT_AN_ADDRESS = r"(?!\d*\s*(?:[号楼室层栋幢座弄组路期\-－]|[A-Za-z](?!\d{1,2}[\u4e00-\u9fff]{4})))"
BARE = rf"[￥¥]?\s*(?:{_NUMBER}){_NOT_AN_ADDRESS}"
# The fewest decimals that leave a complete score after them: 1050000.095.47 is 1050000.0 and 95.47.
BARE_BEFORE_SCORE = rf"[￥¥]?\s*(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+?)?|\d+(?:\.\d+?)?){_NOT_AN_ADDRESS}"
# How prices may be written in one table. The last is for packages with different prices: here a sum, there a rate.
AMOUNTS = (LABELLED, WITH_UNIT, BARE, rf"(?:{LABELLED}|{WITH_UNIT}|{BARE})")
# The words that a cell may point to are listed, so that the name after them is left alone: 详见报价表甲公司; 未公开.
_POINTER = rf"(?:详?见[\u4e00-\u9fff]{{0,4}}?{forms.pattern('pointed_to')}{{1,2}}|未公开)"
_STROKE = r"(?:(?<!\d)[/-]|[/-](?!\d)|无)"  # a stroke between digits is a house number: 8-2
NO_PRICE = rf"{_PRICE_LABEL}?(?:{_POINTER}|{_STROKE})"

# --- Scores and packages -----------------------------------------------------------------------------------------

# How scores may be written in one table. Its rows write them in the same way, but zeros at the end may be left out.
SCORES = (
    r"(?:100(?:\.0{1,2})?|[3-9]\d\.\d{2})",  # 100.00, 87.80
    r"(?:100(?:\.0{1,2})?|\d{1,2}\.\d{2})",  # 100.00, 7.80
    r"(?:100|\d{1,2}\.\d)",  # 100, 87.8
    r"\d{1,2}\.\d{3,4}",  # 87.803
    r"\d{1,3}",  # 87
    r"(?:100(?:\.0{1,2})?|\d{2}\.\d{1,2})",  # 87.8 beside 92.53
)
# What a cell says about who won: 中标, 未中标, √, 第一名. A stroke says nothing.
_NUMERAL = rf"(?:\d{{1,2}}|{_NUMERALS}{{1,2}})"
RANK = rf"(?:第{_NUMERAL}(?:名|{forms.pattern('won')}?候选{forms.pattern('party_in_column')})?|{_NUMERAL}|[-/√])"
RESULT = rf"(?:{forms.pattern('lost_cell', 'won_cell')}|{RANK}|合格|通过)"
# The name of a package that runs into its winner: up to the place that the winner is named after.
LOT_NAME_BEFORE_PLACE = re.compile(
    rf"(?:(?!公司|[:：]).){{4,}}?(?={PLACE}(?!有限|股份|分公司)[\u4e00-\u9fff（）]{{2,30}}公司)"
)
# Up to the package's own counter: 摄像机（一）某某有限公司. No organisation has a counter in its name.
LOT_NAME_WITH_COUNTER = re.compile(
    rf"(?:(?!公司)[^\n]){{2,60}}?[（(]{_NUMERALS}{{1,2}}[)）](?=[\u4e00-\u9fff（）]{{4,40}}?{FIRM})"
)
# In a table of winners so many packages in a row may be missing because they failed.
MOST_MISSING_ROWS = 3
