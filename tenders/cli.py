"""The command ``tenders``: what stands in the contract, and nothing else. The commands are in ``tenders.commands``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tenders import console
from tenders.commands import gather, judge, show
from tenders.options import DATA_HELP

app = typer.Typer(
    name="tenders",
    help="An open tracker of China's large-model (大模型) procurement awards.\n\nExample: tenders summary --month 2026-07",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (gather, show, judge):
    app.add_typer(group.app)


@app.callback()
def globally(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", envvar="TENDERS_DATA", help=DATA_HELP)] = None,
) -> None:
    context.obj = data or Path("data")


def main() -> None:
    """The console script."""
    sys.exit(console.run(app))
