"""A durable cluster of its own that may be crashed, databases on it, and what their books say."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

from dev import ADDRESSES
from portal import embedded_postgres

READY = "ready"
KEPT = ("SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY", "PATH")
# What the ledger says, without the numbers that a sequence gives anew in a second attempt.
SOURCE = "regexp_replace(source_ref, 'file/[0-9]+', 'file/N')"
SNAPSHOT = {
    "batch": f"SELECT {SOURCE}, kind, booked_month, employer_id FROM accounts_batch",
    "entry": "SELECT person_id, booked_month, scheme, area_code, kind, line, period, amount, feed_row, "
    "(SELECT kind FROM accounts_batch WHERE id = batch_id) FROM accounts_entry",
    "fund": f"SELECT (SELECT {SOURCE} FROM accounts_batch WHERE id = batch_id), a.kind, amount "
    "FROM accounts_fundentry f JOIN accounts_fundaccount a ON a.id = f.fund_account_id",
    "account": "SELECT person_id, scheme, area_code, status, year, current_year, prior_years, opened_month, "
    "last_booked_month FROM accounts_account",
    "contribution": "SELECT person_id, booked_month, scheme, slip_no, line, to_account, feed_row "
    "FROM contributions_contribution",
    "reversal": "SELECT person_id, booked_month, scheme, area_code, kind, line, by_booked_month, by_line "
    "FROM accounts_reversal",
    "interest": "SELECT person_id, period, scheme, area_code, booked_month, opening, credits, credit_product, payouts, "
    "payout_product, on_opening, on_credits, removed FROM accounts_interestcredit",
    "interest year": "SELECT scheme, area_code, year, is_provisional, accounts, interest FROM accounts_interestyear",
    "statement": "SELECT * FROM accounts_statement",
    "closed year": "SELECT scheme, area_code, year FROM accounts_closedyear",
    # Salts are drawn anew, and with them leaves and roots; verify_seals proves that they belong together.
    "seal": "SELECT day, algorithm, entries, batches FROM accounts_seal",
    "sealed": "SELECT person_id, person_seq, booked_month, scheme, area_code, kind, line FROM accounts_sealedleaf",
    "file": "SELECT name, kind, lines, added, total FROM registry_feedfile WHERE state = 'loaded'",
}


@contextmanager
def crashable():
    """A Ground on a cluster that keeps what was committed, whatever happens to the server."""
    account = embedded_postgres.server_account()
    place = Path(tempfile.mkdtemp(prefix="portal-crash-", dir="/tmp"))
    place.chmod(0o755)
    cluster = embedded_postgres.Cluster(place / "pg", account, {"shared_buffers": "128MB", "max_connections": "40"})
    try:
        cluster.start()
        yield Ground(cluster, place)
    finally:
        cluster.stop(mode="immediate")
        shutil.rmtree(place, ignore_errors=True)


class Ground:
    """Databases of one cluster, and the portal's commands on them."""

    def __init__(self, cluster, folder):
        self.cluster, self.folder = cluster, folder

    def url(self, database):
        return self.cluster.url(embedded_postgres.SUPERUSER, database)

    def start(self, database, *arguments):
        """Begin a management command on a database; gives the process."""
        environment = {name: os.environ[name] for name in KEPT}
        environment |= {"PORTAL_PROFILE": "local", "PORTAL_ENV_FILE": os.devnull}
        # Two workers prepare a release at once; pages' files in one folder would be taken from under each other.
        environment["STATIC_ROOT"] = str(self.folder / "static")
        environment |= {name: self.cluster.url(role, database) for name, role in ADDRESSES.items()}
        return subprocess.Popen(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def manage(self, database, *arguments):
        """Run a command to its end, which must be a good one; gives what it said."""
        process = self.start(database, *arguments)
        said, _nothing = process.communicate()
        assert process.returncode == 0, f"{arguments}: {said}"
        return said

    def new_database(self, name):
        bindir, address = self.cluster.bindir, self.url("postgres")
        made = embedded_postgres.psql(
            bindir, address, "--set", f"database={name}", "--file", embedded_postgres.ROLES_SQL
        )
        assert made.returncode == 0, made.stderr
        self.manage(name, "prepare_portal")

    def clone(self, name, template=READY):
        self._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._on_server("CREATE DATABASE {} TEMPLATE {} OWNER portal_owner", name, template)
        # Rights on the database itself are no part of a template.
        rights = "GRANT CONNECT, TEMPORARY ON DATABASE {} TO portal_owner, portal_job, portal_web, portal_read"
        self._on_server(rights, name)

    def _on_server(self, statement, *names):
        with closing(psycopg.connect(self.url("postgres"), autocommit=True)) as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def snapshot(self, database):
        """{table: its rows in order}, as text."""
        with closing(psycopg.connect(self.url(database))) as server:
            return {name: sorted(map(str, server.execute(query))) for name, query in SNAPSHOT.items()}

    def crash(self, process, fault):
        """Do `fault` to a running command or to its server, and see both to their end."""
        if fault == "server":
            self.cluster.stop(mode="immediate")
        else:
            process.send_signal({"SIGKILL": signal.SIGKILL, "SIGTERM": signal.SIGTERM}[fault])
        process.communicate()
        if fault == "server":
            self.cluster.start()

    def wait_until_alone(self, database):
        """Until the server's side of a killed command is gone too."""
        gone = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        with closing(psycopg.connect(self.url("postgres"), autocommit=True)) as server:
            while server.execute(gone, [database]).fetchone()[0]:
                time.sleep(0.02)


def moments(tries, seconds, seed):
    """Random moments within the time that an undisturbed run takes, the start of Python left out."""
    draw = random.Random(seed)
    return [draw.uniform(min(0.6, seconds / 2), seconds) for _try in range(tries)]
