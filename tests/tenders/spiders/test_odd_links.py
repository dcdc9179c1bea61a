"""One odd link in a list costs no more than itself, and no link leads to a file of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.crawler import Crawler

from tenders import portals
from tenders.jobs.crawl_runner import scrapy_settings
from tenders.spiders import ccgp
from tenders.spiders.registry import SPIDERS
from tests.helpers.list_server import LOCAL_AWARDS, ListServer

_ODD = ["http://[::1/t20260805_1.htm", "http://www.ccgp.gov.cn／@notices.example/t20260805_2.htm", "file:///etc/passwd"]


@pytest.mark.parametrize("link", _ODD)
def test_the_other_rows_of_the_list_are_read(link: str) -> None:
    server = ListServer()
    server.fill(LOCAL_AWARDS, 2)
    _, text = server.answer(LOCAL_AWARDS)
    entry = f'<li><a href="{link}" title="某项目中标公告">某项目</a> 发布时间：<em>2026-08-05 08:00</em></li></ul>'
    page = str(text).replace("</ul>", entry)
    rows = ccgp.read_list(page, f"http://www.ccgp.gov.cn{LOCAL_AWARDS}", portals.load("ccgp")).rows
    assert [row.notice_id for row in rows] == ["20260805_1001", "20260805_1000"]


@pytest.mark.parametrize("portal", ["ccgp", "cmcc"])  # the second one speaks old TLS
def test_only_the_web_is_asked(portal: str, tmp_path: Path) -> None:
    crawler = Crawler(SPIDERS[portal], scrapy_settings(tmp_path))
    SPIDERS[portal].from_crawler(crawler).session.close()
    handlers = crawler.settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
