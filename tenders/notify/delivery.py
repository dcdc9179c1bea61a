"""Addresses of Apprise in the configuration, and the delivery of one message to one of them."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenders.config.project import Config, expand_variables

MESSAGE_BYTES = 1_800  # chat robots refuse longer ones: the one of WeCom takes 2,048
_LONGEST_REFUSAL = 300
_SECRET = re.compile(r"[\w-]{8,}")  # a part of an address that may be a password or token


@dataclass(frozen=True, slots=True)
class Address:
    """One configured address.

    ``key`` is made of the address as it is written in the file, so a new secret in the environment does not make a new
    address. ``name`` is its place in the file, for logs. ``url`` holds its secrets.
    """

    key: str
    name: str
    url: str


def addresses(
    config: Config, setting: str, written: Sequence[str], environment: Mapping[str, str]
) -> Iterator[Address]:
    """Yield the addresses that a setting lists. Raises ConfigError if one of them cannot be used."""
    for number, text in enumerate(written, 1):
        name = f"{setting}[{number}]"
        try:
            url = expand_variables(text, environment if config.chosen else {})
        except ValueError as error:
            advice = (
                "" if config.chosen else "; it is not looked up for a file of the current folder: name it (--config)"
            )
            raise config.error(name, f"{error}{advice}") from None
        if _apprise_service(url) is None:
            raise config.error(name, "this is not an address that Apprise knows; see github.com/caronc/apprise")
        yield Address(hashlib.blake2b(text.encode(), digest_size=8).hexdigest(), name, url)


def deliver(address: Address, title: str, body: str) -> str | None:
    """Send one message. Returns None if the address has taken it, else the reason, without secrets."""
    import apprise

    try:
        service = apprise.Apprise(_apprise_service(address.url))
        with service.notify(title=title, body=body, body_format="text") as result:
            if result:
                return None
            reason = "; ".join(entry.message for entry in result.logs()) or "refused"
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything; the crawl is done, other targets still get theirs
        reason = f"{type(error).__name__}: {error}"
    reason = " ".join(reason.split())
    for secret in sorted(set(_SECRET.findall(address.url)), key=len, reverse=True):
        reason = reason.replace(secret, "…")
    return reason[:_LONGEST_REFUSAL]


def _apprise_service(url: str) -> Any:
    """Return one Apprise service, or None if it does not know the address.

    Never several together: some could take a message and others not.
    """
    import apprise  # slow

    # It logs addresses with their secrets. What matters is logged here.
    logging.getLogger("apprise").propagate = False
    return apprise.Apprise.instantiate(url, asset=apprise.AppriseAsset(app_id="tenders", app_desc="tenders"))
