"""One message with all that needs a person, for whoever runs the tool unattended.

An address gets it when something needs a person, again only when that changes, and when all is well again; at most
once a day. What was not delivered is sent at the next call.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, RootModel

from pipelines.common.atomic_files import replace_text
from pipelines.common.safe_text import printable, without_mentions
from pipelines.common.state_files import read_state
from tenders.config.project import Config
from tenders.data_folder import DataFolder
from tenders.notify.delivery import MESSAGE_BYTES, addresses, deliver

logger = logging.getLogger(__name__)

_PAUSE = timedelta(days=1)
_ALL_WELL = "一切正常"
_LONGEST_LINE = 300


class _Warning(BaseModel):
    troubles: list[str]
    at: AwareDatetime


class _Warned(RootModel[dict[str, _Warning]]):
    pass


class Warner:
    """Sends the addresses of one configuration what needs a person. Raises ConfigError if an address cannot be used."""

    def __init__(self, config: Config, data_dir: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._addresses = list(addresses(config, "announce.warn_urls", config.announce.warn_urls, environment))
        self._path = DataFolder(data_dir).private / "warned.json"

    @property
    def has_addresses(self) -> bool:
        """Whether anybody is to be warned."""
        return bool(self._addresses)

    def warn(self, troubles: Iterable[str], lines: Sequence[str], now: datetime) -> bool:
        """Send the ``lines`` to each address that was warned of other ``troubles``. Returns whether all took them.

        ``troubles`` identify what needs a person, without figures that change from day to day.
        """
        current = sorted(set(troubles))
        records = self._read()
        delivered = True
        for address in self._addresses:
            known, at = records.get(address.key, ([], None))
            if current == known or (at and timedelta(0) <= now - at < _PAUSE):
                continue
            title = f"tenders：需要人工处理 {len(lines)} 项" if current else f"tenders：{_ALL_WELL}"
            refusal = deliver(address, title, message_body(lines))
            if refusal is None:
                records[address.key] = (current, now)
                self._write(records)
            else:
                logger.warning("%s: the warning was not delivered, it is sent again later: %s", address.name, refusal)
                delivered = False
        return delivered

    def _read(self) -> dict[str, tuple[list[str], datetime | None]]:
        """Return what each address was warned of, and when. A damaged file is as none: it costs one message."""
        warned = read_state(self._path, _Warned)
        return {key: (one.troubles, one.at) for key, one in warned.root.items()} if warned else {}

    def _write(self, records: Mapping[str, tuple[list[str], datetime | None]]) -> None:
        content = {
            address.key: {"troubles": records[address.key][0], "at": at.isoformat()}
            for address in self._addresses
            if address.key in records and (at := records[address.key][1])
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(self._path, json.dumps(content, ensure_ascii=False))


def message_body(lines: Sequence[str]) -> str:
    """Return the lines as one message that a chat robot takes and that calls nobody; the number of what has no room."""
    shown: list[str] = []
    size = 0
    for line in lines:
        text = without_mentions(" ".join(printable(line).split()))[:_LONGEST_LINE]
        size += len(text.encode()) + 1
        if size > MESSAGE_BYTES - 60:
            break
        shown.append(text)
    if rest := len(lines) - len(shown):
        shown.append(f"另有 {rest} 项，用 tenders status 查看")
    return "\n".join(shown) or _ALL_WELL
