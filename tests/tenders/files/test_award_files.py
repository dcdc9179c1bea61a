"""Award tables as files: all formats of common programs are read, and unreadable rows are reported by line."""

from __future__ import annotations

import gzip
import io
import re
import shlex
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.award_rows import read_cells
from pipelines.model import Page, Rejected
from pipelines.storage.store import PageKeys
from tenders.files import award_tables
from tenders.jobs.ingest import ingest_files
from tests.helpers.award_tables import ask, row, table, workbook, written
from tests.helpers.storing import capture, quarantine, tenders
from tests.paths import ROOT

_DOCUMENT = (ROOT / "docs" / "awards.md").read_text("utf-8")


def read_rows(path: Path) -> tuple[list[Page], list[Rejected]]:
    """Return the readable and the rejected rows of a file."""
    items = list(award_tables.pages(path, award_tables.EarlierPages(PageKeys(), ()), lambda line: None))
    return [item for item in items if isinstance(item, Page)], [item for item in items if isinstance(item, Rejected)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_of_every_program_give_the_same_awards(tmp_path: Path, encoding: str, separator: str) -> None:
    given = [row(1, suppliers="甲,乙（联合体）; 丙有限公司"), row(2, province="广东")]
    turned = [dict(reversed(made.items())) for made in given]
    pages, _ = read_rows(table(tmp_path / "one.csv", given, separator=separator, encoding=encoding))
    assert len(pages) == 2
    assert read_rows(table(tmp_path / "other.csv", turned))[0] == pages


def test_days_numbers_and_booleans_of_a_workbook_keep_their_types(tmp_path: Path) -> None:
    head = [
        "Project Number",
        *"project_name buyer awarded_on suppliers amount_yuan is_large_model first_seen_at".split(),
    ]
    cells = [20250701, "某大模型项目", "某市税务局", date(2025, 7, 1), "甲公司\n乙公司", 12345.6, True]
    cells.append(datetime(2025, 7, 2, 9, 30))
    source = workbook(tmp_path / "mine.xlsx", notes=[["not this one"]], awards=[["Awards of 2025"], [], head, cells])
    report = ingest_files([source], tmp_path / "data")
    assert (report.notices, report.problems) == (1, 0)
    fields = "project_number, awarded_on, suppliers, amount_yuan, is_large_model, CAST(first_seen_at AS VARCHAR)"
    assert ask(tmp_path / "data", f"SELECT {fields} FROM awards") == [
        ("20250701", date(2025, 7, 1), ["甲公司", "乙公司"], Decimal("12345.60"), True, "2025-07-02 09:30:00+08")
    ]


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("12,345.60", "12345.60"),
        ("￥1,234,567", "1234567.00"),
        ("1.2万", "12000.00"),
        ("0.0135亿元", "1350000.00"),
        ("壹佰贰拾万元整", "1200000.00"),
        ("", None),
        ("0", None),
        ("0.00", None),
        ("/", None),
        ("未披露", None),
        ("下浮率3.5%", None),
        ("12元/人", None),
    ],
)
def test_an_amount_is_a_sum_in_yuan_or_undisclosed(written: str, yuan: str | None) -> None:
    assert read_cells(row(1, amount_yuan=written)).amount.yuan == (Decimal(yuan) if yuan else None)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("甲公司; 乙公司；丙公司、丁公司", ("甲公司", "乙公司", "丙公司", "丁公司")),
        ("Foo Co., Ltd.\n乙公司", ("Foo Co., Ltd.", "乙公司")),
        ('["甲公司", "乙公司"]', ("甲公司", "乙公司")),
        ("甲公司（北京）;甲公司(北京);;无", ("甲公司（北京）",)),
        ("'@甲公司", ("@甲公司",)),
    ],
)
def test_a_list_of_names_is_split_without_duplicates(written: str, names: tuple[str, ...]) -> None:
    assert read_cells(row(1, suppliers=written)).suppliers == names


