"""``tenders demo``: the complete path on a recorded crawl, with the commands that a user would type for each step."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

from analysis.figures import definition as definitions
from analysis.figures import summary as summaries
from analysis.reports import period_report, text_summary
from analysis.reports.html import page
from analysis.warehouse import query
from pipelines.common import atomic_files
from tenders import console
from tenders.data_folder import DataFolder
from tenders.database import open_published, query_rows
from tenders.demo import cassettes
from tenders.jobs.crawl import record_crawls
from tenders.jobs.load import load_spool

MONTH = "2025-07"
_MONTHS = (
    "SELECT month, awards, disclosed, amount_yi, awards_yoy_pct, amount_yoy_pct, awards_mom_pct "
    "FROM monthly ORDER BY month"
)
_MADE_UP = (
    "> 示例：项目与金额均为虚构，不反映市场。 · Demo: projects and sums are made up and say nothing about the market."
)
_LARGEST = "SELECT award_key FROM counted_awards ORDER BY amount_yuan DESC NULLS LAST LIMIT 1"


def run_demo(folder: Path) -> bool:
    """Crawl CCGP from its cassette into a new data folder, load it, print months and summary, and say what to try next.

    Replaces whatever the folder held from an earlier demo. Returns whether the cassette fitted and the crawl was
    complete.
    """
    _say(
        "A crawl of CCGP, played from a recording: nothing is sent to any portal.",
        "The recorded notices are a replica's: their forms are those of real pages, but projects, wins and sums are "
        "made up.",
        "The figures below show what the tool does and say nothing about the market.",
        "",
    )
    if folder.exists():
        shutil.rmtree(folder)
    replay = cassettes.play(cassettes.DEMO, folder)
    outcome = replay.outcome
    record_crawls([outcome], folder)
    load_spool(folder)
    DataFolder(folder).made_up.touch()
    _say(
        f"crawled: {outcome.stored} of {outcome.listed} listed notices, {replay.played} answers played, "
        f"state {outcome.state}",
        "",
        *(f"the recording did not fit: {problem}" for problem in replay.problems),
    )
    _show_month(folder)
    key = shlex.quote(largest_award(folder))
    _say(
        "Try next:",
        f"  tenders --data {folder} explain {key}   # why an award counts, down to the words on the page",
        f'  tenders --data {folder} query "SELECT * FROM awards"',
        "  tenders ingest FILE.jsonl.gz    # your own saved pages, into data/",
        "  tenders crawl ccgp --limit 20   # the portal itself, one request a second (set TENDERS_CONTACT first)",
    )
    return not replay.problems and outcome.state == "complete"


def largest_award(folder: Path) -> str:
    """Return the key of the demo's largest award."""
    rows = query_rows(folder, _LARGEST)
    return str(rows[0]["award_key"]) if rows else "AWARD_KEY"


def _show_month(folder: Path) -> None:
    """Print all months and the summary of the demo's month, and write the summary as Markdown and as a page."""
    markdown_path = folder / f"summary-{MONTH}.md"
    page_path = markdown_path.with_suffix(".html")
    rules = definitions.load("market", DataFolder(folder).definitions)
    language = console.reader_language()
    with open_published(folder) as con:
        _print_command(folder, "query", _MONTHS)
        _print(query.run(con, _MONTHS), "")

        summary = summaries.summary(con, MONTH, rules, None)
        _print_command(folder, "summary", "--month", MONTH)
        _print(text_summary.render(summary, "table", language).rstrip("\n"), "")

        _print_command(folder, "summary", "--month", MONTH, "--format", "md", "-o", str(markdown_path))
        atomic_files.replace_text(markdown_path, _marked_as_made_up(text_summary.render(summary, "md", language)))
        _print("")

        _print_command(folder, "summary", "--month", MONTH, "--format", "html", "-o", str(page_path))
        report = period_report.gather(con, MONTH, rules, None, made_up=True)
        atomic_files.replace_text(page_path, page.render(con, report, "zh"))
        _print("")
    _say(f"written: {markdown_path}, and {page_path}: open it in a browser", "")


def _marked_as_made_up(markdown: str) -> str:
    """Return the report with a note below its title, because the file may be passed on alone."""
    title, _, rest = markdown.partition("\n\n")
    return f"{title}\n\n{_MADE_UP}\n\n{rest.rstrip()}\n"


def _print_command(folder: Path, *arguments: str) -> None:
    _print(f"$ tenders --data {folder} {shlex.join(arguments)}")


def _say(*lines: str) -> None:
    _print(*map(console.in_language, lines))


def _print(*lines: str) -> None:
    console.give("".join(f"{line}\n" for line in lines), None)
