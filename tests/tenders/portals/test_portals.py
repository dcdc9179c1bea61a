"""The descriptors of the portals, and what an address says by them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tenders import portals
from tenders.portals import Portal
from tests.paths import ROOT

PROJECT = ROOT


@pytest.mark.parametrize(
    ("url", "portal", "notice_id"),
    [
        ("http://www.ccgp.gov.cn/cggg/zygg/zbgg/202608/t20260805_27074196.htm", "ccgp", "20260805_27074196"),
        ("https://www.ccgp.gov.cn:443/cggg/dfgg/cjgg/202608/t20260805_1.htm#top", "ccgp", "20260805_1"),
        (
            "https://ggzy.sc.yichang.gov.cn/jyxx/003001/003001005/20250324/753db113-f948-45ed-8e44-9584be8789d2.html",
            "yichang",
            "753db113-f948-45ed-8e44-9584be8789d2",
        ),
        (
            "https://b2b.10086.cn/b2b/main/viewNoticeContent.html?noticeBean.id=2027389512989986817",
            "cmcc",
            "2027389512989986817",
        ),
        (
            "https://b2b.10086.cn/#/noticeDetail?publishId=2090740471550607362&publishUuid=ab",
            "cmcc",
            "2090740471550607362",
        ),
        (
            "https://www.ggzy.gov.cn/information/deal/html/a/330000/0203/20260317/003346ed9dd8b0494c7aa507db162810f636.html",
            "ggzy",
            "003346ed9dd8b0494c7aa507db162810f636",
        ),
        (
            "http://www.ggzy.gov.cn/information/deal/html/b/330000/0203/20260317/003346ed9dd8b0494c7aa507db162810f636.html",
            "ggzy",
            "003346ed9dd8b0494c7aa507db162810f636",
        ),
        ("https://www.szggzy.com/static/jygg/details.html?contentId=20359755&channelId=2850", "szggzy", "20359755"),
        (
            "https://ecp.sgcc.com.cn/ecp2.0/portal/#/doc/doci-win/2606118496575576_2018060501171111",
            "sgcc",
            "2606118496575576",
        ),
        ("https://www.bidding.csg.cn/zbhxrgs/1200349876.jhtml", "csg", "1200349876"),
        ("http://www.ccgp.gov.cn/zcfg/index.htm", "ccgp", None),
        ("https://example.org/t20260805_1.htm", None, None),
        ("urn:ccgp-text:02_tender_002", None, None),
        ("http://[broken/t20260805_1.htm", None, None),
    ],
)
def test_an_address_gives_its_portal_and_the_portals_own_id(
    url: str, portal: str | None, notice_id: str | None
) -> None:
    found = portals.portal_of(url)
    assert (found.name if found else None) == portal
    assert (portals.notice_id_of(portal, url) if portal else None) == notice_id


def test_a_page_of_an_unknown_portal_has_no_known_id() -> None:
    assert (
        portals.notice_id_of("somewhere", "http://www.ccgp.gov.cn/cggg/zygg/zbgg/202608/t20260805_27074196.htm") is None
    )


def test_no_two_portals_claim_one_host() -> None:
    hosts = [host for portal in portals.all() for host in portal.hosts]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize("portal", portals.all(), ids=lambda portal: portal.name)
def test_a_descriptor_says_what_a_reader_of_the_list_of_portals_needs(portal: Portal) -> None:
    assert re.fullmatch(r"[a-z0-9_]+", portal.name)
    assert urlsplit(portal.origin).scheme in ("http", "https")
    assert urlsplit(portal.origin).hostname in portal.hosts
    assert portal.coverage
    assert portal.delay_seconds >= 1
    assert not portal.crawl or portal.channels


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(portals.UnknownPortalError, match="ccgp"):
        portals.load("cgpp")


def test_a_descriptor_that_lacks_something_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "mine"\ntitle = "我的平台"\n', "utf-8")
    with pytest.raises(ValueError, match=r"mine\.toml: add origin, family"):
        portals.read(file)
    file.write_text("name =", "utf-8")
    with pytest.raises(ValueError, match=r"mine\.toml: not TOML"):
        portals.read(file)


def test_reading_addresses_needs_no_crawler() -> None:
    code = "import sys, tenders.portals as p; p.portal_of('http://www.ccgp.gov.cn/'); sys.exit('scrapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
