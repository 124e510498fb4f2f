"""The four database roles, and how a process takes one.

A process has one role: the web role by default. A management command of ours names its own. Where all
roles share one login that may act as each of them (a small operator, the tests), the role is set inside
the session; otherwise the connection is opened anew with the role's own address.
"""

import logging
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.db import connection
from psycopg.pq import TransactionStatus

DATABASE_ROLES = {"web": "portal_web", "job": "portal_job", "owner": "portal_owner", "read": "portal_read"}

# By oid, because pg_has_role raises where a role of that name does not exist.
SESSION = """
SELECT current_user,
       EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND pg_has_role(session_user, oid, 'MEMBER')),
       current_setting('role'), current_setting('statement_timeout'), current_setting('lock_timeout')
"""
SET_SESSION = """
SELECT set_config('role', %s, false), set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false)
"""


@contextmanager
def acting_as(role):
    """Run the block's SQL on the default connection as `role`: "web", "job", "owner" or "read".

    Raises RuntimeError inside a transaction when the role has a login of its own: a transaction has one login.
    """
    before = connection.settings_dict
    target = settings.ROLE_DATABASES[role]
    if before["USER"] == target["USER"]:
        with _role_in_session(role):
            yield
        return
    if connection.in_atomic_block:
        raise RuntimeError(f"acting_as({role!r}) opens another login and must stand outside the transaction.")
    connection.close()
    connection.settings_dict = {**before, **target}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


@contextmanager
def _role_in_session(role):
    with connection.cursor() as cursor:
        cursor.execute(SESSION, [DATABASE_ROLES[role]])
        current, allowed, *before = cursor.fetchone()
    if current == DATABASE_ROLES[role]:
        yield
    elif not allowed:
        _warn_of_shared_role(role, current)
        yield
    else:
        timeouts = settings.NO_TIMEOUTS | settings.ROLE_TIMEOUTS.get(role, {})
        _set_session(DATABASE_ROLES[role], timeouts["statement_timeout"], timeouts["lock_timeout"])
        try:
            yield
        finally:
            if _takes_statements():
                _set_session(*before)


def _set_session(role, statement_timeout, lock_timeout):
    with connection.cursor() as cursor:
        cursor.execute(SET_SESSION, [role, statement_timeout, lock_timeout])


def _takes_statements():
    """Whether the session still takes statements, and so keeps what was set.

    A lost connection keeps nothing; a broken transaction undoes the role with its rollback, and a statement
    now would only hide the error that broke it.
    """
    if connection.connection is None or connection.needs_rollback:
        return False
    usable = (TransactionStatus.IDLE, TransactionStatus.INTRANS)
    return connection.connection.info.transaction_status in usable


@cache
def _warn_of_shared_role(role, current):
    """Once in a process: the rights of this role are not enforced here."""
    address = settings.ROLE_URLS[role]
    logging.getLogger(__name__).warning(
        "%s is not set and the login of DATABASE_URL may not act as %s: working as %s.",
        address,
        DATABASE_ROLES[role],
        current,
    )
