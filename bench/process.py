"""A program run to its end: how long it took, and how much memory it and its children held."""

import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_SECONDS = 0.02


class Failed(Exception):
    """A measurement can't go on; the message says why."""


@dataclass(frozen=True)
class Run:
    seconds: float
    megabytes: float


def timed(command, environment):
    """Run a program; Failed with its last words if it fails. Memory is read from /proc, so Linux alone."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        family = _Family(process.pid)
        family.start()
        try:
            words, _none = process.communicate()
        except BaseException:
            process.kill()
            raise
        finally:
            seconds = time.perf_counter() - start
            family.over.set()
            family.join()
    if process.returncode:
        raise Failed(f"{' '.join(command[1:3])} failed: {words[-2000:]}")
    return Run(seconds, family.peak / 1024)


class _Family(threading.Thread):
    """Watches a process and its descendants: the greatest sum of their high-water marks (VmHWM), in kB.

    The marks of processes that are alive together are added, so the figure is never below the true peak.
    """

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()

    def run(self):
        while not self.over.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(_high_water(pid) for pid in _family(self.pid)))


def _family(pid):
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _text(children).split():
            yield from _family(child)


def _high_water(pid):
    for line in _text(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def _text(path):
    """What the system says of a process; nothing once it is gone."""
    try:
        return path.read_text()
    except OSError:
        return ""
