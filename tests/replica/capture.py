"""`python -m tests.replica.capture --seed 1 --projects 200 -o world.jsonl.gz` saves a world's pages as a capture file.

With `--market` the world is spread over many portals. Each line then holds the response of its portal's detail address.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from tests.replica import render
from tests.replica.demo import demo_world
from tests.replica.families import family_of
from tests.replica.flatten import flatten
from tests.replica.footer import add_to_html, add_to_value
from tests.replica.market import market, restrict
from tests.replica.model import Market, Posting, World
from tests.replica.world import world

PUBLIC = "http://www.ccgp.gov.cn"


def world_lines(made: World, *, text: bool = False, channels: frozenset[str] = frozenset()) -> Iterator[dict[str, str]]:
    """Yield one saved CCGP page per notice in order of publication, fetched an hour after publication."""
    for project, event in made.events():
        if channels and event.channel not in channels:
            continue
        html = render.draw_page(project, event)
        line = {
            "portal": "ccgp",
            "url": PUBLIC + event.path,
            "fetched_at": (event.at + timedelta(hours=1)).isoformat() + "+08:00",
            "content_type": "text/plain" if text else "text/html",
            "body": flatten(html) if text else html,
        }
        if text:
            line["title"] = event.title
        yield line


def an_hour_later(posting: Posting) -> datetime:
    """Return the time one hour after publication."""
    return posting.at + timedelta(hours=1)


def market_lines(made: Market, seen_at: Callable[[Posting], datetime] = an_hour_later) -> Iterator[dict[str, str]]:
    """Yield one saved response per notice of all portals, in order of publication.

    For a notice that consists of files the line holds their text.
    """
    for posting in made.all():
        site = family_of(posting.portal) or import_module(f"tests.replica.sites.{posting.portal}")
        fetched_at = seen_at(posting).isoformat() + "+08:00"
        line = {"portal": posting.portal, "url": posting.url, "fetched_at": fetched_at, "content_type": "text/html"}
        text = site.text(posting) if hasattr(site, "text") else ""
        body = site.detail(posting)
        if posting.footer:
            body = add_to_html(body, posting.footer) if isinstance(body, str) else add_to_value(body, posting.footer)
        if text:
            line |= {
                "content_type": "text/plain",
                "title": posting.title,
                "published_on": f"{posting.at:%Y-%m-%d}",
                "body": text,
            }
        elif isinstance(body, str):
            line["body"] = body
        else:
            line |= {"content_type": "application/json", "body": json.dumps(body, ensure_ascii=False)}
        yield line


def write(
    made: World | Market, path: Path, *, text: bool = False, seen_at: Callable[[Posting], datetime] = an_hour_later
) -> int:
    """Write a world to `*.jsonl` or `*.jsonl.gz` and return the number of lines.

    `seen_at` gives the time at which a market's notice was saved.
    """
    pages = market_lines(made, seen_at) if isinstance(made, Market) else world_lines(made, text=text)
    json_lines = [json.dumps(line, ensure_ascii=False) for line in pages]
    data = ("\n".join(json_lines) + "\n").encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return len(json_lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.replica.capture", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--projects", type=int, default=200)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--text", action="store_true", help="flattened text instead of HTML")
    parser.add_argument("--market", action="store_true", help="a world over many portals")
    parser.add_argument("--portals", help="only these portals of the market, by comma")
    parser.add_argument("-o", "--output", type=Path, required=True)
    args = parser.parse_args()
    made: World | Market = demo_world() if args.demo else world(args.seed, args.projects)
    if args.market:
        made = restrict(market(args.seed, args.projects), args.portals.split(",") if args.portals else None)
    print(f"{write(made, args.output, text=args.text)} pages in {args.output}")


if __name__ == "__main__":
    main()
