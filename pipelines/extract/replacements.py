"""Whether a notice takes the place of an earlier result, and the words that say so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.corrections import corrected_part
from pipelines.lexicon import forms
from pipelines.model import Kind
from pipelines.text.document import SENTENCE, Section

_WORD = forms.pattern("replaced_in_title")
_IN_TITLE = re.compile(
    # 中标结果更正公告, 重新评审结果公告, 递补中标公告, 重新确定中标人的公告
    rf"{_WORD}(?:后)?(?:的)?(?:{forms.pattern('won')}|{forms.pattern('party')}|结果|采购|成交|及|和|、|的)*(?:公告|公示|通知|函|$)"
    # 中标公告（更新）, 成交公告(第一次变更), 中标公告（第二中标候选人递补）
    rf"|[（(\[【][^（()）\[\]【】]{{0,12}}{_WORD}[^（()）\[\]【】]{{0,6}}[)）\]】]"
    # 中标结果变更, 结果公告更正1
    rf"|(?:结果|公告|公示|候选人|供应商){_WORD}"
)
_IN_TEXT = re.compile(forms.pattern("replaced_in_text"))
_ONLY_IF = re.compile(forms.pattern("only_if"))
_LONGEST_SENTENCE = 300
_MOST_SENTENCES = 12


def replacement_words(kind: Kind, title: str | None, body: str, parts: Sequence[Section]) -> list[str]:
    """Return the words of a result that replace an earlier result, or the lines of a correction that say what was.

    They name the supplier and the price that no longer hold, so an award of several lots knows which lot is meant.
    Empty if a result replaces nothing.
    """
    if kind == "correction":
        lines = corrected_part(parts, body).split("\n")
        return [line for line in lines if line.strip()][:_MOST_SENTENCES]
    if kind != "award":
        return []
    stated = _IN_TITLE.search(title or "")
    words = [stated.group()] if stated else []
    if _IN_TEXT.search(body):
        sentences = (match.group() for match in SENTENCE.finditer(body) if _IN_TEXT.search(match.group()))
        happened = (sentence.strip() for sentence in sentences if not _ONLY_IF.search(sentence))
        words += [sentence for sentence in happened if len(sentence) <= _LONGEST_SENTENCE][:_MOST_SENTENCES]
    return words
