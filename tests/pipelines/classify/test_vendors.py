"""Vendor groups: whose company a supplier or a buyer is, and what an analyst may write into the vocabulary."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.classify.lexicon import current, using
from pipelines.classify.vendors import vendor_of
from pipelines.common.validation import InvalidDataError
from pipelines.lexicon.files import VendorsFile, parse
from tenders.jobs.ingest import ingest_files
from tenders.jobs.rebuild import rebuild_store
from tenders.jobs.reclassify import reclassify_store
from tests.helpers.storing import award, capture
from tests.helpers.storing import rows as rows_of

# Group: companies.
_COMPANIES = """
科大讯飞: 科大讯飞股份有限公司 讯飞智元信息科技有限公司 安徽讯飞医疗科技股份有限公司 广州讯飞易听说网络科技有限公司
    河南讯飞人工智能科技有限公司 科大讯飞（苏州）科技有限公司 科大讯飞河北科技有限公司
百度: 北京百度网讯科技有限公司 百度在线网络技术（北京）有限公司 百度云计算技术（北京）有限公司 百度（中国）有限公司
    昆仑芯（北京）科技有限公司 阿波罗智联（北京）科技有限公司
阿里: 阿里云计算有限公司 浙江阿里巴巴云计算有限公司 钉钉（中国）信息技术有限公司 杭州瓴羊智能服务有限公司
    平头哥（上海）半导体技术有限公司 高德软件有限公司
火山引擎: 北京火山引擎科技有限公司 上海火山引擎科技有限公司 北京抖音信息服务有限公司 抖音视界有限公司 北京字节跳动科技有限公司
    北京飞书科技有限公司
腾讯: 腾讯云计算（北京）有限责任公司 深圳市腾讯计算机系统有限公司 腾讯科技（深圳）有限公司 成都腾讯云计算有限公司
智谱: 北京智谱华章科技股份有限公司 杭州智谱华章科技有限公司 智谱 智谱AI
华为: 华为技术有限公司 华为云计算技术有限公司 华为软件技术有限公司 贵州华为云计算技术有限公司
商汤: 上海商汤智能科技有限公司 深圳市商汤科技有限公司 北京市商汤科技开发有限公司 上海商汤善萃医疗科技有限公司
浪潮: 浪潮电子信息产业股份有限公司 浪潮软件集团有限公司 浪潮云信息技术股份公司 山东浪潮易云在线科技有限公司 浪潮智慧科技有限公司
    济南浪潮数据技术有限公司 苏州浪潮智能科技有限公司 浪潮（北京）电子信息产业有限公司 浪潮工业互联网股份有限公司
中国移动: 中移系统集成有限公司 中移（杭州）信息技术有限公司 中移（成都）信息通信科技有限公司 中移（上海）信息通信科技有限公司
    中移（苏州）软件技术有限公司 中移互联网有限公司 中移物联网有限公司 中移建设有限公司 中移雄安信息通信科技有限公司
    中国移动通信集团广东有限公司 咪咕文化科技有限公司 启明星辰信息技术集团股份有限公司 北京网御星云信息技术有限公司
    江苏移动信息系统集成有限公司
中国电信: 中国电信股份有限公司 中电信数智科技有限公司 中电信人工智能科技(北京)有限公司 天翼云科技有限公司
    天翼数字生活科技有限公司 天翼物联科技有限公司 中电鸿信信息科技有限公司 中电万维信息技术有限责任公司
    上海理想信息产业（集团）有限公司 浙江省公众信息产业有限公司 江西电信信息产业有限公司 广东亿迅科技有限公司
    号百信息服务有限公司 北京辰安科技股份有限公司 中电信数政科技有限公司 中电信应急通信有限公司 信元公众信息发展有限责任公司
中国联通: 中国联合网络通信有限公司 联通数字科技有限公司 联通（广东）产业互联网有限公司 联通（上海）产业互联网有限公司
    联通系统集成有限公司 小沃科技有限公司 云粒智慧科技有限公司 联通数据智能有限公司 中讯邮电咨询设计院有限公司
