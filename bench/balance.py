"""How fast a balance is read, and explained at a date, on accounts of any length; and beside it the same in hordak."""

import time
from datetime import date

from django.db import connection

from registry.roles import acting_as

from .ground import say
from .peer import Hordak

AREA, SCHEME = "990100", "pension"
MADE = "balances"
LENGTHS = (10, 1_000, 100_000)
FIRST_YEAR, YEAR = 1996, 2025
# Booked in the year that is asked for; all else was booked before it, evenly.
RECENT = 10
UNTIL = date(YEAR, 12, 1)
CALLS, MEASURED_FOR = 200, 2.0
COMPARED = 1_000
MOST_OF_SHORTEST, MOST_OF_PEER = 1.3, 0.5

# Twelve batches a year. Not for proving: fund entries are left out.
BATCHES = f"""
SET session_replication_role = replica;
INSERT INTO registry_area (code, name, is_pooling_area) VALUES ('{AREA}', 'Area', TRUE);
INSERT INTO accounts_batch (id, kind, scheme, area_code, booked_month, slip_no, source_ref, posted_at)
SELECT n, 'contribution', '{SCHEME}', '{AREA}', (DATE '{FIRST_YEAR}-01-01' + make_interval(months => n - 1))::date, '',
    'made/' || n, now()
FROM generate_series(1, {(YEAR - FIRST_YEAR + 1) * 12}) n;
SET session_replication_role = origin;
"""
# An account's entries lie in the batches one after the other, the last ten in the last year; a statement closes the
# year before.
ACCOUNT = f"""
SET session_replication_role = replica;
INSERT INTO accounts_entry (person_id, booked_month, scheme, area_code, kind, batch_id, line, period, amount)
SELECT {{person}}, b.booked_month, '{SCHEME}', '{AREA}', 'contrib_ind', b.id, n, b.booked_month, 640 + n % 97 / 100.0
FROM generate_series(1, {{entries}}) n JOIN accounts_batch b ON b.id = CASE
    WHEN n > {{entries}} - {RECENT} THEN {(YEAR - FIRST_YEAR) * 12} + n - {{entries}} + {RECENT}
    ELSE 1 + n % {(YEAR - FIRST_YEAR) * 12} END;
INSERT INTO accounts_account (person_id, scheme, area_code, status, opened_month, last_booked_month, year, current_year,
    prior_years)
SELECT person_id, scheme, area_code, 'open', min(booked_month), max(booked_month), {YEAR},
    coalesce(sum(amount) FILTER (WHERE booked_month >= '{YEAR}-01-01'), 0),
    coalesce(sum(amount) FILTER (WHERE booked_month < '{YEAR}-01-01'), 0)
FROM accounts_entry WHERE person_id = {{person}} GROUP BY person_id, scheme, area_code;
INSERT INTO accounts_statement (person_id, period, scheme, area_code, opening, own, employer, subsidy, pool_allocation,
    transferred_in, taken_over, corrected, interest, earlier_interest, paid_out, closing, months)
SELECT person_id, '{YEAR - 1}-12-01', scheme, area_code, 0, prior_years, 0, 0, 0, 0, 0, 0, 0, 0, 0, prior_years, 0
FROM accounts_account WHERE person_id = {{person}};
SET session_replication_role = origin;
"""
# Three accounts do not show what an index is for.
ORDINARY = f"""
INSERT INTO accounts_account (person_id, scheme, area_code, status, opened_month, last_booked_month, year, current_year,
    prior_years)
SELECT person, '{SCHEME}', '{AREA}', 'open', '{YEAR}-01-01', '{YEAR}-01-01', {YEAR}, 640, 0
FROM generate_series(200001, 300000) person
"""


def measure(ground, asked, table):
    from bench import population

    _make(ground)
    peer = Hordak(ground, LENGTHS)
    population.use(MADE)
    figures = {name: {length: [] for length in LENGTHS} for name in (*WAYS, "hordak")}
    for number in range(asked.rounds):
        say(f"balance: round {number + 1} of {asked.rounds}")
        steps = [lambda: _ours(figures), lambda: _theirs(figures, peer)]
        for step in steps[:: -1 if number % 2 else 1]:
            step()
    connection.close()
    _report(figures, table)


def _make(ground):
    say("Making accounts of " + ", ".join(f"{length:,}" for length in LENGTHS) + " entries ...")
    ground.new_database(MADE)
    with ground.connected(MADE) as made:
        made.execute(BATCHES)
        for length in LENGTHS:
            made.execute(ACCOUNT.format(person=length, entries=length))
        made.execute(ORDINARY)
    ground.settle(MADE)


def _ours(figures):
    # As a proof reads: the accounts are nobody's record, so no inquiry opens them to the web role (portal/walls.py).
    with acting_as("job"):
        for name, way in WAYS.items():
            for length in LENGTHS:
                figures[name][length].append(_milliseconds(way, length))


def _theirs(figures, peer):
    """Of the ways in which hordak reads a balance, the fastest at each length."""
    ways = peer.read()
    for length in LENGTHS:
        figures["hordak"][length].append(min(way[str(length)] for way in ways.values()))


def _balance(person):
    """What the account holds, and nothing else of it: what hordak is asked for."""
    from accounts.models import Account

    held = Account.objects.filter(person_id=person, scheme=SCHEME, area_code=AREA)
    return held.values_list("balance", flat=True).get()


def _stored(person):
    """As the page of my accounts asks."""
    from accounts.models import Account
    from accounts.overview import ACCOUNTS

    return [account.balance for account in Account.objects.raw(ACCOUNTS, [[person]])]


def _account(person):
    from accounts.models import Account

    return Account.objects.get(person_id=person, scheme=SCHEME, area_code=AREA)


def _since_the_statement(person):
    from accounts.explain import explain_account

    return explain_account(_account(person), UNTIL, from_statement=True).balance


def _from_the_first_entry(person):
    from accounts.explain import explain_account

    return explain_account(_account(person), UNTIL).balance


WAYS = {
    "balance of an account": _balance,
    "balance as my accounts reads it": _stored,
    "balance at a date, explained since the last statement": _since_the_statement,
    "balance at a date, every entry explained": _from_the_first_entry,
}


def _milliseconds(way, length):
    """The mean of as many calls as fit into two seconds, at most 200, after one to warm up."""
    way(length)
    start, calls = time.perf_counter(), 0
    while calls < CALLS and time.perf_counter() - start < MEASURED_FOR:
        way(length)
        calls += 1
    return (time.perf_counter() - start) / calls * 1000


def _report(figures, table):
    for name, of_length in figures.items():
        for length, values in of_length.items():
            what = "hordak, its fastest" if name == "hordak" else name
            table.add("balance", f"{what}: {length:,} entries", "ms", values)
    shortest, longest = LENGTHS[0], LENGTHS[-1]
    for name in list(WAYS)[:3]:
        ratios = _ratios(figures[name][longest], figures[name][shortest])
        table.add("balance", f"{name}: {longest:,} against {shortest}", "× time", ratios, most=MOST_OF_SHORTEST)
    stored = figures[next(iter(WAYS))]
    ratios = _ratios(stored[COMPARED], figures["hordak"][COMPARED])
    table.add("balance", f"balance against hordak's at {COMPARED:,} entries", "× time", ratios, most=MOST_OF_PEER)
    ratios = _ratios(stored[longest], figures["hordak"][longest])
    table.add("balance", f"balance against hordak's at {longest:,} entries", "× time", ratios)


def _ratios(ours, theirs):
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]
