"""One load at a time in a database: a second one waits or says so."""

import time
from contextlib import contextmanager

from django.db import connection

# The name of the lock among the database's advisory locks.
LOAD_FEED = 7_650_001
PAUSE_SECONDS = 0.25


class AnotherLoadIsRunning(Exception):
    """The lock was not free within the time to wait."""


@contextmanager
def only_load(wait_seconds=0):
    """Hold the database's load lock for the block, or raise AnotherLoadIsRunning after `wait_seconds`.

    The lock belongs to the session: it ends with a killed process.
    """
    until = time.monotonic() + wait_seconds
    while not _try_lock():
        if time.monotonic() >= until:
            raise AnotherLoadIsRunning
        time.sleep(PAUSE_SECONDS)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOAD_FEED])


def _try_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOAD_FEED])
        return cursor.fetchone()[0]
