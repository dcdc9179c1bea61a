"""Answers of portals without persons, in the form in which they came: for pages that people hand on as tests.

The rules of ``pipelines.text.privacy`` say what is personal. What they would remove from the lines of an answer is
overwritten in its markup: 某 for a Chinese character, 0 for a digit, x for a letter. So the page keeps its form, and is
read as before.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from pipelines.lexicon import forms
from pipelines.pages.base64_bodies import MARKUP, unwrapped
from pipelines.text.glued_labels import part_glued_labels
from pipelines.text.html_text import bare_text, html_to_text, parse_html
from pipelines.text.labelled_values import part_stuck_labels
from pipelines.text.privacy import without_persons

# What may be between two characters of a text in markup: tags, &nbsp;, blanks and marks.
_GAP = r"(?:<[^<>]{0,300}>|&[a-z#0-9]{1,8};|[^\w<]){0,40}+"
_ATTRIBUTE = re.compile(
    r"\b(?:value|content|title|alt|data-[a-z-]{1,20})\s*=\s*(?:\"([^\"<>]{2,300})\"|'([^'<>]{2,300})')"
)
_NAME = re.compile(rf"(?!{forms.pattern('no_given_name')}){forms.pattern('family_name')}[\u4e00-\u9fff·]{{1,3}}")
_MARKED_OFF = re.compile(r"[^\s，,、；;：:（）()|/]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CLAUSE_END = re.compile(r"(?<=[\s，,；;。：:])")
_LONG_NUMBER = re.compile(r"\d{5}")
_DIGIT = re.compile(r"\d")
_KEY_OF_PERSON = re.compile(forms.pattern("person_key"))
_LONGEST_PIECE = 400  # characters of one detail; a longer list of persons is treated in parts
_LONGEST_NAME = 4
_LEAST_DIGITS = 7  # of a number that is overwritten wherever it is
_LONGEST_LABEL = 14
_LONGEST_VALUE = 200  # of a label in JSON
_DEEPEST = 40


def personal_details(text: str) -> set[str]:
    """Return what names or reaches persons in an answer (HTML, JSON or plain text), as its lines have it."""
    return {detail for lines in _readings(text) for detail in _removed(lines)} | set(_values_of_person_keys(text))


class Scrubber:
    """Overwrites details of persons in answers, also in JSON texts and in base64."""

    def __init__(self, details: Iterable[str]) -> None:
        self._expressions = [*map(_expression, sorted(_pieces(details), key=len, reverse=True))]

    def scrub(self, text: str) -> str:
        """Return an answer with each of the details overwritten."""
        data = _parsed(text)
        if data is None:
            return self._scrubbed(text)
        return json.dumps(self._rewritten(data), ensure_ascii=False)

    def _scrubbed(self, text: str) -> str:
        text = _without_comments(text)
        for expression in self._expressions:
            text = expression.sub(_masked_match, text)
        return text

    def _rewritten(self, data: Any) -> Any:
        if isinstance(data, str):
            packed = unwrapped(data)
            if isinstance(packed, bytes):
                return ""  # a file, in which nothing can be overwritten
            if packed is not None:
                return base64.b64encode(self._scrubbed(packed).encode()).decode()
            inner = _parsed(data)
            return self._scrubbed(data) if inner is None else json.dumps(self._rewritten(inner), ensure_ascii=False)
        if isinstance(data, dict):
            return {
                key: _masked_value(value) if _is_of_person(key, value) else self._rewritten(value)
                for key, value in data.items()
            }
        return [self._rewritten(value) for value in data] if isinstance(data, list) else data


def _readings(text: str) -> Iterator[str]:
    """Yield the lines of an answer, in each way in which a reader may see them."""
    data = _parsed(text)
    if data is not None:
        yield from _json_readings(data)
        return
    if MARKUP.search(text) or "<html" in text[:500].lower():
        root = parse_html(text)
        if root is not None:
            yield part_stuck_labels(part_glued_labels(html_to_text(root)))
        yield bare_text(text)
        yield "\n".join(first or second for first, second in _ATTRIBUTE.findall(text))
        return
    yield part_stuck_labels(part_glued_labels(text))


def _json_readings(data: Any, depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(data, str):
        packed = unwrapped(data)
        yield from _readings(packed if isinstance(packed, str) else data) if packed or len(data) > 1 else ()
    elif isinstance(data, dict):
        texts = [value for value in data.values() if isinstance(value, str) and len(value) <= _LONGEST_VALUE]
        # {"name": "联系人", "value": "章某甲"}
        yield "\n".join(f"{label}：{value}" for label, value in pairwise(texts) if len(label) <= _LONGEST_LABEL)
        for value in data.values():
            yield from _json_readings(value, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _json_readings(value, depth + 1)


def _values_of_person_keys(text: str) -> Iterator[str]:
    """Yield the values of keys such as linkMan and contactPhone, which no label in the text explains."""
    stack = [_parsed(text)]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            for key, value in item.items():
                if _is_of_person(key, value):
                    yield str(value)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, str) and item[:1] in ("{", "["):
            stack.append(_parsed(item))


def _is_of_person(key: str, value: object) -> bool:
    """Return whether a value is personal by its key. Offices are contacts and authors too; their names are longer."""
    if not isinstance(value, str | int) or not _KEY_OF_PERSON.search(key.lower()):
        return False
    return len(_CHINESE.findall(str(value))) <= _LONGEST_NAME or bool(_LONG_NUMBER.search(str(value)))


def _removed(lines: str) -> Iterator[str]:
    """Yield what the privacy rules take from lines, but no words that they leave elsewhere in them."""
    kept = without_persons(lines)
    for lost_lines, left_lines in _lost(lines.split("\n"), kept.split("\n")):
        old, new = _CLAUSE_END.split("\n".join(lost_lines)), _CLAUSE_END.split("\n".join(left_lines))
        for lost_clauses, left_clauses in _lost(old, new):
            for characters, _ in _lost("".join(lost_clauses), "".join(left_clauses)):
                detail = "".join(characters).strip()
                if detail not in kept or _is_name_or_number(detail):
                    yield detail


def _lost(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield each run of elements that are no longer there, with what is in its place."""
    for change, start, end, left, right in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if change in ("replace", "delete"):
            yield before[start:end], after[left:right]


