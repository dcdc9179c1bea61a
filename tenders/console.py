"""How the command line behaves.

Results go to stdout, everything else to stderr. An error is one line. An output file is written completely or not at
all.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import typer
from filelock import Timeout
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from typer.exceptions import TyperException

from pipelines.common import atomic_files, safe_text
from pipelines.model import Rejected
from tenders.errors import CommandError as CommandError
from tenders.language import Language, asked_language, environment_language
from tenders.texts import help_pages
from tenders.texts.translator import chinese

# Exit codes.
DONE, INCOMPLETE, WRONG_USAGE = 0, 1, 2
# What Typer returns after Ctrl-C.
_INTERRUPTED = 130
_FOLDER_OF_DUCKDB = re.compile(r'"([^"]+)": Is a directory')


def run(app: typer.Typer) -> int:
    """Run the command of ``sys.argv`` and return its exit code. No error shows a traceback without TENDERS_DEBUG."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_InLanguage("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    _reader.language = asked_language(sys.argv[1:]) or "en"
    try:
        _reader.language = asked_language(sys.argv[1:]) or environment_language()
        help_pages.set_titles(chinese() if _reader.language == "zh" else None)
        code = _command(app, _reader.language)(standalone_mode=False)
    except TyperException as error:
        text = error.format_message().rstrip(".").replace("Value error, ", "")  # says nothing to a user
        return _fail(error, f"{text}; see tenders --help", WRONG_USAGE)
    except (CommandError, ValueError) as error:
        return _fail(error, str(error), WRONG_USAGE)
    except Timeout as error:
        return _fail(error, "another command is loading into this data folder: try again in a moment", WRONG_USAGE)
    except duckdb.IOException as error:
        folder = _FOLDER_OF_DUCKDB.search(str(error))
        text = _in_the_way(folder[1]) if folder else f"cannot read or write the database: {first_line(error)}"
        return _fail(error, text, WRONG_USAGE)
    except duckdb.OutOfMemoryException as error:
        text = f"not enough memory ({first_line(error)}): nothing is lost, free some and run it again"
        return _fail(error, text, INCOMPLETE)
    except duckdb.Error as error:
        text = f"the database cannot be used ({first_line(error)}): tenders rebuild makes a new one from the archive"
        return _fail(error, text, WRONG_USAGE)
    except IsADirectoryError as error:
        return _fail(error, _in_the_way(error.filename2 or error.filename or first_line(error)), WRONG_USAGE)
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        return _fail(error, f"cannot read or write{place}: {error.strerror or error}", WRONG_USAGE)
    except Exception as error:  # noqa: BLE001 - a bug is reported in one line too
        text = f"unexpected {type(error).__name__}: {first_line(error)}; set TENDERS_DEBUG=1 to see where"
        return _fail(error, text, INCOMPLETE)
    if code == _INTERRUPTED:
        say("stopped; what was read so far is kept, run the same command again to continue")
        return INCOMPLETE
    return code if isinstance(code, int) else DONE


@dataclass(slots=True)
class _Reader:
    """Who reads what the running command writes."""

    language: Language = "en"


_reader = _Reader()


@cache
def _command(app: typer.Typer, language: Language) -> Any:
    """Return the command with all its options. Typer makes it again with every call of ``app``, and that is slow."""
    command = typer.main.get_command(app)
    help_pages.add_language_option(command)
    if language == "zh":
        help_pages.translate(command, chinese())
    return command


def reader_language() -> Language:
    """Return the language of the running command: --lang, else what the environment says."""
    return _reader.language


def in_language(report: str) -> str:
    """Return a report for people in the language of the running command; reports are written in English."""
    return chinese().report(report) if _reader.language == "zh" else report


class _InLanguage(logging.Formatter):
    """Writes warnings in the language of the running command."""

    def format(self, record: logging.LogRecord) -> str:
        return in_language(super().format(record))


def say(text: str) -> None:
    """Write one line to stderr."""
    print(in_language(text), file=sys.stderr, flush=True)


def say_problems(first_problems: Mapping[str, tuple[Rejected, int]], problems: int) -> None:
    """Write what could not be read, one line for each file or address (see ``ReadReport``)."""
    for source, (first, count) in first_problems.items():
        place = f"{source}:{first.line}" if first.line else source
        more = f" (and {count - 1:,} more lines of this file: see tenders status)" if count > 1 else ""
        say(f"{place}: {first.reason}{more}")
    rest = problems - sum(count for _, count in first_problems.values())
    if rest:
        say(f"… and {rest:,} more: see tenders status")


def give(text: str, output: Path | None, *, for_excel: bool = False) -> None:
    """Write a result to stdout, or atomically to the file ``output``.

    With ``for_excel`` the file begins with the mark by which Excel knows UTF-8 (BOM).
    """
    if not text.endswith("\n"):
        text += "\n"
    if output is None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader has seen enough, as in: tenders query … | head
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    with replacing(output) as draft:
        draft.write_text(text, "utf-8-sig" if for_excel else "utf-8", newline="")


@contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """Yield a draft path that replaces ``output`` when the block ends without an error.

    Raises CommandError if ``output`` cannot be written.
    """
    if not output.parent.is_dir():
        raise CommandError(f"cannot write {output}: there is no folder {output.parent}")
    try:
        with atomic_files.replacing(output) as draft:
            yield draft
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or first_line(error)
        raise CommandError(f"cannot write {output}: {reason}") from error


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], None]]:
    """Yield a function that shows a count on stderr; on anything but a terminal it shows nothing."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:,}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda count: bar.update(task, completed=count)


@contextmanager
def progress_bar() -> Iterator[Callable[[float, str], None] | None]:
    """Yield a function that shows a share (0 to 1) and a text on stderr; None on anything but a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (BarColumn(20), TextColumn("{task.percentage:.0f} % {task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=in_language(text))


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message."""
    return safe_text.first_line(error, "no message")


def _in_the_way(folder: str) -> str:
    return f"{folder} is a folder, but a file belongs there: move the folder away and run the same command again"


def _fail(error: BaseException, text: str, code: int) -> int:
    if os.environ.get("TENDERS_DEBUG"):
        raise error
    line = " ".join(text.split())
    say(f"tenders: {line}")
    return code
