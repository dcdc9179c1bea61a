"""The model of a data file's ``[notice]`` table: where the notice is on a page."""

from __future__ import annotations

from typing import Annotated, Literal

from lxml.cssselect import SelectorError
from parsel import css2xpath
from pydantic import AfterValidator, Field

from pipelines.common.validation import StrictModel, Tuple
from pipelines.model import AttributeKeys, FileElements, FileKeys, Locator, PackageKeys


def _is_selector(selector: str) -> str:
    try:
        css2xpath(selector)
    except SelectorError as error:
        raise ValueError(f"{selector!r} is not a CSS selector ({error}); write one such as .detail h2") from None
    return selector


Name = Annotated[str, Field(min_length=1)]
# A class name or an id of an HTML element.
ElementName = Annotated[str, Field(pattern=r"^[A-Za-z_][\w-]*$")]
Selector = Annotated[str, AfterValidator(_is_selector)]
# A path of keys in a JSON document, such as data.records.
KeyPath = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]


class Packages(StrictModel):
    """JSON keys of a notice that the portal splits into packages."""

    list: Name = Field(description="key of the list of packages")
    name: Name = Field(description="key of a package's name")
    text: Name = Field(description="key of a package's text")


class Attributes(StrictModel):
    """JSON keys of a list of named values that the portal keeps beside the text of a notice."""

    list: Name = Field(description="key of the list")
    name: Name = Field(description="key of a value's name")
    value: Name = Field(description="key of the value")
    fields: dict[str, Literal["buyer", "number"]] = Field(description="the field that the value of each name gives")


class Files(StrictModel):
    """JSON keys of the files of a notice."""

    list: Name = Field(description="key of the list of files, wherever it is in the answer")
    name: Name = Field(description="key of a file's name")
    url: Name = Field(description="key of a file's address")


class LinkedFiles(StrictModel):
    """Elements of an HTML page that lead to a file without an ordinary link."""

    selector: Selector = Field(description="CSS selector of the elements")
    attribute: Name = Field(description="the attribute that holds the file's id")
    address: Annotated[str, Field(pattern=r"^https?://[^{}]*\{value\}[^{}]*$")] = Field(
        description="the address of the file; `{value}` is what the attribute says"
    )


class NoticePlace(StrictModel):
    """Where the notice is on its page. Each list has alternatives, the best first."""

    containers: Tuple[ElementName] = Field(
        default=(), description="class names or ids of the `div` that holds the notice"
    )
    title_selectors: Tuple[Selector] = Field(default=(), description="CSS selectors of the title")
    date_selectors: Tuple[Selector] = Field(default=(), description="CSS selectors of the day of publication")
    summary_selectors: Tuple[Selector] = Field(
        default=(), description="CSS selectors of tables of key facts outside the container"
    )
    breadcrumb_selectors: Tuple[Selector] = Field(
        default=(), description="CSS selectors of the breadcrumbs, which name the kind of notice"
    )
    contents: Tuple[KeyPath] = Field(
        default=(), description="dotted JSON paths of the notice's text; the object around it describes the notice"
    )
    records: Tuple[KeyPath] = Field(
        default=(), description="dotted JSON paths of the object that describes the notice, if `contents` finds none"
    )
    content_keys: Tuple[Name] = Field(default=(), description="JSON keys of the text in that object")
    title_keys: Tuple[Name] = Field(default=(), description="JSON keys of the title")
    date_keys: Tuple[Name] = Field(default=(), description="JSON keys of the day of publication")
    buyer_keys: Tuple[Name] = Field(default=(), description="JSON keys of the buyer")
    number_keys: Tuple[Name] = Field(default=(), description="JSON keys of the project number")
    channel_keys: Tuple[Name] = Field(default=(), description="JSON keys of the kind of notice in the portal's words")
    packages: Packages | None = Field(default=None, description="keys of a notice that is split into packages")
    attributes: Attributes | None = Field(default=None, description="keys of named values beside the text")

    files: Files | None = Field(default=None, description="keys of the notice's files")
    file_elements: LinkedFiles | None = Field(default=None, description="elements that lead to the notice's files")

    def locator(self) -> Locator:
        """Return these places as the reader of pages takes them."""
        lists = {name: value for name in type(self).model_fields if isinstance(value := getattr(self, name), tuple)}
        return Locator(
            **lists,
            packages=(PackageKeys(**self.packages.model_dump()),) if self.packages else (),
            attributes=(AttributeKeys(**self.attributes.model_dump()),) if self.attributes else (),
            files=(FileKeys(**self.files.model_dump()),) if self.files else (),
            file_elements=(FileElements(**self.file_elements.model_dump()),) if self.file_elements else (),
        )
