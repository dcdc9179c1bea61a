"""The pages of a publication: the text of each notice without contact data, as WARC files by month.

The text is the one that the notice was read from (column ``body``). Reading it again gives all published fields; a page
for which it does not is left out.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import duckdb
import orjson

from pipelines.common.rows import dict_rows
from pipelines.model import Notice, Page, Rejected
from pipelines.process import process
from pipelines.storage.keys import content_hash, page_key
from tenders import portals
from tenders.archive.reader import read_pages
from tenders.archive.records import page_record

FOLDER = "pages"
_SUFFIX = ".warc.gz"
# What a notice, a lot and a winner say, by column. A portal's own number of a project is in its list, not in the text.
_FIELDS = (
    "kind", "title", "published_on", "project_number", "project_name", "buyer", "buyer_vendor", "buyer_kind", "agency",
    "province", "is_large_model", "relevance", "project_type", "project_type_second", "sector", "subsector",
    "cancels_result", "notice_id", "url",
)  # fmt: skip
_LOT_FIELDS = (
    "lot_no", "lot_name", "amount_yuan", "amount_kind", "amount_text", "tax_included", "is_large_model", "failed",
    "numbered", "price_statements",
)  # fmt: skip
_WINNER_FIELDS = ("position", "supplier", "vendor", "role", "share_pct", "amount_yuan")
# The notices of the chosen awards, each version with its page and what is compared.
_NOTICES = f"""
    SELECT
        n.*, coalesce(m.file_month, 'undated') AS file_month, coalesce(l.lots, []) AS lots,
        coalesce(w.winners, []) AS winners
    FROM {{notices}} AS n
    LEFT JOIN (
        SELECT notice_key, strftime(published_on, '%Y-%m') AS file_month FROM {{notices}} WHERE is_latest
    ) AS m USING (notice_key)
    LEFT JOIN (
        SELECT notice_key, version, list(struct_pack({", ".join(_LOT_FIELDS)}) ORDER BY lot_seq) AS lots
        FROM lots GROUP BY ALL
    ) AS l USING (notice_key, version)
    LEFT JOIN (
        SELECT
            notice_key, version,
            list(struct_pack(lot_seq, {", ".join(_WINNER_FIELDS)}) ORDER BY lot_seq, seq) AS winners
        FROM winners GROUP BY ALL
    ) AS w USING (notice_key, version)
    WHERE {{condition}}
    ORDER BY file_month, n.notice_key, n.version
