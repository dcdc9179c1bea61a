"""Rules over names: which row of a vocabulary a buyer's name speaks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from pipelines.classify.lexicon import Hit, Matcher, fold, uncovered

_MASK, _COMPANY = -1, -2


class _Label(NamedTuple):
    row: int  # or _MASK for words that hide others, _COMPANY for words that make a name a company's
    place: Literal["", "^", "$", "@"]
    forbids: bool


class NameRules:
    """One list of rows compiled: asked in their order, the first that speaks wins.

    Of each row ``words`` and ``unless`` are looked for, and ``of`` says whether it is for a "company", a "body" (what is none)
    or for "any". A word with ^ must begin the name, with $ must end it, with @ must begin it or stand behind places alone, which
    ``is_place`` knows.
    """

    def __init__(
        self,
        rows: Sequence[Mapping[str, Any]],
        masks: Iterable[str] = (),
        company: Iterable[str] = (),
        is_place: Callable[[str], bool] | None = None,
    ) -> None:
        self.rows = rows
        self._is_place = is_place
        self._of = [row.get("of", "any") for row in rows]
        entries = [_entry(word, number, forbids) for number, row in enumerate(rows)
                   for key, forbids in (("words", False), ("unless", True)) for word in row.get(key, ())]  # fmt: skip
        entries += [_entry(word, _MASK, False) for word in masks]
        entries += [_entry(word, _COMPANY, False) for word in company]
        self._matcher: Matcher[_Label] = Matcher(entries)

    def read(self, text: str) -> tuple[int, str] | None:
        """The number of the first row with a word in ``text``, and that word as it stands there."""
        folded = fold(text)
        hits = [hit for hit in self._matcher.find(folded) if not hit.label.place or self._stands(hit, folded)]
        rows = {hit.label.row for hit in hits}
        if _MASK in rows:
            hits = uncovered(hits, [(hit.start, hit.end) for hit in hits if hit.label.row == _MASK])
        forbidden = {hit.label.row for hit in hits if hit.label.forbids} | {_MASK, _COMPANY}
        speaking = [hit for hit in hits if hit.label.row not in forbidden]
        # A short name (东风汽车, 陕汽) does not say what it is: bodies are asked first, then companies.
        for kind in ("company",) if any(hit.label.row == _COMPANY for hit in hits) else ("body", "company"):
            fitting = [
                (hit.label.row, -hit.end, hit.start) for hit in speaking if self._of[hit.label.row] in ("any", kind)
            ]
            if fitting:
                row, end, start = min(fitting)
                return row, text[start:-end]
        return None

    def _stands(self, hit: Hit[_Label], folded: str) -> bool:
        match hit.label.place:
            case "^":
                return hit.start == 0
            case "$":
                return hit.end == len(folded)
        return hit.start == 0 or (self._is_place is not None and self._is_place(folded[: hit.start]))


def _entry(word: str, row: int, forbids: bool) -> tuple[str, _Label]:
    if word.startswith("^"):
        return word[1:], _Label(row, "^", forbids)
    if word.startswith("@"):
        return word[1:], _Label(row, "@", forbids)
    if word.endswith("$"):
        return word[:-1], _Label(row, "$", forbids)
    return word, _Label(row, "", forbids)
