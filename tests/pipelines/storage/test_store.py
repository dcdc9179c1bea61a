"""The spool and the private store: nothing announced is lost, order decides nothing, loading twice changes nothing."""

from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.model import Lot, Notice, Winner
from pipelines.storage import spool, store

pytestmark = pytest.mark.new_store

SEEN = datetime(2026, 7, 1, 12, tzinfo=UTC)


def make_notice(number: int, *, seen: datetime = SEEN, content: str = "h", buyer: str = "某市教育局") -> Notice:
    made = Notice(
        f"p:{number}", "p", f"urn:{number}", seen, title=f"公告{number}", buyer=buyer, project_number=f"A（{number}）"
    )
    made.content_hash = f"{content}{number}"
    made.lots = [
        Lot(
            1,
            "包一",
            Decimal("12.50"),
            "total",
            winners=[Winner("甲公司", 1), Winner("乙公司", 2, share_pct=Decimal(30))],
        )
    ]
    made.evidence = {"buyer": [buyer], "rule:kind": ["title"]}
    return made


def segment_line(made: Notice, page: str = "00" * 16) -> bytes:
    return spool.notice_line(made, page, 0, "1a2b3c4d5e6f")


def tables_after_loads(folder: Path, groups: list[list[bytes]]) -> dict[str, list[tuple[object, ...]]]:
    """Return the private tables after loading each group of lines as segments of its own load."""
    con = store.open_store(folder / "store.duckdb")
    for number, lines in enumerate(groups):
        with spool.SpoolWriter(folder / f"spool{number}") as writer:
            writer.append(lines)
        store.merge(con, spool.segments(folder / f"spool{number}"))
        assert list((folder / f"spool{number}").iterdir()) == []
    tables = ("observations", "contents", "content_lots", "content_winners", "pages", "quarantine", "crawls")
    found = {table: con.execute(f"SELECT * FROM private.{table} ORDER BY ALL").fetchall() for table in tables}
    con.close()
    return found


def test_a_notice_is_stored_with_its_lots_winners_and_keys(tmp_path: Path) -> None:
    tables = tables_after_loads(tmp_path, [[segment_line(make_notice(7)), spool.page_line("00" * 16, "p", "urn:7", 1)]])
    assert tables["observations"] == [("p:7", SEEN, "h7")]
    con = duckdb.connect(str(tmp_path / "store.duckdb"), read_only=True)
    query = (
        "SELECT notice_key, project_number_key, buyer_key, evidence->>'$.buyer[0]', first_seen_at FROM private.contents"
    )
    assert con.execute(query).fetchall() == [("p:7", "A7", "某市教育局", "某市教育局", SEEN)]
    query = "SELECT lot_name, lot_key, amount_yuan FROM private.content_lots"
    assert con.execute(query).fetchall() == [("包一", "包一", Decimal("12.50"))]
    query = "SELECT supplier, supplier_key, seq, share_pct FROM private.content_winners"
    assert con.execute(query).fetchall() == [("甲公司", "甲公司", 1, None), ("乙公司", "乙公司", 2, Decimal("30.0000"))]


def test_loading_the_same_lines_twice_changes_nothing(tmp_path: Path) -> None:
    lines = [
        segment_line(make_notice(1)),
        segment_line(make_notice(2)),
        spool.page_line("00" * 16, "p", "urn:1", 0),
        spool.quarantine_line("f", 3, "not JSON", None, None, SEEN),
        spool.crawl_line(
            {"crawl_id": "c", "portal": "p", "started_at": "2026-07-01T00:00:00Z", "state": "complete", "listed": 2}
        ),
    ]
    assert tables_after_loads(tmp_path / "once", [lines]) == tables_after_loads(tmp_path / "twice", [lines, lines])


@pytest.mark.long
def test_the_order_of_loading_makes_no_difference(tmp_path: Path) -> None:
    early = segment_line(make_notice(1, seen=datetime(2026, 6, 1, tzinfo=UTC), buyer="早"), "11" * 16)
    late = segment_line(make_notice(1, seen=datetime(2026, 8, 1, tzinfo=UTC), buyer="晚"), "22" * 16)
    corrected = segment_line(make_notice(1, seen=datetime(2026, 7, 1, tzinfo=UTC), content="k"), "33" * 16)
    ways = [
        tables_after_loads(tmp_path / str(n), [[part] for part in way])
        for n, way in enumerate(itertools.permutations([early, late, corrected]))
    ]
    ways.append(tables_after_loads(tmp_path / "together", [[late, corrected, early]]))
    assert all(way == ways[0] for way in ways)
    assert [row[2] for row in ways[0]["observations"]] == ["h1", "k1", "h1"]
    assert "早" in str(ways[0]["contents"])
    assert "晚" not in str(ways[0]["contents"])


def test_a_damaged_end_is_skipped_and_the_rest_is_loaded(tmp_path: Path) -> None:
    lines = [segment_line(make_notice(number)) for number in range(3)]
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "1.seg").write_bytes(b"".join(lines) + lines[0][:50] + b"\x00" * 100)
    con = store.open_store(tmp_path / "store.duckdb")
    assert store.merge(con, spool.segments(tmp_path / "x")) == 1
    assert con.execute("SELECT notice_key FROM private.pending ORDER BY 1").fetchall() == [("p:0",), ("p:1",), ("p:2",)]


