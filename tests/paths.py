"""Where things are on disk, for the tests."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Real pages, labels and cases lie beside the repository. A test that reads them skips, with a reason, if they are absent.
SHARED = ROOT.parent / "shared"
