"""Arguments of a crawl, and what is rejected before any request is sent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tenders.crawling.request import CrawlRequest, crawl_requests


def test_command_line_texts_and_typed_values_give_the_same_request() -> None:
    texts = CrawlRequest.from_arguments(
        "ccgp",
        since="2026-08-01",
        until="2026-08-02",
        keyword="大模型， 算力,",
        limit="5",
        origin="http://127.0.0.1:80",
    )
    assert texts == CrawlRequest(
        portal="ccgp",
        since=date(2026, 8, 1),
        until=date(2026, 8, 2),
        keywords=("大模型", "算力"),
        limit=5,
        origin="http://127.0.0.1:80",
    )
    assert CrawlRequest.from_arguments("ccgp", **texts.spider_arguments()) == texts


def test_empty_texts_mean_no_argument() -> None:
    empty = CrawlRequest.from_arguments("ccgp", since="", until="", keyword="", limit="", origin="")
    assert empty == CrawlRequest(portal="ccgp")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"names": ["nowhere"]}, "unknown portal"),
        ({"names": ["ccgp_jiangsu"]}, "only read from saved pages"),
        ({"origin": "127.0.0.1:80"}, "not scheme://host:port"),
        ({"origin": "http://127.0.0.1:80/mirror"}, "not scheme://host:port"),
        ({"names": ["ccgp", "ggzy"], "origin": "http://127.0.0.1:80"}, "exactly one"),
        ({"since": date(2026, 8, 2), "until": date(2026, 8, 1)}, "after until"),
        ({"since": "2026-8-32"}, "since '2026-8-32' is not a day"),
        ({"until": "yesterday"}, "until 'yesterday' is not a day"),
        ({"limit": 0}, "limit 0"),
        ({"limit": "ten"}, "limit 'ten'"),
    ],
)
def test_wrong_arguments_are_rejected_with_a_remedy(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        crawl_requests(**{"names": ["ccgp"], **arguments})


def test_a_portal_named_twice_is_crawled_once() -> None:
    assert [request.portal for request in crawl_requests(["ccgp", "ggzy", "ccgp"])] == ["ccgp", "ggzy"]


@pytest.mark.parametrize("host", ["127.0.0.1:8800", "localhost:1", "[::1]:80", "ccgp.localhost"])
def test_an_origin_on_this_machine_is_loopback(host: str) -> None:
    assert CrawlRequest(portal="ccgp", origin=f"http://{host}").is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1.example.org", "localhost.example.org", "10.0.0.1"])
def test_hosts_that_resemble_this_machine_are_not_loopback(host: str) -> None:
    assert not CrawlRequest(portal="ccgp", origin=f"http://{host}").is_loopback
    assert not CrawlRequest(portal="ccgp").is_loopback
