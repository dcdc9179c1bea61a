"""New awards as messages: which are chosen from the database, and what people read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tenders.config.models import AnnounceSection
from tenders.jobs.ingest import ingest_files
from tenders.notify import delivery, messages
from tests.helpers.data_folders import empty_data_folder
from tests.helpers.storing import award, capture

ALL = AnnounceSection()


def load(data: Path, *records: dict[str, Any]) -> None:
    """Load made-up notices; award n costs (n + 10).5 万元."""
    path = data / f"{len(list(data.glob('*.jsonl')))}.jsonl"
    assert ingest_files([capture(path, list(records))], data).problems == 0


def award_of(yuan: str) -> messages.Award:
    """Return an award with this price and nothing else."""
    return messages.Award(
        award_key="aw1",
        name="",
        buyer="",
        suppliers=[],
        amount_yuan=Decimal(yuan),
        amount_partial=False,
        project_type="",
        sector="",
        awarded_on=date(2026, 7, 1),
        first_seen_at=datetime(2026, 8, 1, 4, tzinfo=UTC),
        notice_keys=[],
        urls=[],
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with awards 1, 2, 3 and 9. Award 9 has no published price."""
    folder = empty_data_folder(tmp_path_factory.mktemp("data"))
    undisclosed = award(9)
    undisclosed["body"] = undisclosed["body"].replace("19.5000000（万元）", "详见公告")
    load(folder, award(1), award(2), award(3), undisclosed)
    return folder


def test_an_award_is_shown_with_all_that_a_reader_wants(data: Path) -> None:
    first = messages.awards_to_announce(data, ALL)[0]
    assert messages.award_text(first).splitlines() == [
        "某市第1中学大模型教学平台采购项目",
        "采购人：某市第1中学",
        "中标（成交）供应商：某市甲1科技有限公司",
        "金额：11.50 万元",
        "应用 · 教科 · 2026-07-02",
        "https://notices.example/1.html",
    ]


def test_awards_come_oldest_first(data: Path) -> None:
    days = [one.awarded_on for one in messages.awards_to_announce(data, ALL)]
    assert len(days) == 4
    assert days == sorted(days)


def test_a_minimum_leaves_out_awards_that_are_smaller_or_have_no_price(data: Path) -> None:
    large = AnnounceSection(min_amount=130_000, undisclosed=False)
    assert ["第3中学" in one.name for one in messages.awards_to_announce(data, large)] == [True]
    undisclosed_too = messages.awards_to_announce(data, AnnounceSection(min_amount=130_000))
    assert [one.amount_yuan for one in undisclosed_too] == [Decimal(135_000), None]


@pytest.mark.long
def test_an_award_keeps_a_key_when_an_earlier_notice_of_it_turns_up(tmp_path: Path) -> None:
    data = empty_data_folder(tmp_path)
    load(data, award(6))
    [before] = messages.awards_to_announce(data, ALL)
    earlier = {"portal": "other", "url": "https://elsewhere.example/6.html", "fetched_at": "2026-07-02T12:00:00+08:00"}
    load(data, award(6, **earlier))
    [after] = messages.awards_to_announce(data, ALL)
    assert after.award_key != before.award_key
    assert len(after.notice_keys) == 2
    assert after.keys & before.keys


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("666500000", "6.67 亿元"),  # half to even would be 6.66
        ("123456789012.5", "1,234.57 亿元"),
        ("99999999.99", "10,000.00 万元"),
        ("10050", "1.01 万元"),
    ],
)
def test_an_amount_is_rounded_half_up_as_in_every_report(yuan: str, text: str) -> None:
    assert messages.amount_text(award_of(yuan)) == text


def test_text_of_a_page_calls_nobody_and_a_message_has_an_end() -> None:
    made = messages.Award(
        award_key="aw1",
        name="@all\n大模型\u202e\x07平台" + "长" * 200,
        buyer="@channel 局",
        suppliers=[f"{'供' * 50}{n}" for n in range(9)],
        amount_yuan=Decimal("123456789.50"),
        amount_partial=True,
        project_type="model",
        sector="government",
        awarded_on=date(2026, 7, 1),
        first_seen_at=datetime(2026, 8, 1, 4, tzinfo=UTC),
        notice_keys=[],
        urls=["urn:x", "javascript:alert(1)", *(f"https://x.example/{'a' * 150}{n}" for n in range(5))],
    )
    text = messages.award_text(made)
    lines = text.splitlines()
    assert "@" not in text
    assert lines[0].startswith("＠all 大模型 平台长长")
    assert lines[0].endswith("长…")
    assert lines[2].endswith("… 等 9 家")
    assert lines[3] == "金额：1.23 亿元（部分标段未公布）"
    assert [line for line in lines if ":" in line] == made.urls[2:4]
    assert len(text.encode()) <= delivery.MESSAGE_BYTES
