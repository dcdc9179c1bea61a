"""Portal descriptors, and how they locate addresses."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipelines.common.validation import InvalidDataError
from pipelines.pages.notice_place import NoticePlace
from pipelines.pages.page_templates import template_locator
from pipelines.process import read_notices
from tenders import portals
from tenders.portals import Portal, reference
from tenders.portals.options import FAMILIES, HtmlListOptions, ZcyOptions
from tenders.spiders import registry
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


def test_a_page_of_an_unknown_portal_has_no_id() -> None:
    assert (
        portals.notice_id_of("somewhere", "http://www.ccgp.gov.cn/cggg/zygg/zbgg/202608/t20260805_27074196.htm") is None
    )


def test_no_two_portals_claim_one_host() -> None:
    hosts = [host for portal in portals.all() for host in portal.hosts]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize("portal", portals.all(), ids=lambda portal: portal.name)
def test_a_descriptor_has_everything_that_the_list_of_portals_shows(portal: Portal) -> None:
    assert re.fullmatch(r"[a-z0-9_]+", portal.name)
    assert urlsplit(portal.origin).scheme in ("http", "https")
    assert urlsplit(portal.origin).hostname in portal.hosts
    assert portal.coverage
    assert portal.delay_seconds >= 1
    assert not portal.crawl or portal.channels


def test_an_unknown_name_is_reported_with_the_known_ones() -> None:
    with pytest.raises(portals.UnknownPortalError, match="ccgp"):
        portals.load("cgpp")


_MINE = """
name = "mine"
title = "我的平台"
origin = "https://www.mine.example"
family = "html_list"
crawl = true
notice_id = '/(\\d+)\\.html'
coverage = "results"
channels = ["/results/"]

