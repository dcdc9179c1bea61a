"""Small JSON files in which the tool notes what it did, each read by its model: a damaged one is as none."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

State = TypeVar("State", bound=BaseModel)


def read_state(path: Path, model: type[State]) -> State | None:
    """Return the file as its model; None if it is missing, cannot be read, or holds anything else."""
    try:
        return model.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None
