#!/usr/bin/env python3
"""Set up, run and test the portal. Needs Python 3.11 and the package registry alone; `python3 dev.py --help` lists all.

run [--port N]   set up what is missing and serve the portal on this machine (make run, make run PORT=8001)
test [...]       set up what is missing and run the tests; arguments go to pytest
acceptance       the tests with the long ones
bench [...]      repeatable measurements (bench/README.md): python3 dev.py bench pages --people 1000 --years 10
stop             stop the embedded database; its data stay
manage ...       a management command on the same database: python3 dev.py manage check_books
lint             every check that needs no database
messages [...]   gather the texts to translate and compile the catalogue; --check only compares
reset --yes      throw the embedded database and its keys away
"""

import argparse
import base64
import errno
import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SECRETS = VAR / "secrets.env"
ADDRESSES = {
    "DATABASE_URL": "portal_web",
    "JOB_DATABASE_URL": "portal_job",
    "OWNER_DATABASE_URL": "portal_owner",
    "READ_DATABASE_URL": "portal_read",
}
ROOMS = ("portal", "documents", "accounts", "contributions", "inquiries", "registry")
LINTS = (
    ("ruff", "-m", "ruff", "check", "--quiet", "."),
    ("ruff format", "-m", "ruff", "format", "--check", "--quiet", "."),
    # What ruff looks at too (processes, SQL made of text) stays with ruff: pyproject.toml says for which files and why.
    ("bandit", "-m", "bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *ROOMS, "manage.py"),
    ("djlint", "-m", "djlint", "templates", "--lint", "--quiet"),
    (
        "import-linter",
        "-c",
        "from importlinter.cli import lint_imports_command as lint; lint()",
        "--no-cache",
        "--no-logo",
    ),
    # The database is away while linting; Django's remark about it is the one warning left out.
    ("migrations", "-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"),
    ("messages", ".ci/messages.py", "--check"),
)
# The locks that another lock holds whole.
WITHIN = {"run": (), "test": ("run",), "browser": ("test", "run"), "lint": ("test", "run")}
INSTALL_MEGABYTES = 700
TEST_MEGABYTES = 400
BENCH_MEGABYTES = 2000
RUN_MEGABYTES = 200
# What pip prints, and what it means to the person who waits for it.
PIP_CAUSES = (
    (r"No space left on device", "The disk is full: free some room, then try again."),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that requirements/ pins: nothing was installed.",
    ),
    (
        r"NewConnectionError|name resolution|Name or service|timed out|TimeoutError|ProxyError|SSLError|"
        r"Could not fetch|Could not find a version|No matching distribution",
        "The package registry could not be reached, so the packages can't be installed: is there a network?",
    ),
)


class Trouble(Exception):
    """Something the person at the terminal can mend; the message is one sentence."""


def say(sentence):
    print(sentence, flush=True)


def require(megabytes, place):
    """Refuse to begin what would fill the disk."""
    free = shutil.disk_usage(place).free // 2**20
    if free < megabytes:
        raise Trouble(f"Only {free} MB are free on the disk of {place}, {megabytes} MB are needed.")


@contextmanager
def locked(name):
    """One process at a time; the lock is free again when its holder dies."""
    import fcntl

    VAR.mkdir(exist_ok=True)
    with (VAR / f"{name}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def call(command, environment=None, **options):
    """Run a program to its end and return its exit code; when we are stopped, it is stopped before we go."""
    with subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True, **options) as process:
        try:
            return process.wait()
        except BaseException:
            # The group, so that the child's own children go too.
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            raise


def call_at_terminal(command, environment):
    """Run a program that handles Ctrl-C itself (pytest): we wait until it has cleaned up."""
    with subprocess.Popen(command, env=environment, cwd=ROOT) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
            except BaseException:
                process.terminate()
                raise


def stamp_of(lock):
    """What .venv/<lock>.stamp holds once these packages are installed for this Python."""
    pinned = (ROOT / "requirements" / f"{lock}.lock").read_bytes()
    return hashlib.sha256(pinned + sys.version.encode()).hexdigest()


