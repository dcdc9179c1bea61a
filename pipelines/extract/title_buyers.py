"""The buyer at the head of a title or project name, for notices that name it nowhere else.

Operators, power grids and many companies write 甲电网有限责任公司2026年智能体采购项目 and never name the buyer again.
The name is read only if its end is certain. An agency, a place alone or the beginning of what is bought is no buyer.
"""

from __future__ import annotations

import re
from functools import cache

from pipelines.extract.party_names import ends_like_party
from pipelines.lexicon import divisions, forms
from pipelines.text.evidence import FieldValue

_LONGEST_HEAD = 90
_SHORTEST_NAME, _LONGEST_NAME = 4, 45
_LONGEST_PLACE = 12

# What may be before the buyer's name, with an example of each alternative.
_OPENINGS = re.compile(
    r"(?:"
    r"[\[［【（(〔][^\[\]［］【】（）()〔〕]{1,16}[\]］】）)〕]"  # [国企采购], 【重庆】
    r"|[\[［【“\"《]"  # 【2026年某分公司某项目】询比公告
    # 2026年, 2026-2028年度, 2025年至2027年, 2026年7-12月
    r"|20\d\d\s*(?:年度?)?(?:\s*[-—–~～至到]+\s*20\d\d\s*)?(?:年度?)?(?:\d{1,2}(?:-\d{1,2})?月)?"
    r"|(?:关于)?(?:公开|再次)?(?:征集|征求|征询|发布|公布)|关于"  # 关于征集, 再次征集, 征求
    r"|[A-Za-z\[\]-]{0,16}\d[A-Za-z0-9\[\]-]{3,30}\s+"  # ZB2025-0001 某局…
    r"|[\s:：—_·.-]+"
    r")"
)
# 甲招标代理有限公司关于某局…, 某市公共资源交易中心关于…
_ANNOUNCER = re.compile(r"(?P<announcer>[^，。；;:：]{4,40}?)关于(?:公布|发布|组织|开展)?(?=.{4})")
_AGENCY = re.compile(forms.pattern("agency_in_title"))
_PLACE_OF_TRADE = re.compile(forms.pattern("public_trade_place"))

_NAME = r"[\u4e00-\u9fffA-Za-z（）()·]"
# 甲银行股份有限公司食堂外包项目评审工作已结束，现将结果公告如下：; 甲银行股份有限公司就食堂外包项目组织了谈判
_ANNOUNCES = re.compile(
    r"(?:项目|采购|招标)[^。]{0,80}?(?:现将|公[告示]如下|(?:评[标审]|采购|招标)(?:工作)?(?:已|活动)|已(?:完成)?(?:评[标审]|采购|招标|结束)"
    r"|于\s?20\d\d年|(?:组织|进行|开展)了|经(?:评审|评标|谈判|磋商|比选))"
)
# 甲公司为 | 某银行股份有限公司保安项目的中标供应商
_WINNER_OF_BUYER = re.compile(
    rf"公司(?:被?[确选]定)?为\s?(?P<of>[^，,。；;：:\n]{{4,80}}项目)的?{forms.pattern('won')}{forms.pattern('party')}"
)
_WINS = re.compile(r"[（(]?(?:为|以|是|被|中标|成交|中选|报价|受|[，,：:、；;])")
_OPENING_LINES, _SHORTEST_OPENING = 12, 20
_COMPANY_END = re.compile(
    # 有限责任公司, 股份公司; 甲公司, but not 公司级, 公司制, 公司治理
    r"公司(?![级制治])"
)
_COMPANY_AFTER = re.compile(rf"{_NAME}{{0,14}}?(?:有限|股份)(?:责任)?公司")
_INSTITUTION_END = re.compile(
    rf"(?P<sure>{forms.pattern('sure_buyer_ending')})|(?P<local>{forms.pattern('local_buyer_ending')})"
)
# 中心医院, 中心小学, 银行业, 银行间, 局域网, 集团化: these words end no name. 某局 | 面向… does.
_GOES_ON = re.compile(
    r"中心(?:医院|小学|幼儿园|学校|卫生院|血站|支行|城区)|银行(?:业|间|卡)|局(?:域|部|面(?!向)|级|长)|集团(?:军|化)|研究院校"
    r"|人民政府办公[室厅]"
)
# 某市数据中心, 县中小学; but a city's 大数据中心 is an office
_NO_INSTITUTION = re.compile(rf"(?<!大)(?:{forms.pattern('facility_ending')}|中小学)$")
_ONLY_NAME = re.compile(rf"{_NAME}+")
# 含所属队站, 原某医院; an alias with a word of what is bought
_NO_OTHER_NAME = re.compile(rf"^(?:含|包括|原|简称)|{forms.pattern('never_in_institution')}")
_NEVER = re.compile(forms.pattern("never_in_institution"))
_NEVER_IN_COMPANY = re.compile(forms.pattern("never_in_company"))
_SUBJECT = re.compile(forms.pattern("subject_at_head"))
_BUILT = re.compile(forms.pattern("built_after_name"))
_NATIONAL = re.compile(forms.pattern("national_head"))
_PLACE_SHAPE = re.compile(r"[\u4e00-\u9fff]{2,6}?[省市县区州旗镇乡盟]")  # 石泉市, 琼岛省
_ONE_PLACE = re.compile(r"[\u4e00-\u9fff]{2,3}[省市县区]")