REFUSED = {
    "amount_yuan is no sum of money: '12.345,60'": {"amount_yuan": "12.345,60"},
    "amount_yuan is no sum of money: '-5000'": {"amount_yuan": "-5000"},
    "amount_yuan is no sum of money: '500 USD'": {"amount_yuan": "500 USD"},
    "amount_yuan is no sum of money: '99999999999999'": {"amount_yuan": "99999999999999"},
    "awarded_on is missing": {"awarded_on": ""},
    "awarded_on is no day: '7/1/2025'": {"awarded_on": "7/1/2025"},
    "awarded_on is no day: '2025-02-30'": {"awarded_on": "2025-02-30"},
    "suppliers is missing": {"suppliers": " ; "},
    "suppliers is not a list": {"suppliers": "[甲, 乙]"},
    "neither project_name nor project_number": {"project_name": "", "project_number": "/"},
    "status is none of awarded, candidate, void: 'won'": {"status": "won"},
    "is_large_model is neither true nor false: 'maybe'": {"is_large_model": "maybe"},
    "project_type is none of compute, application, model, data: 'gpu'": {"project_type": "gpu"},
    "sector is none of education_research": {"sector": "军工"},
    "province is none: 'Atlantis'": {"province": "Atlantis"},
    "relevance is no number from 0 to 1: '98%'": {"relevance": "98%"},
    "first_seen_at is no time: 'May'": {"first_seen_at": "May"},
    "vendors names 2 groups, and there are 1 suppliers": {"vendors": "华为; 阿里"},
    "disclosed says false, and amount_yuan is 125000.00": {"disclosed": "false"},
    "buyer is longer than 500 characters": {"buyer": "局" * 501},
}


@pytest.mark.parametrize("reason", list(REFUSED))
def test_an_unreadable_row_is_quarantined_with_its_line_and_the_rest_is_imported(tmp_path: Path, reason: str) -> None:
    every_column = dict.fromkeys(REFUSED[reason], "") | row(1)
    source = table(tmp_path / "mine.csv", [every_column, row(2) | REFUSED[reason], row(3)])
    pages, [refused] = read_rows(source)
    assert [page.title for page in pages] == [row(1)["project_name"], row(3)["project_name"]]
    assert (refused.source, refused.line) == (str(source), 3)
    assert refused.reason.startswith(reason)
    assert "\n" not in refused.reason


@pytest.mark.long
def test_an_unreadable_row_stays_in_quarantine_until_the_file_is_corrected(tmp_path: Path) -> None:
    source = table(tmp_path / "mine.csv", [row(1), row(2, suppliers=""), row(3, awarded_on="")])
    result = tenders("ingest", source, "--data", tmp_path / "data")
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        f"{source}:3: suppliers is missing: an award with status awarded has one at least"
        " (and 1 more lines of this file: see tenders status)",
        "1 pages read, 1 notices, 2 problems",
    ]
    assert [line for _, line, _ in quarantine(tmp_path / "data")] == [3, 4]
    ingest_files([table(source, [row(1), row(2), row(3)], day=2)], tmp_path / "data")
    assert quarantine(tmp_path / "data") == []
    assert ask(tmp_path / "data", "SELECT count(*) FROM awards") == [(3,)]


def test_a_misplaced_quotation_mark_affects_only_its_row(tmp_path: Path) -> None:
    lines = ["project_name,awarded_on,suppliers", '"某项目,2025-07-01,甲公司']
    lines += [f"某大模型项目{n},2025-07-0{n},甲公司" for n in range(1, 6)]
    lines += [
        '某项目,2025-07-01,"甲"公司',
        "某项目,2025-07-01,甲公司,12,345.60",
        '"某大模型项目\n（六）",2025-07-06,"甲公司"',
    ]
    pages, refused = read_rows(written(tmp_path / "mine.csv", "\n".join(lines)))
    assert [page.title for page in pages] == [*(f"某大模型项目{n}" for n in range(1, 6)), "某大模型项目 （六）"]
    assert [item.line for item in refused] == [2, 8, 9]


def test_a_damaged_character_affects_only_its_row(tmp_path: Path) -> None:
    source = table(tmp_path / "mine.csv", [row(n) for n in range(1, 9)])
    written(source, source.read_bytes().replace("第3中学大".encode(), b"\xb5\xda3"))
    pages, [refused] = read_rows(source)
    assert [page.title for page in pages] == [row(n)["project_name"] for n in (1, 2, 4, 5, 6, 7, 8)]
    assert (refused.line, refused.reason) == (4, "it holds bytes that are not UTF-8")


def test_contradicting_rows_of_one_award_are_reported_and_duplicates_are_merged(tmp_path: Path) -> None:
    pages, [refused] = read_rows(table(tmp_path / "mine.csv", [row(1), row(1), row(1, amount_yuan="99"), row(2)]))
    assert [page.title for page in pages] == [row(1)["project_name"], row(2)["project_name"]]
    assert refused.line == 4
    assert refused.reason == "the award of line 2 again, and it says something else: make them one row"


