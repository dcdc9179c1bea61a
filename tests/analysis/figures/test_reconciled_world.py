"""Each line of a list of awards, made from a world whose awards are known, gets the state that it must have."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

from analysis.figures.definition import load
from analysis.figures.named_awards import list_of, reconcile
from tests.analysis.views.test_like_for_like import complete_crawl
from tests.helpers.market import Market, lot
from tests.replica.market import draw_world
from tests.replica.model import AwardTruth
from tests.replica.truth import award_of

# Two portals. The second is read for fewer months, and a month is known only if both are read.
READ_UNTIL = {"ccgp": date(2025, 6, 30), "gdgpo": date(2025, 5, 31)}
KNOWN_UNTIL = min(READ_UNTIL.values())
HEAD = ("project", "buyer", "supplier", "amount_yuan", "awarded_month")
Line = tuple[str, ...]


def lines_of(truth: AwardTruth) -> list[tuple[Line, str, tuple[str, ...]]]:
    """Return what others may say of an award in the database, with the state and the differences."""
    month, suppliers = truth.month, ";".join(truth.suppliers)
    amount = str(truth.amount_yuan) if truth.amount_yuan else ""
    said: list[tuple[Line, str, tuple[str, ...]]] = [
        ((truth.name, truth.buyer, suppliers, amount, month), "found", ()),
        ((truth.name, "", suppliers.partition(";")[0], "", month[:4]), "found", ()),  # as little as an article says
        ((truth.name, truth.buyer, "远山星河无关有限公司", amount, month), "differs", ("supplier",)),
    ]
    if truth.amount_yuan:
        rounded, wrong = str(round(truth.amount_yuan * Decimal("1.003"))), str(truth.amount_yuan * Decimal("1.3"))
        said.append(((truth.name, truth.buyer, suppliers, rounded, month), "found", ()))
        said.append(((truth.name, truth.buyer, suppliers, wrong, month), "differs", ("amount_yuan",)))
        said.append(
            ((truth.name, truth.buyer, "远山星河无关有限公司", wrong, month), "differs", ("supplier", "amount_yuan"))
        )
    return said


def test_every_line_of_a_list_made_from_a_known_world_is_judged_rightly() -> None:
    """Half of the awards are withheld from the database, also lookalikes of those that are there."""
    truths = [truth for truth in map(award_of, draw_world(11, 150, date(2024, 8, 1), date(2025, 8, 31)).projects)
              if truth and truth.status == "awarded" and truth.large_model]  # fmt: skip
    made, wanted = Market(), []
    there = {(truth.name, truth.buyer) for truth in truths[1::2]}
    for number, truth in enumerate(truths):
        portal = ("ccgp", "gdgpo")[number // 2 % 2]
        if number % 2:
            amount = str(truth.amount_yuan) if truth.amount_yuan else None
            made.notice(f"{portal}:{number}", "award", str(truth.awarded_on), lot(amount, *truth.suppliers),
                        number=truth.number or f"N-{number}", name=truth.name, buyer=truth.buyer)  # fmt: skip
            wanted += lines_of(truth)
        elif (truth.name, truth.buyer) not in there:  # a list has no numbers, which alone would tell the two apart
            state = "missing" if truth.awarded_on <= KNOWN_UNTIL else "uncovered"
            for amount in ("", str(truth.amount_yuan or "")):
                wanted.append(((truth.name, truth.buyer, ";".join(truth.suppliers), amount, truth.month), state, ()))
    for portal, last in READ_UNTIL.items():
        complete_crawl(made, portal, "2024-07-01", str(last))
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *(line for line, _, _ in wanted)])
    judged = reconcile(made.publish().con, list_of(text.getvalue(), "list.csv"), load("market"))
    wrong = [
        (line, state, differs, one.state, one.differs)
        for (line, state, differs), one in zip(wanted, judged, strict=True)
        if (one.state, one.differs) != (state, differs)
    ]
    assert wrong == []
    assert {state for _, state, _ in wanted} == {"found", "differs", "missing", "uncovered"}
    assert len(wanted) > 100
