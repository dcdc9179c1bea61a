"""The reference page of descriptor keys, from the model. ``python -m tenders.portals.reference`` prints it."""

from __future__ import annotations

from pydantic import BaseModel

from pipelines.common.key_tables import key_table, summary
from pipelines.pages.notice_place import Attributes, Packages
from tenders.portals.descriptor import Answers, Portal, PortalNoticePlace, Proof
from tenders.portals.options import FAMILIES, EpointNames, GgzyStage, JsonRequest, JsonRowKeys

_INTRODUCTION = """# Keys of a portal descriptor

Generated from the model by `python -m tenders.portals.reference`. Do not edit.

A portal is one file `tenders/portals/NAME.toml`. A portal on a known family needs no code. A wrong key, type or value
is answered with one line that names the file, the key and what to write.
"""

_TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[answers]", Answers),
    ("[answers.NAME]", Proof),
    ("[notice]", PortalNoticePlace),
    ("[notice.packages]", Packages),
    ("[notice.attributes]", Attributes),
)
_OPTION_TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[options.names]` of `epoint", EpointNames),
    ("[options.stages.CHANNEL]` of `ggzy", GgzyStage),
    ("[options.list]`, `[options.detail]` and `[options.file]` of `json_list", JsonRequest),
    ("[options.keys]` of `json_list", JsonRowKeys),
)


def markdown() -> str:
    """Return the page."""
    parts = [_INTRODUCTION, f"## The file\n\n{key_table(Portal)}"]
    for name, model in _TABLES:
        parts.append(f"## `{name}`\n\n{summary(model)}\n\n{key_table(model)}")
    parts.append("## `[options]`\n\nEach family has its own options.\n")
    for family, options in sorted(FAMILIES.items()):
        parts.append(f"### Family `{family}`\n\n{summary(options)}\n\n{key_table(options)}")
    for name, model in _OPTION_TABLES:
        parts.append(f"### `{name}`\n\n{summary(model)}\n\n{key_table(model)}")
    return "\n".join(parts)


if __name__ == "__main__":
    print(markdown(), end="")
