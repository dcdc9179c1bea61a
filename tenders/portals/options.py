"""The ``[options]`` of a descriptor: what the spider of each family reads beyond the keys that all portals share."""

from __future__ import annotations

import re
import string
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from pipelines.common.validation import StrictModel, Tuple
from pipelines.pages.notice_place import Selector

Text = Annotated[str, Field(min_length=1)]
WebAddress = Annotated[str, Field(pattern=r"^https?://\S+$")]
UrlPath = Annotated[str, Field(pattern=r"^/\S*$")]


def _template(*names: str) -> AfterValidator:
    """Check that a text has no other ``{placeholder}`` than these, and at least the first one."""

    def check(text: str) -> str:
        try:
            used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError as error:
            raise ValueError(f"{error}; write placeholders such as {{{names[0]}}}") from None
        unknown = sorted(used - set(names))
        if unknown or names[0] not in used:
            wrong = f"{{{unknown[0]}}} is not known" if unknown else f"{{{names[0]}}} is missing"
            raise ValueError(f"{wrong}; the placeholders are {', '.join('{' + name + '}' for name in names)}")
        return text

    return AfterValidator(check)


def _has_one_group(pattern: re.Pattern[str]) -> re.Pattern[str]:
    if pattern.groups != 1:
        raise ValueError(f"the pattern has {pattern.groups} groups; put exactly one pair of ( ) around the value")
    return pattern


# A regular expression whose only group is the value that is wanted.
ValuePattern = Annotated[re.Pattern[str], AfterValidator(_has_one_group)]


class NoOptions(StrictModel):
    """A family without options of its own."""


class CcgpOptions(StrictModel):
    """The central site of government procurement."""

    next_page: Annotated[str, _template("index")] = Field(
        description="address of a further list page, relative to its channel; `{index}` is the page number less one"
    )


class HtmlListOptions(StrictModel):
    """Sites whose lists are HTML pages with a link and a day for each notice. A new site needs no code."""

    page: str = Field(
        pattern=r"^(/|\{channel\})",
        description="address of a list page after the origin, with `{channel}` and `{number}` (from 1)",
    )
    first: str | None = Field(
        default=None, pattern=r"^(/|\{channel\})", description="address of the first list page, if it differs"
    )
    links: re.Pattern[str] | None = Field(
        default=None, description="regular expression of the notices' addresses, if `notice_id` does not match them all"
    )
    within: Text | None = Field(default=None, description="id of the element that holds the list; without it, the page")
    before: Tuple[Text] = Field(
        default=(), description="what the texts before a link say, in order: `channel`, `buyer`, `region` …"
    )
    title: Selector | None = Field(
        default=None, description="CSS selector of the title inside a link, if the link contains more"
    )
    day: ValuePattern | None = Field(
        default=None,
        description="regular expression whose group is the day in a notice's address, if the list shows none",
    )
    mark: re.Pattern[str] | None = Field(
        default=None, description="regular expression of text in a listed title that is not part of the title"
    )
    kinds: Tuple[Text] = Field(
        default=(), description="words of the kinds of notices that are read, even beside `others`"
    )
    others: Tuple[Text] = Field(default=(), description="words of the kinds of notices that are skipped")


class JsonRequest(StrictModel):
    """One request of a site with JSON lists: a GET, or a POST if it has `form` or `data`.

    Placeholders such as `{number}` in its texts are replaced. A text that is one placeholder keeps its value's type.
    """

    address: str = Field(pattern=r"^(/|https?://)\S*$", description="path after the origin, or a full web address")
    query: dict[str, str | int] = Field(default={}, description="parameters in the address")
    form: dict[str, str | int] | None = Field(default=None, description="fields of a form to send")
    data: dict[str, Any] | None = Field(default=None, description="a JSON document to send")

    @model_validator(mode="after")
    def _check_body(self) -> JsonRequest:
        if self.form is not None and self.data is not None:
            raise ValueError("a request has one body; write form or data")
        return self


class JsonRowKeys(StrictModel):
    """Keys of an entry of a JSON list. Several are alternatives: the first that is not empty counts."""

    id: Tuple[Text] = Field(default=(), description="the portal's own id, if the public address does not have it")
    title: Tuple[Text] = Field(min_length=1, description="the title")
    time: Tuple[Text] = Field(
        min_length=1, description="the publication time: a text that begins with its day, or milliseconds since 1970"
    )
    body: Tuple[Text] = Field(default=(), description="the text of the notice, if the list carries it")
    kind: Tuple[Text] = Field(default=(), description="the kind of notice")
    buyer: Tuple[Text] = Field(default=(), description="the buyer")
    agency: Tuple[Text] = Field(default=(), description="the agency")
    project_number: Tuple[Text] = Field(default=(), description="the project number")
    region: Tuple[Text] = Field(default=(), description="the province or city")
    source: Tuple[Text] = Field(default=(), description="where the notice is kept, for `options.details`")