_BRANCH = re.compile(rf"[\u4e00-\u9fff（）()]{{2,12}}?{forms.pattern('branch_in_title')}")
# 甲公司 | 研究院, 中国移动 | 政企事业部2026年: a longer name must be before the year.
_DEPARTMENT = re.compile(
    rf"研究院(?!{forms.pattern('not_department')})|[\u4e00-\u9fff]{{0,8}}?{forms.pattern('department_in_title')}(?=20\d\d)"
)
_BANK_OFFICE = re.compile(rf"[\u4e00-\u9fff（）()]{{0,12}}?{forms.pattern('bank_office')}")
_POWER_COMPANY = re.compile(r"电网|电力|国网|供电")
_POWER_BRANCH = re.compile(r"[\u4e00-\u9fff]{2,10}?供电(?:公司|局|分公司)")
# A company of a company: 某电网有限责任公司超高压输电公司
_SUBSIDIARY = re.compile(r"[\u4e00-\u9fff]{2,8}?(?<!某)(?<!供电)公司")
_AFTER_UNIVERSITY = re.compile(rf"{_NAME}{{0,16}}?{forms.pattern('institute_after_university')}(?!项目)")
_AFTER_AUTHORITY = re.compile(rf"{_NAME}{{0,14}}?{forms.pattern('body_after_authority')}")
_MAY_HAVE_BODIES = re.compile(
    r"(?:科学院|总局|总队|支队|总站|海关|部|^(?:国家|中国).{2,8}局|地震局|公安局|体育局|疾病预防控制中心|勘查局|委员会|联合会|科协)$"
)
_CAMPUS_OF_NAME = re.compile(r"[（(](?:北京|武汉|华东|上海|深圳|广州|珠海|徐州|保定|青岛)[)）]")  # 某大学（北京）
_OTHER_NAME = re.compile(r"[（(](?P<name>[^（）()]{4,40})[)）]")  # 某市中心医院（某大学附属医院）
_OWN_LEVEL = re.compile(r"本级|[（(]本级[)）]")

# 中国移动, 国网某省电力
_BRAND = re.compile(rf"(?:{forms.pattern('operator_brand')}|国网[\u4e00-\u9fff]{{2,3}}电力)(?!学院|博物馆|大学)")
_LOCAL_OPERATOR = re.compile(
    # 某省移动2026年…, 某市电信某客户…; not 移动互联网, 移动办公
    rf"(?P<operator>(?P<place>[\u4e00-\u9fff]{{2,5}}?){forms.pattern('local_operator')})"
    r"(?!互联|应急|终端|办公|通信|硬盘|式|端|支付|医疗|警务|电源|护理|基站|有限|股份|集团)"
    # 某省移动征集某市分公司…, 某省移动征某市分公司…, 某省移动再次征集…
    r"(?:(?:再次)?征集?(?:关于)?(?P<branch>[\u4e00-\u9fff]{2,8}?分公司)?)?"
)


def buyer_in_title(title: str | None, project_name: str | None) -> FieldValue | None:
    """Return the buyer that a title or a project name begins with, with the words that name it. None if there is none.

    >>> buyer_in_title("2026年甲电网有限责任公司某市供电局智能体采购项目成交公告", None).value
    '甲电网有限责任公司某市供电局'
    >>> buyer_in_title("大模型应用研究院平台采购项目成交公告", None)
    """
    return (
        _before_project_name(title, project_name)
        or _at_head(title or "")
        or (_at_head(project_name) if project_name else None)
    )


