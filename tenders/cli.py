"""The command line ``tenders``: its global options and its commands. Each command is in ``tenders.commands``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tenders import console
from tenders.commands.options import DATA_HELP, GlobalOptions, LangOption
from tenders.commands.registry import COMMANDS
from tenders.version import VERSION

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


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tenders {VERSION}")
        raise typer.Exit


@app.callback()
def set_global_options(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", envvar="TENDERS_DATA", help=DATA_HELP)] = None,
    lang: LangOption = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help="Print the name and the version, and end"
        ),
    ] = False,
) -> None:
    context.obj = GlobalOptions(data, lang)


def main() -> None:
    """Run the command of ``sys.argv`` and exit with its code."""
    if sys.platform == "win32":
        # Signals, file locks and the replacing of open files work otherwise there, so data could be lost.
        console.say("tenders needs Linux or macOS: on Windows use WSL or the container, see docs/install.md")
        sys.exit(console.WRONG_USAGE)
    sys.exit(console.run(app))
