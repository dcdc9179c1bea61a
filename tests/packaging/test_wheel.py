"""The wheel works where nothing but it and its libraries is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.paths import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
    # Built from the committed and new files, so that what an earlier build left in the working tree is not taken in.
    source = folder / "source"
    names = _run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).stdout.splitlines()
    for name in names:
        if name.startswith("tests/") or not (ROOT / name).exists():
            continue
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_symlink():
            target.symlink_to((ROOT / name).readlink())
        else:
            target.write_bytes((ROOT / name).read_bytes())
    _run(sys.executable, "-m", "pip", "wheel", *options, str(source), cwd=folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.heavy
def test_the_wheel_holds_every_data_file_of_the_packages(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    names = _run("git", "ls-files", "tenders", "pipelines", "analysis", cwd=ROOT).stdout.splitlines()
    missing = {name for name in names if (ROOT / name).is_file() and not name.endswith(".md")} - packed
    assert missing == set()


@pytest.mark.heavy
def test_the_demo_runs_from_the_wheel_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    _run(sys.executable, "-m", "venv", str(tmp_path / "env"), cwd=tmp_path)
    install = (
        str(tmp_path / "env/bin/python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-compile",
        "--disable-pip-version-check",
    )
    _run(*install, "--require-hashes", "--requirement", str(ROOT / "requirements.lock"), cwd=tmp_path)
    _run(*install, "--no-deps", str(wheel), cwd=tmp_path)
    command = str(tmp_path / "env/bin/tenders")
    assert _run(command, "--version", cwd=tmp_path).stdout.startswith("tenders ")
    shown = _run(command, "demo", cwd=tmp_path).stdout
    assert "2025-07" in shown
    months = _run(
        command, "--data", "data/demo", "query", "SELECT count(*) FROM monthly", "--format", "csv", cwd=tmp_path
    )
    assert int(months.stdout.split()[-1]) > 1


def _run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    result = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    return result