def test_changed_projects_stay_pending_until_they_are_built(tmp_path: Path) -> None:
    con = store.open_store(tmp_path / "store.duckdb")
    assert store.needs_building(con)
    assert store.pending(con) is None
    store.note_built(con, None)
    assert not store.needs_building(con)
    for number in (1, 2, 2):
        (tmp_path / "1.seg").write_bytes(segment_line(make_notice(number)))
        store.merge(con, [tmp_path / "1.seg"])
    assert store.needs_building(con)
    assert store.pending(con) == {"p:1", "p:2"}
    store.note_built(con, {"p:1", "p:2"})
    assert (store.needs_building(con), store.pending(con)) == (False, set())


def test_a_notice_that_is_too_long_to_load_is_shortened(tmp_path: Path) -> None:
    long = make_notice(1)
    long.body = "长" * 3_000_000
    long.evidence = {"buyer": ["字" * 4_000_000]}
    assert len(segment_line(long)) <= spool.LONGEST_LINE
    [stored] = tables_after_loads(tmp_path, [[segment_line(long)]])["contents"]
    assert "长" * 1000 in str(stored)


def test_only_the_segment_of_a_dead_writer_is_taken_over(tmp_path: Path) -> None:
    live = spool.SpoolWriter(tmp_path)
    live.append([segment_line(make_notice(1))])
    assert spool.segments(tmp_path) == []
    script = (
        "import os, sys; from pathlib import Path; from pipelines.storage.spool import SpoolWriter\n"
        'writer = SpoolWriter(Path(sys.argv[1])); writer.append([b\'{"t": "page"}\\n\'])\n'
        'writer._file.write(b\'{"t": "pa\'); writer._file.flush(); os.kill(os.getpid(), 9)'
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    [taken] = spool.segments(tmp_path)
    assert taken.read_bytes() == b'{"t": "page"}\n'
    live.close()
    assert len(spool.segments(tmp_path)) == 2


def test_unpaired_surrogates_and_nul_do_not_stop_the_spool(tmp_path: Path) -> None:
    odd = make_notice(1, buyer="某市\ud800局")
    tables = tables_after_loads(tmp_path, [[segment_line(odd)]])
    assert len(tables["contents"]) == 1


def test_page_keys_report_exactly_the_stored_pages(tmp_path: Path) -> None:
    keys = [f"{number:032x}" for number in range(0, 2000, 2)]
    known = store.PageKeys(keys)
    assert len(known) == 1000
    assert all(key in known for key in keys)
    assert not any(f"{number:032x}" in known for number in range(1, 2000, 2))
    assert "00" * 16 not in store.PageKeys()


def test_the_keys_of_a_store_are_those_of_its_pages(tmp_path: Path) -> None:
    con = store.open_store(tmp_path / "store.duckdb")
    keys = [f"{number * 7919:032x}"[::-1] for number in range(50)]
    con.executemany("INSERT INTO private.pages VALUES (?, 'p', 'urn:1')", [[key] for key in keys])
    known = store.PageKeys.of(con)
    assert len(known) == 50
    assert all(key in known for key in keys)
    assert "f" * 32 not in known


def test_few_rows_are_compressed_together_also_after_opening_again(tmp_path: Path) -> None:
    for _ in range(2):
        con = store.open_store(tmp_path / "store.duckdb")
        con.execute("INSERT INTO private.pages SELECT hash(i)::VARCHAR, 'p', 'urn:' || i FROM range(45000) AS r(i)")
        con.close()
    assert not (tmp_path / "store.duckdb.wal").exists()
    with duckdb.connect(str(tmp_path / "store.duckdb"), read_only=True) as con:
        counted = "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('private.pages')"
        assert con.execute(counted).fetchall() == [(5,)]


def test_replaced_notices_are_due_again_with_all_that_show_them(tmp_path: Path) -> None:
    con = store.open_store(tmp_path / "store.duckdb")
    (tmp_path / "1.seg").write_bytes(b"".join(segment_line(make_notice(number)) for number in (1, 2)))
    store.merge(con, [tmp_path / "1.seg"])
    store.note_built(con, None)
    other = make_notice(1)
    other.sector = "finance"
    other.lots = []
    (tmp_path / "2.seg").write_bytes(segment_line(other) + segment_line(make_notice(3)))
    store.replace_notices(con, [tmp_path / "2.seg"], "today")
    found = con.execute("SELECT notice_key, sector, lexicon FROM private.contents ORDER BY 1").fetchall()
    assert found == [("p:1", "finance", "today"), ("p:2", None, "today")]
    assert con.execute("SELECT content_hash FROM private.content_lots").fetchall() == [("h2",)]
    assert (store.needs_building(con), store.pending(con)) == (True, {"p:1"})
    assert con.execute("SELECT count(*) FROM private.observations").fetchall() == [(2,)]
    assert list(tmp_path.glob("*.seg")) == []
