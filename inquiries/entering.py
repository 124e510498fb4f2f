"""The one place where somebody becomes signed in, once everything that is asked has been proven."""

from urllib.parse import urlencode

from django.contrib.auth import login
from django.shortcuts import redirect
from django.urls import reverse

from . import opening, sessions
from .models import StaffMember, User
from .ways_back import is_ours


def enter(request, user):
    """Sign `user` in, open the inquiry that goes with her kind, and give the redirect to the page she goes on with."""
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
