"""Pages in traditional characters, which are read in simplified ones, so that every list of words holds one form."""

from __future__ import annotations

from functools import cache

import opencc

# Words of notices that contain a traditional character. Names alone do not make a page traditional.
_CHARACTERS = "購標應單額編稱聯萬"  # each word has one of them
_WORDS = ("採購", "中標", "標段", "供應商", "單位", "金額", "編號", "名稱", "聯合體", "萬元")


def simplify(text: str, *, beside: str = "") -> str:
    """Return a text in simplified characters if it contains words of notices in traditional ones, else as it is.

    A title is too short to show it. ``beside`` is the body that it belongs to.

    >>> simplify("供應商名稱：雲嶺算力科技有限公司")
    '供应商名称：云岭算力科技有限公司'
    >>> simplify("供应商：瀚雲科技有限公司")
    '供应商：瀚雲科技有限公司'
    """
    return str(_converter().convert(text)) if _is_traditional(text) or _is_traditional(beside) else text


def _is_traditional(text: str) -> bool:
    # One search for each character is much faster than one search for all of them.
    return any(character in text for character in _CHARACTERS) and any(word in text for word in _WORDS)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
