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
from tests.helpers.market import Market


def publish_market(market: Market, target: Path, settings: PublishSection | None = None) -> int:
    """Write or update the publication of a market, as ``tenders publish`` does. Returns how many files were written."""
    staged = target.with_name(f"{target.name}.part")
    staged.mkdir()
    selection.copy_selection(market.con, staged / publish.DATABASE, None, None, version.STORAGE)
    folder = DataFolder(target.with_name("no data"))
    publish.write_files(folder, staged, target, settings or PublishSection(), None, None, None)
    written = checksums.update(staged, target)
    shutil.rmtree(staged)
    return written
