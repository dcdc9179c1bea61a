"""Builds `calibrated(seed)`: a market whose true table is the published one.

`plan.py` holds that table. Several times as many other notices surround the awards.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import exp
from random import Random

from tests.replica import build, companies, fit, life, plan, pools, wording
from tests.replica.companies import YICHANG
from tests.replica.market import CROWDED, add_truth, draw_lookalike
from tests.replica.model import AwardTruth, Buyer, Market, Posting, Project, World
from tests.replica.pools import Place
from tests.replica.seen import seen_at
from tests.replica.spread import draw_postings, spread_postings
from tests.replica.truth import market_award

FOOTER = "声明：本页公告系虚构，项目、采购结果与数字均不真实，只有全部公告的月度合计取自公开报道。"
LAST_DAY = datetime(2025, 11, 30)
RESTATED_KNOWN = datetime(2024, 8, 31, 23, 59)  # end of the first report of July 2024
_ATTEMPTS = 60
HUBEI_ROWS = 15  # only the newest notices of 湖北 are readable: no large-model project and few others
_OTHER_HOMES = {
    "government": 84,
    "cmcc": 3,
    "chinatelecom": 3,
    "chinaunicom": 3,
    "sgcc": 1,
    "csg": 2,
    "central": 1,
    "yichang": 3,
}


def mentions_large_models(project: Project) -> bool:
    """Check whether the project or one of its lots is about large models."""
    return project.large_model or any(lot.large_model for event in project.events for lot in event.lots)


def distinguishing_name(project: Project) -> tuple[str, str]:
    """Return the buyer and the project name without its usual endings.

    Readers cannot distinguish two projects that differ only in these endings.
    """
    return project.buyer.name, wording.strip_ending(wording.strip_ending(project.name).removesuffix("公开询比"))


class Maker:
    """Draws projects until every month has its awards."""

    def __init__(self, seed: int, scale: float, attempt: int = 0) -> None:
        self.rng, self.seed = Random(f"calibrated {seed} {attempt}"), seed
        self.months = {name: month.scaled(scale) if scale != 1 else month for name, month in plan.MONTHS.items()}
        self.scale = scale
        self.made: list[Project] = []
        self.numbers: set[str] = {""}
        self.names: set[tuple[str, str]] = set()
        self.have: Counter[tuple[str, bool]] = Counter()  # (month, disclosed)

    def expected_award(self, project: Project) -> AwardTruth | None:
        """Return the award that the visible notices of a project add up to."""
        return market_award(
            project, [posting for posting in draw_postings(project, self.seed) if self.is_shown(posting)]
        )

    def is_shown(self, posting: Posting) -> bool:
        """Check whether the portal still shows the notice."""
        return posting.portal != "ccgp_hubei" or (
            not mentions_large_models(posting.project) and posting.at > datetime(2025, 7, 20)
        )

    def draw_projects(self) -> list[Project]:
        """Draw the projects of the planned months and of the months around them.

        Also draws what never became an award, and the awards that are cancelled later.
        """
        for month, wanted in self.months.items():
            while any(self.lacks(month, disclosed) for disclosed in (True, False)):
                self.try_project(month, wanted)
        for month, count in plan.NEIGHBOURS.items():
            for _ in range(max(1, round(count * self.scale))):
                self.try_project(month, None)
        for _ in range(max(1, round(plan.RESTATED * self.scale))):
            self.add_restated("2024-07")
        return self.made

    def lacks(self, month: str, disclosed: bool) -> bool:
        """Check whether a month still needs awards with (or without) a disclosed price."""
        wanted = self.months[month]
        return self.have[month, disclosed] < (wanted.disclosed if disclosed else wanted.awards - wanted.disclosed)

    def try_project(self, month: str, wanted: plan.Month | None) -> None:
        """Draw a project, sometimes with a lookalike, and keep both if the plan has room for them."""
        project = draw_large_model_project(self.rng, self.draw_day(month), self.next_key(0))
        group = [project]
        if self.rng.random() < 0.12 and (twin := draw_lookalike(self.rng, project, self.next_key(1), LAST_DAY)):
            group = [
                replace(project, traits=(project.traits[0], "numbered", *project.traits[1:]))
                if "numbered" in twin.traits
                else project,
                twin,
            ]
        fresh = {distinguishing_name(one) for one in group}
        numbers = {one.number for one in group} - {""}
        if fresh & self.names or numbers & self.numbers or not all(map(self.shows_purchase, group)):
            return
        truths = [self.expected_award(one) for one in group]
        counted = Counter((truth.month, truth.disclosed) for truth in truths if truth and fit.is_counted(truth))
        for (own, disclosed), count in counted.items():
            if own in self.months and (
                wanted is None
                or count > 1
                or not self.lacks(own, disclosed)
                or not self.same_in_first_report(own, group)
            ):
                return
        if wanted is not None and not counted and not all(self.lacks(month, disclosed) for disclosed in (True, False)):
            return  # projects without an award keep their natural share
        self.add(group)
        self.have.update(counted)

    def add(self, group: list[Project]) -> None:
        """Keep projects and remember their names and numbers."""
        self.made += group
        self.names |= {distinguishing_name(one) for one in group}
        self.numbers |= {one.number for one in group}

    def same_in_first_report(self, month: str, group: list[Project]) -> bool:
        """Check that the group counts the same in the first report of July 2024 as later.

        Only the planned cancellations may change that month after the end of August.
        """
        if month != "2024-07":
            return True
        for project in group:
            early = [
                posting
                for posting in draw_postings(project, self.seed)
                if self.is_shown(posting) and seen_at(posting, self.seed) <= RESTATED_KNOWN
            ]
            before, after = market_award(project, early), self.expected_award(project)
            if (before and (before.month, fit.is_counted(before))) != (after and (after.month, fit.is_counted(after))):
                return False
        return True

    def shows_purchase(self, project: Project) -> bool:
        """Check that some visible result names the purchase when the project's name does not."""
        if "goods" not in project.traits:
            return True
        return any(
            posting.event.what == "award" and posting.form != "table"
            for posting in draw_postings(project, self.seed)
            if self.is_shown(posting)
        )

    def add_restated(self, month: str) -> None:
        """Add an award of the month that is cancelled long after it was first reported."""
        while True:
            project = draw_large_model_project(self.rng, self.draw_day(month), self.next_key(0))
            if (
                not fit.is_plain(project)
                or project.number in self.numbers
                or distinguishing_name(project) in self.names
            ):
                continue
            truth = self.expected_award(project)
            if not truth or truth.month != month or not self.same_in_first_report(month, [project]):
                continue
            [award] = project.events
            day = datetime(2024, 9, self.rng.randrange(9, 21), 10, self.rng.randrange(60))
            gone = replace(award, what="void", kinds=("failed",), at=day, channel="fblbgg")
            gone = replace(gone, title=f"{project.name}中标结果作废公告")
            self.add([replace(project, events=(award, gone), traits=(*project.traits[:-1], "restated"))])
            return

    def draw_others(self, ratio: float) -> list[Project]:
        """Draw projects that are not about large models until they have `ratio` times as many notices."""
        wanted = ratio * sum(len(draw_postings(project, self.seed)) for project in self.made)
        weights = {
            month: max(sum(self.have[month, disclosed] for disclosed in (True, False)), 3) for month in self.months
        }
        out: list[Project] = []
        count = 0
        while count < wanted:
            month = self.rng.choices(list(weights), list(weights.values()))[0]
            project = draw_other_project(
                self.rng, self.draw_day(month) + timedelta(days=self.rng.randrange(-12, 20)), f"N{len(out):05d}"
            )
            if (
                project.number in self.numbers - {""}
                or distinguishing_name(project) in self.names
                or mentions_large_models(project)
            ):
                continue
            self.numbers.add(project.number)
            self.names.add(distinguishing_name(project))
            out.append(project)
            count += len(draw_postings(project, self.seed))
        return out

    def draw_day(self, month: str) -> datetime:
        """Draw a day of the month."""
        return datetime.fromisoformat(f"{month}-01") + timedelta(days=self.rng.randrange(30))

    def next_key(self, more: int) -> str:
        """Return a free project key; `more` skips that many."""
        return f"C{len(self.made) + more:05d}"