def need(lock):
    """Install the pinned packages of requirements/<lock>.lock into .venv, unless they are there.

    An installation that was interrupted is not trusted: the environment is made anew.
    """
    stamp, unfinished, maker = VENV / f"{lock}.stamp", VENV / "unfinished", VENV / "python.stamp"
    with locked("install"):
        if stamp.exists() and stamp.read_text() == stamp_of(lock) and not unfinished.exists():
            return
        require(INSTALL_MEGABYTES, ROOT)
        other_python = maker.exists() and maker.read_text() != sys.version
        if unfinished.exists() or other_python:
            VENV.unlink() if VENV.is_symlink() else shutil.rmtree(VENV)
        say(f"Installing the pinned packages of requirements/{lock}.lock (once) ...")
        make_environment(unfinished)
        unfinished.touch()
        maker.write_text(sys.version)
        install(lock)
        for name in (lock, *WITHIN[lock]):
            (VENV / f"{name}.stamp").write_text(stamp_of(name))
        unfinished.unlink()


def make_environment(unfinished):
    if PYTHON.exists():
        return
    VENV.mkdir(exist_ok=True)
    unfinished.touch()
    answer = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if answer.returncode:
        explain(answer.stdout + answer.stderr, "Python's venv module does not work (Debian: apt install python3-venv).")


