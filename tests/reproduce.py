"""`python -m tests.reproduce` reproduces the published table from an invented world whose true answer it is.

It builds the world, serves its portals on loopback, crawls them with the production download handler, and prints the
table next to the published one with every mistake. With `--capture FILE` it writes the world to a capture file instead,
imports that, and prints the table as of several days. See docs/reproduce.md.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.jobs import crawl_runner as crawling
from tenders.jobs.crawl import record_crawls
from tenders.jobs.ingest import ingest_files
from tenders.jobs.load import load_spool
from tests.helpers.portal_sites import keys, published, stored
from tests.replica import capture
from tests.replica.calibrated import calibrated
from tests.replica.model import Market
from tests.replica.seen import market_known_on, seen_at
from tests.replica.server import Portal, Scenario, make_site
from tests.replica.sites.ccgp import CcgpSite
from tests.reproduce_figures import Line, Mistake, find_mistakes, table_lines

PORTALS = (
    "ccgp",
    "ggzy",
    "cmcc",
    "chinatelecom",
    "chinaunicom",
    "sgcc",
    "csg",
    "gdgpo",
    "szggzy",
    "yichang",
    "zcy_shanghai",
    "zcy_guangxi",
    "ccgp_beijing",
    "ccgp_shandong",
    "ccgp_hubei",
)
MADE_UP = (
    "Every notice, project, winner and single sum here is made up; only the totals are real, as published.\n"
    "This shows how well the machinery counts and says nothing about the market."
)
DAYS = (date(2024, 8, 31), date(2025, 8, 5), date(2025, 11, 30))
PORTALS_AT_A_TIME = 3  # portals crawled in parallel, one request at a time each
_SETTINGS = {"LOG_LEVEL": "ERROR", "RETRY_BACKOFF_SECONDS": 0.05}
_NEW_NOTICES_LIMIT = 420  # of the 500 that a channel of CCGP shows
Arguments = tuple[int, float, float]  # seed, scale, others


def main(argv: list[str] | None = None) -> int:
    """Run the reproduction. Return 0 if every figure is within its bar, otherwise 1."""
    args = _arguments(argv)
    print_line(MADE_UP + "\n")
    began = time.monotonic()
    world = (args.seed, args.scale, args.others)
    made = calibrated(*world)
    size = f"{len(made.all())} notices on {len(made.postings)} portals, of {len(made.world.projects)} projects"
    print_line(f"The world of seed {args.seed}: {size}.")
    with ExitStack() as stack:
        data = args.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if args.capture:
            within_bars = _from_capture(made, args.capture, data, args.as_of or list(DAYS), args.misses)
        else:
            crawl(made, world, data, args.faults)
            within_bars = print_table(table_lines(made, data), find_mistakes(made, data), "", args.misses)
        if args.data:
            print_line(f"Ask about any award: tenders --data {args.data} explain KEY")
    verdict = "All bars are kept." if within_bars else "Not all bars are kept: see the lines marked with !"
    print_line(f"{verdict} ({time.monotonic() - began:.0f} s)")
    print_line(f"\n{MADE_UP}")
    return 0 if within_bars else 1


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.reproduce", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="factor for all counts and sums of the world")
    parser.add_argument(
        "--others", type=float, default=3.0, help="number of other notices for each one about large models"
    )
    parser.add_argument("--faults", type=float, default=0.0, help="share of requests that the portals answer badly")
    parser.add_argument("--data", type=Path, help="a new data folder to keep; the default is a temporary one")
    parser.add_argument(
        "--capture",
        type=Path,
        metavar="FILE",
        help="write the world to this capture file and import it instead of crawling",
    )
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        action="append",
        help="with --capture: print the table as known at the end of this day (repeatable)",
    )
    parser.add_argument("--misses", type=Path, help="write every mistake to this file, separated by tabs")
    args = parser.parse_args(argv)
    if args.data and args.data.exists() and any(args.data.iterdir()):
        parser.error(f"{args.data} is not empty: name a new folder")
    return args


def crawl(made: Market, arguments: Arguments, data: Path, faults: float = 0.0) -> None:
    """Crawl all portals, a few at a time, into a data folder and load it.

    Raises RuntimeError if a crawl is incomplete or notices are missing.
    """
    missing: dict[str, int] = {}
    with running_replicas(arguments, faults) as origins, ThreadPoolExecutor(PORTALS_AT_A_TIME) as pool:

        def one(name: str) -> list[CrawlOutcome]:
            crawls = [
                crawling.run([CrawlRequest(portal=name, origin=origin)], data, settings=_SETTINGS)[0]
                for origin in origins[name]
            ]
            expected, stored_keys = keys(published(name, made)), stored(name, data)
            times = f" in {len(crawls)} crawls" if len(crawls) > 1 else ""
            print_line(f"  {name}: {len(stored_keys & expected)} of {len(expected)} notices{times}, {crawls[-1].state}")
            missing[name] = len(expected - stored_keys)
            return crawls

        outcomes = list(chain.from_iterable(pool.map(one, filter(made.on, PORTALS))))
    for outcome in outcomes:
        if outcome.state != "complete":
            raise RuntimeError(f"{outcome.portal}: {outcome.state}, {outcome.reason}")
    if any(missing.values()):
        raise RuntimeError(f"notices that the portals published were not stored: {missing}")
    record_crawls(outcomes, data)
    load_spool(data)


@contextmanager
def running_replicas(arguments: Arguments, faults: float = 0.0) -> Iterator[dict[str, list[str]]]:
    """Serve the portals of a world in a separate process, so that they do not share a core with the crawler.

    Yields the origins by portal name. CCGP has several: its lists show only the newest 500 notices of a channel, so it
    is crawled repeatedly, each time as of a later date.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve_portals, args=(arguments, faults, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours.recv()
    finally:
        ours.close()
        process.join()


def _serve_portals(arguments: Arguments, faults: float, pipe: Connection) -> None:
    scenario = Scenario(error_rate=faults, slow_seconds=0.05, seed=arguments[0])
    made = calibrated(*arguments)
    with ExitStack() as stack:

        def start(source: Any, name: str) -> str:
            return stack.enter_context(Portal(source, scenario, site=name, footer=made.footer)).origin

        origins = {name: [start(made, name)] for name in filter(made.on, PORTALS) if name != "ccgp"}
        origins["ccgp"] = [start(_ccgp_as_of(made, instant), "ccgp") for instant in visit_times(made)]
        pipe.send(origins)
        pipe.poll(None)  # until the crawler closes its end


def _ccgp_as_of(made: Market, instant: datetime) -> CcgpSite:
    site: CcgpSite = make_site("ccgp", made)
    site.show_as_of(instant)
    return site


def visit_times(made: Market) -> list[datetime]:
    """Return the times at which to crawl CCGP so that no channel has too many new notices since the last time."""
    times, new = [], Counter[tuple[str, str]]()
    postings = made.on("ccgp")
    for posting in postings:
        channel = (posting.project.buyer.scope, posting.event.channel)
        new[channel] += 1
        if new[channel] >= _NEW_NOTICES_LIMIT:
            times.append(posting.at)
            new.clear()
    return [*times, postings[-1].at]


def _from_capture(made: Market, file: Path, data: Path, days: list[date], misses: Path | None) -> bool:
    print_line(
        f"{capture.write(made, file, seen_at=lambda posting: seen_at(posting, made.world.seed))} pages in {file}"
    )
    ingest_files([file], data)
    within_bars = True
    for day in days:
        market_then = market_known_on(made, day)
        within_bars &= print_table(
            table_lines(market_then, data, day),
            find_mistakes(market_then, data, day),
            f"As it was known on {day}",
            misses,
        )
    return within_bars


def print_table(table: list[Line], mistakes: list[Mistake], heading: str, misses: Path | None = None) -> bool:
    """Print the table and the mistakes. Return whether every figure is within its bar."""
    if heading:
        print_line(f"\n{heading}")
    print_line(f"\n{'':8} {'':38} {'published':>10} {'truth':>10} {'ours':>10}")
    period = ""
    for line in table:
        mark = "" if line.kept() else " !"
        period_shown = "" if line.period == period else line.period
        period = line.period
        truth, ours = line.style.format(line.truth), line.style.format(line.ours)
        print_line(f"{period_shown:8} {line.figure:38} {line.published:>10} {truth:>10} {ours:>10}{mark}")
    causes = Counter(one.cause for one in mistakes)
    print_line(
        f"\nMistakes: {len(mistakes)}" + "".join(f"\n  {count:4} {cause}" for cause, count in sorted(causes.items()))
    )
    for one in mistakes[:40]:
        print_line(f"  {one.cause} | {one.key} | {one.title[:60]} | {one.truth} | {one.ours}")
    if len(mistakes) > 40:
        print_line(f"  … and {len(mistakes) - 40} more (--misses FILE has all of them)")
    if misses:
        with misses.open("a", encoding="utf-8") as out:
            out.writelines("\t".join((one.cause, one.key, one.title, one.truth, one.ours)) + "\n" for one in mistakes)
    return all(line.kept() for line in table)


def print_line(line: str) -> None:
    """Write one line to stdout at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