def test_a_truncated_compressed_table_gives_its_complete_rows(tmp_path: Path) -> None:
    complete = gzip.compress(table(tmp_path / "mine.csv", [row(n) for n in range(400)]).read_bytes())
    pages, [refused] = read_rows(written(tmp_path / "cut.csv.gz", complete[: len(complete) // 2]))
    assert 100 < len(pages) < 300
    assert refused.reason.startswith("the gzip data is cut short")


def test_a_table_in_a_folder_is_read_only_if_it_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    table(folder / "mine.csv", [row(1)])
    assert "holds no capture file or WARC" in tenders("ingest", folder, "--data", tmp_path / "data").stderr
    capture(folder / "a.jsonl", [b"no json"])
    assert ingest_files([folder], tmp_path / "data").pages == 0


def test_unknown_columns_are_reported_in_one_line_and_skipped(tmp_path: Path) -> None:
    source = table(tmp_path / "mine.csv", [row(1, 备注="急", 电话="13800000000")])
    result = tenders("ingest", source, "--data", tmp_path / "data")
    assert result.returncode == 0
    assert result.stderr.splitlines() == [
        f"{source}: left out, since awards have no such column: 备注, 电话",
        "1 pages read, 1 notices, 0 problems",
    ]


def with_a_stray_cell(source: Path, *, hidden: bool = False) -> bytes:
    """A workbook with a cell in the last corner; ``hidden``: in a worksheet of another name, with another tag."""
    far = io.BytesIO()
    with zipfile.ZipFile(source) as complete, zipfile.ZipFile(far, "w") as moved:
        for name in complete.namelist():
            content = complete.read(name).replace(b'"F2"', b'"XFD1048576"')
            if hidden:
                content = content.replace(b'<c r="XFD', b'<c s="0" r="XFD').replace(b"worksheets/sheet1", b"odd/one")
                name = name.replace("worksheets/sheet1", "odd/one")
            moved.writestr(name, content)
    return far.getvalue()


def test_a_file_without_awards_changes_nothing_and_reports_the_expected_columns(tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", a=[list(row(1)), list(row(1).values())])
    expected = (
        "its first line has to name the columns, project_name or project_number, awarded_on and suppliers among them"
    )
    files = {
        "empty.csv": (b"", expected),
        "other.csv": (b"title;link\nx;y", expected),
        "notes.xlsx": (workbook(tmp_path / "notes.xlsx", a=[["a"]]).read_bytes(), expected),
        "noise.csv": (bytes(range(256)) * 99, expected),
        "twice.csv": (b"buyer,buyer,project_name,awarded_on,suppliers", "two of its columns are called buyer"),
        "text.xlsx": (b"no workbook", "it is no workbook of Excel, or damaged"),
        "cut.xlsx": (good.read_bytes()[:900], "it is no workbook of Excel, or damaged"),
        "far.xlsx": (with_a_stray_cell(good), "its cells reach to row 1,048,576 and column 16,384"),
        "odd.xlsx": (with_a_stray_cell(good, hidden=True), "its cells reach to row 1,048,576 and column 16,384"),
        "old.xls": (b"\xd0\xcf\x11\xe0", "it is in the old format of Excel, or has a password"),
        "locked.xlsx": (b"\xd0\xcf\x11\xe0", "it is in the old format of Excel, or has a password"),
    }
    fine = table(tmp_path / "fine.csv", [row(1)])
    for name, (data, reason) in files.items():
        result = tenders("ingest", fine, written(tmp_path / name, data), "--data", tmp_path / "data")
        assert result.returncode == 2, name
        [line] = result.stderr.splitlines()
        assert str(tmp_path / name) in line
        assert reason in line
        assert not (tmp_path / "data").exists()


def test_the_table_and_commands_of_the_documentation_work(tmp_path: Path) -> None:
    made, commands, shown = re.findall(
        r"```(?:csv|sh|)\n(.*?)```", _DOCUMENT.split("## Your own awards")[1], re.DOTALL
    )[:3]
    written(tmp_path / "my-awards.csv", made)
    for command in commands.splitlines():
        result = tenders(*shlex.split(command)[1:], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
        assert result.returncode == 0, result.stderr
    assert [line.rstrip() for line in result.stdout.splitlines()[:-1]] == shown.splitlines()
