"""Killed in the middle, run twice at once: afterwards every account has its interest once, and its statement once."""

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal as D
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, connections

from accounts import checks
from accounts.models import Account, Entry, InterestCredit, InterestYear
from registry.commands import STOPPED, TRY_LATER
from registry.lock import WRITER
from registry.roles import acting_as
from tests import staged
from tests.staged import AREA
from tests.years import credit, issue, month

PEOPLE = 60
OPENING, INTEREST = D("10000.00"), D("262.00")


def url_of(database):
    return urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{database}").geturl()


def start(database, command, *arguments):
    """The command in a process of its own, one account a transaction."""
    kept = {name: os.environ[name] for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY", "PATH")}
    environment = kept | {
        "DATABASE_URL": url_of(database),
        "PORTAL_PROFILE": "local",
        "PORTAL_ENV_FILE": os.devnull,
    }
    chosen = [command, "--year", "2024", "--area", AREA, "--chunk", "1", *arguments]
    return subprocess.Popen(
        [sys.executable, "manage.py", *chosen],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def accounts(fresh_database):
    """Many accounts of 10,000 yuan, and the name of their database."""
    staged.make_places()
    people = [staged.make_person(f"P{number}") for number in range(PEOPLE)]
    rows = [staged.opening_line(p, OPENING, month=month(2024, 1), line=n) for n, p in enumerate(people, 1)]
    staged.load("openings", rows)
    connections["default"].close()
    return fresh_database


def interrupt(database, process, table, rows, sign):
    """Send the signal once so many rows of a table are committed; the process's exit code and last words."""
    with psycopg.connect(url_of(database), autocommit=True) as watch:
        while watch.execute(f"SELECT count(*) FROM {table} WHERE area_code = '{AREA}'").fetchone()[0] < rows:
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.001)
        process.send_signal(sign)
        said, _nothing = process.communicate()
        while watch.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [WRITER]).fetchone():
            time.sleep(0.01)
    return process.returncode, said


def assert_in_order():
    with acting_as("read"), connection.cursor() as cursor:
        assert checks.prove(cursor) == []


def assert_credited_once():
    of_area = {"area_code": AREA}
    assert set(Account.objects.filter(**of_area).values_list("balance", flat=True)) == {OPENING + INTEREST}
    assert Entry.objects.filter(**of_area).count() == 2 * PEOPLE
    assert InterestCredit.objects.filter(**of_area).count() == PEOPLE
    year = InterestYear.objects.get(**of_area)
    assert (year.accounts, year.interest) == (PEOPLE, PEOPLE * INTEREST)
    assert_in_order()


@pytest.mark.parametrize(
    ("rows", "sign", "code"),
    [(1, signal.SIGKILL, -signal.SIGKILL), (25, signal.SIGKILL, -signal.SIGKILL), (12, signal.SIGTERM, STOPPED)],
)
def test_a_run_killed_half_way_is_taken_up_by_the_next(accounts, rows, sign, code):
    process = start(accounts, "credit_interest")
    got, said = interrupt(accounts, process, "accounts_interestcredit", rows, sign)
    assert got == code, said
    done = InterestCredit.objects.filter(area_code=AREA).count()
    assert rows <= done < PEOPLE
    assert not InterestYear.objects.filter(area_code=AREA).exists()
    assert_in_order()
    assert f"{PEOPLE - done} credit" in credit(2024)
    assert_credited_once()
    assert "nothing to post" in credit(2024)


@pytest.mark.parametrize("command", ["credit_interest", "issue_statements"])
def test_a_second_run_says_that_another_writes(accounts, command):
    run = credit if command == "credit_interest" else issue
    with psycopg.connect(url_of(accounts), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [WRITER])
        with pytest.raises(CommandError, match="Another command is writing the books") as refused:
            run(2024)
    assert refused.value.returncode == TRY_LATER
    assert not InterestCredit.objects.filter(area_code=AREA).exists()


def test_two_at_once_credit_once(accounts):
    """The second waits for the first, and finds nothing left to do."""
    both = [start(accounts, "credit_interest", "--wait", "60") for _number in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted("nothing to post" in words for words in said) == [False, True]
    assert_credited_once()
