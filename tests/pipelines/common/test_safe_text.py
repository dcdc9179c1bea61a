"""Text of hostile pages, made safe for other programs."""

from __future__ import annotations

import pytest

from pipelines.common.safe_text import escape_formula, is_web_address, unescape_formula, without_mentions


@pytest.mark.parametrize(
    "text", ["=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]
)
def test_formulas_get_an_apostrophe_that_can_be_removed_again(text: str) -> None:
    assert escape_formula(text) == f"'{text}"
    assert unescape_formula(escape_formula(text)) == text


@pytest.mark.parametrize("text", ["", "大模型", "'quoted'", "1-1", " =1"])
def test_other_text_is_unchanged(text: str) -> None:
    assert escape_formula(text) == text
    assert unescape_formula(text) == text


@pytest.mark.parametrize("address", ["https://ccgp.example/#/notice?id=1&x=2", "HTTP://ccgp.example"])
def test_web_addresses_become_links(address: str) -> None:
    assert is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "https://a.example/\x1b[2J",
        "https://a.example/\x9b2J",
        "javascript:alert(1)",
        "urn:x",
        "file:///etc/passwd",
        "https://a.example/ b",
        'https://a.example/"><b>',
    ],
)
def test_other_addresses_do_not_become_links(address: str | None) -> None:
    assert not is_web_address(address)


@pytest.mark.parametrize("text", ["@all 大模型", '<at user_id="all">所有人</at>', "<@U123> 平台", "<!channel>"])
def test_a_chat_calls_nobody(text: str) -> None:
    assert not set("@<>") & set(without_mentions(text))