中国铁塔: 中国铁塔股份有限公司江西省分公司 铁塔智联技术有限公司 铁塔能源有限公司
    铁塔能源有限公司江苏省分公司 铁塔能源福建分公司 江西铁塔
中国通信服务: 中通服咨询设计研究院有限公司 公诚管理咨询有限公司 广东省电信规划设计院有限公司
中科曙光: 曙光信息产业股份有限公司 曙光云计算集团股份有限公司
新华三: 新华三技术有限公司 新華三
联想: 联想（北京）有限公司 联想长风科技（北京）有限公司
360: 三六零数字安全科技集团有限公司 北京奇虎科技有限公司 北京鸿享技术服务有限公司
京东: 京东科技信息技术有限公司 北京京东尚科信息技术有限公司
用友: 用友网络科技股份有限公司 北京用友政务软件股份有限公司
金蝶: 金蝶软件（中国）有限公司
神州数码: 神州数码系统集成服务有限公司 神州鲲泰（厦门）信息技术有限公司
软通动力: 软通动力信息技术（集团）股份有限公司 同方计算机有限公司
拓维信息: 拓维信息系统股份有限公司 湖南湘江鲲鹏信息科技有限责任公司
太极股份: 太极计算机股份有限公司
中国软件: 中国软件与技术服务股份有限公司
同方: 同方股份有限公司
同方知网: 同方知网数字科技有限公司
达观数据: 达而观信息科技（上海）有限公司
MiniMax: 上海稀宇科技有限公司
寒武纪: 中科寒武纪科技股份有限公司 上海寒武纪信息科技有限公司 寒武纪（西安）集成电路有限公司
百川智能: 北京百川智能科技有限公司 百川智能
月之暗面: 北京月之暗面科技有限公司
超聚变: 超聚变数字技术有限公司
"""
_OTHERS = """
    深圳市百度通科技有限公司 北京慧智谱科技有限公司 京东方科技集团股份有限公司 中电信息技术有限公司 河南华为民商贸有限公司
    上海阿里郎餐饮有限公司 移动式压力容器检验有限公司 武汉三迪通信技术有限公司 湖北启明科技有限公司 湖北浪潮文化传媒有限公司
    东方浪潮传媒有限公司 联通管道有限公司 河北联通管业有限公司 北京互联通数字科技有限公司 移动板房科技有限公司
    河北移动板房制造有限公司石家庄分公司 深圳市移动电源有限公司 湖南移动电视有限公司 电信器材有限公司 邮电器材集团有限公司
    北京亿迅科技有限公司 深圳市天翼科技有限公司 天翼航空科技有限公司 北京华腾讯科技有限公司 北京三六零度文化传播有限公司
    中国移动通信联合会 中国电子系统技术有限公司 电信科学技术研究院有限公司 同方威视技术股份有限公司 上海中医药大学附属曙光医院
    神州建设集团有限公司 大华会计师事务所 讯飞龙科技有限公司 江西铁塔厂
    移动有限公司 深圳市移动有限公司 深圳市移动通信有限公司 移动股份有限公司 上海电信有限责任公司 南京联通有限公司
    联通有限公司南京市分公司 青岛铁塔有限公司 铁塔集团有限公司 河北铁塔能源设备有限公司 成都曙光有限公司
    北京同方有限公司 广州浪潮有限公司 北京中兴有限公司 上海联想有限公司 阿里有限公司
    中国移动多媒体广播有限公司 江苏百川智能装备有限公司 北京寒武纪文化传播有限公司
    深圳奇元科技有限公司 北京飞书香文化有限公司 深圳天翼智能科技有限公司 广州天翼交通设施有限公司 成都天翼数字科技有限公司
