"""`python -m tests.replica.serve --portal ggzy --seed 1 --projects 200 --port 8800` serves a portal until ^C.

`--portal` names a portal of the market. Without it, the world of CCGP alone is served.
"""

from __future__ import annotations

import argparse
import sys

from tests.replica.demo import demo_world
from tests.replica.market import market
from tests.replica.server import Portal, Scenario
from tests.replica.world import world


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.replica.serve", description=__doc__)
    parser.add_argument("--portal", help="a name in tests/replica/sites")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--projects", type=int, default=200)
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--demo", action="store_true", help="the fixed demo world")
    parser.add_argument("--held-back", type=int, default=0)
    parser.add_argument("--push-every", type=int, default=0)
    parser.add_argument("--block-after", type=int)
    parser.add_argument(
        "--block-kind", default="frequent", help="frequent, verify, empty, or a word of the portal's own"
    )
    parser.add_argument("--error-rate", type=float, default=0.0)
    parser.add_argument("--max-pages", type=int, default=25)
    parser.add_argument("--cap", type=int, default=1000, help="results that a capped total returns")
    parser.add_argument("--gzip", action="store_true")
    args = parser.parse_args()
    scenario = Scenario(
        held_back=args.held_back,
        push_every=args.push_every,
        block_after=args.block_after,
        block_kind=args.block_kind,
        error_rate=args.error_rate,
        max_pages=args.max_pages,
        cap=args.cap,
        compress=args.gzip,
        seed=args.seed,
    )
    if args.portal:
        portal = Portal(market(args.seed, args.projects), scenario, args.port, site=args.portal)
    else:
        portal = Portal(demo_world() if args.demo else world(args.seed, args.projects), scenario, args.port)
    print(portal.origin, flush=True)
    try:
        portal.serve_forever()
    except KeyboardInterrupt:
        print("ended", file=sys.stderr)


if __name__ == "__main__":
    main()
