"""Staff beyond the cast's, made for one test."""

from datetime import date

from inquiries.models import StaffMember, User
from registry.models import Agency
from registry.roles import acting_as
from tests import sheets
from tests.cast import PASSWORD


def make_staff(staff_no, role, **changes):
    """A member of staff in force, who signs in with `staff_no` and tests.cast.PASSWORD and a sheet of codes."""
    with acting_as("job"):
        user = User(kind=User.Kind.STAFF, login_key=User.key_of(User.Kind.STAFF, staff_no), name=f"{role} {staff_no}")
        user.set_password(PASSWORD)
        user.save()
        sheets.give(user)
        values = {"agency": Agency.objects.first(), "office": "1", "since": date(2020, 1, 1)} | changes
        return StaffMember.objects.create(user=user, staff_no=staff_no, role=role, **values)