def calibrated(seed: int, scale: float = 1.0, others: float = 3.0) -> Market:
    """Return the calibrated market of a seed.

    `scale` multiplies all counts and sums. `others` is the number of other notices for each one about large models.

    A very small market may have too few awards for the planned shares. Then it is drawn again, and ValueError is
    raised if no attempt succeeds.
    """
    for attempt in range(_ATTEMPTS):
        maker = Maker(seed, scale, attempt)
        try:
            ours = fit.fit_projects(
                maker.draw_projects(), maker.months, list(plan.PERIODS.values()), maker.expected_award
            )
            break
        except ValueError:
            if attempt + 1 == _ATTEMPTS:
                raise
    bare = World(seed, (*ours, *maker.draw_others(others)))
    postings = {
        portal: tuple(replace(p, footer=FOOTER) for p in rows)
        for portal, rows in spread_postings(bare, maker.is_shown).items()
    }
    postings["ccgp_hubei"] = postings.get("ccgp_hubei", ())[-HUBEI_ROWS:]
    return add_truth(bare, postings)


def _place_buyer(rng: Random, row: tuple[str, ...]) -> tuple[Buyer, Place]:
    """Draw the place of a buyer from `words/calibrated/buyers.txt`, and return both."""
    name, sector, home, province, _ = row
    fits = [
        p
        for p in pools.list_places()
        if (not province or p.province == province) and not (home == "sgcc" and p.province in companies.NOT_STATE_GRID)
    ]
    crowded = [p for p in fits if p.province in CROWDED]
    place = rng.choice(crowded if crowded and home == "dfgg" and rng.random() < 0.5 else fits)
    if home == "dfgg" and rng.random() < 0.03:
        place, home = YICHANG, "yichang"
    one = Buyer(
        place.fill(name),
        pools.draw_street(rng, place),
        pools.draw_person(rng),
        pools.draw_phone(rng, place.code),
        province or place.province,
        place.region,
        sector,
        home,
    )
    return one, place