[options]
page = "{channel}index_{number}.html"
"""


def problems_of(tmp_path: Path, text: str) -> list[str]:
    """Return the messages about a wrong descriptor without the name of its file."""
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InvalidDataError) as caught:
        portals.read_descriptor(file)
    assert all(line.startswith(f"{file}: ") for line in caught.value.problems)
    return [line.removeprefix(f"{file}: ") for line in caught.value.problems]


def test_a_good_descriptor_is_a_portal(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(_MINE, "utf-8")
    portal = portals.read_descriptor(file)
    assert (portal.name, portal.hosts, portal.page_size) == ("mine", ("www.mine.example",), 20)
    assert portal.family_options(HtmlListOptions).page == "{channel}index_{number}.html"
    with pytest.raises(TypeError, match="html_list"):
        portal.family_options(ZcyOptions)


@pytest.mark.parametrize(
    ("line", "replacement", "problem"),
    [
        ('title = "我的平台"', "", "title: missing; add title"),
        ('name = "mine"', 'name = "yours"', "name: 'yours' is not the file's name; write mine"),
        ('name = "mine"', 'name = "My Portal"', "name: 'My Portal' is not allowed; write the file's name"),
        ("crawl = true", "crawl = true\nlists = 'nwest'", "lists: 'nwest' is not allowed; write newest or dated"),
        ("crawl = true", 'crawl = "no"', "crawl: 'no' is not allowed; write true or false"),
        ("crawl = true", 'page_size = "twenty"', "page_size: 'twenty' is not allowed; write a whole number"),
        ("crawl = true", "page_size = 0", "page_size: 0 is not allowed; write a number of at least 1"),
        ("crawl = true", "page_szie = 20", "page_szie: unknown key; did you mean page_size?"),
        ("crawl = true", "delay_seconds = 0.1", "delay_seconds: 0.1 is not allowed; write a number of at least 1"),
        ("crawl = true", "mode = 'all'", "mode: 'all' is not allowed; write full or keyword"),
        ("crawl = true", "first_day = '2020'", "first_day: '2020' is not allowed; write a day such as 2026-08-01"),
        ("crawl = true", "hosts = ['https://a.example']", "hosts[2]: 'https://a.example' is not allowed; write host"),
        ("crawl = true", "province = 'Hubei'", "province: 'Hubei' is not a province; write its short Chinese name"),
        ("crawl = true", "unpublished = ['price']", "unpublished[1]: 'price' is not allowed; write amount, supplier"),
        (
            "crawl = true",
            "unverified = ['chanels']",
            "unverified: 'chanels' is not in this descriptor; did you mean chan",
        ),
        (
            "crawl = true",
            "unverified = ['page_size']",
            "unverified: 'page_size' is not in this descriptor; remove it, or",
        ),
        (
            "crawl = true",
            "unverified = ['options.first']",
            "unverified: 'options.first' is not in this descriptor; did",
        ),
        ("crawl = true", "filed = '/(a)/'", "filed and filed_as need each other; write both or neither"),
        ("https://www.mine.example", "www.mine.example", "origin: 'www.mine.example' is not allowed; write scheme and"),
        ('family = "html_list"', 'family = "html"', "family: there is no spider for 'html'; write one of ccgp"),
        ('family = "html_list"', "family = 3", "family: 3 is not allowed; write text in quotes"),
        ('family = "html_list"', "", "family: missing; add family"),
        (
            'family = "html_list"\ncrawl = true',
            "family = 'html'",
            "family: there is no spider for 'html'; write one of ccgp",
        ),
        ('channels = ["/results/"]', "", "crawl = true needs channels; add the lists to walk"),
        ('channels = ["/results/"]', 'channels = "/a/"', "channels: '/a/' is not allowed; write a list in brackets"),
        (
            "notice_id = '/(\\d+)\\.html'",
            "notice_id = '/(a'",
            "notice_id: '/(a' is not a regular expression: missing )",
        ),
        ("notice_id = '/(\\d+)\\.html'", "notice_id = '/a'", "notice_id: the pattern has 0 groups; put exactly one"),
        ("[options]", "[options]\nfrist = '/'", "options.frist: unknown key; did you mean first?"),
        ('page = "{channel}index_{number}.html"', "", "options.page: missing; add page"),
        ("[options]", "[answers]\nok = ['200']\n[options]", "answers: code_key and codes"),
        ("[options]", "[answers.list]\nkeys = ['a']\n[options]", "answers.list.keys: unknown key; did you mean key?"),
        ("[options]", "[answers.lsit]\nkey = ['a']\n[options]", "answers.lsit: unknown key; did you mean list?"),
        (
            "[options]",
            "[notice]\ncontents = ['a b']\n[options]",
            "notice.contents[1]: 'a b' is not allowed; write text",
        ),
        (
            "[options]",
            "[notice.attributes]\nlist = 'a'\nname = 'n'\nvalue = 'v'\nfields = { a = 'x' }\n[options]",
            "notice.attributes.fields.a: 'x' is not allowed; write buyer",
        ),
        (
            "[options]",
            "[notice]\ntitle_selectors = ['h2[']\n[options]",
            "notice.title_selectors[1]: 'h2[' is not a CSS selector",
        ),
    ],
)
def test_each_mistake_in_a_descriptor_gives_one_line_with_key_and_remedy(
    line: str, replacement: str, problem: str, tmp_path: Path
) -> None:
    assert line in _MINE
    [written] = problems_of(tmp_path, _MINE.replace(line, replacement))
    assert written.startswith(problem)


def test_an_uncertain_value_is_named_by_its_dotted_key_down_to_an_entry_of_a_table(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    keys = ["channels", "options.page", "answers.list.container", "headers.Referer", "headers"]
    written = _MINE.replace("crawl = true", f"crawl = true\nunverified = {keys}")
    written += '[answers.list]\ncontainer = ["a"]\n[headers]\nReferer = "https://www.mine.example/"\n'
    file.write_text(written, "utf-8")
    portal = portals.read_descriptor(file)
    assert portal.unverified == tuple(keys)
    assert "page_size" not in portal.written_keys()


def test_what_a_family_shares_is_part_of_each_of_its_descriptors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "html_list.toml").write_text(
        'page_size = 15\nkeyword = "search"\n[options]\nfirst = "/{channel}/"\nbefore = ["buyer"]\n', "utf-8"
    )
    monkeypatch.setattr(portals, "_FAMILY_FOLDER", tmp_path)
    portals._family_defaults.cache_clear()
    file = tmp_path / "mine.toml"
    file.write_text(
        _MINE.replace("crawl = true", 'crawl = true\nkeyword = "title"\nunverified = ["page_size"]'), "utf-8"
    )
    portal = portals.read_descriptor(file)
    portals._family_defaults.cache_clear()
    options = portal.family_options(HtmlListOptions)
    assert (portal.page_size, portal.keyword) == (15, "title")
    assert (options.first, options.before, options.page) == ("/{channel}/", ("buyer",), "{channel}index_{number}.html")


@pytest.mark.parametrize(
    "file", sorted((ROOT / "tenders" / "portals" / "families").glob("*.toml")), ids=lambda f: f.stem
)
def test_a_file_of_shared_keys_belongs_to_a_family(file: Path) -> None:
    shared = tomllib.loads(file.read_text("utf-8"))
    assert shared.get("spider", file.stem) in FAMILIES
    assert not {"name", "origin", "title"} & shared.keys()


def test_an_unknown_placeholder_is_reported_by_name(tmp_path: Path) -> None:
    shop = _MINE.replace("html_list", "sgcc").replace("{channel}index_{number}.html", "https://a.example/{ID}")
    [written] = problems_of(tmp_path, shop)
    assert written == "options.page: {ID} is not known; the placeholders are {id}, {kind}, {menu}"


def test_a_file_that_is_not_a_descriptor_is_reported_by_name(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "name =")[0].startswith("not TOML")
    missing = [line.partition(": missing; ")[0] for line in problems_of(tmp_path, 'name = "mine"')]
    assert missing == ["title", "origin", "family", "coverage"]


def test_each_family_has_a_spider_and_its_options() -> None:
    assert registry.FAMILY_SPIDERS.keys() == FAMILIES.keys()


def test_the_reference_of_descriptor_keys_is_current() -> None:
    page = ROOT / "docs" / "reference" / "portal-descriptors.md"
    assert page.read_text("utf-8") == reference.markdown(), "run make references"


@pytest.mark.long
def test_reading_addresses_needs_no_crawler() -> None:
    code = "import sys, tenders.portals as p; p.portal_of('http://www.ccgp.gov.cn/'); sys.exit('scrapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


_SEEN = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_page_has_the_facts_of_its_descriptor() -> None:
    url = "https://ggzy.sc.yichang.gov.cn/jyxx/003001/003001005/20250324/753db113-f948-45ed-8e44-9584be8789d2.html"
    page = portals.page_of(None, url, _SEEN, "text/html", "")
    assert (page.portal, page.notice_id) == ("yichang", "753db113-f948-45ed-8e44-9584be8789d2")
    assert (page.channel, page.province) == ("中标结果公告", "湖北")
    assert "id" in page.locator.id_keys
    assert page.notice_key == f"yichang:{page.notice_id}"


def test_a_page_under_a_users_own_portal_name_is_located_by_its_host() -> None:
    url = "https://www.szggzy.com/static/jygg/details.html?contentId=1&channelId=2850"
    page = portals.page_of("my-copy", url, _SEEN, "application/json", "{}")
    assert (page.notice_id, page.channel, page.province) == (None, None, None)
    assert page.locator.contents == ("data.txt",)
    assert page.locator.id_keys == ()  # the portal's ids are not those of another portal
    assert page.notice_key == f"my-copy:{url}"


def test_a_page_of_an_unknown_portal_has_no_place_of_its_own() -> None:
    page = portals.page_of("somewhere", "https://notices.example/1", _SEEN, "application/json", "{}")
    assert page.locator is None


def test_what_a_descriptor_leaves_out_comes_from_the_page_templates() -> None:
    page = portals.page_of("ccgp_hubei", "http://www.ccgp-hubei.gov.cn/", _SEEN, "text/html", "<p>")
    assert page.locator is not None
    assert page.locator.containers == portals.load("ccgp_hubei").notice.containers == ("art_con",)
    assert portals.load("ccgp_hubei").notice.title_keys == ()
    assert page.locator.title_keys == template_locator().title_keys


def test_a_descriptor_is_enough_to_locate_the_notices_of_a_new_portal() -> None:
    body = (
        '{"payload": {"bt": "某市大模型平台采购项目中标公告", "nr": "<p>一、项目编号：XM-1</p>", "rq": "2026-03-04"}}'
    )
    place = NoticePlace(contents=("payload.nr",), title_keys=("bt",), date_keys=("rq",))
    page = replace(
        portals.page_of("new", "https://new.example/1", _SEEN, "application/json", body), locator=place.locator()
    )
    [notice] = read_notices(page)
    assert (notice.title, notice.project_number) == ("某市大模型平台采购项目中标公告", "XM-1")
    assert str(notice.published_on) == "2026-03-04"
