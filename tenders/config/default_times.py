"""When portals are crawled if the configuration says nothing: spread over the day, so that few begin at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tenders.portals import Portal

_HOURS_BETWEEN = 12
_HOURS_BETWEEN_SHORT_LISTS = 4
_SHORT_LIST_NOTICES = 1000


def default_cron_lines(portals: Sequence[Portal]) -> Mapping[str, str]:
    """Return a cron line for each portal, by name: twice a day, at times as far apart as possible.

    A portal that shows only its newest notices, and no older ones, is crawled every four hours.
    """
    return {portal.name: _cron_line(portal, index, len(portals)) for index, portal in enumerate(portals)}


def _cron_line(portal: Portal, index: int, count: int) -> str:
    shows_few = portal.lists == "newest" and portal.most_pages * portal.page_size <= _SHORT_LIST_NOTICES
    step = _HOURS_BETWEEN_SHORT_LISTS if shows_few else _HOURS_BETWEEN
    first_hour, minute = divmod(index * step * 60 // count, 60)
    return f"{minute} {','.join(str(hour) for hour in range(first_hour, 24, step))} * * *"
