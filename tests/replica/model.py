"""Data classes of the replica: projects, their notices, and the truth that follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Party:
    """A buyer or an agency with the contact data that real pages print (all invented here)."""

    name: str
    address: str
    contact: str
    phone: str


@dataclass(frozen=True)
class Buyer(Party):
    """A buyer with its place, sector and the portal or CCGP scope on which it publishes."""

    province: str = ""
    region: str = ""  # as printed in the summary table under 行政区域
    sector: str = ""
    scope: str = "dfgg"


@dataclass(frozen=True)
class Winner:
    """A supplier that won a lot or a share of it."""

    name: str
    address: str
    role: str = "sole"  # sole, consortium_lead, consortium_member, shared
    share: Decimal | None = None
    quote: Decimal | None = None  # its own bid, if a candidate notice has one


@dataclass(frozen=True)
class Price:
    """A price in one of four kinds.

    `yuan` is set for a total only. `number` is the printed rate or unit price and `unit` its unit (%, 元/人·天).
    """

    kind: str  # total, rate, unit_price, undisclosed
    yuan: Decimal | None = None
    number: str = ""
    unit: str = ""
    label: str = ""  # 费率, 折扣率, 下浮率


@dataclass(frozen=True)
class Lot:
    """One lot of a project, won or failed."""

    no: int
    name: str
    price: Price
    winners: tuple[Winner, ...]
    budget: Decimal
    large_model: bool = False
    failed: str = ""  # the reason, if nobody won it
    losers: tuple[tuple[str, Decimal], ...] = ()
    score: str = "90.12"
    goods: tuple[str, ...] = ()  # rows of the 主要标的 table

    @property
    def won(self) -> bool:
        return not self.failed and bool(self.winners)


@dataclass(frozen=True)
class Change:
    """One correction of a result: a lot before and after."""

    lot_no: int
    before: Lot
    after: Lot
    why: str


@dataclass(frozen=True)
class Event:
    """One notice. `kinds` lists the values of `notices.kind` that a careful reader may assign."""

    what: str  # tender, award, correction, failed, void, contract, clarification, candidate, opinion, direct
    kinds: tuple[str, ...]
    at: datetime
    title: str
    channel: str
    lots: tuple[Lot, ...]
    form: str
    path: str = ""
    changes: tuple[Change, ...] = ()
    note: str = ""
    names_lots: bool = True


@dataclass(frozen=True)
class Project:
    """One project with all its notices, oldest first."""

    key: str
    number: str
    name: str
    buyer: Buyer
    agency: Party
    category: str
    goods_kind: str  # 货物, 服务, 工程
    method: str  # 公开招标, 竞争性磋商, 询价, 单一来源
    large_model: bool
    project_types: tuple[str, ...]  # accepted values, best first; empty for ordinary projects
    events: tuple[Event, ...]
    traits: tuple[str, ...] = ()
    experts: tuple[str, ...] = ()


@dataclass(frozen=True)
class AwardTruth:
    """One expected row of `awards` (contract section 6)."""

    project: str
    number: str
    name: str
    buyer: str
    province: str
    awarded_on: date
    status: str  # awarded, void, candidate
    large_model: bool
    amount_yuan: Decimal | None
    amount_partial: bool
    suppliers: tuple[str, ...]
    project_types: tuple[str, ...]
    sector: str
    paths: tuple[str, ...]
    traits: tuple[str, ...] = ()

    @property
    def disclosed(self) -> bool:
        return self.amount_yuan is not None

    @property
    def month(self) -> str:
        return f"{self.awarded_on:%Y-%m}"


@dataclass(frozen=True)
class NoticeTruth:
    """One expected row of `notices`."""

    path: str
    title: str
    kinds: tuple[str, ...]
    published: datetime
    project: str
    number: str
    buyer: str
    agency: str
    province: str
    form: str
    lots: tuple[Lot, ...]
    large_model: bool


@dataclass(frozen=True)
class World:
    """Projects on one portal, with the expected awards."""

    seed: int
    projects: tuple[Project, ...]
    awards: tuple[AwardTruth, ...] = field(default=())

    def events(self) -> list[tuple[Project, Event]]:
        """Return all notices, oldest first."""
        pairs = [(project, event) for project in self.projects for event in project.events]
        return sorted(pairs, key=lambda pair: (pair[1].at, pair[1].path))

    def notices(self) -> list[NoticeTruth]:
        return [
            NoticeTruth(
                path=event.path,
                title=event.title,
                kinds=event.kinds,
                published=event.at,
                project=project.key,
                number=project.number,
                buyer=project.buyer.name,
                agency=project.agency.name,
                province=project.buyer.province,
                form=event.form,
                lots=event.lots,
                large_model=project.large_model,
            )
            for project, event in self.events()
        ]

    def by_month(self) -> dict[str, list[AwardTruth]]:
        """Return the awards that the market definition counts, by month of award."""
        months: dict[str, list[AwardTruth]] = {}
        for award in self.awards:
            if award.large_model and award.status == "awarded":
                months.setdefault(award.month, []).append(award)
        return dict(sorted(months.items()))


@dataclass(frozen=True)
class Posting:
    """One notice on one portal. Its `notice_key` in the database is `portal:notice_id`."""

    portal: str
    notice_id: str
    url: str  # the public page
    project: Project  # as this portal shows it: its events and titles, `number` as printed here
    event: Event  # title and time of publication here; lots lack sums if this copy hides them
    fact: int  # index of the project's event
    column: str  # the portal's column: 0202, SELECTION_RESULTS, 003001005
    form: str  # form of the body: province, table, works, html, pdf, pdf_plain
    number_style: str  # bare, prefixed, brackets, width, case, other (the portal's own number), absent
    shows_amount: bool
    footer: str = ""  # text at the foot of the page, if the world has one

    @property
    def key(self) -> str:
        return f"{self.portal}:{self.notice_id}"

    @property
    def title(self) -> str:
        return self.event.title

    @property
    def at(self) -> datetime:
        return self.event.at

    @property
    def number(self) -> str:
        """Project number as printed in this copy, empty if it has none."""
        return self.project.number


@dataclass(frozen=True)
class Market:
    """A world spread over many portals.

    `world.awards` holds the truth across all portals. Its `paths` are notice keys.
    """

    world: World
    postings: dict[str, tuple[Posting, ...]]  # by portal, oldest first

    def on(self, portal: str) -> tuple[Posting, ...]:
        """Return the notices of one portal, oldest first."""
        return self.postings.get(portal, ())

    @property
    def footer(self) -> str:
        """Footer of every page, empty if the world has none."""
        return next((posting.footer for rows in self.postings.values() for posting in rows), "")

    def all(self) -> list[Posting]:
        """Return all notices of all portals, oldest first."""
        return sorted((p for rows in self.postings.values() for p in rows), key=lambda p: (p.at, p.key))
