"""The one place where somebody becomes signed in, after all proofs, and where each proof leads to."""

from urllib.parse import urlencode

from django.contrib.auth import login
from django.shortcuts import redirect
from django.urls import reverse

from . import opening, passwords, proving, second_factors, sessions
from .models import StaffMember, User
from .ways_back import is_ours


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
    """Sign `user` in, open the inquiry that goes with her kind, and give the redirect to the page she goes on with."""
    proving.end(request)
    is_public, way_on = sessions.take_answers(request)
    sessions.leave(request)
    login(request, user)
    sessions.begin(request, user, is_public)
    if not (way_on and is_ours(request, way_on)):
        way_on = ""
    if user.kind == User.Kind.PERSON:
        opening.open_own_record(request)
        return redirect(way_on or "my_accounts")
    if user.kind == User.Kind.AGENT:
        query = f"?{urlencode({'next': way_on})}" if way_on else ""
        return redirect(reverse("choose_employer") + query)
    member = user.staff_member
    is_clerk = member and member.role == StaffMember.Role.CLERK
    return redirect(way_on or ("window_today" if is_clerk else "operators_desk"))
