"""Contact persons, phones, mail addresses and the names of staff and experts leave a notice before anything is read or stored."""

from __future__ import annotations

import re

_LABELS = (
    r"[\u4e00-\u9fff]{0,8}?(?:联\s?系\s?人(?:员|姓名)?(?:及(?:联系)?(?:电话|方式))?|联\s?系\s?方\s?式"
    r"|联\s?系\s?电\s?话|经\s?办\s?人|负\s?责\s?人|咨询人|授权代表)"
    r"|[\u4e00-\u9fff]{0,8}?(?:电\s{0,8}话|传\s{0,8}真|手\s{0,8}机|邮\s{0,8}箱|邮\s?箱地址|电子邮[箱件]|邮\s?编|QQ"
    r"|E-?mail|e-?mail)"
    r"|项目经理|项目总监|总监理工程师|建造师|执业证书(?:信息|编号)?|注册证书编号|证书编号|法定代表人|初审|复审"
    r"|终审|[\u4e00-\u9fff]{0,8}人员(?:姓名|电话|邮箱)"
)
_FIELD = re.compile(
    rf"(?P<label>(?:^|(?<=[\n\t 　，,；;。、（(】]))(?:\d{{1,2}}\s*[.、]\s*)?(?:{_LABELS})"
    rf"(?:[（(][^（）()\n]{{0,12}}[)）])?\s*(?:[:：]|\t))[^\n\t]*?(?=\n|$|\t|[ 　]+(?:\d{{1,2}}\s*[.、．]"
    rf"|[一二三四五六七八九十]{{1,3}}、|[\u4e00-\u9fff]\s?[\u4e00-\u9fff]{{1,9}}\s*[:：]))",
    re.MULTILINE,
)
_EXPERTS = re.compile(
    r"(?P<label>(?:^|(?<=[\n ]))(?:[一二三四五六七八九十]{1,3}\s*[、.]\s*)?(?:评审专家(?:（[^）]*）)?名单"
    r"|评审专家名单|评审小组成员(?:名单)?|评标委员会成员(?:名单)?|评审委员会成员名单|评委名单|磋商小组成员名单"
    r"|谈判小组成员名单|评审专家\S{0,16}名单)[ 　\t]*[:：]?\t?)(?:[^\n]*?(?= [一二三四五六七八九十]{1,3}、)|[^\n]*)"
    r"(?:\n(?![一二三四五六七八九十]{1,3}\s*[、.]|[^\n]*[:：\t])[^\n]{1,300})*"
)
# Not behind 编号: agencies number their projects in the shape of phone numbers (0625-26217779).
# A name just before a number is its owner's.
_PHONE = re.compile(
    r"(?:(?<=[\s\d,，、:：])[\u4e00-\u9fff]{2,4}[\s,，]{0,3})?(?<![\dA-Za-z\-_/.])(?:1[3-9]\d{9}"
    r"|0\d{2,3}\s?[-－—]\s?\d{7,8}(?:\s?[-转]\s?\d{1,5})?|\(0\d{2,3}\)\s?\d{7,8}|（0\d{2,3}）\s?\d{7,8}"
    r"|400-\d{3}-?\d{4})(?![\dA-Za-z])"
)
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NUMBERED = re.compile(r"编号|编码|项目号|文件号|备案号")
_TITLED = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{1,3}(?:老师|先生|女士|小姐)(?![\u4e00-\u9fff])")
_PERSON_HEADS = re.compile(
    r"联系人|联系电话|电话|项目经理|项目负责人|执业证书|注册证书|证书编号|评委|专家|法定代表|授权代表|总监|建造师"
)

_STAFF_ROW = re.compile(
    r"(?:项目经理|管理人员|总监理?工程师|总监|负责人|劳务员|安全员|施工员|质量员|资料员|造价工程师|建造师|拟派人员"
    r"|班子成员|联系人)\s*[:：]?$"
)


def without_persons(body: str) -> str:
    """The body with every contact, staff and expert detail taken out; the labels stay, so that a reader sees what was there."""
    text = _EXPERTS.sub(lambda match: match["label"], body)
    text = "\n".join(_person_columns(text.split("\n")))
    text = _FIELD.sub(lambda match: match["label"], text)
    lines = []
    for line in text.split("\n"):
        cleaned = _MAIL.sub("", line)
        if not _NUMBERED.search(line):
            cleaned = _PHONE.sub("", cleaned)
        lines.append(_TITLED.sub("", cleaned))
    return "\n".join(lines)


def _person_columns(lines: list[str]) -> list[str]:
    """Empties the cells below heads such as 联系人 or 项目经理, and the cell beside such a label."""
    hidden: list[int] = []
    width = 0
    cleaned: list[str] = []
    for line in lines:
        if "\t" not in line:
            hidden = []
            cleaned.append(line)
            continue
        cells = line.split("\t")
        if _STAFF_ROW.search(cells[0]):
            cleaned.append(cells[0])
            continue
        named = [index for index, cell in enumerate(cells) if len(cell) <= 14 and _PERSON_HEADS.search(cell)]
        filled = [cell for cell in cells if cell]
        if named and len(filled) >= 3 and not any(re.search(r"\d{3,}", cell) or len(cell) > 24 for cell in cells):
            hidden, width = named, len(cells)
        elif named:
            for index in named:
                if index + 1 < len(cells):
                    cells[index + 1] = ""
        elif hidden and len(cells) == width:
            for index in hidden:
                cells[index] = ""
        cleaned.append("\t".join(cells))
    return cleaned
