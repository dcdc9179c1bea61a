"""The pages of a publication: the text of each notice without contact data, as WARC files by month.

The text is the one that the notice was read from (column ``body``). Reading it again gives the published fields; a page
for which it does not is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import duckdb

from pipelines.common.rows import dict_rows
from pipelines.model import Notice, Page, Rejected
from pipelines.process import process
from pipelines.storage.keys import page_key
from tenders import portals
from tenders.archive.reader import read_pages
from tenders.archive.records import page_record

FOLDER = "pages"
_FIELDS = (
    "kind", "published_on", "project_number", "project_name", "buyer", "agency", "province", "is_large_model",
    "project_type", "sector",
)  # fmt: skip
# The notices of the chosen awards, each version with its page and what is compared.
_NOTICES = f"""
    SELECT
        n.notice_key, n.version, n.portal, n.url, n.title, n.first_seen_at, n.body,
        {", ".join(f"n.{name}" for name in _FIELDS)},
        coalesce(m.file_month, 'undated') AS file_month, coalesce(l.lots, []) AS lots,
        coalesce(w.winners, []) AS winners
    FROM {{notices}} AS n
    LEFT JOIN (
        SELECT notice_key, strftime(published_on, '%Y-%m') AS file_month FROM {{notices}} WHERE is_latest
    ) AS m USING (notice_key)
    LEFT JOIN (
        SELECT notice_key, version, list(amount_yuan ORDER BY lot_seq) AS lots FROM lots GROUP BY ALL
    ) AS l USING (notice_key, version)
    LEFT JOIN (
        SELECT notice_key, version, list(supplier ORDER BY lot_seq, seq) AS winners FROM winners GROUP BY ALL
    ) AS w USING (notice_key, version)
    WHERE {{condition}}
    ORDER BY file_month, n.notice_key, n.version
"""
_OF_CHOSEN_AWARDS = """
    coalesce(n.body, '') <> '' AND n.notice_key IN (
        SELECT unnest(notice_keys) FROM awards WHERE award_key IN (SELECT award_key FROM chosen_awards)
    )
"""


@dataclass(frozen=True, slots=True)
class WrittenPages:
    """How many pages were written, and how many were left out because their text alone gives other fields."""

    written: int
    left_out: int


def write_pages(store: duckdb.DuckDBPyConnection, folder: Path) -> WrittenPages:
    """Write the pages of the awards in ``chosen_awards`` below ``folder``, one file for each month of publication."""
    written = left_out = 0
    query = _NOTICES.format(notices="main.notices", condition=_OF_CHOSEN_AWARDS)
    for month, rows in groupby(list(dict_rows(store.execute(query))), key=lambda row: row["file_month"]):
        records = []
        for row in rows:
            page = _page_of(row)
            if differing_fields(page, row):
                left_out += 1
            else:
                records.append(page_record(page, uuid5(NAMESPACE_URL, page_key(page))))
        if records:
            path = folder / FOLDER / f"{month}.warc.gz"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(records))
            written += len(records)
    return WrittenPages(written, left_out)


def differing_pages(con: duckdb.DuckDBPyConnection, folder: Path, month: str | None) -> Iterator[str]:
    """Read the published pages again and yield one line for each published notice that differs."""
    published = list(dict_rows(con.execute(_NOTICES.format(notices="notices", condition="true"))))
    for path in sorted((folder / FOLDER).glob(f"{month or '*'}.warc.gz")):
        rows = {
            (row["notice_key"], row["first_seen_at"]): row
            for row in published
            if row["file_month"] == path.name.partition(".")[0]
        }
        for page in read_pages(path):
            if isinstance(page, Rejected):
                yield f"{FOLDER}/{path.name}: record {page.line}: {page.reason}"
                continue
            row = rows.get((page.notice_key, page.fetched_at))
            if row is None:
                yield f"{FOLDER}/{path.name}: {page.notice_key} of {page.fetched_at.isoformat()} is no published notice"
                continue
            for name, (published, read) in differing_fields(page, row).items():
                yield f"notice {page.notice_key}: {name} is published as {published!r}, its page says {read!r}"


def differing_fields(page: Page, row: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields in which a published notice and its page differ, each as published and as read."""
    notices = process(page).notices
    if len(notices) != 1 or notices[0].notice_key != row["notice_key"]:
        return {"notice_key": (row["notice_key"], notices[0].notice_key if notices else None)}
    read = _facts(notices[0])
    return {name: (row[name], read[name]) for name in read if row[name] != read[name]}


def _facts(notice: Notice) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(notice, name) for name in _FIELDS}
    facts["lots"] = [lot.amount_yuan if lot.amount_kind == "total" else None for lot in notice.lots]
    facts["winners"] = [winner.supplier for lot in notice.lots for winner in lot.winners]
    return facts


def _page_of(row: dict[str, Any]) -> Page:
    return portals.page_of(
        row["portal"],
        row["url"],
        row["first_seen_at"],
        "text/plain",
        row["body"],
        title=row["title"],
        published_on=row["published_on"],
    )
