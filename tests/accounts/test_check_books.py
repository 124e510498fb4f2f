"""Each check finds its tampering, and the books of the cast are in order."""

import io
import json
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection

from accounts import checks
from registry.commands import Refused
from registry.roles import acting_as
from tests.staged import OCTOBER, batches, benefit_line, employer_line, load, opening_line, subsidy_line

from .correcting import corrected, right


@pytest.fixture
def books(person, employer):
    """A contribution, a subsidy, an opening balance and a benefit of one person."""
    load("employer_contributions", [employer_line(person, employer)])
    load("subsidies", [subsidy_line(person)])
    load("openings", [opening_line(person)])
    load("benefits", [benefit_line(person, "10.00", "20.00")])
    corrected(person, undone=("pension_payout",), rights=[right("manual", "-19.00")])
    connection.check_constraints()
    return person


@contextmanager
def tampering():
    """A cursor for which neither grants nor triggers stand in the way: somebody who owns the server."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE portal_web")


def failed():
    with acting_as("read"), connection.cursor() as cursor:
        return {finding.check: finding.sentence for finding in checks.prove(cursor)}


TAMPERINGS = {
    "a balance": ("UPDATE accounts_account SET prior_years = 0.01 WHERE person_id = {p}", "balances equal entries"),
    "a year": ("UPDATE accounts_account SET year = 2027 WHERE person_id = {p}", "balances equal entries"),
    "the first month": (
        "UPDATE accounts_account SET opened_month = '2020-01-01' WHERE person_id = {p}",
        "balances equal entries",
    ),
    "a lost account": ("DELETE FROM accounts_account WHERE person_id = {p}", "balances equal entries"),
    "an invented account": (
        "INSERT INTO accounts_account (person_id, scheme, area_code, status, opened_month, last_booked_month, year, "
        "current_year, prior_years) VALUES ({p}, 'medical', '990100', 'open', '2026-10-01', '2026-10-01', 2026, 5, 0)",
        "balances equal entries",
    ),
    "an entry": ("UPDATE accounts_entry SET amount = amount + 0.01 WHERE person_id = {p}", "batches sum to zero"),
    "a lost entry": ("DELETE FROM accounts_entry WHERE person_id = {p} AND kind = 'opening'", "batches sum to zero"),
    "a lost fund entry": ("DELETE FROM accounts_fundentry WHERE batch_id = {b}", "batches sum to zero"),
    "an entry of another month": (
        "UPDATE accounts_entry SET booked_month = '2026-09-01' WHERE person_id = {p} AND kind = 'opening'",
        "sides fit their batch",
    ),
    "an entry of another kind": (
        "UPDATE accounts_entry SET kind = 'manual' WHERE person_id = {p} AND kind = 'opening'",
        "sides fit their batch",
    ),
    "an entry without a batch": (
        "UPDATE accounts_entry SET batch_id = 999999999 WHERE person_id = {p}",
        "sides fit their batch",
    ),
    "a fund entry of another scheme": (
        "UPDATE accounts_fundaccount SET scheme = 'maternity' WHERE id IN "
        "(SELECT fund_account_id FROM accounts_fundentry WHERE batch_id = {b})",
        "sides fit their batch",
    ),
    "an entry moved to somebody else": (
        "UPDATE accounts_entry SET person_id = (SELECT max(id) FROM registry_insuredperson WHERE id <> {p}) "
        "WHERE person_id = {p} AND kind = 'contrib_ind'",
        "lines reach the accounts",
    ),
    "a benefit that names no entry": (
        "UPDATE accounts_benefitpayment SET from_account = 21 WHERE person_id = {p}",
        "lines reach the accounts",
    ),
    "a lost takeover": ("DELETE FROM accounts_takeover WHERE person_id = {p}", "lines reach the accounts"),
    "a fund entry on the wrong fund account": (
        "UPDATE accounts_fundentry e SET fund_account_id = (SELECT id FROM accounts_fundaccount o WHERE "
        "o.scheme = 'pension' AND o.area_code = '990100' AND o.kind = 'taken_over') FROM accounts_fundaccount a "
        "WHERE a.id = e.fund_account_id AND a.kind = 'pooled' AND e.batch_id = {b}",
        "funds hold the rest",
    ),
    "a benefit of the pool": (
        "UPDATE accounts_benefitpayment SET from_pool = 10.01 WHERE person_id = {p}",
        "funds hold the rest",
    ),
    "a lost contribution of a pooled part": (
        "UPDATE contributions_contribution SET er_share = er_share - 0.01 WHERE person_id = {p} AND scheme = 'pension'",
        "funds hold the rest",
    ),
    "a routed amount": (
        "UPDATE contributions_contribution SET to_account = to_account + 1 WHERE person_id = {p}",
        "contributions follow their rule",
    ),
    "a rule of another month": (
        "UPDATE contributions_contribution SET period = '1998-01-01' WHERE person_id = {p} AND scheme = 'pension'",
        "contributions follow their rule",
    ),
    "an account without a rule": (
        "UPDATE accounts_account SET scheme = 'work_injury' WHERE person_id = {p} AND scheme = 'pension'",
        "accounts have a rule",
    ),
    "a balance below zero": (
        "ALTER TABLE accounts_account DROP CONSTRAINT account_not_below_zero; "
        "UPDATE accounts_account SET prior_years = -100000 WHERE person_id = {p}",
        "balances are not negative",
    ),
    "a person who is gone": (
        "UPDATE contributions_contribution SET person_id = 999999999 WHERE person_id = {p}",
        "references lead somewhere",
    ),
    "an employer who is gone": (
        "UPDATE contributions_contribution SET employer_id = 999999999 WHERE person_id = {p}",
        "references lead somewhere",
    ),
    "a file that is gone": (
        "UPDATE accounts_batch SET feed_file_id = 999999999 WHERE id = {b}",
        "references lead somewhere",
    ),
    "a batch that is gone": ("DELETE FROM accounts_batch WHERE id = {b}", "references lead somewhere"),
    "a merge in two steps": (
        "WITH first AS (SELECT min(id) AS id FROM registry_insuredperson) UPDATE registry_insuredperson p "
        "SET merged_into_id = CASE p.id WHEN {p} THEN first.id ELSE {p} END FROM first WHERE p.id IN ({p}, first.id)",
        "persons resolve in one step",
    ),
    "a lost line of a file": (
        "DELETE FROM contributions_contribution WHERE person_id = {p} AND scheme = 'pension'",
        "files add up",
    ),
    "a file's total": ("UPDATE registry_feedfile SET total = total + 0.01 WHERE kind = 'benefits'", "files add up"),
    "a reversal of nothing": (
        "INSERT INTO accounts_reversal VALUES ({p}, '2026-10-01', 'pension', '990100', 'opening', 1, 1, "
        "'2026-10-01', 2, 1)",
        "reversals undo one entry",
    ),
    "a correction decided by who asked": (
        "ALTER TABLE accounts_correction DROP CONSTRAINT correction_two_people; "
        "UPDATE accounts_correction SET decided_by_id = asked_by_id WHERE person_id = {p}",
        "corrections have two people",
    ),
    "a correction that nobody approved": (
        "ALTER TABLE accounts_correction DROP CONSTRAINT correction_posted_once_approved; "
        "UPDATE accounts_correction SET decision = 'refused' WHERE person_id = {p}",
        "corrections have two people",
    ),
    "a correction asked for by somebody who is no staff": (
        "UPDATE accounts_correction SET asked_by_id = (SELECT min(id) FROM inquiries_user WHERE kind = 'person') "
        "WHERE person_id = {p}",
        "corrections have two people",
    ),
    "a correction that was never posted": (
        "UPDATE accounts_correction SET outcome = '', ended_at = NULL, undo_batch_id = NULL, right_batch_id = NULL "
        "WHERE person_id = {p}",
        "corrections have two people",
    ),
    "a batch posted on another's word": (
        "UPDATE accounts_batch SET posted_by = posted_by + 1 WHERE source_ref LIKE 'correction/%%/undo'",
        "corrections have two people",
    ),
    "a batch that claims to be a correction's": (
        "UPDATE accounts_batch SET source_ref = 'correction/7/right' WHERE id = {b}",
        "corrections have two people",
    ),
    "a correction of another amount": (
        "UPDATE accounts_correctionline SET amount = amount + 0.01 WHERE what = 'right'",
        "corrections are posted as approved",
    ),
    "a correction for another month": (
        "UPDATE accounts_correctionline SET period = '2026-09-01' WHERE what = 'right'",
        "corrections are posted as approved",
    ),
    "a correction of another entry": (
        "UPDATE accounts_correctionline SET entry_line = entry_line + 1 WHERE what = 'undo'",
        "corrections are posted as approved",
    ),
    "a lost line of a correction": (
        "DELETE FROM accounts_correctionline WHERE what = 'right'",
        "corrections are posted as approved",
    ),
    "a reversal that names nothing": (
        "UPDATE accounts_entry SET kind = 'reversal' WHERE person_id = {p} AND kind = 'opening'",
        "reversals undo one entry",
    ),
}


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
    assert found == {check.__name__.replace("_", " ") for check in checks.CHECKS}


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
        cursor.execute("DELETE FROM accounts_account WHERE person_id = %s", [books])
    code, out, _errors = command("--json")
    told = json.loads(out)
    assert (code, told["in_order"]) == (1, False)
    assert {finding["check"] for finding in told["findings"]} == {"balances equal entries"}
    assert all(finding["finding"] for finding in told["findings"])


def test_a_snapshot_of_its_own_when_nobody_has_begun_one(fresh_database):
    code, out, _errors = command()
    assert code == 0 and "The books are in order" in out
