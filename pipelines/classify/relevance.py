"""Is a text about large models, and which words say so (``lexicon/relevance.toml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal, NamedTuple

from pipelines.classify.lexicon import compiled, current
from pipelines.classify.matcher import Hit, Matcher, uncovered
from pipelines.classify.not_bought import spans_not_bought
from pipelines.classify.purchase import ends_of_name, included_spans, is_bought_with_goods, other_thing
from pipelines.lexicon.files import Family, RelevanceRule, Veto, WordPair, WordRow
from pipelines.text.characters import fold_for_matching

# A company's name says nothing about the subject if it begins a title (often the agency: …公司关于…) or is in brackets.
_BREAK = r"\s(（\[【\])）】、，。;；:："
_BREAKS = re.compile(f"[{_BREAK}]")
_COMPANY = re.compile(rf"(?:^|[{_BREAK}]|关于|委托|受)([^{_BREAK}]{{2,30}}?(?:有限责任公司|有限公司|公司))")
# A match with one of these words is longer than a company's name: 大模型采购项目甲公司.
_SUBJECT_WORD = re.compile("项目|采购|招标|建设|服务器|一体机")
_LONGEST_LINE = 120
_MOST_WORDS = 20

_Kind = Literal["rule", "group", "mask", "place", "veto"]


class _Label(NamedTuple):
    kind: _Kind
    name: str


class _Firing(NamedTuple):
    score: float
    full_score: float  # before vetoes
    family: Family
    rule: str
    spans: tuple[tuple[int, int], ...]
    vetoes: tuple[str, ...]


class _Acting(NamedTuple):
    veto: Veto
    last: int  # where its last word begins


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: ``score`` from 0 to 1, the exact ``words`` that say it, and the ``rules`` that fired
    (``not:<name>`` for a veto that lowered one of those rules). ``is_around`` if only a veto keeps it from counting:
    something around a model is bought."""

    score: float = 0.0
    words: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    is_around: bool = False


NOTHING = Reading()
NAMED_IN_BODY = "body-names-what-is-bought"


class _Lexicon:
    """``relevance.toml`` compiled: one automaton for the words of rules, groups, masks, places and vetoes."""

    def __init__(self) -> None:
        file = current().relevance
        self.counts = file.counts
        self.pairs = file.pairs
        self.rules = {rule.name: rule for rule in file.rules}
        self.vetoes = {veto.name: veto for veto in file.vetoes}
        self.veto_exceptions = {veto.name: [fold_for_matching(word) for word in veto.unless] for veto in file.vetoes}
        self.veto_needs = {veto.name: [fold_for_matching(word) for word in veto.needs] for veto in file.vetoes}
        self.remainder = file.remainder
        self.place_distances = {place.name: place.within for place in file.places}
        rows: dict[_Kind, Sequence[WordRow]] = {
            "rule": file.rules,
            "group": file.groups,
            "mask": file.masks,
            "place": file.places,
            "veto": file.vetoes,
        }
        self.matcher: Matcher[_Label] = Matcher(
            (word, _Label(kind, row.name)) for kind, of_kind in rows.items() for row in of_kind for word in row.words
        )
        # A notice is asked about its goods twice, and its title may be its project's name or a lot's.
        self.reading = lru_cache(maxsize=1024)(partial(_read, self))


@compiled
def _lexicon() -> _Lexicon:
    return _Lexicon()


def counting_score() -> float:
    """Return the score from which a text counts as being about large models."""
    return _lexicon().counts


def relevance_of(text: str | None, names: tuple[str, ...] = ()) -> Reading:
    """Return what ``text`` (a title, project name, lot name or lot subject) says about large models.

    ``names`` are names of parties that may be in the text (the buyer). Words inside them do not count.
    """
    return _lexicon().reading(text, names) if text else NOTHING


