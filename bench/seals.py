"""How fast a day is sealed and proved, and that neither needs more memory for more leaves."""

import time
from datetime import timedelta

from django.utils import timezone

from .ground import say
from .process import Failed, timed

UNSEALED, ROUND, FEW = "unsealed", "sealing", "few"
LEAVES = "accounts_sealedleaf"
MOST_MEGABYTES, MOST_GROWTH = 120, 1.2
# A day earlier than the one that is sealed, so that the command need not be told which.
BACK = "UPDATE accounts_batch SET posted_at = posted_at - interval '2 days'"
TENTH = "UPDATE accounts_batch SET posted_at = posted_at + interval '10 days' WHERE id % 10 <> 0"
BLOCK = 1 << 20


def measure(ground, asked, table):
    fed, _run = ground.fed_database(asked)
    for name, changes in ((UNSEALED, [BACK]), (FEW, [BACK, TENTH])):
        ground.clone(fed, name)
        _as_owner_of_the_server(ground, name, changes)
        ground.settle(name)
    rounds, floors, few = [], [], []
    for number in range(asked.rounds):
        say(f"seals: round {number + 1} of {asked.rounds}")
        rounds.append(_seal_and_prove(ground, UNSEALED))
        floors.append(_copy_leaves(ground))
        few.append(_seal_and_prove(ground, FEW))
    _enter(rounds, floors, few, table)


def _as_owner_of_the_server(ground, database, statements):
    """The batches were posted a moment ago; for a day to seal they must have been posted before."""
    with ground.connected(database) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)


def _seal_and_prove(ground, template):
    """(leaves, run of seal_day, run of verify_seals) on a fresh clone, which stays."""
    ground.clone(template, ROUND)
    yesterday = timezone.localdate() - timedelta(days=1)
    sealed = timed(ground.command("seal_day", "--day", yesterday), ground.environment(ROUND))
    (leaves,) = ground.one(ROUND, "SELECT sum(entries + batches) FROM accounts_seal")
    if not leaves:
        raise Failed("There was nothing to seal.")
    proved = timed(ground.command("verify_seals"), ground.environment(ROUND))
    return int(leaves), sealed, proved


def _copy_leaves(ground):
    """(rows, seconds) in which the finished leaves of entries are copied into a table like theirs, and committed."""
    path = ground.folder / "leaves.copy"
    with ground.connected(ROUND, "portal_owner") as connection:
        question = f"COPY (SELECT * FROM {LEAVES} ORDER BY person_id, person_seq) TO STDOUT (FORMAT binary)"
        with connection.cursor().copy(question) as copy, path.open("wb") as file:
            for block in copy:
                file.write(block)
        (rows,) = connection.execute(f"SELECT count(*) FROM {LEAVES}").fetchone()
        connection.execute(f"CREATE TABLE floor (LIKE {LEAVES} INCLUDING ALL)")
        start = time.perf_counter()
        with connection.cursor().copy("COPY floor FROM STDIN (FORMAT binary)") as copy, path.open("rb") as file:
            while block := file.read(BLOCK):
                copy.write(block)
        return rows, time.perf_counter() - start


def _enter(rounds, floors, few, table):
    leaves, fewer = rounds[0][0], few[0][0]
    floor_rates = [rows / seconds for rows, seconds in floors]
    for place, command in ((1, "seal_day"), (2, "verify_seals")):
        rates = [row[0] / row[place].seconds for row in rounds]
        table.add("seals", f"{command}, {leaves:,} leaves", "leaves/s", rates)
        ratios = [rate / floor for rate, floor in zip(rates, floor_rates, strict=True)]
        table.add("seals", f"{command} against the row floor", "× leaves/s", ratios)
        memory = [row[place].megabytes for row in rounds]
        table.add("seals", f"{command}, {leaves:,} leaves: memory", "MB", memory, most=MOST_MEGABYTES)
        growth = [more / row[place].megabytes for more, row in zip(memory, few, strict=True)]
        table.add("seals", f"{command}: memory against {fewer:,} leaves", "× memory", growth, most=MOST_GROWTH)
    table.add("seals", "row floor: COPY of the leaves' rows", "rows/s", floor_rates)
