"""Folders of bases: replaced as one, and settled after a process was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tenders.files.bases import draft_of, replaced, settle


def content(bases: Path) -> dict[str, str]:
    return {folder.name: (folder / "file").read_text("utf-8") for folder in bases.iterdir()}


def folder_of(path: Path, text: str) -> Path:
    path.mkdir(parents=True)
    (path / "file").write_text(text, "utf-8")
    return path


def test_a_base_is_replaced_or_removed_once_the_block_is_done(tmp_path: Path) -> None:
    target = folder_of(tmp_path / "base", "old")
    with replaced(target, folder_of(draft_of(target), "new")):
        assert (target / "file").read_text("utf-8") == "new"
    assert content(tmp_path) == {"base": "new"}
    with replaced(target, None):
        assert not target.exists()
    assert content(tmp_path) == {}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    target = folder_of(tmp_path / "base", "old")
    for draft in (folder_of(draft_of(target), "new"), None):
        with pytest.raises(error), replaced(target, draft):
            raise error
        assert content(tmp_path) == {"base": "old"}
    new = tmp_path / "other"
    with pytest.raises(error), replaced(new, folder_of(draft_of(new), "new")):
        raise error
    assert content(tmp_path) == {"base": "old"}


def test_what_a_killed_process_left_is_settled(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folder_of(tmp_path / ".removed.old", "was being removed")
    folder_of(tmp_path / "pulled", "new")
    folder_of(tmp_path / ".pulled.old", "old")
    folder_of(tmp_path / f".x.{ended.pid}.part", "of a killed process")
    folder_of(tmp_path / f".y.{os.getpid()}.part", "of a running one")
    folder_of(tmp_path / ".z.part", "of nobody")
    folder_of(tmp_path / ".hidden", "the user's")
    settle(tmp_path)
    settle(tmp_path / "nowhere")
    assert content(tmp_path) == {
        "removed": "was being removed",
        "pulled": "new",
        f".y.{os.getpid()}.part": "of a running one",
        ".hidden": "the user's",
    }
