"""What the money buys: compute, application, model or data (``lexicon/project_types.toml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipelines.classify.lexicon import compiled, current
from pipelines.classify.matcher import Matcher
from pipelines.classify.not_bought import spans_not_bought
from pipelines.classify.purchase import ends_of_name
from pipelines.classify.regions import is_place
from pipelines.classify.relevance import party_spans, text_without
from pipelines.lexicon.files import ProjectTypeRule
from pipelines.text.characters import fold_for_matching

# 基于大模型的数据集: the model is the means, not the purchase.
_MEANS = re.compile("基于[^，。；、（）()]{2,30}?的")
# AI办公助手（含算力一体机）: what comes with the purchase is not the purchase.
_INCLUDED = re.compile("[（(](?:内?含|包[含括]|附带|配套|支持)[^（）()]{1,40}[)）]")
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
def _steps() -> Matcher[str]:
    return Matcher((word, word) for word in current().project_types.model_steps.words)


@compiled
def _generic_ending() -> re.Pattern[str]:
    """Words without a field at the end of a text: 国产化AI, DeepSeek-R1."""
    words = sorted(
        (fold_for_matching(word) for word in current().project_types.domain_model.generic), key=len, reverse=True
    )
    return re.compile(f"(?:{_any(words)}|[a-z0-9.+-])+$")


@compiled
def _model() -> re.Pattern[str]:
    """A model or an agent: with the work that makes it (大模型研发), or perhaps with the words up to the application
    (大模型智慧教育平台)."""
    rules = current().project_types.domain_model
    models, agents, names, work, not_work, between, ends = (
        _any(sorted(map(fold_for_matching, words), key=len, reverse=True))
        for words in (rules.models, rules.agents, rules.names, rules.work, rules.not_work, rules.between, rules.ends)
    )
    made = f"(?P<work>(?:{between})?(?:{work})(?!{not_work}))"
    after = f"(?:(?P<after>[\u4e00-\u9fff]{{2,10}}?)(?={ends}))?"
    return re.compile(f"(?:(?:{models})(?:{made})?|{agents}|(?P<name>{names})){after}")


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
    folded = text_without(folded, party_spans(folded, names))
    hits = _matcher().find(folded)
    folded = text_without(folded, spans_not_bought(folded, {hit.start for hit in hits}))
    means = list(_MEANS.finditer(folded)) if "基于" in folded else []
    folded = text_without(folded, [match.span() for match in means])
    folded = _INCLUDED.sub(lambda included: "\n" * len(included.group()), folded)
    ends = ends_of_name(folded)
    fired: dict[str, dict[str, tuple[float, str]]] = {}
    for hit in _matcher().find(folded):
        rule = hit.label
        weight = rule.at_end if rule.at_end is not None and hit.end in ends else rule.weight
        by_rule = fired.setdefault(rule.type, {})
        if weight > by_rule.get(rule.name, (0.0, ""))[0]:
            by_rule[rule.name] = weight, text[hit.start : hit.end]
    for model in (_model_for_a_field(folded), _steps_of_models(folded)):
        if model:
            fired.setdefault(model.type, {})[model.rule] = model.weight, text[model.start : model.end]
    if not fired and means and any(hit.label.type == "model" for hit in hits):
        start, end = means[0].span()
        fired["application"] = {
            "built-on-a-model": (current().project_types.domain_model.means_weight, text[start:end])
        }
    further = current().project_types.further
    readings = []
    for type_, by_rule in fired.items():
        score = max(weight for weight, _ in by_rule.values()) + further * (len(by_rule) - 1)
        readings.append(_Reading(type_, score, [word for _, word in by_rule.values()], list(by_rule)))
    return readings


class _Model(NamedTuple):
    type: str
    rule: str
    weight: float
    start: int
    end: int


def _model_for_a_field(folded: str) -> _Model | None:
    """Return the words that say whether a model is made (电力大模型研发) or put to work in a field (矿山安全大模型)."""
    rules = current().project_types.domain_model
    for model in _model().finditer(folded):
        if model.group("work"):
            return _Model("model", "model-itself", rules.work_weight, *model.span())
        start = model.start()
        while start and not _CUT.match(folded[start - 1]) and folded[start - 1] != "\n" and model.start() - start < 12:
            start -= 1
        before = _generic_ending().sub("", folded[start : model.start()])
        field = before[-6:]
        if not model.group("name") and _names_a_field(field):
            end_of_field = start + len(before)
            begin = max(start, end_of_field - len(field))
            return _Model("application", "model-for-a-field", rules.weight, begin, model.end())
        after = model.group("after")
        if after and _names_a_field(_generic_ending().sub("", after)):
            return _Model("application", "model-for-a-field", rules.weight, *model.span())
    return None


def _steps_of_models(folded: str) -> _Model | None:
    """Return the first step of a list of what a platform does with models: 模型训练、模型发布、模型部署、智能体编排."""
    rules = current().project_types.model_steps
    steps = {
        hit.label: hit
        for hit in _steps().find(folded)
        if folded.startswith("、", hit.end) or folded.startswith("、", hit.start - 1)
    }
    if len(steps) < rules.fewest:
        return None
    weight = rules.weight + rules.further * (len(steps) - rules.fewest)
    first = min(steps.values(), key=lambda hit: hit.start)
    return _Model("model", "steps-of-models", weight, first.start, first.end)


def _names_a_field(words: str) -> bool:
    if len(words) < 2 or words.isascii():
        return False
    rules = current().project_types.domain_model
    if words.endswith(tuple(rules.whose)) and not words.endswith(tuple(rules.not_whose)):
        return False
    return not is_place(words)
