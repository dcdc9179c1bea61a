"""How the command line behaves: results to stdout, the rest to stderr, an error in one line, files whole or not at all."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import typer
from filelock import Timeout
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from typer.exceptions import TyperException

from tenders.archive.records import Rejected

DONE, INCOMPLETE, WRONG = 0, 1, 2
# What Typer gives for Ctrl-C.
_INTERRUPTED = 130


class CommandError(Exception):
    """Wrong usage or unreadable input, nothing changed: one line that says what to do (exit code 2)."""


def run(app: typer.Typer) -> int:
    """Run the command of ``sys.argv`` and give its exit code; no error ends in a traceback (TENDERS_DEBUG=1 shows it)."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        code = app(standalone_mode=False)
    except TyperException as error:
        return _failed(error, f"{error.format_message().rstrip('.')}; see tenders --help", WRONG)
    except (CommandError, ValueError) as error:
        return _failed(error, str(error), WRONG)
    except Timeout as error:
        return _failed(error, "another command is loading into this data folder: try again in a moment", WRONG)
    except duckdb.IOException as error:
        return _failed(error, f"cannot read or write the database: {_first_line(error)}", WRONG)
    except duckdb.Error as error:
        return _failed(
            error, f"the database cannot be used ({_first_line(error)}): tenders rebuild makes it anew", WRONG
        )
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        return _failed(error, f"cannot read or write{where}: {error.strerror or error}", WRONG)
    except Exception as error:  # noqa: BLE001 - a bug is told in one line too
        told = f"unexpected {type(error).__name__}: {_first_line(error)}; set TENDERS_DEBUG=1 to see where"
        return _failed(error, told, INCOMPLETE)
    if code == _INTERRUPTED:
        say("stopped; what was read so far is kept, run the same command again to go on")
        return INCOMPLETE
    return code if isinstance(code, int) else DONE


def say(text: str) -> None:
    """One line to stderr."""
    print(text, file=sys.stderr, flush=True)


def give(text: str, output: Path | None) -> None:
    """A result to stdout, or to ``output``, which then holds all of it or what it held before."""
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
        draft.write_text(text, "utf-8", newline="")


@contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """A path beside ``output`` to write to; it takes the place of ``output`` when the block ends well."""
    if not output.parent.is_dir():
        raise CommandError(f"cannot write {output}: there is no folder {output.parent}")
    draft = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(draft, output)
    except (OSError, duckdb.IOException) as error:
        raise CommandError(
            f"cannot write {output}: {getattr(error, 'strerror', None) or _first_line(error)}"
        ) from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], None]]:
    """A counter of pages on stderr, shown on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda pages: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:,}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda pages: bar.update(task, completed=pages)


def tell_problems(told: dict[str, tuple[Rejected, int]], problems: int) -> None:
    """What could not be read, one line for each file or address."""
    for source, (first, count) in told.items():
        place = f"{source}:{first.line}" if first.line else source
        more = f" (and {count - 1:,} more lines of this file: see tenders status)" if count > 1 else ""
        say(f"{place}: {first.reason}{more}")
    rest = problems - sum(count for _, count in told.values())
    if rest:
        say(f"… and {rest:,} more: see tenders status")


def as_day(name: str, text: str | None) -> date | None:
    """A day as people write it on a command line."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{name} {text!r} is not a day: write it like 2025-07-31") from None


def as_month(text: str) -> str:
    """A month as people write it on a command line."""
    try:
        date.fromisoformat(f"{text}-01")
    except ValueError:
        raise CommandError(f"month {text!r} is not a month: write it like 2025-07") from None
    return text


def _failed(error: BaseException, told: str, code: int) -> int:
    if os.environ.get("TENDERS_DEBUG"):
        raise error
    say(f"tenders: {' '.join(told.split())}")
    return code


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or "no message").splitlines()[0]
