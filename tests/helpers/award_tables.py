"""Tables of made-up awards as users keep them: CSV in the ways programs write it, and workbooks made by hand."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import duckdb

_PACKAGE = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    # Style 1 is a day, style 2 a day with a time.
    "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3">'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>',
}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def row(number: int, **changes: Any) -> dict[str, Any]:
    """One award; ``number`` tells awards apart."""
    made = {
        "project_number": f"MS-2025-{number:04d}",
        "project_name": f"某市第{number}中学大模型教学平台采购项目",
        "buyer": f"某市第{number}中学",
        "awarded_on": f"2025-07-{number % 28 + 1:02d}",
        "suppliers": f"某市甲{number}科技有限公司",
        "amount_yuan": f"{number + 10}5000.00",
    }
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def table(
    path: Path, rows: Sequence[dict[str, Any]], *, separator: str = ",", encoding: str = "utf-8", day: int = 1
) -> Path:
    """A CSV file that was last changed on that day of August 2026."""
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return written(path, text.getvalue().encode(encoding), day=day)


def written(path: Path, data: bytes | str, *, day: int = 1) -> Path:
    """A file with these bytes, last changed on that day of August 2026."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    changed = datetime.fromisoformat(f"2026-08-{day:02d}T12:00:00+08:00").timestamp()
    os.utime(path, (changed, changed))
    return path


def workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """An Excel workbook with these worksheets: texts, numbers, booleans, days and times as Excel stores them."""
    names = list(sheets)
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="s{n}"/>' for n, name in enumerate(names, 1))
    related = "".join(
        f'<Relationship Id="s{n}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in enumerate(names, 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PACKAGE.items():
            archive.writestr(name, text)
        whole = f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{listed}</sheets></workbook>'
        archive.writestr("xl/workbook.xml", whole)
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{related}'
            f'<Relationship Id="st" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
        )
        for n, name in enumerate(names, 1):
            rows = "".join(
                f'<row r="{y}">'
                + "".join(_cell(f"{chr(64 + x)}{y}", value) for x, value in enumerate(cells, 1))
                + "</row>"
                for y, cells in enumerate(sheets[name], 1)
            )
            sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            archive.writestr(f"xl/worksheets/sheet{n}.xml", sheet)
    return written(path, path.read_bytes())


def _cell(place: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        days = (moment - datetime(1899, 12, 30)).total_seconds() / 86400
        return f'<c r="{place}" s="{2 if isinstance(value, datetime) else 1}"><v>{days!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def ask(data: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of the published database."""
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        return con.execute(query).fetchall()