def install(lock):
    log = VAR / "pip.log"
    options = ["--require-hashes", "--disable-pip-version-check", "--no-input", "--retries", "3"]
    with log.open("w") as output:
        code = call(
            [PYTHON, "-m", "pip", "install", *options, "-r", f"requirements/{lock}.lock"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if code:
        explain(log.read_text(errors="replace"), f"pip could not install the packages: {log} says why.")


def explain(output, otherwise):
    """Raise the sentence that fits a failed installation's output."""
    for pattern, sentence in PIP_CAUSES:
        if re.search(pattern, output):
            raise Trouble(sentence)
    raise Trouble(otherwise)


def configured():
    """The names of the variables that the caller's environment or .env sets."""
    dotenv = ROOT / ".env"
    lines = dotenv.read_text().splitlines() if dotenv.exists() else []
    named = {line.removeprefix("export ").partition("=")[0].strip() for line in lines if "=" in line}
    return named | {name for name, value in os.environ.items() if value}


def generated_secrets(cluster):
    """The keys of this checkout: made at the first run, readable to their owner alone, in no repository."""
    if not SECRETS.exists():
        if cluster and cluster.data.exists():
            raise Trouble(
                f"The keys in {SECRETS} are gone, and {cluster.data} was encrypted with them: bring the file back, "
                "or throw the database away with: python3 dev.py reset --yes"
            )
        key, lookup = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
        lines = f"SECRET_KEY={secrets.token_urlsafe(50)}\nENCRYPTION_KEYS=k1:{key}\nLOOKUP_KEY={lookup}\n"
        fresh = SECRETS.with_name("secrets.new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(lines)
        fresh.rename(SECRETS)
    return dict(line.split("=", 1) for line in SECRETS.read_text().splitlines())


def portal_environment():
    """The environment of the portal's processes, and whether its database is the embedded one (started here)."""
    names = configured()
    embedded = "DATABASE_URL" not in names
    made = {"PORTAL_PROFILE": "local"}
    cluster = None
    if embedded:
        from portal import embedded_postgres

        cluster = embedded_postgres.demo_cluster()
    made |= generated_secrets(cluster)
    if embedded:
        say("Starting the embedded database ...")
        embedded_postgres.start_demo()
        made |= {name: cluster.url(role) for name, role in ADDRESSES.items()}
    return os.environ | {name: value for name, value in made.items() if name not in names}, embedded


def port_number(text):
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 65536:
        raise Trouble(f"{text} is no port: choose a number from 1 to 65535, like make run PORT=8001.")
    return int(text)


def require_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Trouble(f"Port {port} may not be opened by this user: try make run PORT=8001.") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise Trouble(f"Port {port} is in use: stop what serves there, or try make run PORT={port + 1}.") from None


def prepare(command, environment, **options):
    if call([PYTHON, "manage.py", command], environment, **options):
        raise Trouble(f"manage.py {command} failed, so nothing is served.")


def gunicorn(port):
    """The command that serves the portal on a port of this machine."""
    serve = ["-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]
    return [PYTHON, *serve, "--no-control-socket", "--log-level", "warning"]


def run(arguments):
    options = argparse.ArgumentParser(prog="dev.py run")
    options.add_argument("--port", default=os.environ.get("PORT") or "8000")
    port = port_number(options.parse_args(arguments).port)
    require_port(port)
    with locked("setup"):
        require(RUN_MEGABYTES, ROOT)
        need("run")
        environment, embedded = portal_environment()
        say("Preparing the database and the pages ...")
        # Demo accounts belong to the embedded database alone; prepare_demo looks for its marker too.
        prepare("prepare_portal", environment, stdout=subprocess.DEVNULL)
        if embedded:
            prepare("prepare_demo", environment)
    require_port(port)
    say(f"The portal is at http://127.0.0.1:{port}/ (Ctrl-C stops it; the embedded database goes on until make stop)")
    os.chdir(ROOT)
    os.execve(PYTHON, gunicorn(port), environment)


def test(arguments):
    need("browser")
    if not shutil.which("chromium"):
        if os.environ.get("CI"):
            raise Trouble("chromium is missing: CI runs the browser tests and must not skip them.")
        say("chromium is missing: THE BROWSER TESTS ARE SKIPPED (Debian: apt install chromium fonts-noto-cjk).")
    command = [PYTHON, "-m", "pytest", "-q", "-n", "2", *arguments]
    if os.environ.get("TEST_DATABASE_URL"):
        return call_at_terminal(command, os.environ)
    from portal import embedded_postgres

    require(TEST_MEGABYTES, tempfile.gettempdir())
    with embedded_postgres.throw_away() as url:
        return call_at_terminal(command, os.environ | {"TEST_DATABASE_URL": url})


def acceptance(arguments):
    return test(["-m", "", "--hypothesis-profile=acceptance", *arguments])


def bench(arguments):
    need("run")
    require(BENCH_MEGABYTES, tempfile.gettempdir())
    return call_at_terminal([PYTHON, "-m", "bench", *arguments], os.environ)


def stop(arguments):
    if "DATABASE_URL" in configured():
        raise Trouble("DATABASE_URL names the database: it is not the portal's to stop.")
    from portal import embedded_postgres

    say("The embedded database is stopped." if embedded_postgres.stop_demo() else "The embedded database does not run.")


def reset(arguments):
    if arguments != ["--yes"]:
        raise Trouble("This throws the embedded database and its keys away; if you mean it: python3 dev.py reset --yes")
    from portal import embedded_postgres

    embedded_postgres.remove_demo()
    SECRETS.unlink(missing_ok=True)
    say("The embedded database is gone; the next run makes a new one.")


def manage(arguments):
    with locked("setup"):
        need("run")
        environment, _ = portal_environment()
    os.chdir(ROOT)
    os.execve(PYTHON, [PYTHON, "manage.py", *arguments], environment)


def lint(arguments):
    need("lint")
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    environment = os.environ | dict.fromkeys(ADDRESSES, "postgresql://nobody@/none?host=/nonexistent")
    environment |= {"SECRET_KEY": key, "ENCRYPTION_KEYS": f"k1:{key}", "LOOKUP_KEY": key, "PORTAL_PROFILE": "local"}
    failed = []
    for name, *command in LINTS:
        say(f"{name} ...")
        if call([PYTHON, *command], environment):
            failed.append(name)
    if failed:
        raise Trouble(f"Not clean: {', '.join(failed)}.")


def messages(arguments):
    need("lint")
    return call([PYTHON, ".ci/messages.py", *arguments])


DEEDS = (run, test, acceptance, bench, stop, manage, lint, messages, reset)
COMMANDS = {command.__name__: command for command in DEEDS}


def stopped(number, frame):
    """SIGTERM and a closed terminal end us like an exception does: children stopped, throw-away cluster removed."""
    sys.exit(128 + number)


def carry_out(name, arguments):
    """Run a command; its exit code, or the sentence that says why it could not be done."""
    try:
        return COMMANDS[name](arguments)
    except KeyboardInterrupt:
        print("\nStopped; run the command again to go on.", file=sys.stderr)
        return 130
    except Trouble as trouble:
        return str(trouble)
    except OSError as error:
        # A sentence of the launcher's, or the system's own words (disk full, permission denied) with the place.
        return f"{error.strerror}: {error.filename}" if error.strerror else str(error)


def main():
    if sys.version_info[:2] < OLDEST_PYTHON:
        mine = ".".join(str(part) for part in sys.version_info[:2])
        return f"The portal needs Python 3.11 or newer, this is {mine}: name another, like make run PYTHON=python3.11"
    if os.name != "posix":
        return "The portal runs on Linux and macOS (on Windows in WSL)."
    name = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if name not in COMMANDS:
        print(__doc__)
        return 0 if name in ("--help", "-h", "help") else 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stopped)
    return carry_out(name, sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
