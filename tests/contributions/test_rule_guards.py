"""What the web role may do to the rules by SQL of any kind: the deeds on local rules, and nothing else."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from contributions import rules
from contributions.models import LateFeeRate, RuleDeed
from contributions.models.dated import DatedRule
from registry.roles import acting_as
from tests.made_staff import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_the_web_role(db):
    """The guard asks who writes: it is the web role that it stands before."""
    with acting_as("web"):
        yield


TABLE = "contributions_latefeerate"
KEY = "local.990100.late_fee.2026-01"


def run(statement, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def refused(statement, *parameters):
    """True if a missing right, a guard or a check refuses the statement."""
    with pytest.raises(DatabaseError) as caught:
        run(statement, *parameters)
    return caught.value.__cause__.sqlstate in {"42501", "23514"}


def insert(proposer, **changes):
    values = {
        "key": KEY,
        "version": 1,
        "area_code": "990100",
        "period": "[2026-01-01,)",
        "source": "notice",
        "note": "",
        "confirmed": False,
        "origin": "local",
        "state": "draft",
        "proposed_by_id": proposer.pk,
        "daily_rate": "0.0001",
    } | changes
    places = ", ".join(["%s"] * len(values))
    return f"INSERT INTO {TABLE} ({', '.join(values)}) VALUES ({places})", *values.values()


def deed(user, kind):
    return RuleDeed.objects.create(rule_model="latefeerate", key=KEY, version=1, deed=kind, user=user)


@pytest.fixture
def draft(two_operators):
    run(*insert(two_operators[0]))
    return LateFeeRate.objects.get(key=KEY)


def test_a_draft_is_proposed_approved_by_another_and_withdrawn(draft, two_operators):
    assert run(f"UPDATE {TABLE} SET state = 'in_force', approved_by_id = %s WHERE key = %s", two_operators[1].pk, KEY)
    withdrawal = f"UPDATE {TABLE} SET state = 'withdrawn', withdrawn_at = now() WHERE key = %s"
    assert refused(withdrawal, KEY)
    deed(two_operators[0], "asked")
    assert refused(withdrawal, KEY)
    deed(two_operators[1], "withdrawn")
    assert run(withdrawal, KEY)
    assert refused(f"UPDATE {TABLE} SET state = 'in_force', withdrawn_at = NULL WHERE key = %s", KEY)


def test_who_asked_for_the_withdrawal_cannot_do_it(draft, two_operators):
    run(f"UPDATE {TABLE} SET state = 'in_force', approved_by_id = %s WHERE key = %s", two_operators[1].pk, KEY)
    deed(two_operators[0], "asked")
    deed(two_operators[0], "withdrawn")
    assert refused(f"UPDATE {TABLE} SET state = 'withdrawn', withdrawn_at = now() WHERE key = %s", KEY)


def test_a_draft_may_be_withdrawn_before_anybody_approved_it(draft):
    assert run(f"UPDATE {TABLE} SET state = 'withdrawn', withdrawn_at = now() WHERE key = %s", KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "national", "key": "990100.late_fee", "proposed_by_id": None},
        {"state": "in_force"},
        {"state": "withdrawn", "withdrawn_at": timezone.now()},
    ],
)
def test_nothing_but_a_local_draft_is_inserted(two_operators, changes):
    assert refused(*insert(two_operators[0], **changes))


def test_a_rule_already_approved_is_not_inserted(two_operators):
    assert refused(*insert(two_operators[0], state="in_force", approved_by_id=two_operators[1].pk))
    assert refused(*insert(two_operators[0], approved_by_id=two_operators[1].pk))


@pytest.mark.parametrize(
    "column",
    ["key = 'local.x'", "daily_rate = 0", "period = '[2025-01-01,)'", "source = 'x'", "note = 'x'", "confirmed = true"],
)
def test_no_column_but_those_of_the_deeds_is_updated(draft, column):
    assert refused(f"UPDATE {TABLE} SET {column} WHERE key = %s", KEY)


def test_the_proposer_cannot_approve(draft, two_operators):
    assert refused(
        f"UPDATE {TABLE} SET state = 'in_force', approved_by_id = %s WHERE key = %s", two_operators[0].pk, KEY
    )
    assert refused(f"UPDATE {TABLE} SET state = 'in_force', approved_by_id = NULL WHERE key = %s", KEY)
    assert LateFeeRate.objects.get(key=KEY).state == DatedRule.State.DRAFT


@pytest.mark.parametrize("role", ["clerk", "auditor"])
def test_only_an_operator_proposes_and_approves(draft, role):
    other = make_staff("T2001", role).user
    assert refused(f"UPDATE {TABLE} SET state = 'in_force', approved_by_id = %s WHERE key = %s", other.pk, KEY)
    assert refused(*insert(other, key="local.990100.late_fee.2027-01"))


def test_an_operator_whose_role_has_ended_does_not_approve(draft):
    former = make_staff("T2002", "operator", until="2021-01-01").user
    assert refused(f"UPDATE {TABLE} SET state = 'in_force', approved_by_id = %s WHERE key = %s", former.pk, KEY)


def test_an_approval_cannot_be_signed_over_to_somebody_else(draft, two_operators):
    run(f"UPDATE {TABLE} SET state = 'in_force', approved_by_id = %s WHERE key = %s", two_operators[1].pk, KEY)
    third = make_staff("T2003", "operator").user
    assert refused(f"UPDATE {TABLE} SET approved_by_id = %s WHERE key = %s", third.pk, KEY)
    withdrawal = f"UPDATE {TABLE} SET state = 'withdrawn', withdrawn_at = now(), approved_by_id = %s WHERE key = %s"
    assert refused(withdrawal, third.pk, KEY)


@pytest.mark.parametrize("model", rules.TABLES.values(), ids=lambda model: model.__name__)
def test_no_row_of_the_release_is_touched_in_any_table(model, two_operators):
    table, condition = model._meta.db_table, "WHERE origin = 'national'"
    assert model.objects.filter(origin="national").exists()
    for change in (
        "state = 'withdrawn', withdrawn_at = now()",
        "state = 'draft'",
        f"approved_by_id = {two_operators[0].pk}",
        "withdrawn_at = now()",
        "source = 'x'",
        "version = 9",
    ):
        assert refused(f"UPDATE {table} SET {change} {condition}")
    assert refused(f"DELETE FROM {table} {condition}")
    assert refused(f"TRUNCATE {table}")


def test_a_merge_goes_no_other_way(draft, two_operators):
    statement = (
        f"MERGE INTO {TABLE} t USING (SELECT %s::text AS key) s ON t.key = s.key "
        "WHEN MATCHED THEN UPDATE SET state = 'in_force', approved_by_id = %s"
    )
    assert refused(statement, KEY, two_operators[0].pk)
    conflict, *values = insert(two_operators[0])
    assert refused(
        f"{conflict} ON CONFLICT (key, version) DO UPDATE SET state = 'in_force', approved_by_id = %s",
        *values,
        two_operators[0].pk,
    )


def test_two_local_rules_in_force_do_not_meet(draft, two_operators):
    run(f"UPDATE {TABLE} SET state = 'in_force', approved_by_id = %s WHERE key = %s", two_operators[1].pk, KEY)
    run(*insert(two_operators[0], key=f"{KEY}.2"))
    with pytest.raises(DatabaseError) as caught:
        run(
            f"UPDATE {TABLE} SET state = 'in_force', approved_by_id = %s WHERE key = %s",
            two_operators[1].pk,
            f"{KEY}.2",
        )
    assert caught.value.__cause__.diag.constraint_name == "latefeerate_no_overlap"


@pytest.mark.parametrize("statement", ["UPDATE {} SET deed = 'approved'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_deeds_are_only_ever_added(draft, two_operators, statement):
    deed(two_operators[0], "proposed")
    assert refused(statement.format("contributions_ruledeed"))


def test_every_table_of_rules_has_its_guards():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgrelid::regclass::text, p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        )
        found = set(cursor.fetchall())
    tables = {model._meta.db_table for model in DatedRule.__subclasses__()}
    assert tables == {model._meta.db_table for model in rules.TABLES.values()}
    guards = {(table, guard) for table in tables for guard in ("keep_rule", "refuse_change", "guard_local_rule")}
    assert guards <= found
