"""``tenders demo``: the whole path on a recorded crawl, through the commands that a user would type."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from tenders.data_folder import DataFolder
from tenders.database import open_published
from tenders.demo import cassettes
from tenders.jobs import jobs

FOLDER = Path("data") / "demo"
MONTH = "2025-07"
_MONTHS = "SELECT month, awards, disclosed, amount_yi, awards_yoy_pct, amount_yoy_pct, awards_mom_pct FROM monthly ORDER BY month"
_MADE_UP = "> 示例：项目与金额均为虚构，不反映市场。 · Demo: projects and sums are made up and say nothing about the market.\n\n"
_LARGEST = "SELECT award_key FROM awards WHERE is_large_model AND status = 'awarded' ORDER BY amount_yuan DESC NULLS LAST LIMIT 1"


def run(folder: Path = FOLDER) -> int:
    """Crawls CCGP from its cassette into a new data folder, loads it, prints months and summary, and says what to try next.

    Whatever the folder held from an earlier demo is replaced. Returns the exit code: 1 where the cassette did not fit.
    """
    tell("A crawl of CCGP, played from a recording: nothing is sent to any portal.")
    tell(
        "The recorded notices are a replica's. Their forms are those of real pages, but projects, firms' wins and sums are made"
    )
    tell("up: the figures below show what the tool does and say nothing about the market.\n")
    if folder.exists():
        shutil.rmtree(folder)
    replay = cassettes.play(cassettes.DEMO, folder)
    jobs.record_crawls([replay.outcome], folder)
    jobs.load(folder)
    outcome = replay.outcome
    tell(
        f"crawled: {outcome.stored} of {outcome.listed} listed notices, {replay.played} answers played, state {outcome.state}\n"
    )
    for problem in replay.problems:
        tell(f"the recording did not fit: {problem}")
    DataFolder(folder).made_up.touch()
    report = folder / f"summary-{MONTH}.md"
    command(folder, "query", _MONTHS)
    command(folder, "summary", "--month", MONTH)
    command(folder, "summary", "--month", MONTH, "--format", "md", "-o", str(report))
    _mark_as_made_up(report)
    page = report.with_suffix(".html")
    command(folder, "summary", "--month", MONTH, "--format", "html", "-o", str(page))
    tell(f"written: {report}, and {page}: open it in a browser\n")
    key = largest_award(folder)
    tell("Try next:")
    tell(f"  tenders --data {folder} explain {shlex.quote(key)}   # why an award counts, down to the words on the page")
    tell(f'  tenders --data {folder} query "SELECT * FROM awards"')
    tell("  tenders ingest FILE.jsonl.gz    # your own saved pages, into data/")
    tell("  tenders crawl ccgp --limit 20   # the portal itself, one request a second (set TENDERS_CONTACT first)")
    return 1 if replay.problems or outcome.state != "complete" else 0


def command(folder: Path, *arguments: str) -> None:
    """Shows a command as one would type it, and runs it."""
    from tenders.cli import app

    tell(f"$ tenders --data {folder} {shlex.join(arguments)}")
    app(["--data", str(folder), *arguments], standalone_mode=False)
    tell("")


def _mark_as_made_up(report: Path) -> None:
    """The report stands beside real published figures and may be passed on alone: it has to say itself what it is."""
    title, _, rest = report.read_text(encoding="utf-8").partition("\n\n")
    report.write_text(f"{title}\n\n{_MADE_UP}{rest}", encoding="utf-8")


def largest_award(folder: Path) -> str:
    """The key of the demo's largest award."""
    with open_published(folder) as con:
        row = con.execute(_LARGEST).fetchone()
    return str(row[0]) if row else "AWARD_KEY"


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
