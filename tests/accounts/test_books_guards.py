"""What the database refuses of the ledger, whoever asks."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts import books
from accounts.models import Account, Batch, Entry, FundAccount, FundEntry, Reversal, Takeover
from registry.roles import acting_as
from tests.staged import AREA, OCTOBER, batches, employer_line, load, opening_line, personal_line

LEDGER = ["accounts_batch", "accounts_entry", "accounts_fundentry", "accounts_takeover", "contributions_contribution"]


def refused(statement, role="job", error=DatabaseError):
    with acting_as(role), pytest.raises(error) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(raised.value)


@pytest.fixture
def posted(person, employer):
    load("employer_contributions", [employer_line(person, employer)])
    load("openings", [opening_line(person)])
    return batches()[0]


@pytest.mark.parametrize("table", LEDGER)
@pytest.mark.parametrize("deed", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_the_job_role_may_only_add(posted, table, deed):
    column = "slip_no" if table in ("accounts_batch", "accounts_takeover") else "batch_id"
    assert "permission denied" in refused(
        deed.format(table, column if table != "contributions_contribution" else "line")
    )


@pytest.mark.parametrize("table", LEDGER)
def test_the_trigger_refuses_even_the_owner(posted, table):
    assert "only ever added" in refused(f"TRUNCATE {table}", role="owner")
    assert "only ever added" in refused("DELETE FROM accounts_entry_y2026", role="owner")


@pytest.mark.parametrize("table", [*LEDGER, "accounts_account"])
def test_the_web_role_may_only_look(posted, table):
    assert "permission denied" in refused(f"INSERT INTO {table} DEFAULT VALUES", role="web")


def _batch(source_ref="test/1"):
    values = {"kind": "manual", "scheme": "pension", "area_code": AREA, "booked_month": OCTOBER}
    return Batch.objects.create(source_ref=source_ref, posted_at=timezone.now(), **values)


def _settle():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS batch_sums_to_zero IMMEDIATE")


def test_a_batch_that_does_not_sum_to_zero_is_refused(posted, person):
    """Also after others of the same transaction were proved."""
    with acting_as("job"), pytest.raises(IntegrityError, match="does not sum to zero: 0.01 yuan"), transaction.atomic():
        batch = _batch()
        key = {"person_id": person, "booked_month": OCTOBER, "scheme": "pension", "area_code": AREA, "kind": "manual"}
        Entry.objects.create(**key, batch_id=batch.pk, line=1, period=OCTOBER, amount="5.01")
        pooled = FundAccount.objects.get(scheme="pension", area_code=AREA, kind="pooled")
        FundEntry.objects.create(batch_id=batch.pk, fund_account=pooled, amount="-5.00")
        _settle()


def test_of_several_batches_the_unbalanced_one_is_named(posted, person):
    with acting_as("job"), pytest.raises(IntegrityError, match="sum to zero: 5.00 yuan"), transaction.atomic():
        _batch("test/1")
        batch = _batch("test/2")
        key = {"person_id": person, "booked_month": OCTOBER, "scheme": "pension", "area_code": AREA, "kind": "manual"}
        Entry.objects.create(**key, batch_id=batch.pk, line=1, period=OCTOBER, amount="5.00")
        _batch("test/3")
        _settle()


def test_a_source_posts_once(posted):
    with acting_as("job"), pytest.raises(IntegrityError, match="source_ref"), transaction.atomic():
        _batch(posted.source_ref)


def test_an_account_without_a_rule_is_refused(person):
    with (
        acting_as("job"),
        pytest.raises(IntegrityError, match="no rule routes money to a personal account of work_injury"),
        transaction.atomic(),
    ):
        Account.objects.create(
            person_id=person,
            scheme="work_injury",
            area_code=AREA,
            opened_month=OCTOBER,
            last_booked_month=OCTOBER,
            year=2026,
        )


def test_a_balance_below_zero_is_refused(posted, person):
    with acting_as("job"), pytest.raises(IntegrityError, match="account_not_below_zero"), transaction.atomic():
        Account.objects.filter(person_id=person).update(prior_years=-2000)


def test_books_refuse_an_unbalanced_batch(person):
    one = f"1 AS batch_no, {person} AS person_id, 'manual' AS kind, 1 AS line, DATE '2026-10-01' AS period"
    with acting_as("job"), pytest.raises(IntegrityError, match="sum to zero"), connection.cursor() as cursor:
        books.post(
            cursor,
            "SELECT 1 AS batch_no, 'manual' AS kind, 'pension' AS scheme, '990100' AS area_code, "
            "DATE '2026-10-01' AS booked_month, NULL::bigint AS employer_id, '' AS slip_no, 'test/1' AS source_ref",
            f"SELECT {one}, 10.00 AS amount, NULL::bigint AS rule_id, NULL::integer AS feed_row",
            "SELECT 1 AS batch_no, 'pooled' AS kind, -9.99 AS amount",
        )


def test_entries_lie_in_the_partition_of_their_booked_year(person, employer):
    load("employer_contributions", [employer_line(person, employer, month=date(2005, 12, 1))])
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SELECT sum(amount) FROM accounts_entry_y2005 WHERE person_id = %s", [person])
        assert cursor.fetchone()[0] == Decimal("880.00")


def test_takeovers_are_kept_by_slip_and_line(posted, person):
    takeover = Takeover.objects.get(person_id=person)
    with acting_as("job"), pytest.raises(IntegrityError), transaction.atomic():
        takeover.pk = (person, OCTOBER, "pension", "O1", 1)
        takeover.save(force_insert=True)


def test_one_slip_and_line_cannot_be_both_an_employers_and_a_persons(posted, person):
    """The key knows no kind of file: what the search by slips does not see, the key refuses."""
    with pytest.raises(IntegrityError, match="contributions_contribution"):
        load("personal_contributions", [personal_line(person)])


def undo(person, number):
    """Post the reversal of the person's contribution of October."""
    of_entry = f"FROM accounts_entry WHERE kind = 'contrib_ind' AND person_id = {person}"
    books.post(
        connection.cursor(),
        "SELECT 1 AS batch_no, 'reversal' AS kind, 'pension' AS scheme, '990100' AS area_code, "
        f"DATE '2026-11-01' AS booked_month, NULL::bigint AS employer_id, '' AS slip_no, 'test/{number}' AS source_ref",
        "SELECT 1 AS batch_no, person_id, 'reversal' AS kind, 1 AS line, period, -amount AS amount, rule_id, "
        f"NULL::integer AS feed_row {of_entry}",
        f"SELECT 1 AS batch_no, 'adjustments' AS kind, sum(amount) AS amount {of_entry}",
        undone="SELECT 1 AS batch_no, 1 AS by_line, person_id, booked_month, scheme, area_code, kind, batch_id, line "
        + of_entry,
    )


def test_an_entry_is_undone_by_the_opposite_amount_and_only_once(posted, person):
    with acting_as("job"), transaction.atomic():
        undo(person, 1)
    assert Account.objects.get(person_id=person, scheme="pension").balance == Decimal("1000.00")
    reversal = Reversal.objects.get()
    undone = Entry.objects.get(kind="contrib_ind", person_id=person)
    undoing = Entry.objects.get(kind="reversal")
    assert (undone.amount, undoing.amount, undoing.period) == (Decimal("640.00"), Decimal("-640.00"), OCTOBER)
    assert (reversal.batch_id, reversal.by_batch_id) == (undone.batch_id, undoing.batch_id)
    with acting_as("job"), pytest.raises(IntegrityError, match="accounts_reversal"), transaction.atomic():
        undo(person, 2)