class JsonListOptions(StrictModel):
    """Sites whose lists are JSON, described by requests, paths and keys. A new site needs no code."""

    page: Text = Field(
        description=(
            "public address of a notice (a path is completed by the origin), with keys of its entry such as `{url}`"
        )
    )
    list: JsonRequest = Field(
        description=(
            "request for a list page, with `{channel}`, `{number}`, `{offset}`, `{size}`, `{since}`, `{until}`, "
            "`{word}` and the names in `parameters`"
        )
    )
    first_number: int = Field(default=1, ge=0, description="the number of the first page")
    rows: Tuple[str] = Field(min_length=1, description="dotted JSON paths of the entries; `''` is the answer itself")
    total: Tuple[Text] = Field(default=(), description="dotted JSON paths of the number of entries of all pages")
    pages: Tuple[Text] = Field(default=(), description="dotted JSON paths of the number of pages")
    full_pages: bool = Field(
        default=False,
        description="whether all pages but the last have `page_size` rows, so that a shorter one is the last",
    )
    keys: JsonRowKeys = Field(description="keys of an entry")
    detail: JsonRequest | None = Field(
        default=None,
        description=(
            "request for a notice, with `{channel}`, `{year}` and keys of its entry such as `{id}`; without it, the "
            "public address is requested"
        ),
    )
    details: dict[str, JsonRequest] = Field(
        default={}, description="requests for notices of other sources (`keys.source`), if they differ from `detail`"
    )
    file: JsonRequest | None = Field(
        default=None, description="request for the PDF file of a notice whose own answer has no text"
    )
    parameters: dict[str, dict[str, str | int]] = Field(
        default={}, description="further placeholders of each channel, if one text does not say which list it is"
    )
    kind_names: dict[str, Text] = Field(default={}, description="the portal's words for the codes of its kinds")
    mixed: bool = Field(
        default=False,
        description="whether the lists have calls for bids too; they are skipped by their titles and kinds",
    )


class JsonNoticeOptions(StrictModel):
    """JSON lists whose notices have a public address that is made from their ids."""

    page: Annotated[WebAddress, _template("id")] = Field(description="public address of a notice, with `{id}`")


class ChinaUnicomOptions(JsonNoticeOptions):
    """China Unicom: one list of all kinds of notices."""

    kinds: Tuple[Text] = Field(min_length=1, description="words of the kinds of notices that are read")


class ChinaTelecomOptions(StrictModel):
    """China Telecom: each kind of document has its own address."""

    page: Annotated[WebAddress, _template("id", "kind", "code")] = Field(
        description="public address of a notice, with `{id}`, `{kind}` and `{code}`"
    )
    details: dict[str, Text] = Field(description="the address of the notices of each kind of document")


class CmccOptions(StrictModel):
    """China Mobile: a list and a notice by POST."""

    publish_type: Text = Field(description="the kind of publication that all channels belong to")
    page: Annotated[WebAddress, _template("publishId", "publishUuid", "publishType", "publishOneType")] = Field(
        description="public address of a notice, with `{publishId}`, `{publishUuid}`, `{publishType}` …"
    )


class CcgpShandongOptions(StrictModel):
    """Shandong: its interface has a port of its own."""

    api: WebAddress = Field(description="where its questions go")
    page: Annotated[WebAddress, _template("id", "column")] = Field(
        description="public address of a notice, with `{id}` and `{column}`"
    )


class EpointNames(StrictModel):
    """What a site on Epoint's software calls the parameters of its list."""

    category: Text = Field(description="the channel")
    words: Text = Field(description="the keyword")
    page: Text = Field(description="the page number, from 0")
    size: Text = Field(description="the number of rows per page")
    since: Text = Field(description="the first day")
    until: Text = Field(description="the last day")


class EpointOptions(StrictModel):
    """Sites on Epoint's WebBuilder: the rows of a list carry their notices."""

    list: UrlPath = Field(description="path of the list")
    names: EpointNames = Field(description="what the site calls the parameters")
    fixed: dict[str, str] = Field(default={}, description="parameters that are always the same")
    clock: Annotated[tuple[str, str], Field(strict=False)] = Field(
        default=("", ""), description="times to write after the first and the last day, if the site wants them"
    )


