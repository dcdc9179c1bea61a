"""The reference page of ``tenders.toml``: ``python -m tenders.config.reference > docs/reference/settings.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from tenders.config.models import AnnounceSection, ArchiveSection, ConfigFile, PortalSection, ScheduleSection

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
)
_VALUES = {
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "array": "list of texts",
}


def settings_page() -> str:
    """Return the reference page as Markdown."""
    parts = [_HEAD, "## Outside of sections", "", *_key_table(ConfigFile, {"contact"}), ""]
    for heading, model in _SECTIONS:
        inherited = {name for base in model.__mro__[1:] for name in getattr(base, "model_fields", {})}
        keys = set(model.model_fields) - inherited
        parts += [f"## `{heading}`", "", str(model.__doc__), "", *_key_table(model, keys), ""]
    return "\n".join(parts)


def _key_table(model: type[BaseModel], keys: set[str]) -> Iterator[str]:
    yield "| key | value | default | meaning |"
    yield "|---|---|---|---|"
    for name, schema in model.model_json_schema()["properties"].items():
        if name in keys:
            default = _toml(model.model_fields[name].default)
            yield f"| `{name}` | {_value(schema)} | {default} | {schema['description']} |"


def _value(schema: dict[str, Any]) -> str:
    """Return in words what may be written: ``whole number, 1 to 3660``."""
    # The type of a key without a default is "text or nothing".
    [kind] = [one for one in schema.get("anyOf", [schema]) if one["type"] != "null"]
    limits = f", {kind['minimum']} to {kind['maximum']}" if "maximum" in kind else ""
    return _VALUES[kind["type"]] + limits


def _toml(default: object) -> str:
    """Return a default as it is written in TOML; nothing if the key has no default."""
    if default is None:
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if default == ():
        return "`[]`"
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
