"""The command that posts approved corrections: whole or not at all, each once, however it is ended or doubled."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from decimal import Decimal
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from accounts import checks, corrections
from accounts.models import Account, Batch, Correction, Entry
from registry.lock import WRITER
from registry.models import InsuredPerson
from registry.roles import acting_as
from tests.cast import CAST

from .correcting import approve, operator, right

COUNT = 12


def address(database):
    return urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{database}").geturl()


def account():
    person = InsuredPerson.objects.with_number("citizen", CAST.wang.number).get()
    return Account.objects.get(person=person, scheme="pension")


@pytest.fixture
def approved(fresh_database):
    """Twelve approved corrections of one yuan each, on the account of Wang."""
    found = []
    for number in range(COUNT):
        with transaction.atomic():
            words = {"reason": "A yuan was lost", "document_ref": f"2026-{number}"}
            asked = corrections.ask(account(), [], [right("manual", "1.00")], by=operator(), **words)
        found.append(approve(asked))
    return found


def run(*arguments):
    out, errors = io.StringIO(), io.StringIO()
    call_command("post_corrections", *arguments, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


def in_a_process(database, *arguments):
    kept = {name: os.environ[name] for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY", "PATH")}
    environment = kept | {"DATABASE_URL": address(database), "PORTAL_PROFILE": "local", "PORTAL_ENV_FILE": os.devnull}
    return subprocess.Popen(
        [sys.executable, "manage.py", "post_corrections", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def books_are_in_order():
    with acting_as("read"), transaction.atomic(), connection.cursor() as cursor:
        return checks.prove(cursor) == []


def test_all_are_posted_and_a_second_run_has_nothing_to_do(approved):
    before = account().balance
    assert run() == (f"Corrections posted: {COUNT}; not posted: 0.\n", "")
    assert account().balance == before + COUNT
    assert run() == ("Corrections posted: 0; not posted: 0.\n", "")
    assert account().balance == before + COUNT
    assert books_are_in_order()


def test_what_cannot_be_posted_is_said_and_the_rest_is_posted(approved):
    with transaction.atomic():
        much = corrections.ask(
            account(), [], [right("manual", "-99999999.00")], by=operator(), reason="r", document_ref="d"
        )
    approve(much)
    out, errors = run()
    assert out == f"Corrections posted: {COUNT}; not posted: 1.\n"
    assert errors == f"Correction {much.pk}: Not posted: the account would fall below zero.\n"
    much.refresh_from_db()
    assert (much.state, much.outcome) == ("failed", "below_zero")


def test_another_writer_is_waited_for_or_named(approved, fresh_database):
    with psycopg.connect(address(fresh_database), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [WRITER])
        with pytest.raises(CommandError, match="Another command is writing the books") as refused:
            run()
    assert refused.value.returncode == 75
    assert not Correction.objects.posted().exists()


def test_two_at_once_post_each_once(approved, fresh_database):
    before = account().balance
    connections["default"].close()
    both = [in_a_process(fresh_database, "--wait", "120") for _each in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum(int(re.search(r"posted: (\d+);", text)[1]) for text in said) == COUNT
    assert account().balance == before + COUNT
    assert books_are_in_order()


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_killed_in_the_middle_of_a_posting_nothing_of_it_stays(approved, fresh_database, sign):
    """Its entries and the balance are written already when it comes to the fund account, which somebody holds."""
    before, entries = account().balance, Entry.objects.count()
    connections["default"].close()
    with (
        psycopg.connect(address(fresh_database)) as holder,
        psycopg.connect(address(fresh_database), autocommit=True) as watch,
    ):
        holder.execute(
            "INSERT INTO accounts_fundaccount (scheme, area_code, kind) VALUES ('pension', '110000', 'adjustments')"
        )
        posting = in_a_process(fresh_database)
        while not watch.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone():
            assert posting.poll() is None, posting.stdout.read()
            time.sleep(0.01)
        posting.send_signal(sign)
        if sign == signal.SIGKILL:
            posting.wait()
        holder.rollback()
        posting.communicate()
    assert posting.returncode != 0
    done = Correction.objects.posted().count()
    assert done <= (0 if sign == signal.SIGKILL else 1)
    assert account().balance == before + done
    assert Entry.objects.count() == entries + done
    run("--wait", "60")
    assert account().balance == before + COUNT
    assert Batch.objects.filter(kind="manual").count() == COUNT
    assert account().balance - before == Decimal(COUNT)
    assert books_are_in_order()
