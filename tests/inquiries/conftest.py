import pytest

from inquiries.models import StaffMember
from tests.cast import CLERK
from tests.entrusting import DESK, SECOND_CLERK
from tests.made_staff import make_staff


def _agency():
    return StaffMember.objects.get(staff_no=CLERK).agency


@pytest.fixture
def second_clerk(db):
    """Another clerk of the same agency as tests.cast.CLERK."""
    return make_staff(SECOND_CLERK, "clerk", agency=_agency(), office="2 号窗口")


@pytest.fixture
def phone_desk(db):
    return make_staff(DESK, "phone", agency=_agency(), office="12333")
