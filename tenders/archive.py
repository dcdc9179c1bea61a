"""The archive: every answer of a portal, and every page that was read from a file, as WARC on disk before it is parsed.

Everything else can be rebuilt from it. ``tenders.records`` says how a page is written, ``tenders.archived`` reads it back.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from pipelines.model import Page
from tenders.archived import read_pages
from tenders.records import Headers, Rejected, info_record, page_record, response_record

__all__ = ["ArchiveWriter", "Rejected", "archive_files", "read_pages", "sync_folder"]


def archive_files(data_dir: Path) -> list[Path]:
    """The files of the archive, oldest first."""
    return sorted((data_dir / "archive").glob("*.warc.gz"))


class ArchiveWriter:
    """Writes one new file DIR/archive/<utc stamp>-<pid>-<n>.warc.gz, made when the first record comes.

    Whatever a method has written is on the disk when it returns.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "archive"
        self._file: Any = None

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; later writes open another."""
        if self._file:
            self._file.close()
            self._file = None

    def write_records(self, records: bytes) -> None:
        """Append records that ``page_record`` or ``crawl_record`` made, in one durable write."""
        if not records:
            return
        if self._file is None:
            self._file = self._create()
        self._file.write(records)
        self._file.flush()
        os.fsync(self._file.fileno())

    def write_pages(self, pages: Iterable[Page]) -> None:
        """Append what was read from files, with portal, title and dates."""
        self.write_records(b"".join(page_record(page) for page in pages))

    def write_response(
        self,
        *,
        portal: str,
        url: str,
        public_url: str | None,
        fetched_at: datetime,
        method: str,
        request_body: bytes,
        request_headers: Headers,
        status: int,
        headers: Headers,
        body: bytes,
        title: str | None = None,
        published_on: date | None = None,
        page: Literal["detail", "list"] = "detail",
    ) -> None:
        """Append a response and its request (a POST interface answers many questions at one address).

        ``url`` is the address that was fetched, ``public_url`` the notice's public page (None makes it no notice's page).
        ``body`` is the body as received, still in the content encoding that ``headers`` name, if any.
        """
        self.write_records(
            response_record(
                portal=portal,
                url=url,
                public_url=public_url,
                fetched_at=fetched_at,
                method=method,
                request_body=request_body,
                request_headers=request_headers,
                status=status,
                headers=headers,
                body=body,
                title=title,
                published_on=published_on,
                page=page,
            )
        )

    def _create(self) -> Any:
        self._folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        number = 0
        while True:
            path = self._folder / f"{stamp}-{os.getpid()}-{number}.warc.gz"
            try:
                file = path.open("xb")
            except FileExistsError:
                number += 1
                continue
            sync_folder(self._folder)
            file.write(info_record())
            return file


def sync_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