"""


@pytest.mark.parametrize(
    "line", re.sub(r"\n +", " ", _COMPANIES.strip()).splitlines(), ids=lambda line: line.partition(":")[0]
)
def test_a_company_belongs_to_its_group(line: str) -> None:
    group, _, names = line.partition(":")
    assert {name: vendor_of(name) for name in names.split()} == dict.fromkeys(names.split(), group)


@pytest.mark.parametrize("name", [*_OTHERS.split(), ""])
def test_a_similar_name_does_not_belong_to_the_group(name: str) -> None:
    assert vendor_of(name) is None


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("湖南移动永州分公司", "中国移动"),
        ("广西壮族自治区移动公司", "中国移动"),
        ("福建移动", "中国移动"),
        ("中国移动云南公司文山分公司", "中国移动"),
        ("上海市浦东新区电信", "中国电信"),
        ("广东联通", "中国联通"),
        ("移动公司", "中国移动"),
        ("铁塔公司", "中国铁塔"),
        ("江苏联通南京市分公司", "中国联通"),
        ("中国联合网络通信有限公司深圳市分公司", "中国联通"),
        ("【广东】联通数字科技有限公司", "中国联通"),
        ("联通(上海)产业互联网有限公司", "中国联通"),
        ("（深圳）腾讯科技有限公司", "腾讯"),
        ("天翼云（福州）科技有限公司", "中国电信"),
        ("浙江省公众信息产业有限公司宁波市分公司", "中国电信"),
        ("中国移动 通信集团 广东有限公司", "中国移动"),
    ],
)
def test_a_place_brackets_and_a_branch_make_no_difference(name: str, group: str) -> None:
    assert vendor_of(name) == group


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("联合体牵头人：中移系统集成有限公司", "中国移动"),
        ("（联合体）天翼云科技有限公司", "中国电信"),
        ("联合体牵头人为浪潮软件科技有限公司", "浪潮"),
        ("（牵头单位）讯飞智元信息科技有限公司", "科大讯飞"),
        ("标段一：讯飞智元信息科技有限公司", "科大讯飞"),
        ("1、联通（广东）产业互联网有限公司", "中国联通"),
        ("第1名:浪潮云信息技术股份公司", "浪潮"),
        ("360数字安全科技集团有限公司", "360"),
        ("甲科技有限公司、联通数字科技有限公司", "中国联通"),
        ("乙设计院有限公司与浪潮软件科技有限公司联合体", "浪潮"),
        ("中国电信股份有限公司天津分公司/联通数字科技有限公司", "中国电信"),
    ],
)
def test_consortium_words_make_no_difference_and_the_first_named_group_counts(name: str, group: str) -> None:
    assert vendor_of(name) == group


def test_a_company_that_left_its_group_is_not_a_member() -> None:
    assert vendor_of("合肥讯飞数码科技有限公司") is None
    assert vendor_of("荣耀终端有限公司") is None
    assert vendor_of("华为技术有限公司与荣耀终端有限公司") == "华为"


def test_every_member_without_the_brand_has_a_source() -> None:
    found = current().vendors.members
    assert len(found) > 60
    assert all(member.source.strip() for member in found)
    # A member without a document is marked as such, and only those are.
    assert [m.name for m in found if "unverified" in m.source.lower() and m.verified] == []
    # A text without an address describes the document and where it was found.
    assert [
        m.name for m in found if m.verified and not m.url and not re.search("article|in a public repository", m.source)
    ] == []
    assert [m.name for m in found if m.verified and "to look for" in m.source] == []
    assert {m.name for m in found if m.verified} >= {
        "昆仑芯",
        "辰安科技",
        "超聚变",
        "咪咕文化",
        "讯飞数码",
        "财付通支付",
    }


def test_a_member_without_a_document_names_the_one_that_would_prove_it() -> None:
    assert [
        m.name
        for m in current().vendors.members
        if not m.verified and not re.search("to look for|as 浙江省公众信息产业", m.source)
    ] == []


@pytest.mark.parametrize(
    "name",
    "启明星辰 中电鸿信 号百信息 钉钉 瓴羊智能 平头哥半导体 高德软件 抖音 稀宇科技 奇虎科技 小沃科技 达而观".split(),
)
def test_a_name_without_the_brand_is_listed_as_a_member(name: str) -> None:
    assert name in {member.name for member in current().vendors.members}


def test_each_member_has_one_row() -> None:
    names = [member.name for member in current().vendors.members]
    assert len(names) == len(set(names))


def test_no_word_belongs_to_two_groups() -> None:
    given: dict[tuple[str, str], set[str]] = {}
    for group in current().vendors.groups:
        for way in ("is", "starts", "has", "short"):
            for word in group.words[way]:
                given.setdefault((way, word), set()).add(group.name)
    for member in current().vendors.members:
        if member.relation != "split off":
            given.setdefault((member.way, member.name), set()).add(member.group)
    assert {word: groups for word, groups in given.items() if len(groups) > 1} == {}


_GROUP: dict[str, Any] = {"name": "甲集团", "has": ["甲集团"]}
_ROW = {"group": "甲集团", "name": "乙方舟", "way": "has", "relation": "subsidiary", "source": "年报"}


@pytest.fixture
def rows() -> dict[str, Any]:
    """A file with one group and one member, for the test to change."""
    return {"group": [dict(_GROUP)], "member": [dict(_ROW)]}


def test_one_row_is_enough_for_a_member(rows: dict[str, Any]) -> None:
    with using(replace(current(), vendors=parse(VendorsFile, rows, "vendors.toml"))):
        assert vendor_of("上海乙方舟科技有限公司") == "甲集团"
        assert vendor_of("上海丙方舟科技有限公司") is None


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        ({"group": "甲集国"}, ["'乙方舟'", "[[group]]", "'甲集国'", "甲集团"]),
        ({"way": "begins"}, ["'乙方舟'", "way", "'begins'", "is, starts or has"]),
        ({"way": "not"}, ["way", "is, starts or has"]),
        ({"relation": "friend"}, ["relation", "subsidiary, controlled, brand or split off"]),
        ({"url": "年报.pdf"}, ["url", "'年报.pdf'", "https://"]),
        ({"source": " "}, ["source", "blank"]),
        ({"name": ["乙方舟"]}, ["[[member]]", "name", "text in quotes"]),
        ({"sorce": "年报"}, ["sorce", "did you mean source?"]),
    ],
)
def test_a_mistake_in_a_row_is_reported_in_one_line(
    rows: dict[str, Any], change: dict[str, Any], facts: list[str]
) -> None:
    rows["member"][0].update(change)
    with pytest.raises(InvalidDataError, match=r"^vendors\.toml: ") as error:
        parse(VendorsFile, rows, "vendors.toml")
    assert [fact for fact in facts if fact not in str(error.value)] == [], str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("spoil", "facts"),
    [
        (lambda rows: rows["member"][0].pop("source"), ["source", "missing"]),
        (lambda rows: rows["group"][0].update(basis="…"), ["'甲集团'", "basis", "unknown key"]),
        (lambda rows: rows["group"][0].update(has="甲集团"), ["has", "write a list"]),
        (lambda rows: rows.update(members=[]), ["members", "did you mean member?"]),
        (lambda rows: rows.update(member={"name": "乙方舟"}), ["member", "write each row as [[member]]"]),
        (lambda rows: rows["group"].append(dict(_GROUP)), ["[[group]] '甲集团'", "twice"]),
    ],
)
def test_a_mistake_in_a_group_or_a_missing_source_is_reported_in_one_line(
    rows: dict[str, Any], spoil: Any, facts: list[str]
) -> None:
    spoil(rows)
    with pytest.raises(InvalidDataError, match=r"^vendors\.toml: ") as error:
        parse(VendorsFile, rows, "vendors.toml")
    assert [fact for fact in facts if fact not in str(error.value)] == [], str(error.value)


def _ingest_more(data: Path) -> None:
    ingest_files([capture(data.parent / "b.jsonl", [award(2)])], data)


@pytest.mark.parametrize("job", [reclassify_store, rebuild_store, _ingest_more])
def test_a_mistake_in_the_words_stops_a_job_before_it_starts(job: Any, tmp_path: Path) -> None:
    data = tmp_path / "data"
    ingest_files([capture(tmp_path / "a.jsonl", [award(1)])], data)
    (data / "lexicon").mkdir()
    row = "\n".join(f'{key} = "{value}"' for key, value in (_ROW | {"group": "华为", "way": "begins"}).items())
    (data / "lexicon" / "vendors.toml").write_text(f"[[member]]\n{row}\n", "utf-8")
    before = rows_of(data / "tenders.duckdb")
    with pytest.raises(InvalidDataError, match=r"way: 'begins'"):
        job(data)
    assert rows_of(data / "tenders.duckdb") == before
