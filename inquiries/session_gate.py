"""The middleware that lets a session through, or says why it is over; every page passes it."""

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.shortcuts import redirect
from django.urls import reverse

from . import devices, kiosk, sessions
from .models import User
from .ways_back import detour


def passive(view):
    """Decorate a view whose call is no use of the session: whether anybody still sits there is what it asks."""
    view.is_passive = True
    return view


class SessionCookieMiddleware(SessionMiddleware):
    """Django's sessions; the cookie of staff comes with no page that another site leads to (ASVS 3.3.1 to 3.3.4)."""

    def process_response(self, request, response):
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        user = getattr(request, "user", None)
        if cookie is not None and cookie.value and getattr(user, "kind", "") == User.Kind.STAFF:
            cookie["samesite"] = "Strict"
        return response


class SessionGateMiddleware:
    """Compares every session with its limits, between Django's authentication and the pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sessions.look(request)
        came_in = request.own_session or request.locked_session
        response = self.get_response(request)
        sessions.settle(request, came_in)
        devices.hand_over(request, response)
        if getattr(request, "forget", False):
            response.headers.setdefault("Clear-Site-Data", sessions.CLEARED)
        return response

    def process_view(self, request, view, args, kwargs):
        if request.own_session and kiosk.is_left_out(request, view):
            return redirect("kiosk_tiles")
        if request.own_session:
            if not getattr(view, "is_passive", False):
                sessions.touch(request.own_session)
        elif getattr(view, "login_required", True) and (request.over or request.locked_session):
            return redirect(detour(request, *self._way_in(request), passive=getattr(view, "is_passive", False)))
        return None

    @staticmethod
    def _way_in(request):
        """Where to sign in again or unlock, and the reason to be said there."""
        if request.locked_session:
            return reverse("unlock"), ""
        kind, why = request.over
        return reverse("sign_in", args=[kind]), why
