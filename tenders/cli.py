"""The command line ``tenders``: its global options and its commands. Each command is in ``tenders.commands``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tenders import console
from tenders.commands.options import DATA_HELP
from tenders.commands.registry import COMMANDS

app = typer.Typer(
    name="tenders",
    help=(
        "An open tracker of China's large-model (大模型) procurement awards.\n\n"
        "Example: tenders summary --month 2026-07"
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in COMMANDS:
    app.command()(command)


@app.callback()
def set_global_options(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", envvar="TENDERS_DATA", help=DATA_HELP)] = None,
) -> None:
    context.obj = data or Path("data")


def main() -> None:
    """Run the command of ``sys.argv`` and exit with its code."""
    sys.exit(console.run(app))
