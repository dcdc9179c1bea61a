"""Why a file is not read: one code, with its words for the text of the notice and for the operator."""

from __future__ import annotations

from typing import Literal

UnreadReason = Literal[
    "bomb", "damaged", "encrypted", "macros", "pages", "size", "slow", "many", "packed", "scanned", "old_word", "other"
]

# For the text of the notice, and for the operator.
_WORDS: dict[UnreadReason, tuple[str, str]] = {
    "bomb": ("解压后过大", "it unpacks to far more than any notice needs"),
    "damaged": ("文件损坏", "it is damaged"),
    "encrypted": ("文件已加密", "it has a password"),
    "macros": ("文件含宏", "it contains macros"),
    "pages": ("页数过多", "it has more pages than any result of a purchase"),
    "size": ("文件过大", "it is larger than 20 MB"),
    "slow": ("读取超时", "reading it took too long"),
    "many": ("附件过多", "the notice has more files than are read"),
    "packed": ("压缩包，未解压", "it is an archive that is not unpacked"),
    "scanned": ("扫描件，无文字", "it is a scan without text"),
    "old_word": ("旧版 Word 文件", "it is in the old format of Word, and this computer has no reader for it"),
    "other": ("文件类型不支持", "it is of a kind that is not read"),
}
# Files that nobody sends by accident, or that arrived broken. The others are only of a kind that is not read.
_REFUSED: frozenset[UnreadReason] = frozenset({"bomb", "damaged", "encrypted", "macros", "pages", "size", "slow"})


class UnreadFileError(ValueError):
    """A file is not read.

    ``words`` say why in the text of a notice, the message says it to the operator. ``is_refused``: the file is hostile
    or broken, which the operator should know.
    """

    def __init__(self, reason: UnreadReason) -> None:
        self.reason = reason
        self.words, message = _WORDS[reason]
        self.is_refused = reason in _REFUSED
        super().__init__(message)
