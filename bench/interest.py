"""The interest run against its floor: a bare UPDATE of the accounts and COPY of the added entries. And how it grows."""

import time

from .ground import say
from .process import Failed, timed

YEAR, AREA, SCHEME = 2024, "990100", "pension"
MADE, ROUND = "accounts", "round"
LEAST_OF_FLOOR, MOST_MEGABYTES, MOST_OF_FEWEST = 0.30, 150, 1.15
BLOCK = 1 << 20
ADDED = "batch_id IN (SELECT batch_id FROM accounts_interestterms)"

# One opening balance from the year before and twelve contributions each, in batches of their own. Not for proving:
# fund entries are left out.
MAKE = f"""
SET session_replication_role = replica;
INSERT INTO registry_area (code, name, is_pooling_area) VALUES ('{AREA}', 'Area', TRUE);
INSERT INTO accounts_batch (id, kind, scheme, area_code, booked_month, slip_no, source_ref, posted_at)
SELECT n, CASE n WHEN 0 THEN 'opening' ELSE 'contribution' END, '{SCHEME}', '{AREA}',
    CASE n WHEN 0 THEN DATE '{YEAR - 1}-12-01' ELSE make_date({YEAR}, n, 1) END, '', 'made/' || n, now()
FROM generate_series(0, 12) n;
SELECT setval(pg_get_serial_sequence('accounts_batch', 'id'), 100);
INSERT INTO accounts_entry (person_id, booked_month, scheme, area_code, kind, batch_id, line, period, amount)
SELECT person, b.booked_month, '{SCHEME}', '{AREA}', CASE b.id WHEN 0 THEN 'opening' ELSE 'contrib_ind' END, b.id, 1,
    b.booked_month, CASE b.id WHEN 0 THEN 10000 + person % 100000 + person % 100 / 100.0 ELSE 640 + person % 97 END
FROM generate_series(1, {{accounts}}) person CROSS JOIN accounts_batch b ORDER BY person, b.id;
INSERT INTO accounts_account (person_id, scheme, area_code, status, opened_month, last_booked_month, year, current_year,
    prior_years)
SELECT person_id, scheme, area_code, 'open', min(booked_month), max(booked_month), {YEAR},
    sum(amount) FILTER (WHERE kind = 'contrib_ind'), sum(amount) FILTER (WHERE kind = 'opening')
FROM accounts_entry GROUP BY person_id, scheme, area_code ORDER BY person_id;
INSERT INTO accounts_interestyear (scheme, area_code, year, is_provisional, accounts, interest, credited_at)
VALUES ('{SCHEME}', '{AREA}', {YEAR - 1}, FALSE, 0, 0, now());
SET session_replication_role = origin;
"""
FINISHED = "SELECT person_id, year, current_year, prior_years FROM accounts_account ORDER BY person_id"
STAGE = "CREATE UNLOGGED TABLE finished (person_id bigint, year smallint, current_year numeric, prior_years numeric)"
UPDATE = f"""
UPDATE accounts_account a SET year = f.year, current_year = f.current_year, prior_years = f.prior_years
FROM finished f WHERE a.person_id = f.person_id AND a.scheme = '{SCHEME}' AND a.area_code = '{AREA}'
"""


def measure(ground, asked, table):
    fewest = None
    for accounts in sorted(asked.accounts):
        costs = _measure_at(ground, asked, table, accounts)
        fewest = fewest or costs
        ratios = [cost / first for cost, first in zip(costs, fewest, strict=True)]
        if costs is not fewest:
            what = f"{accounts:,} accounts: cost of one, against {min(asked.accounts):,}"
            table.add("interest", what, "×", ratios, most=MOST_OF_FEWEST)


