"""Each check finds its tampering, and the books of the cast are in order."""

import io
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection

from accounts import checks
from registry.commands import Refused
from registry.roles import acting_as
from tests.staged import (
    OCTOBER,
    batches,
    benefit_line,
    closure_line,
    employer_line,
    load,
    movement_line,
    opening_line,
    spending_line,
    subsidy_line,
    transfer_line,
)

from .correcting import corrected, right
from .tamperings import TAMPERINGS, tampering


@pytest.fixture
def books(person, employer):
    """Everything that can happen to one person: contributions to the closing of an account."""
    load("employer_contributions", [employer_line(person, employer)])
    load("subsidies", [subsidy_line(person)])
    load("openings", [opening_line(person)])
    load("benefits", [benefit_line(person, "10.00", "20.00")])
    moved = {"slip_no": "ZY1", "pooled_amount": Decimal("150.00")}
    load(
        "account_movements",
        [
            movement_line(person),
            movement_line(person, "-100.00", "transfer_out", "pension", **moved),
            movement_line(person, "-5.00", "offset_overpayment", "pension", line=3),
            movement_line(person, "-3.00", "manual", "pension", line=4, reason="Twice", document_no="D1"),
        ],
    )
    load("spending", [spending_line(person, "50.00", "30.00", "20.00")])
    load("spending", [spending_line(person, "10.00", line=2, relation="child")])
    amounts = {"account_amount": Decimal("100.00"), "pooled_amount": Decimal("150.00")}
    load("transfers", [transfer_line(person, "applied", "out"), transfer_line(person, "money_sent", "out", **amounts)])
    came = opening_line(person, "70.00", line=2, slip_no="ZY2", kind="transfer_in", pooled_amount=Decimal("90.00"))
    load("openings", [came])
    amounts = {"account_amount": Decimal("70.00"), "pooled_amount": Decimal("90.00")}
    load("transfers", [transfer_line(person, "merged", "in", application_no="ZY2", **amounts)])
    load("closures", [closure_line(person, "60.00", "left_resident", "pension_resident")])
    corrected(person, undone=("pension_payout",), rights=[right("manual", "-19.00")])
    connection.check_constraints()
    return person


def failed():
    with acting_as("read"), connection.cursor() as cursor:
        return {finding.check: finding.sentence for finding in checks.prove(cursor)}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_each_tampering_is_found(books, name):
    statement, check = TAMPERINGS[name]
    batch = batches(kind="contribution")[0]
    with tampering() as cursor:
        cursor.execute(statement.format(p=books, b=batch.pk))
        assert cursor.rowcount > 0 or "DROP" in statement
    assert check in failed()


def test_every_check_has_a_tampering_that_it_finds():
    found = {check for _statement, check in TAMPERINGS.values()}
    subjects = (checks.ledger, checks.lines, checks.references, checks.transfers, checks.corrections)
    assert found == {check.__name__.replace("_", " ") for subject in subjects for check in subject.CHECKS}


def test_a_fen_moved_between_two_entries_of_a_batch_is_found(books, employer):
    """Every sum still holds; only the lines and the balances know."""
    with tampering() as cursor:
        cursor.execute(
            "UPDATE accounts_entry SET amount = amount - 0.01 WHERE person_id = %s AND kind = 'contrib_ind'", [books]
        )
        cursor.execute(
            "INSERT INTO accounts_entry "
            "(person_id, booked_month, scheme, area_code, kind, batch_id, line, period, amount) "
            "SELECT person_id, booked_month, scheme, area_code, kind, batch_id, 99, period, 0.01 FROM accounts_entry "
            "WHERE person_id = %s AND kind = 'contrib_ind'",
            [books],
        )
    assert set(failed()) == {"lines reach the accounts"}


def command(*arguments):
    out, errors = io.StringIO(), io.StringIO()
    try:
        call_command("check_books", *arguments, stdout=out, stderr=errors)
    except Refused as refused:
        return refused.returncode, out.getvalue(), f"{errors.getvalue()}{refused}"
    return 0, out.getvalue(), errors.getvalue()


def test_the_command_says_in_one_sentence_that_the_books_are_in_order(books):
    code, out, errors = command()
    assert (code, errors) == (0, "")
    assert out.startswith(f"The books are in order: {len(checks.CHECKS)} checks over ") and out.count("\n") == 1


def test_the_command_names_the_offenders_and_exits_with_1(books):
    with tampering() as cursor:
        cursor.execute("UPDATE accounts_account SET prior_years = 7 WHERE person_id = %s", [books])
    code, out, errors = command()
    assert (code, out) == (1, "")
    assert f"balances equal entries: account of person {books}, pension in 990100: it says" in errors
    assert errors.endswith("The books are not in order. Failed: balances equal entries.")


def test_at_most_twenty_offenders_are_named(books, employer):
    rows = [employer_line(books, employer, line=line, kind="backpay", month=OCTOBER) for line in range(2, 32)]
    load("employer_contributions", rows)
    with tampering() as cursor:
        cursor.execute("UPDATE contributions_contribution SET to_account = 1 WHERE person_id = %s", [books])
    with acting_as("read"), connection.cursor() as cursor:
        found = [f for f in checks.prove(cursor) if f.check == "contributions follow their rule"]
    assert len(found) == checks.FIRST == 20


def test_json(books):
    code, out, _errors = command("--json")
    told = json.loads(out)
    assert (code, told["in_order"], told["findings"]) == (0, True, [])
    assert told["counts"]["entries"] > 0 and told["seconds"] >= 0
    with tampering() as cursor:
        cursor.execute("DELETE FROM accounts_account WHERE person_id = %s AND status = 'open'", [books])
    code, out, _errors = command("--json")
    told = json.loads(out)
    assert (code, told["in_order"]) == (1, False)
    assert {finding["check"] for finding in told["findings"]} == {"balances equal entries"}
    assert all(finding["finding"] for finding in told["findings"])


def test_a_snapshot_of_its_own_when_nobody_has_begun_one(fresh_database):
    code, out, _errors = command()
    assert code == 0 and "The books are in order" in out
