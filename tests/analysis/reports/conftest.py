"""The made-up market that the tests of page, workbook and pictures read and none of them changes."""

from __future__ import annotations

import pytest

from tests.helpers import report_world
from tests.helpers.market import Market


@pytest.fixture(scope="session")
def market() -> Market:
    return report_world.build()
