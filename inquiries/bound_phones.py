"""The mobile number to which somebody's codes go: bound at the window at once, changed online after three days."""

import contextlib
import re
import unicodedata
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.encryption import encrypt

from . import notices, senders, text_codes
from .look_up import own_data
from .models import BoundPhone, Notice, TextCode

WAITING_TIME = timedelta(hours=72)
MOBILE = re.compile(r"1[0-9]{10}", re.ASCII)


def mobile_number(text):
    """The eleven digits of a mobile number as people write it, or None."""
    digits = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).removeprefix("+86")
    return digits if MOBILE.fullmatch(digits) else None


def of_user(user):
    """The BoundPhone to which codes go now, or None."""
    return BoundPhone.objects.in_use().filter(user=user).first()


def change_of(user):
    """The change that waits, or None."""
    return BoundPhone.objects.waiting().filter(user=user).first()


def in_register(user):
    """The mobile number that the agency's register has of this person, or None. It is bound once a code proves it."""
    if user.person_id is None:
        return None
    return mobile_number(own_data(user).phone)


def proven(user, code):
    """The number to which this code was sent, in order to bind it; None where the code is not right."""
    row = text_codes.check(user, TextCode.Purpose.BIND, code)
    return row.phone if row else None


@transaction.atomic
def bind(user, number, source, by=None, visit=None):
    """Send codes to this number from now on. `by`, `visit`: the clerk who bound it, and in which visit."""
    before, now = of_user(user), timezone.now()
    withdraw(user)
    bound = _add(user, number, source, now, now, bound_by=by, visit=visit)
    if before:
        notices.tell(user, Notice.Kind.CONTACT_CHANGED)
    if before and before.number != number:
        _tell(before.number, _("Codes for signing in now go to %(phone)s.") % {"phone": bound.masked})
    return bound


@transaction.atomic
def ask_change(user, number):
    """Send codes to this number after the waiting time; the old number is told now and works until then."""
    before, now = of_user(user), timezone.now()
    stop_change(user)
    change = _add(user, number, BoundPhone.Source.OWN, now, now + WAITING_TIME, bound_by=user)
    notices.tell(user, Notice.Kind.CONTACT_ASKED, day=timezone.localdate(change.good_from))
    if before:
        text = _("In 72 hours codes for signing in go to %(phone)s. If this was not you, sign in and stop it.")
        _tell(before.number, text % {"phone": change.masked})
    return change


def stop_change(user):
    """Drop the change that waits; whether there was one."""
    waiting = BoundPhone.objects.waiting().filter(user=user)
    return waiting.update(withdrawn_at=timezone.now()) > 0


def withdraw(user):
    """Send no codes to any number of this user, now or later."""
    BoundPhone.objects.standing().filter(user=user).update(withdrawn_at=timezone.now())


def _add(user, number, source, bound_at, good_from, **about):
    return BoundPhone.objects.create(
        user=user,
        number_encrypted=encrypt(number),
        source=source,
        bound_at=bound_at,
        good_from=good_from,
        **about,
    )


def _tell(number, text):
    # The old number may be gone for good; the notice in the portal stands anyway.
    with contextlib.suppress(senders.NotSent):
        senders.send(number, text)
