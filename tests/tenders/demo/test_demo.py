"""The demo is the first thing a newcomer sees: it must run anywhere, quickly, and send nothing."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tenders.demo import demo

pytestmark = pytest.mark.slow


@pytest.mark.long
def test_the_demo_shows_growth_types_and_sectors_and_writes_the_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = socket.socket.connect

    def refuse(own: socket.socket, address: str) -> None:
        assert own.family == socket.AF_UNIX, "the demo opened a connection"
        connect(own, address)  # to the server of the worker processes

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert demo.run_demo(tmp_path / "demo")
    told = capsys.readouterr().out
    for words in ("made up", "2024-07", "2025-07", "%", "Project types", "Sectors", "Try next:"):
        assert words in told
    months = [line for line in told.splitlines() if line.startswith("2025-07-01")]
    assert len(months) == 1
    assert "250.0" in months[0]  # seven awards after two
    written = (tmp_path / "demo" / "summary-2025-07.md").read_text("utf-8")
    assert "made up" in written
    assert "虚构" in written
    assert "| " in written
    assert demo.largest_award(tmp_path / "demo") in told


@pytest.mark.long
def test_the_demo_can_be_run_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.run_demo(tmp_path / "demo")
    first = capsys.readouterr().out
    assert demo.run_demo(tmp_path / "demo")
    assert capsys.readouterr().out == first
