"""A user's own words laid over the shipped ones, and checked before anything is done with them.

A user's file has the form of the shipped file of its name: which tables and keys there are, and of what type, is read from that.
A row with the name of a shipped row adds its words to it and replaces its single values; ``without`` takes words out. A row with
a new name is a new row, and stands before the shipped ones: where the order decides, as among sectors, it is asked first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

FILES = ("relevance", "project_types", "sectors", "owners", "vendors")

Row = dict[str, Any]

_WITHOUT = "without"
# A new row needs every single value that all shipped rows of its table have, and these lists where the table has them.
_NEEDED_LISTS = ("words", "cancels")
_SHARES = ("counts", "score", "leaves")  # numbers from 0 to 1
_MOST = 1_000_000
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+/?\S*$")
_BELONGS = ("is", "starts", "has")  # the lists of a vendor group that say who is in it


class LexiconError(ValueError):
    """A user's words cannot be used; the message names the file, the place in it, and what to do."""


def files_in(folder: Path) -> dict[str, bytes]:
    """The user's files in ``folder`` by the name of the shipped file that each is laid over; empty where there are none.

    Raises LexiconError for a file that would be laid over none, OSError for one that cannot be read.
    """
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise LexiconError(f"{folder}: is not a folder: put files such as {FILES[0]}.toml in a folder of that name")
    found = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem not in FILES:
            raise LexiconError(
                f"{path}: there is no such vocabulary: call the file {_or(f'{name}.toml' for name in FILES)}"
            )
        found[path.stem] = path.read_bytes()
    return found


def laid_over(path: Path, text: bytes, shipped: Row) -> Row:
    """The shipped file with the user's file ``path``, which holds ``text``, laid over it. Raises LexiconError."""
    try:
        own = tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise LexiconError(f"{path}: is not UTF-8: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{path}: is not TOML: {error}: mend it there") from None
    return _Overlay(path, shipped).of(own)


class _Overlay:
    def __init__(self, path: Path, shipped: Row) -> None:
        self._path = path
        self._shipped = shipped

    def of(self, own: Row) -> Row:
        tables = {key for key, value in self._shipped.items() if isinstance(value, dict) or _is_rows(value)}
        single = {key: value for key, value in self._shipped.items() if key not in tables}
        for key in (key for key in own if key not in (*self._shipped, _WITHOUT)):
            raise self._error("", f"unknown table or key {key!r}: use {_or(self._shipped)}")
        merged = dict(self._shipped)
        merged |= self._values(
            "", single, {key: value for key, value in own.items() if key not in tables}, _form([single])
        )
        for key in tables & own.keys():
            if _is_rows(self._shipped[key]):
                merged[key] = self._rows(key, own[key])
            elif isinstance(own[key], dict):
                merged[key] = self._values(f"[{key}]", self._shipped[key], own[key], _form([self._shipped[key]]))
            else:
                raise self._error("", f"{key!r} is a table: write it as [{key}]")
        for key in tables & own.keys():
            for row in own[key] if _is_rows(self._shipped[key]) else ():
                self._check_names(key, row, merged)
        if self._path.stem == "vendors":
            self._check_groups(own, merged)
        return merged

    def _rows(self, table: str, own: Any) -> list[Row]:
        shipped = {row["name"]: row for row in self._shipped[table]}
        form = _form(self._shipped[table])
        needed = [
            key for key, kind in form.items() if kind != "texts" and all(key in row for row in self._shipped[table])
        ]
        needed += [key for key in _NEEDED_LISTS if key in form]
        if not _is_rows(own):
            raise self._error("", f"{table!r} is a list of rows: write each as [[{table}]]")
        new: list[Row] = []
        changed: dict[str, Row] = {}
        for number, row in enumerate(own, 1):
            name = row.get("name")
            if not isinstance(name, str) or not name.strip():
                raise self._error(
                    f"[[{table}]] number {number}", "has no name: give it one, of a shipped row or a new one"
                )
            place = f"[[{table}]] {name!r}"
            if name in changed or any(name == other["name"] for other in new):
                raise self._error(place, "stands here twice: make one row of the two")
            if name in shipped:
                changed[name] = self._values(place, shipped[name], row, form)
                continue
            if _WITHOUT in row:
                raise self._error(
                    place, f"is no shipped row, so nothing can be taken out: remove {_WITHOUT}, or mend the name"
                )
            new.append(self._values(place, {}, row, form))
            missing = [key for key in needed if not row.get(key) and row.get(key) != 0]
            if missing:
                raise self._error(place, f"is new and lacks {', '.join(missing)}: add that, or mend the name")
        return [*new, *(changed.get(name, row) for name, row in shipped.items())]

    def _values(self, place: str, shipped: Row, own: Row, form: Mapping[str, str]) -> Row:
        """One row or table: single values replaced, lists joined, what is ``without`` taken out first."""
        lists = [key for key, kind in form.items() if kind == "texts"]
        gone = own.get(_WITHOUT, [])
        if _WITHOUT in own:
            self._check(place, _WITHOUT, gone, "texts")
            for word in gone:
                if not any(word in shipped.get(key, ()) for key in lists):
                    raise self._error(
                        place, f"{_WITHOUT}: {word!r} is not among its shipped words: write it as it stands there"
                    )
        merged: Row = {
            key: [word for word in value if word not in gone] if isinstance(value, list) else value
            for key, value in shipped.items()
        }
        for key, value in own.items():
            if key == _WITHOUT:
                continue
            if key not in form:
                raise self._error(place, f"unknown key {key!r}: use {_or([*form, _WITHOUT])}")
            self._check(place, key, value, form[key])
            merged[key] = [*merged.get(key, []), *value] if form[key] == "texts" else value
        return merged

    def _check(self, place: str, key: str, value: Any, kind: str) -> None:
        if kind == "texts":
            if not isinstance(value, list) or not all(isinstance(word, str) and word.strip(" ^$@") for word in value):
                raise self._error(place, f'{key} must be a list of words, such as ["词", "words"]')
        elif kind == "text":
            if not isinstance(value, str) or not value.strip():
                raise self._error(place, f'{key} must be a text in quotes, such as "text"')
            if key == "url" and not _ADDRESS.match(value):
                raise self._error(place, "url must be an address, such as https://example.com/page")
        elif isinstance(value, bool) or not isinstance(value, int if kind == "whole" else (int, float)):
            raise self._error(place, f"{key} must be a {'whole ' if kind == 'whole' else ''}number")
        elif not 0 <= value <= (1 if key in _SHARES else _MOST):
            raise self._error(place, f"{key} must be a number from 0 to {1 if key in _SHARES else _MOST}")

    def _check_names(self, table: str, row: Row, merged: Row) -> None:
        """Values that name something: it must be there."""
        for key, value in row.items():
            known = _known(self._path.stem, key, self._shipped, merged)
            for name in value if isinstance(value, list) else [value]:
                if known is not None and name not in known:
                    raise self._error(
                        f"[[{table}]] {row['name']!r}", f"unknown {key} {name!r}: use {_or(sorted(known))}"
                    )

    def _check_groups(self, own: Row, merged: Row) -> None:
        """A name that two groups claim would go to either of them."""
        groups: dict[str, set[str]] = {}
        for group, word, _ in _claims(merged):
            groups.setdefault(word, set()).add(group)
        for group, word, table in _claims(own):
            for other in sorted(groups[word] - {group}):
                what = f"{word!r} belongs to {other!r} already: take it out there, or give its [[member]] this group"
                raise self._error(f"[[{table}]] {word if table == 'member' else group!r}", what)

    def _error(self, place: str, what: str) -> LexiconError:
        return LexiconError(f"{self._path}{', ' if place else ''}{place}: {what}")


