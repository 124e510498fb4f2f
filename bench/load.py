"""How fast `load_feed` is against the row floor: COPY of exactly the finished rows into their empty tables."""

import time
from concurrent.futures import ThreadPoolExecutor

from . import parts
from .ground import say
from .lists import EmployersList
from .process import Failed, timed

# The rows of a contribution file that are one per person and month.
TABLES = ("contributions_contribution", "accounts_entry")
# The file names of make_feed begin with the kind's place in load order; from here on they hold money.
MONEY_FROM = 14
SMALL_LINES = 20_000
REGISTERS, ROUND = "registers", "round"
LEAST_OF_FLOOR, MOST_MEGABYTES = 0.15, 300
LEAST_OF_FLOOR_BY_TWO, WAIT_SECONDS = 0.36, 3_600
BLOCK = 1 << 20
COUNTS = """
SELECT (SELECT count(*) FROM contributions_contribution), (SELECT count(*) FROM accounts_entry),
       (SELECT count(*) FROM accounts_batch), (SELECT sum(balance) FROM accounts_account)
"""


def measure(ground, asked, table):
    _whole_feed(ground, asked, table)
    _one_file(ground, asked, table)
    parts.measure(ground, asked, table, REGISTERS)


# The whole feed, once


def _whole_feed(ground, asked, table):
    database, run = ground.fed_database(asked)
    before = ground.one(database, COUNTS)
    (size,) = ground.one(database, f"SELECT pg_database_size('{database}') / 1e6")
    say("Loading the whole feed again ...")
    again = timed(
        ground.load_command(ground.make_feed(asked.people, asked.years, asked.seed)), ground.environment(database)
    )
    _expect_nothing_added(ground, database, before, "the whole feed again")
    lines = _lines_of(ground, database)
    table.add("load", f"whole feed, {lines:,} lines: time", "minutes", [run.seconds / 60])
    table.add(
        "load", f"whole feed: {before[0]:,} contributions, {before[1]:,} entries", "lines/s", [lines / run.seconds]
    )
    table.add("load", "whole feed: memory of the loader", "MB", [run.megabytes], most=MOST_MEGABYTES)
    table.add("load", "whole feed: size of the database", "MB", [size])
    table.add("load", "whole feed again, nothing added", "× first time", [again.seconds / run.seconds])


def _lines_of(ground, database):
    return ground.one(database, "SELECT sum(lines) FROM registry_feedfile WHERE state = 'loaded'")[0]


def _expect_nothing_added(ground, database, before, what):
    after = ground.one(database, COUNTS)
    if after != before:
        raise Failed(f"Loading {what} added something: {before} became {after}.")


# One file against the floor, several rounds