"""
_OF_AWARDS = "n.notice_key IN (SELECT unnest(notice_keys) FROM awards WHERE {awards})"
_CHOSEN = "award_key IN (SELECT award_key FROM chosen_awards)"


@dataclass(frozen=True, slots=True)
class PageCounts:
    """How many versions of notices of the awards have a published page, and how many have none.

    Without a page are those that came from a table, and those whose text alone gives other fields.
    """

    published: int
    left_out: int


def write_pages(store: duckdb.DuckDBPyConnection, folder: Path) -> PageCounts:
    """Write the pages of the awards in ``chosen_awards`` below ``folder``, one file for each month of publication."""
    published = left_out = 0
    query = _NOTICES.format(notices="main.notices", condition=_OF_AWARDS.format(awards=_CHOSEN))
    for month, rows in groupby(dict_rows(store.execute(query)), key=lambda row: row["file_month"]):
        records = []
        for row in rows:
            page = _page_of(row, row["body"]) if row["body"] else None
            if page is None or differing_fields(page, row):
                left_out += 1
            else:
                records.append(_record_of(page))
        if records:
            path = folder / FOLDER / f"{month}{_SUFFIX}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(records))
            published += len(records)
    return PageCounts(published, left_out)


def count_pages(con: duckdb.DuckDBPyConnection, folder: Path) -> PageCounts:
    """Return how many pages are in the files below ``folder``, and how many notices of the awards have none."""
    published = sum(
        isinstance(page, Page) for path in (folder / FOLDER).glob(f"*{_SUFFIX}") for page in read_pages(path)
    )
    query = f"SELECT count(*) FROM notices AS n WHERE {_OF_AWARDS.format(awards='true')}"
    (versions,) = con.execute(query).fetchall()[0]
    return PageCounts(published, versions - published)


def differing_pages(con: duckdb.DuckDBPyConnection, folder: Path, month: str | None) -> Iterator[str]:
    """Read the published pages again and yield one line for each published notice that differs.

    Each file must also be the one that its notices and their texts give.
    """
    query = _NOTICES.format(notices="notices", condition=_OF_AWARDS.format(awards="true"))
    published = list(dict_rows(con.execute(query)))
    for path in sorted((folder / FOLDER).glob(f"{month or '*'}{_SUFFIX}")):
        place = f"{FOLDER}/{path.name}"
        name = path.name.removesuffix(_SUFFIX)
        rows = {(row["notice_key"], row["first_seen_at"]): row for row in published if row["file_month"] == name}
        records, found = [], False
        for page in read_pages(path):
            if isinstance(page, Rejected):
                yield f"{place}: record {page.line}: {page.reason}"
                found = True
                continue
            row = rows.pop((page.notice_key, page.fetched_at), None)
            if row is None:
                yield f"{place}: {page.notice_key} of {page.fetched_at.isoformat()} is no published notice"
                found = True
                continue
            for name, (published_value, read) in differing_fields(page, row).items():
                yield (
                    f"{place}: notice {page.notice_key}: {name} is published as {published_value!r}, "
                    f"its page says {read!r}"
                )
                found = True
            records.append(_record_of(_page_of(row, page.body)))
        if not found and gzip.decompress(path.read_bytes()) != gzip.decompress(b"".join(records)):
            yield f"{place}: is not the file that its notices give"


def differing_fields(page: Page, row: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields in which a published notice and its page differ, each as published and as read."""
    notices = process(page).notices
    if len(notices) != 1 or notices[0].notice_key != row["notice_key"]:
        return {"notice_key": (row["notice_key"], notices[0].notice_key if notices else None)}
    written, read = _facts_of_row(row), _facts(notices[0])
    if row["title"] is None:  # then the page has none beside its text, where one may be found
        read["title"] = None
    read["content_hash"] = content_hash(row["notice_key"], row["title"], page.body)
    return {name: (written[name], value) for name, value in read.items() if written[name] != value}


def _facts(notice: Notice) -> dict[str, Any]:
    """Return what is compared of a notice that was read, with the types of the database."""
    facts: dict[str, Any] = {name: getattr(notice, name) for name in _FIELDS}
    facts["evidence"] = notice.evidence
    facts["price_statements"] = _statements(map(asdict, notice.price_statements))
    facts["lots"] = [
        {name: getattr(lot, name) for name in _LOT_FIELDS}
        | {"amount_yuan": _cents(lot.amount_yuan), "price_statements": _statements(map(asdict, lot.price_statements))}
        for lot in notice.lots
    ]
    facts["winners"] = [
        {"lot_seq": number}
        | {name: getattr(winner, name) for name in _WINNER_FIELDS}
        | {"share_pct": _rounded(winner.share_pct, 4), "amount_yuan": _cents(winner.amount_yuan)}
        for number, lot in enumerate(notice.lots, 1)
        for winner in lot.winners
    ]
    return facts


def _facts_of_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return what is compared of a published notice."""
    lots = [lot | {"price_statements": _statements(lot["price_statements"] or ())} for lot in row["lots"]]
    return row | {
        "evidence": orjson.loads(row["evidence"] or b"{}"),
        "price_statements": _statements(row["price_statements"] or ()),
        "lots": lots,
    }


def _statements(statements: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict(one) | {"amount_yuan": _cents(one["amount_yuan"])} for one in statements]


def _cents(amount: Decimal | None) -> Decimal | None:
    return _rounded(amount, 2)


def _rounded(number: Decimal | None, places: int) -> Decimal | None:
    """Return a number with the places that its column has; half is rounded up, as DuckDB does."""
    return None if number is None else number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _page_of(row: dict[str, Any], body: str) -> Page:
    return portals.page_of(
        row["portal"],
        row["url"],
        row["first_seen_at"],
        "text/plain",
        body,
        title=row["title"],
        published_on=row["published_on"],
    )


def _record_of(page: Page) -> bytes:
    return page_record(page, uuid5(NAMESPACE_URL, page_key(page)))
