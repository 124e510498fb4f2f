from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from registry.roles import acting_as


def run_as_owner(statement, *values):
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute(statement, values)


def assert_not_ready(client, reason):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content.decode()) == (503, reason)
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_portal_in_order_says_ok_to_anybody(db, client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_probe_only_asks(client, address):
    assert client.post(address).status_code == 405


def test_ready_needs_the_database(fresh_database, client):
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = options | {"host": "/nonexistent"}
    assert client.get("/healthz").status_code == 200
    assert_not_ready(client, "database")
    connection.settings_dict["OPTIONS"] = options
    assert client.get("/readyz").status_code == 200


def test_ready_needs_every_migration(db, client):
    run_as_owner("DELETE FROM django_migrations WHERE app = 'registry'")
    assert_not_ready(client, "migrations")


@pytest.mark.parametrize("fault", ["DROP POLICY wall ON {}", "ALTER TABLE {} DISABLE ROW LEVEL SECURITY"])
@pytest.mark.parametrize("table", ["accounts_entry", "registry_disability", "inquiries_accesslog"])
def test_ready_needs_every_wall(db, client, table, fault):
    run_as_owner(fault.format(table))
    assert_not_ready(client, "walls")


@pytest.mark.parametrize(
    "table", ["contributions_assessment", "contributions_contribution", "accounts_entry", "inquiries_accesslog"]
)
def test_ready_needs_next_years_partitions(db, client, table):
    run_as_owner(f"DROP TABLE {table}_y{timezone.localdate().year + 1}")
    assert_not_ready(client, "partitions")


def test_the_year_is_the_one_of_the_portals_time_zone(db, client, monkeypatch):
    year = timezone.localdate().year
    run_as_owner(f"DROP TABLE accounts_entry_y{year + 2}")
    last_evening = datetime(year, 12, 31, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(timezone, "now", lambda: last_evening)
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: last_evening.replace(year=year + 1, month=1, day=1, hour=0))
    assert_not_ready(client, "partitions")


def test_ready_needs_room_on_the_disk(db, client, settings):
    settings.MINIMUM_FREE_MB = 10**12
    assert_not_ready(client, "disk")
