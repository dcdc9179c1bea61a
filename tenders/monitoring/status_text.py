"""``tenders status`` and ``tenders portals`` as text for a terminal, or as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from io import StringIO

import orjson
from rich.console import Console
from rich.table import Table

from pipelines.common.clock import SHANGHAI
from tenders import portals
from tenders.monitoring.portal_health import PortalHealth
from tenders.monitoring.remedies import meaning, remedy
from tenders.monitoring.status import Status
from tenders.monitoring.store_checks import Quarantine
from tenders.portals import Portal

_OUTDATED_WORDS_REMEDY = "tenders evaluate --diff shows what that changes, tenders rebuild --classify-only applies it"
_MOST_GAPS_IN_STATUS = 6
_MOST_GAPS_IN_TABLE = 3
_GAP_STATES = {
    "gone": " no longer shown",
    "doubtful": " may be misread",
    "never": " never crawled",
    "unsettled": " before its end",
}


def status_text(status: Status) -> str:
    """Return the status for a terminal. It ends with what needs a person, or with ``all is well``."""
    runs = ", ".join(f"{name} {_minute(at)}" for name, at in status.next_runs)
    parts = [
        *_crawled_portals(status),
        f"next runs: {runs or 'none, no scheduler is running (tenders schedule)'}\n",
        _archive_line(status),
    ]
    if status.waiting_segments:
        parts.append(f"{status.waiting_segments} spool segments wait for the next load\n")
    if status.flagged_awards:
        parts.append(
            f"{status.flagged_awards:,} awards have a doubtful amount: tenders review -o FILE.xlsx shows them\n"
        )
    if status.other_words:
        words = f"the words have changed since {status.other_words:,} notices were classified"
        parts.append(f"{words}: {_OUTDATED_WORDS_REMEDY}\n")
    parts.append(_quarantine_text(status.quarantine))
    concerns = "\n".join(f"  {concern}" for concern in status.concerns)
    parts.append(f"needs a person:\n{concerns}" if concerns else "all is well")
    return "".join(parts)


def status_json(status: Status) -> str:
    """Return the status as JSON, with the failure of each portal's last crawl in words."""
    data = asdict(status)
    data["needs_a_person"] = [str(concern) for concern in status.concerns]
    del data["concerns"]
    for portal, health in zip(data["portals"], status.portals, strict=True):
        failure = health.last_run.failure if health.last_run else None
        portal["failure_in_words"] = meaning(failure) if failure else None
        portal["what_to_do"] = remedy(failure, health.portal, health.days_to_crawl_again()) if failure else None
    return orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()


def portals_text(all_health: Iterable[PortalHealth], now: datetime | None = None) -> str:
    """Return a table of portals: how each is read, when it was last complete, how fresh it is, what is missing."""
    today = (now or datetime.now(UTC)).astimezone(SHANGHAI).date()
    known = {portal.name: portal for portal in portals.all()}
    rows = []
    for health in all_health:
        offer = _offer(known.get(health.portal))
        missing = _gaps_text(health, _MOST_GAPS_IN_TABLE)
        newest = _age(health.newest_notice, today)
        rows.append(
            (health.portal, health.title, _how_read(health), _minute(health.last_complete_at), newest, missing, offer)
        )
    return _table(("portal", "name", "how", "last complete", "newest notice", "missing", "what it can give"), rows)


def portals_json(all_health: Iterable[PortalHealth]) -> str:
    """Return the health of portals as JSON, with what their descriptors say.

    ``state`` is that of the last crawl, or ``never``. A portal without a descriptor has null where one is needed.
    """
    known = {portal.name: portal for portal in portals.all()}
    rows = []
    for health in all_health:
        portal = known.get(health.portal)
        described = {
            "family": portal.family if portal else None,
            "origin": portal.origin if portal else None,
            "province": portal.province if portal else None,
            "unverified": list(portal.unverified) if portal else [],
            "coverage": portal.coverage if portal else None,
            "state": health.last_run.state if health.last_run else "never",
            "can_give": portal.coverage if portal else "",
            "cannot_give": portal.gaps if portal else "",
        }
        rows.append(asdict(health) | described)
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode()


