"""The shapes of table cells, as patterns: heads, names, amounts, scores. Together they part cells whose borders were lost."""

from __future__ import annotations

import re

from pipelines.lexicon import forms

_WON = forms.pattern("won_in_glued_head")
_UNIT_REMARK = r"(?:[（(](?:人民币)?(?:元|万元|%|元/%|万元/%|分|可填写下浮率、折扣率或费率|含税|不含税)[)）])?"
_HEAD = (
    r"(?:序号|备注|排名|排序|名次|币种|单位(?!名称)"
    r"|(?:标项|标段|标包|包组|分包|合同包|采购包|品目|包件)(?:号|编号|名称|(?![\d一二三四五六七八九十]))|包(?:号"
    r"|编号|名称)|采购内容|项目名称|采购项目名称|服务内容"
    rf"|(?:{_WON})?(?:供应商|单位)?(?:统一社会)?信用代码|供应商编码|(?:{_WON})?(?:供应商|单位|人)?(?:联系)?地址"
    rf"|{_WON}(?:供应商|单位|人|商)(?:名称|全称)?|供应商(?:名称|全称)?|(?:投标|响应)(?:供应商|单位|人)(?:名称|全称)?"
    rf"|中标（成交金额）|(?:{_WON}|最终|最后|投标|磋商|谈判|响应|合同|总)+(?:总)?(?:金额|价格|报价|总价"
    rf"|价){_UNIT_REMARK}|(?:金额|报价|总价){_UNIT_REMARK}"
    rf"|(?:评审|综合|最终|最后|评标|技术|商务|价格)?(?:总)?(?:得分|评分)(?:结果)?(?:[（(]分[)）])?|评审(?:报价|价格"
    rf"|价){_UNIT_REMARK}|评审方法|评标方法|是否价格扣除)"
)
HEAD_ROW = re.compile(rf"(?:{_HEAD}\s*){{3,}}")
HEADS = re.compile(_HEAD)
PLACE = (
    r"(?:中国（|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西"
    r"|海南|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|内蒙古|香港|澳门|[\u4e00-\u9fff]{1,12}?(?:省|市|自治区|自治州"
    r"|地区|盟|县|区|镇|乡|街道|旗|路|大道|村))"
)
FIRM = (
    r"(?:公司|（有限合伙）|\(有限合伙\)|（普通合伙）|\(普通合伙\)|合伙企业|事务所|研究院|设计院|研究所|科学院|大学"
    r"|学院|协会|学会|联合会|合作社|出版社|经营部|经销部|服务部|维修部|商贸部|销售部|商行|商店|工作室|汽修厂|修理厂"
    r"|印刷厂|中心|超市|酒店|饭店|医院|银行|总站|大队|[厂店部行社院所站队处])"
)
BRANCH = r"(?:[\u4e00-\u9fff（）()]{1,14}?(?:分公司|支公司|分行|支行|营业部))?"
NOTE = r"(?:[（(][^（）()]{2,60}[)）]|联合体){0,2}"
_UNIT = (
    r"\s*(?:[（(]?\s*(?:人民币)?\s*(?:万元|元|亿元|%)(?:\s*/\s*[^（()）\d\n]{1,16}[)）]"
    r"|\s*/\s*[\u4e00-\u9fff·/]{0,8}(?:[Tt]okens?|[\u4e00-\u9fff]))?\s*[)）]?|[（(][^（）()\d]{1,12}[)）])"
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PRICE_NAME = (
    r"(?:(?:投标|最终|最后|首次|磋商|谈判|响应|应答|中标|成交|总价形式|总|含税|不含税|项目|合同|综合|年度?|固定|优惠"
    r"|下浮|上浮|折扣|费|服务费?|供货|本包|价格)*(?:报价|总价|金额|价格|单价|价|率|折扣|系数|比例|合计))"
)
LABELLED = (
    rf"(?:(?:{_PRICE_NAME}(?:[（(][^（()）]{{1,12}}[)）])?\s*[:：]\s*)[￥¥]?\s*(?:{_NUMBER})(?:{_UNIT}){{0,2}}"
    rf"|(?:下浮|折扣|优惠|费|让利)率?\s*(?:{_NUMBER})\s*%)"
)
WITH_UNIT = rf"[￥¥]?\s*(?:{_NUMBER})(?:{_UNIT}){{1,2}}"
# Not a house number: nothing of an address sticks to it. Nor the sum of a 单价：… without its name.
LOOSE = r"(?<![\d.\-－A-Za-z第:：])"
_ENDS = r"(?!\d*\s*[号楼室层栋幢座弄组路期\-－A-Za-z])"
BARE = rf"[￥¥]?\s*(?:{_NUMBER}){_ENDS}"
# The fewest decimals that still leave a whole score behind them: 1050000.095.47 is 1050000.0 and 95.47.
BARE_BEFORE_SCORE = rf"[￥¥]?\s*(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+?)?|\d+(?:\.\d+?)?){_ENDS}"
# What a cell points to is named, so that the name behind it is left alone. A stroke between digits is a house number.
_POINTED_TO = r"(?:附件|附表|文件|公告|正文|清单|报价表|一览表|明细表|结果|合同|下表|后附|说明|内容|其他)"
_POINTER = rf"(?:详?见[\u4e00-\u9fff]{{0,4}}?{_POINTED_TO}{{1,2}}|未公开)"
_STROKE = r"(?:(?<!\d)[/-]|[/-](?!\d)|无)"
NOT_SAID = rf"(?:{_PRICE_NAME}(?:[（(][^（()）]{{1,12}}[)）])?\s*[:：]\s*)?(?:{_POINTER}|{_STROKE})"
SCORES = (
    r"(?:100(?:\.0{1,2})?|[3-9]\d\.\d{2})",
    r"(?:100(?:\.0{1,2})?|\d{1,2}\.\d{2})",
    r"(?:100|\d{1,2}\.\d)",
    r"\d{1,2}\.\d{3,4}",
    r"\d{1,3}",
)
# The name of a package, glued to its winner: up to the place the winner is named for, or up to the package's own counter.
BEFORE_PLACE = re.compile(rf"(?:(?!公司|[:：]).){{4,}}?(?={PLACE}(?!有限|股份|分公司)[\u4e00-\u9fff（）]{{2,30}}公司)")
# 摄像机（一）某某有限公司: no organisation's name holds a counter.
COUNTED = re.compile(
    rf"(?:(?!公司)[^\n]){{2,60}}?[（(][一二三四五六七八九十]{{1,2}}[)）](?=[\u4e00-\u9fff（）]{{4,40}}?{FIRM})"
)
# So many packages in a row may have failed and have no row in a table of winners.
MOST_SKIPPED = 3
