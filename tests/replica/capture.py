"""`python -m tests.replica.capture --seed 1 --projects 200 -o world.jsonl.gz`: the world's pages as a capture file."""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.replica import render
from tests.replica.demo import demo_world
from tests.replica.flatten import flatten
from tests.replica.model import World
from tests.replica.world import world

PUBLIC = "http://www.ccgp.gov.cn"


def lines(made: World, *, text: bool = False, channels: frozenset[str] = frozenset()) -> Iterator[dict[str, str]]:
    """One saved page a notice, in the order of publication, seen an hour after it was published."""
    for project, event in made.events():
        if channels and event.channel not in channels:
            continue
        html = render.html(project, event)
        line = {
            "portal": "ccgp", "url": PUBLIC + event.path, "fetched_at": (event.at + timedelta(hours=1)).isoformat() + "+08:00",
            "content_type": "text/plain" if text else "text/html", "body": flatten(html) if text else html,
        }
        if text:
            line["title"] = event.title
        yield line


def write(made: World, path: Path, *, text: bool = False) -> int:
    """Writes `*.jsonl` or `*.jsonl.gz`; the number of lines."""
    rows = [json.dumps(line, ensure_ascii=False) for line in lines(made, text=text)]
    data = ("\n".join(rows) + "\n").encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return len(rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.replica.capture", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--projects", type=int, default=200)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--text", action="store_true", help="flattened text instead of HTML")
    parser.add_argument("-o", "--output", type=Path, required=True)
    args = parser.parse_args()
    made = demo_world() if args.demo else world(args.seed, args.projects)
    print(f"{write(made, args.output, text=args.text)} pages in {args.output}")


if __name__ == "__main__":
    main()
