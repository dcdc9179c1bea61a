"""A search for personal data in what is stored and published, by other rules than those that remove it."""

from __future__ import annotations

import re
from collections.abc import Collection

_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖萧田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖金韦贾夏付傅方邹熊孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵覃钱戴严莫"
_NAME = rf"[{_FAMILY}][\u4e00-\u9fff]{{1,2}}"
_RULES = {
    "mobile phone": r"(?<![\w.])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\w)",
    "phone": r"(?<![\w-])0\d{2,3}[-—－ )）]{1,2}\d{7,8}(?!\d)",
    "labelled phone": r"(?:电话|传真|手机|热线)[^\n\d]{0,6}\d{7,}",
    "mail": r"[\w.+-]+ ?[@＠] ?[\w-]+\.[\w.]+",
    "identity paper": r"(?<!\w)[1-6]\d{5}(?:19[4-9]\d|20[01]\d)(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\w)|\d{6,7}\*{6,8}\d{3}[\dXx]",
    "chat": r"(?i)(?:微信|wechat|QQ)\s?[号群码]{0,2}[：:\s]{1,3}[A-Za-z0-9_-]{5,}",
    "bank account": r"(?<!\w)62\d{14,17}(?!\w)|(?:账号|帐号)[：:\s]{0,3}\d[\d ]{9,}",
    "jury": rf"(?:专家|评委|评审小组|委员会成员|磋商小组|谈判小组|代表|组长|监督人员?)[：:\s(（]{{1,3}}{_NAME}(?=$|[、，,\s（(；;。])",
    "list of names": rf"(?m)(?:(?<=[\s、，,：:（(])|^){_NAME}(?:[、，,]\s?{_NAME}){{2,}}(?=$|[\s、，,。；;（(])",
    "contact": rf"(?:联系人|联络人|经办人|负责人|项目经理|总监|主持人|记录人|编辑|发布人|招标人|采购人|代理机构)[：:][ 　]?{_NAME}(?=$|[、，,\s（(；;。\d])",
    "addressed": rf"(?<![\u4e00-\u9fff]){_NAME}(?:老师|先生|女士|科长|同志|教授)(?![\u4e00-\u9fff])",
    "staff cell": rf"(?m)(?:^|(?<=[\t、])){_NAME}(?:[（(][^（）()\n\t]{{1,20}}[)）])?[,，][^,，\t\n]{{0,40}}(?:员|证)[,，）)]",
    "numbers as address": r"地\s?址[：:\t ]{1,2}\d{7,8}(?:[、/]\d{7,8})?(?=[\t\n]|$)",
    "before a number": rf"(?<![\u4e00-\u9fff]){_NAME} ?[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]\d{{9}}",
    "addressee": rf"[（(][{_FAMILY}][\u4e00-\u9fff]?(?:工|总|经理|老师)[)）]\s?收",
    "staff": rf"(?<![\u4e00-\u9fff]){_NAME}(?:[,，]|[ 　]+)[^,，、\n]{{0,20}}(?:证书|职称|执业资格|注册\S{{2,8}}师)",
}
_ROLE = "联 ?系 ?人|经 ?办 ?人?|代表|专家|评委|组长|成员|负责人|项目经理|监督人?|联系方式|总监|建造师|主持人|记录人|编辑|姓名|管理人员|名单|咨询|初审|复审|终审"
_SEPARATE = re.compile(rf"(?<![\u4e00-\u9fff]){_NAME}(?![\u4e00-\u9fff])")
_BY_ROLE = re.compile(rf"(?:{_ROLE})[^\u4e00-\u9fff]{{0,12}}((?:{_NAME}[^\u4e00-\u9fff]{{1,6}}){{1,15}})")
# Words that follow such a word too and are no names.
_NO_NAMES = {
    "项目",
    "单位",
    "包组",
    "安全员",
    "施工员",
    "成果",
    "纪要",
    "管理局",
    "金额",
    "时间",
    "查看",
    "施工",
    "文件",
}
_EXPRESSIONS = {name: re.compile(rule) for name, rule in _RULES.items()}


def personal_data(text: str, numbers: Collection[str] = ()) -> list[str]:
    """Return what looks like personal data in a text, each with its kind. ``numbers`` are those of projects."""
    found = []
    for name, expression in _EXPRESSIONS.items():
        for match in expression.finditer(text):
            before = text[max(0, match.start() - 12) : match.start()]
            is_number = re.search(r"编号|编码|备案号", before) or any(match.group() in number for number in numbers)
            if not is_number:
                found.append(f"{name}: {match.group()}")
    return found


def names_by_role(page: str) -> set[str]:
    """Return the names that a page has after words such as 联系人 or 评审专家, and after further names."""
    text = re.sub(r"\s*\n\s*", "\n", re.sub(r"<[^<>]+>", "\n", page.replace("\\n", "\n").replace("&nbsp;", " ")))
    return {name for found in _BY_ROLE.finditer(text) for name in _SEPARATE.findall(found[1])} - _NO_NAMES


def separate_names(text: str) -> set[str]:
    """Return the separate words of a text that begin with a family name."""
    return set(_SEPARATE.findall(text))
