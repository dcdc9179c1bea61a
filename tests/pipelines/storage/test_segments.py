"""Properties of loading: the order of segments, repeated loads and torn segments never change what is stored."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.model import Lot, Notice, Winner
from pipelines.storage import spool, store
from tests.helpers.examples import few_examples

pytestmark = pytest.mark.new_store

TABLES = (
    "observations",
    "contents",
    "content_lots",
    "content_winners",
    "pages",
    "crawls",
    "crawl_windows",
    "quarantine",
    "pending",
)
FEW = few_examples(4)


@st.composite
def notice_lines(draw: st.DrawFn) -> bytes:
    """Draw a sighting of one of three notices, with one of two contents, on one of three days."""
    number, version = draw(st.integers(1, 3)), draw(st.sampled_from("ab"))
    seen = datetime(2026, 7, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 2)))
    page = draw(st.sampled_from(["11", "22"])) * 16
    notice = Notice(
        f"p:{number}", "p", f"urn:{number}", seen, title=f"公告{version}", content_hash=f"{number}{version}"
    )
    # Two pages with the same content hash may differ in parts that it ignores.
    notice.buyer = draw(st.sampled_from(["某市教育局", "某市卫健委"]))
    suppliers = draw(st.lists(st.sampled_from(["甲公司", "乙公司"]), max_size=2, unique=True))
    notice.lots = [Lot(1, "包一", Decimal("12.50"), "total", winners=[Winner(name) for name in suppliers])]
    # The same page, position and day always have the same content.
    place = crc32(f"{notice.buyer}{suppliers}{version}".encode()) % 1_000_000
    return spool.notice_line(notice, page, place, "1a2b3c4d5e6f")


def other_lines() -> st.SearchStrategy[bytes]:
    seen = datetime(2026, 7, 1, tzinfo=UTC)
    return st.one_of(
        st.integers(1, 3).map(lambda n: spool.page_line(f"{n:032x}", "p", f"urn:{n}", 0)),
        st.integers(1, 3).map(lambda n: spool.quarantine_line("file", n, "no JSON", None, None, seen)),
        st.integers(1, 2).map(lambda n: spool.crawl_line({"crawl_id": f"c{n}", "portal": "p", "state": "complete"})),
    )


def lines() -> st.SearchStrategy[list[bytes]]:
    return st.lists(st.one_of(notice_lines(), other_lines()), min_size=1, max_size=8)


def stored_tables(loads: list[list[list[bytes]]]) -> dict[str, list[tuple[object, ...]]]:
    """Return the private tables after loads of several segments each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        con = store.open_store(folder / "store.duckdb")
        for segments in loads:
            for number, segment in enumerate(segments):
                (folder / f"{number}.seg").write_bytes(b"".join(segment))
            store.merge(con, sorted(folder.glob("*.seg")))
        tables = {table: con.execute(f"SELECT * FROM private.{table} ORDER BY ALL").fetchall() for table in TABLES}
        con.close()
    return tables


@FEW
@given(lines(), st.randoms(use_true_random=False))
@pytest.mark.long
def test_the_order_of_segments_never_changes_the_store(all_lines: list[bytes], random: object) -> None:
    shuffled = list(all_lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    together = stored_tables([[all_lines]])
    assert stored_tables([[[line] for line in shuffled]]) == together
    assert stored_tables([[[line]] for line in shuffled]) == together


@pytest.mark.long
@FEW
@given(lines())
def test_loading_twice_changes_nothing(all_lines: list[bytes]) -> None:
    assert stored_tables([[all_lines], [all_lines]]) == stored_tables([[all_lines]])


@pytest.mark.long
@FEW
@given(lines(), st.data())
def test_a_torn_segment_keeps_its_complete_lines_and_is_reported(all_lines: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(all_lines[-1]) - 2))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        torn = b"".join(all_lines[:-1]) + all_lines[-1][:cut]
        (folder / "1.seg").write_bytes(torn)
        con = store.open_store(folder / "store.duckdb")
        assert store.merge(con, spool.segments(folder)) == 1
        tables = {table: con.execute(f"SELECT * FROM private.{table} ORDER BY ALL").fetchall() for table in TABLES}
        con.close()
        assert list(spool.records([])) == []
    assert tables == stored_tables([[all_lines[:-1]]])


@FEW
@given(lines(), st.data())
def test_a_segment_of_a_dead_writer_is_cut_after_its_last_complete_line(
    all_lines: list[bytes], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(all_lines[-1]) - 1))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "1.open").write_bytes(b"".join(all_lines[:-1]) + all_lines[-1][:cut])
        segments = spool.segments(folder)
        assert b"".join(path.read_bytes() for path in segments) == b"".join(all_lines[:-1])
        assert not (folder / "1.open").exists()
