"""The published table comes out of a made-up world whose answer it is; the whole of it is ``make reproduce``."""

from __future__ import annotations

import gzip
import io
import json
import re
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tenders.jobs.ingest import ingest_files
from tests import reproduce
from tests.replica import capture, plan
from tests.replica.calibrated import FOOTER, calibrated
from tests.replica.footer import add_to_html, add_to_value
from tests.replica.forms import pdf
from tests.replica.model import Market
from tests.replica.score_market import score_market
from tests.replica.seen import market_known_on, seen_at
from tests.replica.server import Portal
from tests.reproduce_figures import Figures, expected_figures, find_mistakes, table_lines

pytestmark = pytest.mark.long

SEED, SCALE = 8, 0.25
CRAWLED = (5, 0.06, 0.5)  # seed, scale, others of the world that is crawled


@pytest.fixture(scope="module")
def made() -> Market:
    return calibrated(SEED, SCALE, others=1)


@pytest.fixture(scope="module")
def full_scale() -> Market:
    """All awards of the published table, without the notices about other things."""
    return calibrated(11, others=0)


@dataclass(frozen=True)
class Reproduction:
    """What the command printed, and the data folder that it filled."""

    printed: str
    data: Path


@pytest.fixture(scope="module")
def reproduction(tmp_path_factory: pytest.TempPathFactory) -> Reproduction:
    """A small world, crawled over all portals. One in twenty requests fails, and is repeated."""
    data = tmp_path_factory.mktemp("reproduction") / "data"
    seed, scale, others = map(str, CRAWLED)
    printed = io.StringIO()
    with redirect_stdout(printed):
        reproduce.main(["--seed", seed, "--scale", scale, "--others", others, "--faults", "0.05", "--data", str(data)])
    return Reproduction(printed.getvalue(), data)


def test_the_truth_of_the_whole_world_is_the_published_table(full_scale: Market) -> None:
    truth = expected_figures(full_scale)
    for period, month in plan.MONTHS.items():
        if period in truth:
            told = truth[period]
            assert (told.awards, told.disclosed, told.yuan) == (month.awards, month.disclosed, month.yuan)
    for name, period in plan.PERIODS.items():
        for dimension, shares in (("type", period.types), ("sector", period.sectors)):
            for part, share in shares.items():
                assert truth[name].share(dimension, part) == pytest.approx(float(share), abs=0.05), (name, part)
    july, base = truth["2025-07"], truth["2024-07"]
    assert (round(100 * july.awards / base.awards - 100), round(float(100 * july.yuan / base.yuan) - 100)) == (422, 540)


def test_july_2024_was_told_larger_before_awards_were_taken_back(made: Market, full_scale: Market) -> None:
    assert expected_figures(market_known_on(full_scale, date(2024, 8, 31)))["2024-07"].awards == 112
    assert expected_figures(market_known_on(full_scale, date(2025, 11, 30)))["2024-07"].awards == 110
    early, late = (
        expected_figures(market_known_on(made, day))["2025-07"] for day in (date(2025, 8, 5), date(2025, 11, 30))
    )
    assert (early.awards, early.yuan) != (late.awards, late.yuan)


def test_several_times_as_many_other_notices_stand_beside_those_about_large_models() -> None:
    whole = calibrated(3, 0.1, others=3)
    ours = {award.project for award in whole.world.awards if award.large_model}
    about = sum(posting.project.key in ours for posting in whole.all())
    assert len(whole.all()) > 3 * about
    assert len({posting.portal for posting in whole.all()}) == 15
    traits = {trait for project in whole.world.projects for trait in project.traits}
    assert {
        "hidden",
        "goods",
        "multi_lot",
        "corrected_amount",
        "void",
        "candidate_only",
        "failed_then_won",
        "restated",
    } <= traits


def test_every_page_says_that_it_is_made_up(made: Market, tmp_path: Path) -> None:
    capture.write(made, tmp_path / "world.jsonl.gz")
    for line in gzip.decompress((tmp_path / "world.jsonl.gz").read_bytes()).decode().splitlines():
        page = json.loads(line)
        assert FOOTER in page["body"] or page["portal"] in ("cmcc", "ccgp_shandong", "sgcc"), page["url"]
    assert any(FOOTER in text for text in _pdf_words(made))


