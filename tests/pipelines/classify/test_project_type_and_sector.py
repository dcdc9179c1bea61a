"""What the money buys, who buys it, and whose supplier won."""

from __future__ import annotations

from collections import Counter

import pytest

from pipelines.classify.project_type import project_type_of
from pipelines.classify.relevance import counting_score, relevance_of
from pipelines.classify.sector import sector_of
from tests.paths import ROOT


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("电子科技大学 AI大模型训练与推理一体机等采购", "compute"),
        ("CANN大模型服务器入围", "compute"),
        ("2026年电梯智能检验检测AI大模型算力服务器租赁项目", "compute"),
        ("昌吉智算中心项目（二标段）", "compute"),
        ("应急管理部信息研究院矿山安全大模型系统", "application"),
        ("AI政务智能体项目", "application"),
        ("基于大语言模型水电站运维问答（标段二）", "application"),
        ("大模型在教育考试中的应用", "application"),
        ("AI辅助Skill生成与应用搭建研发服务采购项目", "application"),
        ("2024年大模型服务能力采购项目", "model"),
        ("人工智能大模型平台采购", "model"),
        ("AI模型优化研发服务采购项目", "model"),
        ("大模型安全围栏订阅服务采购项目", "model"),
        ("大模型护栏服务采购项目", "model"),
        ("2024年至2026年行业大模型训练及微调服务项目", "model"),
        ("中医古籍高质量数据集建设及标引智能体", "data"),
        ("大模型训练语料标注服务", "data"),
        # seats of a code assistant, whatever is measured
        ("大模型代码助手企业版席位及云资源采购", "application"),
        ("CodeBuddy企业版授权采购", "application"),
        # what follows the model is a scenario, or integrates it
        ("大模型场景支撑能力提升专项（国产模型适配）开发研发服务", "application"),
        ("某大模型服务及系统集成服务项目", "application"),
        ("大模型舆情分析服务", "application"),
        ("大模型外呼机器人", "application"),
        ("大模型智慧校园建设项目", "application"),
        # what comes with the purchase is not the purchase
        ("办公助手（含算力一体机）", "application"),
        ("大模型工作站采购", "compute"),
        ("大模型推理加速软件采购", "model"),
        ("大模型租赁服务", "model"),
        # the model itself, whatever its field
        ("青禾电力垂直大模型研发项目", "model"),
        ("金融领域大语言模型研制", "model"),
        ("煤矿安全多模态大模型研制项目", "model"),
        ("航天领域大模型关键技术研究", "model"),
        ("政务大模型底座建设", "model"),
        ("教育大模型基座采购", "model"),
        ("科研大模型API调用服务", "model"),
        ("法律文书大模型研发", "model"),
        # its tools and platforms, whoever owns them and whatever is built with them
        ("垂域专业大模型与智能体开源工具链及平台", "model"),
        ("智能体开发框架与模型工具链平台采购", "model"),
        ("某学院AI生态平台：模型训推平台、智能体应用开发平台", "model"),
        ("青禾证券大模型推理服务平台扩容", "model"),
        ("砚台集团大模型统一纳管与调度平台", "model"),
        ("青禾农商行DeepSeek大模型私有化部署", "model"),
        ("大模型安全评测服务采购", "model"),
        # a list of what a platform does with models, although agents and assistants follow
        ("AI中台软件（模型管理、模型训练、模型部署、智能体编排、问答助手）", "model"),
        ("人工智能平台：样本标注、模型训练、模型评测、模型发布", "model"),
        ("数据标注、模型训练、模型部署、在线推理、AI助教", "model"),
        ("数据标注、样本清洗、模型微调语料", "data"),
        ("理赔材料识别、智能问答、模型微调", "application"),
        ("智算一体机（支持模型训练、模型部署、模型评测）", "compute"),
        # a model put to work
        ("基于大模型训推平台的信贷审批助手", "application"),
        ("基于大模型技术的值守支撑服务", "application"),
        ("大模型工单自动分类", "application"),
        ("DeepSeek本地化部署及公文写作应用项目", "application"),
        ("DeepSeek部署及政务应用集成服务", "application"),
        ("生成式人工智能教学平台建设", "application"),
        ("大模型与政务热线融合应用", "application"),
        ("检察大模型应用部署", "application"),
        ("公安智能体系统研制", "application"),
        ("智能客服大模型应用研发", "application"),
        # goods for models, and data
        ("大模型推理计算卡采购项目", "compute"),
        ("气象预报大模型训练算力扩容", "compute"),
        ("大模型训练用GPU卡采购", "compute"),
        ("电力大模型样本库建设", "data"),
    ],
)
def test_the_type_is_what_the_money_buys(text: str, first: str) -> None:
    found = project_type_of([(text, 1.0)])
    assert found is not None
    assert found.first == first
    assert all(word in text for word in found.words)


