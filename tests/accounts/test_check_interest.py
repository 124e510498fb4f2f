"""Each check of interest and statements finds its tampering; what was posted honestly is no finding."""

import pytest
from django.db import connection

from accounts import checks
from accounts.models import InterestTerms
from registry.roles import acting_as
from tests.accounts.test_check_books import failed, tampering
from tests.staged import AREA, employer_line, load
from tests.years import credit, issue, month, open_with, pay_in, pay_out, rate


@pytest.fixture
def books(person, employer):
    """2023 and 2024 credited, 2024 twice because its rate changed; a statement of each."""
    open_with(person, "25000.00", 2023)
    pay_in(person, employer, dict.fromkeys(range(1, 13), 640), 2023)
    pay_out(person, {12: "1000.00"}, 2024)
    credit(2023)
    credit(2024)
    rate("0.0300", month(2024, 1), month(2025, 1), area=AREA)
    credit(2024)
    issue(2023)
    issue(2024)
    return person


FOLLOWS, STARTS = "interest follows from principal and rates", "interest starts from the balance"
STANDS, TERMS = "one interest stands for each period", "interest terms follow their rules"
OPEN, ADD_UP, EQUAL = "statements open with the last closing", "statements add up", "statements equal entries"
CREDIT = "UPDATE accounts_interestcredit SET {} WHERE person_id = {{p}} AND period = '2023-12-01'"
TERM = "UPDATE accounts_interestterms SET {} WHERE area_code = '990100' AND period = '2023-12-01'"
STATEMENT = "UPDATE accounts_statement SET {} WHERE person_id = {{p}} AND period = '2023-12-01'"
WITHOUT_SUM = "ALTER TABLE accounts_statement DROP CONSTRAINT statement_adds_up; "

