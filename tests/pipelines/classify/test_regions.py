"""The province is the buyer's, read from names that were built to mislead."""

from __future__ import annotations

import pytest

from pipelines.classify.regions import province_of


@pytest.mark.parametrize(
    ("buyer", "province"),
    [
        ("哈尔滨工业大学(威海)", "山东"),
        ("哈尔滨工业大学", "黑龙江"),
        ("香港科技大学（广州）", "广东"),
        ("北京师范大学宣城实验学校", "安徽"),
        ("首都医科大学附属北京安贞医院安徽医院", "安徽"),
        ("复旦大学附属中山医院厦门医院", "福建"),
        ("南昌铁路公安局福州公安处", "福建"),
        ("上海浦东发展银行昆明分行", "云南"),
        ("东北大学", "辽宁"),
        ("中山大学中山眼科中心", "广东"),
        ("电子科技大学", "四川"),
        ("杭州电子科技大学", "浙江"),
        ("中国地质大学（北京）", "北京"),
        ("天津市河北区教育局", "天津"),
        ("海南州教育局", "青海"),
        ("青海省海南藏族自治州人民医院", "青海"),
        ("海南省人民医院", "海南"),
        ("中国石油海南区域公司", "海南"),
        ("威宁自治县教育局", "贵州"),
        ("公安县人民医院", "湖北"),
        ("牡丹江市西安区教育局", "黑龙江"),
        ("山东城市服务职业学院", "山东"),
        ("长春市吉林大路小学", "吉林"),
        ("上海市北京西路小学", "上海"),
        ("中国移动通信集团江苏有限公司", "江苏"),
        ("中华人民共和国满洲里海关", "内蒙古"),
        ("西咸新区秦汉第四学校", "陕西"),
        ("铜梁县教育委员会", "重庆"),
        ("上海市黄浦区贵州中学", "上海"),
        ("北京市西城区广安门外街道办事处", "北京"),
        ("国家移民管理局", "北京"),
        ("中国电信股份有限公司大同分公司", "山西"),
        ("中国电信股份有限公司龙岗分公司", "广东"),
        ("中国联合网络通信有限公司黑龙江大同分公司", "黑龙江"),
        ("中国工商银行股份有限公司北京朝阳支行", "北京"),
        ("上海浦东发展银行龙岗分行", "上海"),
    ],
)
def test_a_buyers_name_gives_its_province(buyer: str, province: str) -> None:
    place = province_of(buyer)
    assert place is not None
    assert place.province == province
    assert place.words in buyer


@pytest.mark.parametrize(
    "buyer",
    [
        "新华区消防救援大队",
        "鼓楼区人民政府",
        "南京路小学",
        "中国工商银行股份有限公司",
        "朝阳中学",
        "某某公司鼓楼分公司",
        "某某公司城西分公司",
        "某某银行光明支行",
        None,
        "",
    ],
)
def test_shared_place_names_and_road_names_give_no_province(buyer: str | None) -> None:
    assert province_of(buyer) is None


def test_the_next_source_resolves_a_shared_place_name() -> None:
    assert province_of("新华区消防救援大队", "河南省") == ("河南", "河南省", "region")
    assert province_of("新华区消防救援大队", "新华区", "平顶山市建设路") == ("河南", "平顶山市", "buyer_address")


def test_the_region_is_used_if_the_name_has_no_place_and_then_the_address() -> None:
    assert province_of("某集团采购中心", "浙江省绍兴市上虞区") == ("浙江", "浙江省", "region")
    assert province_of("某集团采购中心", "市辖区", "湖北省武汉市珞喻路1号") == ("湖北", "湖北省", "buyer_address")
    place = province_of("哈尔滨工业大学(威海)", "黑龙江省")
    assert place is not None
    assert place.province == "山东", "the buyer's own name outranks the region a portal files it under"


def test_the_title_is_used_last_and_only_up_to_its_subject() -> None:
    assert province_of(None, None, None, "绍兴市上虞区档案馆智慧档案项目中标公告") == ("浙江", "上虞区", "title")
    assert province_of(None, None, None, "食堂食材配送项目（新疆大米）采购公告") is None
    place = province_of(None, None, None, "江西某某招标咨询有限公司关于修水县食堂配送项目的公告")
    assert place is not None
    assert place.words == "修水县", "the agency before 关于 is not the buyer"


def test_a_national_body_is_in_beijing_only_if_no_other_source_gives_a_province() -> None:
    national = province_of("国家税务总局")
    local = province_of("国家税务总局台州市税务局")
    assert national is not None
    assert local is not None
    assert (national.province, local.province) == ("北京", "浙江")
    filed = province_of("中国科学院", "上海市")
    assert filed is not None
    assert filed.province == "上海"


@pytest.mark.parametrize(
    ("buyer", "region", "province"),
    [
        ("松江区教育局", "吉林", "吉林"),
        ("松江区教育局", None, "吉林"),
        ("松江区教育局", "吉林省", "吉林"),
        ("大连路小学海门校区", None, "吉林"),
        ("白山市教育局", None, "吉林"),
        ("上海市松江区教育局", "吉林", "上海"),
        ("北京大学", "吉林", "北京"),
        ("吉林省驻上海办事处", None, "吉林"),
        ("白桦集团有限公司", "四川省", "四川"),
    ],
)
def test_the_province_of_a_portal_outranks_all_but_the_name_of_another(
    buyer: str, region: str | None, province: str
) -> None:
    place = province_of(buyer, region, portal_province="吉林")
    assert place is not None
    assert place.province == province
