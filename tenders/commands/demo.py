"""``tenders demo``."""

from __future__ import annotations

import typer

from tenders.commands.options import DataOption, data_dir
from tenders.console import DONE, INCOMPLETE


def demo(context: typer.Context, data: DataOption = None) -> int:
    """Crawl a small recorded world into DIR/demo, load it and print its month; needs no network.

    Example: tenders demo
    """
    from tenders.demo.demo import run_demo

    return DONE if run_demo(data_dir(context, data) / "demo") else INCOMPLETE
