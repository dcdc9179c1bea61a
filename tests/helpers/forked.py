"""The command in a process that a test may kill: a fork of a server that has imported the tool, so it starts at once."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from multiprocessing.context import ForkServerProcess
from pathlib import Path


def start_command(
    *arguments: str | Path, dies_in: str = "", dies: str = "after", errors: Path | None = None
) -> ForkServerProcess:
    """Start the command. It dies at once, as by ``kill -9``, in the function ``dies_in``, before or after its work.

    ``errors``: a new file for what it writes to its standard error.
    """
    return _start(_run, [str(argument) for argument in arguments], dies_in, dies, errors)


def start_function(
    function: Callable[..., object], *arguments: object, dies_in: str, dies: str = "after"
) -> ForkServerProcess:
    """Like ``start_command``, for a function of a module."""
    return _start(_call, function, arguments, dies_in, dies)


def exit_code(process: ForkServerProcess) -> int:
    """Wait for the end of the process and return its exit code, -9 after ``kill -9``."""
    process.join(120)
    assert process.exitcode is not None, "it did not end"
    return process.exitcode


def _start(target: Callable[..., None], *arguments: object) -> ForkServerProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.helpers.ready_process"])
    process = context.Process(target=target, args=arguments)
    process.start()
    return process


def _call(function: Callable[..., object], arguments: Sequence[object], dies_in: str, dies: str) -> None:
    _let_die(dies_in, dies)
    function(*arguments)


def _run(arguments: list[str], dies_in: str, dies: str, errors: Path | None) -> None:
    os.setsid()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT, 0o600) if errors else null, 2)
    from tenders import cli

    if dies_in:
        _let_die(dies_in, dies)
    sys.argv = ["tenders", *arguments]
    cli.main()


def _let_die(path: str, when: str) -> None:
    owner, name = path.rsplit(".", 1)
    try:
        holder = import_module(owner)
    except ModuleNotFoundError:
        module, kind = owner.rsplit(".", 1)
        holder = getattr(import_module(module), kind)
    original = getattr(holder, name)

    def dying(*args: object, **options: object) -> None:
        if when == "after":
            original(*args, **options)
        os.kill(os.getpid(), 9)

    setattr(holder, name, dying)
    for loaded in list(sys.modules.values()):  # those that have imported the function
        for known_as, value in list(getattr(loaded, "__dict__", {}).items()):
            if value is original:
                setattr(loaded, known_as, dying)
