"""What the answers of a portal mean for its descriptor: which key differs, and what to write instead. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scrapy.http import Response

from pipelines.model import Page
from tenders.archive.decoding import response_text
from tenders.crawling.list_pages import ListRow
from tenders.crawling.portal_check import PortalCheck
from tenders.portals import Portal
from tenders.portals.answer_shapes import (
    links_shown,
    list_containers,
    notice_containers,
    row_keys,
    row_paths,
    text_paths,
)
from tenders.portals.options import EpointSearchOptions, HtmlListOptions, JsonListOptions
from tenders.portals.response_checks import Check

_MOST_DAYS_SHOWN = 3
_MOST_PINNED = 3  # older rows that a portal may keep at the top of a list


@dataclass(frozen=True, slots=True)
class Facts:
    """What a check saw: rows of a list, rows of all lists, the fields of a notice, kinds of pages as expected."""

    listed: bool
    all_listed: bool
    notice_read: bool
    answered: frozenset[str]


def judge_rows(result: PortalCheck, portal: Portal, rows: Sequence[ListRow]) -> None:
    """Compare days and addresses of listed rows with the descriptor."""
    if not any(row.day for row in rows):
        shown = ", ".join(dict.fromkeys(row.listed_at for row in rows if row.listed_at)) or "no day"
        result.add(_day_key(portal), "the day of each row", shown[:80], "name where the list shows the day of a row")
    if portal.notice_id is not None:
        without = next((row for row in rows if portal.notice_id_in(row.url) is None), None)
        if without is None:
            result.confirm("notice_id")
    if all(portal_host(row.url) in portal.hosts for row in rows):
        result.confirm("hosts")


def judge_notice_place(result: PortalCheck, portal: Portal, page: Page) -> None:
    """Compare where the notice is on an HTML page with the descriptor. Other pages are proved by their keys."""
    names = portal.notice.containers
    if not names or "html" not in page.content_type:
        return
    is_named = rf"(?:class|id)\s*=\s*[\"']?[^\"'>]{{0,300}}\b(?:{'|'.join(map(re.escape, names))})"
    if re.search(is_named, page.body) is None:
        proposed = notice_containers(page.body)
        remedy = f'notice.containers = ["{proposed[0]}"]' if proposed else "name the element that holds the notice"
        seen = f"the page has {', '.join(proposed) or 'none of these'}; the notice was looked for on the entire page"
        result.add("notice.containers", ", ".join(names), seen, remedy)


def judge_order(result: PortalCheck, days: Sequence[date]) -> None:
    """Compare the order of the days of a list that cannot be queried by date: newest first."""
    if len(set(days)) < 2:
        return
    if list(days) == sorted(days):
        seen = f"it begins with {days[0]} and its first page ends with {days[-1]}"
        result.add("lists", "newest first", seen, "ask for another order (options)")
    elif max(days[:_MOST_PINNED]) == max(days):
        result.confirm("lists")


def portal_host(url: str) -> str:
    """Return the host of an address; '' if it has none."""
    return url.split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0].lower()


def note_unreadable_list(result: PortalCheck, portal: Portal, text: str, reason: str) -> None:
    """Note a list that has the right container but no row that can be read."""
    if text.lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
        path = next(iter(row_paths(text)), "")
        keys = ", ".join(row_keys(text, path))
        is_template = isinstance(portal.options, JsonListOptions)
        key = "options.keys.title" if is_template else _proof_key(portal, "list")
        remedy = "name the key of the title" if is_template else f"the spider of family {portal.family} reads others"
        result.add(key, "rows with a title and an id", f"{reason}; rows at {path or 'no path'} have {keys}", remedy)
    elif "no element" in reason:
        proposed = list_containers(text, portal)
        remedy = f'options.within = "{proposed[0]}"' if proposed else "name the element that holds the list"
        result.add("options.within", _within(portal), reason, remedy)
    else:
        links = ", ".join(links_shown(text)) or "no links"
        result.add("notice_id", _pattern(portal), f"{reason}: it links to {links}", "write a pattern that fits these")


def note_other_layout(
    result: PortalCheck, portal: Portal, last: tuple[str, Check, Response] | None, reason: str
) -> None:
    """Note a page without what the descriptor says it must contain, with what it contains instead."""
    page, text = (last[0], response_text(last[2]) or "") if last else ("list", "")
    if "the portal answers code" in reason:
        remedy = "compare the question with the one of the portal's own page; see channels and options"
        result.add("answers.wrong", "an answer with rows", reason, remedy)
        return
    if "title" in reason and page == "detail":
        result.add("answers.detail.title", "the listed title", reason, "open the notice and compare its title")
        return
    key = notice_key(portal) if page == "detail" else _proof_key(portal, page)
    is_json = text.lstrip("\ufeff \r\n\t")[:1] in ("{", "[")
    if is_json:
        proposed = row_paths(text) if page == "list" else text_paths(text)
    else:
        proposed = list_containers(text, portal) if page == "list" else notice_containers(text)
    seen = f"{reason}; it has {', '.join(proposed)}" if proposed else reason
    written = f'{key} = ["{proposed[0]}"]' if proposed else "open the page in a browser and name what holds it now"
    if proposed and is_json and page == "list":
        also = "options.rows" if isinstance(portal.options, JsonListOptions) else f"the spider of {portal.family}"
        written += f", and the same in {also}"
    result.add(key, expected_at(portal, page), seen, written)


def note_pager(result: PortalCheck, portal: Portal, seen: str) -> None:
    """Note a second page that is not there or repeats the first."""
    options = portal.options
    key = "options.page" if isinstance(options, HtmlListOptions) else "options"
    key = "options.list" if isinstance(options, JsonListOptions) else key
    remedy = "open page 2 on the portal and write how it is asked for"
    result.add(key, "page 2 continues page 1", seen, remedy)


def note_ignored_days(result: PortalCheck, portal: Portal, since: date, until: date, outside: Sequence[date]) -> None:
    """Note rows of days that were not asked for."""
    shown = ", ".join(map(str, outside[:_MOST_DAYS_SHOWN]))
    expected = f"only rows of {since}" if since == until else f"only rows of {since}…{until}"
    remedy = 'correct the names of the days in the question (options), or write lists = "newest"'
    result.add("lists", f"dated: {expected}", f"rows of {shown}", remedy)


def note_no_day(result: PortalCheck, portal: Portal, day: date) -> None:
    """Note that a question by days does not find a day that the list shows."""
    key = "options.day" if isinstance(portal.options, EpointSearchOptions) else "lists"
    remedy = "ask by the day that the rows show, or write how the portal's own page asks for days"
    result.add(key, f"rows of {day}", f"questions for {day} have none, although the list shows that day", remedy)


def note_robots(result: PortalCheck, portal: Portal, seen: str) -> None:
    """Note a robots.txt that forbids the portal's lists or notices."""
    remedy = "write crawl = false and read saved pages (tenders ingest), or ask the operator for permission"
    result.add("crawl", "true: robots.txt allows lists and notices", seen, remedy)


