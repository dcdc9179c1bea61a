"""The lexicon files as models: which tables and keys each file has, and what their values mean.

A shipped file and a user's file of the same name are checked by the same model. ``docs/reference/lexicon-files.md`` is
generated from the descriptions below (``python -m pipelines.lexicon.reference``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, Field, ValidationError, model_validator

from pipelines.common.validation import InvalidDataError, StrictModel, explain_errors

File = TypeVar("File", bound="LexiconFile")

_URL = re.compile(r"https?://[^\s/]+\.[^\s/]+/?\S*$")
_LARGEST = 1_000_000


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("the text is blank; write at least one character")
    return text


def _word(text: str) -> str:
    if not text.strip(" ^$@"):
        raise ValueError(f"{text!r} is no word; write at least one character")
    return text


def _url(text: str) -> str:
    if not _URL.match(text):
        raise ValueError(f"{text!r} is no address; write one such as https://example.com/page")
    return text


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    return text


Text = Annotated[str, AfterValidator(_not_blank)]
Url = Annotated[str, AfterValidator(_url)]
Expression = Annotated[str, AfterValidator(_expression)]
Words = list[Annotated[str, AfterValidator(_word)]]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=_LARGEST, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=_LARGEST)]

Family = Literal["model", "goods", "place", "data", "ai"]
ProjectType = Literal["compute", "application", "model", "data"]
Sector = Literal[
    "education_research",
    "government",
    "telecom",
    "energy",
    "finance",
    "healthcare",
    "transport",
    "manufacturing",
    "media_culture",
    "other",
]
OwnerKind = Literal["central_soe", "local_soe", "public_body", "other_company"]
NameKind = Literal["company", "body", "any"]
Way = Literal["is", "starts", "has"]
VetoPlace = Literal["anywhere", "after", "end"]
Relation = Literal["subsidiary", "controlled", "brand", "split off"]


class Row(StrictModel):
    """A row of a table. Rows of one table have different names."""

    name: Text = Field(description="what the row is called; `explain` and `evaluate` show this name")


class WordRow(Row):
    """A row with words that are searched in a text. Width, capitals and traditional characters make no difference."""

    words: Words = Field(
        description="words to search; a word that begins or ends with a Latin letter is a complete word"
    )


class Mask(WordRow):
    """Words that hide what is inside them: 智能体育 (sport) hides 智能体 (agent)."""


class LexiconFile(StrictModel):
    """Base of all lexicon files."""

    @model_validator(mode="after")
    def _names_are_unique(self) -> LexiconFile:
        for table, rows in self.tables():
            names: set[str] = set()
            for row in rows:
                if row.name in names:
                    raise ValueError(f"[[{table}]] {row.name!r} is in the file twice; make one row of the two")
                names.add(row.name)
        return self

    def tables(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield the tables of named rows, each by its key in the file."""
        for attribute, field in type(self).model_fields.items():
            if row_model(field.annotation):
                yield field.alias or attribute, getattr(self, attribute)


# ---------------------------------------------------------------- relevance.toml


class RelevanceRule(WordRow):
    """Gives its score when one of its words is in a title, a project name, or the name or subject of a lot."""

    family: Family = Field(description="what the words name; vetoes silence rules by family")
    score: Share = Field(description="relevance of a text with one of the words")


class WordGroup(WordRow):
    """Words that count only next to those of another group (`[[pair]]`)."""


class WordPair(Row):
    """Gives its score when a word of one group is near a word of another."""

    family: Family = Field(description="what the words name together; vetoes silence pairs by family")
    first: Text = Field(description="name of a `[[group]]`")
    second: Text = Field(description="name of a `[[group]]`")
    within: Count = Field(description="most characters between the two words, in either order")
    score: Share = Field(description="relevance of a text with both words")


class PlaceWords(WordRow):
    """Words that make a name of what is written before them: 大模型产业园 is a place, not a model."""

    within: Count = Field(description="most characters between the hidden word and the word of this row")


class Veto(WordRow):
    """Lowers rules when the money buys something around the model, such as a building or an event."""

    cancels: list[Family] = Field(description="families of rules and pairs that it lowers")
    leaves: Share = Field(description="score that is left to them")
    up_to: Share = Field(1.0, description="it lowers only rules and pairs of at most this score")
    at: VetoPlace = Field(
        "anywhere",
        description="where its words must be: `anywhere`; `after` the words of the rule; at the `end` of the name, "
        "which says what is bought (words of `[ending]` may follow)",
    )
    needs: Words = Field([], description="the text must have one of these words")
    unless: Words = Field([], description="words that silence the veto")


