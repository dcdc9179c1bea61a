"""The journal of reviews: accepted lines, and accepted spellings of decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from tenders.files.review_journal import ReviewLabel, append_labels, read_decisions, read_journal

LABEL: dict[str, Any] = {
    "notice_keys": ["ccgp:2", "ccgp:1"], "reviewed_at": "2026-08-01T09:00:00",
    "decided": {"large_model": "yes", "lots": [2]}, "lots": [{"lot_no": 2, "name": "平台", "amount_yuan": 5}],
}  # fmt: skip


class TestDecisions:
    @pytest.mark.parametrize(
        ("cells", "found"),
        [
            ({"large_model": " ＹＥＳ "}, {"large_model": "yes"}),
            ({"large_model": "否"}, {"large_model": "no"}),
            ({"large_model": "？"}, {"large_model": "unsure"}),
            ({"lots": "１，３"}, {"large_model": "yes", "lots": [1, 3]}),
            ({"lots": "3; 1 3"}, {"large_model": "yes", "lots": [1, 3]}),
            ({"sector": "教科"}, {"sector": "education_research"}),
            ({"subsector": "justice_security"}, {"sector": "government", "subsector": "justice_security"}),
            ({"province": "内蒙古自治区"}, {"province": "内蒙古"}),
            ({"project_type": "  "}, {}),
        ],
    )
    def test_every_accepted_spelling_is_read(self, cells: dict[str, str], found: dict[str, Any]) -> None:
        assert read_decisions(cells, {1, 2, 3}, {"justice_security": "government"}) == found

    @pytest.mark.parametrize("lots", ["0", "2-3", "1.5", "一", "-1", "1,,9", "99999999999999999999"])
    def test_numbers_that_are_not_lots_are_an_error(self, lots: str) -> None:
        with pytest.raises(ValueError, match="lots are not numbers"):
            read_decisions({"lots": lots}, {1, 2, 3}, {})

    def test_a_code_with_its_name_is_one_choice_and_two_choices_are_an_error(self) -> None:
        assert read_decisions({"sector": "media_culture 文旅传媒"}, (), {}) == {"sector": "media_culture"}
        with pytest.raises(ValueError, match="sector is not one of"):
            read_decisions({"sector": "金融 能源"}, (), {})


class TestLines:
    def test_a_line_becomes_a_review_with_its_instant_in_utc(self, tmp_path: Path) -> None:
        append_labels(tmp_path / "reviewed.jsonl", [ReviewLabel.model_validate(LABEL)])
        [review], problems = read_journal(tmp_path / "reviewed.jsonl")
        assert problems == []
        assert (review.notice_keys, review.decided) == (["ccgp:1", "ccgp:2"], {"large_model": "yes", "lots": [2]})
        assert review.reviewed_at.startswith("2026-08-01T01:00:00")
        assert review.lots == [{"lot_no": 2, "name": "平台", "supplier": None, "amount_yuan": "5.00"}]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"decided": {}}, "nothing is decided"),
            ({"decided": {"sektor": "finance"}}, "decided.sektor: unknown key; did you mean sector?"),
            ({"decided": {"subsector": "justice_security"}}, "decided.subsector needs its sector"),
            ({"decided": {"large_model": "no", "lots": [2]}}, "lots go only with yes"),
            ({"decided": {"lots": [7]}}, "lots are not numbers of this award's lots (2): '7'"),
            ({"notice_keys": []}, "notice_keys: name the notices of the award"),
            ({"notice_keys": "ccgp:1"}, "notice_keys"),
            ({"reviewed_at": "yesterday"}, "reviewed_at: not an instant: 'yesterday'"),
            ({"reviewed_by": "张三"}, "reviewed_by: unknown key"),
            ({"lots": [{"name": "平台"}]}, "lots[1].lot_no: missing"),
            ({"lots": [{"lot_no": 2, "amount_yuan": "NaN"}]}, "not an amount: 'NaN'"),
        ],
    )
    def test_a_wrong_line_gives_one_message_with_file_line_and_key(
        self, tmp_path: Path, change: dict[str, Any], words: str
    ) -> None:
        path = tmp_path / "reviewed.jsonl"
        path.write_bytes(orjson.dumps(LABEL) + b"\n" + orjson.dumps(LABEL | change))
        reviews, problems = read_journal(path)
        assert len(reviews) == 1
        [problem] = problems
        assert problem.startswith(f"{path}, line 2: left out: ")
        assert words in problem

    def test_a_missing_file_has_no_reviews(self, tmp_path: Path) -> None:
        assert read_journal(tmp_path / "none.jsonl") == ([], [])
