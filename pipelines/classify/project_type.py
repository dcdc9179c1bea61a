"""What the money buys: compute, application, model or data. The vocabulary is ``lexicon/project_types.toml``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.classify.lexicon import Matcher, compiled, fold, vocabulary
from pipelines.classify.regions import is_place
from pipelines.classify.relevance import party_spans

_MEANS = re.compile("基于[^，。；、（）()]{2,30}?的")
_CUT = re.compile(r"[\s，。；：:、“”\"'《》（）()\[\]【】\-—_+/]")


class ProjectType(NamedTuple):
    """The type, the second one (None where nothing else is bought), the words that say so and the rules that fired."""

    first: str
    second: str | None
    words: tuple[str, ...]
    rules: tuple[str, ...]


class _Rule(NamedTuple):
    name: str
    type: str
    weight: float


@compiled
def _matcher() -> Matcher[_Rule]:
    return Matcher(
        (word, _Rule(row["name"], row["type"], row["weight"]))
        for row in vocabulary("project_types")["rule"]
        for word in row["words"]
    )


@compiled
def _generic() -> re.Pattern[str]:
    words = sorted(
        (fold(word) for word in vocabulary("project_types")["domain_model"]["generic"]), key=len, reverse=True
    )
    return re.compile(f"(?:{'|'.join(map(re.escape, words))}|[a-z0-9.+-])+$")


@compiled
def _model() -> re.Pattern[str]:
    rules = vocabulary("project_types")["domain_model"]
    models, work, ends = ("|".join(re.escape(fold(word)) for word in rules[key]) for key in ("models", "work", "ends"))
    return re.compile(f"(?:{models})(?!(?:的|模型)?(?:{work}))(?:(?P<behind>[\u4e00-\u9fff]{{2,10}}?)(?={ends}))?")


def project_type_of(texts: Sequence[tuple[str, float]], names: tuple[str, ...] = ()) -> ProjectType | None:
    """The type of a large-model project from the ``texts`` that describe it, each with its share of the money (any unit).

    ``names`` (the buyer) and companies are taken out first: 云计算中心 in a buyer's name buys nothing. None where no word tells.
    """
    scores: dict[str, float] = {}
    words: dict[str, list[str]] = {}
    rules: list[str] = []
    for text, share in texts:
        for type_, score, found, fired in _read(text, names):
            scores[type_] = scores.get(type_, 0.0) + score * share
            words.setdefault(type_, []).extend(found)
            rules += fired
    if not scores:
        return None
    total = sum(share for _, share in texts) or 1.0
    ranked = sorted(scores, key=lambda type_: (-scores[type_], type_))
    first = ranked[0]
    second = next((t for t in ranked[1:] if scores[t] / total >= vocabulary("project_types")["second"]), None)
    shown = words[first] + (words[second] if second else [])
    return ProjectType(first, second, tuple(dict.fromkeys(shown)), tuple(dict.fromkeys(rules)))


def _read(text: str, names: tuple[str, ...]) -> list[tuple[str, float, list[str], list[str]]]:
    folded = fold(text)
    for start, end in party_spans(folded, names):
        folded = folded[:start] + "\n" * (end - start) + folded[end:]
    folded = _MEANS.sub(lambda means: "\n" * len(means.group()), folded) if "基于" in folded else folded
    hits = _matcher().find(folded)
    best: dict[str, dict[str, tuple[float, str]]] = {}
    for hit in hits:
        rule = hit.label
        best.setdefault(rule.type, {}).setdefault(rule.name, (rule.weight, text[hit.start : hit.end]))
    domain = _domain_model(folded)
    if domain:
        start, end = domain
        weight = vocabulary("project_types")["domain_model"]["weight"]
        best.setdefault("application", {})["model-for-a-field"] = (weight, text[start:end])
    further = vocabulary("project_types")["further"]
    result = []
    for type_, fired in best.items():
        heaviest = max(weight for weight, _ in fired.values())
        score = heaviest + further * (len(fired) - 1)
        result.append((type_, score, [word for _, word in fired.values()], list(fired)))
    return result


def _domain_model(folded: str) -> tuple[int, int] | None:
    """Where the text names a model for one field: 矿山安全大模型, 大模型智慧教育平台, not AI大模型 or 矿山大模型训练."""
    for model in _model().finditer(folded):
        start = model.start()
        while start and not _CUT.match(folded[start - 1]) and folded[start - 1] != "\n" and model.start() - start < 12:
            start -= 1
        before = _generic().sub("", folded[start : model.start()])
        field = before[-6:]
        if _names_a_field(field):
            end_of_field = start + len(before)
            return max(start, end_of_field - len(field)), model.end()
        behind = model.group("behind")
        if behind and _names_a_field(_generic().sub("", behind)):
            return model.start(), model.end()
    return None


def _names_a_field(words: str) -> bool:
    if len(words) < 2 or words.isascii():
        return False
    rules = vocabulary("project_types")["domain_model"]
    if words.endswith(tuple(rules["whose"])) and not words.endswith(tuple(rules["not_whose"])):
        return False
    return not is_place(words)