def _read(lexicon: _Lexicon, text: str, names: tuple[str, ...]) -> Reading:
    folded = fold_for_matching(text)
    hits = lexicon.matcher.find(folded)
    if not any(hit.label.kind in ("rule", "group") for hit in hits):
        return NOTHING
    covers = [(hit.start, hit.end) for hit in hits if hit.label.kind == "mask"]
    parties = party_spans(folded, names)
    covers += parties
    covers += [span for hit in hits if hit.label.kind == "place" for span in _names_before(hit, hits, folded, lexicon)]
    covers += spans_not_bought(folded, {hit.start for hit in hits})
    hits = uncovered([hit for hit in hits if hit.label.kind not in ("mask", "place")], covers)
    included = included_spans(folded)
    hits = [hit for hit in hits if hit.label.kind != "veto" or uncovered([hit], included)]
    if not any(hit.label.kind in ("rule", "group") for hit in hits):
        return NOTHING
    vetoes = _vetoes(lexicon, hits, folded, parties)
    firings = [_firing(lexicon.rules[hit.label.name], [hit], vetoes) for hit in hits if hit.label.kind == "rule"]
    firings += _pair_firings(lexicon, hits, vetoes)
    firings = _without_other_things(lexicon, firings, folded)
    if not firings:
        return NOTHING
    firings.sort(key=lambda firing: (-firing.score, firing.spans))
    silenced = [f"not:{veto}" for firing in firings for veto in firing.vetoes]
    score = firings[0].score
    return Reading(
        score=score,
        words=_unique(text[start:end] for firing in firings for start, end in firing.spans),
        rules=_unique([*(firing.rule for firing in firings), *silenced]),
        is_around=score < lexicon.counts <= max(firing.full_score for firing in firings),
    )


