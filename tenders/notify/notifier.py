"""New awards told to people: through Apprise to whatever they use, and as an Atom feed.

An award is told to each target once. What was told is kept in the data folder, noted only when the target has taken it, so what
could not be delivered is told at the next run; ``troubles`` says what waits. A target begins with the day on which it was first
configured: what was known or awarded before is not told.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines.common.atomic_files import sync_path
from pipelines.common.clock import SHANGHAI
from tenders.config.project import Config, expanded
from tenders.data_folder import DataFolder
from tenders.notify import atom
from tenders.notify.messages import Award, awards, text

logger = logging.getLogger(__name__)

_FEED_ENTRIES = 50
_PATIENCE = 2  # messages refused one after the other, then the target is down
_MESSAGE_BYTES = 1_800  # chat robots refuse longer ones: WeCom's takes 2,048


@dataclass(slots=True)
class Target:
    """One configured address. ``key`` is made of it as written, so a new secret in the environment does not make it a new target.
    ``told`` holds the keys of awards that it has, ``trouble`` why it lacks some."""

    key: str
    name: str
    url: str
    since: date | None = None
    told: set[str] = field(default_factory=set)
    trouble: str = ""


class Announcer:
    """Tells the targets of one configuration what is new in one data folder.

    Raises ConfigError where an address cannot be used.
    """

    def __init__(self, config: Config, data_dir: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._plan = config.announce
        self._data_dir = data_dir
        self._path = _state_path(data_dir)
        self._targets = list(_targets(config, environment))
        for target in self._targets:
            if _service(target.url) is None:
                raise config.error(target.name, "is not an address that Apprise knows")

    def begin(self, today: date) -> None:
        """Called before the first crawl: what is known by now is no news to a new target."""
        kept = _read_state(self._path)
        known = awards(self._data_dir, self._plan)
        for target in self._targets:
            entry = kept.get(target.key)
            if entry is None:
                target.since, target.told = today, {key for award in known for key in award.keys}
            else:
                target.since, target.told = date.fromisoformat(entry["since"]), set(entry["told"])
                target.trouble = entry["trouble"]
        self._save()

    def tell(self, now: datetime) -> bool:
        """Tells each target what it has not been told, and writes the feed. Returns whether all of it was delivered."""
        known = awards(self._data_dir, self._plan)
        delivered = [self._tell(target, known, now) for target in self._targets]
        if self._plan.atom:
            atom.write(self._data_dir / self._plan.atom, [_entry(award) for award in reversed(known[-_FEED_ENTRIES:])])
        return all(delivered)

    def _tell(self, target: Target, known: Iterable[Award], now: datetime) -> bool:
        news = [a for a in known if target.since and a.awarded_on >= target.since and not a.keys & target.told]
        refusals: list[str] = []
        waiting, in_a_row = len(news), 0
        for message in _messages(news):
            title = f"大模型项目中标（成交）：新增 {len(message)} 项"
            refusal = _deliver(target, title, "\n\n".join(map(text, message)))
            if refusal is None:
                target.told |= {key for award in message for key in award.keys}
                waiting, in_a_row = waiting - len(message), 0
                self._save()
            else:
                # One message that is refused for its words must not keep back all others.
                refusals, in_a_row = [*refusals, refusal], in_a_row + 1
                if in_a_row == _PATIENCE:
                    break
        trouble = ""
        if refusals:
            at = now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            trouble = f"{waiting} new awards not delivered at {at}, told again at the next run: {refusals[-1]}"
            logger.warning("%s: %s", target.name, trouble)
        if trouble != target.trouble:
            target.trouble = trouble
            self._save()
        return not refusals

    def _save(self) -> None:
        """Targets that are configured no longer stay known, so that they can come back without telling everything again."""
        entries = _read_state(self._path)
        for target in self._targets:
            since = target.since.isoformat() if target.since else None
            about = {
                "name": target.name,
                "since": since,
                "told": sorted(target.told),
                "trouble": target.trouble,
                "used": True,
            }
            entries[target.key] = about
        for key in entries.keys() - {target.key for target in self._targets}:
            entries[key]["used"] = False
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps({"targets": entries}, ensure_ascii=False), "utf-8")
        sync_path(draft)
        os.replace(draft, self._path)


def troubles(data_dir: Path) -> list[str]:
    """What could not be delivered, a line for each target in use; for ``tenders status``."""
    try:
        entries = _read_state(_state_path(data_dir)).values()
    except ValueError as error:
        return [str(error)]
    return [f"{entry['name']}: {entry['trouble']}" for entry in entries if entry["used"] and entry["trouble"]]


def _entry(award: Award) -> atom.Entry:
    return atom.Entry(award.award_key, award.title, text(award), award.first_seen_at, award.links)


def _messages(news: Iterable[Award]) -> Iterator[list[Award]]:
    """As many awards together as a chat robot takes at once."""
    message: list[Award] = []
    size = 0
    for award in news:
        length = len(text(award).encode()) + 2
        if message and size + length > _MESSAGE_BYTES:
            yield message
            message, size = [], 0
        message.append(award)
        size += length
    if message:
        yield message


def _targets(config: Config, environment: Mapping[str, str]) -> Iterator[Target]:
    for number, written in enumerate(config.announce.urls, 1):
        name = f"announce.urls[{number}]"
        try:
            url = expanded(written, environment)
        except ValueError as error:
            raise config.error(name, str(error)) from None
        yield Target(hashlib.blake2b(written.encode(), digest_size=8).hexdigest(), name, url)


def _service(url: str) -> Any:
    """One Apprise service (never several, of which some might take a message and others not), or None for no known address."""
    import apprise  # slow

    # It logs addresses with their secrets; what matters is told by us.
    logging.getLogger("apprise").propagate = False
    return apprise.Apprise.instantiate(url, asset=apprise.AppriseAsset(app_id="tenders", app_desc="tenders"))


def _deliver(target: Target, title: str, body: str) -> str | None:
    """Hands one message over. Returns None where the target has taken it, else why not."""
    import apprise

    try:
        with apprise.Apprise(_service(target.url)).notify(title=title, body=body, body_format="text") as result:
            if result:
                return None
            words = "; ".join(entry.message for entry in result.logs()) or "refused"
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything; the crawl's work is done, the other targets are told
        words = f"{type(error).__name__}: {error}"
    # Parts of the address may be secrets.
    return re.sub(
        "|".join(map(re.escape, re.findall(r"[\w-]{8,}", target.url))) or "(?!)", "…", " ".join(words.split())
    )[:300]


def _state_path(data_dir: Path) -> Path:
    return DataFolder(data_dir).private / "announced.json"


def _read_state(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))["targets"]
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{path} is damaged: remove it, and what is known by then counts as told") from None
    return found