_PAGE = (
    (ROOT / "docs/definition.md")
    .read_text("utf-8")
    .split("<!-- borderline -->")[1]
    .split("<!-- end of borderline -->")[0]
)
_BORDERLINE = [
    (row.split(" | ")[0].strip("| "), table.strip().split(" ")[1])
    for table in _PAGE.strip().split("\n\n")
    for row in table.strip().splitlines()[2:]
]


_FIELDS = ["警务", "病历质控", "信贷审批", "港口作业", "煤矿安全", "合同审查", "水文预报", "法律", "药物研发"]
_SAME_IN_EVERY_FIELD = {
    "model": [
        "{}垂直大模型研发",
        "{}领域大语言模型研制",
        "{}行业大模型训练",
        "{}大模型底座",
        "{}大模型平台",
        "面向{}的大语言模型训练",
        "{}垂类模型研发",
        "{}大模型技术攻关",
    ],
    "application": [
        "DeepSeek本地化部署及{}应用",
        "生成式人工智能{}平台建设",
        "{}大模型融合应用",
        "大模型赋能{}场景应用",
        "{}大模型系统集成",
        "DeepSeek接入{}系统改造",
        "{}智能体研制",
        "{}大模型应用平台",
    ],
    "compute": ["{}推理计算卡采购", "{}大模型算力平台", "{}大模型研发用服务器", "{}智算资源服务"],
    "data": ["{}大模型样本标注", "{}大模型微调数据集", "{}高质量数据集建设"],
}


@pytest.mark.parametrize(
    ("form", "side"), [(form, side) for side, forms in _SAME_IN_EVERY_FIELD.items() for form in forms]
)
def test_the_field_does_not_change_the_type(form: str, side: str) -> None:
    for field in _FIELDS:
        found = project_type_of([(form.format(field), 1.0)])
        assert found is not None
        assert found.first == side, field


@pytest.mark.parametrize(
    "word", ["千亿参数", "图像", "轻量级", "端侧", "数智", "集团级", "内网", "自研", "公有云", "新增"]
)
def test_a_word_of_kind_or_size_is_no_field(word: str) -> None:
    for form in ("{}大模型服务", "{}大模型部署项目", "{}大模型采购"):
        found = project_type_of([(form.format(word), 1.0)])
        assert found is not None
        assert found.first == "model", form


def test_the_definition_shows_ten_titles_on_each_side() -> None:
    assert Counter(side for _, side in _BORDERLINE) == {"model": 10, "application": 10}


@pytest.mark.parametrize(("title", "side"), _BORDERLINE)
def test_the_borderline_of_the_definition_holds(title: str, side: str) -> None:
    assert relevance_of(title).score >= counting_score()
    found = project_type_of([(title, 1.0)])
    assert found is not None
    assert found.first == side


def test_a_mixed_project_gets_its_larger_part_first_and_keeps_the_second() -> None:
    found = project_type_of([("智算服务器", 0.8), ("大模型训练语料", 0.2)])
    assert found is not None
    assert found.first == "compute"
    turned = project_type_of([("智算服务器", 0.3), ("大模型训练语料", 0.7)])
    assert turned is not None
    assert turned.first == "data"
    both = project_type_of([("大模型一体机及政务智能体应用", 1.0)])
    assert both is not None
    assert (both.first, both.second) == ("compute", "application")