def buyer_in_opening(body: str) -> FieldValue | None:
    """Return the company that the sentence announcing a result begins with, or whose project its winner won.

    None if there is no such sentence.

    >>> text = "甲银行股份有限公司某市分行食堂外包项目评审工作已结束，现将结果公告如下："
    >>> buyer_in_opening(text).value
    '甲银行股份有限公司某市分行'
    """
    for line in body.split("\n")[:_OPENING_LINES]:
        text = line.strip()
        winner = _WINNER_OF_BUYER.search(text)
        if winner is not None and (name := _company_at_head(winner["of"])) is not None:
            return FieldValue(name, name)
        if len(text) < _SHORTEST_OPENING or not _ANNOUNCES.search(text):
            continue
        name = _company_at_head(text[:_LONGEST_HEAD])
        if name is not None and _COMPANY_END.search(name) and not _WINS.match(text, len(name)):
            return FieldValue(name, name)
    return None


def _before_project_name(title: str | None, project_name: str | None) -> FieldValue | None:
    """Return what a title puts before the project's own name: 某市教育局 | 考点巡查系统采购项目 | 成交公告."""
    before, name, _ = (title or "").partition(project_name or "\n")
    if not name or len(before) > _LONGEST_HEAD:
        return None
    value = _without_announcer(_without_openings(before))[0].strip(" :：—-_[]【】")
    fits = _SHORTEST_NAME <= len(value) <= 40 and ends_like_party(value) and _is_balanced(value)
    if not fits or _AGENCY.search(value):
        return None
    return FieldValue(value, value)


def _at_head(text: str) -> FieldValue | None:
    head = _without_openings(text[:_LONGEST_HEAD])
    local = _local_operator_at_head(head)
    if local is not None:
        return local
    head, announcer = _without_announcer(head)
    value = _name_at_head(head) or announcer
    return FieldValue(value, value) if value else None


def _without_openings(text: str) -> str:
    while opening := _OPENINGS.match(text):
        text = text[opening.end() :]
    return text


def _without_announcer(head: str) -> tuple[str, str | None]:
    """Return the text after 某单位关于, and who announces, if that is not an agency."""
    announced = _ANNOUNCER.match(head)
    if announced is None or not ends_like_party(announced["announcer"]):
        return head, None
    announcer = None if _AGENCY.search(announced["announcer"]) else announced["announcer"]
    return _without_openings(head[announced.end() :]), announcer


def _name_at_head(head: str) -> str | None:
    """Return the name that a text begins with, up to its certain end."""
    name = _company_at_head(head) or _institution_at_head(head)
    if name is not None:
        return name
    brand = _BRAND.match(head)
    return _with_department(head, brand.end()) if brand is not None else None


def _local_operator_at_head(head: str) -> FieldValue | None:
    """Read the short name of an operator's local company, with the branch that 某省移动征集某市分公司… names."""
    local = _LOCAL_OPERATOR.match(head)
    if local is None or local["place"] not in _places(short=True) or _COMPANY_AFTER.match(head, local.end()):
        return None
    return FieldValue(
        local["operator"] + (local["branch"] or ""), local.group() if local["branch"] else local["operator"]
    )


def _company_at_head(head: str) -> str | None:
    end = _COMPANY_END.search(head, 0, _LONGEST_NAME)
    if end is None:
        return None
    name = head[: end.end()]
    if not _is_name(name, _NEVER_IN_COMPANY) or _AGENCY.search(name):
        return None
    if len(name) < 5 or name.endswith("某公司") or _is_place_alone(name.removesuffix("公司").removesuffix("分")):
        return None
    return _with_branches(head, end.end())


def _with_branches(head: str, end: int) -> str:
    branches = [_SUBSIDIARY, _BRANCH, _BRANCH]
    if _POWER_COMPANY.search(head, 0, end):
        branches.append(_POWER_BRANCH)
    if "银行" in head[:end]:
        branches.append(_BANK_OFFICE)
    for expression in branches:
        longer = expression.match(head, end)
        if longer is not None and _is_name(longer.group(), _NEVER) and "有限" not in longer.group():
            end = longer.end()
    return _with_department(head, end)


