"""Between the password and the second factor: who has proved what, kept in the session for ten minutes.

The session belongs to nobody yet: no page but those that prove opens. A few wrong codes send back to the password.
"""

from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from . import kiosk, sessions
from .models import User

SESSION_KEY = "proving"
VALID_FOR = timedelta(minutes=10)
MOST_WRONG_CODES = 5


def begin(request, user):
    """The password was right: a new session, in which nobody is signed in, remembers whose."""
    terminal = request.session.get(kiosk.SESSION_KEY)
    sessions.leave(request)
    logout(request)
    if terminal:
        request.session[kiosk.SESSION_KEY] = terminal
    request.session[SESSION_KEY] = {
        "user": user.pk,
        # A password changed meanwhile ends what was proved by the old one.
        "hash": user.get_session_auth_hash(),
        "until": (timezone.now() + VALID_FOR).isoformat(),
        "wrong": 0,
        "second": False,
    }


def of(request):
    """The user whose password was right in this session, not more than ten minutes ago; None otherwise."""
    kept = request.session.get(SESSION_KEY)
    if not kept or datetime.fromisoformat(kept["until"]) <= timezone.now():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, frozen_at=None).first()
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return user


def wrong_code(request):
    """Count a wrong code; whether the proof goes on. After the last one it begins with the password again."""
    kept = request.session[SESSION_KEY]
    kept["wrong"] += 1
    if kept["wrong"] >= MOST_WRONG_CODES:
        end(request)
        return False
    request.session.modified = True
    return True


def note_second(request):
    """The second factor was right too, or stands anew; what is left is a password that is too old."""
    if SESSION_KEY not in request.session:
        return
    request.session[SESSION_KEY]["second"] = True
    request.session.modified = True


def has_second(request):
    return request.session.get(SESSION_KEY, {}).get("second", False)


def end(request):
    request.session.pop(SESSION_KEY, None)
