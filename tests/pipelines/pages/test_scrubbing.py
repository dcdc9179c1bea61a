"""Pages that people hand on name no person, and are read as before."""

from __future__ import annotations

import base64
import json

import pytest

from pipelines.pages.scrubbing import Scrubber, personal_details


def scrub(text: str) -> str:
    return Scrubber(personal_details(text)).scrub(text)


@pytest.mark.parametrize(
    ("markup", "gone", "kept"),
    [
        ("<p>项目联系人：章某甲，0571-88001122</p>", ("章某甲", "88001122"), ("项目联系人：", "<p>")),
        ("<td>联系人</td><td>章<b>建</b>国</td>", ("建", "国"), ("<td>联系人</td>", "<b>")),
        ("<table><tr><td>联系电话</td><td>０５７１—８８００１１２２</td></tr></table>", ("８８００",), ("联系电话",)),
        ("<p>联系人：李建国</p><p>（李建国 13800001111）</p>", ("李建国", "13800001111"), ("联系人：",)),
        ("<p>中标供应商：甲有限公司</p><p>联系人：甲有限公司</p>", (), ("中标供应商：甲有限公司",)),
        ("<!-- 联系人：章建国 --><p>采购人：乙局</p>", ("章建国",), ("采购人：乙局",)),
        ('<p>采购人：乙局</p><input value="电话：13800001111">', ("1380000",), ("采购人：乙局",)),
        ("<p>五、评审专家名单：章建国、李建国</p><p>六、其他：无</p>", ("章建国", "李建国"), ("六、其他：无",)),
        ("<p>中标金额：1380000.00元</p><p>电话：13800001111</p>", ("13800001111",), ("1380000.00元",)),
    ],
)
def test_persons_in_markup_are_overwritten_and_the_rest_stays(
    markup: str, gone: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    text = scrub(f"<html><body>{markup}</body></html>")
    assert not [words for words in gone if words in text]
    assert not [words for words in kept if words not in text]


@pytest.mark.parametrize(
    "data",
    [
        {"purchaserLinkPhone": "0571-88001122", "linkMan": "章建国"},
        {"attrs": [{"name": "联系人", "value": "章建国"}]},
        {"content": "<p>联系人：章建国 13800001111</p>"},
        {"inner": json.dumps({"text": "<p>联系人：章建国</p>"}, ensure_ascii=False)},
        {"packed": base64.b64encode("<html><body><p>联系人：章建国</p></body></html>".encode()).decode()},
    ],
)
def test_persons_in_json_are_overwritten_wherever_they_are(data: object) -> None:
    text = scrub(json.dumps({"title": "采购结果公告", "rows": [data]}))
    packed = json.loads(text)["rows"][0].get("packed", "")
    assert "采购结果公告" in text
    assert not [
        words
        for words in ("章建国", "88001122", "13800001111")
        if words in text + str(packed and base64.b64decode(packed).decode())
    ]


def test_a_file_inside_an_answer_is_left_out() -> None:
    packed = base64.b64encode(b"%PDF-1.4 and much more than an id").decode()
    assert json.loads(scrub(json.dumps({"file": packed, "id": 7}))) == {"file": "", "id": 7}


@pytest.mark.parametrize("text", ["<!--" * 20_000, "章" * 40_000, "<p>" * 3_000 + "联系人：章建国"])
def test_hostile_pages_take_no_time(text: str) -> None:
    assert "章建国" not in scrub(text)
