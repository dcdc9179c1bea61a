"""Measure what one more day costs a large data folder: ``python -m bench.day``.

It makes a store of a million made-up awards and publishes it, then adds days of 3,000 saved pages with ``tenders
ingest``. Of 20 pages, one corrects an award that is stored. The last lines are for publishing alone, for all awards as
OCDS and, with ``--classify``, for ``tenders rebuild --classify-only``.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import orjson

from bench import pages, stored_market
from bench.measuring import TENDERS, measure
from pipelines.storage import store
from tenders.data_folder import DataFolder
from tenders.jobs import copies

_PUBLISH = [sys.executable, "-c", "import sys; from bench.day import publish_again; publish_again(sys.argv[1])"]


def main() -> None:
    """Print the seconds and the peak memory of each step."""
    parser = argparse.ArgumentParser(prog="python -m bench.day", description=main.__doc__)
    parser.add_argument("--awards", type=int, default=1_000_000, help="how many awards there are (default: 1,000,000)")
    parser.add_argument("--notices", type=int, default=3_000, help="how many pages a day has (default: 3,000)")
    parser.add_argument("--days", type=int, default=3, help="how many days are added (default: 3)")
    parser.add_argument("--classify", action="store_true", help="also classify all notices again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tenders-day-") as place:
        data = Path(place, "data")
        began = time.perf_counter()
        folder = stored_market.make(data, options.awards)
        sizes = [path.stat().st_size / 1e6 for path in (folder.store, folder.published)]
        seconds = time.perf_counter() - began
        print(f"made: {options.awards:,} awards, {sizes[0]:,.0f} MB, {sizes[1]:,.0f} MB published, {seconds:.0f} s")
        for day in range(1, options.days + 1):
            source = Path(place, f"day{day}.jsonl.gz")
            with gzip.open(source, "wb", compresslevel=1) as file:
                for record in day_records(folder, options.notices, day):
                    file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
            _show(f"day {day}, {options.notices:,} pages", [*TENDERS, "--data", str(data), "ingest", str(source)])
        _show("publishing what changed", [*_PUBLISH, str(data)])
        ocds = ["export", "--format", "ocds", "-o", str(Path(place, "awards.jsonl"))]
        _show("OCDS", [*TENDERS, "--data", str(data), *ocds])
        if options.classify:
            _show("classifying", [*TENDERS, "--data", str(data), "rebuild", "--classify-only"])


def day_records(folder: DataFolder, count: int, day: int) -> Iterator[dict[str, Any]]:
    """Yield the pages of a day: results of new projects, and corrections of projects that the market has."""
    query = """
        SELECT project_number, project_name, buyer FROM notices WHERE kind = 'award' AND portal = 'ccgp'
        ORDER BY hash(notice_key, ?) LIMIT ?
    """
    with duckdb.connect(str(folder.own), read_only=True) as con:
        corrected = con.execute(query, [day, count // 20]).fetchall()
    for record in pages.lines(count - len(corrected), seed=day):
        url = record["url"].replace(".htm", f"_{day}.htm")
        yield {**record, "url": url, "body": record["body"].replace("ZB-", f"Z{day}-")}
    for place, (number, name, buyer) in enumerate(corrected):
        title = f"{name}更正公告"
        yield {
            "portal": "ccgp",
            "url": f"http://www.ccgp.gov.cn/cggg/dfgg/gzgg/202612/t20261201_{day}{place:06}.htm",
            "fetched_at": "2026-12-01T18:00:00+08:00",
            "content_type": "text/html",
            "title": title,
            "body": f"<html><body><h2>{title}</h2><div class='vF_detail_content'><p>一、项目编号：{number}</p>"
            f"<p>二、项目名称：{name}</p><p>三、更正内容：中标金额更正为 {place + 10}.5 万元</p>"
            f"<p>1.采购人信息</p><p>名 称：{buyer}</p></div></body></html>",
        }


def publish_again(data: str) -> None:
    """Publish a data folder as if a day's notices and their awards had changed, without reading or resolving."""
    folder = DataFolder(Path(data))
    with closing(store.open_store(folder.store)) as con:
        keys = con.execute(
            "SELECT notice_key FROM main.notices USING SAMPLE 3000 ROWS (reservoir, 1) "
            "UNION ALL SELECT award_key FROM main.awards USING SAMPLE 3000 ROWS (reservoir, 1)"
        ).fetchall()
        with store.transaction(con):
            con.execute("UPDATE private.loads SET merged = merged + 1")
            store.note_built(con, {key for (key,) in keys})
        began = time.perf_counter()
        copies.write(con, folder)
        print(f"publishing alone: {time.perf_counter() - began:.1f} s", flush=True)


def _show(name: str, command: list[str]) -> None:
    seconds, peak = measure(command)
    print(f"{name}: {seconds:.1f} s, {peak / 1024:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
