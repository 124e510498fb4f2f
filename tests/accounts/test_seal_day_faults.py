"""seal_day killed, and two at once: a day is sealed whole or not at all, and the chain is that of an untouched run."""

import os
import random
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from accounts import seals
from accounts.models import Entry, Seal, SealedBatch, SealedChunk, SealedLeaf
from registry.lock import WRITER
from registry.roles import acting_as

from .sealing import day, posted_on, run

MANY = 40_000
BATCH = """
INSERT INTO accounts_batch (kind, scheme, area_code, booked_month, slip_no, source_ref, posted_at)
SELECT 'opening', 'pension', '110000', date '2026-10-01', '', 'many/' || n, now() FROM generate_series(1, 40) n
"""
ENTRIES = """
INSERT INTO accounts_entry (person_id, booked_month, scheme, area_code, kind, batch_id, line, period, amount)
SELECT 5000000 + n, b.booked_month, b.scheme, b.area_code, 'opening', b.id, n, b.booked_month, 1
FROM accounts_batch b CROSS JOIN generate_series(1, %s) n WHERE b.source_ref LIKE 'many/%%'
"""
FUND = """
INSERT INTO accounts_fundentry (batch_id, fund_account_id, amount)
SELECT b.id, a.id, -%s FROM accounts_batch b, accounts_fundaccount a
WHERE b.source_ref LIKE 'many/%%' AND (a.scheme, a.area_code, a.kind) = ('pension', '110000', 'taken_over')
"""


@pytest.fixture
def many(fresh_database):
    """A day with 40,000 entries more than the cast's, posted on day 0; nothing is sealed yet. Gives the database."""
    with acting_as("job"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BATCH)
        cursor.execute(ENTRIES, [MANY // 40])
        cursor.execute(FUND, [MANY // 40])
    with transaction.atomic():
        posted_on(0)
    connections["default"].close()
    return fresh_database


def sealing(database, *arguments):
    url = urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{database}").geturl()
    kept = {name: os.environ[name] for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY", "PATH")}
    environment = kept | {"DATABASE_URL": url, "PORTAL_PROFILE": "local", "PORTAL_ENV_FILE": os.devnull}
    return subprocess.Popen(
        [sys.executable, "manage.py", "seal_day", "--day", day(2).isoformat(), *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def server(database):
    return psycopg.connect(os.environ["TEST_DATABASE_URL"], dbname=database, autocommit=True)


def backend_that_seals(watch, statement="%"):
    """The process id of the server's side of a sealing under way whose last statement begins like this; or None."""
    found = watch.execute(
        "SELECT pid FROM pg_stat_activity a WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND query LIKE %s AND EXISTS ("
        "SELECT FROM pg_locks l WHERE l.pid = a.pid AND locktype = 'advisory' AND granted)",
        [statement],
    ).fetchone()
    return found[0] if found else None


def wait_until_gone(watch, backend):
    while watch.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [backend]).fetchone():
        time.sleep(0.01)


def nothing_is_sealed():
    return not any(model.objects.exists() for model in (Seal, SealedLeaf, SealedBatch, SealedChunk))


def snapshot():
    """All that a chain says but its salts, and what is made of them."""
    leaves = SealedLeaf.objects.order_by("day", "position")
    return (
        list(Seal.objects.values_list("day", "entries", "batches", "first_posted_at", "last_posted_at")),
        list(leaves.values_list("day", "position", "person_id", "person_seq", "batch_id", "line", "kind")),
        list(SealedBatch.objects.order_by("day", "position").values_list("day", "position", "batch_id")),
        list(SealedChunk.objects.order_by("day", "number").values_list("day", "number")),
    )


def assert_whole():
    with acting_as("read"):
        proof = seals.prove()
    assert (proof.findings, proof.waiting) == ([], 0)
    assert proof.entries == Entry.objects.count() > MANY


def undone_and_untouched(database):
    """The snapshot of a chain that nobody disturbed, from a transaction that is rolled back."""
    with transaction.atomic():
        with acting_as("job"):
            for each in seals.days_to_seal(day(2), day(2)):
                seals.seal(each)
        found = snapshot()
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(
    ("statement", "sign", "code"),
    [
        ("%COPY accounts_sealedleaf%", signal.SIGKILL, -signal.SIGKILL),
        ("FETCH%", signal.SIGKILL, -signal.SIGKILL),
        ('INSERT INTO "accounts_sealedchunk"%', signal.SIGTERM, 130),
    ],
)
def test_a_sealing_killed_half_way_leaves_nothing_and_the_next_is_whole(many, statement, sign, code):
    untouched = undone_and_untouched(many)
    connections["default"].close()
    process = sealing(many)
    with server(many) as watch:
        while not (backend := backend_that_seals(watch, statement)):
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.001)
        process.send_signal(sign)
        said, _nothing = process.communicate()
        wait_until_gone(watch, backend)
    assert process.returncode == code, said
    assert nothing_is_sealed()
    assert run("seal_day", "--day", day(2), "--wait", 30)[::2] == (0, "")
    assert snapshot() == untouched
    assert_whole()


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", range(50))
def test_a_sealing_killed_at_any_moment(many, seed):
    """Between the days too: what was sealed stays sealed, the rest follows."""
    untouched = undone_and_untouched(many)
    connections["default"].close()
    process = sealing(many)
    with server(many) as watch:
        while not (backend := backend_that_seals(watch)):
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.001)
        time.sleep(random.Random(seed).uniform(0, 1.2))
        process.kill()
        process.communicate()
        wait_until_gone(watch, backend)
    assert [seal.day for seal in Seal.objects.all()] == [day(n) for n in range(Seal.objects.count())]
    with acting_as("read"):
        assert seals.prove().findings == []
    assert run("seal_day", "--day", day(2), "--wait", 30)[::2] == (0, "")
    assert snapshot() == untouched
    assert_whole()


def test_two_at_once_one_seals_and_the_other_waits(many):
    both = [sealing(many, "--wait", "60") for _number in range(2)]
    said = sorted(process.communicate()[0] for process in both)
    assert [process.returncode for process in both] == [0, 0], said
    assert said[0].startswith("Nothing to seal: 2026-11-03 is the last day sealed")
    assert said[1].startswith(f"Sealed {day(0)} to {day(2)}: ")
    assert_whole()


def test_two_at_once_and_the_other_does_not_want_to_wait(many):
    with server(many) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [WRITER])
        process = sealing(many)
        said, _nothing = process.communicate()
    assert process.returncode == 75 and "Another command is writing the books; nothing was done." in said
    assert nothing_is_sealed()


def test_a_lost_database_is_a_sentence_and_a_code(many):
    process = sealing(many)
    with server(many) as watch:
        while not (backend := backend_that_seals(watch, "%COPY accounts_sealedleaf%")):
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.001)
        watch.execute("SELECT pg_terminate_backend(%s)", [backend])
    said, _nothing = process.communicate()
    assert process.returncode == 75 and "Traceback" not in said, said
    assert nothing_is_sealed()