def _offer(portal: Portal | None) -> str:
    """Return what a portal can give, what it cannot, and which keys of its descriptor are not certain."""
    if portal is None:
        return ""
    parts = [portal.coverage]
    if portal.gaps:
        parts.append(f"Not: {portal.gaps}")
    if portal.unverified:
        parts.append(f"Not certain: {', '.join(portal.unverified)}")
    return ". ".join(parts)


def _crawled_portals(status: Status) -> list[str]:
    if not status.portals:
        return ["no crawl has run yet: tenders crawl PORTAL\n"]
    rows = []
    for health in status.portals:
        run = health.last_run
        assert run is not None
        counts = (f"{run.listed:,}", f"{run.stored:,}")
        newest, complete = _age(health.newest_notice, status.at.date()), _minute(health.last_complete_at)
        rows.append((health.portal, _minute(run.finished_at), run.state, *counts, newest, complete))
    heads = ("portal", "last run", "state", "listed", "stored", "newest notice", "last complete")
    return [_table(heads, rows), *map(_portal_notes, status.portals)]


def _portal_notes(health: PortalHealth) -> str:
    """Return what the table has no room for; empty if all is well."""
    run = health.last_run
    assert run is not None
    notes = []
    if run.failure:
        notes.append(f"{run.failure}: {meaning(run.failure)}{f' ({run.reason})' if run.reason else ''}")
        notes.append(f"what to do: {remedy(run.failure, health.portal, health.days_to_crawl_again())}")
    elif run.reason:
        notes.append(f"note: {run.reason}")
    if health.gaps:
        notes.append(f"missing: {_gaps_text(health, _MOST_GAPS_IN_STATUS)}")
    all_stored = health.listed is None or health.listed == health.stored
    if health.said is not None and (health.said != health.listed_of_said or not all_stored):
        notes.append(f"the portal reports {health.said:,} notices, its lists showed {health.listed_of_said or 0:,}")
    if not all_stored:
        rest = f"{health.failed or 0:,} could not be read, {health.quarantined or 0:,} in quarantine"
        notes.append(f"of {health.listed:,} notices listed on all days {health.stored or 0:,} are stored: {rest}")
    notes += [f"alarm: {text}" for text in health.alarms]
    return "".join([f"{health.portal}\n", *(f"  {note}\n" for note in notes)]) if notes else ""


def _gaps_text(health: PortalHealth, most: int) -> str:
    """Return the newest gaps with what they lack: ``4 older, 2026-11-03…05 (0202), 2026-11-09 never crawled``."""
    shown = [f"{gap}{_GAP_STATES.get(gap.state, '')}" for gap in health.gaps[-most:]]
    older = len(health.gaps) - len(shown)
    return ", ".join([f"{older} older", *shown] if older else shown)


def _archive_line(status: Status) -> str:
    days = status.keep_lists_days
    kept = "unknown" if days is None else f"{days} days" if days else "forever"
    size = f"{status.archive_bytes / 1e6:,.1f} MB"
    return f"archive: {status.archive_files:,} files, {size}; pages of lists are kept: {kept}\n"


def _quarantine_text(quarantine: Quarantine | None) -> str:
    if quarantine is None:
        return "quarantine: not known, a load is in progress\n"
    if not quarantine.count:
        return ""
    reasons = "; ".join(f"{count:,} × {reason}" for reason, count in quarantine.reasons.items())
    rest = quarantine.count - len(quarantine.shown)
    more = f"… and {rest:,} more in quarantine\n" if rest else ""
    return f"quarantine: {reasons}\n" + _table(("source", "line", "reason"), quarantine.shown) + more


def _how_read(health: PortalHealth) -> str:
    if not health.crawled:
        return "saved pages only"
    return "crawled, every notice" if health.mode == "full" else "crawled, by keywords"


def _age(day: date | None, today: date) -> str:
    if day is None:
        return "never"
    days = (today - day).days
    return f"{day} ({'today' if days == 0 else f'{days:,} days old'})" if days >= 0 else day.isoformat()


def _minute(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at else "never"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    table = Table(*heads, box=None, pad_edge=False, header_style="")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    out = StringIO()
    Console(file=out, width=160, markup=False, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
