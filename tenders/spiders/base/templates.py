"""Requests that a descriptor writes as templates: ``{number}`` in a text is replaced by the value of that name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")  # {number}, {ggGuid}
_KEPT_IN_ADDRESSES = "/:?&=#%@,;"  # characters with a meaning there


def fill(template: Any, values: Mapping[str, Any]) -> Any:
    """Return a template with its placeholders replaced, in tables and lists too.

    A text that is one placeholder and nothing else becomes the value itself, so a number stays a number. A name
    without a value is replaced by nothing.
    """
    if isinstance(template, str):
        alone = _PLACEHOLDER.fullmatch(template)
        if alone:
            return values.get(alone[1], "")
        return _PLACEHOLDER.sub(lambda match: str(values.get(match[1], "")), template)
    if isinstance(template, Mapping):
        return {name: fill(part, values) for name, part in template.items()}
    if isinstance(template, (list, tuple)):
        return [fill(part, values) for part in template]
    return template


def fill_address(template: str, values: Mapping[str, Any]) -> str:
    """Return an address with its placeholders replaced and escaped where an address needs it."""
    return _PLACEHOLDER.sub(lambda match: quote(str(values.get(match[1], "")), safe=_KEPT_IN_ADDRESSES), template)
