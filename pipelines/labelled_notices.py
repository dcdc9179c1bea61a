"""Labels: what people, or another crawler, say about notices. One JSON object per line of a file.

docs/labelling.md explains how a person labels a notice. Plain data, so that every part of the project may use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from pipelines.common.validation import UTF8_BOM, InvalidDataError, StrictModel, shown_value, validate
from pipelines.lexicon import terms

Item = TypeVar("Item")
Model = TypeVar("Model", bound=BaseModel)

# A day at the beginning of a text: 2026-08-05, 2026-08-05 12:54, 2026年8月5日 or 2026年08月05日 12:54.
_DAY = re.compile(r"\s*\d{4}\D{1,2}\d{1,2}\D{1,2}\d{1,2}(?!\d)")
# Keys that only records of another crawler have.
_RECORD_KEYS = {"supplier", "amount_yuan_text", "bidders"}


def _nothing_as_empty(value: object) -> object:
    return () if value is None else value


def _amount(amount: str | int | float) -> str:
    """Return the amount with two places, as the store writes it, so that equal amounts are equal texts."""
    try:
        number = Decimal(str(amount).replace(",", "").strip().removesuffix("元"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(f"not an amount: {shown_value(amount)}; write yuan as a number, or null")
    return f"{number:.2f}"


def _day(text: str) -> str:
    if not _DAY.match(text):
        raise ValueError(f"not a day: {shown_value(text)}; write it like 2026-08-01, or null")
    return text


def _code(vocabulary: terms.Vocabulary, *others: str) -> AfterValidator:
    """Return a check that turns a code or a name of the vocabulary into the code."""

    def code_of(text: str) -> str:
        code = text if text in others else terms.code_of(vocabulary, text)
        if code is None:
            allowed = ", ".join((*terms.codes(vocabulary), *others))
            raise ValueError(f"{shown_value(text)} is not allowed; write one of {allowed}")
        return code

    return AfterValidator(code_of)


# A list that may also be null, as an immutable tuple.
List = Annotated[tuple[Item, ...], BeforeValidator(_nothing_as_empty), Field(strict=False)]
Amount = Annotated[str | int | float, AfterValidator(_amount)]
Day = Annotated[str, AfterValidator(_day)]
NoticeKind = Annotated[str, _code("kind", "news")]
ProjectType = Annotated[str, _code("project_type")]
Sector = Annotated[str, _code("sector")]
Province = Annotated[str, _code("province")]


class DecidedFields(StrictModel):
    """The key ``decided`` of a review: the fields that a person decided, as codes or in words that a form accepts."""

    large_model: str | None = Field(
        default=None, description="whether the award is about large models: yes, no or unsure"
    )
    lots: List[int] = Field(default=(), description="numbers of the lots that are about large models")
    project_type: str | None = Field(default=None, description="what the award buys")
    sector: str | None = Field(default=None, description="sector of the buyer")
    subsector: str | None = Field(default=None, description="subsector of the buyer; needs its sector")
    province: str | None = Field(default=None, description="province of the buyer")
    confirmed_amount_yuan: str | None = Field(
        default=None, description="what was won costs this, in yuan: the person has looked at the notices"
    )


class LabelledLot(StrictModel):
    """A lot of a labelled notice."""

    lot_no: int | None = Field(default=None, description="the number under which a review form showed the lot")
    name: str | None = Field(default=None, description="what the lot is called")
    supplier: str | None = Field(default=None, description="who won it")
    amount_yuan: Amount | None = Field(default=None, description="its amount, in yuan")
    is_large_model: bool | None = Field(default=None, description="whether this lot is about large models")


class OtherAmount(StrictModel):
    """A further amount that a reader would accept."""

    yuan: Amount | None = Field(default=None, description="the amount in yuan")
    kind: Literal["total", "rate", "unknown"] | None = Field(
        default=None, description="what the amount is; only totals count"
    )
    raw: str | None = Field(default=None, description="the amount as the notice writes it")
    type: str | None = Field(default=None, description="not used")


class _Facts(StrictModel):
    """What both kinds of label have."""

    id: str | None = Field(default=None, description="a unique name of the label")
    url: str | None = Field(default=None, description="address of the notice; joins the label to the stored notice")
    title: str | None = Field(default=None, description="title of the notice")
    kind: NoticeKind | None = Field(
        default=None, description="kind of notice as in the database; `news` for a press report"
    )
    published_on: Day | None = Field(default=None, description="day of publication, as the notice writes it")
    buyer: str | None = Field(default=None, description="name of the buyer")

    @model_validator(mode="after")
    def _names_a_notice(self) -> _Facts:
        if not self.is_named:
            raise ValueError("the label names no notice; add url, title or id")
        return self

    @property
    def is_named(self) -> bool:
        """Whether the label says which notice it is about."""
        return bool(self.id or self.url or self.title)

    @property
    def place(self) -> str:
        """What a reader of a report finds the notice by: its address, otherwise its title, otherwise its id."""
        return str(self.url or self.title or self.id)


class LabelledNotice(_Facts):
    """Facts of a notice and the judgement of a reader. A missing key and null mean that the value is unknown."""

    source: str | None = Field(default=None, description="where the notice was found, if not at its address")
    site: str | None = Field(default=None, description="the portal, by name; not used")
    project_number: str | None = Field(default=None, description="project number")
    suppliers: List[str] = Field(default=(), description="names of all winners, or candidates of a candidate notice")
    lots: List[LabelledLot] = Field(default=(), description="the lots, each with the keys of the second table")
    total_amount_yuan: Amount | None = Field(default=None, description="sum of the amounts awarded, in yuan")
    amount_text: str | None = Field(default=None, description="the sum as the notice writes it; not used")
    is_award: bool | None = Field(default=None, description="whether the notice announces an award")

    is_large_model: bool | None = Field(default=None, description="whether the project is about large models")
    confidence: Literal["high", "medium", "low"] | None = Field(
        default=None, description="how sure the reader is of is_large_model"
    )
    project_type: List[ProjectType] = Field(default=(), description="what is bought, the larger part first")
    sector: Sector | None = Field(default=None, description="sector of the buyer")
    subsector: str | None = Field(default=None, description="subsector of the buyer")
    province: Province | None = Field(default=None, description="province of the buyer, by its short name")
    labelled_by: str | None = Field(
        default=None, description="what was read (`title` or `hand`) and how often, or who reviewed it"
    )
    note: str | None = Field(default=None, description="what decided, if it is not obvious")
    traps: List[str] = Field(default=(), description="what makes the notice hard to read; not used")
    truncated: bool | None = Field(
        default=None, description="whether only a part of the notice could be read; not used"
    )

    numbers_also: List[str] = Field(default=(), description="further project numbers that a reader would accept")
    buyers_also: List[str] = Field(default=(), description="further names of the buyer that a reader would accept")
    amounts_also: List[OtherAmount] = Field(default=(), description="further amounts that a reader would accept")

    award_key: str | None = Field(default=None, description="of a review: the award that was shown")
    notice_keys: List[str] = Field(default=(), description="of a review: the notices of the award")
    reviewed_at: str | None = Field(default=None, description="of a review: when it was made")
    reviewer: str | None = Field(default=None, description="of a review: who made it")
    decided: DecidedFields | None = Field(
        default=None, description="of a review: the decided fields; only these are judgements"
    )

    @property
    def is_named(self) -> bool:
        """Whether the label says which notice it is about."""
        return super().is_named or bool(self.notice_keys)

    def as_decided(self) -> LabelledNotice:
        """Return only what a person decided, if the label is a review: its facts are what the rules read.

        Other labels are returned as they are.
        """
        if self.decided is None:
            return self
        decided = {name for name, value in self.decided if value}
        kept = {"id", "url", "title", "is_large_model", "confidence"}
        kept |= decided & {"project_type", "sector", "province"}
        return LabelledNotice.model_construct(**{name: getattr(self, name) for name in kept})


class Bidder(StrictModel):
    """One bidder of a record."""

    bidder: str | None = Field(default=None, description="name of the bidder")
    price: str | int | float | None = Field(default=None, description="the price it offered, as the notice writes it")


class CrawledRecord(_Facts):
    """One award, or the bidders of one candidate notice, as another crawler recorded them."""

    supplier: str | None = Field(default=None, description="names of the winners, as one text")
    amount_yuan_text: str | None = Field(default=None, description="the amount awarded, in yuan, as text")
    amount_promise_text: str | None = Field(default=None, description="a promise instead of an amount; not used")
    bidders: List[Bidder] = Field(default=(), description="the bidders and their prices")
    agency: str | None = Field(default=None, description="who runs the procurement; not used")
    lot_number: str | None = Field(default=None, description="number of the lot; not used")
    lot_name: str | None = Field(default=None, description="name of the lot; not used")


Label = LabelledNotice | CrawledRecord


def read_labels(path: Path) -> list[Label]:
    """Return the labels of a file. Raises InvalidDataError, which names line and key."""
    try:
        lines = list(filled_lines(path))
    except OSError as error:
        raise InvalidDataError([f"{path}: {error.strerror or error}"]) from None
    return [label_from(line, f"{path}, line {number}") for number, line in lines]


def filled_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file that are not empty, with their numbers from 1. Raises OSError."""
    for number, line in enumerate(path.read_bytes().removeprefix(UTF8_BOM).splitlines(), 1):
        if line.strip():
            yield number, line


def label_from(line: bytes, place: str) -> Label:
    """Return the label of one line. Raises InvalidDataError, whose message begins with ``place``."""
    row = json_object(line, place)
    # A label of a person that has a record's key by mistake is still checked as a label of a person.
    is_record = row.keys() & _RECORD_KEYS and not row.keys() & {"is_large_model", "decided"}
    return validate(CrawledRecord, row, place) if is_record else validate(LabelledNotice, row, place)


def json_object(line: bytes, place: str) -> dict[str, Any]:
    """Return the JSON object of one line. Raises InvalidDataError, whose message begins with ``place``."""
    try:
        line.decode("utf-8")
        value = orjson.loads(line)
    except UnicodeDecodeError:
        raise InvalidDataError([f"{place}: not UTF-8; save the file as UTF-8"]) from None
    except orjson.JSONDecodeError as error:
        raise InvalidDataError(
            [f"{place}: not a JSON object ({error.msg} at column {error.colno}); write one JSON object per line"]
        ) from None
    if not isinstance(value, dict):
        raise InvalidDataError([f"{place}: not a JSON object; write one JSON object per line"])
    return value