def draw_large_model_project(rng: Random, at: datetime, key: str) -> Project:
    """Draw one project about large models."""
    sector = rng.choices(list(plan.SECTORS), list(plan.SECTORS.values()))[0]
    kind = rng.choices(list(plan.TYPES), list(plan.TYPES.values()))[0]
    row = rng.choice([row for row in pools.read_rows("calibrated/buyers") if row[1] == sector])
    buyer, place = _place_buyer(rng, row)
    words = wording.draw_wording(rng, kind, tuple(row[4].split(";")))
    budget = max(12, round(plan.MIDDLE[kind] * exp(rng.gauss(0, 0.8))))
    where = rng.choices(list(wording.KINDS), list(wording.KINDS.values()))[0]
    if buyer.scope not in ("dfgg", "zygg"):
        wanted = (wording.strip_ending(words.title), "lm", kind, words.kind, f"{budget}-{budget}", words.goods)
        return companies.draft_project(rng, buyer.scope, "lm", at, key, wanted, (buyer, place))
    form, name = build.choose_form(place, buyer.scope), buyer.name
    if where == "lot" and form not in build.ONE_LOT_FORMS:
        words = wording.draw_covered_wording(rng, words)
        lots = [
            f"{words.title}^1^{kind}^{budget}-{budget}",
            *(f"{lot}^0^^20-160" for lot in words.lots[: rng.choice([1, 2])]),
        ]
        rng.shuffle(lots)
        return life.add_notices(
            rng, build.draft_with_hidden_lot(rng, at, words.cover, ";".join(lots), place, buyer), at, key
        )
    if where == "goods" and form not in ("jiangsu", "gansu", "hainan"):
        words = wording.draw_covered_wording(rng, words)
        subject = pools.Subject(words.cover, (kind,), (sector,), budget, budget, (words.goods,), words.kind)
        plan_ = build.draft_from_subject(
            rng, "large_model", at, subject, place, buyer, f"{name}{at.year}年{words.cover}"
        )
        return life.add_notices(rng, replace(plan_, traits=(*plan_.traits, "goods")), at, key)
    title = wording.draw_government_name(rng, name, place, words.title, at.year)
    subject = pools.Subject(words.title, (kind,), (sector,), budget, budget, (words.goods,), words.kind)
    return life.add_notices(
        rng, build.draft_from_subject(rng, "large_model", at, subject, place, buyer, title), at, key
    )


def draw_other_project(rng: Random, at: datetime, key: str) -> Project:
    """Draw one project on another subject, often with a similar name."""
    near = rng.random() < 0.35
    home = rng.choices(list(_OTHER_HOMES), list(_OTHER_HOMES.values()))[0]
    if home != "government":
        return companies.draft_project(rng, home, "hard" if near else "ordinary", at, key)
    subject = rng.choice(
        (*pools.list_subjects("calibrated/hard"), *pools.list_subjects("hard_negatives"))
        if near
        else pools.list_subjects("ordinary")
    )
    place = pools.draw_place(rng, subject.sectors)
    buyer = pools.draw_buyer(rng, place, subject.sectors, rng.random() < 0.25)
    return life.add_notices(
        rng, build.draft_from_subject(rng, "hard_negatives" if near else "ordinary", at, subject, place, buyer), at, key
    )


def last_day_of(made: Market) -> date:
    """Return the day of the last notice."""
    return max(posting.at for posting in made.all()).date()
