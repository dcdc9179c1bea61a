"""``tenders reconcile``."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Annotated

import orjson
import typer

from tenders import console
from tenders.commands.options import DataOption, OutputOption, QueryFormat, data_dir
from tenders.console import DONE, INCOMPLETE
from tenders.data_folder import DataFolder

_COLUMNS = ("state", "line", "project", "buyer", "supplier", "amount_yuan", "award_key", "differs", "source_url")


def reconcile(
    context: typer.Context,
    list: Annotated[
        Path | None, typer.Argument(metavar="[LIST.csv]", help="Named awards; the shipped list if none")
    ] = None,
    definition: Annotated[
        str, typer.Option(metavar="NAME", help="The definition that says which months are known")
    ] = "market",
    format: Annotated[QueryFormat, typer.Option("--format", help="How to write it")] = QueryFormat.table,
    output: OutputOption = None,
    data: DataOption = None,
) -> int:
    """Say which awards that others name are in the database: found, differs, missing or uncovered.

    Exit code 1 if any differs or is missing.

    Example: tenders reconcile my-list.csv --format csv
    """
    from analysis.figures import definition as definitions
    from analysis.figures import named_awards as reconciling
    from pipelines.common.safe_text import escape_formula, printable
    from pipelines.common.text_tables import table
    from tenders.database import open_published

    folder = data_dir(context, data)
    names = reconciling.read_list(list)
    rules = definitions.load(definition, DataFolder(folder).definitions)
    with open_published(folder) as con:
        results = reconciling.reconcile(con, names, rules)
    counts = Counter(one.state for one in results)
    rows = [
        {
            "state": one.state,
            "line": one.named.line,
            "project": one.named.project,
            "buyer": one.named.buyer,
            "supplier": "; ".join(one.named.suppliers),
            "amount_yuan": None if one.named.amount_yuan is None else str(one.named.amount_yuan),
            "award_key": one.award_key,
            "differs": " ".join(one.differs),
            "source_url": one.named.source_url,
        }
        for one in results
    ]
    if format is QueryFormat.json:
        objects = [{**row, "differs": one.differs} for row, one in zip(rows, results, strict=True)]
        console.give(orjson.dumps(objects, option=orjson.OPT_INDENT_2).decode(), output)
    elif format is QueryFormat.csv:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for row in rows:
            writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in row.values()])
        console.give(out.getvalue(), output)
    else:
        shown = [
            [row["state"], printable(row["project"]), printable(row["supplier"]), row["amount_yuan"] or "—",
             row["differs"] or row["award_key"] or "—"]
            for row in rows
        ]  # fmt: skip
        heads = ["state", "project", "supplier", "amount_yuan", "award, or what differs"]
        known = counts["found"] + counts["differs"] + counts["missing"]
        words = ", ".join(f"{counts[state]} {state}" for state in ("found", "differs", "missing", "uncovered"))
        text = f"{table(heads, shown)}\n{words}; {counts['found']} of the {known} that coverage reaches"
        console.give(console.in_language(text), output)
    return INCOMPLETE if counts["differs"] or counts["missing"] else DONE
