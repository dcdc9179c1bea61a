"""What people decided about awards: the labels in DIR/labels/reviewed.jsonl, one per line.

The labels are described in docs/labelling.md, the reviews in docs/review.md.

The file belongs to the user. ``tenders review`` appends lines and changes none. A person may edit it or copy lines
from another data folder. The order of its lines has no meaning.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import orjson
from pydantic import field_validator, model_validator

from pipelines.classify.regions import province_of
from pipelines.common.atomic_files import replacing
from pipelines.common.clock import utc_text
from pipelines.common.validation import InvalidDataError, Tuple, validate
from pipelines.extract.amounts import read_amount
from pipelines.labelled_notices import DecidedFields, LabelledLot, LabelledNotice, filled_lines, json_object
from pipelines.lexicon import terms
from pipelines.storage import reviews as stored_reviews
from pipelines.text.characters import fold_typed_word
from tenders.files.captures import read_instant

logger = logging.getLogger(__name__)

# What a person can decide about an award. The form, its import and the resolver of awards use this list.
FIELDS = terms.codes("review_field")
# The decided fields of one review: codes, and for ``lots`` the numbers of the lots that are about large models.
Decisions = dict[str, str | list[int]]

_SHOWN_PROBLEMS = 5
_SHOWN_LOTS = 20
_SHOWN_CHARACTERS = 40
# Between numbers of lots: "1,2", "1、2", "1; 2", "1/2", "1 & 2", "1+2".
_BETWEEN_NUMBERS = re.compile(r"[\s,;、/&+]+")


class ReviewedLot(LabelledLot):
    """A lot as the person saw it; ``lot_no`` is the number it was shown under."""

    lot_no: int


class ReviewLabel(LabelledNotice):
    """One line of the file: the facts of an award as they are stored, and what a person decided about it.

    Only ``notice_keys``, ``reviewed_at`` and ``decided`` are needed; the other keys let ``tenders evaluate`` use the
    file.
    """

    lots: Tuple[ReviewedLot] = ()
    notice_keys: Tuple[str]
    reviewed_at: str
    decided: DecidedFields

    @field_validator("notice_keys")
    @classmethod
    def _has_notices(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if not keys:
            raise ValueError("name the notices of the award")
        return keys

    @field_validator("reviewed_at")
    @classmethod
    def _is_an_instant(cls, text: str) -> str:
        try:
            read_instant(text)
        except ValueError:
            raise ValueError(f"not an instant: {_shown(text)}; write it like 2026-08-01T09:00:00+08:00") from None
        return text

    @model_validator(mode="after")
    def _decides_something(self) -> ReviewLabel:
        if not self.decisions():
            raise ValueError("nothing is decided")
        return self

    def decisions(self) -> Decisions:
        """Return the decided fields as codes. Raises ValueError for a value that is not one."""
        texts = {field: value for field, value in self.decided.model_dump(exclude={"lots"}).items() if value}
        if self.decided.lots:
            texts["lots"] = ",".join(map(str, self.decided.lots))
        if "subsector" in texts and "sector" not in texts:
            raise ValueError("decided.subsector needs its sector: add decided.sector")
        # A subsector of a user's own words is accepted although those words may not be in use now.
        subsectors = {texts.get("subsector", ""): terms.code_of("sector", texts.get("sector", "")) or ""}
        return read_decisions(texts, {lot.lot_no for lot in self.lots}, subsectors)

    def review(self) -> Review:
        """Return what the store keeps of the label."""
        return Review(
            reviewed_at=utc_text(read_instant(self.reviewed_at)),
            award_key=self.award_key or "",
            notice_keys=sorted(set(self.notice_keys)),
            decided=self.decisions(),
            lots=[lot.model_dump(exclude={"is_large_model"}) for lot in self.lots],
            reviewer=self.reviewer or None,
            note=self.note or None,
        )


@dataclass(frozen=True, slots=True)
class Review:
    """A row of ``private.reviews``. ``reviewed_at`` is an instant in UTC; ``lots`` are those that the person saw."""

    reviewed_at: str
    award_key: str
    notice_keys: list[str]
    decided: Decisions
    lots: list[dict[str, str | int | None]]
    reviewer: str | None
    note: str | None


def read_journal(path: Path) -> tuple[list[Review], list[str]]:
    """Return the reviews of the file, and one message per invalid line. A missing file means there are no reviews.

    Raises OSError if the file exists and cannot be read.
    """
    try:
        lines = list(filled_lines(path))
    except FileNotFoundError:
        return [], []
    reviews, problems = [], []
    for number, line in lines:
        place = f"{path}, line {number}: left out"
        try:
            reviews.append(validate(ReviewLabel, json_object(line, place), place).review())
        except InvalidDataError as error:
            problems.append(str(error))
    return reviews, problems


def append_labels(path: Path, labels: Iterable[ReviewLabel]) -> None:
    """Append the labels to the file, all or none, durably. The caller holds the folder's lock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes() if path.exists() else b""
    if content and not content.endswith(b"\n"):
        content += b"\n"
    lines = (orjson.dumps(label.model_dump(exclude_unset=True), option=orjson.OPT_APPEND_NEWLINE) for label in labels)
    with replacing(path) as draft:
        draft.write_bytes(content + b"".join(lines))


