"""Kiosks: a registered machine carries a secret in a signed cookie; who signs in there asks through the kiosk."""

import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from registry.encryption import keyed_hash

from .limits import IDLE, LAST_CALL
from .models import Inquiry, Terminal

COOKIE = f"{settings.COOKIE_PREFIX}terminal"
SALT = "inquiries.terminal"
SESSION_KEY = "terminal"
TEN_YEARS = 10 * 365 * 24 * 60 * 60


def terminal_of(request):
    """The registered kiosk that this request comes from, or None."""
    secret = request.get_signed_cookie(COOKIE, default=None, salt=SALT)
    if not secret:
        return None
    return Terminal.objects.filter(secret_hash=_hash(secret), ended_at=None).first()


@transaction.atomic
def register(member, name, office):
    """A new Terminal and its secret; IntegrityError where one of this name stands in the office already."""
    secret = secrets.token_urlsafe(32)
    terminal = Terminal.objects.create(
        name=name,
        agency=member.agency,
        office=office,
        secret_hash=_hash(secret),
        registered_at=timezone.now(),
        registered_by=member.user,
    )
    return terminal, secret


def mark(answer, secret):
    """Leave the secret on this machine."""
    answer.set_signed_cookie(
        COOKIE, secret, salt=SALT, max_age=TEN_YEARS, secure=not settings.LOCAL, httponly=True, samesite="Strict"
    )
    return answer


def end(member, pk):
    """End a kiosk of the member's agency; whoever is signed in there is out with the next click."""
    terminals = Terminal.objects.filter(pk=pk, agency=member.agency, ended_at=None)
    return terminals.update(ended_at=timezone.now(), ended_by=member.user)


def remember(request, terminal):
    """Let the frame of this session's pages be the kiosk's, or no longer."""
    if terminal:
        request.session[SESSION_KEY] = terminal.pk
    else:
        request.session.pop(SESSION_KEY, None)


def is_kiosk(request):
    """Whether this session's pages stand in the kiosk's frame."""
    session = getattr(request, "session", None)
    return session is not None and SESSION_KEY in session


def with_warning(request, answer):
    """At a kiosk, let the browser itself leave an idle page: first for the question, then for the beginning."""
    if is_kiosk(request) and request.method == "GET":
        seconds = int((IDLE[Inquiry.Channel.KIOSK] - LAST_CALL).total_seconds())
        target = f"{reverse('kiosk_still_there')}?{urlencode({'next': request.get_full_path()})}"
        answer["Refresh"] = f"{seconds}; url={target}"
    return answer


def _hash(secret):
    return keyed_hash("terminal", secret)
