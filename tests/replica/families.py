"""Portals that share software: one module of `sites/` plays each family, with the sites as data.

Such a module has `SITES`, `make(made, scenario, portal)`, `detail(posting)`, `column_of(portal, posting)` and
`address(portal, serial, at, column)`. Their notices are copies of those of the first portals (`add_family_portals`), so
that a portal more changes nothing about the notices of all others.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tests.replica.model import Event, Market, Posting

FAMILIES = ("epoint_search", "sfw_cms", "zcy", "json_list", "cms_query", "company_pages", "gpcms")


@cache
def family_of(portal: str) -> Any:
    """Return the module that plays a portal of a family; None if the portal has a module of its own."""
    modules = (import_module(f"tests.replica.sites.{family}") for family in FAMILIES)
    return next((module for module in modules if portal in module.SITES), None)


def has_replica(portal: str) -> bool:
    """Return whether the replica plays this portal. A portal without one is tested by its cassette alone."""
    return family_of(portal) is not None or find_spec(f"tests.replica.sites.{portal}") is not None


def family_portals() -> list[str]:
    """Return the names of all portals of families."""
    return [name for family in FAMILIES for name in import_module(f"tests.replica.sites.{family}").SITES]


def copied_postings(made: Market, portal: str) -> tuple[Posting, ...]:
    """Return the notices of other portals that this one publishes too, under its own columns and addresses."""
    module, out = family_of(portal), []
    events: dict[str, list[Event]] = {}
    for serial, posting in enumerate(made.all()):
        column = module.column_of(portal, posting)
        if column is None:
            continue
        public = module.address(portal, serial, posting.at, column)
        event = replace(posting.event, path=public.url)
        out.append(
            replace(posting, portal=portal, notice_id=public.notice_id, url=public.url, event=event, column=column)
        )
        events.setdefault(posting.project.key, []).append(event)
    return tuple(replace(one, project=replace(one.project, events=tuple(events[one.project.key]))) for one in out)


def add_family_portals(made: Market) -> Market:
    """Return the market with all portals of families. Its truth is that of the first portals."""
    return replace(made, postings=made.postings | {name: copied_postings(made, name) for name in family_portals()})
