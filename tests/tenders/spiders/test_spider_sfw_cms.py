"""云采通, the procurement sites of universities: what is asked for, and notices that are PDF files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from pipelines.process import read_notices
from tenders import portals
from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.crawling.list_pages import ListQuery
from tenders.crawling.request import crawl_requests
from tenders.jobs import crawl_runner
from tenders.spiders.registry import SPIDERS
from tests.helpers.portal_sites import keys, played, stored
from tests.replica.families import copied_postings
from tests.replica.market import market
from tests.replica.model import Market
from tests.replica.sites import sfw_cms

QUICK = {"RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "ERROR"}


def test_a_list_is_asked_for_by_types_and_a_row_number() -> None:
    request = SPIDERS["cqu"]().list_request(ListQuery("101720"), 3)
    form = parse_qs(request.body.decode(), keep_blank_values=True)
    assert request.url == "http://ztbzx.cqu.edu.cn/sfw_cms/e"
    assert form["type"] == ["ZCGG", "FBGG", "BGGG"]
    assert {key: form[key] for key in ("start", "limit", "categoryId", "catalog")} == {
        "start": ["101"],
        "limit": ["50"],
        "categoryId": ["101720"],
        "catalog": ["A"],
    }


@pytest.mark.parametrize("time", ["2026-05-20 09:30:00", 1779240600000])
def test_an_entry_becomes_a_row_under_the_schools_own_address(time: object) -> None:
    entry = {"id": 7, "syncId": 61230457, "subject": "大模型平台采购中标公告", "tenderNo": "A-1", "beginTime": time}
    row = SPIDERS["sztu"]().read_entry(entry, ListQuery("104910"))
    assert row is not None
    assert (row.notice_id, row.day, row.listed["project_number"]) == ("61230457", date(2026, 5, 20), "A-1")
    assert row.url == "https://ztb.sztu.edu.cn/provider/#/publish/61230457"
    assert portals.notice_id_of("sztu", row.url) == row.notice_id
    assert SPIDERS["sztu"]().notice_request(row).url == "https://provider.yuncaitong.cn/api/publish/61230457"


def test_the_vendors_host_belongs_to_no_school_but_is_asked_by_one_at_a_time() -> None:
    assert portals.portal_of("https://provider.yuncaitong.cn/api/publish/1") is None
    shared = [set(portals.load(name).requested_hosts) for name in ("sztu", "cqu")]
    assert shared[0] & shared[1] == {"provider.yuncaitong.cn"}


@pytest.mark.slow
def test_a_notice_without_a_text_is_read_from_its_pdf_file(tmp_path: Path) -> None:
    made = market(41, 90)
    postings = [one for one in copied_postings(made, "sztu") if sfw_cms.is_pdf(one)][:2]
    assert postings
    with played("sztu", Market(made.world, {"sztu": tuple(postings)})) as portal:
        requests = crawl_requests(["sztu"], origin=portal.origin)
        [outcome] = crawl_runner.run(requests, tmp_path, settings=QUICK)
    assert (outcome.state, outcome.stored) == ("complete", len(postings))
    assert stored("sztu", tmp_path) == keys(postings)
    pages = [page for file in archive_files(tmp_path) for page in read_pages(file)]
    assert len(pages) == len(postings), "what leads to a file is not archived as the notice"
    buyers = {notice.buyer for page in pages for notice in read_notices(page)}
    assert buyers == {posting.project.buyer.name for posting in postings}
