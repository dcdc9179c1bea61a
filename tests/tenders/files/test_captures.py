"""Lines of capture files in the forms that savers really write."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from pipelines.model import Page, Rejected
from pipelines.process import process
from tenders.files.captures import read_line
from tests.helpers.storing import award

_BODY = award(1)["body"]


def read_page(**changes: Any) -> Page:
    page = read_line("x", 1, orjson.dumps(award(1, **changes)))
    assert isinstance(page, Page)
    return page


@pytest.mark.parametrize(
    "body",
    [
        base64.b64encode(_BODY.encode()).decode(),
        base64.encodebytes(_BODY.encode("gb18030")).decode(),
        base64.urlsafe_b64encode(_BODY.encode()).decode().rstrip("="),
        "data:text/html;base64," + base64.b64encode(_BODY.encode()).decode(),
        base64.b64encode(gzip.compress(_BODY.encode())).decode(),
    ],
    ids=["plain", "in lines, GB18030", "for the web", "address of data", "packed"],
)
def test_a_body_in_base64_is_read(body: str) -> None:
    assert read_page(encoding="base64", body=body).body == _BODY


@pytest.mark.parametrize(
    "written",
    [
        "2025-07-04T12:00:00+08:00",
        "2025-07-04T12:00:00+0800",
        "2025-07-04T04:00:00Z",
        "2025-07-04 04:00:00 UTC",
        "2025/07/04 12:00",
        "2025年7月4日 12:00",
        "Fri, 04 Jul 2025 04:00:00 GMT",
        1751601600,
        1751601600000,
        "1751601600",
        "1751601600000",
    ],
)
def test_the_time_of_a_page_is_read_in_every_form(written: object) -> None:
    assert read_page(fetched_at=written).fetched_at == datetime(2025, 7, 4, 4, tzinfo=UTC)


@pytest.mark.parametrize("written", ["04/07/2025 04:00", "Friday", "2025-13-04", "12", ""])
def test_a_time_is_never_guessed(written: str) -> None:
    assert isinstance(read_line("x", 1, orjson.dumps(award(1, fetched_at=written))), Rejected)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-07-03T16:30:00Z", date(2025, 7, 4)),
        ("2025-07-04 10:00:00", date(2025, 7, 4)),
        ("1751594400000", date(2025, 7, 4)),
        (1751594400, date(2025, 7, 4)),
        ("2025年7月4号", date(2025, 7, 4)),
        ("07-04-2025", None),
        ("soon", None),
    ],
)
def test_the_day_of_publication_is_read_in_every_form(written: object, day: date | None) -> None:
    assert read_page(published_on=written).published_on == day


@pytest.mark.parametrize(
    ("form", "content_type"),
    [
        ("{}", "application/json"),
        ("\ufeff{}", "application/json"),
        ("callback({});", "application/json"),
        ("/**/jQuery123_4({})", "application/javascript"),
        ("{}", "text/html"),
        ("{}", "application/octet-stream"),
    ],
)
@pytest.mark.parametrize("data_is_text", [False, True], ids=["object", "object as text"])
def test_an_answer_is_read_in_every_wrapping(form: str, content_type: str, data_is_text: bool) -> None:
    data: Any = {"name": award(1)["title"], "publishDate": 1751594400, "noticeContent": _BODY}
    answer = json.dumps({"code": 0, "data": json.dumps(data) if data_is_text else data}, ensure_ascii=False)
    page = read_page(portal="cmcc", body=form.replace("{}", answer), content_type=content_type, published_on=None)
    [notice] = process(page).notices
    assert (notice.title, notice.published_on) == (award(1)["title"], date(2025, 7, 4))
    assert [winner.supplier for lot in notice.lots for winner in lot.winners] == ["某市甲1科技有限公司"]


def test_a_line_may_have_the_files_of_its_notice() -> None:
    page = read_page(
        attachments=[
            {
                "url": "https://www.example.cn/f/%E7%BB%93%E6%9E%9C.pdf",
                "content_type": "application/pdf",
                "body_base64": base64.encodebytes(b"%PDF-1.7 file").decode(),
            },
            {"url": "https://www.example.cn/get?id=7", "name": "明细.xlsx", "body_base64": "this is no base64!"},
            "no file",
        ]
    )
    assert [(file.name, file.content_type, file.content) for file in page.attachments] == [
        ("结果.pdf", "application/pdf", b"%PDF-1.7 file"),
        ("明细.xlsx", "", b""),
    ]
