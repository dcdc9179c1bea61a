"""What is bought decides, not the presence of a word: things around a model, physical models, and what is not bought."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.classify import classify
from pipelines.classify.purchase import ends_of_name
from pipelines.classify.relevance import counting_score, relevance_of, relevance_of_body
from pipelines.model import Lot, Notice

# Invented names. Each title names a model, and buys something else.
AROUND = {
    "room": [
        "青禾学院AI短视频直播实训室空调采购项目",
        "AI短剧拍摄基地新风系统采购及安装",
        "智能体实训室桌椅采购项目（二次）成交公告",
        "大模型实验室强弱电改造工程",
        "大模型训练中心电力增容工程",
        "大模型服务器机房精密空调采购",
        "大模型数据中心机房精密空调维保服务",
        "大模型科技广场消防维保服务",
        "青禾科研大模型应用示范-机房专线流标公告",
        "AI短视频创作中心多联机空调系统",
        "AI微短剧影视基地改造施工",
        "数字人录播室吸音板采购",
    ],
    "factory": [
        "青禾高端AI服务器智能制造项目废气处理系统采购",
        "AI算力服务器生产基地项目（一期）排风系统及设备招标公告",
        "AI服务器PCB扩产项目电镀线采购",
        "高端AI服务器智能制造项目反应釜采购",
        "AI算力基地二期工程起重设备招标",
        "AI服务器液冷产线氦检设备采购",
        "AI算力服务器项目RTO焚烧设备采购",
        "AI服务器项目VOCs治理设施",
        "大模型一体机产业化项目安全预评价",
        "AI算力高速线缆项目注塑机采购公告",
        "AI算力用光模块封装项目贴片机采购",
        "AI算力芯片封装测试项目纯水系统",
        "大模型一体机产线建设项目无尘车间净化工程",
    ],
    "papers": [
        "关于青禾AI服务器液冷散热模组项目环境影响报告表的批复",
        "AI智能体终端生产项目环评受理公告",
        "大模型算力中心节能审查意见",
        "AI大模型一体机生产项目建设用地规划许可公示",
        "关于青禾智算中心项目可行性研究报告的批复",
    ],
    "planning and supervision": [
        "青禾智算中心规划研究服务",
        "智算集群扩容项目工程监理",
        "区域智算中心发展规划编制项目",
        "青禾市算力与大模型产业发展规划编制",
        "AI算力中心概念方案设计",
        "智算中心用能权交易服务",
        "智算中心项目安全设施设计专篇编制",
        "大模型平台建设项目监理服务采购",
    ],
    "running a centre": [
        "AI大模型创新中心运营服务采购",
        "大模型创新应用中心房屋租赁项目",
        "大模型产业创新中心展厅布展",
        "智能体创新工场运营服务采购",
    ],
    "advice and design": [
        "政务智能体项目方案设计服务",
        "智能体项目咨询服务采购",
        "大模型建设项目可行性研究报告编制服务",
        "AI智能体项目实施方案编制",
        "大模型系统等级保护测评服务",
        "大模型项目第三方软件测试服务",
    ],
    "courses and events": [
        "生成式人工智能应用能力提升培训项目",
        "大模型应用能力培训服务项目中标通知书",
        "大模型应用能力培训服务项目的定标公告",
        "AIGC通识课程建设项目",
        "《大模型应用开发》教材编写服务",
        "青禾大学《大模型原理》教材出版服务",
        "AI编程夏令营服务采购",
        "智能体开发挑战赛技术支持服务",
        "DeepSeek图书采购",
    ],
    "teaching boxes and toys": [
        "AI编程教具采购项目",
        "中小学AI编程机器人套件采购",
        "AI编程实训箱设备采购",
        "AI编程机器狗",
        "AI大模型玩偶",
        "大模型教学实验箱采购",
        "幼儿园AI编程教玩具",
    ],
    "lists": [
        "2026年高质量数据集典型案例名单公示",
        "关于公布高质量数据集入选名单的通知",
        "关于首批大模型应用场景清单的公示",
        "生成式人工智能服务已备案信息公告",
        "数据集遴选结果公示：高质量数据集",
    ],
    "physical models": [
        "青禾新区总体规划沙盘大模型制作项目",
        "船模大模型拖曳试验服务",
        "土木工程大模型结构试验平台项目",
        "地质力学大模型试验系统项目",
        "古建筑木结构大模型展示项目",
        "远洋货轮大模型展品采购项目",
        "拦河坝大模型试验（水工物理模型）技术服务",
        "高层框架大模型振动台试验服务",
        "人体解剖大模型教具采购",
        "数学大模型教具采购项目",
        "航模大模型制作服务",
        "仿古建筑大模型制作采购",
        "地质大模型三维打印教具采购",
        "恐龙骨架大模型采购",
        "智慧城市沙盘大模型制作",
        "海洋平台大模型波浪水池试验",
    ],
}
# The same words name the field of a model, or goods that are bought with others.
BOUGHT = [
    "招标代理智能体建设项目",
    "物业管理大模型智能体",
    "家具设计AIGC平台",
    "工程咨询大模型应用平台",
    "土木工程大模型应用平台",
    "人工智能大模型试验平台建设项目",
    "大模型赋能规划编制智能助手",
    "设计大模型辅助绘图系统",
    "可研报告智能编写系统（大模型）",
    "环评报告智能审查大模型系统",
    "AI培训陪练系统采购",
    "课程智能体建设项目",
    "空调智能运维大模型应用",
    "招商智能体采购",
    "人工智能创新中心大模型平台采购",
    "AI编程助手采购",
    "大模型训练服务器及配套空调等设备采购",
    "AI推理服务器、UPS电源采购",
    "AI算力服务器租用服务项目预算咨询公告",
    "数字人大屏交互建设方案征集公告",
    "鎏金数字人直播运营服务",
    "沙盘推演大模型系统",
    "建筑大模型辅助审图系统采购",
    "地质大模型智能编录应用",
    "气象大模型预报系统建设项目",
    "数学大模型微调技术服务",
    "智能体平台建设项目（含培训、空调）",
    "智算中心设备采购及安装（含机柜）",
    "竞赛组织智能体",
    "智算服务器及液冷机柜采购",
    "智算中心一期设备供货及集成",
    "数字人直播间搭建及运营",
    "青禾电网 训练服务器 青禾科技中标",
    "热线大模型话务助手",
    "AI算力建设二期项目结果公告",
    "智算中心（青禾）扩容工程硬件集成服务采购项目的技术规范和技术评分表文件意见的公告",
    "大模型教学实训平台",
]


@pytest.mark.parametrize("title", [title for titles in AROUND.values() for title in titles])
def test_what_is_bought_around_a_model_is_not_counted(title: str) -> None:
    reading = relevance_of(title)
    assert reading.score < counting_score(), reading


@pytest.mark.parametrize("title", BOUGHT)
def test_the_same_words_as_the_field_of_a_model_are_counted(title: str) -> None:
    assert relevance_of(title).score >= counting_score(), relevance_of(title)


@pytest.mark.parametrize(
    "text",
    [
        "机房运维，不涉及大模型、人工智能内容",
        "网络安全设备；本项目不含大模型相关内容",
        "信息系统维护，不包含AI大模型及智算服务器",
        "本项目不包括：大模型、智能体",
        "传统客服系统（非大模型方案）",
        "台式计算机，无AI大模型",
        "硬盘存储扩容，大模型部分另行采购",
        "OA系统升级（智能体另行招标）",
        "数据中心网络设备（智算服务器由甲方另购）",
        "数据中心机房运维；与大模型无关",
        "办公软件采购（大模型功能除外）",
        "除大模型外均已验收",
        "投标人如有大模型相关业绩可加分；采购内容为打印机",
        "办公家具，交货地点：青禾市大模型创新中心",
    ],
)
def test_what_is_named_as_not_bought_is_not_counted(text: str) -> None:
    assert relevance_of(text).score < counting_score(), relevance_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "智能问答系统，不采用国外大模型，基于国产大模型部署",
        "大模型服务（不含税）",
        "大模型一体机（不含软件）",
        "除大模型外，还采购智能体平台",
        "非遗大模型知识问答",
        "无人机巡检大模型",
        "包括但不限于大模型部署",
    ],
)
def test_what_is_bought_beside_a_denial_is_counted(text: str) -> None:
    assert relevance_of(text).score >= counting_score(), relevance_of(text)


def _notice(title: str, subject: str | None = None, body: str = "") -> Notice:
    lots = [Lot(1, title, subject=subject)]
    seen = datetime(2026, 8, 1, tzinfo=UTC)
    return Notice("p:1", "p", "https://x.test/1", seen, kind="award", title=title, lots=lots, body=body)


def test_the_body_does_not_outvote_a_name_that_buys_something_around_a_model() -> None:
    body = "项目概况：建设大模型创新中心\n服务内容：负责大模型中心日常运营\n采购需求：大模型企业服务\n"
    assert relevance_of_body(body).score >= counting_score()
    notice = _notice("AI大模型创新中心运营服务采购", body=body)
    classify(notice)
    assert not notice.is_large_model
    assert "not:running-of-a-place" in notice.evidence["rule:is_large_model"]


def test_a_body_that_denies_a_model_is_no_evidence() -> None:
    body = "采购需求：机房运维，本项目不涉及任何国产或者国外的大模型\n服务内容：巡检，大模型另行采购\n"
    assert relevance_of_body(body).score < counting_score()


@pytest.mark.parametrize(
    ("body", "project_type"),
    [
        ("采购内容：大模型API调用服务、Token资源包若干", "model"),
        ("四、主要标的\n货物名称：桌面级大模型一体机\n数量：2", "compute"),
        ("建设内容：政务智能体；政策咨询", "application"),
    ],
)
def test_a_label_of_the_body_names_what_is_bought(body: str, project_type: str) -> None:
    notice = _notice("青禾局数字化服务采购", body=body)
    classify(notice)
    assert notice.evidence["rule:is_large_model"] == ["body-names-what-is-bought"]
    assert all(word in body for word in notice.evidence["is_large_model"])
    assert notice.project_type == project_type


@pytest.mark.parametrize(
    "body",
    [
        "采购内容：智慧黑板50块。技术参数：支持接入大模型；预留大模型接口；可扩展大模型",
        "采购内容：传统客服系统（非大模型方案）\n服务内容：机房运维，大模型另行采购",
        "服务范围：青禾大模型产业园A座的保洁服务\n服务内容：大模型大厦公共区域保洁",
        "采购需求：门户网站运维。投标人具有大模型项目业绩的每个得2分；具有大模型资质的得3分",
        "建设内容：会计实训室，课程含大模型财务应用课程",
        "服务内容：智能体项目监理",
    ],
    ids=["reserve", "denied", "address", "references", "course", "supervision"],
)
def test_a_mention_in_the_body_is_not_a_purchase(body: str) -> None:
    assert relevance_of_body(body).score < counting_score()


@pytest.mark.parametrize(
    ("subject", "project_type"),
    [
        ("大模型云资源服务", "compute"),
        ("大模型API调用服务及Token资源包", "model"),
        ("桌面级大模型一体机", "compute"),
        ("大模型底座算力资源", "compute"),
        ("推理计算卡", "compute"),
    ],
)
def test_a_purchase_that_only_the_goods_show_is_counted(subject: str, project_type: str) -> None:
    notice = _notice("信息化能力提升项目", subject=subject)
    classify(notice)
    assert notice.is_large_model
    assert notice.lots[0].is_large_model
    assert notice.project_type == project_type


_HEAD = "序号\t供应商名称\t货物名称\t货物品牌\t货物型号\t货物数量\t货物单价(元)\n"
_SERVICE_HEAD = "序号\t供应商名称\t服务名称\t服务范围\t服务要求\t服务时间\t服务标准\n"


@pytest.mark.parametrize(
    "subject",
    [
        _HEAD + "1\t青禾科技有限公司\t会议平板\t青禾\t支持AI大模型语音助手\t2台\t12000\n",
        _HEAD + "1\t青禾科技有限公司\t台式计算机\t青禾\tQ7，无AI大模型\t30台\t4800\n",
        _HEAD + "1\t青禾大模型技术有限公司\t扫描仪\t青禾\tS1\t3台\t1500\n",
        _SERVICE_HEAD + "1\t青禾咨询有限公司\t机房运维服务\t机房巡检\t团队有大模型项目经验\t一年\t合格\n",
        _SERVICE_HEAD + "1\t青禾监理有限公司\t信息化工程监理\t大模型平台建设的监理\t满足要求\t一年\t合格\n",
        _SERVICE_HEAD + "1\t青禾公司\t智能体项目咨询\t为智能体建设出具方案\t满足要求\t一年\t合格\n",
        "货物名称：会议平板\n规格型号：支持AI大模型，内置大模型助手\n数量：30\n",
        "货物名称：会议平板 规格型号：接入DeepSeek大模型 数量：30",
    ],
    ids=[
        "specification",
        "denied in the model",
        "supplier",
        "requirement",
        "supervision in the scope",
        "advice",
        "specification in a labelled line",
        "specification in one line",
    ],
)
def test_a_word_beside_the_goods_is_not_what_is_bought(subject: str) -> None:
    notice = _notice("设备与服务采购项目", subject=subject)
    classify(notice)
    assert not notice.is_large_model


def test_the_goods_that_count_give_the_type() -> None:
    goods = "1\t青禾科技有限公司\t交换机\t青禾\tW1\t2台\t900\n2\t青禾科技有限公司\t大模型\n推理一体机\t青禾\tM2\t1台\t380000\n"
    notice = _notice("科研仪器设备采购", subject=_HEAD + goods)
    classify(notice)
    assert (notice.is_large_model, notice.project_type) == (True, "compute")


def test_the_scope_of_a_service_is_read() -> None:
    row = "1\t青禾科技有限公司\t信息化服务\t政务智能体的开发与部署\t满足要求\t一年\t合格\n"
    notice = _notice("信息化服务项目", subject=_SERVICE_HEAD + row)
    classify(notice)
    assert (notice.is_large_model, notice.project_type) == (True, "application")


def test_a_type_is_not_read_from_what_is_not_bought() -> None:
    notice = _notice("智能体系统（不含硬件、算力）")
    classify(notice)
    assert (notice.project_type, notice.project_type_second) == ("application", None)


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("实训室空调采购项目（二次）成交公告", "实训室空调"),
        ("政务智能体项目咨询服务（编号GZ-2026-01）第2标段", "政务智能体项目咨询"),
        ("大模型平台（监理）项目", "大模型平台（监理"),
    ],
)
def test_the_thing_bought_is_found_before_what_ends_a_name(name: str, thing: str) -> None:
    assert name.startswith(thing)
    assert len(thing) in ends_of_name(name)


def test_a_long_name_is_read_in_bounded_time() -> None:
    assert len(ends_of_name("）" * 50_000)) <= 60
    assert relevance_of("大模型" + "不含" * 500 + "采购" * 5_000).rules
