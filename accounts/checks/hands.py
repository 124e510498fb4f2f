"""The parts of the proof on several connections at once, all of them in one snapshot."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import connection

TUNING = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off;"
# Each connection is one processor's work: helpers of its own would only take the others' time.
ALONE = "SET LOCAL max_parallel_workers_per_gather = 0;"
# What a session of ours sets for itself.
SESSION = ("TimeZone", "statement_timeout", "lock_timeout", "plan_cache_mode", "role")


@dataclass(frozen=True)
class Part:
    """Checks that one connection makes, one after the other, and what sums up for them first."""

    checks: tuple
    sums: Callable | None = None


def work(cursor, parts, run, make_ready, connections=1):
    """Call `run(check, cursor)` for every check of the parts, over the cursor's connection and as many more as asked.

    `make_ready(cursor)` is called once on each connection, in the transaction of the proof. What a check raises is
    raised here, after the other connections have been told to stop.
    """
    left = deque(parts)
    if connections == 1:
        _take(cursor, left, run, make_ready, TUNING)
        return
    snapshot, session, opened = _export(cursor), _session(cursor), []
    login, told_as_ours = connection.get_connection_params(), connection.wrap_database_errors

    def join():
        with told_as_ours, _another(login, session) as other, other.cursor() as its:
            opened.append(other)
            its.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            _take(its, left, run, make_ready, TUNING + ALONE, reads_only=True)

    with ThreadPoolExecutor(connections - 1) as pool:
        try:
            joined = [pool.submit(join) for _number in range(connections - 1)]
            _take(cursor, left, run, make_ready, TUNING + ALONE, reads_only=True)
            for future in joined:
                future.result()
        except BaseException:
            left.clear()
            for other in opened:
                other.cancel()
            raise


def _take(cursor, left, run, make_ready, tuning, *, reads_only=False):
    """Make one part after the other for as long as some are left."""
    make_ready(cursor)
    if reads_only:
        cursor.execute("SET TRANSACTION READ ONLY")
    cursor.execute(tuning)
    try:
        while part := _next(left):
            if part.sums:
                part.sums(cursor)
            for check in part.checks:
                run(check, cursor)
    except BaseException:
        left.clear()
        raise


def _next(left):
    try:
        return left.popleft()
    except IndexError:
        return None


def _export(cursor):
    cursor.execute("SELECT pg_export_snapshot()")
    return cursor.fetchone()[0]


def _session(cursor):
    cursor.execute("SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [list(SESSION)])
    return cursor.fetchall()


@contextmanager
def _another(login, session):
    """A connection of psycopg with a login of Django's and a session's settings; undone and closed at the end."""
    other = psycopg.connect(**login)
    try:
        other.autocommit = True
        for name, value in session:
            other.execute("SELECT set_config(%s, %s, false)", [name, value])
        other.autocommit = False
        other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield other
        other.rollback()
    finally:
        other.close()