class OneFile:
    """The file, its reordered twin and its head, and the finished rows that its first load left behind."""

    def __init__(self, ground, asked):
        self.ground = ground
        contributions = EmployersList(ground.make_feed(asked.people, asked.years, asked.seed), asked.lines)
        self.lines = len(contributions.lines)
        self.whole = contributions.write(ground.folder / "whole.csv")
        self.reordered = contributions.write(ground.folder / "reordered.csv", seed=asked.seed)
        self.head = contributions.write(ground.folder / "head.csv", most=SMALL_LINES)
        self.halves = contributions.write_in_parts(ground.folder / "halves", -(-self.lines // 2))
        self.rows = {name: ground.folder / f"{name}.copy" for name in TABLES}
        self.row_count = 0

    def load(self, path, *options):
        return timed(self.ground.load_command(*options, path), self.ground.environment(ROUND))

    def start(self):
        self.ground.clone(REGISTERS, ROUND)
        self.ground.settle(ROUND)

    def load_three_times(self):
        """Runs of the file, of the file again, of its lines in another order; the last two must add nothing."""
        self.start()
        first = self.load(self.whole)
        after = self.ground.one(ROUND, COUNTS)
        again = self.load(self.whole)
        _expect_nothing_added(self.ground, ROUND, after, "the same file again")
        reordered = self.load(self.reordered)
        _expect_nothing_added(self.ground, ROUND, after, "the same lines reordered")
        if not self.row_count:
            self.row_count = sum(after[:2])
            self._keep_rows()
        return first, again, reordered

    def _keep_rows(self):
        with self.ground.connected(ROUND) as connection:
            for name, path in self.rows.items():
                question = f"COPY (SELECT * FROM {name} ORDER BY person_id, booked_month) TO STDOUT (FORMAT binary)"
                with connection.cursor().copy(question) as copy, path.open("wb") as file:
                    for block in copy:
                        file.write(block)

    def copy_rows(self):
        """Seconds in which the finished rows are copied into their empty tables and committed, as the job role."""
        self.start()
        with self.ground.connected(ROUND, "portal_job") as connection:
            start = time.perf_counter()
            with connection.transaction():
                for name, path in self.rows.items():
                    copying = connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT binary)")
                    with copying as copy, path.open("rb") as file:
                        while block := file.read(BLOCK):
                            copy.write(block)
            return time.perf_counter() - start

    def load_by_two(self):
        """Seconds in which two commands, started at once, load half of the lines each."""
        self.start()
        begin = time.perf_counter()
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda half: self.load(half, "--wait", WAIT_SECONDS), self.halves))
        seconds = time.perf_counter() - begin
        loaded = sum(self.ground.one(ROUND, COUNTS)[:2])
        if loaded != self.row_count:
            raise Failed(f"Two processes stored {loaded} rows, one {self.row_count}.")
        return seconds

    def load_head(self):
        self.start()
        return self.load(self.head)


def _one_file(ground, asked, table):
    file = OneFile(ground, asked)
    _load_registers(ground, asked)
    loads, floors, twos, heads = [], [], [], []
    for number in range(asked.rounds):
        say(f"load: round {number + 1} of {asked.rounds}, {file.lines:,} lines")
        steps = [lambda: loads.append(file.load_three_times()), lambda: floors.append(file.copy_rows())]
        # The first load makes the rows of the floor, so it comes first; then the order changes every round.
        for step in steps[:: -1 if number % 2 else 1]:
            step()
        twos.append(file.load_by_two())
        heads.append(file.load_head())
    _enter(file, loads, floors, heads, table)
    ratios = [floor / seconds for floor, seconds in zip(floors, twos, strict=True)]
    what = f"{file.lines:,} lines in two files by two processes against the floor"
    table.add("load", what, "× rows/s", ratios, least=LEAST_OF_FLOOR_BY_TWO)


def _load_registers(ground, asked):
    folder = ground.make_feed(asked.people, asked.years, asked.seed)
    paths = sorted(path for path in folder.iterdir() if int(path.name[:2]) < MONEY_FROM)
    ground.new_database(REGISTERS)
    ground.load(REGISTERS, *paths)
    ground.settle(REGISTERS)


def _enter(file, loads, floors, heads, table):
    def add(what, unit, values, **target):
        table.add("load", f"{file.lines:,} lines{what}", unit, values, **target)

    first = [runs[0] for runs in loads]
    add(f", {file.row_count:,} rows", "rows/s", [file.row_count / run.seconds for run in first])
    add(", row floor", "rows/s", [file.row_count / seconds for seconds in floors])
    ratios = [seconds / run.seconds for seconds, run in zip(floors, first, strict=True)]
    add(" against the floor", "× rows/s", ratios, least=LEAST_OF_FLOOR)
    add(", memory of the loader", "MB", [run.megabytes for run in first], most=MOST_MEGABYTES)
    table.add("load", f"{SMALL_LINES:,} lines, memory of the loader", "MB", [run.megabytes for run in heads])
    for place, what in ((1, " again, nothing added"), (2, " reordered, nothing added")):
        add(what, "× first time", [runs[place].seconds / runs[0].seconds for runs in loads])
