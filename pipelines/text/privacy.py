"""Remove contact persons, phones, mail addresses, staff and experts from a notice before it is read or stored."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipelines.lexicon import forms
from pipelines.text.flattened_staff import FLATTENED_STAFF, without_flattened_staff
from pipelines.text.person_lists import without_listed_persons
from pipelines.text.sparse_search import SparseSearch

_NUMERALS = "一二三四五六七八九十"
_NUMERAL = f"[{_NUMERALS}]{{1,3}}"
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
# The label of something else after a mark in the same line: ，中标供应商：
_OTHER_LABEL = rf"[\u4e00-\u9fff]{{0,8}}{forms.pattern('other_label_word')}[\u4e00-\u9fff]{{0,4}}[:：]"
# The beginning of a line, or after a blank or a mark. As one assertion it is tried faster than as two.
_START = r"(?<![^\n\t 　，,；;。、（(】])"
_CONTACT = re.compile(
    # The label begins a line or follows a blank, a mark or a list number. It may have a remark: 2、联系人（采购）：
    rf"(?P<label>(?<![^\n\t 　，,；;。、（(）)】])(?:\d{{1,2}}\s*[.、]\s*)?(?:{_CONTACT_LABEL})"
    r"(?:[（(][^（）()\n]{0,12}[)）])?\s*(?:[:：]|\t))"
    # Its value ends with the line or cell, or where 2. or 三、 or the next label begins.
    rf"[^\n\t]*?(?=\n|$|\t|[ 　]+(?:\d{{1,2}}\s*[.、．]|{_NUMERAL}、"
    rf"|[\u4e00-\u9fff]\s?[\u4e00-\u9fff]{{1,9}}\s*[:：])|[，,；;。]\s?(?:{_OTHER_LABEL}|[（(]\d))",
    re.MULTILINE,
)
_CONTACTS = SparseSearch(
    _CONTACT,
    sign=re.compile(
        r"联\s?系|经\s?办\s?人|负\s?责\s?人|咨询人|授权代表|电\s{0,8}话|传\s{0,8}真|手\s{0,8}机|邮\s{0,8}箱|电子邮|邮\s?编"
        rf"|QQ|E-?mail|e-?mail|人员|{forms.alternatives('staff_label')}"
    ),
    before=lambda character: (
        "\u4e00" <= character <= "\u9fff" or character in ".、" or character.isspace() or character.isdigit()
    ),
    reach=24,
)
# The same with labels that are also heads of columns, so that only a colon makes them labels: 采购人代表：
_COLON_CONTACT = re.compile(
    rf"(?P<label>{_START}(?:\d{{1,2}}\s*[.、]\s*)?[\u4e00-\u9fff]{{0,8}}?"
    rf"{forms.pattern('person_label')}(?:[（(][^（）()\n]{{0,12}}[)）])?\s?[:：])"
    rf"[^\n\t]*?(?=\n|$|\t|[ 　]+(?:\d{{1,2}}\s*[.、．]|{_NUMERAL}、"
    rf"|[\u4e00-\u9fff]\s?[\u4e00-\u9fff]{{1,9}}\s*[:：])|[，,；;。]\s?{_OTHER_LABEL})",
    re.MULTILINE,
)
# 微信号：, 银行账号：. Such a value ends with the clause.
_IDENTIFIER = re.compile(
    rf"(?P<label>(?:^|(?<=[\n\t 　，,；;。、（(】|]))[\u4e00-\u9fff]{{0,4}}?{forms.pattern('identity_label')}"
    r"(?:[（(][^（）()\n]{0,12}[)）])?\s?[:：])[^\n\t，,。；;）)|]*?(?=[\n\t，,。；;）)|]|$|[ 　]+[\u4e00-\u9fff])",
    re.MULTILINE,
)
_HAS_COLON_CONTACT = re.compile(
    rf"{forms.pattern('person_label', 'identity_label', 'account_holder_label')}[^\n]{{0,14}}[:：]"
)
# A list of experts, up to the next part or label: 五、评审专家名单：张三、李四, also over several lines.
_EXPERTS = re.compile(
    rf"(?P<label>(?:^|(?<=[\n ]))(?:{_NUMERAL}\s*[、.]\s*)?"
    # 评审专家（单一来源采购人员）名单, 评审专家抽取名单
    rf"(?:评审专家(?:（[^）]*）)?名单|{forms.pattern('experts_label')}|评审专家\S{{0,16}}名单)[ 　\t]*[:：]?\t?)"
    rf"(?:[^\n]*?(?= {_NUMERAL}、)|[^\n]*)(?:\n(?!{_NUMERAL}\s*[、.]|[^\n]*[:：\t])[^\n]{{1,300}})*"
)
_LISTS_OF_EXPERTS = SparseSearch(
    _EXPERTS,
    sign=re.compile(rf"评审专家|{forms.alternatives('experts_label')}"),
    before=lambda character: character in f"{_NUMERALS}、." or character.isspace(),
    reach=16,
)
_NAME = rf"(?!{forms.pattern('no_given_name')}){forms.pattern('family_name')}"
# A name just before a phone number goes with it. After letters, digits or hyphens it is a project number: some agencies
# number their projects in the shape of phone numbers (0625-26217779).
_PHONE = re.compile(
    r"(?:(?<=[\s\d,，、:：])[\u4e00-\u9fff]{2,4}[\s,，]{0,3})?(?<![\dA-Za-z\-_/.])"
    # 010-62108094转8001 · 0571 8800 1122 · （010）6210-8094 · 0571-88001122/88001133
    r"(?:(?:\+?86[\s-]{0,2})?(?:\(0?\d{2,3}\)|（0?\d{2,3}）|0\d{2,3}(?=[\s－—–-]))[\s－—–-]{0,3}"
    r"\d{3,4}[\s－—–-]?\d{4}(?:\s?[-转]\s?\d{1,5})?(?:\s?[/、]\s?\d{7,8}(?![\d.,]|\s?[元万]))*"
    # 400-810-1996 · 800 810 1996
    r"|[48]00[\s-]\d{3,4}[\s-]?\d{3,4})(?![\dA-Za-z])"
)
# 13800000000 · 138 0000 1111 · 138-0000-1111 · +86 138 0000 1111 · 1380 000 1111
_MOBILE = re.compile(
    rf"(?:(?<=[\s\d，,、:：])[\u4e00-\u9fff]{{2,4}}[\s,，]{{0,3}}|^{_NAME}[\u4e00-\u9fff]{{1,2}}[\s,，]{{0,3}})?"
    r"(?<![\dA-Za-z\-_/.])(?<!\d[,，])"
    r"(?:[+＋]?\s?(?:00)?86[\s)）-]{0,2})?"
    r"1[3-9](?:\d{9}|\d[\s－—–.-]\d{4}[\s－—–.-]\d{4}|\d{2}[\s－—–-]\d{3}[\s－—–-]\d{4})(?![\dA-Za-z]|\.\d|\s?[万元])"
)
_MOBILE_START = re.compile(r"1[3-9]\d")
# How the numbers above begin.
# These and other searches of every line begin with the set of their first characters, so that they skip the rest fast.
_PHONE_START = re.compile(
    r"[0148（(](?:(?<=[（(])\+?\d|(?<![\dA-Za-z].)(?:(?<=1)[3-9]\d|(?<=0)\d\d|(?<=8)6|(?<=[48])00[\s-]))"
)
_LONG_RUN = re.compile(r"\d(?:\d{13}|(?<=6)2\d\d \d{4})")
# 一三八零零零零一一一一, 零五七一-八八零零一一二二. A year has four such numerals.
_SPELLED_PHONE = re.compile(
    r"[零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖](?:[\s－—–-]?[零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]){6,}"
)
# 18 digits with a day of birth inside: identity papers. Project numbers have days of this decade.
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z-])[1-6]\d{5}(?:19\d\d|200\d|201[0-5])(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z-])"
)
# Cards of Chinese banks: 6222 0000 1111 2222 333
_CARD = re.compile(r"(?<![\dA-Za-z.-])62\d{2}(?:\d{12,15}|(?:\s\d{4}){3}(?:\s\d{1,3})?)(?![\dA-Za-z.-])")
# someone@example.com, some.one＠example.cn, someone(at)example.cn, someone#example.com
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+(?:\s?[@＠]\s?|\s?[(（\[【]\s?(?:at|AT|@)\s?[)）\]】]\s?|#(?=[a-z0-9-]+\.(?:com|cn|net|org)))"
    r"[A-Za-z0-9-]+(?:[.。][A-Za-z0-9-]+)+"
)
_MAIL_SIGN = re.compile(r"[@＠#(（\[【](?:(?<=[@＠#])|\s?(?:at|AT)\s?[)）\]】])")
_NUMBER_LABEL = re.compile(forms.pattern("number_label_word"))
_ADDRESS = forms.pattern("form_of_address")
_FORM_OF_ADDRESS = re.compile(_ADDRESS)
_ADDRESSED_PERSON = re.compile(  # 张老师, 李先生
    rf"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{{1,3}}{_ADDRESS}(?![\u4e00-\u9fff])"
)
_TITLE = forms.pattern("form_of_address", "position")
_LEAD = re.compile(forms.pattern("person_lead", "contact_verb"))
# 联系人章某甲、李某乙，手机…; 采购人代表章某甲
_LED_PERSON = re.compile(
    rf"(?P<lead>{forms.pattern('person_lead')}(?:[为是]|[ 　])?)(?:[、和及 ]?{_NAME}[\u4e00-\u9fff]{{1,2}}"
    rf"(?:{_TITLE})?(?=$|[\s\d，,、和及。;；（(）)]|电话|手机|联系|微信|邮箱))+"
)
# 致电章工, 请联系章某甲女士, and a person before a phone number: 章经理 138…
_ADDRESSED_FURTHER = re.compile(
    rf"(?P<lead>(?:{forms.pattern('person_lead', 'contact_verb')})[为是： ]?){_NAME}[\u4e00-\u9fff]{{0,2}}?{_TITLE}"
    r"(?![\u4e00-\u9fff]{1,3}(?:公司|部门|单位))"
)
_TITLE_BEFORE_PHONE = re.compile(rf"{_TITLE}(?=[\s，,、:：（(]{{0,3}}(?:[+＋]?86)?[\s-]?(?:1[3-9]|0\d{{2}}))")
_BEFORE_PHONE = re.compile(rf"{_NAME}[\u4e00-\u9fff]{{0,2}}?{_TITLE_BEFORE_PHONE.pattern}")
# 开户名：章某甲. A company's name stays.
_HOLDER = re.compile(
    rf"(?P<label>{forms.pattern('account_holder_label')}\s?[:：\t]\s?)[\u4e00-\u9fff·]{{2,4}}(?=$|[\s，,；;、。（(])",
    re.MULTILINE,
)
# 联系人 on a line, its value on the next: 章某甲、李某乙, 88001122, some_buyer
_LABEL_LINE = re.compile(rf"(?:\d{{1,2}}\s?[.、]\s?)?{forms.pattern('label_line')}\s?[:：]?")
_VALUE_LINE = re.compile(
    rf"(?:{_NAME}[\u4e00-\u9fff]{{1,3}}(?:[、，, ](?={_NAME}))?){{1,6}}"
    r"|(?=[^\u4e00-\u9fff]*\d{5})[\d\s+()（）/、，,转－—-]{5,50}|[A-Za-z][\w.@-]{3,40}"
)
_CONTACT_HEAD = re.compile(forms.pattern("contact_head"))
_NUMBER_HEAD = re.compile(r"电\s*话|手\s*机|传\s*真|邮\s*[箱编]")
_CONTACT_VALUE = re.compile(r"[\d-]{5}|@|＠|[A-Za-z][\w-]{4}|[（(][+\d]|\d{3} ")
_PERSON_HEAD = re.compile(forms.pattern("person_head"))
# 某某,注册土木工程师·岩土,证件号码:42…、某某,其他,证件号码:42…
# 某某,某省专业技术职称证书,4205281********0013; 某某,,鲁2103…
_STAFF_CELL = re.compile(
    r"[,，]证件号码\s?[:：]|[,，]注册[\u4e00-\u9fff·]{2,14}师[,，]"
    r"|(?:^|(?<=[\t、]))[\u4e00-\u9fff·]{2,4}[,，]注册[\u4e00-\u9fff]{2,12}师[、·]"
    rf"|(?:^|(?<=[\t、]))[\u4e00-\u9fff·]{{2,4}}[,，](?:[^,，、\t]{{0,30}}{forms.pattern('paper_of_staff')}[^,，\t]{{0,12}}|其他|)"
    r"[,，][^,，、\t]{0,8}[\d*]{4}"
    # 章某某,质检员、施工员,04221…; 章某某（某路材料员）,其他、材料员,E3000…
    rf"|(?:^|(?<=[\t、])){_NAME}[\u4e00-\u9fff]{{1,2}}(?:[（(][^（）()\t]{{0,20}}[)）])?[,，]"
    r"(?:其他|[^,，、\t]{0,24}(?:员|师|证书?))(?:[（(][^（）()\t]{1,10}[)）])?(?=[,，、])(?=[^\t]{0,200}?\d{4})"
)
# 136********1722, 4205281********001X
_MASKED = re.compile(r"(?<![\dA-Za-z*])\d{3,7}\*{3,12}\d{2,4}[\dXx]?(?![\dA-Za-z*])")
# 某某 执业资格类型：
_CERTIFIED = re.compile(
    r"(?<![\u4e00-\u9fff\d])[\u4e00-\u9fff·]{2,4}"
    rf"(?=[ 　]{{1,3}}[\u4e00-\u9fff]{{0,4}}{forms.pattern('paper_label')})"
)
# 招标人：某某； 代理机构：某某 under a notice. The label goes too: else the next word would be its value.
_SIGNED = re.compile(
    rf"(?:^|(?<![ 　])[ 　]++|(?<=[\s；;，,。]))[\u4e00-\u9fff]{{0,4}}?{forms.pattern('signing_party')}"
    rf"\s?[:：]\s?{_NAME}[\u4e00-\u9fff]{{1,2}}(?=$|[\s；;，,。])"
)
# 专家为：某某、某某; 项目问询：某某、某某
_LISTED_AFTER = re.compile(
    rf"(?P<lead>{forms.pattern('persons_follow')}\s?[:：]\s?)[\u4e00-\u9fff·]{{2,4}}(?:\s?[、，,]\s?[\u4e00-\u9fff·]{{2,4}}){{1,12}}(?=$|[\s、，,。；;])"
)
# 章某甲的社保证明材料显示所在单位非投标人
_OWNER_OF_PAPER = re.compile(
    rf"(?<![\u4e00-\u9fff]){_NAME}[\u4e00-\u9fff]{{1,2}}(?<![员人方者师理])(?=的{forms.pattern('paper_of_person')})"
)
# 服务热线4000000000, 咨询 QQ 群：100000000
_LED_NUMBER = re.compile(
    rf"(?P<lead>{forms.pattern('number_lead')}[\s:：、，,]{{0,4}})\d[\d -]{{5,14}}\d(?:\s?[、/]\s?\d[\d -]{{5,14}}\d)*+"
    r"(?![\d.]|\s?[万元])"
)
# 地址：88001122、88001133; 代理机构信息（如有） 8800112. A phone number in place of an address.
_NUMBER_AS_ADDRESS = re.compile(
    r"(?P<label>(?:地\s?址\s?[:：\t]|机构信息\s?(?:[（(]如有[)）])?)\s?)(?!20[12]\d[01]\d)\d{7,8}(?:\s?[、/]\s?\d{7,8})*+(?=[\t\n]|$)"
)
# 某某公司（章工）收
_RECIPIENT = re.compile(rf"(?<=[（(]){_NAME}[\u4e00-\u9fff]?{_TITLE}(?=[)）]\s?收)")
# Each of these begins with the set of its first characters. As one expression they would be searched slowly.
_FURTHER_WORD = re.compile(forms.pattern("number_lead", "paper_label", "paper_of_person", "persons_follow"))
_SIGNING_LABEL = re.compile(rf"{forms.pattern('signing_party')}\s?[:：]")
_LONGEST_PERSON_HEAD = 14
_LONGEST_NUMBER_LABEL = 14
_LONGEST_NUMBER_LINE = 120  # a longer one may be a complete page that lost its lines
_LONGEST_LABEL_LINE = 14
_STAFF_ROW = re.compile(rf"{forms.pattern('staff_row')}\s*[:：]?$")
# A row of heads has no long numbers, no long texts and no labels with a colon.
_LONG_NUMBER = re.compile(r"\d{3,}")
_LONGEST_HEAD = 24
_FEWEST_HEADS = 3
_SHORT = 100  # characters


def without_persons(body: str) -> str:
    """Return the body without details of contacts, staff and experts. Their labels stay, to show what was there."""
    text = _LISTS_OF_EXPERTS.sub(_keep_label, body)
    lines = without_listed_persons(text.split("\n"))
    text = "\n".join(_without_person_cells(_without_values_below_labels(lines)))
    text = _NUMBER_AS_ADDRESS.sub(_keep_label, _CONTACTS.sub(_without_contact, text))
    signs = _Signs.of(text)
    if not any(signs):
        return text
    return "\n".join(
        _cleaned_short_line(line, signs) if len(line) <= _SHORT else _cleaned_line(line, signs)
        for line in text.split("\n")
    )


def _cleaned_line(line: str, signs: _Signs) -> str:
    """Return a line without persons. A line that lost something is read again: a name may now follow its label."""
    cleaned = _without_numbers_and_names(line, signs)
    return cleaned if cleaned == line else _without_numbers_and_names(cleaned, signs)


# Most short lines are those of the form, the same in notice after notice.
_cleaned_short_line = lru_cache(maxsize=16_384)(_cleaned_line)


def _without_contact(match: re.Match[str]) -> str:
    """Return the label of a contact alone. A cell such as 手机 may be what is bought: its neighbour tells."""
    label, value = match["label"], match.group()[len(match["label"]) :]
    is_bought = label.endswith("\t") and _NUMBER_HEAD.search(label) and not _CONTACT_VALUE.search(value)
    return match.group() if is_bought else label


def _keep_label(match: re.Match[str]) -> str:
    return match["label"]


class _Signs(NamedTuple):
    """Which kinds of personal data a text may hold. Most texts show few signs, which saves looks at their lines."""

    label: bool
    mail: bool
    phone: bool
    lead: bool
    long_number: bool
    spelled_phone: bool
    form_of_address: bool
    further: bool
    flattened_staff: bool

    @classmethod
    def of(cls, text: str) -> _Signs:
        expressions = (
            _HAS_COLON_CONTACT,
            _MAIL_SIGN,
            _PHONE_START,
            _LEAD,
            _LONG_RUN,
            _SPELLED_PHONE,
            _FORM_OF_ADDRESS,
        )
        shown = [expression.search(text) is not None for expression in expressions]
        return cls(*[*shown, _has_further_sign(text), FLATTENED_STAFF.search(text) is not None])


def _without_numbers_and_names(line: str, signs: _Signs) -> str:
    """Return a line without persons after further labels, and without numbers, addresses and names without a label."""
    if signs.label and ("：" in line or ":" in line) and _HAS_COLON_CONTACT.search(line):
        for expression in (_COLON_CONTACT, _IDENTIFIER, _HOLDER):
            line = expression.sub(_keep_label, line)
    if signs.mail and _MAIL_SIGN.search(line):
        line = _MAIL.sub("", line)
    has_phone = signs.phone and _PHONE_START.search(line) is not None
    if has_phone and _TITLE_BEFORE_PHONE.search(line):
        line = _BEFORE_PHONE.sub("", line)
    if signs.lead and _LEAD.search(line):
        line = _LED_PERSON.sub(_keep_lead, _ADDRESSED_FURTHER.sub(_keep_lead, line))
    if (has_phone or signs.spelled_phone) and (len(line) > _LONGEST_NUMBER_LINE or not _NUMBER_LABEL.search(line)):
        if has_phone:
            line = _PHONE.sub(_unless_number, line)
        if signs.spelled_phone:
            line = _SPELLED_PHONE.sub(_unless_number, line)
    if signs.long_number and _LONG_RUN.search(line):
        line = _CARD.sub(_unless_number, _IDENTITY.sub(_unless_number, line))
    if signs.further and _has_further_sign(line):
        line = _LED_NUMBER.sub(_keep_lead, _CERTIFIED.sub("", _MASKED.sub(_unless_number, line)))
        line = _OWNER_OF_PAPER.sub("", _SIGNED.sub("", _LISTED_AFTER.sub(_keep_lead, line)))
        line = _RECIPIENT.sub("", line)
    if signs.flattened_staff:
        line = without_flattened_staff(line)
    if has_phone and _MOBILE_START.search(line):
        line = _MOBILE.sub(_unless_number, line)
    if signs.form_of_address and _FORM_OF_ADDRESS.search(line):
        return _ADDRESSED_PERSON.sub("", line)
    return line


def _has_further_sign(text: str) -> bool:
    return (
        "***" in text
        or "）收" in text
        or ")收" in text
        or bool(_FURTHER_WORD.search(text) or _SIGNING_LABEL.search(text))
    )


def _keep_lead(match: re.Match[str]) -> str:
    return match["lead"]


def _unless_number(match: re.Match[str]) -> str:
    """Return a number unchanged right after the label of a number: 项目编号：13800000000."""
    before = match.string[max(0, match.start() - _LONGEST_NUMBER_LABEL) : match.start()]
    return match.group() if _NUMBER_LABEL.search(before) else ""


def _without_values_below_labels(lines: list[str]) -> list[str]:
    """Empty the line below a label that is alone on its line, if it has names, a number or an address of a person."""
    for at in range(1, len(lines)):
        above = lines[at - 1]
        if len(above) <= _LONGEST_LABEL_LINE and _LABEL_LINE.fullmatch(above) and _VALUE_LINE.fullmatch(lines[at]):
            lines[at] = ""
    return lines


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
        if ("，" in line or "," in line) and _STAFF_CELL.search(line):
            cells = ["" if _STAFF_CELL.search(cell) else cell for cell in cells]
        if _STAFF_ROW.search(cells[0]):
            cleaned.append(cells[0])
            continue
        persons = [
            column
            for column, cell in enumerate(cells)
            if len(cell) <= _LONGEST_PERSON_HEAD
            and (_PERSON_HEAD.search(cell) or (_CONTACT_HEAD.search(cell) and _is_head_of_contact(cells, column)))
        ]
        filled = [cell for cell in cells if cell]
        has_data = any(_LONG_NUMBER.search(cell) or len(cell) > _LONGEST_HEAD or cell[-1:] in ":：" for cell in filled)
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


def _is_head_of_contact(cells: list[str], column: int) -> bool:
    """Return whether a cell such as 手机 is a head or a label, and not what is bought: its neighbour may tell."""
    following = cells[column + 1] if column + 1 < len(cells) else ""
    return bool(_CONTACT_VALUE.search(following)) or not any(_LONG_NUMBER.search(cell) for cell in cells)
