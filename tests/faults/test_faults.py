"""Killed, stopped and crashed at random moments: what was under way is untouched or complete, and the rerun ends where
an undisturbed run ends. A few moments each here, fifty in `make acceptance`.
"""

import time

import pytest
from django.utils import timezone

from tests.portal.made_feed import make

from .crash import READY, crashable, moments

FAULTS = ("SIGKILL", "SIGTERM", "server")


@pytest.fixture(scope="module")
def ground():
    with crashable() as ground:
        yield ground


class Job:
    """A command, the database it starts from, and where its undisturbed run ends."""

    def __init__(self, ground, ready, *arguments):
        self.ground, self.ready, self.arguments = ground, ready, arguments
        self.whole, self.disturbed = f"{arguments[0]}_whole", f"{arguments[0]}_disturbed"
        ground.clone(self.whole, ready)
        start = time.monotonic()
        ground.manage(self.whole, *arguments)
        self.seconds = time.monotonic() - start
        self.end = ground.snapshot(self.whole)

    def disturb(self, fault, moment):
        """One try; gives whether the fault met the command at work."""
        try:
            return self._try(fault, moment)
        except BaseException as failed:
            failed.add_note(f"{fault} {moment:.3f} s after the start of {self.arguments[0]}")
            raise

    def _try(self, fault, moment):
        ground, database = self.ground, self.disturbed
        ground.clone(database, self.ready)
        process = ground.start(database, *self.arguments)
        time.sleep(moment)
        met = process.poll() is None
        ground.crash(process, fault)
        ground.wait_until_alone(database)
        ground.manage(database, "check_books")
        ground.manage(database, *self.arguments)
        ground.manage(database, "check_books")
        ground.manage(database, "verify_seals")
        assert ground.snapshot(database) == self.end
        return met


@pytest.fixture(scope="module")
def import_job(ground, tmp_path_factory):
    feed = make(tmp_path_factory.mktemp("faults") / "feed", people=60, employers=8, years=2)
    ground.new_database(READY)
    return Job(ground, READY, "load_feed", feed)


@pytest.fixture(scope="module")
def interest_job(ground, import_job):
    return Job(ground, import_job.whole, "credit_interest", "--year", "2024", "--chunk", "10")


@pytest.fixture(scope="module")
def statement_job(ground, interest_job):
    return Job(ground, interest_job.whole, "issue_statements", "--year", "2024", "--chunk", "10")


@pytest.fixture(scope="module")
def sealing_job(ground, statement_job):
    return Job(ground, statement_job.whole, "seal_day", "--day", f"{timezone.localdate()}")


JOBS = ("import_job", "interest_job", "statement_job", "sealing_job")


# A fault for the commands that post or seal; every fault for every command in `make acceptance`.
@pytest.mark.parametrize(
    ("job", "fault"),
    [("import_job", "SIGKILL"), ("interest_job", "server"), ("sealing_job", "SIGKILL")],
)
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
