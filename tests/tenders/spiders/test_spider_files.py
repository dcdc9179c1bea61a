"""Files of notices in a crawl: fetched only for notices that leave their result to them, archived, and read again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from pipelines.model import Page
from pipelines.process import read_notices
from pipelines.storage.keys import page_key
from pipelines.storage.spool import records, segments
from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import crawl_requests
from tenders.data_folder import DataFolder
from tenders.jobs import crawl_runner
from tests.helpers.attached_files import ROWS, xlsx_file
from tests.helpers.list_server import LOCAL_AWARDS, ListServer, serving

pytestmark = pytest.mark.slow

_OPEN = "<p>三、中标信息：详见附件</p>"
_SAID = "<p>三、中标（成交）信息</p><p>供应商名称：杭州云岭智能科技有限公司</p><p>中标（成交）金额：386万元</p>"
_RESULT = '<p><a href="/files/1.xlsx">中标结果明细.xlsx</a></p>'
_CONTENTS = (
    _OPEN + _RESULT,
    _SAID + _RESULT,  # says its result by itself
    _OPEN + '<p><a href="https://files.example.org/2.xlsx">中标结果.xlsx</a></p>',  # on a host that is not the portal's
    _OPEN + '<p><a href="/files/3.pdf">招标文件.pdf</a></p>',  # something else
    _OPEN + '<p><a class="bizDownload" id="5F-1">中标结果.xlsx</a></p>',  # the address is made by a script
    _OPEN + '<p><a href="/files/page.xlsx">中标结果.xlsx</a></p>',  # a page comes instead of a file
    _OPEN + "".join(f'<a href="/files/many{at}.xlsx">中标结果{at}.xlsx</a>' for at in range(5)),
)


@dataclass
class _Crawl:
    server: ListServer
    outcome: CrawlOutcome
    pages: list[Page]
    page_keys: set[str]


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> _Crawl:
    data = tmp_path_factory.mktemp("crawl")
    server = ListServer()
    rows = server.fill(LOCAL_AWARDS, len(_CONTENTS))
    for row, content in zip(rows, _CONTENTS, strict=True):
        server.answers[LOCAL_AWARDS + row.path] = [
            f'<html><body><h2>{row.title}</h2><div class="vF_detail_content">{content}</div></body></html>'
        ]
    for path in ("/files/1.xlsx", "/oss/download?uuid=5F-1"):
        server.answers[path] = [xlsx_file(ROWS)]
    server.answers["/files/page.xlsx"] = ["<html><body><div>系统维护中</div></body></html>"]
    with serving(server):
        [outcome] = crawl_runner.run(
            crawl_requests(["ccgp"], origin=server.origin),
            data,
            settings={"RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "ERROR"},
        )
    keys = {str(line["page_key"]) for line in records(segments(DataFolder(data).spool)) if line.get("t") == "page"}
    pages = [page for path in archive_files(data) for page in read_pages(path) if isinstance(page, Page)]
    return _Crawl(server, outcome, sorted(pages, key=lambda page: page.url), keys)


def test_only_files_that_a_notice_needs_are_requested(crawl: _Crawl) -> None:
    asked = [path for path in crawl.server.requests if path.startswith(("/files/", "/oss/"))]
    many = [f"/files/many{at}.xlsx" for at in range(3)]
    assert sorted(asked) == sorted(["/files/1.xlsx", "/oss/download?uuid=5F-1", "/files/page.xlsx", *many])


def test_every_notice_is_stored_and_only_a_page_instead_of_a_file_is_reported(crawl: _Crawl) -> None:
    assert (crawl.outcome.listed, crawl.outcome.stored) == (len(_CONTENTS), len(_CONTENTS))
    assert crawl.outcome.state == "incomplete"
    assert str(crawl.outcome.reason).count("a file of ") == 1
    assert "a page came instead of a file" in str(crawl.outcome.reason)


def test_the_archive_gives_each_notice_with_its_files(crawl: _Crawl) -> None:
    assert [[file.url for file in page.attachments] for page in crawl.pages] == [
        ["http://www.ccgp.gov.cn/files/1.xlsx"],
        [],
        [],
        [],
        ["https://download.ccgp.gov.cn/oss/download?uuid=5F-1"],
        [],
        [],
    ]
    (notice,) = read_notices(crawl.pages[0])
    assert [lot.amount_yuan for lot in notice.lots] == [Decimal("3860000.00"), Decimal("1250000.50")]
    assert "\n附件：中标结果明细.xlsx\n" in notice.body


def test_the_archive_gives_the_same_pages_as_the_crawl(crawl: _Crawl) -> None:
    assert {page_key(page) for page in crawl.pages} == crawl.page_keys
