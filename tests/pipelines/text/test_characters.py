"""The four folds of characters."""

from __future__ import annotations

from pipelines.text.characters import fold, fold_for_keys, fold_for_matching, fold_typed_word


def test_page_text_keeps_its_brackets_and_loses_hidden_characters() -> None:
    assert fold("Ａ１％（甲）\u200b\u3000￥\r\n⽤") == "A1%（甲） ￥\n用"


def test_matching_text_keeps_the_position_of_every_character() -> None:
    text = "ＡＩ大模型（雲）\u3000Ｘ"
    assert fold_for_matching(text) == "ai大模型(云) x"
    assert len(fold_for_matching(text)) == len(text)


def test_key_text_has_the_compatibility_form() -> None:
    assert fold_for_keys("Ａ（１）㎡") == "A(1)m2"


def test_a_typed_word_loses_full_width_and_extra_spaces() -> None:
    assert fold_typed_word("“ＹＥＳ”。".replace("“", "'").replace("”", "'")) == "yes"
