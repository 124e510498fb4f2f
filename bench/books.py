"""How fast the proof of the books is against a bare scan: the count and the sum of money of every table it proves."""

import json
import subprocess
import time

from .ground import say
from .process import ROOT, Failed, timed

BARE = {
    "contributions_contribution": "er_share + ind_share",
    "accounts_entry": "amount",
    "contributions_assessment": "er_share + ind_share",
    "accounts_fundentry": "amount",
    "accounts_benefitpayment": "from_pool + from_account",
    "accounts_takeover": "amount",
    "accounts_account": "balance",
    "accounts_batch": "1",
}
LEAST, MOST_OF_WHOLE = 0.15, 0.2


def measure(ground, asked, table):
    database, _run = ground.fed_database(asked)
    bare, proofs, rows = [], [], 0
    for number in range(asked.rounds):
        say(f"books: round {number + 1} of {asked.rounds}")
        steps = [lambda: bare.append(_bare_scan(ground, database)), lambda: proofs.append(_prove(ground, database))]
        for step in steps[:: -1 if number % 2 else 1]:
            step()
    rows = sum(ground.one(database, f"SELECT count(*) FROM {name}")[0] for name in BARE)
    ground.close_years(database)
    whole, recent = [], []
    for number in range(asked.rounds):
        say(f"books, years closed: round {number + 1} of {asked.rounds}")
        steps = [
            lambda: whole.append(_prove(ground, database)),
            lambda: recent.append(_prove(ground, database, "--recent")),
        ]
        for step in steps[:: -1 if number % 2 else 1]:
            step()
    run = timed(ground.command("check_books"), ground.environment(database))
    what = f"check_books over {rows:,} rows"
    table.add("books", what, "s", proofs)
    table.add("books", "bare count and sum of the same tables", "s", bare)
    ratios = [scan / proof for scan, proof in zip(bare, proofs, strict=True)]
    table.add("books", "check_books against the bare scan", "× rows/s", ratios, least=LEAST)
    table.add("books", "check_books, all years credited and closed", "s", whole)
    ratios = [new / old for new, old in zip(recent, whole, strict=True)]
    table.add("books", "since the last closed year against the whole", "× time", ratios, most=MOST_OF_WHOLE)
    table.add("books", "memory of check_books", "MB", [run.megabytes])


def _bare_scan(ground, database):
    """Seconds for count(*) and the sum of the money of each table, once to warm and once to count, as the read role."""
    with ground.connected(database, "portal_read") as connection:
        for _turn in range(2):
            start = time.perf_counter()
            for name, money in BARE.items():
                connection.execute(f"SELECT count(*), sum({money}) FROM {name}").fetchone()
            seconds = time.perf_counter() - start
        return seconds


def _prove(ground, database, *options):
    """Seconds that check_books says it took, the start of Python left out."""
    command = ground.command("check_books", "--json", *options)
    done = subprocess.run(
        command, env=ground.environment(database), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"check_books failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return json.loads(done.stdout)["seconds"]
