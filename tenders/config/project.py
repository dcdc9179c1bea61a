"""The configuration of the project: one file, ``tenders.toml``. Without a file the defaults apply.

The file is the one that the user names (``--config``, ``TENDERS_CONFIG``), else the one in the data folder, else the
one in the current folder. ``tenders.example.toml`` shows every key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.common.validation import InvalidDataError, nearest_key, read_toml, validate
from tenders import portals, settings
from tenders.config.models import REMEDIES, AnnounceSection, ConfigFile, PortalPlan

FILE_NAME = "tenders.toml"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class ConfigError(ValueError):
    """The configuration cannot be used. The message names file, key and remedy."""


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration in force. ``path`` is None if there is no file.

    ``portals`` has one plan for each portal that can be crawled. ``keep_lists_days`` 0 keeps pages of lists forever.
    """

    path: Path | None = None
    contact: str = ""
    portals: tuple[PortalPlan, ...] = ()
    keep_lists_days: int = 0
    announce: AnnounceSection = field(default_factory=AnnounceSection)

    def crawler_settings(self) -> dict[str, str]:
        """Return changes to ``tenders.settings``: the contact, unless the environment names one."""
        return {"USER_AGENT": settings.user_agent(self.contact)} if self.contact and not settings.CONTACT else {}

    def error(self, key: str, problem: str) -> ConfigError:
        """Return the error that says what is wrong with a key."""
        return ConfigError(f"{self.path or FILE_NAME}: {key}: {problem}")


def load(given: Path | None, data_dir: Path) -> Config:
    """Return the configuration in force. Raises ConfigError."""
    path = given or next((p for p in (data_dir / FILE_NAME, Path(FILE_NAME)) if p.is_file()), None)
    if path is None:
        return from_data({})
    try:
        data = read_toml(path)
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file (--config, TENDERS_CONFIG)") from None
    except InvalidDataError as error:
        raise ConfigError(str(error)) from None
    return from_data(data, path)


def from_data(data: Mapping[str, Any], path: Path | None = None) -> Config:
    """Return the configuration that the content of a file describes. Raises ConfigError."""
    try:
        file = validate(ConfigFile, data, str(path or FILE_NAME), REMEDIES)
    except InvalidDataError as error:
        raise ConfigError(str(error)) from None
    _check_portals(file, Config(path))
    shared = file.schedule.model_dump(exclude_unset=True)
    plans = []
    for portal in portals.all():
        if portal.crawl:
            own = file.portals[portal.name].model_dump(exclude_unset=True) if portal.name in file.portals else {}
            plans.append(PortalPlan(name=portal.name, **(shared | own)))
    return Config(path, file.contact or "", tuple(plans), file.archive.keep_lists_days, file.announce)


def _check_portals(file: ConfigFile, config: Config) -> None:
    crawled = {portal.name: portal.crawl for portal in portals.all()}
    for name, section in file.portals.items():
        key = f"portals.{name}"
        if name not in crawled:
            near = nearest_key(name, list(crawled))
            advice = f"did you mean {near}?" if near else "'tenders portals' lists the names"
            raise config.error(key, f"unknown portal; {advice}")
        if not crawled[name] and section.enabled:
            raise config.error(key, "this portal is not crawled, only read from saved pages; remove the section")


def expand_variables(text: str, environment: Mapping[str, str]) -> str:
    """Replace each ``${NAME}`` by the variable of the environment. Raises ValueError naming one that is not set."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if not environment.get(name):
            raise ValueError(f"the environment variable {name} is not set")
        return environment[name]

    return _VARIABLE.sub(value, text)
