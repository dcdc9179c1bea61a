"""``tenders status`` as text for a terminal, or as JSON for a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import orjson

from pipelines.common.clock import minute_text
from tenders.monitoring.portal_health import PortalHealth
from tenders.monitoring.remedies import meaning, remedy
from tenders.monitoring.status import Concern, Status
from tenders.monitoring.store_checks import Quarantine
from tenders.monitoring.terminal import age, gaps_text, minute, table

_OUTDATED_WORDS_REMEDY = "tenders evaluate --diff shows what that changes, tenders rebuild --classify-only applies it"
_MOST_ALIKE = 2  # more portals with the same trouble are named on one line
_MOST_GAPS_IN_STATUS = 6


def status_text(status: Status) -> str:
    """Return the status for a terminal. It ends with what needs a person, or with ``all is well``."""
    runs = ", ".join(f"{name} {minute(at)}" for name, at in status.next_runs)
    parts = [
        *_crawled_portals(status),
        *_known_months(status),
        f"next runs: {runs or 'none, no scheduler is running (tenders schedule)'}\n",
        _work_line(status),
        _archive_line(status),
    ]
    parts += [
        f"figures rest in part on {base.origin}: {base.source}, pulled {minute_text(base.pulled_at)}\n"
        for base in status.bases
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
    concerns = "\n".join(f"  {line}" for line in grouped_concerns(status.concerns))
    parts.append(f"needs a person:\n{concerns}" if concerns else "all is well")
    return "".join(parts)


def status_json(status: Status) -> str:
    """Return the status as JSON, with the failure of each portal's last crawl in words."""
    data = asdict(status)
    data["needs_a_person"] = [str(concern) for concern in status.concerns]
    data["needs_person"] = data.pop("concerns")
    data["pending_segments"] = status.waiting_segments
    for known in data["known_months"]:
        for name in ("newest_complete_month", "last_month"):
            known[name] = known[name] and f"{known[name]:%Y-%m}"
    for portal, health in zip(data["portals"], status.portals, strict=True):
        failure = health.last_run.failure if health.last_run else None
        portal["failure_in_words"] = meaning(failure) if failure else None
        portal["what_to_do"] = remedy(failure, health.portal, health.days_to_crawl_again()) if failure else None
    return orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()


def grouped_concerns(concerns: Sequence[Concern]) -> list[str]:
    """Return one line for each trouble; the same trouble of many portals is one line with their number."""
    groups: dict[tuple[str, str], list[Concern]] = {}
    for concern in concerns:
        groups.setdefault((concern.code, concern.text), []).append(concern)
    lines: list[str] = []
    for (_, text), same in groups.items():
        if len(same) <= _MOST_ALIKE:
            lines += map(str, same)
            continue
        names = ", ".join(concern.portal or "" for concern in same)
        lines.append(f"{len(same)} portals: {text}: {names}; the first one: {same[0].remedy}")
    return lines


def _work_line(status: Status) -> str:
    """Return when data was last loaded and published, and how much space is left; empty in a new folder."""
    if status.last_publish is None:
        return ""
    loaded = minute_text(status.last_load) if status.last_load else "not known"
    published = minute_text(status.last_publish)
    free = f", {status.disk_free_mb:,} MB free" if status.disk_free_mb is not None else ""
    return f"last load: {loaded}, last publication: {published}{free}\n"


def _crawled_portals(status: Status) -> list[str]:
    if not status.portals:
        return ["no crawl has run yet: tenders crawl PORTAL\n"]
    rows = []
    for health in status.portals:
        run = health.last_run
        assert run is not None
        counts = (f"{run.listed:,}", f"{run.stored:,}")
        newest, complete = age(health.newest_notice, status.at.date()), minute(health.last_complete_at)
        rows.append((health.portal, minute(run.finished_at), run.state, *counts, newest, complete))
    heads = ("portal", "last run", "state", "listed", "stored", "newest notice", "last complete")
    return [table(heads, rows), *map(_portal_notes, status.portals)]


def _known_months(status: Status) -> list[str]:
    if not (status.portals and status.known_months):
        return []
    rows = [
        (one.definition, _month(one.newest_complete_month), _month(one.last_month), one.last_month_state)
        for one in status.known_months
    ]
    return [table(("definition", "newest complete month", "last month", "state"), rows)]


def _month(month: date | None) -> str:
    return f"{month:%Y-%m}" if month else "none"


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
        notes.append(f"missing: {gaps_text(health, _MOST_GAPS_IN_STATUS)}")
    all_stored = health.listed is None or health.listed == health.stored
    if health.said is not None and (health.said != health.listed_of_said or not all_stored):
        notes.append(f"the portal reports {health.said:,} notices, its lists showed {health.listed_of_said or 0:,}")
    if not all_stored:
        rest = f"{health.failed or 0:,} could not be read, {health.quarantined or 0:,} in quarantine"
        notes.append(f"of {health.listed:,} notices listed on all days {health.stored or 0:,} are stored: {rest}")
    notes += [f"alarm: {text}" for text in health.alarms]
    return "".join([f"{health.portal}\n", *(f"  {note}\n" for note in notes)]) if notes else ""


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
    reasons = [f"{count:,} × {reason}" for reason, count in quarantine.reasons.items()]
    rest = quarantine.count - len(quarantine.shown)
    more = f"… and {rest:,} more in quarantine\n" if rest else ""
    return "\n  ".join(("quarantine:", *reasons)) + "\n" + table(("source", "line", "reason"), quarantine.shown) + more
