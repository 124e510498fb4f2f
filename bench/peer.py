"""The peer django-hordak, in a virtual environment and a database of its own."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from .ground import say
from .process import Failed

PINNED = "django-hordak==2.0.0"
DATABASE = "hordak"
ROLE = "postgres"
PROGRAM = Path(__file__).with_name("peer_reads.py")


class Hordak:
    """Hordak with an account for each number of legs, ready to be read."""

    def __init__(self, ground, lengths):
        self.ground, self.lengths = ground, lengths
        folder = ground.folder / "hordak"
        self.python = folder / "bin" / "python"
        say(f"Installing {PINNED} ...")
        self._run(sys.executable, "-m", "venv", folder)
        # With our own versions of what both use: the comparison is of the two, not of their Django.
        same = [f"Django=={version('Django')}", f"psycopg[binary]=={version('psycopg')}"]
        self._run(self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PINNED, *same)
        with ground.connected("postgres") as server:
            server.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
            server.execute(f"CREATE DATABASE {DATABASE}")
        say("Making its legs ...")
        self._program("make")
        ground.settle(DATABASE)

    def read(self):
        """{way to read a balance: {number of legs, as text: milliseconds}}."""
        return json.loads(self._program("read"))

    def _program(self, verb):
        return self._run(self.python, "-P", PROGRAM, verb, *self.lengths)

    def _run(self, *words):
        environment = os.environ | {"HORDAK_URL": self.ground.address(ROLE, DATABASE)}
        done = subprocess.run([*map(str, words)], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"{Path(words[1]).name} failed: {(done.stderr or done.stdout)[-2000:]}")
        return done.stdout
