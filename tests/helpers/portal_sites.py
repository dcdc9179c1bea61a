"""What a crawl of each portal has to find at the replica. A new portal is played as soon as its descriptor says ``crawl``.

Most need nothing here: ``tests/replica/sites/NAME.py`` plays the portal, and the notices are those in a column of the
replica that is a channel of the descriptor. Where the two call their columns otherwise, ``FILED`` says which are meant.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from tenders import portals
from tenders.crawling.session import stored_keys
from tenders.spiders.registry import SPIDERS
from tests.replica.families import has_replica
from tests.replica.market import ccgp_world
from tests.replica.model import Market, Posting
from tests.replica.server import CALM, Portal, Scenario

CRAWLED = [portal.name for portal in portals.all() if portal.crawl and has_replica(portal.name)]
# The first portal of each spider: what all portals of a spider do alike is tested with one of them.
REPRESENTATIVES = list({SPIDERS[name].__bases__: name for name in reversed(CRAWLED)}.values())

FILED: dict[str, Callable[[Posting], bool]] = {
    "ccgp": lambda posting: posting.event.path.startswith(portals.load("ccgp").channels),
    # Results of all kinds stand in one list.
    "ccgp_beijing": lambda posting: True,
    "ccgp_hubei": lambda posting: True,
    "chinatelecom": lambda posting: True,
    "chinaunicom": lambda posting: True,
    # Its codes are in the category tree, which the spider reads.
    "ccgp_hunan": lambda posting: True,
    # Lists with several parameters have names of their own in the descriptor.
    "szygcgpt": lambda posting: True,
    "icbc": lambda posting: True,
    "cdb": lambda posting: True,
}


def played(name: str, made: Market, mood: Scenario = CALM) -> Portal:
    """The replica of one portal, ready to be entered."""
    return Portal(ccgp_world(made) if name == "ccgp" else made, mood, site=name)


def published(name: str, made: Market, since: date = date.min, until: date = date.max) -> list[Posting]:
    """The notices that a crawl of these days has to find, oldest first. Raises LookupError where nothing says which they are."""
    channels = portals.load(name).channels
    starts = ("",) if "*" in channels else channels
    filed = FILED.get(name) or (lambda posting: posting.column.startswith(starts))
    found = [posting for posting in made.on(name) if filed(posting) and since <= posting.at.date() <= until]
    if not any(filed(posting) for posting in made.on(name)):
        columns = sorted({posting.column for posting in made.on(name)})
        raise LookupError(f"{name}: none of the replica's columns {columns} is a channel: say in FILED which are meant")
    return found


def stored(name: str, data: Path) -> set[str]:
    """The keys of a portal's notices in this data folder."""
    return stored_keys(data, name)


def keys(found: list[Posting]) -> set[str]:
    return {posting.key for posting in found}
