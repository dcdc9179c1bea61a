"""Is a text about large models, and which words say so. The vocabulary is ``lexicon/relevance.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipelines.classify.lexicon import Hit, Matcher, compiled, fold, uncovered, vocabulary

# A company's name at the head of a title (often the agency: …公司关于…) or in brackets says nothing about the subject.
_BREAK = r"\s(（\[【\])）】、，。;；:："
_BREAKS = re.compile(f"[{_BREAK}]")
_COMPANY = re.compile(rf"(?:^|[{_BREAK}]|关于|委托|受)([^{_BREAK}]{{2,30}}?(?:有限责任公司|有限公司|公司))")
_SUBJECT_WORD = re.compile("项目|采购|招标|建设|服务器|一体机")


class _Label(NamedTuple):
    kind: Literal["rule", "group", "mask", "place", "veto"]
    name: str


class _Rule(NamedTuple):
    name: str
    family: str
    score: float


class _Pair(NamedTuple):
    rule: _Rule
    first: str
    second: str
    within: int


class _Veto(NamedTuple):
    cancels: frozenset[str]
    leaves: float
    unless: tuple[str, ...]


class _Firing(NamedTuple):
    score: float
    rule: str
    spans: tuple[tuple[int, int], ...]
    vetoes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: ``score`` 0..1, the exact ``words`` that say it, the ``rules`` that fired
    (``not:<name>`` for a veto that took one of them down)."""

    score: float = 0.0
    words: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


NOTHING = Reading()


class _Lexicon:
    """``relevance.toml`` compiled: one automaton for all words of rules, groups, masks and vetoes."""

    def __init__(self) -> None:
        data = vocabulary("relevance")
        self.counts: float = data["counts"]
        self.rules = {row["name"]: _Rule(row["name"], row["family"], row["score"]) for row in data["rule"]}
        self.pairs = [
            _Pair(_Rule(row["name"], row["family"], row["score"]), row["first"], row["second"], row["within"])
            for row in data["pair"]
        ]
        self.vetoes = {
            row["name"]: _Veto(frozenset(row["cancels"]), row["leaves"], tuple(fold(w) for w in row.get("unless", [])))
            for row in data["veto"]
        }
        self.places: dict[str, int] = {row["name"]: row["within"] for row in data["place"]}
        entries: list[tuple[str, _Label]] = []
        kinds: tuple[Literal["rule", "group", "mask", "place", "veto"], ...] = (
            "rule",
            "group",
            "mask",
            "place",
            "veto",
        )
        for kind in kinds:
            for row in data[kind]:
                entries += [(word, _Label(kind, row["name"])) for word in row["words"]]
        self.matcher: Matcher[_Label] = Matcher(entries)


@compiled
def _lexicon() -> _Lexicon:
    return _Lexicon()


def counts_from() -> float:
    """The score from which a text counts as being about large models."""
    return _lexicon().counts


def read(text: str | None, names: tuple[str, ...] = ()) -> Reading:
    """What ``text`` (a title, project name, lot name or lot subject) says about large models.

    ``names`` are names of parties that may stand in the text (the buyer): words inside them do not count.
    """
    if not text:
        return NOTHING
    lexicon = _lexicon()
    folded = fold(text)
    hits = lexicon.matcher.find(folded)
    if not hits:
        return NOTHING
    covers = [(hit.start, hit.end) for hit in hits if hit.label.kind == "mask"]
    covers += party_spans(folded, names)
    covers += [span for hit in hits if hit.label.kind == "place" for span in _called_so(hit, hits, folded, lexicon)]
    live = uncovered([hit for hit in hits if hit.label.kind not in ("mask", "place")], covers)
    vetoes = _vetoes(lexicon, live, folded)
    firings = [_rule_firing(lexicon.rules[hit.label.name], [hit], vetoes) for hit in live if hit.label.kind == "rule"]
    firings += _pair_firings(lexicon, live, vetoes)
    if not firings:
        return NOTHING
    firings.sort(key=lambda firing: (-firing.score, firing.spans))
    return Reading(
        score=firings[0].score,
        words=_unique(text[start:end] for firing in firings for start, end in firing.spans),
        rules=_unique(
            [firing.rule for firing in firings] + [f"not:{name}" for firing in firings for name in firing.vetoes]
        ),
    )


