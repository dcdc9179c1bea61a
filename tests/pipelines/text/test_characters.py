"""The four folds of characters."""

from __future__ import annotations

import unicodedata

import pytest

from pipelines.text.characters import fold, fold_for_keys, fold_for_matching, fold_typed_word


def test_page_text_keeps_its_brackets_and_loses_hidden_characters() -> None:
    assert fold("Ａ１％（甲）\u200b\u3000￥\r\n⽤") == "A1%（甲） ￥\n用"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("⻘禾⽯⻔⼤⼒⻋⻢⻰", "青禾石门大力车马龙"),
        ("⺠⽣⻄⻔⼦⻓⻜⻛⻩⻬⻮⻥⻦⻨", "民生西门子长飞风黄齐齿鱼鸟麦"),
        ("⽤⼾⾯板 2025年7⽉4⽇", "用户面板 2025年7月4日"),
        ("\uf90a额", "金额"),
    ],
    ids=["radicals of a company", "simplified radicals", "radicals of the mainland", "a compatibility ideograph"],
)
def test_characters_that_only_look_like_others_become_those(written: str, plain: str) -> None:
    assert fold(written) == plain
    assert fold_for_keys(written) == fold_for_keys(plain)


def test_every_radical_of_unicode_has_a_plain_character() -> None:
    radicals = [chr(code) for code in (*range(0x2E81, 0x2E9A), *range(0x2E9B, 0x2EF4), *range(0x2F00, 0x2FD6))]
    plain = {radical: fold(radical) for radical in radicals}
    assert {unicodedata.name(character)[:22] for character in plain.values()} == {"CJK UNIFIED IDEOGRAPH-"}
    assert all(fold_for_matching(radical) == character for radical, character in plain.items())
    kangxi = {radical: unicodedata.normalize("NFKC", radical) for radical in radicals if radical >= "\u2f00"}
    assert {radical for radical, nfkc in kangxi.items() if plain[radical] != nfkc} == {"⼾", "⾭"}


@pytest.mark.parametrize("code", [0x200B, 0x200E, 0x202D, 0x2060, 0x2066, 0xFE0F, 0xFEFF, 0x00AD])
def test_characters_without_a_width_disappear(code: int) -> None:
    assert fold(f"中标{chr(code)}金额") == "中标金额"


@pytest.mark.parametrize("code", [0x00A0, 0x2002, 0x2007, 0x200A, 0x202F, 0x205F, 0x3000])
def test_blanks_of_every_width_become_one_blank(code: int) -> None:
    assert fold(f"名{chr(code)}称") == "名 称"


def test_matching_text_keeps_the_position_of_every_character() -> None:
    text = "ＡＩ大模型（雲）\u3000Ｘ"
    assert fold_for_matching(text) == "ai大模型(云) x"
    assert len(fold_for_matching(text)) == len(text)


def test_key_text_has_the_compatibility_form() -> None:
    assert fold_for_keys("Ａ（１）㎡") == "A(1)m2"


def test_a_typed_word_loses_full_width_and_extra_spaces() -> None:
    assert fold_typed_word("“ＹＥＳ”。".replace("“", "'").replace("”", "'")) == "yes"
