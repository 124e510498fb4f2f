import logging
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from registry import roles
from registry.roles import acting_as


def session():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('statement_timeout'), current_setting('lock_timeout')")
        return cursor.fetchone()


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def log_in_as(user, options, settings):
    connection.close()
    for each in (connection.settings_dict, *settings.ROLE_DATABASES.values()):
        each["USER"] = user
    connection.settings_dict["OPTIONS"]["options"] = options


@pytest.fixture
def stranger(fresh_database, settings):
    """A login that may act as none of the four roles, in place of the shared one."""
    superuser, options = connection.settings_dict["USER"], connection.settings_dict["OPTIONS"]["options"]
    name = f"visitor_{uuid.uuid4().hex[:8]}"
    log_in_as(superuser, "", settings)
    run(f"CREATE ROLE {name} LOGIN")
    run(f'GRANT CONNECT ON DATABASE "{fresh_database}" TO {name}')
    log_in_as(name, "", settings)
    roles._warn_of_shared_role.cache_clear()
    yield name
    log_in_as(superuser, "", settings)
    run(f"DROP OWNED BY {name}")
    run(f"DROP ROLE {name}")
    log_in_as(superuser, options, settings)


def test_a_role_lasts_as_long_as_its_block(db):
    with acting_as("job"):
        assert session()[0] == "portal_job"
        with acting_as("owner"):
            assert session()[0] == "portal_owner"
        assert session()[0] == "portal_job"
    assert session()[0] == "portal_tests"


def test_the_web_roles_limits_do_not_bind_a_job_of_the_same_login(fresh_database):
    run("SET statement_timeout = '5s'")
    run("SET lock_timeout = '2s'")
    with acting_as("job"):
        assert session() == ("portal_job", "0", "0")
    assert session() == ("portal_tests", "5s", "2s")


def test_an_error_inside_is_the_error_that_is_seen(fresh_database):
    with pytest.raises(DatabaseError, match="division by zero"), transaction.atomic(), acting_as("job"):
        run("SELECT 1 / 0")
    assert session()[0] == "portal_tests"


def test_an_error_outside_a_transaction_leaves_the_role_as_it_was(fresh_database):
    with pytest.raises(DatabaseError, match="division by zero"), acting_as("job"):
        run("SELECT 1 / 0")
    assert session()[0] == "portal_tests"


def test_an_exception_in_a_marked_transaction_is_the_one_that_is_seen(fresh_database):
    with pytest.raises(ZeroDivisionError), transaction.atomic(), acting_as("job"), transaction.atomic(savepoint=False):
        raise ZeroDivisionError
    assert session()[0] == "portal_tests"


def test_a_lost_connection_is_the_error_that_is_seen(fresh_database):
    with pytest.raises(DatabaseError, match="terminat"), acting_as("owner"):
        run("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    assert session()[0] == "portal_tests"


def test_a_login_without_the_right_goes_on_as_itself_and_says_so_once(stranger, caplog):
    with caplog.at_level(logging.WARNING, logger="registry.roles"):
        for _ in range(2):
            with acting_as("job"):
                assert session()[0] == stranger
    assert [record.getMessage() for record in caplog.records] == [
        f"JOB_DATABASE_URL is not set and the login of DATABASE_URL may not act as portal_job: working as {stranger}."
    ]


def test_a_role_that_the_server_does_not_have_is_no_error(stranger, monkeypatch):
    monkeypatch.setitem(roles.DATABASE_ROLES, "job", "portal_never_made")
    with acting_as("job"):
        assert session()[0] == stranger


def test_a_role_with_its_own_login_gets_its_own_connection(fresh_database, settings):
    settings.ROLE_DATABASES = settings.ROLE_DATABASES | {"job": connection.settings_dict | {"USER": "portal_job"}}
    settings.ROLE_DATABASES["job"]["OPTIONS"] = {
        name: value for name, value in connection.settings_dict["OPTIONS"].items() if name != "options"
    }
    with acting_as("job"):
        run("SELECT session_user")
        assert connection.settings_dict["USER"] == "portal_job"
        assert session()[0] == "portal_job"
    assert session()[0] == "portal_tests"
    with pytest.raises(RuntimeError, match="outside the transaction"), transaction.atomic(), acting_as("job"):
        pass