def _known(file: str, key: str, shipped: Row, merged: Row) -> set[str] | None:
    """What the values of a key may name; None for those that name nothing."""
    match file, key:
        case "relevance", "family" | "cancels":
            return {row["family"] for table in ("rule", "pair") for row in shipped[table]}
        case ("relevance", "first" | "second") | ("vendors", "group"):
            return {row["name"] for row in merged["group"]}
        case "project_types", "type":
            return {row["type"] for row in shipped["rule"]}
        case "sectors", "sector":
            return {row["sector"] for table in ("rule", "subject") for row in shipped[table]}
        case "owners", "kind":
            return {row["kind"] for row in shipped["rule"]}
        case "owners", "vendors":
            return {group for row in shipped["rule"] for group in row.get("vendors", ())}
        case "sectors" | "owners", "of":
            return {"company", "body", "any"}
        case "vendors", "way":
            return set(_BELONGS)
        case "vendors", "relation":
            return {"brand", "subsidiary", "controlled", "split off"}
    return None


def _claims(vendors: Row) -> Iterator[tuple[str, str, str]]:
    """Group, word and table of all names that say who belongs to a vendor group."""
    for row in vendors.get("group", ()):
        yield from ((row["name"], word, "group") for key in (*_BELONGS, "short") for word in row.get(key, ()))
    for row in vendors.get("member", ()):
        if row.get("relation") != "split off" and "group" in row:
            yield row["group"], row["name"], "member"


def _form(rows: Iterable[Row]) -> dict[str, str]:
    """The keys that these rows have, and what stands there: ``text``, ``texts``, a ``whole`` number or any ``number``."""
    form: dict[str, str] = {}
    for row in rows:
        for key, value in row.items():
            kind = "texts" if isinstance(value, list) else "text" if isinstance(value, str) else "number"
            kind = "whole" if kind == "number" and isinstance(value, int) and form.get(key) != "number" else kind
            form[key] = kind
    return form


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _or(names: Iterable[str]) -> str:
    *head, last = names
    return f"{', '.join(head)} or {last}" if head else str(last)
