"""What a person should know of the tool's work: runs, freshness, gaps, alarms, quarantine (``tenders status``, ``portals``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import orjson
from filelock import Timeout
from rich.console import Console
from rich.table import Table

from pipelines.classify.lexicon import lexicon_of
from pipelines.classify.lexicon_overlay import LexiconError
from pipelines.common.clock import SHANGHAI
from tenders import portals
from tenders.archive.writer import archive_files
from tenders.config import project
from tenders.data_folder import DataFolder
from tenders.monitoring.date_ranges import span
from tenders.monitoring.portal_health import ASK_AGAIN, Standing, standings
from tenders.monitoring.remedies import again, meaning, remedy
from tenders.notify import notifier

_NEWEST_QUARANTINED = "SELECT source, line, reason FROM private.quarantine ORDER BY seen_at DESC, source, line LIMIT ?"
_WORDS_NOTED = "schema_name = 'private' AND table_name = 'contents' AND column_name = 'lexicon'"
_WHAT_TO_DO = "tenders evaluate --diff shows what that changes, tenders rebuild --classify-only applies it"
_QUARANTINE_SHOWN = 20
_GAPS_SHOWN = 6
_LOCK_SECONDS = 3
_STALE_DAYS = 3
# Older gaps are shown, but do not call for a person every day anew.
_RECENT = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Quarantine:
    """What could not be read. ``shown`` are the newest (source, line, reason); None where a load was under way."""

    count: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    shown: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Status:
    """All that ``tenders status`` says. ``needs_a_person`` holds one line for each thing that waits for one.

    ``other_words``: how many notices are classified with other words than those of today (None: not known now).
    ``keep_lists_days``: how long the answers of lists stay in the archive (0: for good, None: the configuration is unreadable).
    """

    at: datetime
    portals: list[Standing]
    next_runs: list[tuple[str, datetime]]
    waiting_segments: int
    archive_files: int
    archive_bytes: int
    keep_lists_days: int | None
    quarantine: Quarantine | None
    other_words: int | None
    needs_a_person: list[str]

    def render(self, format: str = "table") -> str:
        """As text for a terminal, or as JSON for a program that watches."""
        if format != "json":
            return _text(self)
        data = asdict(self)
        for portal, standing in zip(data["portals"], self.portals, strict=True):
            run = standing.last_run
            failure = run.failure if run else None
            portal["failure_in_words"] = meaning(failure) if failure else None
            portal["what_to_do"] = remedy(failure, standing.portal, standing.to_crawl_again()) if failure else None
        return orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()


def status(data_dir: Path, config_path: Path | None = None, now: datetime | None = None) -> Status:
    """How all that was crawled stands, and what lies in quarantine."""
    now = now or datetime.now(UTC)
    folder = DataFolder(data_dir)
    quarantine = _quarantine(folder)
    crawled = [standing for standing in standings(data_dir) if standing.last_run]
    concerns = [concern for standing in crawled for concern in _concerns(standing, now)]
    if quarantine and quarantine.count:
        concerns.append(f"{quarantine.count:,} lines or pages in quarantine")
    concerns += notifier.troubles(data_dir)
    keep: int | None = None
    other_words: int | None = None
    try:
        other_words = _other_words(folder)
    except LexiconError as error:
        concerns.append(f"the words cannot be used: {error}")
    try:
        keep = project.load(config_path, data_dir).keep_lists_days
    except project.ConfigError as error:
        concerns.append(f"the configuration cannot be used: {error}")
    sizes = [path.stat().st_size for path in archive_files(data_dir)]
    return Status(
        at=now.astimezone(SHANGHAI),
        portals=crawled,
        next_runs=_next_runs(data_dir),
        waiting_segments=len([*folder.spool.glob("*.seg"), *folder.spool.glob("*.open")]),
        archive_files=len(sizes),
        archive_bytes=sum(sizes),
        keep_lists_days=keep,
        quarantine=quarantine,
        other_words=other_words,
        needs_a_person=concerns,
    )


def portals_known(data_dir: Path, format: str = "table", now: datetime | None = None) -> str:
    """Every portal: how it is read, when it was last complete, how fresh it is, what is missing, what it can still give."""
    known = standings(data_dir)
    about = {portal.name: (portal.coverage, portal.gaps) for portal in portals.all()}
    if format == "json":
        rows = [asdict(standing) | dict(zip(("can_give", "cannot_give"), about.get(standing.portal, ("", "")), strict=True))
                for standing in known]  # fmt: skip
        return orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode()
    today = (now or datetime.now(UTC)).astimezone(SHANGHAI).date()
    table = []
    for standing in known:
        gives, lacks = about.get(standing.portal, ("", ""))
        can = ". ".join(text for text in (gives, f"Not: {lacks}" if lacks else "") if text)
        table.append((standing.portal, standing.title, _how(standing), _moment(standing.last_complete_at),
                      _age(standing.newest_notice, today), _gaps(standing, 3) or "", can))  # fmt: skip
    return _table(("portal", "name", "how", "last complete", "newest notice", "missing", "what it can give"), table)


def _concerns(standing: Standing, now: datetime) -> list[str]:
    """What a person should do about this portal, a line each."""
    name, run, today = standing.portal, standing.last_run, now.astimezone(SHANGHAI).date()
    assert run is not None
    found = []
    if run.failure and run.failure != "limit":
        what = f"{name}: last crawl {run.state}, {run.failure}: {meaning(run.failure)}"
        found.append(f"{what}: {remedy(run.failure, name, standing.to_crawl_again())}")
    if (age := (now - run.finished_at).days) > _STALE_DAYS:
        found.append(f"{name}: not crawled for {age} days: tenders crawl {name}")
    found += standing.alarms
    recent = today - _RECENT
    if doubtful := standing.missing("doubtful", since=recent):
        found.append(f"{name}: {_spans(doubtful)} may be misread: mend the reader and run tenders rebuild, or, where a list was "
                     f"read wrongly, run again: {again(name, doubtful)}")  # fmt: skip
    if gone := standing.missing("gone", since=recent):
        found.append(f"{name}: {_spans(gone)}: no longer shown whole, saved pages are needed: tenders ingest FILE…")
    # Those of the last run stand in what to do about it; of a portal that is blocked or has moved nothing can be asked yet.
    told = [] if run.failure in (None, "reach") else standing.to_crawl_again()
    missing = [days for days in standing.missing(*ASK_AGAIN, since=recent) if days not in told]
    if missing and run.failure not in ("blocked", "moved", "layout"):
        found.append(f"{name}: days are missing: {again(name, missing)}")
    return found


def _text(status: Status) -> str:
    today = status.at.date()
    parts = []
    if status.portals:
        rows = []
        for standing in status.portals:
            run = standing.last_run
            assert run is not None
            rows.append((standing.portal, _moment(run.finished_at), run.state, f"{run.listed:,}", f"{run.stored:,}",
                         _age(standing.newest_notice, today), _moment(standing.last_complete_at)))  # fmt: skip
        heads = ("portal", "last run", "state", "listed", "stored", "newest notice", "last complete")
        parts.append(_table(heads, rows))
        parts += [_about(standing) for standing in status.portals]
    else:
        parts.append("no crawl has run yet: tenders crawl PORTAL\n")
    runs = ", ".join(f"{name} {_moment(at)}" for name, at in status.next_runs)
    parts.append(f"next runs: {runs or 'none, no scheduler is running (tenders schedule)'}\n")
    kept = {None: "unknown", 0: "for good"}.get(status.keep_lists_days, f"{status.keep_lists_days} days")
    size = f"{status.archive_bytes / 1e6:,.1f} MB"
    parts.append(f"archive: {status.archive_files:,} files, {size}; answers of lists are kept: {kept}\n")
    if status.waiting_segments:
        parts.append(f"{status.waiting_segments} spool segments wait for the next load\n")
    if status.other_words:
        parts.append(f"the words have changed since {status.other_words:,} notices were classified: {_WHAT_TO_DO}\n")
    parts.append(_quarantine_text(status.quarantine))
    concerns = status.needs_a_person
    parts.append(
        "\n".join(["needs a person:", *(f"  {concern}" for concern in concerns)]) if concerns else "all is well"
    )
    return "".join(parts)


def _about(standing: Standing) -> str:
    """What the table has no room for; nothing where all is well."""
    run = standing.last_run
    assert run is not None
    lines = []
    if run.failure:
        lines.append(f"{run.failure}: {meaning(run.failure)}{f' ({run.reason})' if run.reason else ''}")
        lines.append(f"what to do: {remedy(run.failure, standing.portal, standing.to_crawl_again())}")
    elif run.reason:
        lines.append(f"note: {run.reason}")
    if standing.gaps:
        lines.append(f"missing: {_gaps(standing, _GAPS_SHOWN)}")
    if standing.said is not None and (standing.said != standing.listed_of_said or standing.listed != standing.stored):
        lines.append(f"the portal says {standing.said:,}, its lists showed {standing.listed_of_said or 0:,} of them")
    if standing.listed is not None and standing.listed != standing.stored:
        rest = f"{standing.failed or 0:,} could not be read, {standing.quarantined or 0:,} in quarantine"
        lines.append(f"of {standing.listed:,} notices listed on all days {standing.stored or 0:,} are stored: {rest}")
    lines += [f"alarm: {text}" for text in standing.alarms]
    return "".join([f"{standing.portal}\n", *(f"  {line}\n" for line in lines)]) if lines else ""


def _gaps(standing: Standing, most: int) -> str:
    """The newest gaps, with what they lack: ``2026-11-03…05 (0202)``."""
    words = {
        "gone": " no longer shown",
        "doubtful": " may be misread",
        "never": " never crawled",
        "unsettled": " before its end",
    }
    shown = [f"{gap}{words.get(gap.state, '')}" for gap in standing.gaps[-most:]]
    older = len(standing.gaps) - len(shown)
    return ", ".join(([f"{older} older,"] if older else []) + shown).replace(",,", ",")


def _next_runs(data_dir: Path) -> list[tuple[str, datetime]]:
    if not (DataFolder(data_dir).private / "schedule.json").exists():
        return []
    from tenders.scheduling import scheduler

    return scheduler.next_runs(data_dir)


def _quarantine(folder: DataFolder) -> Quarantine | None:
    if not folder.store.exists():
        return Quarantine()
    try:
        # The store is the loader's: it is read between two loads.
        with folder.lock(_LOCK_SECONDS), duckdb.connect(str(folder.store), read_only=True) as con:
            shown = con.execute(_NEWEST_QUARANTINED, [_QUARANTINE_SHOWN]).fetchall()
            reasons = con.execute(
                "SELECT reason, count(*) FROM private.quarantine GROUP BY reason ORDER BY 2 DESC, 1"
            ).fetchall()
    except Timeout:
        return None
    return Quarantine(sum(count for _, count in reasons), dict(reasons[:_QUARANTINE_SHOWN]), shown)


def _other_words(folder: DataFolder) -> int | None:
    """How many stored contents were classified with other words; None while a load is under way. Raises LexiconError."""
    today = lexicon_of(folder.lexicon).digest
    if not folder.store.exists():
        return 0
    try:
        with folder.lock(_LOCK_SECONDS), duckdb.connect(str(folder.store), read_only=True) as con:
            # A store that nothing was loaded into since words are noted does not have the column.
            noted = con.execute(f"SELECT 1 FROM duckdb_columns() WHERE {_WORDS_NOTED}").fetchone()
            other = "lexicon IS DISTINCT FROM ?" if noted else "? IS NOT NULL"
            found = con.execute(f"SELECT count(*) FROM private.contents WHERE {other}", [today]).fetchone()
    except Timeout:
        return None
    return int(found[0]) if found else 0


def _quarantine_text(quarantine: Quarantine | None) -> str:
    if quarantine is None:
        return "quarantine: not looked at, a load is under way\n"
    if not quarantine.count:
        return ""
    reasons = "; ".join(f"{count:,} × {reason}" for reason, count in quarantine.reasons.items())
    rest = quarantine.count - len(quarantine.shown)
    more = f"… and {rest:,} more in quarantine\n" if rest else ""
    return f"quarantine: {reasons}\n" + _table(("source", "line", "reason"), quarantine.shown) + more


def _how(standing: Standing) -> str:
    if not standing.crawled:
        return "saved pages only"
    return "crawled, every notice" if standing.mode == "full" else "crawled, by keywords"


def _spans(spans: Iterable[tuple[date, date]]) -> str:
    return ", ".join(span(*days) for days in spans)


def _age(day: date | None, today: date) -> str:
    if day is None:
        return "never"
    days = (today - day).days
    return f"{day} ({'today' if days == 0 else f'{days:,} days old'})" if days >= 0 else day.isoformat()


def _moment(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at else "never"


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    table = Table(*heads, box=None, pad_edge=False, header_style="")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    out = StringIO()
    Console(file=out, width=160, markup=False, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
