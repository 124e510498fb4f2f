"""Whoever owns the server changes one row of the books: the proof finds it, whichever row it is."""

import random
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from accounts import checks
from registry.roles import acting_as

TABLES = (
    "accounts_entry",
    "accounts_fundentry",
    "accounts_account",
    "accounts_benefitpayment",
    "accounts_takeover",
    "contributions_contribution",
)
MONEY = {
    "accounts_entry": ["amount"],
    "accounts_fundentry": ["amount"],
    "accounts_account": ["current_year", "prior_years"],
    "accounts_benefitpayment": ["from_pool", "from_account"],
    "accounts_takeover": ["amount", "pooled_amount"],
    "contributions_contribution": ["er_share", "ind_share", "subsidy", "late_fee", "to_account"],
}
# Two rows change places in this column: every sum stays as it was.
SWAPPED = {
    "accounts_entry": ["person_id", "booked_month", "batch_id"],
    "accounts_fundentry": ["fund_account_id"],
    "accounts_account": ["person_id"],
    "contributions_contribution": ["to_account", "batch_id"],
}


def row_of(draw, cursor, table):
    cursor.execute(f"SELECT tableoid::regclass::text, ctid::text FROM {table} ORDER BY 1, ctid")
    return draw.choice(cursor.fetchall())


def add_a_fen(draw, cursor, table):
    part, place = row_of(draw, cursor, table)
    column, change = draw.choice(MONEY[table]), draw.choice(["0.01", "-0.01", "10000"])
    cursor.execute(f"UPDATE {part} SET {column} = {column} + {change} WHERE ctid = '{place}'")
    return f"{table}.{column} {change} at {place}"


def remove(draw, cursor, table):
    part, place = row_of(draw, cursor, table)
    cursor.execute(f"DELETE FROM {part} WHERE ctid = '{place}'")
    return f"{table} without {place}"


def swap(draw, cursor, table):
    column = draw.choice(SWAPPED[table])
    cursor.execute(
        f"SELECT a.p, a.place, b.p, b.place, a.value, b.value FROM "
        f"(SELECT tableoid::regclass::text p, ctid::text place, {column}::text AS value FROM {table}) a, "
        f"(SELECT tableoid::regclass::text p, ctid::text place, {column}::text AS value FROM {table}) b "
        "WHERE a.value < b.value ORDER BY 1, 2, 3, 4"
    )
    one, place, other, other_place, value, other_value = draw.choice(cursor.fetchall())
    kind = {"person_id": "bigint", "batch_id": "bigint", "fund_account_id": "bigint", "booked_month": "date"}
    cast = kind.get(column, "numeric")
    parent = table  # A month of another year belongs into another partition.
    for name, where, new in ((one, place, other_value), (other, other_place, value)):
        cursor.execute(
            f"UPDATE {parent} SET {column} = '{new}'::{cast} WHERE tableoid = '{name}'::regclass AND ctid = '{where}'"
        )
    return f"{table}.{column}: {value} and {other_value} changed places"


DEEDS = [(add_a_fen, table) for table in TABLES] + [(remove, table) for table in TABLES]
DEEDS += [(swap, table) for table in SWAPPED]


@contextmanager
def tampering():
    """A cursor of the server's owner, for whom neither grants, triggers, keys nor checks stand in the way."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        cursor.execute("ALTER TABLE accounts_account DROP CONSTRAINT account_not_below_zero")
        cursor.execute("ALTER TABLE accounts_account DROP CONSTRAINT account_once")
        cursor.execute("ALTER TABLE accounts_fundentry DROP CONSTRAINT accounts_fundentry_pkey")
        yield cursor
        transaction.set_rollback(True)


def findings(cursor):
    cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE portal_tests")
    with acting_as("read"):
        return checks.prove(cursor)


def missed(tries, seed):
    """What was tampered with and not found, of `tries` random tamperings."""
    draw, left = random.Random(seed), []
    for _try in range(tries):
        deed, table = draw.choice(DEEDS)
        with tampering() as cursor:
            told = deed(draw, cursor, table)
            if not findings(cursor):
                left.append(told)
    return left


def test_untouched_books_raise_no_alarm(db):
    with connection.cursor() as cursor, acting_as("read"):
        assert checks.prove(cursor) == []


def test_random_tamperings_are_found(db):
    assert missed(30, seed="everyday") == []


@pytest.mark.acceptance
def test_two_hundred_random_tamperings_are_found(db):
    assert missed(200, seed="acceptance") == []
