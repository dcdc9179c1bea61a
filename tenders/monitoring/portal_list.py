"""``tenders portals``: all portals in short, some of them in detail, or either as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import orjson

from pipelines.common.clock import SHANGHAI
from tenders import portals
from tenders.monitoring.portal_health import PortalHealth
from tenders.monitoring.terminal import age, gaps_text, minute, table
from tenders.portals import Portal

_MOST_GAPS = 6
_GROUPS = {
    "government": "government procurement (政府采购)",
    "resources": "trading of public resources (公共资源交易)",
    "company": "companies (企业)",
    "bank": "banks (银行)",
    "school": "schools (高校)",
    None: "without a descriptor, read from saved pages",
}


def matching_portals(all_health: Iterable[PortalHealth], words: Sequence[str]) -> list[PortalHealth]:
    """Return the portals that fit all words; without words, all.

    A word is a group, a family, a province, a state, or a part of a name or title.
    """
    known = _descriptors()
    return [health for health in all_health if all(_fits(health, known.get(health.portal), word) for word in words)]


def portals_text(all_health: Iterable[PortalHealth], now: datetime | None = None) -> str:
    """Return one line per portal, by group: how it is read, its last crawl, how fresh it is, how much is missing."""
    today = (now or datetime.now(UTC)).astimezone(SHANGHAI).date()
    known = _descriptors()
    rows_by_group: dict[str | None, list[tuple[object, ...]]] = {group: [] for group in _GROUPS}
    for health in all_health:
        portal = known.get(health.portal)
        missing = sum((gap.until - gap.since).days + 1 for gap in health.gaps)
        row = (
            health.portal,
            health.title,
            _how_read(health, portal),
            state_of(health),
            minute(health.last_complete_at),
            age(health.newest_notice, today),
            f"{missing:,} days" if missing else "",
        )
        rows_by_group[portal.group if portal else None].append(row)
    # One table, so that the columns of all groups are aligned. The heads of groups are put between its lines.
    rows = [row for group_rows in rows_by_group.values() for row in group_rows]
    heads = ("portal", "name", "read", "last crawl", "last complete", "newest notice", "missing")
    [head, *lines] = table(heads, rows, cut=True).splitlines()
    parts = [head]
    for group, group_rows in rows_by_group.items():
        if group_rows:
            parts += ["", f"{_GROUPS[group]}: {len(group_rows)}", *lines[: len(group_rows)]]
            del lines[: len(group_rows)]
    marked = [portal for portal in known.values() if portal.unverified and portal.name in {str(row[0]) for row in rows}]
    if marked:
        parts += ["", "not certain, because one source says so, or sources contradict each other:"]
        parts += [f"{portal.name}: {', '.join(portal.unverified)}" for portal in marked]
    parts += ["", "tenders portals WORD shows what the portals with this name, group, family or province can give"]
    return "\n".join(parts) + "\n"


def portal_details(all_health: Iterable[PortalHealth], now: datetime | None = None) -> str:
    """Return all that is known about portals: what they can give and what not, what is missing, what is not certain."""
    today = (now or datetime.now(UTC)).astimezone(SHANGHAI).date()
    known = _descriptors()
    parts = []
    for health in all_health:
        portal = known.get(health.portal)
        complete = f"{state_of(health)}, last complete {minute(health.last_complete_at)}"
        newest = f"{age(health.newest_notice, today)}, {health.notices:,} notices are stored"
        facts: dict[str, str] = {}
        if portal:
            facts["site"] = f"{portal.origin}, family {portal.family}, group {portal.group}"
            facts["site"] += f", {portal.province}" if portal.province else ""
        facts |= {"read": _how_read(health, portal), "last crawl": complete, "newest": newest}
        if portal:
            facts |= {"gives": portal.coverage, "not": portal.gaps, "not certain": ", ".join(portal.unverified)}
        facts |= {"missing": gaps_text(health, _MOST_GAPS), "alarms": "; ".join(health.alarms)}
        lines = [f"  {name}: {text}\n" for name, text in facts.items() if text]
        parts.append("".join([f"{health.portal} {health.title}".rstrip() + "\n", *lines]))
    return "\n".join(parts)


def portals_json(all_health: Iterable[PortalHealth]) -> str:
    """Return the health of portals as JSON, with what their descriptors say.

    ``state`` is that of the last crawl, or ``never``. A portal without a descriptor has null where one is needed.
    """
    known = _descriptors()
    rows = []
    for health in all_health:
        portal = known.get(health.portal)
        described = {
            "family": portal.family if portal else None,
            "group": portal.group if portal else None,
            "origin": portal.origin if portal else None,
            "province": portal.province if portal else None,
            "unverified": list(portal.unverified) if portal else [],
            "coverage": portal.coverage if portal else None,
            "state": state_of(health),
            "can_give": portal.coverage if portal else "",
            "cannot_give": portal.gaps if portal else "",
        }
        rows.append(asdict(health) | described)
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode()


def state_of(health: PortalHealth) -> str:
    """Return the state of a portal's last crawl, or ``never``."""
    return health.last_run.state if health.last_run else "never"


def _descriptors() -> Mapping[str, Portal]:
    return {portal.name: portal for portal in portals.all()}


def _fits(health: PortalHealth, portal: Portal | None, word: str) -> bool:
    facts = (portal.group, portal.family, portal.province) if portal else ()
    return word in (state_of(health), *facts) or word in health.portal or word in health.title


def _how_read(health: PortalHealth, portal: Portal | None) -> str:
    if not health.crawled or portal is None:
        return "saved pages only"
    what = "every notice" if health.mode == "full" else "keywords"
    return f"{what}, by days" if portal.lists == "dated" else f"{what}, newest first"