def _measure_at(ground, asked, table, accounts):
    """Enter the figures at one size; microseconds for an account, beyond what an idle command takes, of each round."""
    _make(ground, accounts)
    run = Run(ground, accounts)
    runs, idles, agains, floors = [], [], [], []
    for number in range(asked.rounds):
        say(f"interest: {accounts:,} accounts, round {number + 1} of {asked.rounds}")
        # The first run makes the rows of the floor, so it comes first; then the order changes every round.
        steps = [lambda: runs.append(run.credit()), lambda: floors.append(run.floor())]
        for step in steps[:: -1 if number % 2 else 1]:
            step()
            if step is steps[0]:
                idles.append(run.command(YEAR - 20))
                agains.append(run.credit_again())
    costs = [(r.seconds - idle.seconds) / accounts * 1e6 for r, idle in zip(runs, idles, strict=True)]

    def add(what, unit, values, **target):
        table.add("interest", f"{accounts:,} accounts{what}", unit, values, **target)

    add(", credited", "accounts/s", [accounts / r.seconds for r in runs])
    add(", floor", "accounts/s", [accounts / seconds for seconds in floors])
    ratios = [floor / r.seconds for floor, r in zip(floors, runs, strict=True)]
    add(" against the floor", "× accounts/s", ratios, least=LEAST_OF_FLOOR)
    add(": cost of one", "µs", costs)
    add(", again, nothing added", "× first time", [a.seconds / r.seconds for a, r in zip(agains, runs, strict=True)])
    add(", memory of the command", "MB", [r.megabytes for r in runs], most=MOST_MEGABYTES)
    return costs


def _make(ground, accounts):
    say(f"Making {accounts:,} accounts ...")
    ground.new_database(MADE)
    with ground.connected(MADE) as connection:
        connection.execute(MAKE.format(accounts=accounts))
    ground.settle(MADE)


class Run:
    """The run on a fresh copy of the accounts, and the floor on another, from the rows that the first run left."""

    def __init__(self, ground, accounts):
        self.ground, self.accounts = ground, accounts
        self.rows = {name: ground.folder / f"{name}.copy" for name in ("added", "finished")}
        self.is_kept = False

    def start(self):
        self.ground.clone(MADE, ROUND)
        self.ground.settle(ROUND)

    def command(self, year):
        words = self.ground.command("credit_interest", "--year", year, "--area", AREA)
        return timed(words, self.ground.environment(ROUND))

    def credit(self):
        self.start()
        run = self.command(YEAR)
        if self._added() != (self.accounts, 2 * self.accounts):
            raise Failed(f"Of {self.accounts} accounts not every one was credited twice: {self._added()}.")
        if not self.is_kept:
            self._keep("added", f"SELECT * FROM accounts_entry WHERE {ADDED} ORDER BY person_id")
            self._keep("finished", FINISHED)
            self.is_kept = True
        return run

    def credit_again(self):
        before = self._added()
        run = self.command(YEAR)
        if self._added() != before:
            raise Failed(f"Crediting again added something: {before} became {self._added()}.")
        return run

    def _added(self):
        return self.ground.one(ROUND, f"SELECT count(DISTINCT person_id), count(*) FROM accounts_entry WHERE {ADDED}")

    def _keep(self, name, question):
        with self.ground.connected(ROUND) as connection:
            copying = connection.cursor().copy(f"COPY ({question}) TO STDOUT (FORMAT binary)")
            with copying as copy, self.rows[name].open("wb") as file:
                for block in copy:
                    file.write(block)

    def floor(self):
        """Seconds in which the accounts are updated and the entries copied and committed, as the job role."""
        self.start()
        with self.ground.connected(ROUND) as owner:
            owner.execute(STAGE)
            owner.execute("GRANT SELECT ON finished TO portal_job")
            self._copy(owner, "finished", "finished")
            owner.execute("ANALYZE finished")
        with self.ground.connected(ROUND, "portal_job") as connection:
            start = time.perf_counter()
            with connection.transaction():
                connection.execute(UPDATE)
                self._copy(connection, "accounts_entry", "added")
            return time.perf_counter() - start

    def _copy(self, connection, target, name):
        copying = connection.cursor().copy(f"COPY {target} FROM STDIN (FORMAT binary)")
        with copying as copy, self.rows[name].open("rb") as file:
            while block := file.read(BLOCK):
                copy.write(block)
