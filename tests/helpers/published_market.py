"""A made-up market as a publication, without a data folder and its store."""

from __future__ import annotations

import shutil
from pathlib import Path

from analysis.publication import selection
from pipelines.storage import version
from tenders.config.models import PublishSection
from tenders.data_folder import DataFolder
from tenders.files import checksums
from tenders.jobs import publish
from tenders.jobs.published_manifest import Statements
from tests.helpers.market import Market


def publish_market(market: Market, target: Path, settings: PublishSection | None = None) -> int:
    """Write or update the publication of a market, as ``tenders publish`` does. Returns how many files were written."""
    staged = target.with_name(f"{target.name}.part")
    staged.mkdir()
    selection.copy_selection(market.con, staged / publish.DATABASE, None, None, version.STORAGE)
    folder = DataFolder(target.with_name("no data"))
    settings = settings or PublishSection()
    stated = Statements(licence=settings.licence, origin=settings.origin, url=settings.url, since=None, until=None)
    publish.write_files(folder, staged, target, stated, None)
    written = checksums.update(staged, target)
    shutil.rmtree(staged)
    return written
