"""`evaluate`: labels against stored notices, value by value."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from analysis.quality.evaluate import Report, evaluate, judge
from pipelines.common.validation import InvalidDataError
from pipelines.labelled_notices import LabelledLot, LabelledNotice
from tenders.jobs.label_facts import classes_of
from tests.helpers.market import Market, candidates, lot

pytestmark = pytest.mark.slow

FULL = {
    "title": "大模型平台成交公告", "kind": "award", "is_award": True, "is_large_model": True, "confidence": "high",
    "project_type": ["application", "model"], "sector": "government", "province": "浙江", "buyer": "某市数据局",
    "suppliers": ["甲公司"], "lots": [], "total_amount_yuan": 1200000, "project_number": "ZJ-2025-001",
    "published_on": "2025-07-01", "labelled_by": "hand",
}  # fmt: skip


def write(folder: Path, *labels: dict[str, object]) -> Path:
    path = folder / "labels.jsonl"
    path.write_bytes(b"\n".join(orjson.dumps(x) for x in labels))
    return path


def score(market: Market, folder: Path, *labels: dict[str, object]) -> Report:
    market.publish()
    return evaluate(market.con, [write(folder, *labels)])


def test_widths_brackets_spaces_and_hyphens_do_not_make_a_value_wrong(tmp_path: Path) -> None:
    market = Market()
    market.notice("a:1", "award", "2025-07-01", lot("1200000.00", "甲（杭州）公司"), number="ＺＪ－2025－001",
                  buyer="某市数据局（本级）", province="浙江")  # fmt: skip
    report = score(market, tmp_path, FULL | {"url": "https://a.example/1", "suppliers": ["甲(杭州) 公司"]})
    for name in ("kind", "project_number", "buyer", "supplier", "amount", "province", "project_type", "published_on"):
        assert (report.fields[name].precision, report.fields[name].recall) == (1.0, 1.0), name


def test_a_day_written_in_chinese_is_the_same_day(tmp_path: Path) -> None:
    market = Market()
    market.notice("a:1", "award", "2025-07-01", lot("1200000.00", "甲公司"))
    report = score(market, tmp_path, FULL | {"url": "https://a.example/1", "published_on": "2025年7月1日 12:54"})
    assert report.fields["published_on"].precision == 1.0


def test_a_value_given_where_a_person_saw_none_costs_precision_and_a_machine_label_costs_nothing(
    tmp_path: Path,
) -> None:
    market = Market()
    market.notice("a:1", "award", "2025-07-01", lot("5.00", "甲公司"), number="N-1")
    market.notice("a:2", "award", "2025-07-01", lot("5.00", "甲公司"), number="N-2")
    empty = FULL | {"project_number": None, "total_amount_yuan": None, "suppliers": []}
    report = score(market, tmp_path, empty | {"url": "https://a.example/1"},
                   empty | {"url": "https://a.example/2", "labelled_by": "gold_k3(machine)"})  # fmt: skip
    for name in ("project_number", "amount", "supplier"):
        assert report.fields[name].given == 1, name
        assert report.fields[name].precision == 0.0, name
        assert report.fields[name].recall is None, name


def test_a_missing_value_costs_recall_and_is_listed_with_its_label(tmp_path: Path) -> None:
    market = Market()
    market.notice("a:1", "award", "2025-07-01", lot(None, "甲公司"))
    report = score(market, tmp_path, FULL | {"url": "https://a.example/1"})
    assert report.fields["amount"].recall == 0.0
    assert report.fields["amount"].misses == [("https://a.example/1", "1200000.00", "—")]
    assert "1200000.00" in report.render("table")


def test_several_winners_are_scored_one_by_one(tmp_path: Path) -> None:
    market = Market()
    market.notice("a:1", "award", "2025-07-01", lot("5.00", "甲公司", "丙公司"))
    report = score(market, tmp_path, FULL | {"url": "https://a.example/1", "suppliers": ["甲公司", "乙公司"]})
    supplier = report.fields["supplier"]
    assert (supplier.correct, supplier.given, supplier.labelled) == (1, 2, 2)


def test_kind_confusion_counts_news_as_other(tmp_path: Path) -> None:
    market = Market()
    market.notice("a:1", "other", "2025-07-01")
    market.notice("a:2", "tender", "2025-07-01")
    news = FULL | {"kind": "news", "is_award": False, "suppliers": []}
    report = score(market, tmp_path, news | {"url": "https://a.example/1"}, FULL | {"url": "https://a.example/2"})
    assert report.confusion["kind"] == {"other": {"other": 1}, "award": {"tender": 1}}
    assert report.fields["is_award"].recall == 0.0


def test_the_newest_version_of_a_notice_is_what_is_scored(tmp_path: Path) -> None:
    market = Market()
    market.notice("a:1", "award", "2025-07-01", lot("1.00", "甲公司"), seen="2025-07-01", version="old")
    market.notice("a:1", "award", "2025-07-01", lot("1200000.00", "甲公司"), seen="2025-07-02", version="new")
    assert score(market, tmp_path, FULL | {"url": "https://a.example/1"}).fields["amount"].precision == 1.0


def test_records_of_another_crawler_give_winner_price_and_quotes(tmp_path: Path) -> None:
    market = Market()
    market.notice("y:1", "award", "2025-07-01", lot("58093708.41", "甲公司", "乙公司"), buyer="某局")
    market.notice(
        "y:2", "candidate", "2025-07-01", candidates(("甲公司", "100.00"), ("乙公司", None), ("丙公司", "110.00"))
    )
    report = score(
        market, tmp_path,
        {"url": "https://y.example/1", "kind": "award", "buyer": "某局", "supplier": "甲公司、乙公司联合体",
         "amount_yuan_text": "58,093,708.41元"},
        {"url": "https://y.example/2", "kind": "candidate", "bidders": [
            {"bidder": "甲公司", "price": "100"}, {"bidder": "乙公司", "price": "46.8%"},
            {"bidder": "丙公司", "price": "120"}]},
    )  # fmt: skip
    assert report.fields["supplier"].recall == 1.0
    assert report.fields["amount"].precision == 1.0
    assert (report.fields["quote"].correct, report.fields["quote"].labelled) == (1, 2)


def test_labels_without_a_stored_notice_are_counted_and_named(tmp_path: Path) -> None:
    report = score(Market(), tmp_path, FULL | {"url": "https://nowhere.example/"})
    assert (report.labels, report.matched, report.unmatched) == (1, 0, ["https://nowhere.example/"])
    assert orjson.loads(report.render("json"))["fields"]["buyer"]["precision"] is None


def test_a_file_that_is_no_label_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"url": "x"}\nnot json\n')
    with pytest.raises(InvalidDataError, match="line 2"):
        evaluate(Market().publish().con, [path])
    with pytest.raises(InvalidDataError, match=r"absent\.jsonl"):
        evaluate(Market().con, [tmp_path / "absent.jsonl"])


def test_labels_are_judged_by_their_own_facts_where_nothing_is_stored(tmp_path: Path) -> None:
    facts = {"buyer": "杭州市公安局", "sector": "government", "province": "浙江", "url": None}
    path = write(
        tmp_path,
        FULL | facts | {"title": "警务大模型智能体中标公告"},
        FULL | facts | {"title": "办公家具中标公告", "is_large_model": False, "project_type": []},
        FULL | facts | {"title": "信息化服务中标公告", "lots": [{"name": "保洁"}, {"name": "大模型知识问答"}]},
        FULL | facts | {"title": "某项神秘采购"},
    )
    report = judge([path], classes_of)
    assert (report.matched, report.unmatched) == (4, [])
    flag = report.fields["is_large_model"]
    assert (flag.correct, flag.given, flag.labelled) == (2, 2, 3)
    assert flag.misses == [("某项神秘采购", "yes", "—")]
    assert report.confusion["is_large_model"] == {"yes": {"yes": 2, "no": 1}, "no": {"no": 1}}
    assert "buyer" not in report.fields, "what is given cannot be scored"
    lots = (LabelledLot(name="保洁"), LabelledLot(name="大模型知识问答"))
    assert classes_of(LabelledNotice(title="信息化", lots=lots))["lots_large"] == [False, True]
    assert "judged by their own title" in report.render("table", misses=0)
    assert "神秘" not in report.render("table", misses=0)
