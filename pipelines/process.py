"""One page to classified notices, guarded: every page of a notice becomes one, even if only by its title.

A page that came instead of a notice (a block, a login, an error, an empty page) becomes none.

``process`` is pure and never raises, so the crawler, ``ingest``, ``rebuild`` and a distributed engine can share it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipelines import award_rows
from pipelines.classify import classify
from pipelines.common.safe_text import first_line
from pipelines.common.time_limit import TooSlowError, time_limit
from pipelines.extract.attached_results import AttachedFile, add_files
from pipelines.extract.notice import Source, read_notice
from pipelines.extract.organisations import find_buyer
from pipelines.model import Notice, Page
from pipelines.pages import NoNoticeError, parse_page
from pipelines.pages.attached_files import ATTACHMENTS_SECONDS, read_attachments
from pipelines.pages.base64_bodies import wraps_pdf
from pipelines.storage.keys import content_hash

# Real pages nest to about 60. Far deeper nesting can make a parser's recursion end the process.
DEEPEST_NESTING = 500
# Characters of a page of text. The largest real page has a fifth of it.
LARGEST_TEXT = 5_000_000
SLOWEST_SECONDS = 20

# So few levels cannot matter.
_HARMLESS_NESTING = 100
_STRETCH = 1_000  # characters in which the tags of a page are counted
_NESTING_TAGS = "table div span font b strong em i u ul ol dl section article blockquote center form".split()
# How much deeper the page is after each of these tags. To take names from the page first and look them up afterwards is
# three times as fast as one expression for all of them.
_DEEPER = dict.fromkeys(_NESTING_TAGS, 1) | {f"/{tag}": -1 for tag in _NESTING_TAGS}
_FIRST_LETTERS = "".join(sorted({tag[0] for tag in _NESTING_TAGS}))
_TAG_NAME = re.compile(rf"<(/?[{_FIRST_LETTERS}{_FIRST_LETTERS.upper()}]\w*)")
# Tags that end a line: <br>, <p>, </div>, <tr class="x">, <td>, </th>, <table>, <li>, <h2>
_BREAKING_TAG = re.compile(r"<(?:br|/?(?:p|div|tr|td|th|table|li|h[1-6]))\b[^<>]*>", re.I)
_ANY_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_HTML_TITLE = re.compile(r"<title[^<>]*>([^<]{1,400})</title", re.I)
_JSON_TITLE = re.compile(r'"(?:title|name|noticeTitle)"\s*:\s*"((?:[^"\\]|\\.){1,400})"')
_LONGEST_TITLE = 300
_LONGEST_ENVELOPE_TITLE = 1_000  # as in a capture line
_TITLE_WITHIN = 20_000


@dataclass(frozen=True, slots=True)
class Processed:
    """The notices of one page. ``problem`` says what kept the page from being read normally; None if nothing did."""

    notices: list[Notice] = field(default_factory=list)
    problem: str | None = None


def process(page: Page) -> Processed:
    """Return the notices of a page. Pure, and never raises.

    A page that the parser fails on is read as plain text. If that fails too, only its title is read. A page that is no
    notice has none, and ``problem`` says what it is.
    """
    if not page.body.strip():
        return Processed(problem="no notice: it is an empty page")
    if len(page.body) > LARGEST_TEXT and page.content_type.startswith("text/") and not wraps_pdf(page.body):
        return Processed([title_only(page)], f"it has more than {LARGEST_TEXT:,} characters; only its title was read")
    if nesting(page.body) > DEEPEST_NESTING:
        problem = f"tags are nested deeper than {DEEPEST_NESTING}"
    else:
        try:
            with time_limit(slowest_seconds(page)):
                return _read(page)
        except NoNoticeError as error:
            return _refused(error)
        except Exception as error:  # noqa: BLE001 - whatever a hostile page breaks, the page is kept with the reason
            problem = _reason(error)
    try:
        with time_limit(slowest_seconds(page)):
            result = _read(replace(page, content_type="text/plain", body=_without_tags(page.body)))
            return Processed(result.notices, f"{problem}; read as plain text")
    except NoNoticeError as error:
        return _refused(error)
    except Exception:  # noqa: BLE001
        return Processed([title_only(page)], f"{problem}; only its title was read")


def slowest_seconds(page: Page) -> int:
    """Return how long reading a page may take at most."""
    return SLOWEST_SECONDS + (ATTACHMENTS_SECONDS if page.attachments else 0)


def read_notices(page: Page) -> list[Notice]:
    """Return the one notice of a page, without the guards of ``process``.

    Raises NoNoticeError if the page is none, ValueError if a body is not what its content type claims, and whatever a
    hostile page breaks.
    """
    return _read(page).notices


def states_project_number(page: Page) -> bool:
    """Return whether a project number can be read on a page. Never raises."""
    return any(notice.project_number for notice in process(page).notices)


def _read(page: Page) -> Processed:
    if page.content_type == award_rows.CONTENT_TYPE:
        notice = award_rows.read_award(page)
        classify(notice)
        return Processed([notice])
    envelope = parse_page(page)
    # An id inside the answer counts if the address has none: some interfaces give all answers at one address.
    notice_id = page.notice_id or envelope.notice_id
    source = Source(
        notice_key=f"{page.portal}:{notice_id or page.url}",
        portal=page.portal,
        url=page.url,
        seen_at=page.fetched_at,
        text=envelope.text,
        notice_id=notice_id,
        title=envelope.title and envelope.title[:_LONGEST_ENVELOPE_TITLE],
        channel=envelope.channel,
        published_on=page.published_on or envelope.published_on,
        filed_on=envelope.filed_on,
    )
    notice = read_notice(source)
    additions = _listed_additions(notice, page)
    if additions:
        source = replace(source, text="\n".join([*additions, source.text]))
        notice = read_notice(source)
    files = read_attachments(page.attachments)
    add_files(notice, source, [AttachedFile(file.name, file.head, file.text) for file in files])
    number = envelope.number or page.listed.get("project_number")
    if number and number != notice.project_number:
        notice.platform_number = number
    notice.content_hash = content_hash(notice.notice_key, source.title or "", notice.body)
    classify(notice, page.province)
    return Processed([notice], "; ".join(file.problem for file in files if file.problem) or None)


def _refused(error: NoNoticeError) -> Processed:
    return Processed(problem=f"no notice: {error}")


def _listed_additions(notice: Notice, page: Page) -> list[str]:
    """Return what the portal's list says and the page leaves open, as lines to put before the text.

    A buyer that only the title names counts as left open.
    """
    fields = (
        ("采购单位", "buyer", find_buyer(notice.body)),
        ("代理机构名称", "agency", notice.agency),
        ("项目编号", "project_number", notice.project_number),
    )
    return [f"{label}：{page.listed[name]}" for label, name, value in fields if value is None and page.listed.get(name)]


def title_only(page: Page) -> Notice:
    """Return a notice with only its title, read without any parser."""
    notice = Notice(
        notice_key=page.notice_key,
        portal=page.portal,
        url=page.url,
        seen_at=page.fetched_at,
        notice_id=page.notice_id,
        title=page.title or _title_in(page.body),
        published_on=page.published_on,
    )
    notice.content_hash = content_hash(notice.notice_key, notice.title, "")
    return notice


def nesting(body: str) -> int:
    """Return how deeply tags are nested, at least; 0 if that is too little to matter."""
    if "\\u003c" in body:
        body = body.replace("\\u003c", "<")
    if _most_nesting(body) <= _HARMLESS_NESTING:
        return 0
    names = _TAG_NAME.findall(body)
    if not all(map(str.islower, set(names))):
        names = [name.lower() for name in names]
    steps = [step for step in map(_DEEPER.get, names) if step]
    depth = deepest = 0
    for step in steps:
        depth += step
        if depth > deepest:
            deepest = depth
        elif depth < 0:
            depth = 0
    return deepest if deepest > _HARMLESS_NESTING else 0


def _most_nesting(body: str) -> int:
    """Return a depth that the tags of a page cannot exceed: every tag that does not close counts as one that opens.

    To count a character in stretches of a text is much faster than to look at each tag.
    """
    depth = most = 0
    for start in range(0, len(body), _STRETCH):
        # A closing tag that two stretches share counts in none, as < in the first.
        closed = body.count("</", start, start + _STRETCH)
        opened = body.count("<", start, start + _STRETCH) - closed
        most = max(most, depth + opened)
        depth = max(depth - closed, 0) + opened
    return most


def _without_tags(body: str) -> str:
    lines = _ANY_TAG.sub(" ", _BREAKING_TAG.sub("\n", body)).splitlines()
    return "\n".join(line for line in lines if not line.isspace() and line)


def _title_in(body: str) -> str | None:
    match = _HTML_TITLE.search(body) or _JSON_TITLE.search(body)
    candidates = [match[1]] if match else _without_tags(body[:_TITLE_WITHIN]).splitlines()
    lines = (line.strip() for line in candidates)
    return next((line[:_LONGEST_TITLE] for line in lines if line), None)


def _reason(error: Exception) -> str:
    if isinstance(error, TooSlowError):
        return f"reading it took longer than {SLOWEST_SECONDS} s"
    if isinstance(error, MemoryError):
        return "reading it takes more memory than a page may have"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    first = first_line(error, "no message")[:160]
    return f"the parser failed on it ({type(error).__name__}: {first})"
