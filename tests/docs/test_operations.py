"""The commands of the page on operations run, and the list of licences is that of the lock files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.licences import locked
from tests.paths import ROOT

_PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
_BLOCKS = re.findall(r"```sh\n(.*?)```", _PAGE, re.DOTALL)


@pytest.mark.long
def test_the_commands_run_one_after_the_other(demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo / "data" / "demo", tmp_path / "data")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for line in "".join(_BLOCKS).splitlines():
        done = subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True
        )
        most = 1 if " status" in line else 0
        assert done.returncode <= most, f"{line}\n{done.stderr}"
        assert "Traceback" not in done.stderr
    restored = tmp_path / "restored" / "data"
    assert (restored / "tenders.duckdb").exists()
    assert not (restored / "private" / "listed" / "ccgp.lock").exists()


def test_the_list_of_licences_is_that_of_the_lock_files() -> None:
    page = (ROOT / "docs" / "reference" / "licences.md").read_text("utf-8")
    listed = {
        name: (version, use) for name, version, use in re.findall(r"^\| (\S+) \| (\d\S*) \| .*\| (.+?) \|$", page, re.M)
    }
    assert listed == locked(), "run make references"
