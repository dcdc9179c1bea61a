"""The buyer at the head of a title. All names are invented, except those of the operators and places."""

from __future__ import annotations

import json

import pytest

from pipelines.extract.fields import project_of_title
from pipelines.extract.title_buyers import buyer_in_opening, buyer_in_title
from tests.paths import SHARED

_READ = {
    "power grid": ("琼岭电网有限责任公司2026年大模型训练设备购置项目中标公告", "琼岭电网有限责任公司"),
    "branch of a grid": ("琼岭电网有限责任公司南屿供电局2026年智能体项目中标公告", "琼岭电网有限责任公司南屿供电局"),
    "state grid": (
        "国网云岭省电力有限公司石泉供电分公司2025年样本库项目成交公告",
        "国网云岭省电力有限公司石泉供电分公司",
    ),
    "company of a grid": ("琼岭电网有限责任公司超高压输电公司智能体项目成交公告", "琼岭电网有限责任公司超高压输电公司"),
    "operator": ("中国移动江西公司2026年客服助手采购项目_中选候选人公示", "中国移动江西公司"),
    "operator's branch": ("2026年中国电信股份有限公司金华分公司智算服务项目询比公告", "中国电信股份有限公司金华分公司"),
    "branch of the province": ("中国移动浙江公司嘉兴分公司2026年智能体项目", "中国移动浙江公司嘉兴分公司"),
    "institute of a company": ("云岭通信有限公司研究院智能体开发项目中选结果公示", "云岭通信有限公司研究院"),
    "building of an institute": ("云岭通信有限公司研究院大楼装修工程成交公告", "云岭通信有限公司"),
    "department of an operator": ("中国移动北渡客户事业部2026年智能体项目_中选结果公示", "中国移动北渡客户事业部"),
    "department that is bought for": ("中国移动面向事业部的智能体项目_中选结果公示", "中国移动"),
    "operator without company": ("中国电信云岭枢纽算力中心装修改造工程询比公告", "中国电信"),
    "short name": ("江苏移动2025年智能客服大模型项目中选结果公示", "江苏移动"),
    "short name of a county": ("2026年义乌电信某客户算力服务项目询比公告", "义乌电信"),
    "branch after 征集": ("福建移动征集泉州分公司2026年智能客服项目采购技术规范等文件意见的公告", "福建移动泉州分公司"),
    "company, not short name": ("江西电信云岭产业有限公司2026年平台项目询比公告", "江西电信云岭产业有限公司"),
    "name in brackets": ("【2026年中国电信泉港分公司防攀爬视觉系统项目】询比公告", "中国电信泉港分公司"),
    "mark in brackets": ("[国企采购]石泉城镇化建设发展有限公司智能体项目", "石泉城镇化建设发展有限公司"),
    "关于征集": ("关于再次征集中国移动江西公司2026年智能体项目技术规范书意见的公告", "中国移动江西公司"),
    "years": ("2025年至2027年石泉轨道交通集团有限公司大模型服务采购项目成交公告", "石泉轨道交通集团有限公司"),
    "after an agency": ("乙招标代理有限公司关于石泉煤业集团有限公司大模型项目的成交公告", "石泉煤业集团有限公司"),
    "bureau before 面向": ("石泉市数据局面向大模型的数据集建设项目成交公告", "石泉市数据局"),
    "after a place of trade": ("石泉市公共资源交易中心关于石泉市教育局智慧课堂项目的成交公告", "石泉市教育局"),
    "place of trade before the buyer": ("石泉市公共资源交易中心石泉市教育局智慧课堂项目成交公告", "石泉市教育局"),
    "place of trade alone": ("石泉市公共资源交易中心智能评标系统采购项目成交公告", "石泉市公共资源交易中心"),
    "centre of services": ("石泉县政务服务中心大模型助手成交公告", "石泉县政务服务中心"),
    "the buyer announces": ("石泉市住房和城乡建设局关于片区更新策划方案编制项目的成交公告", "石泉市住房和城乡建设局"),
    "after a number": ("ZB2025-0041 石泉市第一医院关于大模型病历质控项目的成交公告", "石泉市第一医院"),
    "office of a government": ("石泉市人民政府办公室关于大模型公文项目的成交公告", "石泉市人民政府办公室"),
    "office of a committee": ("石泉市委网信办大模型舆情系统采购项目中标公告", "石泉市委网信办"),
    "union of cooperatives": ("安徽省农村信用社联合社智能客服项目成交公告", "安徽省农村信用社联合社"),
    "bank": ("石泉农村商业银行股份有限公司信用卡中心智能客服项目", "石泉农村商业银行股份有限公司信用卡中心"),
    "university": ("云岭大学大模型教学平台采购项目成交公告", "云岭大学"),
    "department of a university": ("云岭大学分析测试中心电镜采购项目成交公告", "云岭大学"),
    "campus": ("云岭矿业大学（北京）学生公寓租赁服务中标公告", "云岭矿业大学（北京）"),
    "hospital of a university": ("北渡医科大学附属第一医院大模型病历质控项目", "北渡医科大学附属第一医院"),
    "hospital": ("石泉市中心医院大模型病历质控项目中标公告", "石泉市中心医院"),
    "other name in brackets": ("石泉市中心医院（云岭大学附属医院）智能体项目", "石泉市中心医院（云岭大学附属医院）"),
    "former name in brackets": ("石泉医学院附属医院(原石泉市第一医院)护理车项目", "石泉医学院附属医院"),
    "academy's institute": ("中国科学院云岭植物研究所智慧方舱采购项目", "中国科学院云岭植物研究所"),
    "national body's office": ("国家税务总局石泉市税务局大模型服务项目中标公告", "国家税务总局石泉市税务局"),
    "name repeated": ("石泉市财政局石泉市财政局智能体项目成交公告", "石泉市财政局"),
    "party office": ("中共石泉市委员会宣传部融媒体大模型项目", "中共石泉市委员会宣传部"),
    "data office": ("石泉市大数据中心大模型服务采购项目", "石泉市大数据中心"),
    "college": ("石泉职业技术学院大模型实训室建设项目", "石泉职业技术学院"),
}
_NULL = {
    "subject": "大模型应用开发服务采购项目成交公告",
    "subject that ends like an institute": "大模型应用研究院建设项目中标公告",
    "department without a name": "人工智能学院实训平台采购项目成交公告",
    "kind of hospital": "互联网医院智慧平台采购项目成交公告",
    "kind of bank": "手机银行智能助手项目成交公告",
    "product": "DeepSeek大模型私有化部署及应用开发服务采购项目",
    "mobile internet": "移动互联网大模型项目成交公告",
    "place alone": "石泉市大模型应用服务采购项目成交公告",
    "company without a name": "关于征集浙江公司智算项目技术规范书意见的公告",
    "branch without a name": "关于征集台州分公司2025年算力项目技术规范书意见的公告",
    "facility": "石泉市智算中心改造工程中标公告",
    "place of trade for an unnamed buyer": "石泉市公共资源交易中心关于智慧课堂项目的成交公告",
    "agency alone": "乙工程咨询有限公司关于2026年老年大学教学点项目的成交公告",
    "school that is built": "石泉市第二中学建设项目智能化工程中标公告",
    "all primary schools": "石泉县中小学智慧校园升级项目招标公告",
    "unnamed company": "2026年石泉市某公司算力服务项目询比公告",
}


