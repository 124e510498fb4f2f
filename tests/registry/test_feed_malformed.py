"""Every malformed file is refused with its own complaint, and leaves nothing behind (fault X12)."""

import pytest
from django.db import transaction
from django.utils.translation import override

from accounts.models import Account, Batch, Closure, Movement, Spending, Transfer, TransferEvent
from portal.feed import ALL_KINDS
from registry.feed.loader import FeedLoad
from registry.models import Area, Card, Employer, EnrolmentEvent, FeedFile, Identifier, InsuredPerson, UnitNumber
from tests.malformed import CASES

RECORDS = (Area, Card, Employer, EnrolmentEvent, Identifier, InsuredPerson, UnitNumber)
RECORDS += (Account, Batch, Closure, Movement, Spending, Transfer, TransferEvent)


def test_there_are_enough_of_them_and_none_twice():
    assert len(CASES) >= 145
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.expected for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_refused(case, db, as_job, tmp_path):
    path = tmp_path / f"file{case.ending}"
    path.write_bytes(case.data)
    with as_job(), override(None):
        before = [model.objects.count() for model in RECORDS]
        load = FeedLoad(path).run(ALL_KINDS)
        assert [model.objects.count() for model in RECORDS] == before
        record = FeedFile.objects.order_by("-pk").first()
    complaints = [(reject.row, reject.column, reject.expected) for reject in load.rejects.kept]
    assert [c for c in complaints if c[:2] == (case.row, case.column) and case.expected in c[2]], complaints
    assert record.state == FeedFile.State.REFUSED
    assert not transaction.get_connection().needs_rollback
