"""A closing is reversed by a correction, and by nothing else (domain.md §8.2): the account is open again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from accounts import checks, closings, corrections
from accounts.interest_worked import worked
from accounts.models import Account, Batch, ClosedYear, Correction, CorrectionLine, Entry, InterestCredit, InterestTerms
from registry.feed.kinds import Stored
from registry.months import add_months
from registry.roles import acting_as
from tests.staged import (
    OCTOBER,
    Refused,
    balance,
    benefit_line,
    closure_line,
    employer_line,
    entries,
    fund,
    load,
    make_person,
    opening_line,
)
from tests.years import credit, issue, month, parts, rate

from .correcting import account_of, approve, operator, post, right
from .tamperings import tampering

NOVEMBER = add_months(OCTOBER, 1)
PAID = Decimal("1001.25")
NOTHING = Decimal("0.00")


@pytest.fixture
def closed(person):
    """1,000 yuan since October 2026, paid out with the interest of that month."""
    load("openings", [opening_line(person, "1000.00")])
    load("closures", [closure_line(person, PAID)])
    return person


@pytest.fixture
def closed_empty(person):
    """An account that was empty when it was closed: no entry tells of the closing."""
    load("openings", [opening_line(person, "1000.00")])
    load("benefits", [benefit_line(person, "0.00", "1000.00")])
    load("closures", [closure_line(person, reason="death")])
    return person


def ask_to_open(person, rights=(), keys=None):
    account = account_of(person)
    keys = [closing.key for closing in closings.of_account(account)] if keys is None else keys
    words = {"by": operator(), "reason": "Another person of that name left", "document_ref": "2026-0077"}
    return corrections.ask(account, keys, rights, **words)


def opened_again(person, **asked):
    correction = approve(ask_to_open(person, **asked))
    assert post(correction) == "posted"
    return correction


def failed():
    connection.check_constraints()
    with acting_as("read"), connection.cursor() as cursor:
        return {finding.check for finding in checks.prove(cursor)}


def state(person):
    account = account_of(person)
    return account.status, account.closed_month, account.balance


@pytest.mark.parametrize(
    ("reason", "kind"), [("death", "inheritance"), ("settled_abroad", "refund"), ("other", "closing")]
)
def test_the_payout_comes_back_and_the_account_is_open_again(person, employer, reason, kind):
    load("openings", [opening_line(person, "1000.00")])
    load("closures", [closure_line(person, PAID, reason, note="Two accounts of one scheme")])
    correction = opened_again(person)
    assert state(person) == ("open", None, PAID)
    assert entries(person)[-2:] == [(kind, -PAID), ("reversal", PAID)]
    assert fund(Batch.objects.get(pk=correction.undo_batch_id)) == {"adjustments": -PAID}
    load("employer_contributions", [employer_line(person, employer, month=NOVEMBER)])
    assert balance(person) == PAID + 640
    assert failed() == set()


def test_a_closing_that_paid_nothing_is_undone_without_an_entry(closed_empty, employer):
    before = entries(closed_empty)
    assert [closing.amount for closing in closings.of_account(account_of(closed_empty))] == [NOTHING]
    correction = opened_again(closed_empty)
    assert (entries(closed_empty), state(closed_empty)) == (before, ("open", None, NOTHING))
    assert Batch.objects.get(pk=correction.undo_batch_id).kind == "reversal"
    load("employer_contributions", [employer_line(closed_empty, employer, month=NOVEMBER)])
    assert failed() == set()


def test_with_the_closing_something_else_may_be_put_right(closed):
    opened_again(closed, rights=[right("manual", "-1.25")])
    assert state(closed) == ("open", None, Decimal("1000.00"))
    assert failed() == set()


def test_every_closing_is_undone_together(closed, employer):
    load("employer_contributions", [employer_line(closed, employer)])
    load("closures", [closure_line(closed, "640.00", line=2, month=NOVEMBER)])
    first, second = closings.of_account(account_of(closed))
    for some in ([], [first.key], [second.key]):
        with pytest.raises(corrections.CorrectionRefused, match="undo all that its closing paid out"):
            ask_to_open(closed, keys=some, rights=[right("manual", "1.00")])
    opened_again(closed)
    assert state(closed) == ("open", None, PAID + 640)
    assert failed() == set()


def test_a_closing_that_came_meanwhile_keeps_the_account_closed(closed, employer):
    correction = approve(ask_to_open(closed))
    load("employer_contributions", [employer_line(closed, employer)])
    load("closures", [closure_line(closed, "640.00", line=2, month=NOVEMBER)])
    assert post(correction) == "closed"
    assert state(closed) == ("closed", OCTOBER, NOTHING)
    assert failed() == set()


@pytest.mark.parametrize("books", ["closed", "closed_empty"])
def test_it_is_posted_once(books, request):
    person = request.getfixturevalue(books)
    (closing,) = closings.of_account(account_of(person))
    first = approve(ask_to_open(person))
    with pytest.raises(corrections.CorrectionRefused, match="under way"):
        ask_to_open(person)
    second = approve(asked_at_the_same_moment(first))
    assert post(first) == "posted"
    before = entries(person), state(person)
    assert post(first) is None
    assert post(second) == "undone"
    assert (entries(person), state(person)) == before
    with pytest.raises(corrections.CorrectionRefused, match="undone already|cannot be corrected here"):
        ask_to_open(person, keys=[closing.key])
    assert failed() == set()


def asked_at_the_same_moment(correction):
    """A second request for the same, as if neither could see the other."""
    (line,) = correction.lines.all()
    names = ("person_id", "scheme", "area_code", "reason", "document_ref", "asked_by")
    second = Correction.objects.create(**{name: getattr(correction, name) for name in names})
    names = ("number", "what", "kind", "period", "amount", "booked_month", "batch_id", "entry_line")
    CorrectionLine.objects.create(correction=second, **{name: getattr(line, name) for name in names})
    return second


def test_the_same_file_again_does_not_close_it_again_and_a_new_line_does(closed):
    opened_again(closed)
    assert load("closures", [closure_line(closed, PAID)]) == Stored(0, 1)
    assert state(closed) == ("open", None, PAID)
    load("closures", [closure_line(closed, PAID, line=2, month=NOVEMBER)])
    assert state(closed)[:2] == ("closed", NOVEMBER)
    assert failed() == set()
    opened_again(closed)
    assert state(closed)[:2] == ("open", None)
    assert failed() == set()


def test_nothing_is_undone_that_no_closing_stands_for(closed):
    """A line of 0.00 that names no closing undoes nothing, whoever wrote it."""
    key = closings.of_account(account_of(closed))[0].key
    with pytest.raises(corrections.CorrectionRefused, match="cannot be corrected here"):
        ask_to_open(closed, keys=[key, (OCTOBER, "closing", key[2], 99)])
    opened_again(closed)
    empty = ask_to_open(closed, keys=[], rights=[right("manual", "1.00")])
    line = {"booked_month": OCTOBER, "batch_id": key[2], "entry_line": 99, "kind": "closing", "period": OCTOBER}
    CorrectionLine.objects.create(correction=empty, number=2, what="undo", amount=0, **line)
    assert post(approve(empty)) == "undone"


def test_after_a_closed_year_it_is_booked_in_the_next_one(closed):
    with acting_as("job"):
        ClosedYear.objects.create(
            scheme="pension", area_code="990100", year=2026, closed_at=datetime(2027, 1, 9, tzinfo=UTC)
        )
    correction = opened_again(closed)
    assert Entry.objects.get(batch_id=correction.undo_batch_id).booked_month == date(2027, 1, 1)


def test_interest_that_was_settled_is_put_right_by_the_next_run(person):
    """Closed in March by mistake, opened again in May: what was paid out earned nothing from March to May."""
    load("openings", [opening_line(person, "12000.00", month=month(2025, 1))])
    load("closures", [closure_line(person, "12045.00", month=month(2025, 3))])
    assert parts(person, 2025, last=3) == (Decimal("45.00"), NOTHING, NOTHING)
    other = make_person()
    load("openings", [opening_line(other, month=month(2025, 5), slip_no="O9")])
    opened_again(person)
    assert failed() == set()
    assert "posted" in credit(2025)
    # 12,000 × 1.5 % = 180.00; 12,045 × 1.5 % is missing for two of twelve months.
    removed = Decimal("30.11")
    assert parts(person, 2025, last=3) == (NOTHING, NOTHING, NOTHING)
    assert parts(person, 2025) == (Decimal("180.00"), NOTHING, removed)
    assert balance(person) == Decimal("12000.00") + Decimal("180.00") - removed
    assert "nothing to post" in credit(2025)
    assert failed() == set()


def test_closed_again_in_the_same_month_earns_what_it_did_before(person):
    """What closed the account stays to the end of its month; so does what undid it."""
    load("openings", [opening_line(person, "12000.00", month=month(2025, 1))])
    load("closures", [closure_line(person, "12045.00", month=month(2025, 3))])
    opened_again(person)
    load("closures", [closure_line(person, "12045.00", line=2, month=month(2025, 3))])
    assert state(person) == ("closed", month(2025, 3), NOTHING)
    assert parts(person, 2025, last=3) == (Decimal("45.00"), NOTHING, NOTHING)
    assert "nothing to post" in credit(2025)
    assert failed() == set()
    issue(2025)
    assert failed() == set()


def test_interest_put_right_after_the_closing_is_proved_after_it_is_undone(person):
    """The rate of the year came after the closing: that credit knew the account as closed."""
    load("openings", [opening_line(person, "12000.00", month=month(2026, 1))])
    load("closures", [closure_line(person, "12045.00", month=month(2026, 3))])
    rate("0.0200", month(2026, 1), month(2027, 1))
    credit(2026)
    load("closures", [closure_line(person, "15.00", line=2, month=month(2026, 4))])
    opened_again(person)
    assert failed() == set()
    credit(2026)
    assert failed() == set()
    for each in InterestCredit.objects.filter(person_id=person):
        if InterestTerms.objects.get(pk=each.batch_id).period == each.period:
            assert worked(each).reckoned == each.total


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_account SET status = 'open', closed_month = NULL WHERE person_id = {p}",
        "UPDATE accounts_correction SET outcome = 'closed', undo_batch_id = NULL WHERE person_id = {p}",
        "UPDATE accounts_account SET status = 'closed', closed_month = '2026-10-01' WHERE person_id = {p}",
        "DELETE FROM accounts_closure WHERE person_id = {p}",
        "UPDATE accounts_correctionline SET entry_line = 99 WHERE correction_id IN "
        "(SELECT id FROM accounts_correction WHERE person_id = {p})",
    ],
)
@pytest.mark.parametrize("books", ["closed", "closed_empty"])
def test_tampering_with_what_opened_an_account_is_found(books, statement, request):
    person = request.getfixturevalue(books)
    if "status = 'open'" not in statement:
        opened_again(person)
    assert failed() == set()
    with tampering() as cursor:
        cursor.execute(statement.format(p=person))
        assert cursor.rowcount > 0
    assert failed() & {
        "closed accounts have a closure",
        "corrections are posted as approved",
        "corrections have two people",
        "lines reach the accounts",
    }


def test_what_the_proof_says_of_an_account_opened_by_hand(closed):
    with tampering() as cursor:
        cursor.execute(
            "UPDATE accounts_account SET status = 'open', closed_month = NULL WHERE person_id = %s", [closed]
        )
    assert failed() == {"closed accounts have a closure"}


def test_while_it_is_closed_nothing_moves(closed, employer):
    ask_to_open(closed)
    with pytest.raises(Refused):
        load("employer_contributions", [employer_line(closed, employer, month=NOVEMBER)])
    assert Account.objects.get(person_id=closed).status == "closed"
