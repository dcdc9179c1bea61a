"""``tenders query``."""

from __future__ import annotations

import sys
from typing import Annotated

import duckdb
import typer

from tenders import console
from tenders.commands.options import DataOption, OutputOption, QueryFormat, data_dir
from tenders.console import DONE, CommandError


def query(
    context: typer.Context,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One statement, or - to read it from stdin")],
    format: Annotated[QueryFormat, typer.Option("--format", help="How to write the rows")] = QueryFormat.table,
    output: OutputOption = None,
    data: DataOption = None,
) -> int:
    """Run SQL on the published database, read-only.

    Example: tenders query "SELECT * FROM monthly ORDER BY month" --format csv
    """
    from analysis.figures.definition import load_usable
    from analysis.views import catalog
    from analysis.warehouse import query as warehouse_query
    from tenders.data_folder import DataFolder
    from tenders.database import open_published

    folder = data_dir(context, data)
    own_definitions = DataFolder(folder).definitions
    statement = sys.stdin.read() if sql == "-" else sql
    with open_published(folder) as con:
        if own_definitions.is_dir():  # those of today, also before the next load publishes them
            catalog.create_definitions(con, load_usable(own_definitions, console.say), temporary=True)
        try:
            rows = warehouse_query.run(con, statement, format.value)
        except (duckdb.Error, ValueError) as error:
            raise CommandError(f"the query fails: {console.first_line(error)}") from error
        console.give(rows, output)
    return DONE
