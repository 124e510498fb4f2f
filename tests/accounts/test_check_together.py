"""The proof on several connections at once finds what it finds on one, and all of them see the same moment."""

import json

import pytest
from django.db import connection, transaction

from accounts import checks
from accounts.models import Entry
from registry.roles import acting_as

from .tamperings import tampering
from .test_check_books import command


def tamper(statement):
    """Committed, by somebody who owns the server."""
    with transaction.atomic(), tampering() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0


def prove(connections, advance=lambda: None):
    """The findings in a transaction as the command begins it."""
    with acting_as("read"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = checks.prove(cursor, advance=advance, connections=connections)
        transaction.set_rollback(True)
    return found


FEN_MORE = "UPDATE accounts_entry SET amount = amount + 0.01 WHERE kind = 'contrib_ind'"


@pytest.mark.parametrize("connections", [2, 3])
def test_more_connections_find_the_same(fresh_database, connections):
    tamper(FEN_MORE)
    tamper("UPDATE contributions_contribution SET rule_id = NULL WHERE to_account <> 0")
    found = prove(connections)
    assert found == prove(1)
    names = {"batches sum to zero", "contributions follow their rule", "balances equal entries"}
    assert {finding.check for finding in found} >= names


def test_all_connections_see_the_moment_at_which_the_proof_began(fresh_database):
    late = []

    def commit_once():
        if not late:
            late.append(True)
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute("SET ROLE NONE; SET session_replication_role = replica")
                cursor.execute(FEN_MORE)
            other.close()

    assert prove(2, commit_once) == [] and late
    assert prove(2) != []


def test_nothing_of_a_proof_stays(fresh_database):
    with acting_as("read"), connection.cursor() as cursor:
        code, out, _errors = command("--json")
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'proof\\_%' OR relname LIKE 'proving\\_%'")
        assert (code, json.loads(out)["in_order"], cursor.fetchone()) == (0, True, (0,))


def test_what_a_check_raises_ends_the_proof(fresh_database):
    def stop():
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        prove(2, stop)
    assert prove(2) == []


def test_entries_that_name_no_row_weigh_too(db):
    """Two of them that cancel each other leave every sum of their batch as it was."""
    entry = Entry.objects.filter(kind="contrib_ind").order_by("pk").first()
    add = """
        INSERT INTO accounts_entry (person_id, booked_month, scheme, area_code, kind, batch_id, line, period, amount)
        SELECT person_id + n, booked_month, scheme, area_code, kind, batch_id, 900 + n, period, 1 - 2 * n
        FROM accounts_entry CROSS JOIN generate_series(0, 1) n
        WHERE (person_id, batch_id, line, kind) = (%s, %s, %s, 'contrib_ind')
    """
    with tampering() as cursor:
        cursor.execute(add, [entry.person_id, entry.batch_id, entry.line])
        assert cursor.rowcount == 2
    with acting_as("read"), connection.cursor() as cursor:
        found = {finding.check for finding in checks.prove(cursor)}
    assert "lines reach the accounts" in found and "batches sum to zero" not in found
