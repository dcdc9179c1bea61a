"""Counting rules as data: a definition is a small TOML file.

Definitions are shipped in analysis/figures/definitions. Users keep their own in a folder of their data.

Every figure names the definition that it was made by.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pipelines.common.safe_text import first_line
from pipelines.common.sql_text import literals
from pipelines.common.validation import InvalidDataError, StrictModel, Tuple, read_toml, validate
from pipelines.lexicon import terms

ALL = "all"  # asks for every definition, so no definition may have this name
_SHIPPED = Path(__file__).with_name("definitions")

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class UnknownDefinitionError(ValueError):
    """No definition has that name. The message lists those that exist."""


# The conditions that list codes, with the column that has them. A code is one of the vocabulary of that name.
_CODES: dict[str, terms.Vocabulary] = {
    "project_types": "project_type",
    "sectors": "sector",
    "provinces": "province",
    "buyer_kinds": "buyer_kind",
}


class Conditions(StrictModel):
    """Which awards count: all of these must hold. A condition that is left out does not restrict.

    An award also needs a date: the publication day of its first result notice.
    """

    statuses: Tuple[Literal["awarded", "candidate", "void"]] = Field(
        min_length=1,
        description="statuses that count: `awarded` (a result), `candidate` (only candidates), `void` (cancelled)",
    )
    large_model: bool = Field(default=True, description="count only awards about large models (`is_large_model`)")
    min_relevance: float = Field(
        default=0.0, ge=0, le=1, allow_inf_nan=False, description="least `relevance`, 0 to 1; 0 does not restrict"
    )
    portals: Tuple[Words] = Field(
        default=(), description="portals, by name: the award must have a result notice on one of them"
    )
    words: Tuple[Words] = Field(
        default=(), description="words: the title or the project's name must contain one of them"
    )
    min_amount_yuan: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="least disclosed amount in yuan"
    )
    max_amount_yuan: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="largest disclosed amount in yuan"
    )
    project_types: Tuple[Words] = Field(default=(), description="types, by code: `compute`, `application` …")
    sectors: Tuple[Words] = Field(default=(), description="sectors of the buyer, by code: `government` …")
    provinces: Tuple[Words] = Field(default=(), description="provinces of the buyer, by short Chinese name: `广东` …")
    buyer_kinds: Tuple[Words] = Field(
        default=(), description="who owns the buyer: `central_soe`, `local_soe`, `public_body`, `other_company`"
    )
    own_group: bool | None = Field(
        default=None, description="true: only awards within the buyer's own group; false: only others"
    )

    @model_validator(mode="after")
    def _check_codes(self) -> Conditions:
        for name, column in _CODES.items():
            unknown = [code for code in getattr(self, name) if code not in terms.codes(column)]
            if unknown:
                raise ValueError(f"{name}: {unknown[0]!r} is unknown; write one of {', '.join(terms.codes(column))}")
        return self


class Definition(StrictModel):
    """One way of counting, as `definitions/NAME.toml` describes it."""

    name: str = Field(
        pattern=r"^\w[\w-]*$", description="name of the definition and of its file: letters, digits, `_` and `-`"
    )
    title_zh: Words = Field(description="title in Chinese, shown on reports")
    title_en: Words = Field(description="title in English")
    description: Words = Field(description="what counts and what does not, in a few sentences")
    coverage: Literal["every_notice", "search"] = Field(
        default="every_notice",
        description="what must be read of a day before it is covered: `every_notice`, or `search`: all of `words` were "
        "searched, or every notice was read",
    )
    where: Conditions = Field(description="table of the conditions")

    @model_validator(mode="after")
    def _check_search_words(self) -> Definition:
        if self.coverage == "search" and not self.where.words:
            raise ValueError('coverage = "search" needs words in [where]; add them, or leave coverage out')
        return self

    @property
    def needs_all_columns(self) -> bool:
        """Whether it asks about more than status, date, relevance, portals and names."""
        rules = self.where
        limits = (rules.min_amount_yuan, rules.max_amount_yuan, rules.own_group)
        return any(getattr(rules, name) for name in _CODES) or any(limit is not None for limit in limits)

    @property
    def search_words(self) -> tuple[str, ...] | None:
        """The words that cover a day if each was searched; None if a day needs every notice."""
        return self.where.words if self.coverage == "search" else None

    @property
    def counted_portals(self) -> tuple[str, ...] | None:
        """The portals that count; None for all."""
        return self.where.portals or None

    @property
    def condition(self) -> str:
        """The rule as one SQL condition on the columns of ``awards`` or ``award_states``."""
        rules = self.where
        conditions = [f"status IN ({literals(rules.statuses)})", "awarded_on IS NOT NULL"]
        if rules.large_model:
            conditions.append("is_large_model")
        if rules.min_relevance:
            conditions.append(f"coalesce(relevance, 0) >= {rules.min_relevance!r}")
        if rules.portals:
            conditions.append(f"list_has_any(portals, [{literals(rules.portals)}])")
        if rules.words:
            conditions.append(
                f"len(list_filter([{literals(rules.words)}], "
                "lambda w: contains(coalesce(title, '') || ' ' || coalesce(project_name, ''), w))) > 0"
            )
        for name, column in _CODES.items():
            if codes := getattr(rules, name):
                conditions.append(f"{column} IN ({literals(codes)})")
        if rules.min_amount_yuan is not None:
            conditions.append(f"summed_yuan(amount_yuan, disclosed) >= {rules.min_amount_yuan!r}")
        if rules.max_amount_yuan is not None:
            conditions.append(f"summed_yuan(amount_yuan, disclosed) <= {rules.max_amount_yuan!r}")
        if rules.own_group is not None:
            conditions.append("own_group" if rules.own_group else "NOT own_group")
        return " AND ".join(conditions)


def names(own: Path | None = None) -> list[str]:
    """Return the names of the shipped definitions, ``market`` first, then of those in the user's folder ``own``."""
    shipped = sorted(_names_in(_SHIPPED), key=lambda name: (name != "market", name))
    return [*shipped, *sorted(_names_in(own) - {*shipped})]


