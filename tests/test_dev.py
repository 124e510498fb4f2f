"""dev.py as a person meets it: one clear sentence for what can go wrong, and nothing left half-done."""

import ast
import importlib.util
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
UNSET = ("DATABASE_URL", "TEST_DATABASE_URL", "SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY", "PORTAL_ENV_FILE")


def dev_module(path=ROOT / "dev.py"):
    specification = importlib.util.spec_from_file_location("dev", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


dev = dev_module()


def environment(**changes):
    """This process's environment without what tests/settings.py set, changed."""
    ours = ("PORTAL_", "JOB_", "OWNER_", "READ_", "DJANGO_", "PYTEST_", "TEST_")
    kept = {name: value for name, value in os.environ.items() if name not in UNSET and not name.startswith(ours)}
    return kept | changes


def run_dev(checkout, *arguments, **changes):
    return subprocess.run(
        [sys.executable, "dev.py", *arguments],
        cwd=checkout,
        env=environment(**changes),
        capture_output=True,
        text=True,
        check=False,
    )


def assert_one_sentence(answer, words, code=1):
    assert answer.returncode == code, answer.stderr
    lines = answer.stderr.strip().splitlines()
    assert len(lines) == 1, answer.stderr
    assert words in lines[0]


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp(prefix="portal-checkout-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def checkout(folder):
    """The checkout's own files, as they are now, in another place; its server is stopped at the end."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    place = folder / "checkout"
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    yield place
    if (place / "var").exists():
        run_dev(place, "reset", "--yes")


@pytest.fixture
def installed(checkout):
    """A checkout whose .venv is this environment, marked as complete."""
    venv = checkout / ".venv"
    venv.mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (venv / part).symlink_to(Path(sys.prefix) / part)
    for lock in dev.WITHIN:
        (venv / f"{lock}.stamp").write_text(dev_module(checkout / "dev.py").stamp_of(lock))
    return checkout


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.fixture
def free_port(taken_port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        return other.getsockname()[1]


def test_without_a_command_it_says_what_there_is():
    answer = run_dev(ROOT)
    assert answer.returncode == 0
    for command in dev.COMMANDS:
        assert re.search(rf"^{command} ", answer.stdout, re.MULTILINE), command


def test_an_unknown_command_is_a_usage_error():
    assert run_dev(ROOT, "srve").returncode == 2


def test_a_port_in_use(taken_port):
    assert_one_sentence(run_dev(ROOT, "run", "--port", str(taken_port)), f"Port {taken_port} is in use")
    assert_one_sentence(run_dev(ROOT, "run", PORT=str(taken_port)), f"make run PORT={taken_port + 1}")


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1", "٣"])
def test_no_port_at_all(port):
    assert_one_sentence(run_dev(ROOT, "run", f"--port={port}"), f"{port} is no port")


def test_an_old_python():
    code = (
        "import runpy, sys; sys.version_info = (3, 9, 2); sys.argv = ['dev.py', 'run'];"
        "runpy.run_path('dev.py', run_name='__main__')"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert_one_sentence(answer, "needs Python 3.11 or newer, this is 3.9")


def test_an_old_python_can_read_it():
    ast.parse((ROOT / "dev.py").read_text(), feature_version=(3, 7))


def test_no_network(checkout):
    """Nor is what an interrupted installation left behind believed."""
    venv = checkout / ".venv"
    venv.mkdir()
    for name in ("unfinished", "run.stamp", "left-over"):
        (venv / name).write_text("")
    answer = run_dev(checkout, "run", "--port", "8999", PIP_INDEX_URL="http://127.0.0.1:9/", PIP_CONFIG_FILE=os.devnull)
    assert_one_sentence(answer, "The package registry could not be reached")
    assert not (venv / "run.stamp").exists()
    assert not (venv / "left-over").exists()
    assert (venv / "unfinished").exists()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "is not the one that"),
        (
            "NewConnectionError: Failed to establish a new connection: [Errno -3] Temporary failure",
            "is there a network",
        ),
        ("ERROR: something new", "pip.log says why"),
    ],
)
def test_what_pip_says_becomes_a_sentence(output, sentence):
    with pytest.raises(dev.Trouble, match=sentence):
        dev.explain(output, "pip.log says why")


def test_no_room_on_the_disk(tmp_path):
    with pytest.raises(dev.Trouble, match=r"Only \d+ MB are free on the disk of"):
        dev.require(10**12, tmp_path)


def test_a_file_in_the_way_is_named(checkout):
    (checkout / "var").write_text("")
    assert_one_sentence(run_dev(checkout, "run", "--port", "8999"), f"File exists: {checkout / 'var'}")


def test_an_operators_database_is_never_started_or_stopped(installed):
    """With DATABASE_URL the launcher is not even imported: it is not there."""
    (installed / "portal" / "embedded_postgres.py").unlink()
    url = "postgresql://portal_web@/portal?host=/nonexistent"
    assert_one_sentence(run_dev(installed, "stop", DATABASE_URL=url), "not the portal's to stop")
    answer = run_dev(installed, "manage", "check", DATABASE_URL=url)
    assert answer.returncode == 0, answer.stderr
    (installed / ".env").write_text(f"# ours\nexport DATABASE_URL={url}\n")
    assert_one_sentence(run_dev(installed, "stop"), "not the portal's to stop")


def test_the_keys_are_made_once_and_for_their_owner_alone(installed):
    assert run_dev(installed, "manage", "check").returncode == 0
    keys = installed / "var" / "secrets.env"
    first = keys.read_text()
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert [line.partition("=")[0] for line in first.splitlines()] == ["SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY"]
    assert run_dev(installed, "manage", "check").returncode == 0
    assert keys.read_text() == first
    keys.unlink()
    assert_one_sentence(run_dev(installed, "manage", "check"), "python3 dev.py reset --yes")
    assert run_dev(installed, "reset").returncode == 1
    assert run_dev(installed, "reset", "--yes").returncode == 0
    assert run_dev(installed, "manage", "check").returncode == 0
    assert keys.read_text() != first


def serve(checkout, port):
    return subprocess.Popen(
        [sys.executable, "dev.py", "run", "--port", str(port)],
        cwd=checkout,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # Tests that run in the background of a shell would hand down an ignored Ctrl-C.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - before any thread
    )


def read_until(process, words):
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    pytest.fail(f"ended without {words!r}: {said}")


def first_page(port):
    """The home page, asked for until the server has opened its port."""
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            time.sleep(0.2)


def test_run_can_be_interrupted_serves_stops_and_serves_again(installed, free_port):
    process = serve(installed, free_port)
    said = read_until(process, "Preparing the database")
    os.killpg(process.pid, signal.SIGINT)
    said += process.communicate()[0]
    assert process.returncode == 130
    assert "Traceback" not in said
    assert said.endswith("Stopped; run the command again to go on.\n")

    for end in (signal.SIGINT, signal.SIGTERM):
        process = serve(installed, free_port)
        said = read_until(process, f"http://127.0.0.1:{free_port}/")
        assert "社保账户查询" in first_page(free_port)
        assert_one_sentence(run_dev(installed, "run", "--port", str(free_port)), "is in use")
        os.killpg(process.pid, end)
        said += process.communicate()[0]
        assert process.returncode == 0, said
        assert "Traceback" not in said
    assert "The embedded database is stopped." in run_dev(installed, "stop").stdout
    assert "does not run" in run_dev(installed, "stop").stdout