class NameEnding(StrictModel):
    """What may follow the thing that is bought at the end of a name: 空调 in 空调设备采购项目成交公告."""

    words: Words = Field(description="words that may follow and name nothing themselves")
    beside: Words = Field(description="goods that are bought too when 及, 和, 与 or 、 follows them: 服务器及配套空调")


class Remainder(StrictModel):
    """What is left of a name after the words of a rule: the thing that is really bought, if it names one."""

    families: list[Family] = Field(
        description="families of rules and pairs that count only with a thing of `computing`"
    )
    up_to: Share = Field(description="rules of at most this score do not count for a room and things in it")
    leaves: Share = Field(description="score that is left to them")
    names_nothing: Words = Field(description="words that are taken off: 项目 names no thing")
    ends_at: Words = Field(description="words before which it ends: 反应釜 before 采购")
    rooms: Words = Field(description="words that end the name of a room: 数字人录播室")
    computing: Words = Field(description="the thing must have one of these words")


class NotBought(StrictModel):
    """Words that are named only to say that they are not bought: 不含大模型, 智能体另行采购."""

    before: Words = Field(description="deny what follows them in the same clause: 不含, 不涉及")
    directly_before: Words = Field(description="deny only a word that follows directly: 非大模型")
    after: Words = Field(description="deny what is before them in the same clause: 除外, 另行采购")
    clause: Words = Field(description="make a clause speak of something else: bidders' references, places of delivery")
    harmless: Words = Field(description="longer words that hold one of these and deny nothing: 不含税")


class GoodsTable(StrictModel):
    """The columns of a table of goods. Only names and scope say what is bought, not a specification or a supplier."""

    heads: Words = Field(description="words in the head of a column that names the goods")
    not_names: Words = Field(description="words in the heads of columns that are not read")
    scope: Words = Field(description="words in the head of a column that says more of what is bought")


class BodyRules(StrictModel):
    """How the notice's own text is read. It is read last, when title and lots say nothing."""

    score: Share = Field(description="relevance that the text gives")
    times: Count = Field(description="how often a word must be in lines that say what is bought")
    gate: Words = Field(description="words to search")
    labels: Words = Field(description="words that begin a line that says what is bought")
    names: Words = Field(description="labels before the name of what is bought, where one mention of a word is enough")
    boilerplate: Words = Field(description="words of lines that are skipped")


class RelevanceFile(LexiconFile):
    """Is a notice about large models?"""

    counts: Share = Field(description="score from which a notice is about large models")
    rules: list[RelevanceRule] = Field(alias="rule")
    groups: list[WordGroup] = Field(alias="group")
    pairs: list[WordPair] = Field(alias="pair")
    masks: list[Mask] = Field(alias="mask")
    places: list[PlaceWords] = Field(alias="place")
    vetoes: list[Veto] = Field(alias="veto")
    ending: NameEnding
    remainder: Remainder
    not_bought: NotBought
    goods_table: GoodsTable
    body: BodyRules

    @model_validator(mode="after")
    def _groups_exist(self) -> RelevanceFile:
        groups = [group.name for group in self.groups]
        for pair in self.pairs:
            for key, group in (("first", pair.first), ("second", pair.second)):
                if group not in groups:
                    raise ValueError(
                        f"[[pair]] {pair.name!r}: {key}: no [[group]] is called {group!r}; use {_one_of(groups)}"
                    )
        return self


# ---------------------------------------------------------------- project_types.toml


class ProjectTypeRule(WordRow):
    """Adds its weight to its type when one of its words is in the project name or in a large-model lot."""

    type: ProjectType = Field(description="what such words buy")
    weight: Weight = Field(description="weight of the words; the heaviest rule of a type counts")
    at_end: Weight | None = Field(None, description="weight of a word that ends the name, if it is another one")