def _with_department(head: str, end: int) -> str:
    department = _DEPARTMENT.match(head, end)
    fits = department is not None and _is_name(department.group(), _NEVER)
    return head[: department.end()] if department is not None and fits else head[:end]


def _institution_at_head(head: str) -> str | None:
    for ending in _INSTITUTION_END.finditer(head, 0, _LONGEST_NAME):
        name = head[: ending.end()]
        if not _is_name(name, _NEVER):
            return None
        if _GOES_ON.match(head, ending.start()) or _NO_INSTITUTION.search(name) or not _is_balanced(name):
            continue
        located = _NATIONAL.match(name) is not None or _begins_with_place(name)
        if len(name) < _SHORTEST_NAME or not (located or (ending["sure"] and _stands_alone(name))):
            continue
        if _PLACE_OF_TRADE.search(name):
            # 某市公共资源交易中心 | 某市教育局智慧课堂项目: it announces for whoever is named after it.
            return _name_at_head(_without_openings(head[ending.end() :])) or _with_other_name(head, ending.end())
        if _AGENCY.search(name):
            return None
        end = _end_with_bodies(head, ending.end())
        return None if _BUILT.match(head, end) else _with_other_name(head, end)
    return None


def _stands_alone(name: str) -> bool:
    """Return whether a name without a place is long enough: 同济大学 is a name, 中心医院 and 智慧大学 are none."""
    if name.endswith("大学"):
        return len(name) > 4 or not _SUBJECT.match(name)
    shortest = 4 if name.endswith("银行") else 5 if name.endswith(("卷烟厂", "日报社", "出版社")) else 6
    return len(name) >= shortest and not _SUBJECT.match(name)


def _end_with_bodies(head: str, end: int) -> int:
    """Return where the name ends with the hospital, branch or institute that belongs to it."""
    for _ in range(2):
        name = head[:end]
        campus = _CAMPUS_OF_NAME.match(head, end)
        if campus is not None:
            end = campus.end()
        longer = None
        if _MAY_HAVE_BODIES.search(name):
            longer = _AFTER_AUTHORITY.match(head, end)
        elif name.endswith("银行"):
            longer = _BANK_OFFICE.match(head, end)
        elif name.endswith(("研究院", "设计院")):
            longer = _BRANCH.match(head, end)
        elif name.endswith(("大学", "学院", "医院", "中学")):
            longer = _AFTER_UNIVERSITY.match(head, end)
        if longer is None or name.endswith(longer.group()):
            break
        if not _is_name(longer.group(), _NEVER) or not _is_balanced(longer.group()):
            break
        end = longer.end()
    return end


def _with_other_name(head: str, end: int) -> str:
    other = _OTHER_NAME.match(head, end)
    if other is not None and _INSTITUTION_END.search(other["name"]) and not _NO_OTHER_NAME.search(other["name"]):
        return head[: other.end()]
    level = _OWN_LEVEL.match(head, end)
    return head[: level.end()] if level is not None else head[:end]


def _is_name(name: str, never: re.Pattern[str]) -> bool:
    """Return whether a text has only what names are made of, and no word of what is bought."""
    return _ONLY_NAME.fullmatch(name) is not None and never.search(name) is None


def _is_balanced(name: str) -> bool:
    return sum(map(name.count, "（(")) == sum(map(name.count, ")）"))


def _is_place_alone(name: str) -> bool:
    return name in _places(short=True) or _ONE_PLACE.fullmatch(name) is not None


def _begins_with_place(name: str, *, short: bool = False) -> bool:
    """Return whether a name begins with a place. ``short`` also takes counties without 市, 县 or 区."""
    if _PLACE_SHAPE.match(name):
        return True
    places = _places(short=short)
    return any(name[:length] in places for length in range(2, _LONGEST_PLACE))


@cache
def _places(*, short: bool) -> frozenset[str]:
    """Return the names of all divisions, and the short names of provinces and prefectures."""
    names: set[str] = set()
    for province in divisions.provinces():
        names |= {province.short, province.full, *province.prefectures, *province.counties}
        names |= {_stem(name) for name in (*province.prefectures, *(province.counties if short else ()))}
    return frozenset(name for name in names if len(name) >= 2)


def _stem(name: str) -> str:
    return re.sub(r"(?:自治县|自治州|新区|地区|林区|[市县区州盟旗])$", "", name)
