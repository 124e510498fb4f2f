"""Corrections: asked, decided by somebody else, posted once as a reversal and a right posting."""

from contextlib import nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts import corrections
from accounts.models import Account, Batch, ClosedYear, Correction, CorrectionLine, Entry, Reversal
from registry.roles import acting_as
from tests.cast import OPERATOR
from tests.staged import OCTOBER, balance, benefit_line, employer_line, entries, fund, load, opening_line

from .correcting import account_of, approve, ask, corrected, key_of, operator, post, right

SEPTEMBER, NOVEMBER = date(2026, 9, 1), date(2026, 11, 1)


@pytest.fixture
def books(person, employer):
    """September paid with a base of 9,000 that should have been 8,000; later months are booked by somebody else."""
    load("employer_contributions", [employer_line(person, employer, base="9000.00", month=SEPTEMBER)])
    load("employer_contributions", [employer_line(person, employer, slip_no="S2", month=NOVEMBER)])
    return person


def test_a_reversal_and_the_right_entry_stand_in_the_latest_booked_month(books):
    correction = corrected(books, rights=[right("contrib_ind", "640.00", SEPTEMBER)])
    assert (correction.outcome, correction.state) == ("posted", "posted")
    assert balance(books) == Decimal("1280.00")
    undoing = Entry.objects.get(batch_id=correction.undo_batch_id)
    righted = Entry.objects.get(batch_id=correction.right_batch_id)
    assert (undoing.kind, undoing.amount, undoing.period, undoing.booked_month) == (
        "reversal",
        Decimal("-720.00"),
        SEPTEMBER,
        NOVEMBER,
    )
    assert (righted.kind, righted.amount, righted.period, righted.booked_month) == (
        "contrib_ind",
        Decimal("640.00"),
        SEPTEMBER,
        NOVEMBER,
    )
    reversal = Reversal.objects.get(person_id=books)
    assert (reversal.batch_id, reversal.by_batch_id) == (key_of(books, "contrib_ind")[2], correction.undo_batch_id)


def test_its_batches_balance_against_adjustments_and_name_the_request(books):
    correction = corrected(books, rights=[right("contrib_ind", "640.00", SEPTEMBER)])
    undo, righted = (Batch.objects.get(pk=pk) for pk in (correction.undo_batch_id, correction.right_batch_id))
    assert fund(undo) == {"adjustments": Decimal("720.00")}
    assert fund(righted) == {"adjustments": Decimal("-640.00")}
    assert (undo.kind, undo.source_ref) == ("reversal", f"correction/{correction.pk}/undo")
    assert (righted.kind, righted.source_ref) == ("manual", f"correction/{correction.pk}/right")
    assert undo.posted_by == righted.posted_by == correction.decided_by_id


def test_a_manual_adjustment_has_no_reversal(books):
    correction = corrected(books, undone=(), rights=[right("manual", "-0.02")])
    assert correction.undo_batch_id is None
    assert entries(books)[-1] == ("manual", Decimal("-0.02"))
    assert balance(books) == Decimal("1359.98")


def test_an_entry_is_undone_without_anything_instead(books):
    correction = corrected(books)
    assert correction.right_batch_id is None
    assert balance(books) == Decimal("640.00")


def test_after_a_closed_year_it_is_booked_in_the_next_one(books):
    with acting_as("job"):
        ClosedYear.objects.create(
            scheme="pension", area_code="990100", year=2026, closed_at=datetime(2027, 1, 9, tzinfo=UTC)
        )
    correction = corrected(books, rights=[right("contrib_ind", "640.00", SEPTEMBER)])
    assert correction.outcome == "posted"
    righted = Entry.objects.get(batch_id=correction.right_batch_id)
    assert (righted.booked_month, righted.period) == (date(2027, 1, 1), SEPTEMBER)


def test_nothing_is_posted_twice(books):
    correction = approve(ask(books))
    assert post(correction) == "posted"
    before = entries(books)
    assert post(correction) is None
    assert entries(books) == before


