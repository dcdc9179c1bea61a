"""What a person should know about the tool's work: portals, last runs, freshness, gaps, quarantine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from tenders import portals as descriptors
from tenders.capture import SHANGHAI
from tenders.folder import DataFolder

_QUARANTINE_SHOWN = 20
_LOCK_SECONDS = 10
_STALE_DAYS = 3

_LAST_RUNS = """
    SELECT * FROM crawls
    QUALIFY row_number() OVER (PARTITION BY portal ORDER BY started_at DESC) = 1
    ORDER BY portal
"""


@dataclass(frozen=True, slots=True)
class Status:
    """``text`` for the terminal; ``needs_a_person`` if a crawl, a page or a portal waits for one."""

    text: str
    needs_a_person: bool


def portals(data_dir: Path) -> str:
    """Every portal with its ways, its last complete crawl, its newest notice and its known gaps, as a table."""
    last, newest = _last_complete(data_dir), _newest(data_dir)
    rows = []
    for portal in descriptors.all():
        how = f"crawled, {portal.mode}" if portal.crawl else "saved pages only"
        about = ". ".join(text for text in (portal.coverage, f"missing: {portal.gaps}" if portal.gaps else "") if text)
        rows.append((portal.name, portal.title, how, _moment(last.get(portal.name)), newest.get(portal.name) or "never", about))
    return _table(("portal", "name", "how", "last complete", "newest notice", "coverage"), rows)


def status(data_dir: Path, now: datetime | None = None) -> Status:
    """The last run of each portal crawled, how old its newest notice is, and what lies in quarantine."""
    now = now or datetime.now(UTC)
    runs = _rows(data_dir, _LAST_RUNS)
    quarantined, count = _quarantine(data_dir)
    waiting = len([*DataFolder(data_dir).spool.glob("*.seg"), *DataFolder(data_dir).spool.glob("*.open")])
    unfinished = [run for run in runs if run["state"] != "complete"]
    concerns = [f"{run['portal']}: last crawl {run['state']}: {run['reason'] or ''}" for run in unfinished]
    for run in runs:
        age = (now - run["finished_at"]).days if run["finished_at"] else None
        if age is not None and age > _STALE_DAYS:
            concerns.append(f"{run['portal']}: not crawled for {age} days")
    if count:
        concerns.append(f"{count:,} lines or pages in quarantine")
    parts = []
    if runs:
        rows = [(r["portal"], _moment(r["finished_at"]), r["state"], r["listed"], r["stored"], r["reason"] or "") for r in runs]
        parts.append(_table(("portal", "last run", "state", "listed", "stored", "reason"), rows))
    else:
        parts.append("no crawl has run yet: tenders crawl PORTAL\n")
    parts.append("next runs: none, scheduled crawls are not built yet\n")
    if waiting:
        parts.append(f"{waiting} spool segments wait for the next load\n")
    if quarantined:
        parts.append(_table(("source", "line", "reason"), quarantined))
    if count > len(quarantined):
        parts.append(f"… and {count - len(quarantined):,} more in quarantine\n")
    parts.append("\n".join(["needs a person:", *(f"  {concern}" for concern in concerns)]) if concerns else "all is well")
    return Status("".join(parts), bool(concerns))


def _last_complete(data_dir: Path) -> dict[str, Any]:
    found = _rows(data_dir, "SELECT portal, max(finished_at) AS at FROM crawls WHERE state = 'complete' GROUP BY portal")
    return {row["portal"]: row["at"] for row in found}


def _newest(data_dir: Path) -> dict[str, date]:
    found = _rows(data_dir, "SELECT portal, max(published_on) AS day FROM notices GROUP BY portal")
    return {row["portal"]: row["day"] for row in found}


def _rows(data_dir: Path, query: str) -> list[dict[str, Any]]:
    own = DataFolder(data_dir).own
    if not own.exists():
        return []
    with duckdb.connect(str(own), read_only=True) as con:
        cursor = con.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _quarantine(data_dir: Path) -> tuple[list[tuple[Any, ...]], int]:
    folder = DataFolder(data_dir)
    if not folder.store.exists():
        return [], 0
    # The store is the loader's: it is read between two loads.
    with folder.lock(_LOCK_SECONDS), duckdb.connect(str(folder.store), read_only=True) as con:
        shown = con.execute(
            "SELECT source, line, reason FROM private.quarantine ORDER BY seen_at DESC, source, line LIMIT ?", [_QUARANTINE_SHOWN]
        ).fetchall()
        counted = con.execute("SELECT count(*) FROM private.quarantine").fetchone()
    return shown, int(counted[0]) if counted else 0


def _moment(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else "never"


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    table = Table(*heads, box=None, pad_edge=False, header_style="")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    out = StringIO()
    Console(file=out, width=160, markup=False, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
