"""Days on which things were posted, their seals, and somebody who owns the server."""

import io
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from accounts import books, seals
from accounts.models import Batch, Entry, Seal
from registry.roles import acting_as

FIRST = date(2026, 11, 1)


def day(number):
    """The number-th day of the tests, from 0."""
    return FIRST + timedelta(days=number)


@contextmanager
def tampering():
    """A cursor for which neither grants nor triggers stand in the way: somebody who owns the server."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE portal_tests")


@contextmanager
def undone():
    """What the block does is rolled back at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def posted_on(number, since=0):
    """Every batch with an id above `since` was posted on that day at noon; returns the highest id."""
    with tampering() as cursor:
        noon = datetime.combine(day(number), time(4), UTC)
        cursor.execute("UPDATE accounts_batch SET posted_at = %s WHERE id > %s", [noon, since])
    return Batch.objects.order_by("id").last().pk


def seal_day(number):
    """Seal every day up to the number-th that is not sealed yet."""
    with acting_as("job"):
        return [seals.seal(each) for each in seals.days_to_seal(day(number), day(100))]


def findings(since=None):
    with acting_as("read"):
        return seals.prove(since).findings


def run(name, *arguments):
    """(exit code, standard output, standard error) of a command."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    return 0, out.getvalue(), err.getvalue()


def chain():
    return [(seal.day, seal.entries, seal.batches) for seal in Seal.objects.order_by("day")]


def undo_opening(person):
    """Post the reversal of a person's opening balance, booked a month later."""
    entry = Entry.objects.get(person_id=person, kind="opening")
    with acting_as("job"), connection.cursor() as cursor:
        books.post(
            cursor,
            "SELECT 1 AS batch_no, 'reversal' AS kind, 'pension' AS scheme, '990100' AS area_code, "
            "date '2026-11-01' AS booked_month, NULL::bigint AS employer_id, '' AS slip_no, 'test/1' AS source_ref",
            f"SELECT 1 AS batch_no, {person} AS person_id, 'reversal' AS kind, 1 AS line, date '2026-10-01' AS period, "
            f"{-entry.amount} AS amount, NULL::bigint AS rule_id, NULL::int AS feed_row",
            f"SELECT 1 AS batch_no, 'adjustments' AS kind, {entry.amount} AS amount",
            undone=f"SELECT 1 AS batch_no, 1 AS by_line, {person} AS person_id, date '2026-10-01' AS booked_month, "
            f"'pension' AS scheme, '990100' AS area_code, 'opening' AS kind, {entry.batch_id} AS batch_id, "
            f"{entry.line} AS line",
        )