class DomainModel(StrictModel):
    """A model or an agent at work in one field (矿山安全大模型系统) is an application; making the model is not."""

    weight: Weight = Field(description="weight that it gives to `application`")
    models: Words = Field(description="words for a model")
    agents: Words = Field(description="words for an agent")
    names: Words = Field(description="names of models, after which a field may come: DeepSeek政务问答系统")
    work: Words = Field(description="words after a model that buy the model itself: 大模型训练, 大模型底座")
    not_work: Words = Field(description="words after `work` that buy something else: 大模型训练语料")
    work_weight: Weight = Field(description="weight that a model with such a word gives to `model`")
    means_weight: Weight = Field(
        description="weight that 基于大模型的… gives to `application` if the name has no other word with a weight"
    )
    between: Words = Field(description="words that may be between the two: 大模型关键技术研究")
    whose: Words = Field(description="endings of names of owners, which are no field: 宜昌市大模型服务")
    not_whose: Words = Field(description="endings that are a field although `whose` lists their last character: 城市")
    ends: Words = Field(description="words that end the name of an application: 平台")
    generic: Words = Field(description="words that name no field")


class ModelSteps(StrictModel):
    """A list of what a platform does with models (模型训练、模型部署、智能体编排), which buys the platform."""

    weight: Weight = Field(description="weight that `fewest` different steps give to `model`")
    further: Weight = Field(description="weight that each further step adds")
    fewest: Count = Field(description="how many different steps the list must have")
    words: Words = Field(description="the steps; each counts beside a 、 only")


class ProjectTypesFile(LexiconFile):
    """What does the money buy?"""

    further: Weight = Field(description="weight that each further rule of the same type adds")
    second: Weight = Field(description="weight from which the next type is recorded as the second one")
    rules: list[ProjectTypeRule] = Field(alias="rule")
    domain_model: DomainModel
    model_steps: ModelSteps


# ---------------------------------------------------------------- sectors.toml, buyer_kinds.toml


class NameRule(WordRow):
    """A rule for names. Rules are asked in the order of the file, and the first with a word in the name decides."""

    words: Words = Field(
        description="words to search in the name; `^` before a word: the name begins with it; `$` after it: the name "
        "ends with it; `@` before it: the name begins with it, perhaps after a place"
    )
    unless: Words = Field([], description="words that silence the rule")
    of: NameKind = Field(
        "any", description="for names of companies (`company_words` of sectors.toml), of bodies, or any"
    )


class SectorRule(NameRule):
    """Gives the sector of a buyer."""

    of: NameKind = Field(description="for names of companies (`company_words`), of bodies, or any")
    sector: Sector = Field(description="sector of such buyers")
    subsector: Text | None = Field(None, description="part of the sector")


class SubjectRule(SectorRule):
    """Gives the sector of a notice that names no buyer, by its subject."""

    of: NameKind = Field("any", description="for names of companies (`company_words`), of bodies, or any")


class SectorsFile(LexiconFile):
    """What does the buyer do?"""

    company_words: Words = Field(description="words that make a name a company's")
    masks: list[Mask] = Field(alias="mask")
    rules: list[SectorRule] = Field(alias="rule")
    subjects: list[SubjectRule] = Field(alias="subject")


class OwnerRule(NameRule):
    """Says who owns a buyer."""

    kind: OwnerKind = Field(description="kind of owner")
    vendors: list[Text] = Field([], description="vendor groups (vendors.toml) whose companies it owns")


class BuyerKindsFile(LexiconFile):
    """Who owns the buyer?"""

    masks: list[Mask] = Field(alias="mask")
    rules: list[OwnerRule] = Field(alias="rule")


# ---------------------------------------------------------------- vendors.toml


class VendorGroup(Row):
    """Names that carry the group's own brand."""

    name: Text = Field(description="name of the group, as summaries show it")
    is_: Words = Field([], alias="is", description="the name is this word, without place, legal form and branch")
    short: Words = Field([], description="like `is`, but never for a full name with 有限公司")
    starts: Words = Field([], description="the name begins with this word, perhaps after a place")
    has: Words = Field([], description="the word is anywhere in the name")
    not_: Words = Field([], alias="not", description="names of others, although a word above is in them")
    note: Text | None = Field(None, description="anything else")

    @property
    def words(self) -> dict[str, Words]:
        """The words by the key of their list."""
        return {"is": self.is_, "starts": self.starts, "has": self.has, "not": self.not_, "short": self.short}


