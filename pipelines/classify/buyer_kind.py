"""Whose a buyer is: a central or a local state-owned enterprise, a public body, another company. By ``lexicon/owners.toml``."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from pipelines.classify.lexicon import compiled, vocabulary
from pipelines.classify.name_rules import NameRules
from pipelines.classify.sector import is_a_name
from pipelines.classify.vendors import is_place


class Owner(NamedTuple):
    """A kind of the contract, the exact words that say so and the rule that read them."""

    kind: str
    words: str
    rule: str


def owner_of(buyer: str | None, vendor: str | None = None) -> Owner | None:
    """Whose ``buyer`` is, whose vendor group is ``vendor``. None where it names nobody, or nothing tells.

    A company whose name does not say that the state owns it is ``other_company``: so are state-owned ones that nobody listed.
    """
    return _reading()(buyer, vendor) if buyer is not None and is_a_name(buyer) else None


@compiled
def _reading() -> Callable[[str, str | None], Owner | None]:
    """The same buyers come again and again: each is looked up once."""
    rules, owners = _rules(), _of_groups()

    @lru_cache(maxsize=8192)
    def read(buyer: str, vendor: str | None) -> Owner | None:
        found = rules.read(buyer)
        group = owners.get(vendor) if vendor else None
        if group is not None and (found is None or group < found[0]):
            found = group, buyer
        if found is None:
            return None
        row = rules.rows[found[0]]
        return Owner(row["kind"], found[1], row["name"])

    return read


def _rules() -> NameRules:
    data = vocabulary("owners")
    masks = [word for row in data["mask"] for word in row["words"]]
    return NameRules(data["rule"], masks, vocabulary("sectors")["company_words"], is_place)


def _of_groups() -> dict[str, int]:
    """The row that owns each vendor group, the first where several say so."""
    rows = vocabulary("owners")["rule"]
    return {group: number for number, row in reversed(list(enumerate(rows))) for group in row.get("vendors", ())}
