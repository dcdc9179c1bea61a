"""A small data folder and what it published, for the tests of publishing, verifying and pulling."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.storing import award, capture, tenders

PHONE = "13812345678"


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with eight awards of July 2026 and one of June; one page has a phone number."""
    folder = tmp_path_factory.mktemp("data")
    records = [award(number) for number in range(8)]
    records[3]["body"] = records[3]["body"].replace("</div></body>", f"<p>联系电话：{PHONE}</p></div></body>")
    records.append(award(30, published_on="2026-06-03", fetched_at="2026-06-03T12:00:00+08:00"))
    result = tenders("--data", folder, "ingest", capture(folder / "pages.jsonl", records))
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope="session")
def site(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public") / "site"
    result = tenders("--data", data, "publish", "-o", folder, "--with-pages")
    assert result.returncode == 0, result.stderr
    return folder
