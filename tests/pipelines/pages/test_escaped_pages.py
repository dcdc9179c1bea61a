"""Pages that an interface or a saver left escaped, once or several times, are read as the page itself."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus

import pytest

from pipelines.model import Page
from pipelines.pages import parse_page
from pipelines.pages.escaped_pages import without_escapes

_TITLE = "某市政务大模型平台采购项目中标公告"
_CONTENT = '<div class="a"><p>项目编号：MS-2025-1</p><p>供应商名称：某某科技有限公司</p>\n<p>中标金额：1200000元，含税 6% & 运费</p></div>'
_PLAIN = html.escape(_CONTENT).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')

_LINES = ["项目编号：MS-2025-1", "供应商名称：某某科技有限公司", "中标金额：1200000元，含税 6% & 运费"]


def json_text(text: str) -> str:
    return json.dumps(text)[1:-1]


def script_escape(text: str) -> str:
    return "".join(f"%u{ord(c):04X}" if ord(c) > 255 else quote(c) for c in text)


def wide_as_numbers(text: str, form: str = "&#{};") -> str:
    return "".join(form.format(ord(c)) if ord(c) > 255 else c for c in text)


ESCAPES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "for HTML": html.escape,
    "for HTML twice": lambda text: html.escape(html.escape(text)),
    "for HTML by number": lambda text: html.escape(text).replace("&lt;", "&#60;").replace("&gt;", "&#x3E;"),
    "for an address": quote,
    "for an address twice": lambda text: quote(quote(text)),
    "as a form sends it": quote_plus,
    "by JavaScript's escape": script_escape,
    "for JSON": json_text,
    "for JSON with tags": lambda text: json_text(text).replace("<", "\\u003c").replace(">", "\\u003E"),
    "for JSON, Chinese kept": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "for JSON twice": lambda text: json_text(json_text(text)),
    "Chinese as numbers": wide_as_numbers,
    "Chinese as hexadecimal numbers": lambda text: wide_as_numbers(text, "&#x{:x};"),
    "Chinese as numbers, for HTML": lambda text: html.escape(wide_as_numbers(text)),
    "every character as a number": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "for HTML inside JSON": lambda text: json_text(html.escape(text)),
}


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize(
    "carrier", ["key of the interface", "another key", "JSON in JSON", "HTML page", "in the element"]
)
def test_a_page_is_read_through_every_escape(escape: str, carrier: str) -> None:
    content = ESCAPES[escape](_PLAIN)
    content_type = "application/json"
    if carrier == "key of the interface":
        body = json.dumps({"data": {"title": _TITLE, "noticeContent": content}})
    elif carrier == "another key":
        body = json.dumps({"title": _TITLE, "r": {"what": content}})
    elif carrier == "JSON in JSON":
        body = json.dumps({"data": {"title": _TITLE, "noticeContent": json.dumps({"html": content})}})
    else:
        page = f"<html><head><title>{_TITLE}</title></head><body>{_PLAIN}</body></html>"
        body, content_type = ESCAPES[escape](page), "text/html"
    envelope = parse_page(Page("x", "https://notices.example/1", datetime(2025, 7, 4, tzinfo=UTC), content_type, body))
    assert envelope.title == _TITLE
    assert [line for line in envelope.text.split("\n") if line != _TITLE] == _LINES


def test_a_notice_that_is_escaped_inside_its_element_is_read() -> None:
    body = f'<html><body><h1>{_TITLE}</h1><div class="vF_detail_content">{html.escape(_PLAIN)}</div></body></html>'
    envelope = parse_page(Page("x", "https://notices.example/1", datetime(2025, 7, 4, tzinfo=UTC), "text/html", body))
    assert envelope.text.split("\n") == _LINES


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/json", _PLAIN), ("text/plain", _PLAIN), ("text/html", json.dumps({"content": _PLAIN}))],
    ids=["HTML sent as JSON", "HTML sent as text", "JSON sent as HTML"],
)
def test_what_a_body_is_counts_for_more_than_what_it_was_sent_as(content_type: str, body: str) -> None:
    envelope = parse_page(Page("x", "https://notices.example/1", datetime(2025, 7, 4, tzinfo=UTC), content_type, body))
    assert envelope.text.startswith("项目编号：MS-2025-1\n供应商名称：某某科技有限公司")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "折扣率%3，见 C:\\new\\text 目录",
        '<p id="a">中标&lt;p&gt;公告</p><script>var a = "\\u003cp\\u003e\\n\\"";</script>',
        "项目编号：X-1\n中标金额：1元",
    ],
)
def test_other_texts_are_returned_unchanged(text: str) -> None:
    assert without_escapes(text) == text


def test_line_ends_that_json_left_in_a_text_part_its_lines() -> None:
    assert without_escapes("中标公告\\n项目编号：X-1\\n供应商：某公司") == "中标公告\n项目编号：X-1\n供应商：某公司"
