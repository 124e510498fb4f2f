"""The four database roles, and how a process takes one.

A process has one role: the web role by default. A management command of ours names its own. Where all
roles share one login that may act as each of them (a small operator, the tests), the role is set inside
the session; otherwise the connection is opened anew with the role's own address.
"""

from contextlib import contextmanager

from django.conf import settings
from django.db import connection

DATABASE_ROLES = {"web": "portal_web", "job": "portal_job", "owner": "portal_owner", "read": "portal_read"}


@contextmanager
def acting_as(role):
    """Run the block's SQL on the default connection as `role`: "web", "job", "owner" or "read"."""
    before = connection.settings_dict
    target = settings.ROLE_DATABASES[role]
    if before["USER"] == target["USER"]:
        with _role_in_session(role):
            yield
        return
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
        cursor.execute("SELECT current_user, pg_has_role(session_user, %s, 'MEMBER')", [DATABASE_ROLES[role]])
        previous, allowed = cursor.fetchone()
        if allowed and previous != DATABASE_ROLES[role]:
            cursor.execute(f"SET ROLE {DATABASE_ROLES[role]}")
    try:
        yield
    finally:
        if allowed and previous != DATABASE_ROLES[role]:
            with connection.cursor() as cursor:
                cursor.execute(f'SET ROLE "{previous}"')
