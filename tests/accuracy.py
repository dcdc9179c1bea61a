"""The share of the small cases beside the repository that is read right: ``make accuracy``.

Each case is one or a few notices in a capture file, with the awards, lots and notices that a careful person reads there.

    python -m tests.accuracy [--cases FOLDER] [NN …]

NN is the number of a kind, such as 24. Every case that is read otherwise is printed. Exit code 1 if one is, 2 without cases.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipelines.common.rows import dict_rows
from tests.helpers.data_folders import empty_data_folder
from tests.helpers.storing import tenders
from tests.paths import SHARED

_NOTICES = "SELECT * EXCLUDE (evidence) FROM notices WHERE is_latest"
_AWARDS = "SELECT * EXCLUDE (evidence) FROM awards"
_LOTS = """
    SELECT lots.*, (SELECT list(winners.supplier ORDER BY winners.seq) FROM winners
                    WHERE winners.notice_key = lots.notice_key AND winners.version = lots.version
                      AND winners.lot_seq = lots.lot_seq) AS suppliers
    FROM lots JOIN notices ON notices.notice_key = lots.notice_key AND notices.version = lots.version AND is_latest
    ORDER BY lots.notice_key, lots.lot_seq
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """One case of a kind, and what is read otherwise than it should be: nothing if it is read right."""

    kind: str
    case: str
    note: str
    differences: tuple[str, ...]


def judge_kind(task: tuple[Path, str]) -> list[Verdict]:
    """Judge all cases of one kind, whose files or folder begin with its name."""
    cases, kind = task
    if (cases / kind).is_dir():
        judge = _judge_archive if kind == "10-warc" else _judge_award_table
        listed = json.loads((cases / kind / "expected.json").read_text("utf-8"))
        return [Verdict(kind, case["id"], case.get("note", ""), tuple(judge(cases / kind, case))) for case in listed]
    listed = json.loads((cases / f"{kind}.expected.json").read_text("utf-8"))["variants"]
    with TemporaryDirectory() as folder:
        _, read = _ingested(Path(folder), cases / f"{kind}.jsonl")
        notices, awards, lots = (read(sql) for sql in (_NOTICES, _AWARDS, _LOTS))
    return [Verdict(kind, c["id"], c.get("note", ""), tuple(_judge(c, notices, awards, lots))) for c in listed]


def _judge(case: Row, notices: list[Row], awards: list[Row], lots: list[Row]) -> Iterator[str]:
    own = [notice for notice in notices if notice["url"] in case["urls"]]
    keys = {notice["notice_key"] for notice in own}
    return _differences(
        case["expected"],
        {
            "notices": own,
            "awards": [award for award in awards if keys & set(award["notice_keys"])],
            "lots": [lot for lot in lots if lot["notice_key"] in keys],
        },
    )


def _judge_archive(folder: Path, case: Row) -> Iterator[str]:
    with TemporaryDirectory() as data:
        code, read = _ingested(Path(data), folder / case["file"])
        sums = read(f"SELECT notice_key, sum(amount_yuan) AS price FROM ({_LOTS}) GROUP BY ALL")
    priced = sum(_number(row["price"]) == 1_200_000 for row in sums)
    if priced != case["expected"]["notices"] and code != case["expected"].get("or_exit"):
        yield f"{priced} notices with the price, not {case['expected']['notices']}"


def _judge_award_table(folder: Path, case: Row) -> Iterator[str]:
    with TemporaryDirectory() as data:
        _, read = _ingested(Path(data), folder / case["file"])
        awards = read(f"{_AWARDS} ORDER BY project_name")
    return _differences({"awards": case["expected"]}, {"awards": awards})


def _ingested(data: Path, pages: Path) -> tuple[int, Callable[[str], list[Row]]]:
    """Ingest ``pages`` into ``data``. Return the exit code and a function that reads rows from the published database."""
    database = empty_data_folder(data) / "tenders.duckdb"
    result = tenders("ingest", pages, "--data", data)

    def read(sql: str) -> list[Row]:
        with duckdb.connect(str(database), read_only=True) as con:
            return list(dict_rows(con.execute(sql)))

    return result.returncode, read


def _differences(expected: Row, actual: dict[str, list[Row]]) -> Iterator[str]:
    for table in [name for name in ("awards", "lots", "notices") if name in expected]:
        left = list(actual[table])
        if len(left) != len(expected[table]):
            yield f"{table}: {len(left)}, not {len(expected[table])}"
        for wanted in expected[table]:
            if not left:
                break
            best = max(left, key=partial(_agreement, wanted))
            left.remove(best)
            for column, value in wanted.items():
                if not _same(column, value, best.get(column)):
                    yield f"{column}: {best.get(column)!s}, not {value!s}"
    for word in expected.get("not_in_body", ()):
        if any(word in (notice.get("body") or "") for notice in actual["notices"]):
            yield f"{word!r} is stored"


def _agreement(wanted: Row, row: Row) -> int:
    return sum(_same(column, value, row.get(column)) for column, value in wanted.items())


def _same(column: str, wanted: Any, actual: Any) -> bool:
    if column == "amount_yuan":
        return _number(wanted) == _number(actual)
    if column == "suppliers":
        return sorted(wanted or ()) == sorted(actual or ())
    return bool(wanted == actual or (wanted is not None and str(wanted) == str(actual)))


def _number(value: Any) -> Decimal | None:
    try:
        return None if value is None else round(Decimal(str(value)), 2)
    except InvalidOperation:
        return None


def main() -> None:
    """Print the cases that are read otherwise, and how many are read right."""
    parser = argparse.ArgumentParser(description="The share of small cases that is read right.")
    parser.add_argument("--cases", type=Path, default=SHARED / "cases", help="their folder")
    parser.add_argument("kinds", nargs="*", metavar="NN", help="numbers of kinds; all without one")
    options = parser.parse_args()
    found = {path.name.removesuffix(".expected.json") for path in options.cases.glob("*.expected.json")}
    found |= {path.parent.name for path in options.cases.glob("*/expected.json")}
    kinds = sorted(kind for kind in found if not options.kinds or kind[:2] in options.kinds)
    if not kinds:
        sys.exit(f"no cases in {options.cases}: name their folder with --cases")
    with ProcessPoolExecutor(2) as pool:
        verdicts = [v for judged in pool.map(judge_kind, [(options.cases, kind) for kind in kinds]) for v in judged]
    for verdict in verdicts:
        if verdict.differences:
            print(f"{verdict.kind} {verdict.case} {verdict.note}: {'; '.join(verdict.differences)}")
    right = sum(not verdict.differences for verdict in verdicts)
    print(f"{right} of {len(verdicts)} cases read right: {right / len(verdicts):.1%}")
    sys.exit(right < len(verdicts))


if __name__ == "__main__":
    main()
