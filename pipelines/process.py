"""One page through the parser, whatever the page does to it: every readable page becomes a notice, even if only by its title."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import FrameType

from pipelines.classify.lexicon import current
from pipelines.model import Notice, Page
from pipelines.storage.keys import content_hash
from pipelines.storage.spool import notice_line, page_line, quarantine_line
from tenders.archive.records import Rejected, page_key, page_record
from tenders.portals import notice_id_of

# Real pages nest to about 60. Far beyond that a parser's own recursion can end the process.
DEEPEST = 500
SLOWEST_SECONDS = 20

# So few open tags can nest as they like.
_SHALLOW = 100
_TAG = re.compile(
    r"<(/?)(?:table|div|span|font|b|strong|em|i|u|ul|ol|dl|section|article|blockquote|center|form)\b", re.I
)
_ANY_TAG = re.compile(r"<(?:br|/?(?:p|div|tr|td|th|table|li|h[1-6]))\b[^<>]*>", re.I)
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>")
_HTML_TITLE = re.compile(r"<title[^<>]*>([^<]{1,400})</title", re.I)
_JSON_TITLE = re.compile(r'"(?:title|name|noticeTitle)"\s*:\s*"((?:[^"\\]|\\.){1,400})"')
_LONGEST_TITLE = 300


class PageTooSlowError(Exception):
    """The parser did not end within its time."""


@dataclass(slots=True)
class Work:
    """What a few pages came to: spool lines and archive records to write, and what went wrong on the way."""

    lines: list[bytes] = field(default_factory=list)
    records: bytes = b""
    notice_keys: list[str] = field(default_factory=list)
    problems: list[Rejected] = field(default_factory=list)
    pages: int = 0

    def extend(self, other: Work) -> None:
        """Put the work of further pages behind this one's."""
        self.lines += other.lines
        self.records += other.records
        self.notice_keys += other.notice_keys
        self.problems += other.problems
        self.pages += other.pages


def work(pages: list[Page], *, archive: bool) -> Work:
    """Parse pages into spool lines, and into archive records too where ``archive`` asks for them. Pure."""
    done = Work(pages=len(pages))
    records: list[bytes] = []
    for page in pages:
        notices, problem = read(page)
        add(done, page, notices, problem)
        if archive:
            records.append(page_record(page))
    done.records = b"".join(records)
    return done


def add(done: Work, page: Page, notices: list[Notice], problem: str | None) -> None:
    """Put one page's notices into ``done``."""
    key, lexicon = page_key(page), current().digest
    done.lines.extend(notice_line(notice, key, seq, lexicon) for seq, notice in enumerate(notices))
    done.notice_keys.extend(notice.notice_key for notice in notices)
    if problem:
        done.problems.append(Rejected(page.url, 0, problem, page.portal, page.url))
        done.lines.append(quarantine_line(page.url, 0, problem, page.portal, page.url, page.fetched_at))
    done.lines.append(page_line(key, page.portal, page.url))


def read(page: Page) -> tuple[list[Notice], str | None]:
    """The notices of a page, and what kept it from being read as it is, if anything.

    A page that the parser cannot take is read as plain text, and if that fails too, by its title.
    """
    from pipelines.pages import parse

    problem = None
    if nesting(page.body) > DEEPEST:
        problem = f"tags are nested deeper than {DEEPEST}"
    else:
        try:
            with _limited(SLOWEST_SECONDS):
                return parse(page) or [by_title(page)], None
        except Exception as error:  # noqa: BLE001 - whatever a hostile page breaks, the page is kept and the reason told
            problem = _reason(error)
    try:
        with _limited(SLOWEST_SECONDS):
            found = parse(replace(page, content_type="text/plain", body=_plain(page.body)))
            return found or [by_title(page)], f"{problem}; read as plain text"
    except Exception:  # noqa: BLE001
        return [by_title(page)], f"{problem}; only its title was read"


def by_title(page: Page) -> Notice:
    """A notice of which only the title is known, found without any parser."""
    notice_id = notice_id_of(page.portal, page.url)
    notice = Notice(
        notice_key=f"{page.portal}:{notice_id or page.url}",
        portal=page.portal,
        url=page.url,
        seen_at=page.fetched_at,
        notice_id=notice_id,
        title=page.title or _title_in(page.body),
        published_on=page.published_on,
    )
    notice.content_hash = content_hash(notice.notice_key, notice.title, "")
    return notice


def nesting(body: str) -> int:
    """How deep tags that may hold each other are nested, at least; 0 where there are too few to matter."""
    if "\\u003c" in body:
        body = body.replace("\\u003c", "<")
    slashes = _TAG.findall(body)
    if slashes.count("") <= _SHALLOW:
        return 0
    depth = deepest = 0
    for slash in slashes:
        if not slash:
            depth += 1
            if depth > deepest:
                deepest = depth
        elif depth:
            depth -= 1
    return deepest


def _plain(body: str) -> str:
    lines = _MARKUP.sub(" ", _ANY_TAG.sub("\n", body)).splitlines()
    return "\n".join(line for line in lines if not line.isspace() and line)


def _title_in(body: str) -> str | None:
    found = _HTML_TITLE.search(body) or _JSON_TITLE.search(body)
    lines = (line.strip() for line in ([found[1]] if found else _plain(body[:20_000]).splitlines()))
    return next((line[:_LONGEST_TITLE] for line in lines if line), None)


def _reason(error: Exception) -> str:
    if isinstance(error, PageTooSlowError):
        return f"reading it took longer than {SLOWEST_SECONDS} s"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    first = (str(error).strip() or "no message").splitlines()[0][:160]
    return f"the parser failed on it ({type(error).__name__}: {first})"


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise PageTooSlowError inside the block after ``seconds``. A thread that is not the main one has no limit."""
    if threading.current_thread() is not threading.main_thread() or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise PageTooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