def test_nothing_is_posted_before_somebody_else_approves(books):
    correction = ask(books)
    assert post(correction) is None
    with pytest.raises(corrections.CorrectionRefused, match="cannot decide it"):
        approve(correction, OPERATOR)
    assert post(correction) is None
    assert balance(books) == Decimal("1360.00")


def test_a_refused_request_is_never_posted_nor_decided_again(books):
    correction = ask(books)
    corrections.decide(correction, "refused", by=operator("O1002"), reason="The slip says 9,000")
    with pytest.raises(corrections.CorrectionRefused, match="decided already"):
        approve(correction)
    assert post(correction) is None
    assert balance(books) == Decimal("1360.00")


def test_a_refused_request_frees_its_entries(books):
    corrections.decide(ask(books), "refused", by=operator("O1002"), reason="Not proved")
    assert ask(books).state == "waiting"


def test_an_entry_undone_meanwhile_stops_the_request_with_a_sentence(books):
    first, second = approve(ask(books)), None
    key = key_of(books, "contrib_ind")
    second = corrections.ask(
        account_of(books), [], [right("manual", "1.00")], by=operator(), reason="r", document_ref="d"
    )
    # As if both had been asked for at the same moment, when neither could see the other.
    line = {"booked_month": key[0], "kind": key[1], "batch_id": key[2], "entry_line": key[3]}
    CorrectionLine.objects.create(correction=second, number=2, what="undo", amount="720.00", period=SEPTEMBER, **line)
    approve(second)
    assert post(first) == "posted"
    before = entries(books)
    assert post(second) == "undone"
    assert second.get_outcome_display() == "Not posted: an entry was undone meanwhile."
    assert (second.state, second.undo_batch_id, entries(books)) == ("failed", None, before)
    assert post(second) is None


def test_an_account_does_not_fall_below_zero(books):
    correction = approve(ask(books, undone=(), rights=[right("manual", "-1360.01")]))
    assert post(correction) == "below_zero"
    assert balance(books) == Decimal("1360.00")
    assert post(approve(ask(books, undone=(), rights=[right("manual", "-1360.00")]))) == "posted"
    assert balance(books) == Decimal("0.00")


def test_a_closed_account_takes_no_correction(books):
    correction = approve(ask(books))
    with acting_as("job"):
        Account.objects.filter(person_id=books).update(status="closed", closed_month=NOVEMBER)
    assert post(correction) == "closed"
    with pytest.raises(corrections.CorrectionRefused, match="account is closed"):
        ask(books)


def test_what_the_books_refuse_is_written_down_and_stops_nobody_else(books):
    blocked, free = approve(ask(books)), approve(ask(books, undone=(), rights=[right("manual", "5.00")]))
    with acting_as("job"):
        Batch.objects.create(
            kind="manual",
            scheme="medical",
            area_code="990100",
            booked_month=OCTOBER,
            source_ref=f"correction/{blocked.pk}/undo",
            posted_at=blocked.asked_at,
        )
    assert post(blocked) == "books"
    assert post(free) == "posted"


@pytest.mark.parametrize(
    ("undone", "rights", "words"),
    [
        ((), (), "Choose an entry"),
        ((), [right("contrib_ind", "-1.00")], "what leaves the account is below zero"),
        ((), [right("pension_payout", "1.00")], "what leaves the account is below zero"),
        ((), [right("manual", "0.00")], "what leaves the account is below zero"),
    ],
)
def test_what_cannot_be_asked_for(books, undone, rights, words):
    with pytest.raises(corrections.CorrectionRefused, match=words):
        ask(books, undone, rights)
    assert not Correction.objects.exists()


def test_entries_of_others_reversals_and_what_is_undone_cannot_be_undone(books, employer):
    corrected(books)
    for kind, words in (("contrib_ind", "undone already"), ("reversal", "cannot be corrected here")):
        with pytest.raises(corrections.CorrectionRefused, match=words):
            ask(books, undone=(kind,))
    load("openings", [opening_line(books, scheme="medical")])
    with pytest.raises(corrections.CorrectionRefused, match="not on this account"):
        ask(books, undone=("opening",))


