"""What a text names only to say that it is not bought: 不含大模型, 智能体另行采购, 投标人如有大模型业绩可加分."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipelines.classify.lexicon import compiled, current
from pipelines.text.characters import fold_for_matching

# A clause ends here. A colon does not end what 不含 denies: 本项目不包括：大模型、智能体.
_CLAUSE_END = re.compile(r"[\n\t，,。；;!?！？（）()\[\]【】]")
_BREAKS = re.compile(r"[\n\t，,。；;:：!?！？（）()\[\]【】]")
# 除大模型外均已验收; but 除大模型外，还采购智能体 buys both.
_EXCEPT = re.compile(r"除(?P<what>[^，,。；;除\n]{1,20}?)(?:之外|以外|外)(?!，?,?(?:还|也|另|同时))")
# 大模型部分由采购人另行采购: so far before the word a thing may be.
_REACH = 16
_LONGEST_CLAUSE = 120


class _Words:
    """The words of ``[not_bought]`` as expressions."""

    def __init__(self) -> None:
        words = current().relevance.not_bought
        self.before, self.directly, self.after, self.clause, self.harmless = (
            re.compile("|".join(re.escape(fold_for_matching(word)) for word in sorted(row, key=len, reverse=True)))
            for row in (words.before, words.directly_before, words.after, words.clause, words.harmless)
        )


@compiled
def _words() -> _Words:
    return _Words()


def spans_not_bought(folded: str, starts: Collection[int]) -> list[tuple[int, int]]:
    """Return the spans of a folded text whose words are not bought.

    ``starts`` are where the words begin that are in question: 非 denies 大模型 in 非大模型方案, but not in 非遗大模型.
    """
    words = _words()
    harmless = [match.span() for match in words.harmless.finditer(folded)]

    def matches(pattern: re.Pattern[str]) -> list[re.Match[str]]:
        return [
            match
            for match in pattern.finditer(folded)
            if not any(start <= match.start() and match.end() <= end for start, end in harmless)
        ]

    spans = [match.span("what") for match in _EXCEPT.finditer(folded)] if "除" in folded else []
    spans += [(match.end(), _end_of_clause(folded, match.end())) for match in matches(words.before)]
    spans += [
        (match.end(), _end_of_clause(folded, match.end())) for match in matches(words.directly) if match.end() in starts
    ]
    spans += [
        (max(_start_of_clause(folded, match.start()), match.start() - _REACH), match.start())
        for match in matches(words.after)
    ]
    spans += [
        (_start_of_clause(folded, match.start()), _end_of_clause(folded, match.end()))
        for match in matches(words.clause)
    ]
    return spans


def _end_of_clause(folded: str, at: int) -> int:
    end = _CLAUSE_END.search(folded, at)
    return end.start() if end else len(folded)


def _start_of_clause(folded: str, at: int) -> int:
    start = at
    while start and at - start < _LONGEST_CLAUSE and not _BREAKS.match(folded[start - 1]):
        start -= 1
    return start
