"""Where a crawl puts what it reads: archive, spool and ledger of one data folder, open for one portal at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from scrapy.http import Request, Response

from pipelines.model import Page
from tenders.archive.records import PageRole, response_record
from tenders.archive.writer import ArchiveWriter
from tenders.crawling.errors import CannotStoreError, PortalBusyError
from tenders.crawling.intake import Intake, TakeResult
from tenders.crawling.state import CrawlState


class Desk:
    """Opened before the first request of a crawl and closed after its last item. Everything given to it is on disk on return."""

    def __init__(self, data_dir: Path, portal: str, hosts: Iterable[str] = ()) -> None:
        self._intake = Intake(data_dir)
        folder = data_dir / "private" / "listed"
        folder.mkdir(parents=True, exist_ok=True)
        self.portal = portal
        # The hosts too: portals that share one are asked one after the other, by whatever process.
        self._locks = [
            FileLock(folder / f"{name}.lock") for name in (portal, *(f"host-{host}" for host in sorted(set(hosts))))
        ]
        try:
            for lock in self._locks:
                lock.acquire(timeout=0)
        except Timeout:
            self._release()
            raise PortalBusyError(f"another crawl of {portal} is running on {data_dir}; wait for it to end") from None
        self.state = CrawlState(folder / f"{portal}.json")
        self._archive = ArchiveWriter(data_dir).__enter__()

    def known(self) -> set[str]:
        """The portal's own ids (or addresses) of the notices stored by now."""
        head = f"{self.portal}:"
        return {key.removeprefix(head) for key in self._intake.known(self.portal)}

    def archive(
        self,
        request: Request,
        response: Response,
        *,
        page: PageRole,
        url: str | None,
        title: str | None = None,
        day: date | None = None,
        listed: Mapping[str, str] | None = None,
    ) -> None:
        """Keeps request and response; ``page``: a notice's own page, a part of it, or one on the way; ``url``: its public
        address.

        Raises CannotStoreError.
        """
        fetched_at = datetime.now(UTC)
        request.meta["fetched_at"] = fetched_at
        try:
            self._archive.write_records(
                response_record(
                    portal=self.portal,
                    url=request.url,
                    public_url=url,
                    fetched_at=fetched_at,
                    method=request.method,
                    request_body=request.body,
                    request_headers=_pairs(request.headers),
                    status=response.status,
                    headers=_pairs(response.headers),
                    body=response.body,
                    title=title,
                    published_on=day,
                    listed=listed,
                    page=page,
                )
            )
        except Exception as error:
            raise CannotStoreError(f"cannot write the archive: {error}") from error

    def take(self, page: Page, *, archived: bool) -> TakeResult:
        """Parses and spools one page; one that came in a list's answer is archived by itself first."""
        return self._intake.take([page], archived=archived)

    def close(self) -> None:
        self._archive.__exit__(None, None, None)
        self._intake.close()
        self._release()

    def _release(self) -> None:
        for lock in self._locks:
            lock.release()


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]
