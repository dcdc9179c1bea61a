"""What the money buys: compute, application, model or data (``lexicon/project_types.toml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipelines.classify.lexicon import compiled, current
from pipelines.classify.matcher import Matcher
from pipelines.classify.regions import is_place
from pipelines.classify.relevance import party_spans
from pipelines.lexicon.files import ProjectTypeRule
from pipelines.text.characters import fold_for_matching

# 基于大模型的数据集: the model is the means, not the purchase.
_MEANS = re.compile("基于[^，。；、（）()]{2,30}?的")
_CUT = re.compile(r"[\s，。；：:、“”\"'《》（）()\[\]【】\-—_+/]")


class ProjectType(NamedTuple):
    """The type, a second type if the project buys something else too, the words that say so and their rules."""

    first: str
    second: str | None
    words: tuple[str, ...]
    rules: tuple[str, ...]


@compiled
def _matcher() -> Matcher[ProjectTypeRule]:
    return Matcher((word, rule) for rule in current().project_types.rules for word in rule.words)


@compiled
def _generic_ending() -> re.Pattern[str]:
    """Words without a field at the end of a text: 国产化AI, DeepSeek-R1."""
    words = sorted(
        (fold_for_matching(word) for word in current().project_types.domain_model.generic), key=len, reverse=True
    )
    return re.compile(f"(?:{_any(words)}|[a-z0-9.+-])+$")


@compiled
def _model() -> re.Pattern[str]:
    """A model that is not the purchase itself, perhaps with the words up to the application: 大模型智慧教育平台."""
    rules = current().project_types.domain_model
    models, work, ends = (
        _any(fold_for_matching(word) for word in words) for words in (rules.models, rules.work, rules.ends)
    )
    return re.compile(f"(?:{models})(?!(?:的|模型)?(?:{work}))(?:(?P<after>[\u4e00-\u9fff]{{2,10}}?)(?={ends}))?")


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


def project_type_of(texts: Sequence[tuple[str, float]], names: tuple[str, ...] = ()) -> ProjectType | None:
    """Return the type of a large-model project; None if no word says it.

    ``texts`` describe the project, each with its share of the money in any unit. ``names`` (the buyer) and companies
    are left out: 云计算中心 in a buyer's name buys nothing.
    """
    scores: dict[str, float] = {}
    words: dict[str, list[str]] = {}
    rules: list[str] = []
    for text, share in texts:
        for reading in _read(text, names):
            scores[reading.type] = scores.get(reading.type, 0.0) + reading.score * share
            words.setdefault(reading.type, []).extend(reading.words)
            rules += reading.rules
    if not scores:
        return None
    total = sum(share for _, share in texts) or 1.0
    first, *others = sorted(scores, key=lambda type_: (-scores[type_], type_))
    second = next((other for other in others if scores[other] / total >= current().project_types.second), None)
    shown = words[first] + (words[second] if second else [])
    return ProjectType(first, second, tuple(dict.fromkeys(shown)), tuple(dict.fromkeys(rules)))


class _Reading(NamedTuple):
    type: str
    score: float
    words: list[str]
    rules: list[str]


def _read(text: str, names: tuple[str, ...]) -> list[_Reading]:
    """Return what one text says, type by type."""
    folded = fold_for_matching(text)
    for start, end in party_spans(folded, names):
        folded = folded[:start] + "\n" * (end - start) + folded[end:]
    if "基于" in folded:
        folded = _MEANS.sub(lambda means: "\n" * len(means.group()), folded)
    fired: dict[str, dict[str, tuple[float, str]]] = {}
    for hit in _matcher().find(folded):
        rule = hit.label
        fired.setdefault(rule.type, {}).setdefault(rule.name, (rule.weight, text[hit.start : hit.end]))
    if domain := _domain_model(folded):
        start, end = domain
        weight = current().project_types.domain_model.weight
        fired.setdefault("application", {})["model-for-a-field"] = (weight, text[start:end])
    further = current().project_types.further
    readings = []
    for type_, by_rule in fired.items():
        score = max(weight for weight, _ in by_rule.values()) + further * (len(by_rule) - 1)
        readings.append(_Reading(type_, score, [word for _, word in by_rule.values()], list(by_rule)))
    return readings


def _domain_model(folded: str) -> tuple[int, int] | None:
    """Return the span that names a model for one field: 矿山安全大模型, 大模型智慧教育平台; not AI大模型."""
    for model in _model().finditer(folded):
        start = model.start()
        while start and not _CUT.match(folded[start - 1]) and folded[start - 1] != "\n" and model.start() - start < 12:
            start -= 1
        before = _generic_ending().sub("", folded[start : model.start()])
        field = before[-6:]
        if _names_a_field(field):
            end_of_field = start + len(before)
            return max(start, end_of_field - len(field)), model.end()
        after = model.group("after")
        if after and _names_a_field(_generic_ending().sub("", after)):
            return model.start(), model.end()
    return None


def _names_a_field(words: str) -> bool:
    if len(words) < 2 or words.isascii():
        return False
    rules = current().project_types.domain_model
    if words.endswith(tuple(rules.whose)) and not words.endswith(tuple(rules.not_whose)):
        return False
    return not is_place(words)
