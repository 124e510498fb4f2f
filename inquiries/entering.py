"""The one place where somebody becomes signed in, after all proofs, and where each proof leads to."""

from django.contrib.auth import login
from django.shortcuts import redirect

from . import opening, passwords, proving, second_factors
from .models import StaffMember, User


def after_password(request, user):
    """The answer to a right password: the second factor, its first set-up, or the first page."""
    if second_factors.ways_of(user):
        proving.begin(request, user)
        return redirect("second_step")
    if second_factors.must_have(user):
        proving.begin(request, user)
        return redirect("set_up_first")
    return enter(request, user)


def after_second_factor(request, user):
    """The answer once the second factor is proved or newly set up: the first page, or first a new password."""
    if passwords.is_too_old(user):
        proving.note_second(request)
        return redirect("change_password")
    return enter(request, user)


def enter(request, user):
    """Sign in: a new session key, an inquiry that goes with the user's kind, and the way to the first page."""
    proving.end(request)
    opening.close(request)
    login(request, user)
    return _first_page(request)


def _first_page(request):
    user = request.user
    if user.kind == User.Kind.PERSON:
        opening.open_own_record(request)
        return redirect("my_accounts")
    if user.kind == User.Kind.AGENT:
        return redirect("choose_employer")
    member = user.staff_member
    return redirect("window_today" if member and member.role == StaffMember.Role.CLERK else "operators_desk")