def _pdf_words(made: Market) -> list[str]:
    """What is drawn on China Mobile's PDF pages, as blocks."""
    drawn: list[str] = []
    real = pdf.draw
    try:
        pdf.draw = lambda written, **_: drawn.extend(block for block in written if isinstance(block, str)) or b""  # type: ignore[assignment]
        from tests.replica.sites import cmcc

        cmcc.content.cache_clear()
        for posting in made.on("cmcc"):
            cmcc.content(posting)
    finally:
        pdf.draw = real
        cmcc.content.cache_clear()
    return drawn


def test_lists_and_notices_of_a_portal_carry_the_footer(made: Market) -> None:
    import urllib.request

    with Portal(made, site="ccgp") as portal:
        for path in ("/cggg/dfgg/zbgg/", made.on("ccgp")[0].url.removeprefix("http://www.ccgp.gov.cn")):
            assert FOOTER in urllib.request.urlopen(portal.origin + path).read().decode()
    assert add_to_html("<html><body>x</body></html>", "FOOT") == "<html><body>x\n<p>FOOT</p>\n</body></html>"
    assert add_to_value({"rows": [1]}, "FOOT") == {"rows": [1], "footer": "FOOT"}


def test_a_small_world_is_crawled_over_all_portals_and_the_table_printed(reproduction: Reproduction) -> None:
    out = reproduction.printed
    assert out.startswith(reproduce.MADE_UP)
    assert out.rstrip().endswith(reproduce.MADE_UP)
    assert re.search(r"2025-07 +awards +574 +3[456] +3[3-7]", out), out
    assert len(re.findall(r"^  \w+: (\d+) of \1 notices", out, re.MULTILINE)) > 12


def test_awards_of_many_portals_are_found_once_with_exact_amounts(reproduction: Reproduction) -> None:
    database = reproduction.data / "tenders.duckdb"
    result = score_market(database, calibrated(*CRAWLED))
    for measure in ("award found", "award once", "award amount", "award suppliers", "award date", "counted once"):
        assert result.asked[measure] > 20, measure
        assert result.share(measure) >= 0.98, (measure, result.errors)
    assert result.share("not merged wrongly") >= 0.99
    with duckdb.connect(str(database), read_only=True) as con:
        shared = con.execute("SELECT count(*) FROM awards WHERE is_large_model AND len(portals) > 1").fetchone()
        assert shared is not None
        assert shared[0] > 5
        assert con.execute(
            "SELECT count(*) FROM covered_days WHERE state NOT IN ('complete', 'unsettled')"
        ).fetchone() == (0,)


def test_the_bars_are_kept_on_both_vintages_of_the_reduced_world(made: Market, tmp_path: Path) -> None:
    """A quarter of the awards, so twice the bars: the weight of single mistakes evens out with the root of their number."""
    capture.write(made, tmp_path / "world.jsonl.gz", seen_at=lambda posting: seen_at(posting, SEED))
    ingest_files([tmp_path / "world.jsonl.gz"], tmp_path / "data")
    for day in (date(2025, 8, 5), date(2025, 11, 30)):
        then = market_known_on(made, day)
        wrong = [line for line in table_lines(then, tmp_path / "data", day) if not line.kept(slack=2)]
        assert not wrong, (wrong, find_mistakes(then, tmp_path / "data", day))


def test_a_figure_that_strays_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    from tests.reproduce_figures import Line

    right = Line("2025-07", "awards", "574", 574, 570, "{:.0f}", ("share", 0.01))
    far = Line("2025-07", "awards", "574", 574, 566, "{:.0f}", ("share", 0.01))
    grown = Line("2025-07", "growth of the awards, %", "+422", 421.8, 433.0, "{:+.1f}", ("growth", 0.02))
    assert [line.kept() for line in (right, far, grown)] == [True, False, False]
    assert not reproduce.print_table([far], [], "")
    assert "566 !" in capsys.readouterr().out
    figures = Figures()
    figures.add(Decimal(30), "compute", "government")
    figures.add(None, "application", "finance")
    assert (figures.awards, figures.disclosed, figures.share("type", "compute")) == (2, 1, 100.0)
