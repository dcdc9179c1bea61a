"""How many examples a property test tries whose every example builds databases."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# TENDERS_EXAMPLES=20 searches twenty times as long, after a change of what the property is about.
_TIMES = int(os.environ.get("TENDERS_EXAMPLES", "1"))


def few_examples(number: int) -> settings:
    """Return settings for a property test that tries so many examples, or a multiple of them if asked to."""
    return settings(max_examples=number * _TIMES, deadline=None, suppress_health_check=list(HealthCheck))
