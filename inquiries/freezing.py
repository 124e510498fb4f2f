"""A frozen account: its owner shuts it from anywhere; only an identity check and a new activation code open it."""

from django.db import transaction
from django.utils import timezone

from . import devices, notices, sessions
from .models import Inquiry, Notice, Session


@transaction.atomic
def freeze(user):
    """Nobody signs in with this account any more, and whoever is signed in is out at once."""
    now = timezone.now()
    user.frozen_at = now
    user.save(update_fields=["frozen_at"])
    sessions.end_all(user, Session.Ended.FROZEN)
    devices.revoke(user.known_devices)
    Inquiry.objects.filter(user=user, closed_at=None).update(closed_at=now)
    notices.tell(user, Notice.Kind.FROZEN)


def unfreeze(user):
    """Open the account again, after an identity check; nothing happens to one that is not frozen."""
    if user.frozen_at is None:
        return
    user.frozen_at = None
    user.save(update_fields=["frozen_at"])
    notices.tell(user, Notice.Kind.UNFROZEN)
