"""The configuration of the project: one TOML file, ``tenders.toml``; without one the defaults below hold.

It is looked for where the user says (``--config``, ``TENDERS_CONFIG``), else in the data folder, else in the current one.
``tenders.example.toml`` shows every key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from tenders import portals, settings
from tenders.config.cron import trigger
from tenders.config.origin import parse_origin

FILE_NAME = "tenders.toml"
_DEFAULT_CRON = "15 */4 * * *"
_MOST_DAYS = 3660
_VARIABLE = re.compile(r"\$\{(\w+)\}")

Check = Callable[[Any], Any]
Say = Callable[[str, str], "ConfigError"]  # key, what is wrong with it


class ConfigError(ValueError):
    """The configuration cannot be used; the message names file and key."""


@dataclass(frozen=True, slots=True)
class PortalPlan:
    """When a portal is crawled and how far back. ``window_days``: days that are missing are asked for again so long;
    ``overlap_days``: the days before today that are always looked at again, for notices that are listed late."""

    name: str
    enabled: bool = True
    cron: str = _DEFAULT_CRON
    window_days: int = 14
    overlap_days: int = 3
    keywords: tuple[str, ...] = ()
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class AnnouncePlan:
    """Who is told of new awards. ``urls`` are Apprise addresses as written, ``atom`` the feed's file. Left out are awards below
    ``min_amount`` yuan, and with ``undisclosed`` false those without a published price."""

    urls: tuple[str, ...] = ()
    atom: str | None = None
    min_amount: Decimal = Decimal(0)
    undisclosed: bool = True


@dataclass(frozen=True, slots=True)
class Config:
    """``path`` is None where no file was found. ``keep_lists_days`` 0 keeps the answers of lists for good."""

    path: Path | None = None
    contact: str = ""
    portals: tuple[PortalPlan, ...] = ()
    keep_lists_days: int = 0
    announce: AnnouncePlan = field(default_factory=AnnouncePlan)

    def crawler_settings(self) -> dict[str, str]:
        """Changes to ``tenders.settings``: the contact, unless the environment names one."""
        return {"USER_AGENT": settings.user_agent(self.contact)} if self.contact and not settings.CONTACT else {}

    def error(self, key: str, trouble: str) -> ConfigError:
        """What is wrong with a key, for a person."""
        return ConfigError(f"{self.path or FILE_NAME}: {key} {trouble}")


def load(given: Path | None, data_dir: Path) -> Config:
    """The configuration in force. Raises ConfigError."""
    path = given or next((p for p in (data_dir / FILE_NAME, Path(FILE_NAME)) if p.is_file()), None)
    if path is None:
        return _config(None, {})
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file (--config, TENDERS_CONFIG)") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8") from None
    try:
        return _config(path, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from None


def expanded(text: str, environment: Mapping[str, str]) -> str:
    """``${NAME}`` replaced by variables of the environment. Raises ValueError naming one that is not set."""

    def value(found: re.Match[str]) -> str:
        if not environment.get(found.group(1)):
            raise ValueError(f"needs the environment variable {found.group(1)}, which is not set")
        return environment[found.group(1)]

    return _VARIABLE.sub(value, text)


def _config(path: Path | None, data: dict[str, Any]) -> Config:
    say = Config(path).error
    tables: dict[str, Check] = dict.fromkeys(("schedule", "portals", "archive", "announce"), _table)
    top = _read(data, {"contact": _contact, **tables}, "", say)
    shared = _read(
        top.get("schedule", {}), {name: check for name, check in _PLAN.items() if name != "origin"}, "schedule", say
    )
    written: dict[str, dict[str, Any]] = {}
    for name, table in top.get("portals", {}).items():
        if name not in {portal.name for portal in portals.all()}:
            raise say(f"portals.{name}", "is not a portal that 'tenders portals' lists")
        if not isinstance(table, dict):
            raise say(f"portals.{name}", "must be a table")
        written[name] = _read(table, _PLAN, f"portals.{name}", say)
        if not portals.load(name).crawl and written[name].get("enabled", True):
            raise say(f"portals.{name}", "is not crawled, only read from saved pages: take it out")
    plans = tuple(PortalPlan(p.name, **{**shared, **written.get(p.name, {})}) for p in portals.all() if p.crawl)
    archive = _read(top.get("archive", {}), {"keep_lists_days": partial(_days, 0)}, "archive", say)
    announce = AnnouncePlan(**_read(top.get("announce", {}), _ANNOUNCE, "announce", say))
    return Config(path, top.get("contact", ""), plans, archive.get("keep_lists_days", 0), announce)


def _read(table: Mapping[str, Any], checks: Mapping[str, Check], place: str, say: Say) -> dict[str, Any]:
    """The values of a table as what they mean; every key must be known and of its type."""
    found = {}
    for key, value in table.items():
        name = f"{place}.{key}" if place else key
        check = checks.get(key)
        if check is None:
            raise say(name, f"is not a key here; known: {', '.join(checks)}")
        try:
            found[key] = check(value)
        except (ValueError, TypeError) as error:
            raise say(name, str(error)) from None
    return found


def _table(value: Any) -> dict[str, Any]:
    return dict(_typed(value, dict, "must be a table"))


def _yes_or_no(value: Any) -> bool:
    return bool(_typed(value, bool, "must be true or false"))


def _days(least: int, value: Any) -> int:
    words = f"must be a whole number of days from {least} to {_MOST_DAYS}"
    if isinstance(value, bool) or not least <= _typed(value, int, words) <= _MOST_DAYS:
        raise ValueError(words)
    return int(value)


def _text(value: Any) -> str:
    words = "must be a text that is not empty"
    if not _typed(value, str, words).strip():
        raise ValueError(words)
    return str(value).strip()


def _texts(value: Any) -> tuple[str, ...]:
    words = "must be a list of texts"
    return tuple(_text(_typed(item, str, words)) for item in _typed(value, list, words))


def _cron(value: Any) -> str:
    line = _text(value)
    try:
        trigger(line)
    except ValueError as error:
        raise ValueError(f"is not a time to crawl: {error}") from None
    return line


def _origin(value: Any) -> str:
    parse_origin(_text(value))
    return _text(value)


def _contact(value: Any) -> str:
    """It goes into a header of every request."""
    text = _text(value)
    if not re.fullmatch(r"[!-'*-~]+", text):
        raise ValueError("must be an address or URL of plain ASCII, without spaces and brackets")
    return text


def _yuan(value: Any) -> Decimal:
    words = "must be an amount in yuan, such as 1_000_000"
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**16:
        raise ValueError(words)
    return Decimal(str(value))


def _typed(value: Any, kind: type, words: str) -> Any:
    if not isinstance(value, kind):
        raise TypeError(words)
    return value


_PLAN: dict[str, Check] = {
    "enabled": _yes_or_no,
    "cron": _cron,
    "window_days": partial(_days, 1),
    "overlap_days": partial(_days, 0),
    "keywords": _texts,
    "origin": _origin,
}
_ANNOUNCE: dict[str, Check] = {"urls": _texts, "atom": _text, "min_amount": _yuan, "undisclosed": _yes_or_no}
