"""The lexicon that notices are classified with: the shipped files, perhaps with a user's own files merged into them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pipelines.classify import lexicon_overlay
from pipelines.common.validation import InvalidDataError, read_toml
from pipelines.lexicon.files import (
    BuyerKindsFile,
    File,
    ProjectTypesFile,
    RegionsFile,
    RelevanceFile,
    SectorsFile,
    VendorsFile,
    parse,
)
from pipelines.lexicon.rule_words import RulesByField, words_of_rules

_FOLDER = Path(__file__).resolve().parents[1] / "lexicon"
# The files that a user may change, in the order that messages list them.
USER_FILES = ("relevance", "project_types", "sectors", "buyer_kinds", "vendors")

Compiled = TypeVar("Compiled")


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All lexicon files. A lexicon is never changed; another set of words is another lexicon."""

    relevance: RelevanceFile
    project_types: ProjectTypesFile
    sectors: SectorsFile
    buyer_kinds: BuyerKindsFile
    vendors: VendorsFile
    regions: RegionsFile
    compiled: dict[Callable[[], Any], Any] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def rule_words(self) -> RulesByField:
        """The words of every rule, by the field that it decides and its name."""
        return words_of_rules(self.relevance, self.project_types, self.sectors, self.buyer_kinds)

    @cached_property
    def digest(self) -> str:
        """Twelve hexadecimal digits that are the same exactly for the same words."""
        text = json.dumps(self._data(), sort_keys=True, ensure_ascii=False)
        return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()

    def __reduce__(self) -> tuple[Any, ...]:
        """Send only the words to another process, which compiles them again."""
        return Lexicon, tuple(getattr(self, field.name) for field in fields(self) if field.init)

    def _data(self) -> dict[str, Any]:
        files = {field.name: getattr(self, field.name) for field in fields(self) if field.init}
        return {name: file.model_dump(by_alias=True, exclude_unset=True) for name, file in files.items()}


def lexicon_of(folder: Path) -> Lexicon:
    """Return the lexicon of a data folder: the shipped files, with the user's files in ``folder`` merged into them.

    Raises InvalidDataError, in one line that names the file and the remedy, if a user's file is wrong.
    """
    contents = lexicon_overlay.find_files(folder, USER_FILES)
    return _merged(folder, tuple(contents.items())) if contents else _shipped()


@contextmanager
def using(lexicon: Lexicon) -> Iterator[Lexicon]:
    """Classify with ``lexicon`` inside the block, in this thread only."""
    before = _current.set(lexicon)
    try:
        yield lexicon
    finally:
        _current.reset(before)


def use(lexicon: Lexicon | None) -> None:
    """Classify with ``lexicon`` from now on; None is the shipped one. For a worker, which does nothing else."""
    _current.set(lexicon)


def changed() -> Lexicon | None:
    """Return the lexicon of this thread if a user changed it; None for the shipped one, which every process has."""
    lexicon = current()
    return None if lexicon is _shipped() else lexicon


def current() -> Lexicon:
    """Return the lexicon that this thread classifies with."""
    return _current.get() or _shipped()


def compiled(make: Callable[[], Compiled]) -> Callable[[], Compiled]:
    """Decorate a function without arguments that compiles words, so that it runs once for each lexicon.

    ``functools.cache`` would return what was compiled from the words of another lexicon.
    """

    def compiled_for_current() -> Compiled:
        results = current().compiled
        if make not in results:
            results[make] = make()
        return cast("Compiled", results[make])

    return compiled_for_current


_current: ContextVar[Lexicon | None] = ContextVar("lexicon", default=None)


@cache
def _shipped() -> Lexicon:
    return Lexicon(
        relevance=_read(RelevanceFile, "relevance"),
        project_types=_read(ProjectTypesFile, "project_types"),
        sectors=_read(SectorsFile, "sectors"),
        buyer_kinds=_read(BuyerKindsFile, "buyer_kinds"),
        vendors=_read(VendorsFile, "vendors"),
        regions=_read(RegionsFile, "regions"),
    )


@lru_cache(maxsize=4)
def _merged(folder: Path, contents: tuple[tuple[str, bytes], ...]) -> Lexicon:
    shipped = _shipped()
    own = {
        name: lexicon_overlay.merge_file(getattr(shipped, name), content, str(folder / f"{name}.toml"))
        for name, content in contents
    }
    lexicon = replace(shipped, **own)
    _check_buyer_kinds(lexicon, folder)
    return lexicon


def _check_buyer_kinds(lexicon: Lexicon, folder: Path) -> None:
    groups = {group.name for group in lexicon.vendors.groups}
    for rule in lexicon.buyer_kinds.rules:
        for vendor in rule.vendors:
            if vendor not in groups:
                raise InvalidDataError([
                    f"{folder / 'buyer_kinds.toml'}: [[rule]] {rule.name!r}: vendors: "
                    f"no vendor group is called {vendor!r}; use the name of a [[group]] of vendors.toml"
                ])  # fmt: skip


def _read(model: type[File], name: str) -> File:
    path = _FOLDER / f"{name}.toml"
    return parse(model, read_toml(path, path.name), path.name)
