"""A small data folder published, verified, changed and published again."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import duckdb
import orjson
import pytest

from tenders.files import checksums
from tenders.jobs.verify import verify
from tests.helpers.storing import tenders
from tests.tenders.jobs.conftest import PHONE

pytestmark = pytest.mark.long


@pytest.fixture
def own_site(site: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(site, tmp_path / "site"))


def test_a_publication_has_its_tables_figures_rules_and_pages(site: Path) -> None:
    manifest = orjson.loads((site / "manifest.json").read_bytes())
    assert (manifest["format"], manifest["licence"], manifest["months"]) == (1, "CC-BY-4.0", ["2026-06", "2026-07"])
    assert (manifest["tables"]["awards"], manifest["pages"]) == (9, {"published": 9, "left_out": 0})
    listed = checksums.read((site / "checksums.sha256").read_text("utf-8"))
    assert listed == checksums.digests_of(site)
    assert {
        "data/awards/2026-07.csv", "data/notices/2026-06.parquet", "figures/monthly.csv", "figures/coverage.csv",
        "ocds/2026-07.json", "definitions/market.toml", "vocabulary/relevance.toml", "pages/2026-07.warc.gz",
        "datapackage.json", "tenders.duckdb",
    } <= set(listed)  # fmt: skip
    assert (site / "figures" / "monthly.csv").read_text("utf-8").startswith("month,awards,")
    with duckdb.connect(str(site / "tenders.duckdb"), read_only=True) as con:
        assert con.execute("SELECT awards FROM monthly ORDER BY month").fetchall() == [(1,), (8,)]


def test_the_data_package_describes_every_column_of_every_csv_file(site: Path) -> None:
    resources = orjson.loads((site / "datapackage.json").read_bytes())["resources"]
    described: set[str] = set()
    for resource in resources:
        paths = [resource["path"]] if isinstance(resource["path"], str) else resource["path"]
        for path in paths:
            head = (site / path).read_text("utf-8").splitlines()[0]
            assert head.split(",") == [field["name"] for field in resource["schema"]["fields"]], path
        described.update(paths)
    assert described == {path.relative_to(site).as_posix() for path in site.rglob("*.csv")}


def test_publishing_again_writes_no_file(data: Path, own_site: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in own_site.rglob("*")}
    result = tenders("--data", data, "publish", "-o", own_site, "--with-pages")
    assert ": 0 of " in result.stderr
    assert {path: path.stat().st_mtime_ns for path in own_site.rglob("*") if path.is_file()} == {
        path: at for path, at in before.items() if path.is_file()
    }


def test_contact_data_is_in_no_published_page(site: Path) -> None:
    text = "".join(gzip.decompress(path.read_bytes()).decode() for path in site.glob("pages/*.warc.gz"))
    assert "大模型教学平台" in text
    assert PHONE not in text


def test_a_changed_byte_of_any_file_is_named(own_site: Path) -> None:
    for path in sorted(own_site.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        with pytest.raises(checksums.ChecksumError) as raised:
            checksums.check(own_site, checksums.read((own_site / "checksums.sha256").read_text("utf-8")))
        if path.name != "checksums.sha256":
            assert path.relative_to(own_site).as_posix() in str(raised.value)
        path.write_bytes(content)


def test_a_tampered_file_exits_2_with_its_name(own_site: Path) -> None:
    figures = own_site / "figures" / "monthly.csv"
    figures.write_text(figures.read_text("utf-8").replace("2026-07-01,8,", "2026-07-01,9,"), "utf-8", newline="")
    result = tenders("verify", own_site)
    assert (result.returncode, result.stderr.count("\n"), "figures/monthly.csv" in result.stderr) == (2, 1, True)


def test_changes_with_new_checksums_are_named_down_to_the_award(own_site: Path) -> None:
    """The awards are changed in Parquet alone: the notices still say what they said."""
    figures = own_site / "figures" / "monthly_by_type.csv"
    figures.write_text(figures.read_text("utf-8").replace("2026-07-01,", "2026-07-02,", 1), "utf-8", newline="")
    path = own_site / "data" / "awards" / "2026-07.parquet"
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t AS FROM '{path}'")
        con.execute("UPDATE t SET amount_yuan = amount_yuan + 1 WHERE project_number = 'MS-2026-0002'")
        [(key,)] = con.execute("SELECT award_key FROM t WHERE project_number = 'MS-2026-0002'").fetchall()
        con.execute(f"COPY (FROM t ORDER BY award_key) TO '{path}' (FORMAT parquet)")
    (own_site / "checksums.sha256").write_text(checksums.text_of(checksums.digests_of(own_site)), "utf-8")
    result = tenders("verify", own_site)
    assert result.returncode == 1
    assert f"award {key}: amount_yuan is published as 125001.00, but computed as 125000.00" in result.stdout
    assert "figures/monthly 2026-07-01: amount_yuan is published as" in result.stdout
    assert "data/awards/2026-07.csv: line " in result.stdout
    assert f"tenders.duckdb: awards {key}: amount_yuan is published as 125000.00" in result.stdout


def test_a_change_in_any_file_is_found_by_writing_it_again(own_site: Path) -> None:
    """Whoever changes a file can list its new checksum: then the other files must contradict it."""

    def change(place: str, old: str, new: str) -> None:
        text = (own_site / place).read_text("utf-8")
        assert old in text, place
        (own_site / place).write_text(text.replace(old, new, 1), "utf-8", newline="")

    change("definitions/wide.toml", "name", "#ame")
    change("ocds/2026-07.json", "MS-2026-0002", "MS-2026-0003")
    change("datapackage.json", "2026-06", "2026-05")
    change("feed.xml", "2026-07-0", "2026-07-1")
    change("manifest.json", '"award_lots": 9', '"award_lots": 8')
    change("assets/site.css", "1", "2")
    page = own_site / "pages" / "2026-07.warc.gz"
    text = gzip.decompress(page.read_bytes()).replace("万元）".encode(), "万圆）".encode(), 1)
    page.write_bytes(gzip.compress(text))
    lots, figure = "data/award_lots/2026-06.parquet", "data/published_figures"
    with duckdb.connect() as con:
        con.execute(f"COPY (FROM '{own_site / lots}') TO '{own_site / 'new'}' (FORMAT parquet, COMPRESSION snappy)")
        (own_site / "new").rename(own_site / lots)
        con.execute(f"CREATE TABLE t AS FROM '{own_site / figure}.parquet'")
        con.execute("UPDATE t SET value = value + 1 WHERE rowid = 0")
        con.execute(f"COPY t TO '{own_site / figure}.parquet' (FORMAT parquet)")
    with duckdb.connect(str(own_site / "tenders.duckdb")) as con:
        con.execute("CREATE OR REPLACE VIEW monthly AS FROM yearly")
    (own_site / "stranger.html").write_text("1", "utf-8")
    (own_site / "checksums.sha256").write_text(checksums.text_of(checksums.digests_of(own_site)), "utf-8")
    found = "\n".join(verify(str(own_site)).differences)
    places = (
        "definitions/wide.toml: line", "ocds/2026-07.json: line", "datapackage.json: line", "feed.xml: line",
        "manifest.json: tables.award_lots is published as 8, but computed as 9", "assets/site.css: line",
        "pages/2026-07.warc.gz: notice", f"{lots}: is not the file that its own rows give",
        f"{figure}.parquet: ..2025-09 sector_count", "tenders.duckdb: monthly", "downloads.html: line", "stranger.html: does not belong",
    )  # fmt: skip
    assert [place for place in places if f"\n{place}" not in f"\n{found}"] == [], found
    assert "en/feed.xml" not in found


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nowhere", "no such folder"), ("empty", "it has no checksums.sha256"), ("x.zip", "no zip file")],
)
def test_a_source_that_is_no_data_set_is_one_line(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.zip").write_text("no zip", "utf-8")
    result = tenders("verify", tmp_path / name)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert reason in result.stderr


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [("{}", "not that of a published data set"), ('{"format": 1}', "not that of"), ('{"format": 2}', "has format 2")],
)
def test_a_foreign_manifest_is_refused_in_one_line(tmp_path: Path, manifest: str, reason: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest, "utf-8")
    (tmp_path / "checksums.sha256").write_text(checksums.text_of(checksums.digests_of(tmp_path)), "utf-8")
    result = tenders("verify", tmp_path)
    assert (result.returncode, result.stderr.count("\n"), reason in result.stderr) == (2, 1, True), result.stderr


def test_a_zip_of_a_publication_is_verified_like_its_folder(site: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "set"), "zip", site.parent, "site")
    result = tenders("verify", archive)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "recomputed from 9 awards, awards from 9 notices, and notices from their pages" in result.stdout


def test_a_folder_with_other_things_is_left_alone(data: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    result = tenders("--data", data, "publish", "-o", tmp_path)
    assert (result.returncode, [path.name for path in tmp_path.iterdir()]) == (2, ["thesis.txt"])


def test_a_span_of_months_is_published_and_verified_alone(data: Path, tmp_path: Path) -> None:
    assert tenders("--data", data, "publish", "-o", tmp_path / "july", "--since", "2026-07").returncode == 0
    manifest = orjson.loads((tmp_path / "july" / "manifest.json").read_bytes())
    assert (manifest["months"], manifest["tables"]["awards"]) == (["2026-07"], 8)
    assert tenders("verify", tmp_path / "july").returncode == 0