def test_tools_and_names_do_not_decide_the_type() -> None:
    found = project_type_of([("基于智算平台的政务问答智能体", 1.0)])
    assert found is not None
    assert (found.first, found.second) == ("application", None)
    named = project_type_of([("宜昌城市算力中心大模型服务采购", 1.0)], ("宜昌城市算力中心",))
    assert named is not None
    assert named.first == "model"


@pytest.mark.parametrize(
    ("buyer", "sector"),
    [
        ("西安交通大学", "education_research"),
        ("西安交通大学第一附属医院", "healthcare"),
        ("北京大学第三医院（北京大学第三临床医学院）", "healthcare"),
        ("应急管理部信息研究院", "education_research"),
        ("缙云县教育局", "education_research"),
        ("中国科学院", "education_research"),
        ("泽普县卫生健康委员会", "healthcare"),
        ("公安县人民医院", "healthcare"),
        ("忻州市疾病预防控制中心（忻州市公共卫生研究院）", "healthcare"),
        ("国家税务总局台州市税务局", "government"),
        ("洪湖市消防救援大队", "government"),
        ("广州海关技术中心", "government"),
        ("宜昌城发投资集团有限公司", "government"),
        ("江苏昆山高新技术产业投资发展有限公司", "government"),
        ("嘉兴市图书馆", "media_culture"),
        ("阿坝州新闻传媒中心", "media_culture"),
        ("宜昌文旅投资开发有限公司", "media_culture"),
        ("中国移动浙江公司", "telecom"),
        ("福建移动泉州分公司", "telecom"),
        ("江西电信信息产业有限公司", "telecom"),
        ("北京邮电大学", "education_research"),
        ("青禾警察学院", "education_research"),
        ("青禾司法警官职业学院", "education_research"),
        ("青禾消防救援学院", "education_research"),
        ("青禾地质调查院", "education_research"),
        ("青禾市公安局警察训练支队", "government"),
        ("青禾港务局集团有限公司", "transport"),
        ("青禾港投资运营集团有限公司", "transport"),
        ("青禾港信息技术有限公司", "transport"),
        ("青禾供电公司", "energy"),
        ("青禾煤业集团有限公司", "energy"),
        ("青禾送变电工程有限公司", "energy"),
        ("青禾文化传媒有限公司", "media_culture"),
        ("青禾广电网络有限公司", "media_culture"),
        ("青禾电路科技股份有限公司", "manufacturing"),
        ("青禾微电子有限公司", "manufacturing"),
        ("国网浙江省电力有限公司", "energy"),
        ("华北电力大学", "education_research"),
        ("甘肃兰阿煤业有限责任公司", "energy"),
        ("广西北部湾银行", "finance"),
        ("渤银理财有限责任公司", "finance"),
        ("吉林省公路管理局", "transport"),
        ("中国民用航空局空中交通管理局", "transport"),
        ("南昌航空大学", "education_research"),
        ("海信视像科技股份有限公司", "manufacturing"),
        ("兴山上源水务有限公司", "other"),
        ("宜昌伍投房地产开发有限公司", "other"),
    ],
)
def test_the_sector_is_the_buyers(buyer: str, sector: str) -> None:
    found = sector_of(buyer, "某某智能体建设项目")
    assert found is not None
    assert found.sector == sector
    assert found.words in buyer


@pytest.mark.parametrize(
    "buyer",
    [
        "山东省公安厅机关",
        "安宁市人民检察院",
        "兰州铁路公安局",
        "中华人民共和国皇岗出入境边防检查站",
        "黑龙江省大庆市中级人民法院",
    ],
)
def test_police_courts_and_prosecutors_are_a_kind_of_government(buyer: str) -> None:
    found = sector_of(buyer)
    assert found is not None
    assert (found.sector, found.subsector) == ("government", "justice_security")


@pytest.mark.parametrize("buyer", [None, "", "zycgr22011902", "SPD-18", "某单位", "（盖章）"])
def test_the_subject_gives_the_sector_only_without_a_buyer(buyer: str | None) -> None:
    found = sector_of(buyer, "医院数据中心建设项目")
    assert found is not None
    assert found.sector == "healthcare"
    assert sector_of(buyer, None) is None
