"""The portal as visitors meet it: served by gunicorn, signed in to through the form, asked by wrk."""

import json
import re
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from dev import gunicorn

from .process import ROOT, Failed

CONNECTIONS = 16
SESSIONS_LUA = Path(__file__).with_name("sessions.lua")
START_SECONDS = 30
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def require_wrk():
    if not shutil.which("wrk"):
        raise Failed("wrk, which asks for the pages, is missing (Debian: apt install wrk; macOS: brew install wrk).")


@contextmanager
def served(ground, database):
    """The portal on a database, as `dev.py run` serves it, on a free port; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, log = f"http://127.0.0.1:{port}", ground.folder / f"gunicorn-{database}.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            gunicorn(port), cwd=ROOT, env=ground.environment(database), stdout=output, stderr=output
        )
        try:
            _wait(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait()


def _wait(address, server, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            build_opener().open(f"{address}/healthz").close()
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise Failed(f"gunicorn does not serve: {log.read_text()[-2000:]}")


class Visitor:
    """Somebody with a browser's memory for cookies."""

    def __init__(self, address):
        self.address, self._cookies = address, CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._cookies))

    def get(self, path):
        """The body of a page; Failed where the portal answers with anything else or leads elsewhere."""
        with self._opener.open(self.address + path) as answer:
            if answer.url != self.address + path:
                raise Failed(f"{path} led to {answer.url}.")
            return answer.read()

    def sign_in(self, kind, login, password, code=None):
        """Send the form of one door, then the code if there is one. Leads to the first page that goes with the kind."""
        self._send(f"/sign-in/{kind}/", login=login, password=password, public="no")
        if code:
            self._send("/sign-in/code/", code=code)
        return self

    def _send(self, path, **form):
        form["csrfmiddlewaretoken"] = TOKEN.search(self.get(path).decode())[1]
        with self._opener.open(self.address + path, urlencode(form).encode()) as answer:
            if answer.url == self.address + path:
                raise Failed(f"Signing in at {path} was refused.")

    @property
    def cookie(self):
        """The Cookie header of a later request."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._cookies)


@dataclass(frozen=True)
class Answers:
    """What wrk saw of a page: requests per second, and the latency in milliseconds."""

    rate: float
    p50: float
    p99: float


def ask(visitors, path, seconds):
    """Ask for a page over 16 connections, each request with the session of the next visitor."""
    sessions = "\n".join(visitor.cookie for visitor in visitors)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", SESSIONS_LUA]
    done = subprocess.run(
        [*command, visitors[0].address + path], input=sessions, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"wrk failed on {path}: {done.stderr or done.stdout}")
    seen = json.loads(done.stdout.splitlines()[-1])
    if seen["errors"]:
        raise Failed(f"{path}: {seen['errors']} of {seen['requests']} answers were errors.")
    return Answers(seen["requests"] / seen["seconds"], seen["p50"], seen["p99"])
