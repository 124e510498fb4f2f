"""Seals hold whatever is posted: interest, what corrections post, movements, spending and what closes an account."""

import pytest

from accounts.models import Batch, Entry, SealedBatch, SealedLeaf
from tests.staged import closure_line, load, movement_line, spending_line
from tests.years import credit, month, open_with, pay_in, rate

from .correcting import corrected, right
from .sealing import findings, posted_on, seal_day, tampering, undone

KINDS = {
    *("opening", "contrib_ind", "interest_opening", "interest_current", "interest_payout_adj", "reversal"),
    *("pool_allocation", "medical_spend", "manual", "refund"),
}


@pytest.fixture
def sealed(person, employer):
    """Two sealed days; on the second: interest put right, a correction, movements, spending, a closed account."""
    last = posted_on(0)
    open_with(person, "10000.00", 2026)
    open_with(person, "500.00", 2026, scheme="medical")
    pay_in(person, employer, {1: 1200}, 2026)
    credit(2026)
    rate("0.0200", month(2026, 1), month(2027, 1))
    credit(2026)
    corrected(person, rights=[right("manual", "1000.00", month(2026, 1))])
    load("account_movements", [movement_line(person)])
    load("spending", [spending_line(person, "40.00")])
    load("closures", [closure_line(person, "100.00", scheme="medical", month=month(2026, 11))])
    posted_on(1, last)
    seal_day(1)
    return person


def entries(person, **conditions):
    return list(Entry.objects.filter(person_id=person, **conditions).order_by("batch_id", "kind", "line"))


def where(entry):
    return "person_id = %s AND batch_id = %s AND kind = %s AND line = %s", [
        *(entry.person_id, entry.batch_id, entry.kind, entry.line)
    ]


def test_all_that_was_posted_is_sealed(sealed):
    assert {entry.kind for entry in entries(sealed)} == KINDS
    leaves = SealedLeaf.objects.filter(person_id=sealed).values_list("batch_id", "kind", "line")
    assert set(leaves) == {(entry.batch_id, entry.kind, entry.line) for entry in entries(sealed)}
    kinds = set(Batch.objects.filter(pk__in=SealedBatch.objects.values("batch_id")).values_list("kind", flat=True))
    assert {"interest", "reversal", "manual", "movement", "closing"} <= kinds
    assert findings() == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_whichever_kind_is_changed_or_removed_it_is_found(sealed, kind):
    for entry in entries(sealed, kind=kind):
        condition, key = where(entry)
        named = f"entry of person {sealed}, {kind} of {entry.booked_month:%Y-%m}, batch {entry.batch_id} "
        for deed in ("UPDATE accounts_entry SET amount = amount + 0.01", "DELETE FROM accounts_entry"):
            with undone(), tampering() as cursor:
                cursor.execute(f"{deed} WHERE {condition}", key)
                assert cursor.rowcount == 1
                assert any(named in finding for finding in findings())
    assert findings() == []


@pytest.mark.parametrize("kind", ["interest", "reversal", "manual", "movement", "closing"])
def test_a_changed_batch_is_found(sealed, kind):
    batch_ids = {entry.batch_id for entry in entries(sealed)}
    for batch in Batch.objects.filter(pk__in=batch_ids, kind=kind):
        for change in ("posted_by = coalesce(posted_by, 0) + 1", "source_ref = source_ref || '/2'"):
            with undone(), tampering() as cursor:
                cursor.execute(f"UPDATE accounts_batch SET {change} WHERE id = %s", [batch.pk])
                assert any(f"batch {batch.pk} " in finding for finding in findings())


def test_a_lost_reversal_of_interest_or_of_a_correction_is_found(sealed):
    with tampering() as cursor:
        cursor.execute("SELECT person_id, batch_id, line, kind FROM accounts_reversal WHERE person_id = %s", [sealed])
        found = cursor.fetchall()
    assert {row[3] for row in found} == {"interest_opening", "interest_current", "contrib_ind"}
    for row in found:
        with undone(), tampering() as cursor:
            cursor.execute(
                "DELETE FROM accounts_reversal WHERE (person_id, batch_id, line, kind) = (%s, %s, %s, %s)", row
            )
            assert cursor.rowcount == 1
            assert any("reversal of 20" in finding for finding in findings())
