"""The reference page of ``tenders.toml``: ``python -m tenders.config.reference > docs/reference/settings.md``."""

from __future__ import annotations

import sys

from pydantic import BaseModel

from pipelines.common.key_tables import key_table, summary
from tenders.config.models import (
    AnnounceSection,
    ArchiveSection,
    ConfigFile,
    PortalSection,
    PublishSection,
    ScheduleSection,
)

_HEAD = """# Settings

Generated from the models in `tenders/config/models.py` by `python -m tenders.config.reference`. Do not edit.

The settings are one TOML file, `tenders.toml`: the file that `--config` or `TENDERS_CONFIG` names, else the one in
the data folder, else the one in the current folder. Without a file the defaults apply. A wrong key, type or value ends
the command with exit code 2 and one line that names the file, the key and the remedy.
[`schedule.md`](../schedule.md) explains how they are used.
"""
_SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[schedule]", ScheduleSection),
    ("[portals.NAME]", PortalSection),
    ("[archive]", ArchiveSection),
    ("[announce]", AnnounceSection),
    ("[publish]", PublishSection),
)


def settings_page() -> str:
    """Return the reference page as Markdown."""
    parts = [_HEAD, "## Outside of sections", "", key_table(ConfigFile, {"contact"})]
    for heading, model in _SECTIONS:
        inherited = {name for base in model.__mro__[1:] for name in getattr(base, "model_fields", {})}
        keys = set(model.model_fields) - inherited
        parts += [f"## `{heading}`", "", summary(model), "", key_table(model, keys)]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(settings_page())
