"""The one place where somebody becomes signed in, after all proofs, and where each proof leads to."""

from urllib.parse import urlencode

from django.contrib.auth import login
from django.shortcuts import redirect
from django.urls import reverse

from . import first_pages, kiosk, opening, passwords, proving, second_factors, sessions
from .models import Inquiry, User
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
    proving.note_second(request)
    if passwords.is_too_old(user):
        return redirect("change_password")
    return enter(request, user)


def enter(request, user):
    """Sign `user` in, open the inquiry that goes with her kind, and give the redirect to the page she goes on with."""
    proved_twice = proving.has_second(request)
    proving.end(request)
    is_public, way_on = sessions.take_answers(request)
    sessions.leave(request)
    login(request, user)
    channel = Inquiry.Channel.KIOSK if kiosk.is_kiosk(request) else Inquiry.Channel.WEB
    sessions.begin(request, user, is_public, channel=channel)
    request.session[second_factors.MARK] = proved_twice
    if not (way_on and is_ours(request, way_on)):
        way_on = ""
    if user.kind == User.Kind.PERSON:
        opening.open_own_record(request)
        return redirect(way_on or first_pages.after_sign_in(request))
    if user.kind == User.Kind.AGENT:
        query = f"?{urlencode({'next': way_on})}" if way_on else ""
        return redirect(reverse("choose_employer") + query)
    return redirect(way_on or first_pages.after_sign_in(request))
