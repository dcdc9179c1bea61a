"""Searching for expressions that a text rarely holds, and that may begin almost anywhere.

An expression such as "a list mark, then one of these labels" can begin at most characters, and the engine tries it at
each of them. Every match has a sign in it, though, such as the label, which is found fast. So only the few places at
and before a sign are tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SparseSearch:
    """Finds the matches of ``expression`` by the ``sign`` that each of them has.

    Between the beginning of a match and its sign are at most ``reach`` characters, and ``before`` is true for each of
    them. The first sign in a match must be there too if the text is searched from the beginning of the match.
    """

    expression: re.Pattern[str]
    sign: re.Pattern[str]
    before: Callable[[str], bool]
    reach: int

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield what ``expression.finditer(text)`` does."""
        sign, end = self.sign.search(text), 0
        while sign is not None:
            at = sign.start()
            match = None
            for start in range(self._first_start(text, at, end), at + 1):
                match = self.expression.match(text, start)
                if match is not None:
                    end = match.end()
                    yield match
                    break
            sign = self.sign.search(text, max(at + 1, end) if match is not None else at + 1)

    def sub(self, replace: Callable[[re.Match[str]], str], text: str) -> str:
        """Return what ``expression.sub(replace, text)`` does."""
        parts: list[str] = []
        end = 0
        for match in self.matches(text):
            parts += text[end : match.start()], replace(match)
            end = match.end()
        return "".join([*parts, text[end:]]) if parts else text

    def _first_start(self, text: str, sign: int, end: int) -> int:
        """Return where a match with a sign at this place may begin at the earliest, not before ``end``."""
        earliest = max(end, sign - self.reach)
        start = sign
        while start > earliest and self.before(text[start - 1]):
            start -= 1
        return start
