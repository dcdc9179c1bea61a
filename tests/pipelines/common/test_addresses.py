"""A link on a page leads where it may, or nowhere."""

from __future__ import annotations

import pytest

from pipelines.common.addresses import is_on_hosts, join_address

_HOSTS = ("notices.example", "www.notices.example")


@pytest.mark.parametrize(
    "address",
    [
        "http://notices.example/a",
        "HTTPS://WWW.NOTICES.EXAMPLE/a",
        "https://notices.example:443/a",
        "http://notices.example:8087/a",
    ],
)
def test_the_hosts_of_a_portal_may_be_asked(address: str) -> None:
    assert is_on_hosts(address, _HOSTS, 8087)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/a",
        "//notices.example/a",
        "file://notices.example/etc/passwd",
        "ftp://notices.example/a",
        "gopher://notices.example/a",
        "data:text/html,a",
        "javascript:alert(1)//notices.example",
        "http://other.example/a",
        "http://notices.example.other.example/a",
        "http://notices.example@other.example/a",
        "http://user:word@notices.example/a",
        "http://notices.example\\@other.example/a",
        "http://notices.example%00.other.example/a",
        "http://notices.example:22/a",
        "http://notices.example:99999/a",
        "http://notices.example:port/a",
        "http://notices.example．other.example/a",
        "http://notices.example／@other.example/a",
        "http://xn--notices-x.example/a",
        "http://127.0.0.1/a",
        "http://127.1/a",
        "http://2130706433/a",
        "http://0x7f000001/a",
        "http://①②⑦.0.0.1/a",
        "http://169.254.169.254/a",
        "http://[::1]/a",
        "http://[::1/a",
        "http://[::ffff:127.0.0.1]/a",
        "http://localhost/a",
    ],
)
def test_nothing_else_may_be_asked(address: str) -> None:
    assert not is_on_hosts(address, _HOSTS)


def test_a_link_is_joined_with_the_address_of_its_page() -> None:
    assert join_address("http://notices.example/b/c.htm", " ./d.htm ") == "http://notices.example/b/d.htm"


@pytest.mark.parametrize("link", ["http://[::1/a", "http://notices.example／@other.example/a"])
def test_a_link_that_makes_no_sense_leads_nowhere(link: str) -> None:
    assert join_address("http://notices.example/b/c.htm", link) == ""
