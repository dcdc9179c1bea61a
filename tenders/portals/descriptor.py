"""The model of a portal descriptor: what one file ``tenders/portals/NAME.toml`` may say.

The fields and their descriptions are also the reference page (``python -m tenders.portals.reference``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field, create_model, field_validator, model_validator

from pipelines.common.addresses import is_on_hosts
from pipelines.common.validation import InvalidDataError, StrictModel, Tuple, advise_key, validate
from pipelines.lexicon import terms
from pipelines.pages.notice_place import ElementName, KeyPath, Name, NoticePlace
from tenders.portals.options import FAMILIES, NoOptions, ValuePattern, ZcyOptions

Options = TypeVar("Options", bound=StrictModel)

_ORIGIN = r"^https?://[a-z0-9.-]+(:\d+)?$"
_HOST = r"^[a-z0-9.-]+$"

PublishedField = Literal["amount", "supplier", "buyer", "project_number"]
ListStyle = Literal["newest", "dated"]
PortalGroup = Literal["government", "resources", "company", "bank", "school"]


def _is_province(code: str) -> str:
    if code not in terms.codes("province"):
        raise ValueError(f"{code!r} is not a province; write its short Chinese name, such as 湖北")
    return code


class Proof(StrictModel):
    """What an answer must contain to be the page that was asked for. Several entries of one list are alternatives."""

    container: Tuple[ElementName] = Field(default=(), description="class names or ids; one of them must be in the HTML")
    key: Tuple[KeyPath] = Field(default=(), description="dotted JSON paths; one of them must be in the answer")
    array: bool = Field(default=False, description="the answer may also be a JSON array")
    json_page: bool = Field(
        default=False, description="the JSON must contain HTML or a PDF somewhere, plain or in base64"
    )
    pdf: bool = Field(default=False, description="the answer must be a PDF file; no text is accepted")
    title: bool = Field(
        default=False, description="the page must contain the title that the list shows, or it is not accepted"
    )
    anything: bool = Field(
        default=False, description="every page is accepted that does not contain the words of a block"
    )


class Answers(StrictModel):
    """How to tell a good answer from a block, a changed layout, or a failure. HTTP 200 alone proves nothing."""

    list: Proof | None = Field(default=None, description="a page of a list")
    detail: Proof | None = Field(
        default=None, description="the page of a notice, if `[notice]` does not prove it already"
    )
    home: Proof | None = Field(default=None, description="the home page, for portals that hand out a session there")
    tree: Proof | None = Field(default=None, description="the categories of a site")
    outer: Proof | None = Field(default=None, description="a page around the page of a notice")
    notice: Proof | None = Field(default=None, description="an answer about a notice, before its files")
    files: Proof | None = Field(default=None, description="the list of the files of a notice")
    file: Proof | None = Field(default=None, description="a file of a notice")
    code_key: KeyPath | None = Field(default=None, description="dotted JSON path of the code of an answer")
    ok: Tuple[Name] = Field(default=(), description="codes of good answers; case does not matter")
    blocked: Tuple[Name] = Field(default=(), description="codes that mean: stop asking (a captcha, too many requests)")
    narrow: Tuple[Name] = Field(default=(), description="codes that mean: ask for less at once")
    wrong: Tuple[Name] = Field(
        default=(), description="codes that mean: the portal does not understand the question any more"
    )
    no_text: KeyPath | None = Field(
        default=None, description="dotted JSON path at which a text, instead of data, means a block"
    )
    block_words: Tuple[Name] = Field(
        default=(), description="further words that only a block page of this portal contains"
    )

    @model_validator(mode="after")
    def _check_codes(self) -> Answers:
        codes = (*self.ok, *self.blocked, *self.narrow, *self.wrong)
        if bool(codes) != bool(self.code_key):
            raise ValueError("code_key and codes (ok, blocked, narrow, wrong) need each other; write both or neither")
        return self


class PortalNoticePlace(NoticePlace):
    """Where the notice is on the portal's pages. Each list has alternatives, the best first.

    A field that is left empty is that of the page templates (`pipelines/pages/page_templates.toml`).
    """

    id_keys: Tuple[Name] = Field(
        default=("id", "noticeId", "contentId", "infoid"),
        description="JSON keys of the portal's own id, used if the address has none",
    )


class Portal(StrictModel):
    """One portal, as ``tenders/portals/NAME.toml`` describes it."""

    name: str = Field(pattern=r"^[a-z0-9_]+$", description="the name of the file without .toml, used everywhere")
    title: Name = Field(description="the portal's own name")
    origin: str = Field(pattern=_ORIGIN, description="scheme and host of the addresses that are stored")
    hosts: Tuple[Annotated[str, Field(pattern=_HOST)]] = Field(
        default=(), description="all hosts whose notices are this portal's; the host of `origin` is always one of them"
    )
    shared_hosts: Tuple[Annotated[str, Field(pattern=_HOST)]] = Field(
        default=(),
        description="hosts of a vendor that are asked for its notices too, and that other portals use as well",
    )
    file_hosts: Tuple[Annotated[str, Field(pattern=_HOST)]] = Field(
        default=(),
        description=(
            "further hosts from which files of its notices are fetched, if a notice leaves its result to them; "
            "files on other hosts are left alone"
        ),
    )
    family: Name = Field(description="the software of the site; the spider of this family crawls it")
    spider: Name | None = Field(
        default=None,
        description="the family whose spider crawls it, if its own has none; usually written in `families/FAMILY.toml`",
    )
    group: PortalGroup = Field(
        default="government",
        description=(
            "who publishes there: `government` procurement (政府采购), trading of public `resources` (公共资源交易), a "
            "`company`, a `bank` or a `school`; the list of portals is divided by it"
        ),
    )
    crawl: bool = Field(default=False, description="whether `tenders crawl` may request this portal")
    province: Annotated[str, AfterValidator(_is_province)] | None = Field(
        default=None, description="the province of all its buyers, if the portal serves one province"
    )
    coverage: Name = Field(description="what a crawl gets, for the list of portals")
    gaps: str = Field(default="", description="what a crawl does not get")
    unpublished: Tuple[PublishedField] = Field(
        default=(), description="fields that the portal never publishes, so that their absence raises no alarm"
    )
    unverified: Tuple[Name] = Field(
        default=(),
        description=(
            "dotted keys of this descriptor, such as `options.parent`, or `channels.003004` for one entry of a list, "
            "whose values rest on one source or on sources that contradict each other; `tenders portals` shows them. "
            "If such a channel is not at the portal (404), nothing is missing"
        ),
    )

    notice_id: ValuePattern | None = Field(
        default=None, description="regular expression whose group is the portal's own id in the address of a notice"
    )
    filed: ValuePattern | None = Field(
        default=None, description="regular expression whose group is the code of the kind of notice in its address"
    )
    filed_as: dict[str, Name] = Field(default={}, description="the portal's words for each of these codes")

    channels: Tuple[Name] = Field(
        default=(), description="the lists to walk, as the family names them, the most important first"
    )
    mode: Literal["full", "keyword"] = Field(
        default="full",
        description="`full`: every notice of the window is read; `keyword`: only what the portal's search finds",
    )
    keyword: Literal["title", "search"] = Field(
        default="title", description="where keywords apply: to listed titles (by us), or in the portal's own search"
    )
    lists: ListStyle = Field(default="newest", description="one list, newest first, or lists that are queried by date")
    search_lists: ListStyle | None = Field(default=None, description="the same for its search; without it, as `lists`")
    page_size: int = Field(default=20, ge=1, description="rows per list page")
    most_pages: int = Field(
        default=1000,
        ge=1,
        description=(
            "the last list page that the portal shows; a list that is not queried by date is followed further if the "
            "portal reports more pages"
        ),
    )
    most_rows: int | None = Field(default=None, ge=1, description="most rows of one answer; a longer query is divided")
    overlap_pages: int = Field(default=2, ge=0, description="pages to read after the first one that shows nothing new")
    slice_days: int = Field(default=30, ge=1, description="most days of one query")
    notices_per_day: int = Field(
        default=60, ge=1, description="how many notices it lists a day, roughly: `tenders backfill` plans by it"
    )
    first_day: date = Field(default=date(2015, 1, 1), description="no query starts earlier")
    edge_days: int = Field(
        default=0, ge=0, description="days to add at both ends of a query, if it may exclude its own ends"
    )

    delay_seconds: float = Field(default=1.0, ge=1, description="least time between two requests to a host")
    headers: dict[str, str] = Field(default={}, description="headers of every request; `{origin}` is the origin")
    cookies: bool = Field(default=False, description="whether cookies are kept during a crawl")
    legacy_tls: bool = Field(default=False, description="whether the server needs the TLS handshake from before 2010")
    verify_certificate: bool = Field(
        default=True, description="whether the server's certificate must be valid for its name"
    )

    notice: PortalNoticePlace = Field(default=PortalNoticePlace(), description="where the notice is on its page")
    answers: Answers = Field(default=Answers(), description="how to tell a good answer from a bad one")
    options: StrictModel = Field(default=NoOptions(), description="what only the family needs")

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any) -> Any:
        """Add the host of ``origin`` to ``hosts``, and write the origin for ``{origin}`` in headers."""
        if not isinstance(data, Mapping):
            return data
        completed = dict(data)
        host = urlsplit(data["origin"]).hostname if isinstance(data.get("origin"), str) else None
        hosts = data.get("hosts", [])
        if host and isinstance(hosts, list):
            completed["hosts"] = list(dict.fromkeys([host, *hosts]))
        if host and isinstance(headers := data.get("headers"), Mapping):
            completed["headers"] = {
                name: value.replace("{origin}", data["origin"]) if isinstance(value, str) else value
                for name, value in headers.items()
            }
        return completed

    @field_validator("coverage", "gaps", mode="after")
    @classmethod
    def _strip(cls, text: str) -> str:
        return text.strip()

    @model_validator(mode="after")
    def _check_keys_together(self) -> Portal:
        if self.crawl and not self.channels:
            raise ValueError("crawl = true needs channels; add the lists to walk, or write crawl = false")
        if bool(self.filed) != bool(self.filed_as):
            raise ValueError("filed and filed_as need each other; write both or neither")
        return self

    @model_validator(mode="after")
    def _check_unverified(self) -> Portal:
        keys = self.written_keys()
        for key in self.unverified:
            if key not in keys:
                raise ValueError(f"unverified: {key!r} is not in this descriptor; {advise_key(key, keys)}")
        return self

    @property
    def requested_hosts(self) -> tuple[str, ...]:
        """The hosts that requests go to. Portals that share one are crawled one after the other."""
        return (*self.hosts, *self.shared_hosts, *self.file_hosts)

    def publishes(self, url: str) -> bool:
        """Return whether a notice to which a list links may be requested: it is on a host of the portal."""
        return is_on_hosts(url, self.hosts, urlsplit(self.origin).port)

    def offers_file(self, url: str) -> bool:
        """Return whether a file to which a notice links may be requested."""
        return is_on_hosts(url, (*self.hosts, *self.file_hosts), urlsplit(self.origin).port)

    def written_keys(self) -> list[str]:
        """Return the dotted key of every value, table and entry of a list that the descriptor or its family writes."""
        return [key for key in _written_keys(self) if key.partition(".")[0] != "unverified"]

    def notice_id_in(self, url: str) -> str | None:
        """Return the portal's own id in the address of a notice (%3D read as =); None if the address has none."""
        match = self.notice_id.search(url) if self.notice_id else None
        return unquote(match.group(1)) if match else None

    def channel_in(self, url: str) -> str | None:
        """Return the kind of notice that the address names, in the portal's words; None if it names none."""
        match = self.filed.search(url) if self.filed else None
        return self.filed_as.get(match.group(1)) if match else None

    @property
    def finds_channels(self) -> bool:
        """Whether the portal is asked which lists it has; ``channels`` is then the second choice."""
        return isinstance(self.options, ZcyOptions) and bool(self.options.site and self.options.categories)

    def list_style(self, *, search: bool) -> ListStyle:
        """Return how its lists are walked, or those of its search."""
        return (self.search_lists or self.lists) if search else self.lists

    def family_options(self, model: type[Options]) -> Options:
        """Return the options of the family. Raises TypeError if they are another family's."""
        if not isinstance(self.options, model):
            raise TypeError(f"{self.name}: options of family {self.family!r} are not {model.__name__}")
        return self.options


