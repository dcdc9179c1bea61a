"""Whether a file is free, so that it can be changed in place."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def is_open_or_linked(path: Path) -> bool:
    """Return whether a program, also this one, has the file open, or the file has a second name.

    A lease for writing says so: Linux grants one only on a file that is not open anywhere else. Where the system
    cannot tell (other systems, some network drives, a file of another user), the answer is yes.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_nlink != 1:
            return True
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except (OSError, AttributeError):
            return True
    return False
