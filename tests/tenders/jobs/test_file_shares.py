"""Files read in shares, as the machines of a cluster do, and taken into the data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.model import Page
from pipelines.storage.store import PageKeys
from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.data_folder import DataFolder
from tenders.jobs.file_shares import FileShare, Task, read_share, share_out, staging_folder, take_in
from tenders.jobs.ingest import ingest_files
from tenders.jobs.load import load_spool
from tenders.jobs.reading import ReadReport, Share
from tests.helpers.storing import award, capture, quarantine, rows

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("sizes", "processes", "shares"),
    [
        ([], 8, []),
        ([5 * MB], 2, [2]),
        ([5 * MB], 100, [8]),
        ([5 * MB, 5 * MB, 5 * MB], 4, [2, 2, 2]),
        ([5 * MB] * 9, 4, [1] * 9),
        ([1000], 8, [1]),
        ([0], 8, [1]),
    ],
)
def test_large_files_are_read_by_several_processes_if_there_are_few(
    sizes: list[int], processes: int, shares: list[int]
) -> None:
    parts = share_out([(f"{number}.jsonl", size) for number, size in enumerate(sizes)], processes)
    assert [part.number for part in parts] == list(range(sum(shares)))
    assert [[part.share.of for part in parts if part.source == f"{number}.jsonl"] for number in range(len(sizes))] == [
        [count] * count for count in shares
    ]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three batches, and a line that cannot be read."""
    return capture(tmp_path_factory.mktemp("source") / "pages.jsonl", [*map(award, range(66)), b"broken"])


def read_all(source: Path, data: Path, *, killed: bool = False) -> ReadReport:
    """Read a file in two shares. With ``killed`` the run ends before they are taken in, and a third is half done."""
    folder, report = DataFolder(data), ReadReport()

    def run() -> None:
        with staging_folder(folder.shares) as staging:
            task = Task(staging, None, PageKeys(), from_archive=False)
            for place in (1, 0):
                report.add_report(read_share(FileShare(place, str(source), Share(place, 2)), task))
            if killed:
                (staging / "000002.half").mkdir()
                raise KeyboardInterrupt
            take_in(staging, data, folder.spool)

    if killed:
        with pytest.raises(KeyboardInterrupt):
            run()
    else:
        run()
    return report


@pytest.mark.long
@pytest.mark.slow
def test_shares_give_what_one_reader_gives(source: Path, tmp_path: Path) -> None:
    report = read_all(source, tmp_path / "shares")
    load_spool(tmp_path / "shares")
    whole = ingest_files([source], tmp_path / "whole")
    assert (
        (report.pages, report.notices, report.problems) == (whole.pages, whole.notices, whole.problems) == (66, 66, 1)
    )
    assert report.first_problems == whole.first_problems
    assert rows(tmp_path / "shares" / "tenders.duckdb") == rows(tmp_path / "whole" / "tenders.duckdb")
    assert quarantine(tmp_path / "shares") == quarantine(tmp_path / "whole")
    archived = [page for path in archive_files(tmp_path / "shares") for page in read_pages(path)]
    assert len({page.url for page in archived if isinstance(page, Page)}) == len(archived) == 66


@pytest.mark.slow
def test_what_a_killed_run_has_read_counts_as_stored(source: Path, tmp_path: Path) -> None:
    read_all(source, tmp_path, killed=True)
    report = ingest_files([source], tmp_path)
    assert (report.pages, report.already_stored) == (0, 66)
    assert len(rows(tmp_path / "tenders.duckdb")["notices"]) == 66
    assert list(DataFolder(tmp_path).shares.iterdir()) == []


def test_a_machine_without_the_data_folder_says_so(source: Path, tmp_path: Path) -> None:
    task = Task(tmp_path / "missing", None, PageKeys(), from_archive=False)
    with pytest.raises(FileNotFoundError, match="must be shared by all"):
        read_share(FileShare(0, str(source), Share()), task)
