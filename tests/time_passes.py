"""Time that passes for rows, not for the test: what was written down stands that much further back."""

from datetime import timedelta

from django.db.models import F

from inquiries.models import Session, Throttle

A_SECOND = timedelta(seconds=1)


def unused_for(duration, **which):
    """Let sessions stand unused for so long, as if they had begun that much earlier too."""
    back = {name: F(name) - duration for name in ("began_at", "last_seen_at", "proved_at")}
    assert Session.objects.filter(**which).update(**back)


def in_use_for(duration, **which):
    """Let sessions have begun so long ago, and still be in use."""
    assert Session.objects.filter(**which).update(began_at=F("began_at") - duration)


def since_the_last_guess(duration):
    assert Throttle.objects.update(last_at=F("last_at") - duration)
