"""Each run of check_books is kept, in order or not; who may only read keeps none."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

from accounts import proofs
from accounts.models import Proof
from registry.commands import Refused
from registry.roles import acting_as


def prove(*arguments):
    call_command("check_books", *arguments, stdout=io.StringIO(), stderr=io.StringIO())


@pytest.mark.django_db
def test_a_run_in_order_is_kept_with_what_it_went_over():
    prove()
    proof = Proof.objects.get()
    assert proof.is_in_order
    assert proof.counts["entries"] > 0
    assert proof.version == proofs.version()
    assert proof.checks > 10


@pytest.mark.django_db
def test_a_run_that_finds_something_is_kept_before_it_fails():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE accounts_account SET prior_years = prior_years + 1 WHERE scheme = 'pension'")
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE portal_tests")
    with pytest.raises(Refused):
        prove()
    proof = Proof.objects.get()
    assert not proof.is_in_order
    assert {check for check, _sentence in proof.findings} == {"balances equal entries"}


@pytest.mark.django_db
def test_who_may_only_read_proves_without_a_record():
    prove("--without-record")
    assert not Proof.objects.exists()


def test_the_proof_itself_cannot_write_and_its_record_stays(fresh_database):
    prove("--json")
    assert Proof.objects.count() == 1
    with acting_as("read"), connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('accounts_proof', 'INSERT')")
        assert cursor.fetchone() == (False,)
