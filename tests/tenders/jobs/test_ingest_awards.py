"""Tables of awards that users have: every row an award, whatever program wrote the file, and the same figures out as went in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from tenders.archive.writer import archive_files
from tenders.jobs.ingest import ingest_files
from tenders.jobs.rebuild import rebuild_store
from tenders.jobs.reclassify import reclassify_store
from tests.helpers.award_tables import ask, row, table
from tests.helpers.storing import award, capture, rows, tenders
from tests.replica.capture import write
from tests.replica.world import world

pytestmark = pytest.mark.slow

VIEWS = ("monthly", "monthly_by_type", "monthly_by_sector", "monthly_by_province")


def read(tmp_path: Path, *rows: dict[str, Any], name: str = "mine.csv", **how: Any) -> Path:
    """The data folder after these rows were read from a file."""
    ingest_files([table(tmp_path / name, rows, **how)], tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A made-up market that was read from notices, and its export."""
    folder = tmp_path_factory.mktemp("market")
    write(world(77, 120), folder / "world.jsonl.gz")
    ingest_files([folder / "world.jsonl.gz"], folder / "data")
    assert tenders("export", "--format", "csv", "-o", folder / "awards.csv", "--data", folder / "data").returncode == 0
    return folder / "data", folder / "awards.csv"


