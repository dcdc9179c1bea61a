"""The configuration of the project: one file, ``tenders.toml``. Without a file the defaults apply.

The file is the one that the user names (``--config``, ``TENDERS_CONFIG``), else the one in the data folder, else the
one in the current folder. ``tenders.example.toml`` shows every key.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipelines.common.validation import InvalidDataError, nearest_key, read_toml, validate
from tenders import portals, settings
from tenders.config.default_times import default_cron_lines
from tenders.config.models import REMEDIES, AnnounceSection, ConfigFile, PortalPlan, PublishSection

logger = logging.getLogger(__name__)

FILE_NAME = "tenders.toml"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class ConfigError(ValueError):
    """The configuration cannot be used. The message names file, key and remedy."""


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration in force. ``path`` is None if there is no file.

    ``chosen``: the user named the file or put it into the data folder. A file that merely lies in the current folder
    gets no variable of the environment, because anybody may have put it there.

    ``portals`` has one plan for each portal that can be crawled. ``keep_lists_days`` 0 keeps pages of lists forever.
    """

    path: Path | None = None
    chosen: bool = True
    contact: str = ""
    portals: tuple[PortalPlan, ...] = ()
    keep_lists_days: int = 0
    announce: AnnounceSection = field(default_factory=AnnounceSection)
    publish: PublishSection = field(default_factory=PublishSection)

    def crawler_settings(self) -> dict[str, str]:
        """Return changes to ``tenders.settings``: the contact, unless the environment names one."""
        return {"USER_AGENT": settings.user_agent(self.contact)} if self.contact and not settings.CONTACT else {}

    def error(self, key: str, problem: str) -> ConfigError:
        """Return the error that says what is wrong with a key."""
        return ConfigError(f"{self.path or FILE_NAME}: {key}: {problem}")


def load(given: Path | None, data_dir: Path) -> Config:
    """Return the configuration in force. Raises ConfigError."""
    own, here = data_dir / FILE_NAME, Path(FILE_NAME)
    path = given or next((place for place in (own, here) if place.is_file()), None)
    if path is None:
        return from_data({})
    chosen = path is not here
    if not chosen:
        logger.warning("using %s of the current folder", here.absolute())
    try:
        data = read_toml(path)
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file (--config, TENDERS_CONFIG)") from None
    except InvalidDataError as error:
        raise ConfigError(str(error)) from None
    return replace(from_data(data, path), chosen=chosen)


def from_data(data: Mapping[str, Any], path: Path | None = None) -> Config:
    """Return the configuration that the content of a file describes. Raises ConfigError."""
    try:
        file = validate(ConfigFile, data, str(path or FILE_NAME), REMEDIES)
    except InvalidDataError as error:
        raise ConfigError(str(error)) from None
    _check_portals(file, Config(path))
    shared = file.schedule.model_dump(exclude_unset=True)
    crawled = [portal for portal in portals.all() if portal.crawl]
    default_lines = default_cron_lines(crawled)
    plans = []
    for portal in crawled:
        own = file.portals[portal.name].model_dump(exclude_unset=True) if portal.name in file.portals else {}
        plans.append(PortalPlan(name=portal.name, **({"cron": default_lines[portal.name]} | shared | own)))
    return Config(
        path,
        contact=file.contact or "",
        portals=tuple(plans),
        keep_lists_days=file.archive.keep_lists_days,
        announce=file.announce,
        publish=file.publish,
    )


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
