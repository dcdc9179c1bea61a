"""Remove contact persons, phones, mail addresses, staff and experts from a notice before it is read or stored."""

from __future__ import annotations

import re

from pipelines.lexicon import forms

_NUMERAL = "[一二三四五六七八九十]{1,3}"
# Labels of contact details, with an example of each alternative.
_CONTACT_LABEL = (
    # 项目联系人, 联 系 人员姓名, 采购人联系人及电话
    r"[\u4e00-\u9fff]{0,8}?(?:联\s?系\s?人(?:员|姓名)?(?:及(?:联系)?(?:电话|方式))?"
    # 采购单位联系方式, 联 系 电 话, 经办人, 项目负责人, 咨询人, 授权代表
    r"|联\s?系\s?方\s?式|联\s?系\s?电\s?话|经\s?办\s?人|负\s?责\s?人|咨询人|授权代表)"
    # 电　　话, 传 真, 手机, 电子邮箱, 邮箱地址, 电子邮件, 邮编, QQ, E-mail
    r"|[\u4e00-\u9fff]{0,8}?(?:电\s{0,8}话|传\s{0,8}真|手\s{0,8}机|邮\s{0,8}箱|邮\s?箱地址|电子邮[箱件]|邮\s?编|QQ"
    r"|E-?mail|e-?mail)"
    # 项目经理, 法定代表人, 初审 …
    rf"|{forms.pattern('staff_label')}"
    # 管理人员姓名, 工作人员电话
    r"|[\u4e00-\u9fff]{0,8}人员(?:姓名|电话|邮箱)"
)
_CONTACT = re.compile(
    # The label begins a line or follows a blank, a mark or a list number. It may have a remark: 2、联系人（采购）：
    rf"(?P<label>(?:^|(?<=[\n\t 　，,；;。、（(】]))(?:\d{{1,2}}\s*[.、]\s*)?(?:{_CONTACT_LABEL})"
    r"(?:[（(][^（）()\n]{0,12}[)）])?\s*(?:[:：]|\t))"
    # Its value ends with the line or cell, or where 2. or 三、 or the next label begins.
    rf"[^\n\t]*?(?=\n|$|\t|[ 　]+(?:\d{{1,2}}\s*[.、．]|{_NUMERAL}、"
    r"|[\u4e00-\u9fff]\s?[\u4e00-\u9fff]{1,9}\s*[:：]))",
    re.MULTILINE,
)
# A list of experts, up to the next part or label: 五、评审专家名单：张三、李四, also over several lines.
_EXPERTS = re.compile(
    rf"(?P<label>(?:^|(?<=[\n ]))(?:{_NUMERAL}\s*[、.]\s*)?"
    # 评审专家（单一来源采购人员）名单, 评审专家抽取名单
    rf"(?:评审专家(?:（[^）]*）)?名单|{forms.pattern('experts_label')}|评审专家\S{{0,16}}名单)[ 　\t]*[:：]?\t?)"
    rf"(?:[^\n]*?(?= {_NUMERAL}、)|[^\n]*)(?:\n(?!{_NUMERAL}\s*[、.]|[^\n]*[:：\t])[^\n]{{1,300}})*"
)
# A name just before a phone number goes with it. After letters, digits or hyphens it is a project number: some agencies
# number their projects in the shape of phone numbers (0625-26217779).
_PHONE = re.compile(
    r"(?:(?<=[\s\d,，、:：])[\u4e00-\u9fff]{2,4}[\s,，]{0,3})?(?<![\dA-Za-z\-_/.])"
    # 13800000000 · 010-62108094转8001 · (010)62108094 · （010）62108094 · 400-810-1996
    r"(?:1[3-9]\d{9}|0\d{2,3}\s?[-－—]\s?\d{7,8}(?:\s?[-转]\s?\d{1,5})?|\(0\d{2,3}\)\s?\d{7,8}|（0\d{2,3}）\s?\d{7,8}"
    r"|400-\d{3}-?\d{4})(?![\dA-Za-z])"
)
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NUMBER_LABEL = re.compile(forms.pattern("number_label_word"))
_ADDRESSED_PERSON = re.compile(  # 张老师, 李先生
    rf"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{{1,3}}{forms.pattern('form_of_address')}(?![\u4e00-\u9fff])"
)
_PERSON_HEAD = re.compile(forms.pattern("person_head"))
_LONGEST_PERSON_HEAD = 14
_STAFF_ROW = re.compile(rf"{forms.pattern('staff_row')}\s*[:：]?$")
# A row of heads has no long numbers and no long texts.
_LONG_NUMBER = re.compile(r"\d{3,}")
_LONGEST_HEAD = 24
_FEWEST_HEADS = 3


def without_persons(body: str) -> str:
    """Return the body without details of contacts, staff and experts. Their labels stay, to show what was there."""
    text = _EXPERTS.sub(lambda match: match["label"], body)
    text = "\n".join(_without_person_cells(text.split("\n")))
    text = _CONTACT.sub(lambda match: match["label"], text)
    lines = []
    for line in text.split("\n"):
        cleaned = _MAIL.sub("", line)
        if not _NUMBER_LABEL.search(line):
            cleaned = _PHONE.sub("", cleaned)
        lines.append(_ADDRESSED_PERSON.sub("", cleaned))
    return "\n".join(lines)


def _without_person_cells(lines: list[str]) -> list[str]:
    """Empty the cells below heads such as 联系人 or 项目经理, and the cell after such a label."""
    person_columns: list[int] = []
    width = 0
    cleaned: list[str] = []
    for line in lines:
        if "\t" not in line:
            person_columns = []
            cleaned.append(line)
            continue
        cells = line.split("\t")
        if _STAFF_ROW.search(cells[0]):
            cleaned.append(cells[0])
            continue
        persons = [
            column
            for column, cell in enumerate(cells)
            if len(cell) <= _LONGEST_PERSON_HEAD and _PERSON_HEAD.search(cell)
        ]
        filled = [cell for cell in cells if cell]
        has_data = any(_LONG_NUMBER.search(cell) or len(cell) > _LONGEST_HEAD for cell in cells)
        if persons and len(filled) >= _FEWEST_HEADS and not has_data:
            person_columns, width = persons, len(cells)
        elif persons:
            for column in persons:
                if column + 1 < len(cells):
                    cells[column + 1] = ""
        elif person_columns and len(cells) == width:
            for column in person_columns:
                cells[column] = ""
        cleaned.append("\t".join(cells))
    return cleaned