class EpointSearchOptions(StrictModel):
    """Sites with Epoint's full-text search, whose answers link to pages."""

    search: UrlPath = Field(description="path of the search")
    sites: str = Field(default="", description="`cnum`: the numbers of the sites that are searched, separated by `;`")
    sort: Text = Field(description="`sort`: a JSON text with the fields that order the rows; 0 means newest first")
    day: Text = Field(description="the field of a row that holds its day, by which the search is queried")
    prefix: str = Field(
        default="",
        pattern=r"^(/\S*[^/\s])?$",
        description="path to put before the addresses of notices, if it is missing",
    )
    fixed: dict[str, str | int | bool] = Field(default={}, description="further keys of a query, always the same")
    kinds: Tuple[Text] = Field(
        min_length=1,
        description="words of the kinds of notices that are read in categories that `filed_as` does not name",
    )


class GgzyStage(StrictModel):
    """Parameters of one stage (channel) of the national platform."""

    classify: Text = Field(description="`DEAL_CLASSIFY`")
    source: Text = Field(description="`SOURCE_TYPE`")
    stage: Text | None = Field(default=None, description="`DEAL_STAGE`, if it is not the name of the channel")


class GgzyOptions(StrictModel):
    """The national platform of public resources."""

    stages: dict[str, GgzyStage] = Field(description="parameters of each channel")
    provinces: Tuple[Text] = Field(min_length=1, description="codes by which a day with too many notices is divided")


class GpcmsOptions(JsonNoticeOptions):
    """Provincial procurement sites on gpcms."""

    site: Text = Field(description="`siteId`")
    list: Text = Field(description="the site's id of its list of notices")
    region: str = Field(default="", description="`regionCode`; empty for the entire province")
    interface: Literal["selectInfoForIndex", "selectInfoMoreChannel"] = Field(
        default="selectInfoForIndex", description="the part of the interface that is asked for lists"
    )


class SfwCmsOptions(StrictModel):
    """Procurement sites of universities on 云采通. The vendor keeps the notices of all of them."""

    list: UrlPath = Field(description="path of the list")
    sort: Text = Field(description="`sort`: the field that orders the rows, and `desc`")
    types: Tuple[Text] = Field(min_length=1, description="`type`: the types of notices that are asked for")
    fixed: dict[str, str] = Field(default={}, description="further parameters of a list, always the same")
    page: Annotated[UrlPath, _template("id")] = Field(
        description="public address of a notice after the origin, with `{id}`"
    )
    api: Annotated[WebAddress, _template("id")] = Field(description="address of a notice, with `{id}`")
    file: Annotated[WebAddress, _template("id", "day")] = Field(
        description="address of the PDF file of a notice without a text, with `{id}` and `{day}` (2026/05/31)"
    )


class SgccOptions(StrictModel):
    """State Grid: a notice is an answer in JSON and its PDF files."""

    page: Annotated[WebAddress, _template("id", "kind", "menu")] = Field(
        description="public address of a notice, with `{kind}`, `{id}` and `{menu}`"
    )


class SzggzyOptions(StrictModel):
    """Shenzhen: a list that mixes all kinds of notices of a channel."""

    page: Annotated[WebAddress, _template("id", "channel")] = Field(
        description="public address of a notice, with `{id}` and `{channel}`"
    )
    sites: dict[str, int] = Field(description="`siteId` of each channel")
    aside: Tuple[Text] = Field(
        default=(), description="words of the kinds of notices that come before a result and are skipped"
    )


class ZcyOptions(StrictModel):
    """Provincial procurement sites on 政采云."""

    parent: Text = Field(description="the category above the channels")
    site: Text | None = Field(
        default=None,
        description="`siteId`; with it, the site's category tree is read and `channels` is the second choice",
    )
    page: Text = Field(
        description="public address of a notice (a path is completed by the origin), with `{id}` and `{parent}`"
    )
    categories: Tuple[Text] = Field(default=(), description="words in the names of the categories that are read")
    other_categories: Tuple[Text] = Field(
        default=(), description="words in the names of categories that are not read, whatever else they say"
    )
    mixed: bool = Field(
        default=False,
        description="whether the lists have calls for bids too; they are skipped by their titles and kinds",
    )


FAMILIES: dict[str, type[StrictModel]] = {
    "ccgp": CcgpOptions,
    "ccgp_shandong": CcgpShandongOptions,
    "chinatelecom": ChinaTelecomOptions,
    "chinaunicom": ChinaUnicomOptions,
    "cmcc": CmccOptions,
    "epoint": EpointOptions,
    "epoint_search": EpointSearchOptions,
    "ggzy": GgzyOptions,
    "gpcms": GpcmsOptions,
    "html_list": HtmlListOptions,
    "sfw_cms": SfwCmsOptions,
    "json_list": JsonListOptions,
    "sgcc": SgccOptions,
    "szggzy": SzggzyOptions,
    "zcy": ZcyOptions,
}
