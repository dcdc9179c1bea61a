"""First contact with a portal: the spider's own questions, a few of them, compared with what its descriptor says."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Headers, Request, Response, TextResponse

from pipelines.model import Notice
from pipelines.process import process
from tenders.archive.decoding import response_text
from tenders.crawling.errors import (
    BlockedError,
    CannotStoreError,
    MovedError,
    PageFailedError,
    PortalDownError,
    QueryTooBroadError,
    RequestsSpentError,
    StoppedError,
    UnreadableListError,
)
from tenders.crawling.list_pages import ListPage, ListQuery, ListRow, is_short_of_total
from tenders.crawling.portal_check import CheckRecord, Exchange, PortalCheck
from tenders.crawling.stats import Problem
from tenders.items import PageItem
from tenders.portals.response_checks import Check
from tenders.spiders.base import check_findings
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_spider import ListSpider

MOST_REQUESTS = 8
_OLD_DAYS = 364  # a year back, on the same day of the week
_OLD_SPAN = 7
_MOST_EMPTY_LISTS = 3  # then another question would not help
_AWARD_WORDS = ("中标", "成交", "结果", "中选")
_OTHER_WORDS = ("更正", "变更", "终止", "废标", "流标", "失败", "候选", "合同")


@dataclass(frozen=True, slots=True)
class _Unexpected(Exception):  # noqa: N818 - it ends the check in good order
    """The check cannot go on: what was found is already noted."""


class PortalCheckSpider(ListSpider):
    """Mixed into the spider of a portal, it asks at most eight questions instead of crawling.

    1. The first page of a list, over the newest days or, if these are empty, over all days.
    2. For lists that are queried by date: one day that has notices. Its rows show whether days are honoured.
    3. One notice, read as a crawl reads it.
    4. The second page.
    5. The files of the notice, if it leaves its result to them.
    6. For lists that are queried by date: a week a year ago.
    7. Further lists, those first whose existence is not certain, as long as requests are left.

    Nothing is asked after a block. ``report`` gets the result, however the check ends. ``record`` collects what came;
    its day is the one from which newest and old days are counted.
    """

    further_attempts = 1
    report: Callable[[PortalCheck], None]
    record: CheckRecord

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider, and let it see each answer as it comes, robots.txt included."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.note_exchange, signal=signals.response_downloaded)
        return spider

    def note_exchange(self, response: Response, request: Request) -> None:
        """Keep an answer for those who save a check."""
        self.record.exchanges.append(
            Exchange(
                request.method,
                request.url,
                _header_lists(request.headers),
                request.body,
                response.status,
                _header_lists(response.headers),
                response.body,
            )
        )

    async def start(self) -> AsyncIterator[PageItem]:
        """Ask, compare and report. No item is made: nothing of a check is stored as a notice."""
        self.result = PortalCheck(self.name)
        self._answered: set[str] = set()  # kinds of pages that came as the descriptor says
        self._last: tuple[str, Check, Response] | None = None
        self._listed_channels: list[str] = []
        try:
            await self._ask()
        except BlockedError as block:
            self._note_block(block)
        except (_Unexpected, RequestsSpentError):
            pass
        except PortalDownError as error:
            self._note_unreachable(error)
        except (StoppedError, CannotStoreError) as error:
            self.crawl_stats.failed = Problem("interrupted", str(error) or "stopped")
        self._settle_keys()
        self.result.requests = self.crawler.stats.get_value("tenders/requests", 0)
        self.report(self.result)
        self.crawl_stats.finished = True
        no_items: tuple[PageItem, ...] = ()
        for item in no_items:  # makes this a generator, as Scrapy wants
            yield item
        raise CloseSpider("finished")

    def check_response(self, request: Request, response: Response) -> Check:
        """Note what came, and return whether it is the page that was requested."""
        verdict = super().check_response(request, response)
        page = request.meta["checked_as"]
        self._last = (page, verdict, response)
        if verdict.kind == "ok":
            self._answered.add(page)
        return verdict

    async def _ask(self) -> None:
        self.channels = await self.find_channels()
        query, page = await self._ask_first_list()
        self._judge_rows(page)
        if query.dated:
            await self._ask_one_day(query, page)
        notice = await self._ask_notice(page)
        await self._ask_second_page(query, page)
        if notice is not None:
            await self._ask_files(*notice)
        if query.dated:
            await self._ask_old_days(query, page)
        await self._ask_further_lists(query)
        await self._ask_after_short_page(query, page)

    # The lists.

    async def _ask_first_list(self) -> tuple[ListQuery, ListPage]:
        """Return the first question that has rows, with its first page."""
        for query in self._first_queries():
            page = await self._list_page(query, 1)
            if page is None:
                raise _Unexpected
            if page.rows:
                self._listed_channels.append(query.channel)
                return query, page
        asked = ", ".join(self.channels[:_MOST_EMPTY_LISTS])
        self.result.add(
            "channels", asked, "these lists have no rows", "open the lists on the portal and write their names"
        )
        raise _Unexpected

    def _first_queries(self) -> list[ListQuery]:
        first, *others = self.channels[:_MOST_EMPTY_LISTS]
        if not self._dated:
            return [ListQuery(channel) for channel in (first, *others)]
        last = self.record.day
        newest = last - timedelta(days=self.portal.slice_days - 1)
        return [
            ListQuery(first, newest, last),
            *(ListQuery(channel, self.portal.first_day, last) for channel in (first, *others)),
        ]

    @property
    def _dated(self) -> bool:
        return self.portal.list_style(search=False) == "dated"

    async def _list_page(self, query: ListQuery, number: int) -> ListPage | None:
        """Return a list page; None if it is not what the descriptor says, which is then noted."""
        try:
            response = await self.fetch(self.list_request(query, number))
            if not isinstance(response, TextResponse):
                raise PageFailedError("not a text")
            self.list_fetched_at = response.meta["fetched_at"]
            return self._with_public_urls(self.read_list(response, query))
        except QueryTooBroadError as error:
            if query.since and query.until and (query.until - query.since).days < self.portal.slice_days:
                remedy = "write fewer days, such as 7"
                self.result.add("slice_days", self.portal.slice_days, error or "it wants a narrower question", remedy)
                return None
            return ListPage(())
        except UnreadableListError as error:
            check_findings.note_unreadable_list(self.result, self.portal, self._last_text("list"), str(error))
        except PageFailedError as error:
            self._note_failed_list(query, number, error)
        return None

    def _note_failed_list(self, query: ListQuery, number: int, error: PageFailedError) -> None:
        if error.failure == "layout":
            check_findings.note_other_layout(self.result, self.portal, self._last, str(error))
        elif error.gone and number > 1:
            check_findings.note_pager(self.result, self.portal, str(error))
        elif error.gone:
            key = f"channels.{query.channel}"
            remedy = "find the list on the portal and write its name, or delete it"
            self.result.add(key, "a list", f"HTTP 404 or 410 ({error})", remedy)
        elif not self._answered:
            self._note_unreachable(error)
        else:
            key = f"channels.{query.channel}"
            self.result.add(key, "a list page", str(error), "check again later; if it stays, ask with other values")

    def _judge_rows(self, page: ListPage) -> None:
        """Compare the rows of the first page with the descriptor: days and addresses."""
        days = sorted({row.day for row in page.rows if row.day})
        span = f"{days[0]}…{days[-1]}" if days else "no days"
        total = "" if page.reported_total is None else f", total {page.reported_total:,}"
        pages = "" if page.reported_pages is None else f", pages {page.reported_pages:,}"
        self.result.list_seen = f"{len(page.rows)} rows, {span}{total}{pages}"
        check_findings.judge_rows(self.result, self.portal, page.rows)
        if not self._dated:
            check_findings.judge_order(self.result, [row.day for row in page.rows if row.day])

    async def _ask_second_page(self, query: ListQuery, first: ListPage) -> None:
        size, total = len(first.rows), first.reported_total
        if self._names_page_size and size > self.portal.page_size:
            self._note_page_size(size)
        if self._names_page_size and is_short_of_total(size, total, self.portal.page_size):
            self._note_page_size(size)
            return
        has_more = (total is None or total > size) and (first.reported_pages is None or first.reported_pages > 1)
        if not has_more or self.portal.most_pages < 2:
            return
        second = await self._list_page(query, 2)
        if second is None:
            return
        says_more = (total is not None and total > size) or (first.reported_pages or 0) > 1
        shown = {row.notice_id for row in first.rows}
        is_new = bool(second.rows) and not shown.issuperset(row.notice_id for row in second.rows)
        if not is_new:
            if says_more:
                what = "page 2 shows the rows of page 1" if second.rows else "page 2 has no rows"
                check_findings.note_pager(self.result, self.portal, what)
            return
        self.result.list_seen += ", page 2 read"
        if self._names_page_size and size == self.portal.page_size:
            self.result.confirm("page_size")
        elif self._names_page_size:
            self._note_page_size(size)

    async def _ask_after_short_page(self, query: ListQuery, first: ListPage) -> None:
        """Ask for page 2 of a list that says no total, and whose first page is taken for the last as it is not full."""
        if first.reported_total is not None or first.reported_pages != 1 or not self._names_page_size:
            return
        try:
            response = await self.fetch(self.list_request(query, 2))
            rows = self.read_list(response, query).rows if isinstance(response, TextResponse) else ()
        except (PageFailedError, QueryTooBroadError, UnreadableListError):
            return  # there is none, as expected
        if not {row.notice_id for row in first.rows}.issuperset(row.notice_id for row in rows):
            self._note_page_size(len(first.rows))

    @property
    def _names_page_size(self) -> bool:
        """Whether the descriptor says how many rows a page has, or the question asks for so many."""
        return isinstance(self, JsonListSpider) or "page_size" in self.portal.model_fields_set

    def _note_page_size(self, size: int) -> None:
        seen = f"{size} rows on a page that is not the last"
        self.result.add("page_size", self.portal.page_size, seen, f"page_size = {size}")

    async def _ask_further_lists(self, first: ListQuery) -> None:
        """Ask lists whose names are not certain, then others."""
        doubtful = [channel for channel in self.channels if f"channels.{channel}" in self.portal.unverified]
        wanted = dict.fromkeys([*doubtful, *self.channels])
        for channel in wanted:
            if channel in self._listed_channels:
                continue
            query = ListQuery(channel, first.since, first.until)
            page = await self._list_page(query, 1)
            if page is not None and page.rows:
                self._listed_channels.append(channel)

    # Days.

    async def _ask_one_day(self, query: ListQuery, page: ListPage) -> None:
        """Ask for one day that has notices, without the margin that a crawl adds."""
        days = Counter(row.day for row in page.rows if row.day)
        if not days:
            return
        day = max(days, key=lambda listed: (days[listed], listed < max(days), listed))
        shown = await self._days_of(ListQuery(query.channel, day, day))
        if shown is None or self._note_outside(shown, day, day, self.portal.edge_days):
            return
        if day in shown:
            self.result.confirm("lists", "edge_days")
            self.result.list_seen += f", a question for {day} is answered with that day"
            return
        margin = max(1, self.portal.edge_days)
        first, last = day - timedelta(days=margin), day + timedelta(days=margin)
        shown = await self._days_of(ListQuery(query.channel, first, last))
        if shown is None or self._note_outside(shown, first, last, 0):
            return
        if day not in shown:
            check_findings.note_no_day(self.result, self.portal, day)
        elif self.portal.edge_days:
            self.result.confirm("lists", "edge_days")
            self.result.list_seen += ", a question leaves out its own ends"
        else:
            seen = f"a question for {day} alone has no rows, one for {first}…{last} has that day: the ends are left out"
            self.result.add("edge_days", 0, seen, "edge_days = 1")

    async def _ask_old_days(self, query: ListQuery, page: ListPage) -> None:
        newest = max((row.day for row in page.rows if row.day), default=self.record.day)
        since = newest - timedelta(days=_OLD_DAYS)
        until = since + timedelta(days=min(_OLD_SPAN, self.portal.slice_days) - 1)
        shown = await self._days_of(ListQuery(query.channel, since, until))
        if shown and not self._note_outside(shown, since, until, self.portal.edge_days):
            self.result.list_seen += f", days of {since.year} are there"
            if "first_day" in self.portal.model_fields_set:
                self.result.confirm("first_day")

    async def _days_of(self, query: ListQuery) -> set[date] | None:
        page = await self._list_page(query, 1)
        return None if page is None else {row.day for row in page.rows if row.day}

    def _note_outside(self, shown: set[date], since: date, until: date, margin: int) -> bool:
        """Note days that were not asked for. Returns whether there are any."""
        more = timedelta(days=margin)
        outside = sorted(day for day in shown if not since - more <= day <= until + more)
        if outside:
            check_findings.note_ignored_days(self.result, self.portal, since, until, outside)
        return bool(outside)

    # A notice.

    async def _ask_notice(self, page: ListPage) -> tuple[PageItem, ListRow] | None:
        """Read one notice, rather one that must have a winner. Returns None if it could not be had."""
        row = _likeliest_award([row for row in page.rows if not row.skipped])
        if row is None:
            return None
        if not self.portal.publishes(row.url):
            host = check_findings.portal_host(row.url)
            remedy = f'add "{host}" to hosts, if the portal publishes there'
            self.result.add("hosts", ", ".join(self.portal.hosts), f"a list links to {row.url}", remedy)
            return None
        try:
            if row.body is not None:
                item = self.build_item_from_list(row, self.list_fetched_at)
            else:
                item = await self.read_notice(row)
        except PageFailedError as error:
            if error.failure == "layout":
                check_findings.note_other_layout(self.result, self.portal, self._last, str(error))
            else:
                key = check_findings.notice_address_key(self.portal)
                self.result.add(key, "the page of a notice", str(error), "open a notice on the portal and compare")
            return None
        self.record.page = item.page
        check_findings.judge_notice_place(self.result, self.portal, item.page)
        self._judge_fields(row, process(item.page).notices)
        return item, row

    async def _ask_files(self, item: PageItem, row: ListRow) -> None:
        """Fetch the files that a crawl would fetch of the notice, and note how many came."""
        files = (await self._with_files(item, row)).page.attachments
        if files:
            self.result.notice_seen += f", files: {len(files)}"

    def _judge_fields(self, row: ListRow, notices: Sequence[Notice]) -> None:
        fields = {
            "buyer": any(notice.buyer for notice in notices),
            "winner": any(lot.winners for notice in notices for lot in notice.lots),
            "price": any(lot.amount_text or lot.amount_yuan for notice in notices for lot in notice.lots),
        }
        read = [name for name, is_read in fields.items() if is_read]
        self.result.notice_seen = ", ".join(read) or "nothing but its title"
        if read:
            self._answered.add("notice text")
            self.result.confirm(check_findings.notice_key(self.portal))
        else:
            key, seen = check_findings.notice_key(self.portal), f"no buyer, winner or price was read of {row.url}"
            self.result.add(key, "a notice", seen, "look where the notice is on its page: tenders explain URL")

    # What it means.

    def _last_text(self, page: str) -> str:
        if self._last is None or self._last[0] != page:
            return ""
        return response_text(self._last[2]) or ""

    def _note_block(self, block: BlockedError) -> None:
        self.crawl_stats.blocked = Problem(block.failure, str(block))
        is_missing_container = (
            self._last is not None and self._last[1].kind == "blocked" and "has none of" in str(block)
        )
        if is_missing_container:
            check_findings.note_other_layout(self.result, self.portal, self._last, str(block))
        elif isinstance(block, MovedError):
            remedy = "if that is the portal's new address, write it into origin and hosts"
            self.result.add("origin", self.portal.origin, block, remedy)
        elif "robots.txt" in str(block):
            check_findings.note_robots(self.result, self.portal, str(block))
        else:
            check_findings.note_refusal(self.result, self.portal, str(block))
        self.result.state = "blocked"

    def _note_unreachable(self, error: Exception) -> None:
        remedy = "open the address in a browser; if it works there, look at proxy, certificate and legacy_tls"
        self.result.add("origin", self.portal.origin, error, remedy)
        self.result.state = "unreachable"
        raise _Unexpected

    def _settle_keys(self) -> None:
        """Say of each uncertain key, and of the main facts, whether an answer bore it out."""
        result = self.result
        for page in ("list", "detail", "home", "tree", "outer", "notice", "files", "file"):
            if page in self._answered and getattr(self.portal.answers, page) is not None:
                result.confirm(f"answers.{page}")
        result.confirm(*(f"channels.{channel}" for channel in self._listed_channels if channel in self.portal.channels))
        facts = check_findings.Facts(
            listed=bool(self._listed_channels),
            all_listed=set(self._listed_channels) >= set(self.portal.channels),
            notice_read="notice text" in self._answered,
            answered=frozenset(self._answered),
        )
        check_findings.settle_uncertain_keys(result, self.portal, facts)


def _likeliest_award(rows: Sequence[ListRow]) -> ListRow | None:
    """Return the row whose notice most likely names a winner; None without rows."""

    def rank(row: ListRow) -> tuple[bool, bool]:
        return not any(word in row.title for word in _OTHER_WORDS), any(word in row.title for word in _AWARD_WORDS)

    return max(rows, key=rank, default=None)


def _header_lists(headers: Headers) -> dict[str, list[str]]:
    return {name.decode("latin-1"): [value.decode("latin-1") for value in values] for name, values in headers.items()}
