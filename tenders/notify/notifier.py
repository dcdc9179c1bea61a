"""Announcements of new awards: through Apprise to whatever people use, and as an Atom feed.

Each target gets an award once. A file in the data folder keeps what each target has received. It is noted only after
the target has accepted the message, so what could not be delivered is sent again at the next run, and ``undelivered``
reports it meanwhile. A target starts on the day it is first configured: awards that were known or awarded before are
not sent.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel

from pipelines.common.atomic_files import replace_text
from pipelines.common.clock import minute_text
from tenders.config.project import Config
from tenders.data_folder import DataFolder
from tenders.notify import atom
from tenders.notify.delivery import MESSAGE_BYTES, Address, addresses, deliver
from tenders.notify.messages import Award, award_text, awards_to_announce

logger = logging.getLogger(__name__)

_FEED_ENTRIES = 50
_MOST_REFUSALS = 2  # in a row; then the target is considered down


class _Record(BaseModel):
    """What one target has received, as the file has it."""

    name: str
    since: date | None
    told: list[str]
    trouble: str
    used: bool


class _Records(BaseModel):
    targets: dict[str, _Record]


@dataclass(slots=True)
class Target:
    """One configured address.

    ``since``: the day from which it receives awards. ``delivered``: the keys of awards that it has.
    ``problem``: why it lacks some, empty if it lacks none.
    """

    address: Address
    since: date | None = None
    delivered: set[str] = field(default_factory=set)
    problem: str = ""


class Announcer:
    """Sends the targets of one configuration what is new in one data folder.

    Raises ConfigError if an address cannot be used.
    """

    def __init__(self, config: Config, data_dir: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._section = config.announce
        self._data_dir = data_dir
        self._path = _record_path(data_dir)
        written = config.announce.urls
        self._targets = [Target(address) for address in addresses(config, "announce.urls", written, environment)]

    def start(self, today: date) -> None:
        """Read what each target has received. A new target gets only awards from now on.

        To be called before the first crawl.
        """
        records = _read_records(self._path)
        awards = awards_to_announce(self._data_dir, self._section)
        for target in self._targets:
            record = records.get(target.address.key)
            if record is None:
                target.since, target.delivered = today, {key for award in awards for key in award.keys}
            else:
                target.since, target.delivered = record.since, set(record.told)
                target.problem = record.trouble
        self._save()

    def announce(self, now: datetime) -> bool:
        """Send each target the awards that it lacks, and write the feed. Returns whether everything was delivered."""
        awards = awards_to_announce(self._data_dir, self._section)
        successes = [self._send_new(target, awards, now) for target in self._targets]
        if self._section.atom:
            newest = reversed(awards[-_FEED_ENTRIES:])
            feed = self._data_dir / self._section.atom
            try:
                atom.write_feed(feed, [_feed_entry(award) for award in newest])
            except OSError as error:
                logger.error("the feed %s cannot be written: %s", feed, error.strerror or error)
                return False
        return all(successes)

    def _send_new(self, target: Target, awards: Iterable[Award], now: datetime) -> bool:
        new_awards = [
            a for a in awards if target.since and a.awarded_on >= target.since and not a.keys & target.delivered
        ]
        refusals: list[str] = []
        undelivered, in_a_row = len(new_awards), 0
        for batch in _message_batches(new_awards):
            title = f"大模型项目中标（成交）：新增 {len(batch)} 项"
            refusal = deliver(target.address, title, "\n\n".join(map(award_text, batch)))
            if refusal is None:
                target.delivered |= {key for award in batch for key in award.keys}
                undelivered, in_a_row = undelivered - len(batch), 0
                self._save()
            else:
                # One message that is refused for its words must not keep back all others.
                refusals, in_a_row = [*refusals, refusal], in_a_row + 1
                if in_a_row == _MOST_REFUSALS:
                    break
        problem = ""
        if refusals:
            at = minute_text(now)
            problem = f"{undelivered} new awards not delivered at {at}, sent again at the next run: {refusals[-1]}"
            logger.warning("%s: %s", target.address.name, problem)
        if problem != target.problem:
            target.problem = problem
            self._save()
        return not refusals

    def _save(self) -> None:
        """Write the record of all targets.

        Targets that are no longer configured stay in it, so that one that comes back does not get everything again.
        """
        records = _read_records(self._path)
        for record in records.values():
            record.used = False
        for target in self._targets:
            records[target.address.key] = _Record(
                name=target.address.name,
                since=target.since,
                told=sorted(target.delivered),
                trouble=target.problem,
                used=True,
            )
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(self._path, _Records(targets=records).model_dump_json())


def undelivered(data_dir: Path) -> list[str]:
    """Return one line for each target in use that lacks awards, for ``tenders status``."""
    try:
        records = _read_records(_record_path(data_dir)).values()
    except ValueError as error:
        return [str(error)]
    return [f"{record.name}: {record.trouble}" for record in records if record.used and record.trouble]


def _feed_entry(award: Award) -> atom.Entry:
    return atom.Entry(award.award_key, award.title, award_text(award), award.first_seen_at, award.links)


def _message_batches(awards: Iterable[Award]) -> Iterator[list[Award]]:
    """Yield as many awards together as a chat robot takes in one message."""
    batch: list[Award] = []
    size = 0
    for award in awards:
        length = len(award_text(award).encode()) + 2
        if batch and size + length > MESSAGE_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(award)
        size += length
    if batch:
        yield batch


def _record_path(data_dir: Path) -> Path:
    return DataFolder(data_dir).private / "announced.json"


def _read_records(path: Path) -> dict[str, _Record]:
    """Return the record of each target by its key. Raises ValueError if the file is damaged."""
    try:
        return _Records.model_validate_json(path.read_bytes()).targets
    except FileNotFoundError:
        return {}
    except ValueError:
        raise ValueError(f"{path} is damaged: remove it; what is known by then counts as announced") from None