def load_journal(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make the store hold the reviews of the file and no others. Logs one warning per invalid line."""
    reviews, problems = read_journal(path)
    for problem in problems[:_SHOWN_PROBLEMS]:
        logger.warning("%s", problem)
    if len(problems) > _SHOWN_PROBLEMS:
        logger.warning("%s: %s more lines are left out", path, len(problems) - _SHOWN_PROBLEMS)
    stored_reviews.replace_reviews(con, map(asdict, reviews))


def read_decisions(texts: Mapping[str, str], lot_numbers: Collection[int], subsectors: Mapping[str, str]) -> Decisions:
    """Return what one row decides, from the texts that a person wrote by field. An empty text decides nothing.

    Codes and Chinese names are understood. ``lot_numbers`` are those of the award's lots; ``subsectors`` maps each
    subsector that the words in use know to its sector. Raises ValueError that says what is wrong.
    """
    decided: Decisions = {}
    words = {field: word for field in FIELDS if (word := fold_typed_word(texts.get(field, "")))}
    if "large_model" in words:
        decided["large_model"] = _code_of("review_answer", "large_model", words["large_model"])
    if "lots" in words:
        decided["lots"] = _lot_numbers(words["lots"], lot_numbers)
        if decided.setdefault("large_model", "yes") != "yes":
            raise ValueError(f"lots are given, but large_model is {decided['large_model']}: lots go only with yes")
    if "project_type" in words:
        decided["project_type"] = _code_of("project_type", "project_type", words["project_type"])
        if decided.get("large_model") == "no":
            raise ValueError("project_type is given, but large_model is no: only large-model projects have a type")
    if "sector" in words:
        decided["sector"] = _code_of("sector", "sector", words["sector"])
    if "subsector" in words:
        subsector, sector = _subsector(words["subsector"], subsectors)
        decided["subsector"] = subsector
        if decided.setdefault("sector", sector) != sector:
            raise ValueError(f"subsector {subsector} belongs to sector {sector}, not to {decided['sector']}")
    if "province" in words:
        place = province_of(None, words["province"])
        if place is None:
            raise ValueError(f"province is not a province: {_shown(words['province'])}")
        decided["province"] = place.province
    if "confirmed_amount_yuan" in words:
        amount = read_amount(words["confirmed_amount_yuan"], bare_unit=1)
        if amount.yuan is None:
            raise ValueError(f"confirmed_amount_yuan is no sum of money: {_shown(words['confirmed_amount_yuan'])}")
        decided["confirmed_amount_yuan"] = str(amount.yuan)
    return {field: decided[field] for field in FIELDS if field in decided}


def _code_of(vocabulary: terms.Vocabulary, field: str, text: str) -> str:
    """Return the code that a text means. A drop-down list of the form has code and Chinese: ``data 数据``."""
    if code := terms.code_of(vocabulary, text):
        return code
    codes = {terms.code_of(vocabulary, word) for word in text.split()}
    code = codes.pop() if len(codes) == 1 else None
    if code is None:
        raise ValueError(f"{field} is not one of {', '.join(terms.codes(vocabulary))}: {_shown(text)}")
    return code


def _subsector(text: str, subsectors: Mapping[str, str]) -> tuple[str, str]:
    for subsector, sector in subsectors.items():
        if fold_typed_word(subsector) == text:
            return subsector, sector
    raise ValueError(f"subsector is not one of {', '.join(subsectors)}: {_shown(text)}")


def _lot_numbers(text: str, lot_numbers: Collection[int]) -> list[int]:
    parts = [part for part in _BETWEEN_NUMBERS.split(text) if part]
    numbers = {int(part) for part in parts if part.isdecimal() and len(part) < 10}
    if len(numbers) < len(set(parts)) or not numbers <= set(lot_numbers):
        known = ", ".join(map(str, sorted(lot_numbers)[:_SHOWN_LOTS]))
        more = " …" if len(lot_numbers) > _SHOWN_LOTS else ""
        raise ValueError(f"lots are not numbers of this award's lots ({known}{more}): {_shown(text)}")
    return sorted(numbers)


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…")
