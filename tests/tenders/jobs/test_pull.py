"""A data set that somebody published, taken as a base: beside the folder's own awards, and away again."""

from __future__ import annotations

import shutil
import socket
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import URLError

import duckdb
import orjson
import pytest

from tenders.data_folder import DataFolder
from tenders.files import checksums, published_set
from tenders.files.bases import key_of, origin_of
from tests.helpers.storing import award, capture, rows, tenders

pytestmark = pytest.mark.slow

_OWN_PAGES = [award(0), award(1, body=award(1)["body"].replace("11.5000000", "91.5000000")), award(40)]
# The fifth award of the base as another portal published it.
_OTHER_PORTAL = award(
    5, portal="other-portal", url="https://other.example/5.html", fetched_at="2026-07-09T12:00:00+08:00"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with four awards of its own: two are in the base too, one is there from another portal."""
    source = capture(tmp_path / "own.jsonl", [*_OWN_PAGES, _OTHER_PORTAL])
    assert tenders("--data", tmp_path / "own", "ingest", source).returncode == 0
    return tmp_path / "own"


def asked(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(folder / "tenders.duckdb"), read_only=True)) as con:
        return con.execute(sql).fetchall()


@pytest.mark.long
def test_a_base_gives_way_to_own_awards_and_leaves_no_trace_when_it_is_removed(
    folder: Path, site: Path, tmp_path: Path
) -> None:
    before = rows(folder / "tenders.duckdb")
    result = tenders("pull", site, "--data", folder)
    assert (result.returncode, result.stdout) == (0, ""), result.stderr
    assert "pulled 9 awards of tenders" in result.stderr
    numbers = dict(asked(folder, "SELECT project_number, origin FROM awards ORDER BY project_number"))
    assert numbers == {
        **dict.fromkeys(("MS-2026-0000", "MS-2026-0001", "MS-2026-0005", "MS-2026-0040"), None),
        **dict.fromkeys([f"MS-2026-{number:04}" for number in (2, 3, 4, 6, 7, 30)], "tenders"),
    }
    assert asked(folder, "SELECT count(*) FROM awards") == [(10,)]
    assert asked(folder, "SELECT amount_yuan FROM awards WHERE project_number = 'MS-2026-0001'") == [(915000,)]
    # Crawls and monitoring read what the folder knows by itself.
    assert rows(DataFolder(folder).own) == before
    assert asked(folder, "SELECT count(*) FROM notices WHERE notice_key LIKE '%/2.html' AND origin = 'tenders'") == [
        (1,)
    ]

    text = tenders("summary", "--month", "2026-07", "--format", "text", "--data", folder).stdout
    assert "共 9 个" in text
    assert "部分依据他人发布的数据：tenders（5 个项目）" in text
    status = orjson.loads(tenders("status", "--format", "json", "--data", folder).stdout)
    assert [base["source"] for base in status["bases"]] == [str(site.resolve())]
    assert "figures also rest on what tenders published" in tenders("portals", "--data", folder).stdout

    explained = tenders("explain", found_key(folder, "MS-2026-0006"), "--data", folder).stdout
    assert "from what tenders published (tenders pull)" in explained

    merged = rows(folder / "tenders.duckdb")
    assert tenders("rebuild", "--data", folder).returncode == 0
    assert rows(folder / "tenders.duckdb") == merged
    later = capture(tmp_path / "later.jsonl", [award(2, body=award(2)["body"].replace("12.5000000", "82.5000000"))])
    assert tenders("ingest", later, "--data", folder).returncode == 0
    found = asked(folder, "SELECT origin, amount_yuan FROM awards WHERE project_number = 'MS-2026-0002'")
    assert found == [(None, 825000)]

    assert tenders("pull", f"{site}/../{site.name}", "--remove", "--data", folder).returncode == 0
    assert not (folder / "bases").exists()
    assert tenders("pull", site, "--remove", "--data", folder).returncode == 2
    after = rows(folder / "tenders.duckdb")
    assert [row[:1] for row in after["awards"] if row not in before["awards"]] == [(found_key(folder, "MS-2026-0002"),)]
    assert rows(DataFolder(folder).own) == after
    # A removal that is killed before its end leaves the database with the base, which everybody would read.
    shutil.copyfile(DataFolder(folder).own, DataFolder(folder).merged)
    assert tenders("ingest", later, "--data", folder).returncode == 0
    assert not DataFolder(folder).merged.exists()


def found_key(folder: Path, number: str) -> str:
    return str(asked(folder, f"SELECT award_key FROM awards WHERE project_number = '{number}'")[0][0])


@pytest.mark.long
def test_an_empty_folder_has_the_publishers_figures_and_is_empty_again_afterwards(demo: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert tenders("publish", "-o", site, "--data", demo / "data" / "demo").returncode == 0
    archive = shutil.make_archive(str(tmp_path / "set"), "zip", site.parent, "site")
    assert tenders("pull", archive, "--data", tmp_path / "data").returncode == 0
    with closing(duckdb.connect(str(site / "tenders.duckdb"), read_only=True)) as con:
        published = con.execute("FROM monthly").fetchall()
    assert published[-1][6:10] == (250.0, 160.4, 133.3, 245.1)
    assert asked(tmp_path / "data", "FROM monthly") == published
    summaries = [
        orjson.loads(tenders("summary", "--month", "2025-07", "--format", "json", "--data", folder).stdout)
        for folder in (demo / "data" / "demo", tmp_path / "data")
    ]
    states = [summary.pop("coverage")["state"] for summary in summaries]
    assert states == ["complete", "complete"]
    assert summaries[0] == summaries[1]
    assert tenders("pull", archive, "--data", tmp_path / "data").returncode == 0  # again: nothing twice
    assert asked(tmp_path / "data", "FROM monthly") == published
    assert tenders("pull", archive, "--remove", "--data", tmp_path / "data").returncode == 0
    left = [path.name for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert left == ["load.lock"]


def _damaged(site: Path) -> None:
    path = next((site / "data" / "awards").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-9] + b"damaged!!")


def _other_tables(site: Path) -> None:
    manifest = orjson.loads((site / "manifest.json").read_bytes())
    (site / "manifest.json").write_bytes(orjson.dumps({**manifest, "schema_version": 1}))
    (site / "checksums.sha256").write_text(checksums.text_of(checksums.digests_of(site)), "utf-8")


def _no_parquet(site: Path) -> None:
    (site / "data" / "lots" / "2026-07.parquet").write_bytes(b"PAR1 nothing")
    (site / "checksums.sha256").write_text(checksums.text_of(checksums.digests_of(site)), "utf-8")


def _doubled_rows(site: Path) -> None:
    path = site / "data" / "awards" / "2026-07.parquet"
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t AS FROM '{path}'")
        con.execute(f"COPY (FROM t UNION ALL FROM t) TO '{path}' (FORMAT parquet)")
    (site / "checksums.sha256").write_text(checksums.text_of(checksums.digests_of(site)), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_doubled_rows, "rows of awards are there twice"),
        (_damaged, "was changed or damaged"),
        (_other_tables, "with other tables"),
        (_no_parquet, "its tables cannot be read"),
        (shutil.rmtree, "no such folder or file"),
    ],
)
def test_a_set_that_cannot_be_used_changes_nothing(site: Path, tmp_path: Path, spoil: Any, reason: str) -> None:
    copy = Path(shutil.copytree(site, tmp_path / "copy", ignore=shutil.ignore_patterns("pages", "ocds", "*.csv")))
    (copy / "checksums.sha256").write_text(checksums.text_of(checksums.digests_of(copy)), "utf-8")
    spoil(copy)
    result = tenders("pull", copy, "--data", tmp_path / "data")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1), result.stderr
    assert reason in result.stderr
    assert not (tmp_path / "data").exists() or not list((tmp_path / "data").rglob("*.*"))


@pytest.mark.parametrize(
    ("address", "place", "loopback", "is_refused"),
    [
        ("https://data.example/set", "93.184.216.34", False, False),
        ("https://data.example/set", "10.0.0.5", False, True),
        ("https://data.example/set", "169.254.169.254", False, True),
        ("https://data.example/set", "127.0.0.1", False, True),
        ("http://127.0.0.1:8000/set", "127.0.0.1", True, False),
        ("http://127.0.0.1:8000/set", "192.168.1.1", True, True),
        ("https://data.example/set", "fd00::1", False, True),
        ("https://data.example/set", "::1", False, True),
    ],
)
def test_a_set_from_the_web_is_no_way_into_a_private_network(
    monkeypatch: pytest.MonkeyPatch, address: str, place: str, loopback: bool, is_refused: bool
) -> None:
    monkeypatch.setattr(published_set, "getproxies", dict)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (place, 443))])
    if is_refused:
        with pytest.raises(URLError, match="private network"):
            published_set._require_public(address, loopback=loopback)
    else:
        published_set._require_public(address, loopback=loopback)


def test_a_source_is_one_base_however_it_is_written(tmp_path: Path) -> None:
    assert key_of("https://data.example/set/") == key_of("https://data.example/set/index.html")
    assert key_of(str(tmp_path / "a" / ".." / "set")) == key_of(str(tmp_path / "set"))
    assert key_of("https://data.example/set") != key_of("https://data.example/other")


@pytest.mark.parametrize(
    ("origin", "source", "expected"),
    [
        ("某研究院", "https://data.example/set", "某研究院"),
        (None, "https://data.example/set", "data.example"),
        ("", "/folder/site.zip", "site"),
        ("one\ntwo\u202e", "/folder/site", "one two"),
        ("x" * 500, "/folder/site", "x" * 80),
    ],
)
def test_the_origin_is_one_short_line(origin: str | None, source: str, expected: str) -> None:
    assert origin_of({"origin": origin}, source) == expected
