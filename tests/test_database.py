"""The ground of all other tests: roles that are felt, transactions that are undone, databases of one's own."""

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from portal import health
from registry.models import Area
from registry.roles import acting_as

NOWHERE_AREA = {"code": "999999", "name": "无此地"}


def current_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def test_a_test_works_as_its_own_role_with_the_rights_of_the_web_role(db):
    assert current_role() == "portal_tests"


def test_a_page_works_as_the_web_role(db, monkeypatch):
    seen = []
    monkeypatch.setattr(health, "reason_not_ready", lambda: seen.append(current_role()))
    Client().get(reverse("readyz"))
    assert seen == ["portal_web"]
    assert current_role() == "portal_tests"


def test_a_test_cannot_write_a_record_either(db):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Area.objects.create(**NOWHERE_AREA)
    assert not Area.objects.filter(code="999999").exists()


def test_the_job_role_can(db, as_job):
    with as_job():
        Area.objects.create(**NOWHERE_AREA)
    assert current_role() == "portal_tests"
    assert Area.objects.filter(code="999999").exists()


def test_nothing_of_the_test_before_is_left(db):
    assert not Area.objects.filter(code="999999").exists()


def test_nobody_may_empty_a_table_of_records(db, as_job):
    with pytest.raises(ProgrammingError, match="permission denied"), as_job(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE contributions_contribution")


@pytest.mark.parametrize("_time", ["first", "second"])
def test_a_fresh_database_keeps_its_commits_to_itself(fresh_database, as_job, _time):
    assert not connection.in_atomic_block
    assert not Area.objects.filter(code="999999").exists()
    with as_job():
        Area.objects.create(**NOWHERE_AREA)
    connection.close()
    assert Area.objects.filter(code="999999").exists()


def test_a_fresh_database_works_as_the_tests_role(fresh_database):
    assert connection.settings_dict["NAME"] == fresh_database
    assert current_role() == "portal_tests"


def test_after_a_fresh_database_the_next_test_is_back_in_the_common_one(db, django_db_setup):
    assert connection.settings_dict["NAME"] == django_db_setup
    assert not Area.objects.filter(code="999999").exists()


def probe(live_server):
    try:
        with urlopen(f"{live_server}/readyz", timeout=30) as answer:  # noqa: S310 - our own server
            return answer.read()
    except HTTPError as error:
        return error.read()


def test_a_live_server_sees_what_the_test_committed(live_server):
    assert probe(live_server) == b"ok"
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'portal'")
    assert probe(live_server) == b"migrations"
