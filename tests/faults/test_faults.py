"""Killed, stopped and crashed at random moments: what was under way is untouched or complete, and the rerun ends where
an undisturbed run ends. A few moments each here, fifty in `make acceptance`.
"""

import time

import pytest

from tests.portal.made_feed import make

from .crash import READY, crashable, moments

FAULTS = ("SIGKILL", "SIGTERM", "server")


@pytest.fixture(scope="module")
def ground():
    with crashable() as ground:
        yield ground


class Job:
    """A command, the database it starts from, and where its undisturbed run ends."""

    def __init__(self, ground, name, ready, *arguments):
        self.ground, self.name, self.ready, self.arguments = ground, name, ready, arguments
        ground.clone(f"{name}_whole", ready)
        start = time.monotonic()
        ground.manage(f"{name}_whole", *arguments)
        self.seconds = time.monotonic() - start
        self.end = ground.snapshot(f"{name}_whole")

    def disturb(self, fault, moment):
        """One try; gives whether the fault met the command at work."""
        ground, database = self.ground, f"{self.name}_disturbed"
        ground.clone(database, self.ready)
        process = ground.start(database, *self.arguments)
        time.sleep(moment)
        met = process.poll() is None
        ground.crash(process, fault)
        ground.wait_until_alone(database)
        ground.manage(database, "check_books")
        ground.manage(database, *self.arguments)
        ground.manage(database, "check_books")
        assert ground.snapshot(database) == self.end
        return met


@pytest.fixture(scope="module")
def import_job(ground, tmp_path_factory):
    feed = make(tmp_path_factory.mktemp("faults") / "feed", people=60, employers=8, years=2)
    ground.new_database(READY)
    return Job(ground, "load_feed", READY, "load_feed", feed)


JOBS = ("import_job",)


@pytest.mark.parametrize("fault", ["SIGKILL", "server"])
@pytest.mark.parametrize("job", JOBS)
def test_a_fault_leaves_the_books_whole_and_the_rerun_ends_the_same(request, job, fault):
    job = request.getfixturevalue(job)
    assert any(job.disturb(fault, moment) for moment in moments(2, job.seconds, seed=fault))


@pytest.mark.acceptance
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("job", JOBS)
def test_fifty_faults_leave_the_books_whole(request, job, fault):
    job = request.getfixturevalue(job)
    met = [job.disturb(fault, moment) for moment in moments(50, job.seconds, seed=f"fifty {fault}")]
    assert sum(met) >= 25