TAMPERINGS = {
    "a fen of interest on the opening balance": (CREDIT.format("on_opening = on_opening + 0.01"), FOLLOWS),
    "a fen of interest on credits": (CREDIT.format("on_credits = on_credits + 0.01"), FOLLOWS),
    "interest removed": (CREDIT.format("removed = 0.01"), FOLLOWS),
    "a principal": (CREDIT.format("credits = credits - 640"), FOLLOWS),
    "a month product": (CREDIT.format("credit_product = credit_product + 640"), FOLLOWS),
    "payouts": (CREDIT.format("payouts = 1"), FOLLOWS),
    "a rate": (TERM.format("current_rates = array_fill(0.04, ARRAY[12])"), FOLLOWS),
    "a formula": (TERM.format("method = 'YEARLY'"), FOLLOWS),
    "a rounding": (TERM.format("rounding_mode = 'CEIL_JIAO'"), FOLLOWS),
    "an entry of the year, its batch and its balance made good": (
        "UPDATE accounts_entry SET amount = amount + 100 WHERE person_id = {p} AND booked_month = '2023-03-01'",
        FOLLOWS,
    ),
    "terms that are gone": ("DELETE FROM accounts_interestterms WHERE area_code = '990100'", STANDS),
    "an opening balance": (CREDIT.format("opening = opening + 1"), STARTS),
    "an entry before the year": (
        "UPDATE accounts_entry SET amount = amount + 1 WHERE person_id = {p} AND kind = 'opening'",
        STARTS,
    ),
    "a credit that is gone": (
        "DELETE FROM accounts_interestcredit WHERE person_id = {p} AND period = '2023-12-01'",
        STANDS,
    ),
    "a credit without entries": (
        "DELETE FROM accounts_entry WHERE person_id = {p} AND kind = 'interest_current' AND period = '2023-12-01'",
        STANDS,
    ),
    "an entry of interest in another batch": (
        "INSERT INTO accounts_entry (person_id, booked_month, scheme, area_code, kind, batch_id, line, period, amount) "
        "SELECT person_id, booked_month, scheme, area_code, kind, 1, 1, period, 5 FROM accounts_entry "
        "WHERE person_id = {p} AND kind = 'interest_opening' AND period = '2023-12-01'",
        STANDS,
    ),
    "a reversal of interest that is gone": (
        "DELETE FROM accounts_entry WHERE person_id = {p} AND kind = 'reversal'",
        STANDS,
    ),
    "a second credit beside the first": (
        "INSERT INTO accounts_interestcredit "
        "SELECT (jsonb_populate_record(c, jsonb_build_object('batch_id', 999999))).* FROM accounts_interestcredit c "
        "WHERE person_id = {p} AND period = '2023-12-01'",
        STANDS,
    ),
    "rates of no rule": (TERM.format("current_rates = array_fill(0.04, ARRAY[12])"), TERMS),
    "rates of another rule": (TERM.format("rate_ids = '{{}}'"), TERMS),
    "a method of no rule": (TERM.format("method_id = 999999"), TERMS),
    "a rounding of no rule": (TERM.format("rounding_mode = 'CEIL_JIAO'"), TERMS),
    "a month of no period": (TERM.format("first_month = '2022-12-01'"), TERMS),
    "a rule that reads otherwise": (
        "UPDATE contributions_creditingrate SET rate = 0.05 WHERE key = 'pension.2023'",
        TERMS,
    ),
    "a statement's closing": (WITHOUT_SUM + STATEMENT.format("closing = closing + 1"), ADD_UP),
    "a statement's closing and interest": (STATEMENT.format("closing = closing + 1, interest = interest + 1"), OPEN),
    "a statement's opening": (
        "UPDATE accounts_statement SET opening = opening + 1, own = own - 1 "
        "WHERE person_id = {p} AND period = '2024-12-01'",
        OPEN,
    ),
    "a statement that hides a payout": (STATEMENT.format("paid_out = paid_out + 1, own = own + 1"), EQUAL),
    "a statement that is gone": (
        "DELETE FROM accounts_statement WHERE person_id = {p} AND period = '2023-12-01'",
        EQUAL,
    ),
    "an entry booked into a closed year": (
        "INSERT INTO accounts_entry (person_id, booked_month, scheme, area_code, kind, batch_id, line, period, amount) "
        "SELECT person_id, '2023-05-01', scheme, area_code, 'contrib_ind', batch_id, 77, period, 5 "
        "FROM accounts_entry WHERE person_id = {p} AND kind = 'contrib_ind' LIMIT 1",
        EQUAL,
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_each_tampering_is_found(books, name):
    statement, check = TAMPERINGS[name]
    with tampering() as cursor:
        cursor.execute(statement.format(p=books))
        assert cursor.rowcount > 0 or "DROP" in statement
    found = failed()
    assert check in found
    if check not in (TERMS,):
        assert f"person {books}" in found[check]


def test_every_check_has_a_tampering_that_it_finds():
    found = {check for _statement, check in TAMPERINGS.values()}
    ours = [*checks.interest.CHECKS, *checks.statements.CHECKS]
    assert found == {check.__name__.replace("_", " ") for check in ours}


def test_honest_books_are_in_order_and_what_stood_before_is_no_finding(books):
    assert failed() == {}
    with acting_as("read"), connection.cursor() as cursor:
        assert checks.count(cursor)["interest credits"] >= 3
    assert InterestTerms.objects.filter(area_code=AREA).count() == 3


def test_what_is_booked_after_the_interest_of_its_year_is_no_finding(person, employer):
    open_with(person, "25000.00", 2023)
    credit(2023)
    credit(2024)
    late = employer_line(person, employer, month=month(2023, 5), kind="backpay", slip_no="LATE")
    load("employer_contributions", [late])
    assert failed() == {}
    credit(2023)
    assert failed() == {}
    credit(2024)
    assert failed() == {}


def test_the_sentence_names_both_reckonings(books):
    with tampering() as cursor:
        cursor.execute(CREDIT.format("on_opening = on_opening + 0.01").format(p=books))
    assert failed()[FOLLOWS] == (
        f"interest of person {books}, pension in {AREA}, 2023-12: "
        "992.51 + 165.15 − 0.00 is credited on 7680.00 and 0.00; 992.50 + 165.15 − 0.00 is due on 7680.00 and 0"
    )