def load(name: str, own: Path | None = None) -> Definition:
    """Return the definition called ``name``, shipped or of the folder ``own``.

    Raises :class:`UnknownDefinitionError`, and :class:`pipelines.common.validation.InvalidDataError` for a wrong file.
    """
    existing = names(own)
    if name not in existing:
        wrong = "more than one definition" if name == ALL else "unknown definition"
        raise UnknownDefinitionError(f"{wrong} {name!r}: choose one of {', '.join(existing)}")
    shipped = _SHIPPED / f"{name}.toml"
    if own is None or name not in _names_in(own):
        return _read(shipped, shipped.name)
    path = own / f"{name}.toml"
    if shipped.is_file() or name == ALL:
        raise InvalidDataError([f"{path}: name: {name!r} has a meaning already; give the file another name"])
    return _read(path, str(path))


def load_all(own: Path | None = None) -> list[Definition]:
    """Return every definition, ``market`` first. Raises :class:`pipelines.common.validation.InvalidDataError`."""
    return [load(name, own) for name in names(own)]


def load_usable(own: Path, report: Callable[[str], None]) -> list[Definition]:
    """Like :func:`load_all`, but a wrong file of the user is left out and reported in one line."""
    found = []
    for name in names(own):
        try:
            found.append(load(name, own))
        except InvalidDataError as error:
            report(f"a definition is left out: {first_line(error)}")
    return found


def _read(path: Path, source: str) -> Definition:
    data = read_toml(path, source)
    definition = validate(Definition, data, source, {"where": 'add the table [where] with statuses = ["awarded"]'})
    if definition.name != path.stem:
        raise InvalidDataError([f"{source}: name: {definition.name!r} is not the file's name; write {path.stem}"])
    return definition


def _names_in(folder: Path | None) -> set[str]:
    return {path.stem for path in folder.glob("*.toml")} if folder is not None and folder.is_dir() else set()
