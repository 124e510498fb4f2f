"""Codes by text message (短信动态码): six digits, ten minutes, once; five wrong guesses void it, the newest counts."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from registry.encryption import encrypt

from . import senders
from .models import TextCode, User

DIGITS = 6
VALID_FOR = timedelta(minutes=10)
MOST_WRONG_GUESSES = 5
PAUSE = timedelta(seconds=60)
MOST_A_DAY = 10


class TooOften(Exception):
    """A code was sent less than a minute ago, or ten were sent within a day."""


def send(user, purpose, phone):
    """Send a new code to the number; TooOften or senders.NotSent where none leaves."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = _keep(user, purpose, phone, code)
    try:
        senders.send(phone, _text(purpose, code))
    except senders.NotSent:
        TextCode.objects.filter(pk=row.pk).update(used_at=timezone.now())
        raise


@transaction.atomic
def _keep(user, purpose, phone, code):
    # One at a time for each user, so that the limit counts what others are about to send.
    User.objects.select_for_update().get(pk=user.pk)
    now = timezone.now()
    sent = TextCode.objects.filter(user=user, sent_at__gt=now - timedelta(days=1))
    if sent.filter(sent_at__gt=now - PAUSE).exists() or sent.count() >= MOST_A_DAY:
        raise TooOften
    return TextCode.objects.create(
        user=user,
        purpose=purpose,
        phone_encrypted=encrypt(phone),
        code_hash=TextCode.hash_of(user.pk, purpose, code),
        sent_at=now,
        expires_at=now + VALID_FOR,
    )


def _text(purpose, code):
    if purpose == TextCode.Purpose.BIND:
        about = _("Your code to bind this phone is %(code)s.")
    else:
        about = _("Your code to sign in is %(code)s.")
    return " ".join((about % {"code": code}, _("It is good for 10 minutes. Tell it to nobody; our staff never ask.")))


def waiting(user, purpose):
    """The code that this user could enter now, or None."""
    newest = TextCode.objects.filter(user=user, purpose=purpose).order_by("-sent_at", "-pk").first()
    if newest is None or newest.used_at or newest.expires_at <= timezone.now():
        return None
    return newest if newest.wrong_guesses < MOST_WRONG_GUESSES else None


@transaction.atomic
def check(user, purpose, code):
    """The TextCode that this code belongs to, now used up; None where it is wrong, late, used or void."""
    User.objects.select_for_update().get(pk=user.pk)
    row = waiting(user, purpose)
    if row is None:
        return None
    if not constant_time_compare(bytes(row.code_hash), TextCode.hash_of(user.pk, purpose, code)):
        TextCode.objects.filter(pk=row.pk).update(wrong_guesses=F("wrong_guesses") + 1)
        return None
    TextCode.objects.filter(pk=row.pk).update(used_at=timezone.now())
    return row
