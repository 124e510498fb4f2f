"""Measure the portal: python3 dev.py bench [PART]. bench/README.md explains each figure."""

import argparse
import os
import signal
import sys
from pathlib import Path

from bench.ground import open_ground
from bench.process import Failed
from bench.serving import require_wrk
from bench.table import Table

PARTS = ("load", "books", "interest", "balance", "seals", "sign_in", "pages", "scale")
ASK_FOR_PAGES = {"pages", "scale"}


def options():
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=[*PARTS, "all"], default="all")
    parser.add_argument("--people", type=int, default=10_000, metavar="N")
    parser.add_argument("--years", type=int, default=10, metavar="Y")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the invented population")
    parser.add_argument("--lines", type=int, default=1_000_000, metavar="N", help="of the one file that load measures")
    parser.add_argument(
        "--accounts",
        type=int,
        nargs="+",
        default=[10_000, 100_000, 1_000_000],
        metavar="N",
        help="that interest credits",
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="of each comparison (5)")
    parser.add_argument("--seconds", type=int, default=5, metavar="S", help="that a page is asked for in a round (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every value there too")
    return parser.parse_args()


def measure(asked):
    parts = PARTS if asked.part == "all" else [asked.part]
    if ASK_FOR_PAGES.intersection(parts):
        require_wrk()
    with open_ground() as ground:
        # Django reads its settings when it is first imported, and only now is there an address to put into them.
        os.environ |= ground.environment("postgres")
        import django

        django.setup()
        from bench import balance, books, interest, load, pages, scale, seals, sign_in

        each = (load, books, interest, balance, seals, sign_in, pages, scale)
        table = Table({k: v for k, v in vars(asked).items() if k != "json"}, ground.server_settings())
        try:
            for part in (part for part in each if part.__name__.endswith(tuple(parts))):
                part.measure(ground, asked, table)
        finally:
            print(table.text())
            if asked.json:
                table.write(asked.json)


def stopped(number, frame):
    """SIGTERM and a closed terminal end us like an exception does: servers stopped, the cluster removed."""
    sys.exit(128 + number)


def main():
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stopped)
    asked = options()
    try:
        measure(asked)
    except Failed as failure:
        return str(failure)
    except KeyboardInterrupt:
        return "Stopped."
    return 0


if __name__ == "__main__":
    sys.exit(main())
