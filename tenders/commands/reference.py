"""The reference page of the commands: ``python -m tenders.commands.reference > docs/reference/commands.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import typer

from tenders.commands.registry import COMMANDS

_HEAD = """# Commands

Generated from the files in `tenders/commands/` by `python -m tenders.commands.reference`. Do not edit.

`tenders COMMAND --help` shows the same. Results go to stdout; progress, notes and errors go to stderr. An error is one
line that says what to do; `TENDERS_DEBUG=1` shows where it came from. `--data DIR`, or `TENDERS_DATA`, names the data
folder, before or after the command; the default is `data/`.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | finished, but something is incomplete; stderr says what |
| 2 | wrong usage or unreadable input; nothing was changed |
"""


def commands_page() -> str:
    """Return the reference page as Markdown."""
    app = typer.Typer()
    for function in COMMANDS:
        app.command()(function)
    group: Any = typer.main.get_command(app)
    parts = [_HEAD]
    for name, command in group.commands.items():
        parts += [
            f"## `tenders {name}`",
            "",
            *_help(command.help),
            *_arguments(command.params),
            *_options(command.params),
        ]
    return "\n".join(parts)


def _help(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; the last one has the examples, one per line as ``when: command``."""
    *paragraphs, examples = text.split("\n\n")
    for paragraph in paragraphs:
        yield from (" ".join(paragraph.split()), "")
    yield "```sh"
    for line in examples.splitlines():
        when, _, command = line.partition(": ")
        yield command if when == "Example" else f"{command}  # {when[0].lower()}{when[1:]}"
    yield from ("```", "")


def _arguments(parameters: list[Any]) -> Iterator[str]:
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    if not arguments:
        return
    yield from ("| argument | needed | meaning |", "|---|---|---|")
    for argument in arguments:
        yield f"| `{_escaped(argument.metavar)}` | {'yes' if argument.required else 'no'} | {_escaped(argument.help)} |"
    yield ""


def _options(parameters: list[Any]) -> Iterator[str]:
    yield from ("| option | value | default | meaning |", "|---|---|---|---|")
    for option in parameters:
        if option.param_type_name == "option":
            names = ", ".join(f"`{name}`" for name in option.opts)
            meaning = option.help + (f" (or `{option.envvar}`)" if option.envvar else "")
            yield f"| {names} | {_value(option)} | {_default(option)} | {_escaped(meaning)} |"
    yield ""


def _value(option: Any) -> str:
    """Return what follows an option: its metavariable or its choices; nothing for a flag."""
    if option.is_flag:
        return ""
    kind = option.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return ", ".join(f"`{choice.value}`" for choice in kind)
    return f"`{option.metavar}`"


def _default(option: Any) -> str:
    if option.required:
        return "required"
    if option.default is None or option.is_flag:
        return ""
    return f"`{option.default}`"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")


if __name__ == "__main__":
    sys.stdout.write(commands_page())