def _pieces(details: Iterable[str]) -> set[str]:
    """Return details in parts that an expression can look for, with the names and long numbers inside them."""
    pieces: set[str] = set()
    for detail in details:
        for start in range(0, len(detail), _LONGEST_PIECE):
            piece = detail[start : start + _LONGEST_PIECE].strip()
            parts = _MARKED_OFF.findall(piece)
            pieces |= {part for part in parts if _is_name_or_number(part)}
            if len(re.findall(r"\w", piece)) > 1:
                pieces.add(piece)
    return pieces


def _is_name_or_number(text: str) -> bool:
    return _NAME.fullmatch(text) is not None or len(_DIGIT.findall(text)) >= _LEAST_DIGITS


def _expression(piece: str) -> re.Pattern[str]:
    """Return what finds a piece in markup: full-width characters count as plain ones, and tags may be inside."""
    characters = re.findall(r"\w", piece)
    written = [f"[{c}{chr(ord(c) + 0xFEE0)}]" if c.isascii() and c != "_" else re.escape(c) for c in characters]
    return re.compile(_GAP.join(written))


def _masked_value(value: str | int) -> str | int:
    return _mask(value) if isinstance(value, str) else 0


def _masked_match(match: re.Match[str]) -> str:
    return re.sub(
        r"(<[^<>]*>|&[a-z#0-9]{1,8};)|[^<&]+|[<&]", lambda part: part[0] if part[1] else _mask(part[0]), match[0]
    )


def _mask(text: str) -> str:
    text = _CHINESE.sub("某", text)
    return re.sub(r"[A-Za-zＡ-Ｚａ-ｚ]", "x", re.sub(r"\d", "0", text))


def _without_comments(markup: str) -> str:
    """Return markup without its comments, which no reader sees."""
    parts = []
    at = 0
    while (start := markup.find("<!--", at)) >= 0 and (end := markup.find("-->", start)) >= 0:
        parts.append(markup[at:start])
        at = end + 3
    return "".join([*parts, markup[at:]])


def _parsed(text: str) -> Any:
    """Return the object or array of a JSON text; None if it is none."""
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] not in ("{", "["):
        return None
    try:
        return json.loads(start)
    except (ValueError, RecursionError):
        return None
