"""Who owns a buyer, by its name: central and local state-owned enterprises, public bodies, other companies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.classify.buyer_kind import owner_of
from pipelines.classify.lexicon import current, lexicon_of, using
from pipelines.classify.vendors import vendor_of
from pipelines.common.validation import InvalidDataError
from tenders.jobs.ingest import ingest_files
from tenders.jobs.rebuild import rebuild_store
from tenders.jobs.reclassify import reclassify_store
from tests.helpers.market import Market, lot
from tests.helpers.storing import capture, tenders
from tests.pipelines.classify.test_own_group import award_record, query

# Names of buyers from public notices.
CENTRAL = """
国家电网有限公司 国网山东电力网瑞物产公司 安徽送变电工程有限公司 南网数研院 揭阳供电局 华能河南分公司清能公司
新疆华电天山发电有限公司 大唐(永丰)新能源有限公司 上海电力股份有限公司 中国长江三峡集团 国能信控技术股份有限公司
中国核电工程有限公司 长庆油田苏里格气田开发分公司 北方管道公司油气储运技术分公司 中国移动浙江公司嘉兴分公司
福建移动三明分公司 宁夏电信 中山联通 联通（山东）产业互联网有限公司 中国铁塔股份有限公司遂宁市分公司
江西电信信息产业有限公司 中建八局第三建设有限公司苏南分公司 中铁二十五局四公司 中交第二航务工程局有限公司
中国铁建股份有限公司 中车青岛四方机车车辆股份有限公司 通号低空智能科技有限公司 中国民航信息网络股份有限公司
昆明航空有限公司 东航 上海飞机制造有限公司 华润电力(宜昌)有限公司 中盐内蒙古化工股份有限公司 东风汽车 格尔木机务段
中国铁路成都局集团有限公司客站建设指挥部 邮储银行北京分行 中国银行南京南钢支行 工行江苏省分行 交通银行
招商银行股份有限公司南京分行 中国农业发展银行 光大理财有限责任公司 国投证券股份有限公司 中国银联
云南烟草机械有限责任公司 中国航天空气动力技术研究院
""".split()
LOCAL = """
山东港口陆海国际物流集团发展有限公司 五指山市城市建设投资集团有限公司 南通国有资产投资控股有限公司
宜昌产投建设投资有限公司 浙江省交通投资集团有限公司 南京江宁水务集团有限公司 南通市公共交通总公司
南京禄口国际机场有限公司 济宁兖郓高速公路有限责任公司 中国平煤神马控股集团有限公司招标采购中心 陕汽集团 妈湾电厂
淮北矿业股份有限公司 湖北宜化集团有限责任公司 广西北部湾银行 浙江农商联合银行 兴业银行股份有限公司石家庄分行
华泰证券股份有限公司 上海报业集团 山东城市出版传媒集团有限公司 榆林市供热有限公司 三亚崖州湾科技城开发建设有限公司
天津技术产权交易所有限公司 同煤大唐塔山煤矿有限公司
""".split()
BODIES = """
中国人民银行吉林省分行 西安建筑科技大学 华北电力大学 深圳市南山区医疗集团总部 东台市第一小学教育集团(东台市第一小学)
宁波市数据局 中国民用航空局空中交通管理局 国家税务总局台州市税务局 莆田学院附属医院 重庆中国三峡博物馆
子长市国有资产经营管理中心 中华全国工商业联合会信息中心 成都铁路卫生学校 兰州铁路公安局 武汉市东西湖区融媒体中心
丽江职教集团华坪分校 中国石油和化学工业联合会 中国银行业协会
""".split()
OTHERS = """
三一集团有限公司 宁夏宝丰能源集团股份有限公司 淮安新奥燃气有限公司 广东美的厨房电器制造有限公司 天津雅迪实业有限公司
通用电气医疗集团 蒙牛乳业 山东利诚大数据有限公司 广州领秀物业管理有限公司 国能日新科技股份有限公司 莲盛煤业
""".split()


_KNOWN = {"central_soe": CENTRAL, "local_soe": LOCAL, "public_body": BODIES, "other_company": OTHERS}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, names in _KNOWN.items() for name in names],
)
def test_a_buyers_name_gives_its_kind(kind: str, name: str) -> None:
    found = owner_of(name, vendor_of(name))
    assert found is not None
    assert found.kind == kind, found
    assert found.words in name


@pytest.mark.parametrize("name", [None, "", "zycgr21070801", "某单位", "（盖章）", "郭家台二号"])
def test_a_missing_buyer_has_no_kind(name: str | None) -> None:
    assert owner_of(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "新华能源有限公司",
        "金大唐文化有限公司",
        "联通国际旅行社",
        "上海越秀区食品有限公司",
        "中国投影仪器有限公司",
        "长城发动机有限公司",
        "海州油烟机有限公司",
        "香港投资有限公司",
        "智能投资有限公司",
        "沪中铝业制品有限公司",
    ],
)
def test_a_word_inside_another_word_is_not_an_owner(name: str) -> None:
    found = owner_of(name, vendor_of(name))
    assert found is None or not found.kind.endswith("_soe"), found


@pytest.mark.parametrize(
    "name", ["华能电厂有限公司", "北京华能电厂有限公司", "（广东省）华能电厂有限公司", "深圳市华能电厂有限公司"]
)
def test_a_place_may_precede_a_brand(name: str) -> None:
    found = owner_of(name)
    assert found is not None
    assert (found.kind, found.words, found.rule) == ("central_soe", "华能", "中国华能集团有限公司")


def test_every_central_group_on_the_official_list_has_a_rule_that_matches_its_name() -> None:
    names = [rule.name for rule in current().buyer_kinds.rules if rule.kind == "central_soe"]
    assert len(set(names)) == len(names)
    first, last = names.index("中国核工业集团有限公司"), names.index("中国检验认证（集团）有限公司")
    assert last - first + 1 == 100
    found = {name: owner_of(name, vendor_of(name)) for name in names[first : last + 1]}
    assert [name for name, owner in found.items() if owner is None or owner.rule != name] == []


class TestAUsersOwnWords:
    def test_a_new_rule_comes_first(self, tmp_path: Path) -> None:
        (tmp_path / "buyer_kinds.toml").write_text(
            '[[rule]]\nname = "ours"\nkind = "local_soe"\nwords = ["砚台集团"]\n', "utf-8"
        )
        with using(lexicon_of(tmp_path)):
            found = owner_of("海州砚台集团有限公司")
            assert (found and found.kind, found and found.rule) == ("local_soe", "ours")
        found = owner_of("海州砚台集团有限公司")
        assert found is not None
        assert found.kind == "other_company", "the shipped words know nothing of it"

    def test_a_word_can_be_removed_from_a_shipped_rule(self, tmp_path: Path) -> None:
        (tmp_path / "buyer_kinds.toml").write_text(
            '[[rule]]\nname = "city-and-rural-banks"\nwithout = ["银行"]\n', "utf-8"
        )
        with using(lexicon_of(tmp_path)):
            assert (found := owner_of("海州银行股份有限公司"))
            assert found.kind == "other_company"

    def test_an_unknown_kind_is_reported_in_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "buyer_kinds.toml").write_text(
            '[[rule]]\nname = "ours"\nkind = "soe"\nwords = ["砚台集团"]\n', "utf-8"
        )
        with pytest.raises(
            InvalidDataError, match=r"buyer_kinds\.toml: \[\[rule\]\] 'ours': kind: 'soe' .*central_soe"
        ):
            lexicon_of(tmp_path)

    def test_a_rule_may_name_a_users_vendor_group_but_not_an_unknown_one(self, tmp_path: Path) -> None:
        rule = '[[rule]]\nname = "ours"\nkind = "local_soe"\nwords = ["砚台集团"]\nvendors = ["砚台云"]\n'
        (tmp_path / "buyer_kinds.toml").write_text(rule, "utf-8")
        with pytest.raises(InvalidDataError, match=r"buyer_kinds\.toml: \[\[rule\]\] 'ours': vendors: .*'砚台云'"):
            lexicon_of(tmp_path)
        (tmp_path / "vendors.toml").write_text('[[group]]\nname = "砚台云"\nhas = ["砚台云数据"]\n', "utf-8")
        with using(lexicon_of(tmp_path)):
            owner = owner_of("砚台云数据有限公司", vendor_of("砚台云数据有限公司"))
            assert owner is not None
            assert (owner.kind, owner.rule) == ("local_soe", "ours")


_KINDS = "SELECT buyer, buyer_kind FROM awards ORDER BY project_number"
_EXPECTED = [
    ("中国电信股份有限公司海州分公司", "central_soe"),
    ("海州市水务集团有限公司", "local_soe"),
    ("某市第3中学", "public_body"),
    ("海州砚台食品有限公司", "other_company"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("kinds")
    records = [award_record(number, buyer, "某市甲科技有限公司") for number, (buyer, _) in enumerate(_EXPECTED, 1)]
    ingest_files([capture(place / "a.jsonl", records)], place / "data")
    return place / "data"


@pytest.mark.slow
def test_notices_awards_and_award_states_have_the_buyer_kind(data: Path) -> None:
    assert query(data, _KINDS) == _EXPECTED
    assert query(data, _KINDS.replace("awards", "award_states")) == _EXPECTED
    assert query(data, _KINDS.replace("awards", "notices")) == _EXPECTED


def test_the_shares_of_a_month_by_kind_add_up(data: Path) -> None:
    rows = query(data, "SELECT buyer_kind, awards, awards_share_pct FROM monthly_by_buyer_kind ORDER BY 1")
    assert rows == [
        ("central_soe", 1, 25.0),
        ("local_soe", 1, 25.0),
        ("other_company", 1, 25.0),
        ("public_body", 1, 25.0),
    ]
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        columns = [
            [name for name, *_ in con.execute(f"DESCRIBE monthly_by_{by}").fetchall()]
            for by in ("sector", "buyer_kind")
        ]
    assert columns[0] == [name.replace("buyer_kind", "sector") for name in columns[1]]


def test_explain_shows_the_word_and_the_rule(data: Path) -> None:
    [(award_key, notices)] = query(data, "SELECT award_key, notice_keys FROM awards WHERE buyer_kind = 'central_soe'")
    for key in (award_key, notices[0]):
        result = tenders("explain", key, "--data", data).stdout
        assert "buyer_kind: central_soe" in result
        assert "中国电信集团有限公司" in result


def test_a_preview_shows_what_a_users_words_would_change(data: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(data, tmp_path / "data"))
    (copy / "lexicon").mkdir()
    (copy / "lexicon" / "buyer_kinds.toml").write_text(
        '[[rule]]\nname = "ours"\nkind = "local_soe"\nwords = ["砚台"]\n', "utf-8"
    )
    result = tenders("evaluate", "--diff", "--format", "json", "--data", copy)
    [changed] = json.loads(result.stdout)["notices"]["listed"]
    assert changed["changes"] == [
        {"field": "buyer_kind", "before": "other_company", "after": "local_soe", "words": ["砚台"], "rules": ["ours"]}
    ]


@pytest.mark.long
def test_the_kind_is_the_same_after_a_rebuild_and_from_an_exported_table(data: Path, tmp_path: Path) -> None:
    rebuild_store(data)
    assert query(data, _KINDS) == _EXPECTED
    reclassify_store(data)
    assert query(data, _KINDS) == _EXPECTED
    table = tmp_path / "awards.csv"
    assert tenders("export", "--format", "csv", "-o", table, "--data", data).returncode == 0
    assert "buyer_kind" in table.read_text("utf-8").splitlines()[0]
    read = tenders("ingest", table, "--data", tmp_path / "again")
    assert (read.returncode, "left out" in read.stderr) == (0, False)
    assert query(tmp_path / "again", _KINDS) == _EXPECTED


def test_an_award_has_the_kind_of_the_buyer_it_shows() -> None:
    market = Market()
    about: dict[str, Any] = {"number": "ZB-2025-0001", "name": "大模型平台项目"}
    won = lot("9.00", "甲公司")
    market.notice("ccgp:1", "award", "2025-07-01", won, buyer="某市数据局", buyer_kind="public_body", **about)
    market.notice(
        "ccgp:2", "contract", "2025-07-09", won, buyer="某市数据局（城投代建）", buyer_kind="local_soe", **about
    )
    found = market.only_award()
    assert len(found["notice_keys"]) == 2
    assert (found["buyer"], found["buyer_kind"]) == ("某市数据局", "public_body")
