"""Step-up: sensitive deeds ask again who is there, if that was last proven a while ago (ASVS 7.5.1, 7.5.3)."""

from datetime import timedelta
from functools import wraps

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from .ways_back import detour

FRESH_FOR = timedelta(minutes=10)


def is_fresh(request):
    """Whether the visitor has proven who she is in the last ten minutes."""
    session = getattr(request, "own_session", None)
    return session is not None and timezone.now() - session.proved_at < FRESH_FOR


def fresh(view):
    """Decorate, outermost, a view for somebody who has proven in the last ten minutes who she is.

    Others are asked for their password and come back to the page. A form they sent is not kept: that it was not done
    is said, and they send it again.
    """

    @wraps(view)
    def proven(request, *args, **kwargs):
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return redirect(detour(request, reverse("step_up")))

    proven.is_fresh_only = True
    return proven
