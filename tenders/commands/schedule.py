"""``tenders schedule``."""

from __future__ import annotations

from typing import Annotated

import typer

from tenders.commands.options import ConfigOption, DataOption, data_dir
from tenders.console import DONE, INCOMPLETE


def schedule(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Crawl what is missing now, then stop: for cron")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> int:
    """Run the scheduled crawls until stopped, and announce new awards.

    With --once, exit code 1 if a crawl was incomplete.

    Example: tenders schedule --config tenders.toml
    """
    from tenders.config import project as configuration
    from tenders.scheduling.scheduler import Schedule

    folder = data_dir(context, data)
    plan = Schedule(configuration.load(config, folder), folder)
    if once:
        return DONE if plan.run_once() else INCOMPLETE
    plan.run()
    return DONE