@pytest.mark.parametrize(("title", "buyer"), _READ.values(), ids=_READ)
def test_the_buyer_is_read_from_the_head_of_the_title(title: str, buyer: str) -> None:
    value = buyer_in_title(title, project_of_title(title))
    assert value is not None
    assert value.value == buyer
    assert value.words in title


@pytest.mark.parametrize("title", _NULL.values(), ids=_NULL)
def test_what_is_bought_an_agency_or_a_place_is_no_buyer(title: str) -> None:
    assert buyer_in_title(title, project_of_title(title)) is None


def test_the_project_name_names_the_buyer_if_the_title_does_not() -> None:
    value = buyer_in_title("中标结果公告", "琼岭电网有限责任公司2026年大模型训练设备购置项目")
    assert value is not None
    assert value.value == "琼岭电网有限责任公司"


def test_real_titles_that_begin_with_the_buyer_are_read() -> None:
    path = SHARED / "labels" / "notices.jsonl"
    if not path.exists():
        pytest.skip("the real labels are not beside the repository")
    labels = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    named = [label for label in labels if label["buyer"] and label["buyer"] in (label["title"] or "")]
    right = wrong = 0
    for label in named:
        value = buyer_in_title(label["title"], project_of_title(label["title"]))
        name = value.value if value else ""
        right += name == label["buyer"]
        wrong += bool(name) and name not in label["buyer"] and label["buyer"] not in name
    assert len(named) > 300
    assert right / len(named) >= 0.9
    assert wrong / len(named) <= 0.02


@pytest.mark.parametrize(
    "text",
    [
        "经评审，甲山保安有限公司为乙江银行股份有限公司安保服务项目的中标供应商。",
        "乙江银行股份有限公司物业服务项目已评审完毕，确定丙门物业有限公司为中标单位。",
    ],
)
def test_the_sentence_that_announces_a_result_names_the_buyer(text: str) -> None:
    value = buyer_in_opening(text)
    assert value is not None
    assert value.value == "乙江银行股份有限公司"
