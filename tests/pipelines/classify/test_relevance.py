"""What counts as a large-model project and what only sounds like one: real titles on both sides."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.classify import classify
from pipelines.classify.relevance import counting_score, relevance_of, relevance_of_body
from pipelines.model import Lot, Notice

LARGE_MODEL = [
    "应急管理部信息研究院矿山安全大模型系统中标公告",
    "AI政务智能体项目中标候选人公示",
    "广西北部湾银行 DeepSeek一体机",
    "电子科技大学 AI大模型训练与推理一体机等采购",
    "中移（苏州）软件技术有限公司2026年江西某项目智算服务器采购项目_招标公告",
    "三峡集团 基于大语言模型水电站运维问答（标段二）",
    "福建移动征集厦门分公司DICT人工智能生成式视频制作服务项目技术规范等文件意见的公告",
    "关于中国移动浙江公司2026年至2028年AI模型优化研发服务采购项目技术规范书的公告",
    "关于征集中国移动江西公司2026年AI辅助Skill生成与应用搭建研发服务采购项目技术规范的公告",
    "中国移动2025至2026年AI推理型服务器集采",
    "昆明市妇幼保健院AI算力租赁项目(二次)竞争性磋商结果公告",
    "AI+跨境电商垂类模型建设项目中标结果公告",
    "投顾AI助手服务项目(第二次)",
    "东航APP超级智能体建设项目",
    "广东海洋大学基于AI知识图谱和大模型的数字化现代海洋牧场实验教学示范中心(一期)建设",
    "昌吉顺惠信息科技服务有限公司智算中心项目（二标段）中标",
    "关于征集中国移动江西公司2025年智算中心（南昌）扩容工程硬件集成服务采购项目意见的公告",
    "政务服务数字人建设项目",
    "青禾传媒AI设计工具年度订阅",
    "青禾集团绿色智算算力服务器采购",
    "青禾医院AI辅助病历书写系统采购合同公告",
    "高质量语料库建设与标注服务",
    "ＤｅｅｐＳｅｅｋ本地化部署服务",
    "2025年人工智慧通用計算設備（推理型）集中採購",
]

NOT_LARGE_MODEL = [
    # a computing centre's building, not its machines
    "中国电信九江分公司2026年鄱阳湖智算中心水表开户安装服务采购项目（第二次）询比公告",
    "2026年杭州智算中心阿里项目六类网线采购项目重新询比",
    "关于征集中国移动浙江公司嘉兴分公司2026年嘉善智算中心通信管道施工安全评价服务采购项目意见的公告",
    "中国电信赣州分公司息壤赣南智算中心机房维护服务项目询比公告",
    "中国电信股份有限公司温州分公司东南智算中心咨询服务项目澄清更正公告",
    "点军区电子信息产业园基础设施项目-国家先进计算产业创新(宜昌)中心10KV外线工程 中标结果公告",
    "智算中心装修工程监理",
    "2026年中国联通漳州市分公司电竞云网咖算力服务询比采购（二期）项目公告",
    # what is sold around computing, and courses
    "青禾移动云和智算业务售中支撑项目",
    "青禾音乐AIGC培训与认证体系支撑服务项目_询比公告",
    # 智算 and 底座 inside other words
    "青禾移动绿智算力行动楼宇自控AI调优软件",
    "青禾租赁AI数据底座建设项目",
    "某芯片能力底座研发项目AI处理器的图像算法IP采购",
    # AI that is not a large model
    "中国移动通信集团福建有限公司2026年至2029年交管12123云哨AI外呼服务采购项目_直接采购信息公告",
    "福建移动征集福州分公司2026年AI语音质检平台项目采购技术规范等文件意见的公告",
    "2026年中国电信福州分公司车载监控视频AI识别技术服务采购项目询比公告",
    "东港中学AI智慧体育采购项目合同",
    "沙洋县职业技术教育中心AI防欺凌系统项目合同公告",
    "深圳市南山区医疗集团总部台式眼底照相机(AI判读结果)采购项目的采购结果公告",
    "2026年45间新建AI教室课桌椅采购项目废标公告",
    # a word with another meaning
    "黄冈师范学院图书馆2026年电子数据库服务采购项目 包9（读秀学术搜索知识库） 成交结果公告",
    "铜仁幼专智能体育实训室建设项目",
    "某市职业学院智能体测中心建设项目",
    "数字人民币受理环境建设项目",
    "某大学图书馆数字人文平台建设项目",
    "三维倾斜摄影实景模型数据采集",
    "解剖教学人体模型采购",
    "船舶流体力学大型模型试验",
    "关于征集中国移动浙江公司2026年微格 POI 优化专业模型服务采购项目技术规范书的公告",
    "福建移动征集2026-2029年AI反诈能力（互联网融合反诈特征模型）开发研发采购技术规范的公告",
    # a name, not a subject
    "重庆人工智能学院2026年场地改造工程(CQS26B00087)采购更正公告",
    "上海大模型科技有限公司关于办公楼保安服务的公告",
    "某市人工智能产业园消防工程",
    # events and land
    "智云绍兴token运营平台暨统一服务门户发布会活动项目询比公告",
    "大模型应用创新大赛承办服务",
    "鲸嘻AIGC产学研园区",
    # ordinary purchases
    "国家税务总局台州市税务局物业管理服务中标公告",
    "中国移动集中网络云资源池七期工程计算型服务器 候选人",
]


@pytest.mark.parametrize("title", LARGE_MODEL)
def test_a_large_model_project_is_counted_with_its_evidence(title: str) -> None:
    reading = relevance_of(title)
    assert reading.score >= counting_score()
    assert reading.rules
    assert all(word in title for word in reading.words)


@pytest.mark.parametrize("title", NOT_LARGE_MODEL)
def test_a_similar_sounding_project_is_not_counted(title: str) -> None:
    assert relevance_of(title).score < counting_score(), relevance_of(title)


def test_the_score_reflects_how_clear_the_text_is() -> None:
    plain, likely, hint, silent = (
        relevance_of(title).score for title in ("政务大模型平台", "投顾AI助手服务项目", "八卡GPU服务器", "食堂食材配送")
    )
    assert plain > likely > hint > silent == 0


def test_words_inside_the_buyers_name_do_not_count() -> None:
    title = "未来大模型产业服务中心物资采购公告"
    assert relevance_of(title).score >= counting_score()
    assert relevance_of(title, ("未来大模型产业服务中心",)).score == 0


def test_a_veto_reports_its_name() -> None:
    assert "not:building-of-a-compute-centre" in relevance_of("智算中心10KV外线工程").rules


def _make_notice(title: str, lots: list[Lot] | None = None, body: str = "", buyer: str | None = None) -> Notice:
    now = datetime(2026, 8, 1, tzinfo=UTC)
    return Notice(
        "p:1", "p", "https://x.test/1", now, kind="award", title=title, lots=lots or [], body=body, buyer=buyer
    )


def test_only_the_large_model_lot_of_a_mixed_project_is_counted() -> None:
    notice = _make_notice("信息化服务采购(五次)", [Lot(1, "大模型在教育考试中的应用"), Lot(2, "机房空调维保")])
    classify(notice)
    assert notice.is_large_model
    assert [lot.is_large_model for lot in notice.lots] == [True, False]


def test_every_lot_of_a_large_model_project_is_counted() -> None:
    notice = _make_notice(
        "某市政务大模型平台建设项目", [Lot(1, "包一"), Lot(2), Lot(3, "监理服务"), Lot(4, "办公家具")]
    )
    classify(notice)
    assert [lot.is_large_model for lot in notice.lots] == [True, True, True, True]


def test_a_lot_named_only_by_a_number_is_judged_by_its_subject() -> None:
    notice = _make_notice(
        "2026年信息化设备采购项目", [Lot(1, "包1", subject="DeepSeek大模型一体机"), Lot(2, "包2", subject="交换机")]
    )
    classify(notice)
    assert [lot.is_large_model for lot in notice.lots] == [True, False]
    assert notice.evidence["is_large_model"][0] in "DeepSeek大模型一体机"


def test_the_body_is_evidence_only_if_it_names_the_purchase_repeatedly() -> None:
    bought = "项目概况：建设全院大模型应用平台\n采购需求：大模型平台一套，智能体十个\n"
    law = "投标产品涉及生成式人工智能的，须符合《生成式人工智能服务管理暂行办法》\n供应商地址：某市大模型产业园\n"
    assert relevance_of_body(bought).score >= counting_score()
    assert relevance_of_body(law).score == 0
    notice = _make_notice("医院信息系统升级项目", body=bought)
    classify(notice)
    assert notice.is_large_model
    assert notice.evidence["rule:is_large_model"] == ["body-says-what-is-bought"]


def test_an_empty_notice_gets_no_class() -> None:
    notice = Notice("p:1", "p", "https://x.test/1", datetime(2026, 8, 1, tzinfo=UTC))
    classify(notice)
    assert (notice.is_large_model, notice.relevance, notice.project_type, notice.sector, notice.province) == (
        False,
        0.0,
        None,
        None,
        None,
    )
    assert notice.evidence == {}


def test_classifying_again_changes_nothing() -> None:
    notice = _make_notice("政务大模型平台", [Lot(1, "包一")], buyer="绍兴市大数据局")
    classify(notice)
    before = repr(notice)
    classify(notice)
    assert repr(notice) == before
