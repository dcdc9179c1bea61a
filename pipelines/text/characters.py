"""One way to write each character, so that rules and keys see one form. Nothing here knows what a notice is.

There are four folds, because they keep different things:

* ``fold`` for the text of pages: keeps brackets and commas as written, because names must lead back to the page;
* ``fold_for_matching`` for looking up words: every character keeps its place;
* ``fold_for_keys`` for keys of names and numbers: full Unicode compatibility (NFKC);
* ``fold_typed_word`` for single words that people type into forms and sheets.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

# Radicals that PDF fonts print instead of the character itself, and that character: ⽤ (U+2F64) for 用, ⻔ for 门.
# The table is the property Equivalent_Unified_Ideograph of the Unicode Character Database, version 14, for the blocks
# CJK Radicals Supplement and Kangxi Radicals.
with Path(__file__).with_name("radicals.csv").open(encoding="utf-8", newline="") as _file:
    _RADICALS = {ord(row["radical"]): row["ideograph"] for row in csv.DictReader(_file)}
# Where Unicode names a character that notices of the mainland do not use: ⽤⼾ is 用户, not 用戶.
_RADICALS |= {ord("⼾"): "户", ord("⾭"): "青"}

# Full-width letters, digits and the punctuation inside numbers and labels. Brackets, commas and quotation marks are not
# here: they belong to names.
_PAGE_FOLD = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)},
    **{code: chr(code - 0xFEE0) for code in range(0xFF21, 0xFF3B)},
    **{code: chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)},
    0xFF05: "%",
    0xFF0E: ".",
    0xFF0F: "/",
    0xFFE5: "￥",
    0x00A5: "￥",
    0xFE6A: "%",
    0x2103: "℃",
    0x00A0: " ",
    0x3000: " ",
    **dict.fromkeys(range(0x2000, 0x200B), " "),  # blanks of every width
    0x202F: " ",
    0x205F: " ",
    # Characters without a width: joiners, marks of direction, variation selectors, byte order marks, soft hyphens.
    **dict.fromkeys(
        [
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
            *range(0xFE00, 0xFE10),
            0xFEFF,
            0x00AD,
        ],
        None,
    ),
    0x0000: None,
    0x2236: "：",  # the sign of a ratio, typed for a colon
    0xFE55: "：",
    0xFE30: "：",
    ord("\r"): "\n",
    ord("\x0b"): "\n",
    ord("\x0c"): "\n",
    0x0085: "\n",
    0x2028: "\n",
    0x2029: "\n",
    **_RADICALS,
}
# Compatibility ideographs, which some fonts print too: 金 (U+F90A) for 金.
_COMPATIBLE = re.compile("[\uf900-\ufaff]")
_TO_FOLD = re.compile(f"[{re.escape(''.join(map(chr, _PAGE_FOLD)))}\r\uf900-\ufaff]")

# Traditional characters that notices use, and the simplified character of each.
_TRADITIONAL = "中國移動聯電信銀術體臺學醫語數據訓練標採購購計設備機構興務業創產應雲網絡質檢華為億萬訊"
_SIMPLIFIED = "中国移动联电信银术体台学医语数据训练标采购购计设备机构兴务业创产应云网络质检华为亿万讯"
_MATCHING_FOLD = {
    **{code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)},
    **{code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)},
    **{ord(old): new for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True) if old != new},
    0x3000: " ",
    0x00A0: " ",
    **_RADICALS,
}

_SPACED_CJK = re.compile(r"(?<=[\u4e00-\u9fff:：、，。]) +(?=[\u4e00-\u9fff])")


def fold(text: str) -> str:
    """Return the text of a page with one form for digits, letters, spaces and line ends. Words stay as written."""
    if not _TO_FOLD.search(text):
        return text
    folded = text.replace("\r\n", "\n").translate(_PAGE_FOLD)
    return _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), folded)


@lru_cache(maxsize=128)  # a title is folded for each of its classes
def fold_for_matching(text: str) -> str:
    """Return a text in the form that words are looked up in. Every character keeps its place in it.

    >>> fold_for_matching("ＡＩ大模型（雲）")
    'ai大模型(云)'
    """
    return text.translate(_MATCHING_FOLD)


def fold_for_keys(text: str) -> str:
    """Return a text in Unicode's compatibility form (NFKC), from which keys are made. Its length may change.

    >>> fold_for_keys("ＡＢ（１）")
    'AB(1)'
    """
    return unicodedata.normalize("NFKC", text.translate(_RADICALS))


def fold_typed_word(text: str) -> str:
    """Return a typed word without the widths, cases, quotes and full stops that different keyboards add.

    >>> fold_typed_word(" 'Ｙｅｓ'。")
    'yes'
    """
    return unicodedata.normalize("NFKC", text).strip(" \t\r\n'\"。.").casefold()


def squeeze(text: str) -> str:
    """Return the text on one line, with single blanks and none at the ends."""
    return " ".join(text.split())


def compact(text: str) -> str:
    """Return the text without white space. For comparing labels, never for values."""
    return "".join(text.split())


def join_cjk(text: str) -> str:
    """Return the text without the blanks that layout put between Chinese characters (名 称, broken names)."""
    return _SPACED_CJK.sub("", squeeze(text))
