"""Pages and deeds of staff about nobody's record; the role of today alone decides."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.views.decorators.http import require_POST

from ..models import StaffMember, User


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

    @require_POST
    @wraps(view)
    def deed(request, member, **kwargs):
        with transaction.atomic():
            return view(request, member, **kwargs)

    return _for_staff(deed, {StaffMember.Role.OPERATOR})


def _for_staff(view, roles, door="operators"):
    @wraps(view)
    def behind_the_door(request, **kwargs):
        member = request.user.staff_member if request.user.kind == User.Kind.STAFF else None
        if member is None or member.role not in roles:
            raise PermissionDenied
        return view(request, member, **kwargs)

    behind_the_door.door = door
    return behind_the_door