@pytest.fixture(scope="module")
def imported(market: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has only that export, for reading."""
    data = tmp_path_factory.mktemp("imported") / "data"
    report = ingest_files([market[1]], data)
    assert (report.problems, report.notes) == (0, [])
    return data


@pytest.mark.long
def test_an_export_read_into_an_empty_folder_gives_the_same_figures(market: tuple[Path, Path], imported: Path) -> None:
    data, _ = market
    assert len(ask(data, "FROM monthly")) > 5
    for view in VIEWS:
        assert ask(imported, f"FROM {view} ORDER BY ALL") == ask(data, f"FROM {view} ORDER BY ALL"), view


@pytest.mark.long
def test_an_export_read_into_an_empty_folder_gives_the_same_awards(market: tuple[Path, Path], imported: Path) -> None:
    data, _ = market
    same = (
        "SELECT project_number, project_name, title, buyer, province, awarded_on, status, amount_yuan, amount_partial, "
        "disclosed, is_large_model, relevance, project_type, sector, subsector, list_sort(suppliers), list_sort(vendors), "
        "first_seen_at FROM awards WHERE status <> 'void' ORDER BY ALL"
    )
    assert ask(data, "SELECT count(*) FROM awards WHERE amount_partial OR len(suppliers) > 1")[0][0] > 5
    assert ask(imported, same) == ask(data, same)
    counts = "SELECT month, vendor, awards FROM monthly_by_vendor ORDER BY ALL"
    assert ask(imported, counts) == ask(data, counts)


@pytest.mark.long
def test_awards_that_are_imported_where_they_were_crawled_count_once_and_keep_their_keys(
    market: tuple[Path, Path], tmp_path: Path
) -> None:
    data, export = market
    ingest_files([data / "archive"], tmp_path / "data")
    ingest_files([export], tmp_path / "data")
    keys = "SELECT award_key, status, awarded_on, amount_yuan, suppliers FROM awards ORDER BY ALL"
    assert ask(tmp_path / "data", keys) == ask(data, keys)
    for view in (*VIEWS, "monthly_by_vendor"):
        assert ask(tmp_path / "data", f"FROM {view} ORDER BY ALL") == ask(data, f"FROM {view} ORDER BY ALL")


@pytest.mark.long
def test_the_same_file_twice_changes_nothing_and_a_rebuild_gives_the_same(tmp_path: Path) -> None:
    source = table(
        tmp_path / "mine.csv", [row(1), row(2, is_large_model="否"), row(3, first_seen_at="2025-07-09 12:00")]
    )
    data = tmp_path / "data"
    ingest_files([source], data)
    before, size = rows(data / "tenders.duckdb"), sum(path.stat().st_size for path in archive_files(data))
    report = ingest_files([source], data)
    assert (report.pages, report.already_stored, report.problems) == (0, 3, 0)
    assert sum(path.stat().st_size for path in archive_files(data)) == size
    rebuild_store(data)
    assert rows(data / "tenders.duckdb") == before
    reclassify_store(data)
    assert rows(data / "tenders.duckdb") == before
    ingest_files([data / "archive"], tmp_path / "elsewhere")
    assert rows(tmp_path / "elsewhere" / "tenders.duckdb") == before


@pytest.mark.long
def test_a_changed_row_is_a_new_version_from_the_day_of_its_file(tmp_path: Path) -> None:
    first = [row(1), row(2, first_seen_at="2025-08-01 09:00:00+08")]
    read(tmp_path, *first, day=1)
    data = read(tmp_path, *(given | {"amount_yuan": "7000000"} for given in first), day=9)
    assert ask(data, "SELECT version, first_seen_at::DATE FROM notices ORDER BY ALL") == [
        (1, date(2025, 8, 1)),
        (1, date(2026, 8, 1)),
        (2, date(2026, 8, 9)),
        (2, date(2026, 8, 9)),
    ]
    assert ask(data, "SELECT DISTINCT amount_yuan FROM awards") == [(7_000_000,)]
    assert ask(data, "SELECT awards, amount_yuan FROM monthly_as_of('2025-08-02')") == [(1, 125_000)]
    assert ask(data, "SELECT awards, amount_yuan FROM monthly_as_of('2026-08-02')") == [(2, 240_000)]
    before = rows(data / "tenders.duckdb")
    assert read(tmp_path, *first, day=1) == data  # the older file once more
    assert rows(data / "tenders.duckdb") == before


def test_what_the_file_states_is_given_and_the_rest_is_worked_out(tmp_path: Path) -> None:
    stated = {
        "is_large_model": "是",
        "project_type": "算力",
        "sector": "金融",
        "subsector": "bank",
        "province": "四川省",
    }
    stated |= {"suppliers": "某某公司; 中国移动通信集团广东有限公司", "vendors": "华为"}
    data = read(
        tmp_path,
        row(1, project_name="机房改造", buyer="广东省某某厅", **stated),
        row(2, buyer="广东省某某大学", suppliers="华为云计算技术有限公司"),
        row(3, is_large_model="false"),
        row(4, project_name="机房改造", relevance="0.9"),
    )
    fields = "is_large_model, relevance, project_type, sector, subsector, province, vendors"
    found = dict(ask(data, f"SELECT project_number, ({fields}) FROM awards"))
    assert found["MS-2025-0001"] == (True, 1.0, "compute", "finance", "bank", "四川", ["华为"])
    large, score, kind, sector, _, province, vendors = found["MS-2025-0002"]
    assert (large, kind, sector, province, vendors) == (True, "application", "education_research", "广东", ["华为"])
    assert 0.5 < score <= 1
    assert found["MS-2025-0003"][:2] == (False, 0.0)
    assert found["MS-2025-0004"][:3] == (True, 0.9, "application")
    [(evidence,)] = ask(data, "SELECT evidence FROM notices WHERE project_number = 'MS-2025-0001'")
    told = orjson.loads(evidence)
    assert (told["rule:sector"], told["sector"]) == (["given:sector"], ["sector: finance"])
    assert (told["rule:vendor"], told["is_large_model"]) == (["given:vendors"], ["is_large_model: true"])


def notice(number: int, on: str, supplier: str = "", price: str = "") -> dict[str, Any]:
    """The portal's notice of the award of ``row(number)``, published and read on that day."""
    made = award(number)
    body = made["body"].replace("MS-2026", "MS-2025").replace(f"某市甲{number}", supplier or f"某市甲{number}")
    body = body.replace(f"{number + 10}.5000000（万元）", price or f"{number + 10}.5000000（万元）")
    return made | {"published_on": on, "fetched_at": f"{on}T12:00:00+08:00", "body": body}


def crawled(tmp_path: Path, *notices: dict[str, Any]) -> Path:
    """The data folder after these notices were read."""
    ingest_files([capture(tmp_path / "crawled.jsonl", list(notices))], tmp_path / "data")
    return tmp_path / "data"


# What the notice says otherwise than ``notice`` would, what the table says otherwise, and the price that counts; None
# stands for the notice's own.
IN_BOTH = [
    ({}, {}, None),
    ({}, {"project_number": "", "amount_yuan": "120000"}, None),
    ({"supplier": "某市乙3"}, {"amount_yuan": "120000"}, None),
    ({"price": "详见附件"}, {"amount_yuan": "120000"}, "120000.00"),
    ({"price": "详见附件"}, {"amount_yuan": ""}, ""),
]


@pytest.mark.long
@pytest.mark.parametrize("table_first", [True, False])
def test_an_award_that_is_imported_and_crawled_counts_once_at_the_portals_price(
    tmp_path: Path, table_first: bool
) -> None:
    numbered = list(enumerate(IN_BOTH, 1))
    notices = [notice(number, f"2025-07-{number + 2:02d}", **told) for number, (told, _, _) in numbered]
    steps = [
        lambda: read(tmp_path, *(row(number, **stated) for number, (_, stated, _) in numbered)),
        lambda: crawled(tmp_path, *notices),
    ]
    for step in steps if table_first else reversed(steps):
        step()
    amounts = [f"{number + 10}5000.00" if counts is None else counts for number, (*_, counts) in numbered]
    expected = [
        (
            f"某市第{number}中学",
            date(2025, 7, number + 1),
            Decimal(amount) if amount else None,
            1,
            2,
            ["imported", "made-up"],
        )
        for number, amount in enumerate(amounts, 1)
    ]
    fields = "buyer, awarded_on, amount_yuan, len(suppliers), len(notice_keys), portals"
    assert ask(tmp_path / "data", f"SELECT {fields} FROM awards ORDER BY awarded_on") == expected
    total = sum(Decimal(amount) for amount in amounts if amount)
    assert ask(tmp_path / "data", "SELECT awards, amount_yuan FROM monthly") == [(5, total)]


@pytest.mark.long
def test_of_two_tables_the_newer_tells_the_award(tmp_path: Path) -> None:
    read(tmp_path, row(1, award_key="a"), name="old.csv", day=1)
    data = read(tmp_path, row(1, award_key="b", amount_yuan="300"), row(2), name="new.csv", day=2)
    assert ask(data, "SELECT amount_yuan, len(notice_keys) FROM awards ORDER BY project_number") == [
        (300, 2),
        (125_000, 1),
    ]


@pytest.mark.long
def test_a_void_row_cancels_the_result_and_a_candidate_waits_for_it(tmp_path: Path) -> None:
    crawled(tmp_path, notice(1, "2025-07-03"))
    data = read(
        tmp_path, row(1, status="void"), row(2, status="void", suppliers=""), row(3, status="candidate", awarded_on="")
    )
    found = ask(data, "SELECT project_number, status, suppliers FROM awards ORDER BY 1")
    assert found == [
        ("MS-2025-0001", "void", ["某市甲1科技有限公司"]),
        ("MS-2025-0003", "candidate", ["某市甲3科技有限公司"]),
    ]
    assert ask(data, "SELECT kind, cancels_result FROM notices WHERE project_number = 'MS-2025-0002'") == [
        ("failed", True)
    ]


def test_several_suppliers_share_one_lot_and_a_partial_price_stays_partial(tmp_path: Path) -> None:
    data = read(tmp_path, row(1, suppliers="甲公司；乙公司", amount_partial="true"))
    assert ask(data, "SELECT lot_no, supplier, role, position FROM winners ORDER BY ALL") == [
        (lot, supplier, "shared", place) for lot in (1, 2) for place, supplier in ((2, "乙公司"), (1, "甲公司"))
    ]
    assert ask(data, "SELECT amount_yuan, amount_partial, suppliers FROM awards") == [
        (115_000, True, ["甲公司", "乙公司"])
    ]


@pytest.mark.long
def test_a_table_of_the_year_before_is_the_base_of_growth(tmp_path: Path) -> None:
    crawled(tmp_path, notice(1, "2026-07-03"))
    data = read(tmp_path, row(2, amount_yuan="46000"))
    assert ask(data, "SELECT month, awards_yoy_pct, amount_yoy_pct FROM monthly")[1] == (date(2026, 7, 1), 0.0, 150.0)


def test_explain_shows_the_row_as_evidence(tmp_path: Path) -> None:
    data = read(
        tmp_path, row(1, award_key="k1", is_large_model="true", amount_yuan="12,345.60", 备注="急", 电话="13800000000")
    )
    result = tenders("explain", "urn:award:k1", "--data", data)
    assert result.returncode == 0
    for words in (
        "amount_yuan: 12,345.60",
        "is_large_model: true (rules: given:is_large_model [stated in column is_large_model])",
        "buyer: 某市第1中学",
    ):
        assert f"from imported:urn:award:k1: {words}" in result.stdout
    assert "13800000000" not in b"".join(path.read_bytes() for path in data.rglob("*.duckdb")).decode("latin-1")