def party_spans(folded: str, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the spans of parties in a folded text: ``names`` of more than three characters, and names of companies."""
    spans: list[tuple[int, int]] = []
    for name in names:
        key = fold_for_matching(name)
        at = folded.find(key) if len(key) > 3 else -1
        while at >= 0:
            spans.append((at, at + len(key)))
            at = folded.find(key, at + len(key))
    if "公司" in folded:
        spans += [match.span(1) for match in _COMPANY.finditer(folded) if not _SUBJECT_WORD.search(match.group(1))]
    return spans


def text_without(folded: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a folded text with line ends in place of the spans; every other character keeps its place."""
    for start, end in spans:
        folded = folded[:start] + "\n" * (end - start) + folded[end:]
    return folded


def _names_before(place: Hit[_Label], hits: list[Hit[_Label]], folded: str, lexicon: _Lexicon) -> list[tuple[int, int]]:
    """Return the spans of the words that the name of a place begins with: 大模型 in 大模型产业园."""
    within = lexicon.place_distances[place.label.name]
    return [
        (hit.start, hit.end)
        for hit in hits
        if 0 <= place.start - hit.end <= within and not _BREAKS.search(folded, hit.end, place.start)
    ]


def _vetoes(lexicon: _Lexicon, hits: list[Hit[_Label]], folded: str, parties: list[tuple[int, int]]) -> list[_Acting]:
    """Return the vetoes that hold in a text, by name. What a veto needs may not be in a party's name."""
    places: dict[str, list[Hit[_Label]]] = {}
    for hit in hits:
        if hit.label.kind == "veto":
            places.setdefault(hit.label.name, []).append(hit)
    acting = []
    ends: frozenset[int] = frozenset()
    for name in sorted(places):
        veto, needs = lexicon.vetoes[name], lexicon.veto_needs[name]
        if any(word in folded for word in lexicon.veto_exceptions[name]):
            continue
        if needs and not any(word in text_without(folded, parties) for word in needs):
            continue
        starts = [hit.start for hit in places[name]]
        if veto.at == "end":
            ends = ends or ends_of_name(folded)
            starts = [
                hit.start for hit in places[name] if hit.end in ends and not is_bought_with_goods(folded, hit.start)
            ]
        if starts:
            acting.append(_Acting(veto, max(starts)))
    return acting


def _firing(rule: RelevanceRule | WordPair, hits: list[Hit[_Label]], vetoes: list[_Acting]) -> _Firing:
    spans = tuple((hit.start, hit.end) for hit in hits)
    begin = min(start for start, _ in spans)
    acting = [veto for veto, last in vetoes if _lowers(veto, rule) and (veto.at != "after" or last > begin)]
    score = min([rule.score, *(veto.leaves for veto in acting)])
    return _Firing(score, rule.score, rule.family, rule.name, spans, tuple(veto.name for veto in acting))


def _lowers(veto: Veto, rule: RelevanceRule | WordPair) -> bool:
    return rule.family in veto.cancels and veto.leaves < rule.score <= veto.up_to


def _without_other_things(lexicon: _Lexicon, firings: list[_Firing], folded: str) -> list[_Firing]:
    """Lower the rules after whose words another thing is named that is bought."""
    rules = lexicon.remainder
    machines = [one for one in firings if one.family in rules.families and one.score >= lexicon.counts]
    weak = [one for one in firings if lexicon.counts <= one.score <= rules.up_to and one.family not in rules.families]
    lowered: set[_Firing] = set()
    # 算力服务器 goes on after AI算力: the thing begins after the last of them.
    if machines and other_thing(
        folded, max(end for one in firings if one.family in rules.families for _, end in one.spans)
    ):
        lowered.update(machines)
    if weak and other_thing(folded, max(end for one in weak for _, end in one.spans), in_a_room=True):
        lowered.update(weak)
    return [
        one._replace(score=rules.leaves, vetoes=(*one.vetoes, "another-thing-is-bought")) if one in lowered else one
        for one in firings
    ]


def _pair_firings(lexicon: _Lexicon, hits: list[Hit[_Label]], vetoes: list[_Acting]) -> list[_Firing]:
    groups: dict[str, list[Hit[_Label]]] = {}
    for hit in hits:
        if hit.label.kind == "group":
            groups.setdefault(hit.label.name, []).append(hit)
    firings = []
    for pair in lexicon.pairs:
        for first in groups.get(pair.first, []):
            second = next((hit for hit in groups.get(pair.second, []) if _near(first, hit, pair.within)), None)
            if second:
                firings.append(_firing(pair, [first, second], vetoes))
                break
    return firings


def _near(one: Hit[_Label], other: Hit[_Label], within: int) -> bool:
    """Return whether two words do not overlap and have at most ``within`` characters between them."""
    between = max(other.start - one.end, one.start - other.end)
    return between <= within and (other.start >= one.end or other.end <= one.start)


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def relevance_of_body(body: str) -> Reading:
    """Return what the notice's own text says.

    It is trusted least. A label must name the thing (采购内容：大模型API调用服务), or lines that say what is bought
    must repeat the word.
    """
    rules = current().relevance.body
    words: list[str] = []
    for word in [word for word in rules.gate if word in body]:
        at = body.find(word)
        while at >= 0 and len(words) < _MOST_WORDS:
            line_start = max(body.rfind("\n", 0, at), at - _LONGEST_LINE) + 1
            before, after = body[line_start:at], body[at : at + 40].split("\n", 1)[0]
            if any(label in before for label in rules.labels) and not _is_denied(before, word, after):
                if thing := _thing_named(before, after):
                    return Reading(rules.score, (thing,), (NAMED_IN_BODY,))
                says_other = any(phrase in before[-40:] + after for phrase in rules.boilerplate)
                if not says_other and relevance_of(before[-10:] + after).score >= counting_score():
                    words.append(word)
            at = body.find(word, at + len(word))
    if not words or len(words) < rules.times:
        return NOTHING
    return Reading(rules.score, _unique(words), ("body-says-what-is-bought",))


@compiled
def _naming_label() -> re.Pattern[str]:
    """A label that names what is bought, and the first thing after it up to the searched word."""
    labels = "|".join(map(re.escape, sorted(current().relevance.body.names, key=len, reverse=True)))
    return re.compile(rf"(?:{labels})\s{{0,3}}[:：\t]\s{{0,3}}(?P<thing>[^\n\t，,。；;:：]{{0,40}})$")


def _thing_named(before: str, after: str) -> str | None:
    """Return the thing that a label names if it counts: 大模型API调用服务 after 采购内容：."""
    label = _naming_label().search(before)
    if not label:
        return None
    thing = label["thing"] + re.split("[\t，,。；;]", after, maxsplit=1)[0]
    if any(phrase in thing for phrase in current().relevance.body.boilerplate):
        return None
    return thing if relevance_of(thing).score >= counting_score() else None


def _is_denied(before: str, word: str, after: str) -> bool:
    """Return whether a line says that the word between ``before`` and ``after`` is not bought."""
    start = len(before)
    spans = spans_not_bought(fold_for_matching(before + after), {start})
    return any(begin <= start and start + len(word) <= end for begin, end in spans)
