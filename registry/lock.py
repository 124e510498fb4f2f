"""One writer of the books at a time in a database: a second one waits or says so."""

import time
from contextlib import contextmanager

from django.db import connection

# The name of the lock among the database's advisory locks. Whatever posts, credits, closes or seals holds it.
WRITER = 7_650_001
PAUSE_SECONDS = 0.25


class AnotherWriterIsRunning(Exception):
    """The lock was not free within the time to wait."""


@contextmanager
def only_writer(wait_seconds=0):
    """Hold the database's writer lock for the block, or raise AnotherWriterIsRunning after `wait_seconds`.

    The lock belongs to the session: it ends with a killed process.
    """
    until = time.monotonic() + wait_seconds
    while not _try_lock():
        if time.monotonic() >= until:
            raise AnotherWriterIsRunning
        time.sleep(PAUSE_SECONDS)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [WRITER])


def _try_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [WRITER])
        return cursor.fetchone()[0]
