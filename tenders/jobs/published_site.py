"""The site of a publication: its pages, and a feed of the newest awards in each language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from analysis.publication.site import pages
from analysis.publication.site.latest import in_words, latest_awards
from analysis.rendering.locale import Locale
from tenders.notify import atom

_ENTRIES = 100  # awards in a feed


def write_site(con: duckdb.DuckDBPyConnection, folder: Path, target: Path, manifest: Mapping[str, Any]) -> None:
    """Write the site of the published data in ``folder`` below ``target``. The same data gives the same bytes.

    ``con`` is the published database, or one that was filled from the published files.
    """
    pages.write(con, folder, target, manifest)
    awards = latest_awards(con, _ENTRIES)
    for language in pages.LANGUAGES:
        locale = Locale(language)
        home = pages.folder_of(language)
        base = f"{manifest['url']}{home}" if manifest.get("url") else ""
        entries = [
            atom.Entry(
                award.award_key,
                award.name,
                in_words(award, locale),
                award.changed_at,
                [f"{base}{pages.award_page(award.month, award.award_key)}"],
            )
            for award in awards
        ]
        about = atom.About(
            key=f"site:{manifest['origin']}:{language}",
            title=locale.text("site_title"),
            language="zh-CN" if locale.is_chinese else "en",
            author=manifest["origin"],
            page=f"{base}index.html",
            own_address=f"{base}{pages.FEED}" if base else None,
        )
        (target / home / pages.FEED).write_bytes(atom.render_feed(entries, about))
