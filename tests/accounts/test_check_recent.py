"""The proof of what is recent goes on from the statements of the last closed year."""

from datetime import date

import pytest
from django.db import connection

from accounts import checks, crediting, statements
from registry.roles import acting_as
from tests.staged import AREA, benefit_line, employer_line, load, opening_line

from .tamperings import tampering

DECEMBER, MARCH, APRIL = date(2023, 12, 1), date(2024, 3, 1), date(2024, 4, 1)
SINCE = date(2024, 1, 1)


@pytest.fixture
def books(person, employer):
    """2023 is credited and closed, 2024 has begun."""
    load("openings", [opening_line(person, month=DECEMBER)])
    load("employer_contributions", [employer_line(person, employer, month=DECEMBER)])
    with acting_as("job"):
        crediting.credit_year(2023, area_code=AREA)
        statements.issue(2023, area_code=AREA)
    load("employer_contributions", [employer_line(person, employer, slip_no="S2", month=MARCH)])
    load("benefits", [benefit_line(person, "10.00", "20.00", month=APRIL)])
    return person


def failed(since=SINCE):
    with acting_as("read"), connection.cursor() as cursor:
        return {f.check for f in checks.prove(cursor, checks=checks.RECENT, since=since)}


def test_recent_books_in_order(books):
    assert failed() <= {"balances go on from the statements"}  # The cast's accounts have no statements of 2023.


def of_this_area(since=SINCE):
    """What the check of the balances finds about the test's own account."""
    with acting_as("read"), connection.cursor() as cursor:
        checks.scans.prepare(cursor, since)
        checks.scans.by_account(cursor)
        found = checks.ledger.balances_go_on_from_the_statements(cursor)
        return [sentence for sentence in found if AREA in sentence]


def test_the_balance_goes_on_from_the_statement(books):
    assert of_this_area() == []


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        (
            "UPDATE accounts_entry SET amount = amount + 0.01 WHERE person_id = {p} AND booked_month > '2024-01-01'",
            None,
        ),
        ("UPDATE accounts_account SET prior_years = prior_years + 0.01 WHERE person_id = {p}", None),
        ("UPDATE accounts_statement SET opening = opening + 1, closing = closing + 1 WHERE person_id = {p}", None),
        (
            "UPDATE contributions_contribution SET to_account = to_account + 1 "
            "WHERE person_id = {p} AND booked_month = '2024-03-01'",
            "contributions follow their rule",
        ),
        (
            "UPDATE accounts_benefitpayment SET from_pool = from_pool + 1 WHERE person_id = {p}",
            "funds hold the rest",
        ),
    ],
)
def test_what_is_recent_is_proved(books, statement, check):
    with tampering() as cursor:
        cursor.execute(statement.format(p=books))
        assert cursor.rowcount
    assert check in failed() if check else of_this_area()


def test_what_lies_before_the_statements_is_left_to_the_whole_proof(books):
    with tampering() as cursor:
        cursor.execute("UPDATE contributions_contribution SET to_account = 1 WHERE booked_month = '2023-12-01'")
    assert "contributions follow their rule" not in failed()
    assert "contributions follow their rule" in failed(since=None)


def test_since_when_all_years_are_open(books, as_job):
    with connection.cursor() as cursor:
        assert checks.first_open_month(cursor) is None  # The cast's accounts have no closed year.
        with as_job():
            for scheme, area in _held(cursor):
                cursor.execute(
                    "INSERT INTO accounts_closedyear (scheme, area_code, year, closed_at) VALUES (%s, %s, 2025, now())",
                    [scheme, area],
                )
        assert checks.first_open_month(cursor) == SINCE


def _held(cursor):
    cursor.execute("SELECT DISTINCT scheme, area_code FROM accounts_account WHERE area_code <> %s", [AREA])
    return cursor.fetchall()