def party_spans(folded: str, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where parties are named in a folded text: each of ``names`` (longer than three signs), and companies by their form."""
    spans: list[tuple[int, int]] = []
    for name in names:
        key = fold(name)
        at = folded.find(key) if len(key) > 3 else -1
        while at >= 0:
            spans.append((at, at + len(key)))
            at = folded.find(key, at + len(key))
    if "公司" in folded:
        spans += [found.span(1) for found in _COMPANY.finditer(folded) if not _SUBJECT_WORD.search(found.group(1))]
    return spans


def _called_so(place: Hit[_Label], hits: list[Hit[_Label]], folded: str, lexicon: _Lexicon) -> list[tuple[int, int]]:
    """The spans of the words that the name of a place begins with."""
    within = lexicon.places[place.label.name]
    return [
        (hit.start, hit.end)
        for hit in hits
        if 0 <= place.start - hit.end <= within and not _BREAKS.search(folded, hit.end, place.start)
    ]


def _vetoes(lexicon: _Lexicon, live: list[Hit[_Label]], folded: str) -> dict[str, _Veto]:
    names = {hit.label.name for hit in live if hit.label.kind == "veto"}
    found = {name: lexicon.vetoes[name] for name in names}
    return {name: veto for name, veto in found.items() if not any(word in folded for word in veto.unless)}


def _rule_firing(rule: _Rule, hits: list[Hit[_Label]], vetoes: dict[str, _Veto]) -> _Firing:
    acting = sorted(name for name, veto in vetoes.items() if rule.family in veto.cancels and veto.leaves < rule.score)
    score = min([rule.score, *(vetoes[name].leaves for name in acting)])
    return _Firing(score, rule.name, tuple((hit.start, hit.end) for hit in hits), tuple(acting))


def _pair_firings(lexicon: _Lexicon, live: list[Hit[_Label]], vetoes: dict[str, _Veto]) -> list[_Firing]:
    groups: dict[str, list[Hit[_Label]]] = {}
    for hit in live:
        if hit.label.kind == "group":
            groups.setdefault(hit.label.name, []).append(hit)
    firings = []
    for pair in lexicon.pairs:
        for first in groups.get(pair.first, []):
            near = [
                second
                for second in groups.get(pair.second, [])
                if max(second.start - first.end, first.start - second.end) <= pair.within
                and (second.start >= first.end or second.end <= first.start)
            ]
            if near:
                firings.append(_rule_firing(pair.rule, [first, near[0]], vetoes))
                break
    return firings


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def read_body(body: str) -> Reading:
    """What the notice's own text says, trusted least: only lines that say what is bought, and only if they repeat it."""
    rules = vocabulary("relevance")["body"]
    gate = [word for word in rules["gate"] if word in body]
    if not gate:
        return NOTHING
    words: list[str] = []
    for word in gate:
        at = body.find(word)
        while at >= 0 and len(words) < 20:
            line_start = max(body.rfind("\n", 0, at), at - 120) + 1
            before, after = body[line_start:at], body[at : at + 40].split("\n", 1)[0]
            says_what = any(label in before for label in rules["labels"])
            if says_what and not any(phrase in before[-40:] + after for phrase in rules["boilerplate"]):
                here = read(before[-10:] + after)
                if here.score >= counts_from():
                    words.append(word)
            at = body.find(word, at + len(word))
    if len(words) < rules["times"]:
        return NOTHING
    return Reading(rules["score"], _unique(words), ("body-says-what-is-bought",))
