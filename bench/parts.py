"""How fast the same lines load as one file and as many files."""

from .ground import say
from .lists import EmployersList
from .process import Failed, timed

LINES_OF_A_SMALL_FILE = 100
LEAST_OF_ONE_FILE = 0.5
PARTS = "parts"
# How the lines are cut into files shows in the number of batches alone.
POSTED = """
SELECT (SELECT count(*) FROM contributions_contribution), (SELECT count(*) FROM accounts_entry),
       (SELECT sum(amount) FROM accounts_fundentry f JOIN accounts_fundaccount a ON a.id = f.fund_account_id
            WHERE a.kind = 'pooled'),
       (SELECT sum(balance) FROM accounts_account)
"""


class Cut:
    """One list of contributions, whole and cut into files, loaded into databases that hold the registers alone."""

    def __init__(self, ground, asked, registers):
        self.ground, self.registers, self.posted = ground, registers, None
        contributions = EmployersList(ground.make_feed(asked.people, asked.years, asked.seed), asked.lines)
        self.lines = len(contributions.lines)
        self.whole = contributions.write(ground.folder / "uncut.csv")
        self.small = ground.folder / "small"
        self.files = len(contributions.write_in_parts(self.small, LINES_OF_A_SMALL_FILE))

    def load(self, path):
        """Seconds of the whole command; whatever the files, the same must have been posted."""
        self.ground.clone(self.registers, PARTS)
        self.ground.settle(PARTS)
        run = timed(self.ground.load_command(path), self.ground.environment(PARTS))
        posted = self.ground.one(PARTS, POSTED)
        if posted != (self.posted or posted):
            raise Failed(f"The files of {path.name} posted {posted}, others {self.posted}.")
        self.posted = posted
        return run.seconds

    def load_twice(self, path):
        """Seconds of the first load and of a second one, which must add nothing."""
        first = self.load(path)
        again = timed(self.ground.load_command(path), self.ground.environment(PARTS)).seconds
        if self.ground.one(PARTS, POSTED) != self.posted:
            raise Failed(f"The files of {path.name} added something when they came again.")
        return first, again


def measure(ground, asked, table, registers):
    """`registers`: the database without any money that each load begins with."""
    cut = Cut(ground, asked, registers)
    whole, small = [], []
    for number in range(asked.rounds):
        say(f"load: round {number + 1} of {asked.rounds}, {cut.files:,} files of {LINES_OF_A_SMALL_FILE} lines")
        steps = [lambda: whole.append(cut.load(cut.whole)), lambda: small.append(cut.load_twice(cut.small))]
        for step in steps[:: -1 if number % 2 else 1]:
            step()
    name = f"{cut.files:,} files of {LINES_OF_A_SMALL_FILE} lines"
    table.add("load", f"{cut.lines:,} lines in one file", "lines/s", [cut.lines / seconds for seconds in whole])
    table.add("load", name, "lines/s", [cut.lines / first for first, _again in small])
    ratios = [one / many for one, (many, _again) in zip(whole, small, strict=True)]
    table.add("load", f"{name} against one file", "× lines/s", ratios, least=LEAST_OF_ONE_FILE)
    table.add("load", f"{name} again, nothing added", "× first time", [again / first for first, again in small])
