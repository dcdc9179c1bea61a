"""Measure how fast each step is, from saved pages to OCDS, and how much memory reading takes: ``python -m bench``."""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import lxml.html
import orjson

from analysis.warehouse import publish
from bench import history, pages
from bench.measuring import TENDERS, measure
from pipelines.storage import store
from tenders.jobs.spark_engine import Spark, SparkError
from tenders.version import VERSION

_FLOOR_PAGES = 400
_MONTH = "2025-07"


def main() -> None:
    """Print how fast each step is, how many times the floor of bare lxml parsing it costs, and what it cost before.

    With ``--save`` the figures become rows of bench/history.csv.
    """
    options = _options()
    with tempfile.TemporaryDirectory(prefix="tenders-bench-") as folder:
        source = Path(folder, "pages.jsonl.gz")
        count, size = _write_pages(source, options)
        origin = "real captures" if options.captures else "made up"
        print(f"input: {count:,} pages of {size / count / 1024:.0f} KB, {origin}", flush=True)
        floor, cores = _lxml_pages_per_second(source), len(os.sched_getaffinity(0))
        print(f"floor: {floor:,.0f} pages/s through lxml alone, on one core of {cores}", flush=True)
        figures = []
        for step, seconds in _steps(source, Path(folder)):
            figure = history.Figure(VERSION, step, count, cores, round(floor), round(count / seconds))
            figures.append(figure)
            before = history.previous(figure)
            was = (
                f", {figure.times_floor / before.times_floor:.2f} of what it was in {before.version}" if before else ""
            )
            print(
                f"{step}: {figure.notices_per_second:,} notices/s ({seconds:.1f} s), "
                f"{figure.times_floor:.2f} times the floor{was}",
                flush=True,
            )
    if options.save:
        history.append(figures)


def _steps(source: Path, folder: Path) -> Iterator[tuple[str, float]]:
    """Yield each step with the seconds that it took."""

    def seconds(*arguments: str, data: str = "data") -> float:
        return measure([*TENDERS, "--data", str(folder / data), *arguments])[0]

    taken, peak = measure([*TENDERS, "--data", str(folder / "data"), "ingest", str(source)])
    yield "reading", taken
    print(f"memory: {peak / 1024:,.0f} MB at its peak, all processes together (shared pages counted once)", flush=True)
    yield "classifying", seconds("rebuild", "--classify-only")
    yield "resolving", _resolving(folder / "data")
    yield "publishing", seconds("publish", "-o", str(folder / "site"))
    yield "summary", seconds("summary", "--month", _MONTH, "--format", "json", "-o", str(folder / "summary.json"))
    yield "OCDS", seconds("export", "--format", "ocds", "-o", str(folder / "awards.jsonl"))
    try:
        Spark()
    except SparkError as error:
        print(f"Spark: not measured: {error}")
        return
    with_spark = ("--engine", "spark", "--master", f"local[{len(os.sched_getaffinity(0))}]")
    one = folder / "one.jsonl"
    with gzip.open(source) as file:
        one.write_bytes(file.readline())
    start = seconds("ingest", str(one), *with_spark, data="one")
    print(f"Spark takes {start:.1f} s to start, read one page and stop, which is left out below", flush=True)
    yield "Spark", max(seconds("ingest", str(source), *with_spark, data="spark") - start, 0.1)


def _resolving(data: Path) -> float:
    """Return the seconds in which all awards and public tables are built again from the stored notices."""
    copy = Path(shutil.copy(data / "private" / "store.duckdb", data / "again.duckdb"))
    with closing(store.open_store(copy)) as con:
        began = time.perf_counter()
        with store.transaction(con):
            publish.build(con, None)
        return time.perf_counter() - began


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("--notices", type=int, default=5_000, help="how many pages are read (default: 5,000)")
    parser.add_argument("--save", action="store_true", help="add the figures to bench/history.csv, on an idle machine")
    parser.add_argument(
        "--captures",
        type=Path,
        nargs="*",
        help="real capture files, repeated under other ids, instead of made-up pages",
    )
    return parser.parse_args()


def _write_pages(target: Path, options: argparse.Namespace) -> tuple[int, int]:
    """Write the capture file that is measured. Returns the number of its pages and the bytes of their bodies."""
    size = 0
    captures, count = options.captures, options.notices
    with gzip.open(target, "wb", compresslevel=1) as file:
        for record in _repeat_captures(captures, count) if captures else pages.lines(count):
            size += len(record["body"].encode())
            file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
    return count, size


def _repeat_captures(captures: Iterable[Path], count: int) -> Iterable[dict[str, str]]:
    """Yield ``count`` capture records, repeated under other addresses and portals as often as needed."""
    texts = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in captures]
    records = [orjson.loads(line) for text in texts for line in text.splitlines()]
    for number in range(count):
        record = records[number % len(records)]
        yield {**record, "url": f"{record['url']}?copy={number // len(records)}", "portal": f"{record['portal']}-copy"}


def _lxml_pages_per_second(source: Path) -> float:
    with gzip.open(source) as file:
        bodies = [orjson.loads(line)["body"] for line, _ in zip(file, range(_FLOOR_PAGES), strict=False)]
    began = time.perf_counter()
    for body in bodies:
        lxml.html.document_fromstring(body)
    return len(bodies) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
