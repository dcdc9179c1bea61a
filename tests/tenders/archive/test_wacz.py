"""Archives in other containers: WACZ and WARC in zstd, whole, damaged and empty."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from pipelines.model import Page, Rejected
from tenders.archive.compression import zstd
from tenders.archive.reader import read_pages
from tenders.archive.records import page_record
from tenders.files.captures import read_line
from tests.helpers.storing import award, rows, tenders


def record(number: int) -> bytes:
    """An uncompressed record of a made-up award notice."""
    page = read_line("x", 1, orjson.dumps(award(number)))
    assert isinstance(page, Page)
    return gzip.decompress(page_record(page))


def write_wacz(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def urls(path: Path) -> list[str]:
    return [item.url for item in read_pages(path) if isinstance(item, Page)]


def test_every_warc_in_a_wacz_is_read(tmp_path: Path) -> None:
    files = {
        "datapackage.json": b"{}",
        "archive/a.warc.gz": gzip.compress(record(1)),
        "archive/b.warc.zst": zstd.compress(record(2)),
    }
    path = write_wacz(tmp_path / "saved.wacz", files)
    assert urls(path) == [award(1)["url"], award(2)["url"]]


def test_a_wacz_in_a_folder_is_ingested(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_wacz(tmp_path / "in" / "saved.wacz", {"archive/a.warc.gz": gzip.compress(record(1))})
    assert tenders("ingest", tmp_path / "in", "--data", tmp_path / "data").returncode == 0
    assert len(rows(tmp_path / "data" / "tenders.duckdb")["notices"]) == 1


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (lambda path: write_wacz(path, {"report.docx": b"x"}), "without WARC"),
        (lambda path: path.write_bytes(write_wacz(path, {"archive/a.warc": b"x" * 999}).read_bytes()[:60]), "damaged"),
    ],
    ids=["no WARC in it", "cut short"],
)
def test_a_zip_file_that_cannot_be_read_ends_with_2_and_one_line(
    tmp_path: Path, write: Callable[[Path], object], reason: str
) -> None:
    write(tmp_path / "saved.wacz")
    done = tenders("ingest", tmp_path / "saved.wacz", "--data", tmp_path / "data")
    assert done.returncode == 2
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_frames_of_zstd_are_read_with_their_dictionary(tmp_path: Path) -> None:
    samples = [b"WARC/1.0\r\nWARC-Type: response\r\nnumber %d\r\n" % number * 20 for number in range(300)]
    dictionary = zstd.train_dict(samples, 2000)
    for name, content in (("plain", dictionary.dict_content), ("packed", zstd.compress(dictionary.dict_content))):
        head = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
        frames = [zstd.compress(record(number), zstd_dict=dictionary) for number in (1, 2)]
        path = tmp_path / f"{name}.warc.zst"
        path.write_bytes(head + b"".join(frames))
        assert urls(path) == [award(1)["url"], award(2)["url"]]


def test_a_zstd_file_that_is_cut_short_gives_its_complete_records(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.zst"
    path.write_bytes(zstd.compress(record(1)) + zstd.compress(record(2))[:-9])
    first, last = read_pages(path)
    assert isinstance(first, Page)
    assert isinstance(last, Rejected)
    assert last.reason == "the zstd data is cut short"