def test_interest_is_not_undone_here(books):
    with pytest.raises(IntegrityError, match="names_an_entry_or_is_one"), transaction.atomic():
        correction = ask(books, undone=(), rights=[right("manual", "1.00")])
        line = {"booked_month": OCTOBER, "batch_id": 1, "entry_line": 1, "period": OCTOBER, "amount": 1}
        CorrectionLine.objects.create(correction=correction, number=2, what="undo", kind="interest_current", **line)


def test_an_entry_is_in_one_open_request_at_a_time(books):
    ask(books)
    with pytest.raises(corrections.CorrectionRefused, match="under way"):
        ask(books)


def test_payouts_are_corrected_too(books):
    load("benefits", [benefit_line(books, "0.00", "200.00", month=NOVEMBER)])
    corrected(books, undone=("pension_payout",), rights=[right("pension_payout", "-150.00", NOVEMBER)])
    assert balance(books) == Decimal("1210.00")


UPDATE = "UPDATE accounts_correction SET"


@pytest.mark.parametrize(
    ("role", "statement", "words"),
    [
        ("web", f"{UPDATE} reason = 'x'", "permission denied"),
        ("web", f"{UPDATE} outcome = 'posted'", "permission denied"),
        ("web", "DELETE FROM accounts_correction", "permission denied"),
        ("web", "UPDATE accounts_correctionline SET amount = 1", "permission denied"),
        ("tests", f"{UPDATE} decision_reason = 'x'", "decided once"),
        ("tests", f"{UPDATE} decided_by_id = asked_by_id", "decided once"),
        ("job", f"{UPDATE} decision = 'refused'", "permission denied"),
        ("job", f"{UPDATE} outcome = 'closed', undo_batch_id = NULL", "posted once"),
        ("job", f"{UPDATE} undo_batch_id = 1", "posted once"),
        ("owner", f"{UPDATE} reason = 'x'", "never changes"),
        ("owner", f"{UPDATE} asked_by_id = decided_by_id", "never changes"),
        ("owner", f"{UPDATE} decision = ''", "decided once"),
        ("owner", "DELETE FROM accounts_correction", "only ever added"),
        ("owner", "TRUNCATE accounts_correction CASCADE", "only ever added"),
        ("owner", "UPDATE accounts_correctionline SET amount = 1", "only ever added"),
        ("owner", "DELETE FROM accounts_correctionline", "only ever added"),
        ("owner", "UPDATE accounts_proof SET findings = '[]'", "only ever added"),
    ],
)
def test_nobody_rewrites_a_correction(books, role, statement, words):
    corrected(books)
    connection.check_constraints()
    as_role = nullcontext() if role == "tests" else acting_as(role)
    with as_role, pytest.raises(DatabaseError, match=words), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_request_cannot_begin_decided(books):
    with pytest.raises(IntegrityError, match="begins as a request"), transaction.atomic():
        Correction.objects.create(
            person_id=books,
            scheme="pension",
            area_code="990100",
            reason="r",
            document_ref="d",
            asked_by=operator(),
            decision="approved",
            decision_reason="r",
            decided_by=operator("O1002"),
            decided_at="2026-11-01T00:00Z",
        )


def test_the_database_refuses_one_person_in_both_parts(books):
    correction = ask(books)
    with pytest.raises(IntegrityError, match="correction_two_people"), transaction.atomic():
        Correction.objects.filter(pk=correction.pk).update(
            decision="approved", decision_reason="r", decided_by=operator(), decided_at=correction.asked_at
        )


def test_lines_come_with_the_request_alone(fresh_database):
    """What was approved is what was asked: nobody adds a line to a request of an earlier moment."""
    account = Account.objects.filter(scheme="pension").order_by("pk").first()
    with transaction.atomic():
        correction = corrections.ask(
            account, [], [right("manual", "1.00")], by=operator(), reason="r", document_ref="d"
        )
    with pytest.raises(IntegrityError, match="gets its lines when it is asked for"):
        CorrectionLine.objects.create(
            correction=correction, number=2, what="right", kind="manual", amount="9.00", period=OCTOBER
        )
