"""All commands, in the order of the help page: gathering, figures, quality."""

from __future__ import annotations

from collections.abc import Callable

from tenders.commands import (
    backfill,
    check,
    crawl,
    demo,
    evaluate,
    explain,
    export,
    ingest,
    portals,
    publish,
    pull,
    query,
    rebuild,
    reconcile,
    review,
    schedule,
    status,
    summary,
    verify,
)

COMMANDS: tuple[Callable[..., int], ...] = (
    check.check,
    crawl.crawl,
    backfill.backfill,
    ingest.ingest,
    rebuild.rebuild,
    portals.portals,
    status.status,
    schedule.schedule,
    demo.demo,
    summary.summary,
    query.query,
    export.export,
    publish.publish,
    verify.verify,
    pull.pull,
    explain.explain,
    evaluate.evaluate,
    reconcile.reconcile,
    review.review,
)
