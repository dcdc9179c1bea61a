"""Which of the two label files a notice belongs to, by its title alone: tests/labels/README.md."""

from __future__ import annotations

import hashlib
import re
from typing import Literal

_NOT_THE_PROJECT = re.compile(r"[\W_\d]+|公告|公示|公开招标|中标|成交|结果|采购|招标|候选人|二次|三次|更正")


def project_of(title: str) -> str:
    """What of a title names the project, so that its tender, its result and its correction fall on one side."""
    return _NOT_THE_PROJECT.sub("", title)


def part_of(title: str) -> Literal["fit", "held"]:
    """``fit`` may be looked at while rules are written, ``held`` only counted."""
    digest = hashlib.sha256(project_of(title).encode()).hexdigest()
    return "held" if int(digest[:8], 16) % 2 else "fit"
