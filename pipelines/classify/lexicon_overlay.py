"""A user's own lexicon files, merged into the shipped ones.

A user's file has the form of the shipped file of the same name. A row with the name of a shipped row adds its words
to that row and replaces its single values; ``without`` takes words out. A row with a new name is a new row. New rows
come before the shipped ones, so among sectors and buyer kinds, where the first matching rule decides, a user's rule is
asked first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipelines.common.validation import InvalidDataError, advise_key, nearest_key, parse_toml, shown_value
from pipelines.lexicon.files import File, Row, parse, rows_of

Data = dict[str, Any]

_WITHOUT = "without"


def find_files(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Return the content of the user's files in ``folder``, by the name of the shipped file that each one changes.

    A missing folder means there are none. Raises InvalidDataError for a file that changes no shipped file, OSError
    for a file that cannot be read.
    """
    allowed = [f"{name}.toml" for name in names]
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise InvalidDataError([f"{folder}: is not a folder; put files such as {allowed[0]} in a folder of that name"])
    contents = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name not in allowed:
            raise InvalidDataError([f"{path}: is no lexicon file; call it {', '.join(allowed[:-1])} or {allowed[-1]}"])
        contents[path.stem] = path.read_bytes()
    return contents


def merge_file(shipped: File, content: bytes, source: str) -> File:
    """Return the shipped file with the user's ``content`` merged into it. Raises InvalidDataError, in one line."""
    own = parse_toml(content, source)
    base = shipped.model_dump(by_alias=True, exclude_unset=True)
    return parse(type(shipped), _merge_table(base, own, rows_of(type(shipped)), source), source)


def _merge_table(shipped: Data, own: Data, forms: Mapping[str, type[Row]], place: str) -> Data:
    """Merge one table or row: join lists and replace other values. ``forms`` has the models of its tables of rows."""
    removed = _removed_words(shipped, own, place)
    merged = {
        key: [word for word in value if word not in removed] if isinstance(value, list) and key not in forms else value
        for key, value in shipped.items()
    }
    for key, value in own.items():
        base = merged.get(key)
        if key == _WITHOUT:
            continue
        if key in forms and isinstance(value, list):
            merged[key] = _merge_rows(base or [], value, forms[key], f"{place}: [[{key}]]")
        elif isinstance(base, dict) and isinstance(value, dict):
            merged[key] = _merge_table(base, value, {}, f"{place}: [{key}]")
        elif isinstance(base, list) and isinstance(value, list):
            merged[key] = [*base, *value]
        else:
            merged[key] = value
    return merged


def _merge_rows(shipped: list[Data], own: list[Any], form: type[Row], place: str) -> list[Data]:
    by_name = {row["name"]: row for row in shipped}
    new: dict[str, Data] = {}
    changed: dict[str, Data] = {}
    for number, row in enumerate(own, 1):
        if not isinstance(row, dict):
            raise InvalidDataError([f"{place}: number {number} is no table; write it as a row with keys and values"])
        name = row.get("name")
        if name is not None and not isinstance(name, str):
            raise InvalidDataError(
                [f"{place}: number {number}: name: {shown_value(name)} is not text; write it in quotes"]
            )
        if not name or not name.strip():
            raise InvalidDataError(
                [f"{place}: number {number} has no name; add the name of a shipped row or a new one"]
            )
        row_place = f"{place} {name!r}"
        if name in new or name in changed:
            raise InvalidDataError([f"{row_place}: is in the file twice; make one row of the two"])
        if name in by_name:
            changed[name] = _merge_table(by_name[name], row, {}, row_place)
        else:
            _check_new_row(row, form, list(by_name), row_place)
            new[name] = row
    return [*new.values(), *(changed.get(name, row) for name, row in by_name.items())]


def _check_new_row(row: Data, form: type[Row], shipped_names: list[str], place: str) -> None:
    near = nearest_key(row["name"], shipped_names)
    otherwise = f"or write the name of the shipped row {near!r}" if near else "or the name of a shipped row"
    if _WITHOUT in row:
        raise InvalidDataError(
            [f"{place}: is no shipped row, so no words can be taken out; remove {_WITHOUT} {otherwise}"]
        )
    fields = {field.alias or name: field for name, field in form.model_fields.items()}
    for key in row:
        if key not in fields:
            raise InvalidDataError([f"{place}: {key}: unknown key; {advise_key(key, list(fields))}"])
    needed = [key for key, field in fields.items() if field.is_required()]
    if missing := [key for key in needed if row.get(key, []) == []]:
        raise InvalidDataError([f"{place}: is new and has no {', '.join(missing)}; add that, {otherwise}"])


def _removed_words(shipped: Data, own: Data, place: str) -> list[str]:
    """Return the words of ``without``. Raises InvalidDataError if one of them is not among the shipped words."""
    removed = own.get(_WITHOUT, [])
    if not isinstance(removed, list) or not all(isinstance(word, str) for word in removed):
        raise InvalidDataError([f'{place}: {_WITHOUT}: write a list of words, such as ["词", "words"]'])
    words = [word for value in shipped.values() if isinstance(value, list) for word in value]
    for word in removed:
        if word not in words:
            raise InvalidDataError([
                f"{place}: {_WITHOUT}: {word!r} is not among the shipped words; write it exactly as it is there"
            ])  # fmt: skip
    return removed