def _written_keys(value: Any, prefix: str = "") -> Iterator[str]:
    if isinstance(value, StrictModel):
        inner = {name: getattr(value, name) for name in type(value).model_fields if name in value.model_fields_set}
    elif isinstance(value, Mapping):
        inner = dict(value)
    elif isinstance(value, tuple):
        inner = {entry: None for entry in value if isinstance(entry, str)}
    else:
        return
    for name, part in inner.items():
        yield f"{prefix}{name}"
        yield from _written_keys(part, f"{prefix}{name}.")


def portal_from(data: Mapping[str, Any], source: str) -> Portal:
    """Return a descriptor as its model. Raises InvalidDataError with one line per mistake."""
    family = data.get("family")
    if not isinstance(family, str):  # nobody can tell which options are right
        return validate(Portal, {key: value for key, value in data.items() if key != "options"}, source, _REMEDIES)
    spider = data.get("spider", family)
    if spider not in FAMILIES and (data.get("crawl") is True or data.get("options")):
        families = ", ".join(sorted(FAMILIES))
        raise InvalidDataError([f"{source}: family: there is no spider for {spider!r}; write one of {families}"])
    return validate(_model_of(spider if isinstance(spider, str) else family), data, source, _REMEDIES)


@cache
def _model_of(spider: str) -> type[Portal]:
    """Return the model of the descriptors that a spider reads, whose ``options`` are the spider's."""
    options = FAMILIES.get(spider, NoOptions)
    required = any(field.is_required() for field in options.model_fields.values())
    return create_model("Portal", __base__=Portal, options=(options, ... if required else options()))


_REMEDIES = {
    "origin": "write scheme and host only, such as https://www.example.cn",
    "hosts": "write host names only, such as www.example.cn",
    "shared_hosts": "write host names only, such as files.example.cn",
    "name": "write the file's name without .toml: small letters, digits and _",
}
