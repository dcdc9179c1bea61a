"""The answers of a check as a test: a cassette, what a check of it gives, and a draft of a golden pair.

The files are laid out as in the repository (``cassettes/NAME/``, ``tests/golden/NAME/``), so that a maintainer copies
them there. Persons are overwritten in all of them (``pipelines.pages.scrubbing``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from vcr.filters import decode_response
from vcr.request import Request
from vcr.serialize import serialize

from pipelines.common import atomic_files
from pipelines.common.clock import SHANGHAI
from pipelines.model import Notice, Page
from pipelines.pages.scrubbing import Scrubber, personal_details
from pipelines.process import process
from tenders import portals
from tenders.archive.decoding import PDF, decode_page
from tenders.crawling.portal_check import CheckRecord, Exchange, PortalCheck
from tenders.crawling.request import CrawlRequest
from tenders.demo.cassettes import SETTINGS, ReadableYaml, playing, trim_response, without_time
from tenders.jobs.check import check_portals

NAME = "check"
_SINGLE_FIELDS = (
    "kind",
    "title",
    "published_on",
    "project_number",
    "project_name",
    "buyer",
    "agency",
    "province",
)
_HEADERS_NOT_KEPT = ("authorization", "cookie", "user-agent", "host")
_ENDINGS = {"text/html": "html", "application/json": "json"}
# What a file of a notice becomes: persons cannot be overwritten inside it.
_EMPTY_FILES = {b"%PDF": b"%PDF-1.4\n%%EOF\n"}


def save_check(folder: Path, result: PortalCheck, record: CheckRecord) -> list[Path]:
    """Write what came during a check below ``folder``, and return the files that were written.

    No golden pair is written if no notice was read, or if its result came as a file. Nothing at all is written if
    nothing came.
    """
    if not record.exchanges:
        return []
    texts = {id(exchange): _text_of(exchange) for exchange in record.exchanges}
    scrubber = Scrubber({detail for text in texts.values() if text for detail in personal_details(text)})
    cassette = folder / "cassettes" / result.portal / f"{NAME}.yaml"
    requests, responses = [], []
    for exchange in record.exchanges:
        requests.append(_request_of(result.portal, exchange))
        responses.append(_response_of(result.portal, exchange, texts[id(exchange)], scrubber))
    _write(cassette, serialize({"requests": requests, "responses": responses}, ReadableYaml))
    replayed, _ = play_check(result.portal, cassette, record.day)
    expected = _json_text({"checked_on": record.day.isoformat(), **replayed.as_json()})
    written = [cassette, _write(cassette.with_suffix(".expected.json"), expected)]
    if record.page is not None:
        written += _save_golden_pair(folder / "tests" / "golden" / result.portal, record.page, scrubber)
    return written


def play_check(portal: str, cassette: Path, day: date) -> tuple[PortalCheck, list[str]]:
    """Check a portal from a cassette, as on ``day``. Nothing is sent.

    Returns the result, and what did not fit: requests that the cassette lacks, answers that nobody asked for.
    """
    request = CrawlRequest(portal=portal, origin=f"http://{portal}.localhost")
    with playing(portal, cassette) as playback:
        [result] = check_portals([request], settings=SETTINGS, records={portal: CheckRecord(day)})
    return result, playback.problems


def _save_golden_pair(folder: Path, page: Page, scrubber: Scrubber) -> list[Path]:
    ending = _ENDINGS.get(page.content_type)
    if ending is None:
        return []
    body = scrubber.scrub(page.body)
    seen_at = datetime.combine(page.fetched_at.astimezone(SHANGHAI), time(), SHANGHAI)
    result = process(portals.page_of(page.portal, page.url, seen_at, page.content_type, body))
    if result.problem or len(result.notices) != 1:
        return []
    [notice] = result.notices
    if not _names_winner(notice) and any(map(_names_winner, process(page).notices)):
        return []  # the result was in a file
    pair = folder / f"{NAME}_{notice.kind}.{ending}"
    return [
        _write(pair, body),
        _write(pair.with_suffix(".expected.json"), _json_text(_facts(page, notice))),
    ]


def _names_winner(notice: Notice) -> bool:
    return any(lot.winners for lot in notice.lots)


def _facts(page: Page, notice: Notice) -> dict[str, Any]:
    """Return what was read of a notice, as the golden pairs have it."""
    read = asdict(notice)
    return {
        "url": page.url,
        "portal": page.portal,
        **{name: read[name] if name != "published_on" else str(notice.published_on) for name in _SINGLE_FIELDS},
        "lots": [
            {
                "lot_no": lot.lot_no,
                "lot_name": lot.lot_name,
                "amount_yuan": None if lot.amount_yuan is None else str(lot.amount_yuan),
                "amount_kind": lot.amount_kind,
                "failed": lot.failed,
                "numbered": lot.numbered,
                "winners": [
                    [winner.supplier, winner.role, *([str(winner.share_pct)] if winner.share_pct else [])]
                    for winner in lot.winners
                ],
            }
            for lot in notice.lots
        ],
    }


def _decoded(exchange: Exchange) -> dict[str, Any]:
    headers = {name.lower(): values for name, values in exchange.headers.items()}
    response: dict[str, Any] = decode_response(
        {"status": {"code": exchange.status, "message": ""}, "headers": headers, "body": {"string": exchange.body}}
    )
    trimmed: dict[str, Any] = trim_response(response)
    return trimmed


def _text_of(exchange: Exchange) -> str | None:
    """Return the text of an answer; None for a file."""
    response = _decoded(exchange)
    declared = next(iter(response["headers"].get("content-type", [])), None)
    decoded = decode_page(declared, response["body"]["string"])
    return decoded[1] if decoded and decoded[0] != PDF else None


def _request_of(portal: str, exchange: Exchange) -> Request:
    headers = {
        name: values for name, values in exchange.request_headers.items() if name.lower() not in _HEADERS_NOT_KEPT
    }
    return without_time(Request(exchange.method, _own_address(portal, exchange.url), exchange.request_body, headers))


def _response_of(portal: str, exchange: Exchange, text: str | None, scrubber: Scrubber) -> dict[str, Any]:
    response = _decoded(exchange)
    headers = response["headers"]
    own = urlsplit(exchange.url).netloc
    if "location" in headers:
        headers["location"] = [
            _own_address(portal, address) if urlsplit(address).netloc == own else address
            for address in headers["location"]
        ]
    if text is None:
        start = response["body"]["string"][:4]
        response["body"] = {"string": _EMPTY_FILES.get(start, start)}
    else:
        response["body"] = {"string": scrubber.scrub(text).encode()}
        headers["content-type"] = [_in_utf8(value) for value in headers.get("content-type", [])]
    return response


def _own_address(portal: str, address: str) -> str:
    """Return an address of the portal under the cassette's own host."""
    return urlunsplit(urlsplit(address)._replace(scheme="http", netloc=f"{portal}.localhost"))


def _in_utf8(content_type: str) -> str:
    return re.sub(r"charset\s*=\s*[\w-]+", "charset=utf-8", content_type, flags=re.IGNORECASE)


def _json_text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_files.replace_text(path, text)
    return path
