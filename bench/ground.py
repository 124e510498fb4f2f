"""The ground of the measurements: a cluster of their own, databases prepared as for a release, and what runs on them.

The cluster is durable like an operator's (fsync, synchronous commit, full-page writes, autovacuum: PostgreSQL's
defaults); only its memory and the distance of its checkpoints are set. It lies in the temp directory (TMPDIR).
"""

import base64
import os
import secrets
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql

from dev import ADDRESSES
from portal import embedded_postgres

from .process import ROOT, Failed, timed

SERVER = {"shared_buffers": "512MB", "max_wal_size": "8GB"}
EMPTY = "empty"
FEWEST_EMPLOYERS = 12
STATED = ("server_version", "shared_buffers", "max_wal_size", "fsync", "synchronous_commit", "autovacuum")

YEARS = """
SELECT extract(year FROM min(opened_month))::int, extract(year FROM max(last_booked_month))::int FROM accounts_account
"""


def say(sentence):
    """What is being done now, on standard error: standard output is the table's."""
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


@contextmanager
def open_ground():
    """A Ground for the length of the block; nothing of it is left afterwards."""
    with embedded_postgres.throw_away(SERVER) as url, TemporaryDirectory(prefix="portal-bench-") as folder:
        yield Ground(url, Path(folder))


class Ground:
    """The cluster, a folder for files, and the environment in which the portal's own programs run on a database."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder
        self.bindir, _version = embedded_postgres.find_binaries()
        keys = [base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(3)]
        self._made = {}
        self._keys = {"SECRET_KEY": keys[0], "ENCRYPTION_KEYS": f"k1:{keys[1]}", "LOOKUP_KEY": keys[2]}

    def address(self, role, database):
        return self.url.replace("postgres@/postgres", f"{role}@/{database}")

    def environment(self, database):
        """The environment of the portal's processes on a database, as `dev.py run` makes it."""
        addresses = {name: self.address(role, database) for name, role in ADDRESSES.items()}
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))}
        local = {
            "PORTAL_PROFILE": "local",
            "PORTAL_ENV_FILE": os.devnull,
            "STATIC_ROOT": str(self.folder / "static"),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        return ours | local | self._keys | addresses

    def command(self, *arguments):
        return [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)]

    def manage(self, database, *arguments):
        """Run a management command on a database to its end; Failed with its last words otherwise."""
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment(database),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"manage.py {arguments[0]} failed: {(done.stderr or done.stdout)[-2000:]}")

    def new_database(self, name):
        """A database with its roles, migrated and prepared by the commands of a release."""
        self._once(EMPTY, self._prepare)
        self.clone(EMPTY, name)
        return name

    def fed_database(self, asked):
        """The database that holds the whole feed, made at the first call: its name, and the Run that loaded it."""
        return self._once("portal", lambda: self._feed("portal", asked))

    def close_years(self, database):
        """Credit the interest of every complete year of a database and issue its statements, at the first call."""
        self._once(f"closed years of {database}", lambda: self._close_years(database))

    def _close_years(self, database):
        first, last = self.one(database, YEARS)
        for year in range(first, last):
            say(f"Crediting and closing {year} ...")
            self.manage(database, "credit_interest", "--year", year)
            self.manage(database, "issue_statements", "--year", year)
        self.settle(database)

    def _prepare(self):
        say("Preparing a database ...")
        arguments = ("--set", f"database={EMPTY}", "--file", str(embedded_postgres.ROLES_SQL))
        made = embedded_postgres.psql(self.bindir, self.url, *arguments)
        if made.returncode:
            raise Failed(made.stderr)
        self.manage(EMPTY, "prepare_portal")

    def _feed(self, name, asked):
        folder = self.make_feed(asked.people, asked.years, asked.seed)
        self.new_database(name)
        say("Loading the whole feed ...")
        run = timed(self.load_command(folder), self.environment(name))
        self.settle(name)
        return name, run

    def _once(self, name, make):
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def clone(self, template, name):
        """A copy of a database that nobody is connected to; an older copy of that name is dropped."""
        self.drop(name)
        self._on_server("CREATE DATABASE {} TEMPLATE {} OWNER portal_owner", name, template)
        # Rights on the database itself are not copied.
        self._on_server(
            "GRANT CONNECT, TEMPORARY ON DATABASE {} TO portal_owner, portal_job, portal_web, portal_read", name
        )

    def drop(self, name):
        self._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def settle(self, database):
        """Statistics and visibility as autovacuum would leave them after a while, and nothing left to write back."""
        with self.connected(database) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")

    def connected(self, database, role="postgres"):
        return closing(psycopg.connect(self.address(role, database), autocommit=True))

    def one(self, database, question):
        """The first row of a query's answer."""
        with self.connected(database) as connection:
            return connection.execute(question).fetchone()

    def make_feed(self, people, years, seed):
        """The folder with the files of an invented population, made at the first call."""
        folder = self.folder / f"feed-{people}-{years}-{seed}"
        self._once(folder, lambda: self._make_feed(folder, people, years, seed))
        return folder

    def _make_feed(self, folder, people, years, seed):
        say(f"Making the files of {people:,} people over {years} years ...")
        employers = max(FEWEST_EMPLOYERS, people // 20)
        numbers = {"people": people, "employers": employers, "years": years, "seed": seed}
        options = [word for name, value in numbers.items() for word in (f"--{name}", value)]
        self.manage(EMPTY, "make_feed", *options, "--out", folder)

    def load_command(self, *paths):
        return self.command("load_feed", "--verbosity", 0, "--rejects", self.folder / "rejects", *paths)

    def load(self, database, *paths):
        self.manage(database, *self.load_command(*paths)[2:])

    def server_settings(self):
        with self.connected("postgres") as connection:
            return {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in STATED}

    def _on_server(self, statement, *names):
        with self.connected("postgres") as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
