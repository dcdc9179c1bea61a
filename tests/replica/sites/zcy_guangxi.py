"""广西政府采购网, a site of the 政采云 family."""

from __future__ import annotations

from tests.replica.model import Market
from tests.replica.server import Scenario
from tests.replica.sites.zcy import ZcySite, detail

__all__ = ["detail", "make"]


def make(made: Market, scenario: Scenario) -> ZcySite:
    return ZcySite(made, scenario, "zcy_guangxi")
