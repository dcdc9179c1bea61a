"""The file ``tenders.toml`` as models: its keys, their types, defaults and meaning.

The reference page ``docs/reference/settings.md`` is generated from the descriptions below.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from pipelines.common.safe_text import is_web_address
from pipelines.common.validation import StrictModel, Tuple
from tenders.config.cron import next_time
from tenders.config.origin import parse_origin

_MOST_DAYS = 3660  # ten years
# Folders of the data folder that belong to the tool or to the user's own rules.
_OWN_FOLDERS = {"archive", "bases", "definitions", "labels", "lexicon", "private"}
_FEED_SUFFIXES = (".xml", ".atom")
_MOST_YUAN = 10**16

# What to write instead, if the general advice of the models would be unclear. Keys without their table.
REMEDIES = {"contact": "write an address or URL in plain ASCII, without spaces and brackets"}


def _checked_cron(line: str) -> str:
    next_time(line, datetime.now(UTC))
    return line


def _checked_origin(text: str) -> str:
    parse_origin(text)
    return text


def _feed_path(text: str) -> str:
    path = PurePath(text)
    if path.is_absolute() or ".." in path.parts or path.parts[0] in _OWN_FOLDERS or path.suffix not in _FEED_SUFFIXES:
        raise ValueError(
            f"{text!r} is not allowed; write a file of the data folder that ends in .xml or .atom and is not in "
            f"{', '.join(sorted(_OWN_FOLDERS))}"
        )
    return text


def _yuan(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MOST_YUAN:
        raise ValueError(f"{value!r} is not allowed; write an amount in yuan, such as 1_000_000")
    return Decimal(str(value))


def _public_address(text: str) -> str:
    if not is_web_address(text) or "?" in text or "#" in text:
        raise ValueError(f"{text!r} is no address of a folder on the web, such as https://data.example/tenders/")
    return f"{text.rstrip('/')}/"


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
CronLine = Annotated[Text, AfterValidator(_checked_cron)]
Origin = Annotated[Text, AfterValidator(_checked_origin)]
FeedPath = Annotated[Text, AfterValidator(_feed_path)]
PublicAddress = Annotated[Text, AfterValidator(_public_address)]
Yuan = Annotated[Decimal, BeforeValidator(_yuan), WithJsonSchema({"type": "number"})]
# It goes into a header of every request.
Contact = Annotated[Text, StringConstraints(pattern=r"^[!-'*-~]+$")]


class ScheduleSection(StrictModel):
    """Applies to every portal that can be crawled, unless the portal's own section says otherwise."""

    enabled: bool = Field(default=True, description="whether `tenders schedule` crawls the portal")
    cron: CronLine = Field(
        default="",
        description="when to crawl: minute, hour, day of month, month, weekday, in Asia/Shanghai. "
        "Weekdays are those of cron: 0 or 7 is Sunday, `mon` is Monday. Without it, each portal has times of its "
        "own, spread over the day: twice a day, or every four hours if it shows only its newest notices",
    )
    window_days: int = Field(
        default=14, ge=1, le=_MOST_DAYS, description="how many days back missing days are crawled again"
    )
    overlap_days: int = Field(
        default=3,
        ge=0,
        le=_MOST_DAYS,
        description="how many days before today are always crawled again, for late notices",
    )
    keywords: Tuple[Text] = Field(
        default=(), description="crawl only notices with one of these words; without words, every notice is read"
    )


class PortalSection(ScheduleSection):
    """One portal, by the name that `tenders portals` lists. All keys of `[schedule]` may be used here."""

    origin: Origin | None = Field(
        default=None, description="another scheme://host:port to ask instead of the portal, for mirrors and tests only"
    )


class ArchiveSection(StrictModel):
    """What the archive keeps."""

    keep_lists_days: int = Field(
        default=0,
        ge=0,
        le=_MOST_DAYS,
        description="after how many days the pages of lists leave the archive; 0 keeps them. "
        "The pages of notices always stay",
    )


class AnnounceSection(StrictModel):
    """Who is informed about new awards, and about which; and who is warned when something needs a person."""

    urls: Tuple[Text] = Field(
        default=(),
        description="addresses of Apprise (github.com/caronc/apprise); `${NAME}` is taken from the environment",
    )
    atom: FeedPath | None = Field(
        default=None, description="an Atom feed of the newest 50 awards, as a file in the data folder"
    )
    min_amount: Yuan = Field(default=Decimal(0), description="leave out awards below this many yuan")
    undisclosed: bool = Field(default=True, description="whether awards without a published price are included")
    warn_urls: Tuple[Text] = Field(
        default=(),
        description="addresses of Apprise that get what needs a person by `tenders status`: one message, again only "
        "when that changes, at most once a day",
    )


class PublishSection(StrictModel):
    """What `tenders publish` says about the data set."""

    licence: Text = Field(default="CC-BY-4.0", description="the licence of the published data, as an SPDX name")
    origin: Text = Field(
        default="tenders", description="who publishes the data: awards that others take over are marked with it"
    )
    url: PublicAddress | None = Field(
        default=None,
        description="the address at which the site is published, for example `https://data.example/tenders/`. With it "
        "pages and feed name their own address; without it all links are relative",
    )


class ConfigFile(StrictModel):
    """All of ``tenders.toml``."""

    contact: Contact | None = Field(
        default=None,
        description="an address or URL at which a portal's operator can reach you. It goes into the User-Agent of "
        "every request. The environment variable TENDERS_CONTACT has priority",
    )
    schedule: ScheduleSection = Field(default_factory=ScheduleSection)
    portals: dict[str, PortalSection] = Field(default_factory=dict)
    archive: ArchiveSection = Field(default_factory=ArchiveSection)
    announce: AnnounceSection = Field(default_factory=AnnounceSection)
    publish: PublishSection = Field(default_factory=PublishSection)


class PortalPlan(PortalSection):
    """When one portal is crawled and how far back: its own section, then `[schedule]`, then the defaults."""

    name: str