class Member(Row):
    """A company or brand that belongs to a group but does not carry its name."""

    name: Text = Field(description="word to search")
    group: Text = Field(description="name of a `[[group]]`")
    way: Way = Field(description="how to search the word, as in `[[group]]`")
    relation: Relation = Field(
        description="`subsidiary`: the group owns it; `controlled`: the group decides in it; `brand`: a product, or "
        "the legal name of a brand; `split off`: belonged to the group once and never counts for it"
    )
    source: Text = Field(description="document that says so, with its date; `unverified` if nobody has seen one")
    url: Url | None = Field(None, description="where the document is")
    since: Text | None = Field(None, description="from when, or until when")
    note: Text | None = Field(None, description="anything else")

    @property
    def verified(self) -> bool:
        """Whether somebody has seen the source say so."""
        return not self.source.startswith("unverified")


class VendorsFile(LexiconFile):
    """Which vendor group does a company belong to?"""

    groups: list[VendorGroup] = Field(alias="group")
    members: list[Member] = Field([], alias="member")

    @model_validator(mode="after")
    def _groups_exist(self) -> VendorsFile:
        groups = [group.name for group in self.groups]
        for member in self.members:
            if member.group not in groups:
                names = _one_of(sorted(groups))
                raise ValueError(f"[[member]] {member.name!r}: no [[group]] is called {member.group!r}; use {names}")
        return self

    @model_validator(mode="after")
    def _no_word_belongs_to_two_groups(self) -> VendorsFile:
        owners: dict[str, str] = {}
        for group, word in self._claims():
            if owners.setdefault(word, group) != group:
                raise ValueError(
                    f"{word!r} belongs to two groups, {owners[word]!r} and {group!r}: take it out of one of them, or "
                    "give its [[member]] the right group"
                )
        return self

    def _claims(self) -> Iterator[tuple[str, str]]:
        """Yield group and word for all words that say who belongs to a group."""
        for group in self.groups:
            yield from ((group.name, word) for way, words in group.words.items() if way != "not" for word in words)
        yield from ((member.group, member.name) for member in self.members if member.relation != "split off")


# ---------------------------------------------------------------- regions.toml


class RegionsFile(LexiconFile):
    """Names of places, beyond the public list of divisions (divisions.csv)."""

    words_not_places: Words = Field(description="short names of places that are also ordinary words or brands")
    quarters_anywhere: Words = Field(description="short names of districts that may be in any town")
    hold_a_place_by_chance: Words = Field(description="words that contain the name of a place by chance")
    before_a_name: Expression = Field(description="what may be before a place at the beginning of a buyer's name")
    seated_in_beijing: Words = Field(description="beginnings of names of national bodies, which are in 北京")
    seated_anywhere: Expression = Field(description="parts of names of national bodies that may be anywhere")
    also: dict[str, Words] = Field(description="more names of places, by province")
    organisations: dict[str, Words] = Field(description="beginnings of names that do not tell their place, by province")


# ---------------------------------------------------------------- reading a file


def parse(model: type[File], data: Any, source: str) -> File:
    """Return the content of a lexicon file as its model.

    Raises InvalidDataError. Its message is one line that names ``source``, the row by its name, the key and the remedy.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]["loc"]
        if len(first) > 2 and isinstance(first[1], int):
            table, number = str(first[0]), first[1]
            row = data[table][number]
            place = f"{source}: [[{table}]] {row['name']!r}" if "name" in row else f"{source}: [[{table}]] {number + 1}"
            _check_row(model, table, row, place)
        raise InvalidDataError(explain_errors(error, source, _remedies(model), model)) from None


def row_model(annotation: Any) -> type[Row] | None:
    """Return the model of the rows of a table; None if the annotation is no table of rows."""
    inner = next(iter(get_args(annotation)), None)
    return inner if isinstance(inner, type) and issubclass(inner, Row) else None


def rows_of(model: type[LexiconFile]) -> dict[str, type[Row]]:
    """Return the model of the rows of each table, by the table's key in the file."""
    fields = model.model_fields.items()
    return {field.alias or name: row for name, field in fields if (row := row_model(field.annotation))}


def _check_row(model: type[LexiconFile], table: str, row: Any, place: str) -> None:
    form = rows_of(model)[table]
    try:
        form.model_validate(row)
    except ValidationError as error:
        raise InvalidDataError(explain_errors(error, place, model=form)) from None


def _remedies(model: type[LexiconFile]) -> dict[str, str]:
    """Return how to write each table, for a key that is given another kind of value."""
    remedies = {key: f"write each row as [[{key}]]" for key in rows_of(model)}
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, StrictModel):
            remedies[name] = f"write it as [{name}]"
    return remedies


def _one_of(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" or {names[-1]}" if len(names) > 1 else "".join(names)
