"""Every view and macro that ``analysis/views/*.sql`` creates, in an order in which each finds those it reads.

The files are Jinja templates. Blank lines separate their statements; the comment before a statement describes what it
creates, in the database and in docs/schema.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, Protocol

import duckdb
from jinja2 import Environment, FunctionLoader, StrictUndefined

from pipelines.common.sql_text import literals

Kind = Literal["VIEW", "MACRO", "MACRO TABLE"]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One way to break a month down: ``monthly_by_NAME``, ``period_by_NAME`` and more with ``over_periods``.

    ``source`` is the view that has one row for each award and value of ``column``.
    """

    name: str
    column: str
    label: str
    note: str
    source: str = "counted_awards"
    over_periods: bool = True


def _none_row(label: str) -> str:
    return f"Awards without a {label} are in a row of their own, so the shares add up to 100."


BREAKDOWNS = (
    Breakdown("type", "project_type", "project type", _none_row("project type")),
    Breakdown("sector", "sector", "sector", _none_row("sector")),
    Breakdown(
        "vendor",
        "vendor",
        "vendor",
        "An award counts once for each vendor group that won a lot of it, with the price of those lots. Groups share "
        "awards, and many awards have none.",
        source="counted_vendors",
    ),
    Breakdown("province", "province", "province", _none_row("province")),
    Breakdown(
        "buyer_kind",
        "buyer_kind",
        "who owns the buyer (central_soe, local_soe, public_body, other_company)",
        "Awards whose notices do not say it are in a row of their own, so the shares add up to 100.",
        over_periods=False,
    ),
)
PERIODS = ("monthly", "quarterly", "yearly")

# A file comes after those whose views and macros it reads.
_FILES = (
    "macros",
    "counted_awards",
    "counted_states",
    "counted_vendors",
    "counted_periods",
    "crawled_questions_as_of",
    "crawled_days_as_of",
    "covered_days_as_of",
    "covered_months_as_of",
    "monthly",
    "monthly_by",
    "periodic",
    "periodic_by",
    "year_to_date",
    "monthly_sizes",
    "period_totals",
    "period_by",
    "passed_vendors",
    "totals_between",
    "shares_between",
    "largest_awards",
    "vendor_ranking",
    "concentration",
    "awards_as_of",
    "monthly_as_of",
    "like_for_like_of",
    "award_changes_of",
    "shortcuts",
    "revisions_by_cause",
    "revisions",
    "published_periods",
    "published_contradictions",
)
_OF_DEFINITIONS = ("counts_by", "search_words_of", "portals_of")
_STATEMENT = re.compile(
    r"(?P<comment>(?:--[^\n]*\n)+)CREATE OR REPLACE (?P<kind>VIEW|MACRO) (?P<name>\w+)(?P<rest>.*);", re.DOTALL
)


class CountingRule(Protocol):
    """What the macros need of a definition (``analysis.figures.definition.Definition``)."""

    @property
    def name(self) -> str:
        """The name by which SQL asks for it."""

    @property
    def condition(self) -> str:
        """The SQL condition on the columns of ``awards`` under which an award counts."""

    @property
    def needs_all_columns(self) -> bool:
        """Whether it asks about more than status, date, relevance, portals and names."""

    @property
    def search_words(self) -> tuple[str, ...] | None:
        """The words that cover a day if each was searched; None if a day needs every notice."""

    @property
    def counted_portals(self) -> tuple[str, ...] | None:
        """The portals that count; None for all."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One view or macro: its name, what it is, its description and the SQL from after its name to the end."""

    kind: Kind
    name: str
    description: str
    rest: str

    def sql(self, *, temporary: bool = False) -> str:
        """Return the statement that creates it."""
        return f"CREATE OR REPLACE {'TEMP ' if temporary else ''}{self.kind.split()[0]} {self.name}{self.rest}"


@cache
def statements(definitions: tuple[CountingRule, ...] = ()) -> tuple[Statement, ...]:
    """Return all statements in the order of their creation.

    Without ``definitions``, the macros that ask for a definition know none.
    """
    environment = Environment(  # noqa: S701 (the output is SQL from this package's own files, not HTML)
        loader=FunctionLoader(_text), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(
        parts=BREAKDOWNS,
        definitions=definitions,
        rule=lambda one: one.condition,
        short_rule=_short_rule,
        search_words=lambda one: _texts(one.search_words),
        counted_portals=lambda one: _texts(one.counted_portals),
        body=_body,
    )
    return tuple(statement for file in _FILES for statement in _parsed(file, environment.get_template(file).render()))


@cache
def descriptions() -> dict[str, str]:
    """Return the description of every view and macro by its name."""
    return {statement.name: statement.description for statement in statements()}


@cache
def view_names() -> frozenset[str]:
    """Return the names of the views, without the macros."""
    return frozenset(statement.name for statement in statements() if statement.kind == "VIEW")


def create_temporary(con: duckdb.DuckDBPyConnection, names: Iterable[str], *, computed: bool = False) -> None:
    """Create views and macros for this connection only, in the order of ``names``: they shadow the published ones.

    With ``computed`` the views are tables with the rows of now, for callers that read them many times.
    """
    by_name = {statement.name: statement for statement in statements()}
    for name in names:
        statement = by_name[name]
        if computed and statement.kind == "VIEW":
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name}{statement.rest}")
        else:
            con.execute(statement.sql(temporary=True))


def create_definitions(
    con: duckdb.DuckDBPyConnection, definitions: Iterable[CountingRule], *, temporary: bool = False
) -> None:
    """Create the macros that say what a definition is, with these definitions. All other macros ask them."""
    for statement in statements(tuple(definitions)):
        if statement.name in _OF_DEFINITIONS:
            con.execute(statement.sql(temporary=temporary))


def _short_rule(rule: CountingRule) -> str:
    """Return the condition of a definition that asks only about the columns that the short form of a macro has."""
    if rule.needs_all_columns:
        return f"error('counts_by needs all columns for the definition {rule.name}')"
    return rule.condition


def _parsed(file: str, text: str) -> Iterator[Statement]:
    for block in re.split(r"\n{2,}", text.strip()):
        match = _STATEMENT.fullmatch(block.strip())
        if match is None:
            raise ValueError(f"analysis/views/{file}.sql: not a comment and one CREATE statement: {block[:60]!r}")
        description = " ".join(line.removeprefix("--").strip() for line in match["comment"].splitlines())
        is_table = match["kind"] == "MACRO" and re.match(r"\([^)]*\) AS TABLE\b", match["rest"])
        kind: Kind = "VIEW" if match["kind"] == "VIEW" else "MACRO TABLE" if is_table else "MACRO"
        yield Statement(kind, match["name"], description, match["rest"])


def _texts(values: Iterable[str] | None) -> str:
    """Return a list of texts in SQL. None is NULL."""
    if values is None:
        return "CAST(NULL AS VARCHAR[])"
    return f"[{literals(values)}]"


def _body(file: str) -> str:
    """Return the SELECT of a file that holds one view, for another statement to read from."""
    return re.sub(r"\A.*?CREATE OR REPLACE VIEW \w+ AS\n|;\s*\Z", "", _text(file), flags=re.DOTALL)


def _text(file: str) -> str:
    return (resources.files("analysis.views") / f"{file}.sql").read_text(encoding="utf-8")
