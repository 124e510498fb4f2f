"""Pages and deeds of staff about nobody's record; the role of today alone decides."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.views.decorators.http import require_POST

from ..models import StaffMember, User

ADMINISTRATORS = (StaffMember.Role.SYSTEM, StaffMember.Role.SECURITY)
# Where each role begins its day, by URL name.
FIRST_PAGES = {
    StaffMember.Role.CLERK: "window_today",
    StaffMember.Role.OPERATOR: "operators_desk",
    StaffMember.Role.AUDITOR: "operators_desk",
    StaffMember.Role.PHONE: "phone_desk",
    StaffMember.Role.SYSTEM: "staff_list",
    StaffMember.Role.SECURITY: "staff_list",
}


def for_clerk(view):
    """Decorate `view(request, clerk, …)`: a window page, for clerks whose role is in force."""
    return _for_staff(view, {StaffMember.Role.CLERK}, "window")


def for_phone_desk(view):
    """Decorate `view(request, member, …)`: a page of the 12333 desk about nobody's record."""
    return _for_staff(view, {StaffMember.Role.PHONE}, "phone")


def for_operator(view):
    """Decorate `view(request, member, …)`: an operators' page about nobody's record; auditors may look at it too."""
    return _for_staff(view, {StaffMember.Role.OPERATOR, StaffMember.Role.AUDITOR})


def deed_of_operator(view):
    """Decorate `view(request, member, …)`: a deed (POST) on nobody's record, for operators alone."""
    return _for_staff(_deed(view), {StaffMember.Role.OPERATOR})


def for_administrator(view):
    """Decorate `view(request, member, …)`: a page about accounts of staff, for both administrators and auditors."""
    return _for_staff(view, {*ADMINISTRATORS, StaffMember.Role.AUDITOR}, "staff")


def deed_of_administrator(*roles):
    """Decorate `view(request, member, …)`: a deed (POST) on an account of staff, for administrators of these roles."""

    def decorate(view):
        return _for_staff(_deed(view), set(roles or ADMINISTRATORS), "staff")

    return decorate


def _deed(view):
    @require_POST
    @wraps(view)
    def deed(request, member, **kwargs):
        with transaction.atomic():
            return view(request, member, **kwargs)

    return deed


def _for_staff(view, roles, door="operators"):
    @wraps(view)
    def behind_the_door(request, **kwargs):
        member = request.user.staff_member if request.user.kind == User.Kind.STAFF else None
        if member is None or member.role not in roles:
            raise PermissionDenied
        return view(request, member, **kwargs)

    behind_the_door.door = door
    return behind_the_door
