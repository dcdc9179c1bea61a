"""Spreads projects over portals: which portal publishes which notice, when, how, and with which number and price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tests.replica import money
from tests.replica.addresses import notice_address
from tests.replica.forms.common import own_number
from tests.replica.model import Event, Posting, Project, World
from tests.replica.truth import without_sums

LOCAL = {
    "广东": "gdgpo",
    "上海": "zcy_shanghai",
    "广西": "zcy_guangxi",
    "北京": "ccgp_beijing",
    "山东": "ccgp_shandong",
    "湖北": "ccgp_hubei",
}
# The column of a portal for each kind of notice. Kinds without a column are not published there.
COLUMNS: dict[str, dict[str, str]] = {
    "ggzy": {
        "award": "0202",
        "failed": "0202",
        "void": "0204",
        "correction": "0204",
        "clarification": "0204",
        "contract": "0203",
        "tender": "0201",
    },
    "ggzy works": {
        "award": "0104",
        "failed": "0104",
        "candidate": "0104",
        "void": "0105",
        "correction": "0105",
        "tender": "0101",
    },
    "ggzy central": {
        "award": "bw0104",
        "failed": "bw0104",
        "candidate": "bw0104",
        "void": "bw0104",
        "correction": "bw0104",
    },
    "cmcc": {
        "award": "SELECTION_RESULTS",
        "candidate": "CANDIDATE_PUBLICITY",
        "failed": "SELECTION_RESULTS",
        "void": "SELECTION_RESULTS",
        "correction": "SELECTION_RESULTS",
        "direct": "ONE_SOURCE_PROCUREMENT",
        "opinion": "PURCHASE_OPINION",
    },
    "chinatelecom": dict.fromkeys(("award", "candidate", "failed", "void", "correction", "direct"), "ResultAnnounc"),
    "chinaunicom": {
        "award": "采购结果",
        "candidate": "中标候选人公示",
        "failed": "采购结果",
        "void": "采购结果",
        "correction": "采购结果",
    },
    "sgcc": {
        "award": "2018060501171111",
        "candidate": "2018060501171107",
        "failed": "2018060501171111",
        "void": "2018060501171111",
        "correction": "2018060501171111",
    },
    "csg": {"award": "zbhxrgs", "candidate": "zbhxrgs", "correction": "zbhxrgs", "void": "zbhxrgs", "failed": "fbgg"},
    "gdgpo": {
        "award": "00102",
        "failed": "001004",
        "void": "001031",
        "correction": "001031",
        "clarification": "001031",
        "contract": "001054",
    },
    "szggzy": {"award": "2850", "failed": "2850", "void": "2850", "correction": "2850"},
    "yichang": {"award": "003001005", "candidate": "003001004"},
    "zcy_shanghai": {
        "award": "ZcyAnnouncement4",
        "failed": "ZcyAnnouncement4",
        "void": "ZcyAnnouncement4",
        "correction": "ZcyAnnouncement5",
    },
    "zcy_guangxi": {
        "award": "ZcyAnnouncement4",
        "failed": "ZcyAnnouncement4",
        "void": "ZcyAnnouncement4",
        "correction": "ZcyAnnouncement5",
    },
    "ccgp_beijing": {"award": "zbggs", "failed": "zbggs"},
    "ccgp_shandong": dict.fromkeys(("award", "failed", "void"), "0302"),
    "ccgp_hubei": dict.fromkeys(("award", "failed", "void", "correction"), "notice"),
}
_PLAIN_ENDS = (
    "中标公告",
    "中标结果公告",
    "成交公告",
    "成交结果公告",
    "中标（成交）结果公告",
    "结果公告",
    "中标(成交)结果公告",
    "的中标（成交）结果公告",
    "的中标(成交)结果公告",
)
_TITLES = {
    "ggzy": ["{a}关于{n}的中标(成交)结果公告", "{n}中标公告", "{n}结果公告", "{n}"],
    "gdgpo": ["{n}结果公告", "{n}采购结果公告"],
    "szggzy": ["{n}的采购结果公告", "{n}中标（成交）结果公告"],
    "yichang": ["{n}中标结果公告"],
    "zcy_shanghai": ["{n}的中标（成交）结果公告"],
    "zcy_guangxi": ["{a}关于{n}的中标(成交)结果公告", "{n}中标（成交）结果公告"],
    "ccgp_beijing": ["{n}中标公告", "{n}中标结果公告"],
    "ccgp_shandong": ["{n}中标（成交）公告", "{n}中标公告"],
    "ccgp_hubei": ["{n}中标结果公告", "{n}成交结果公告"],
}


def choose_portals(rng: Random, project: Project) -> list[str]:
    """Draw the portals on which a project appears. The one that publishes first comes first.

    Two projects with the same buyer and name get the same portals. Otherwise nothing could distinguish them.
    """
    buyer = project.buyer
    if buyer.scope not in ("zygg", "dfgg"):
        first = "ggzy" if buyer.scope == "central" else buyer.scope
        more = {"sgcc": [("ggzy", 0.25)], "yichang": [("ggzy", 0.5), ("ccgp", 0.25)]}.get(buyer.scope, [])
        return [first, *(name for name, chance in more if rng.random() < chance)]
    portals = ["ccgp"]
    if buyer.scope == "dfgg":
        local = "szggzy" if project.events[0].form == "shenzhen" else LOCAL.get(buyer.province)
        if local and rng.random() < 0.85:
            portals.append(local)
        if local == "szggzy" and rng.random() < 0.25:
            portals.append("gdgpo")
    if rng.random() < (0.6 if buyer.scope == "dfgg" else 0.25):
        portals.append("ggzy")
    if len(portals) > 1 and rng.random() < 0.18:
        portals.remove("ccgp")
    rng.shuffle(portals)
    return portals


def column_of(portal: str, project: Project, what: str) -> str | None:
    """Return the column in which the portal files this kind of notice, or None if it does not publish it."""
    if portal == "ccgp":
        return None if what in ("candidate", "opinion", "direct") else "ccgp"
    if portal == "ggzy" and project.buyer.scope in ("central", "sgcc"):
        portal = "ggzy central"
    elif portal == "ggzy" and (project.goods_kind == "工程" or project.buyer.scope == "yichang"):
        portal = "ggzy works"
    return COLUMNS[portal].get(what)


def _needs_number(project: Project) -> bool:
    """Check whether every copy must print the number.

    Only the number joins notices that are months apart or have a twin.
    """
    return bool({"numbered", "void_then_won"} & set(project.traits))


def draw_printed_number(rng: Random, project: Project, portal: str, first: bool) -> tuple[str, str]:
    """Draw how a portal prints the project number, as (number, style)."""
    number = project.number
    needed = _needs_number(project)
    in_title = any(number in event.title for event in project.events)
    if not number or portal == "ccgp" or project.buyer.scope == portal or in_title:
        return number, "bare" if number else "absent"
    dice = rng.random()
    if dice < (0.12 if first else 0.3) and not needed:
        return "", "absent"
    if dice < 0.38 and not needed:
        return f"{portal[:2].upper()}CG-{rng.randrange(2024, 2026)}-{rng.randrange(10**6):06d}", "other"
    if dice < 0.52 and number[0].isascii() and number[0].isupper() and number == own_number(number):
        return f"{rng.randrange(10**6):06d}{rng.randrange(10**15):015d}-{number}", "prefixed"
    if dice < 0.6:
        return money.to_full_width(number), "width"
    if dice < 0.7 and own_number(number) == number:
        return number.lower(), "case"
    swapped = number.translate(str.maketrans("[]〔〕（）", "〔〕[]()"))
    return swapped, "brackets" if swapped != number else "bare"


def _draw_lag(rng: Random) -> timedelta:
    """Draw the delay of a copy: hours, 1 to 6 days, or seldom up to 25 days."""
    dice = rng.random()
    days = 0 if dice < 0.55 else rng.randrange(1, 7) if dice < 0.92 else rng.randrange(7, 26)
    return timedelta(days=days, minutes=rng.randrange(5, 200))


def _draw_times(rng: Random, project: Project, facts: list[int], first: bool) -> list[datetime]:
    """Draw when the portal publishes each event. Copies keep the order of events."""
    out = []
    for index, event in enumerate(project.events):
        at = event.at if first else event.at + _draw_lag(rng)
        later = [e for e in project.events[index + 1 :] if e.at > event.at]
        if event.what == "award":  # a late copy may follow a correction on another portal
            later = [e for e in later if e.what == "award" or project.events.index(e) in facts]
        if later and at >= later[0].at:
            at = event.at + timedelta(minutes=rng.randrange(5, 200))
        out.append(at)
    return out


def _choose_events(rng: Random, project: Project, portals: list[str]) -> dict[str, list[int]]:
    """Choose the events that each portal publishes.

    Results appear nearly everywhere, later notices often on one portal only.
    """
    events_of: dict[str, list[int]] = {portal: [] for portal in portals}
    for index, event in enumerate(project.events):
        possible = [portal for portal in portals if column_of(portal, project, event.what) is not None]
        if not possible:
            continue
        result = event.what in ("award", "candidate")
        chosen = [p for p in possible if rng.random() < 0.93] if result else [rng.choice(possible)]
        if "numbered" in project.traits or (not result and rng.random() < 0.5):
            chosen = possible
        for portal in chosen or [possible[0]]:
            events_of[portal].append(index)
    return events_of


def _draw_title(rng: Random, project: Project, event: Event, portal: str) -> str:
    """Draw the title of a copy. Prefix and suffix vary, but marks of a lot or a round stay."""
    end = event.title.removeprefix(project.name)
    if portal not in _TITLES or event.what != "award" or end not in _PLAIN_ENDS or rng.random() < 0.35:
        return event.title
    return rng.choice(_TITLES[portal]).format(n=project.name, a=project.agency.name)


def _choose_form(rng: Random, portal: str, project: Project, event: Event) -> str:
    one = len(event.lots) == 1 and event.lots[0].won and event.lots[0].price.kind in ("total", "undisclosed")
    if portal == "ggzy":
        joined = _needs_number(project) or " 包" in event.title  # the table form has neither number nor project name
        if event.what == "contract" or (event.what == "award" and one and not joined and rng.random() < 0.45):
            return "table"
        return "province"
    if portal == "cmcc":
        return rng.choice(["pdf", "pdf", "pdf_plain", "html"])
    return "html" if portal not in ("ccgp",) else "province"


def _draw_shows_amount(rng: Random, portal: str, project: Project, event: Event, first: bool) -> bool:
    """Draw whether a copy prints the sums."""
    priced = any(lot.price.kind == "total" for lot in event.lots)
    if event.what in ("award", "candidate") and priced and portal != project.buyer.scope:
        return rng.random() >= (0.06 if first or portal == "ccgp" else 0.18)
    return priced


def draw_postings(project: Project, seed: int) -> list[Posting]:
    """Draw the postings of one project, still without ids."""
    rng = Random(f"spread {seed} {project.key}")
    portals = choose_portals(
        Random(f"homes {seed} {project.buyer.name} {project.name.removesuffix('（第二标段）')}"), project
    )  # twins share their portals
    out: list[Posting] = []
    for portal, facts in _choose_events(rng, project, portals).items():
        first = portal == portals[0]
        number, style = draw_printed_number(rng, project, portal, first)
        times = _draw_times(rng, project, facts, first)
        for fact in facts:
            event = project.events[fact]
            shows_amount = _draw_shows_amount(rng, portal, project, event, first)
            lots = event.lots if shows_amount else without_sums(event.lots)
            published = replace(
                event, at=times[fact], title=_draw_title(rng, project, event, portal), lots=lots, path=""
            )
            out.append(
                Posting(
                    portal,
                    "",
                    "",
                    replace(project, number=number),
                    published,
                    fact,
                    column_of(portal, project, event.what) or "",
                    _choose_form(rng, portal, project, published),
                    style,
                    shows_amount,
                )
            )
    return out


def spread_postings(
    world: World, is_shown: Callable[[Posting], bool] = lambda posting: True
) -> dict[str, list[Posting]]:
    """Return the notices of all projects by portal, oldest first.

    Each event appears on at least one portal, unless no portal publishes its kind. Only notices that `is_shown` accepts
    are returned.
    """
    by_portal: dict[str, list[Posting]] = {}
    for project in world.projects:
        for posting in draw_postings(project, world.seed):
            if is_shown(posting):
                by_portal.setdefault(posting.portal, []).append(posting)
    for postings in by_portal.values():
        postings.sort(key=lambda p: (p.at, p.project.key, p.fact))
    return {portal: _add_addresses(portal, postings) for portal, postings in sorted(by_portal.items())}


def _add_addresses(portal: str, postings: list[Posting]) -> list[Posting]:
    """Add ids and addresses, and limit each posting's project to the notices of this portal."""
    out, events = [], {}
    for serial, posting in enumerate(postings):
        if portal == "ccgp":
            posting = _file_under_local(posting)
            event = _ccgp_event(posting, serial)
            own, url = event.path.rsplit("/t", 1)[1].removesuffix(".htm"), f"http://www.ccgp.gov.cn{event.path}"
        else:
            public = notice_address(portal, serial, posting.at, posting.column, posting.project.buyer.province)
            own, url, event = public.notice_id, public.url, replace(posting.event, path=public.url)
        out.append(replace(posting, notice_id=own, url=url, event=event))
        events.setdefault(posting.project.key, []).append(event)
    return [replace(p, project=replace(p.project, events=tuple(events[p.project.key]))) for p in out]


def _file_under_local(posting: Posting) -> Posting:
    """File notices of other platforms under CCGP's local scope."""
    buyer = posting.project.buyer
    scope = buyer.scope if buyer.scope in ("zygg", "dfgg") else "dfgg"
    return replace(posting, project=replace(posting.project, buyer=replace(buyer, scope=scope)))


def _ccgp_event(posting: Posting, serial: int) -> Event:
    """Return the event with its CCGP path: scope, channel and month."""
    event, scope = posting.event, posting.project.buyer.scope
    channel = event.channel or {"correction": "gzgg", "failed": "fblbgg", "void": "fblbgg"}.get(event.what, "zbgg")
    name = f"t{event.at:%Y%m%d}_{23000000 + serial * 3 + event.at.minute % 3}"
    path = f"/cggg/{scope}/{channel}/{event.at:%Y%m}/{name}.htm"
    return replace(event, channel=channel, path=path, form="hubei" if event.form == "company" else event.form)