def note_refusal(result: PortalCheck, portal: Portal, seen: str) -> None:
    """Note a captcha, a login or another refusal."""
    remedy = (
        "ask nothing for a day, then check again with a longer delay_seconds; if it is refused again, "
        "write crawl = false and read saved pages (tenders ingest)"
    )
    result.add("crawl", "true: answers without captcha or login", seen, remedy)


def notice_key(portal: Portal) -> str:
    """Return the key that says where the notice is on its page."""
    place = portal.notice
    if portal.answers.detail is not None and (portal.answers.detail.container or portal.answers.detail.key):
        return _proof_key(portal, "detail")
    names = (("containers", place.containers), ("contents", place.contents), ("records", place.records))
    return next((f"notice.{name}" for name, value in names if value), "notice.containers")


def notice_address_key(portal: Portal) -> str:
    """Return the key that says at which address a notice is asked for."""
    written = portal.written_keys()
    return next((key for key in ("options.detail", "options.details", "options.page") if key in written), "notice_id")


def expected_at(portal: Portal, page: str) -> str:
    """Return what a page must contain, as the descriptor says."""
    proof = getattr(portal.answers, page, None)
    place = portal.notice
    names = (*(proof.container or proof.key),) if proof else ()
    if not names and page == "detail":
        names = place.containers or place.contents
    return ", ".join(names) or f"a {page} page"


def settle_uncertain_keys(result: PortalCheck, portal: Portal, facts: Facts) -> None:
    """Put each key that is not certain, and each main fact that was not seen, into ``confirmed`` or ``not_seen``."""
    differing = {finding.key for finding in result.findings}
    for key in portal.unverified:
        if key not in differing and _is_borne_out(key, portal, facts, result):
            result.confirm(key)
    result.confirmed = sorted(key for key in result.confirmed if key not in differing)
    main: list[str] = [key for key in ("lists", "page_size", "edge_days") if key in portal.model_fields_set]
    main += ["answers.list"] * (portal.answers.list is not None) + [notice_key(portal)]
    main += [f"channels.{channel}" for channel in portal.channels]
    wanted = dict.fromkeys([*portal.unverified, *main])
    settled = {*result.confirmed, *differing}
    result.not_seen = [key for key in wanted if key not in settled]


def _is_borne_out(key: str, portal: Portal, facts: Facts, result: PortalCheck) -> bool:
    name, _, rest = key.partition(".")
    if name == "channels":
        return facts.all_listed if not rest else False
    if name == "answers":
        page = rest.partition(".")[0]
        return page in facts.answered if page else {"list", "detail"} <= facts.answered
    if name == "options":
        option = rest.partition(".")[0]
        if option == "file":
            return "file" in facts.answered
        if option in ("page", "detail", "details", ""):
            return facts.notice_read and facts.listed
        if option == "day":
            return "lists" in result.confirmed
        if option == "parameters":
            return facts.all_listed
        return facts.listed
    return {
        "notice": facts.notice_read,
        "crawl": facts.listed and facts.notice_read,
    }.get(name, False)


def _day_key(portal: Portal) -> str:
    if isinstance(portal.options, JsonListOptions):
        return "options.keys.time"
    return "options.day" if isinstance(portal.options, (HtmlListOptions, EpointSearchOptions)) else "options"


def _proof_key(portal: Portal, page: str) -> str:
    proof = getattr(portal.answers, page, None)
    if proof is None:
        return f"answers.{page}"
    kinds = ("container", "key", "pdf", "title", "json_page", "array", "anything")
    return f"answers.{page}.{next((kind for kind in kinds if getattr(proof, kind)), 'anything')}"


def _within(portal: Portal) -> str:
    return str(portal.options.within) if isinstance(portal.options, HtmlListOptions) else "the list"


def _pattern(portal: Portal) -> str:
    return portal.notice_id.pattern if portal.notice_id else "links to notices"
