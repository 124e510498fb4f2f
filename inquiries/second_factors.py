"""The second factor: who must have one, what somebody has, and whether a code is right.

Persons choose between a second factor and a password long enough to stand alone; staff and employers' agents have no
such choice. What counts: an authenticator app, a passkey, a code by text message, a code from a printed sheet.
"""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from registry.identity import compact

from . import authenticator_app, bound_phones, notices, passkeys, printed_codes, senders, text_codes
from .models import BoundPhone, Notice, TextCode, User

logger = logging.getLogger(__name__)
WAYS = ("app", "passkey", "phone", "codes")
# In a session that began with a second factor besides the password.
MARK = "second_factor"


class OnlyFactor(Exception):
    """The last second factor of somebody who must have one cannot be removed."""


@dataclass(frozen=True)
class Ways:
    """What a user can prove herself with besides the password; false where there is nothing."""

    has_app: bool
    passkeys: int
    phone: BoundPhone | None
    printed: int

    def __bool__(self):
        return bool(self.has_app or self.passkeys or self.phone or self.printed)

    @property
    def takes_code(self):
        return bool(self.has_app or self.phone or self.printed)

    def without(self, way):
        """What would be left if one of WAYS went."""
        return Ways(
            has_app=self.has_app and way != "app",
            passkeys=max(0, self.passkeys - (way == "passkey")),
            phone=None if way == "phone" else self.phone,
            printed=0 if way == "codes" else self.printed,
        )


def has_proved_twice(request):
    """Whether this session began with a second factor besides the password."""
    return bool(request.session.get(MARK))


def ways_of(user):
    return Ways(
        has_app=authenticator_app.of_user(user).exists(),
        passkeys=passkeys.of_user(user).count(),
        phone=bound_phones.of_user(user) if can_text() else None,
        printed=printed_codes.open_codes(user).count(),
    )


def can_text():
    """Whether codes can be sent by text message here."""
    return senders.is_there()


def must_have(user):
    return user.kind != User.Kind.PERSON or not user.password_alone


def may_set_up_first(user):
    """Whether the password alone opens the set-up: only until the first factor stands.

    Whoever used up or lost the factor proves the identity at the window again.
    """
    return user.second_factor_since is None


def note_set_up(user, way):
    """Tell the user of a new second factor, one of WAYS, and remember since when there is one."""
    logger.info("User %s set up a second factor: %s.", user.pk, way)
    notices.tell(user, Notice.Kind.FACTOR_ADDED, factor=way)
    if user.second_factor_since is None:
        user.second_factor_since = timezone.now()
        User.objects.filter(pk=user.pk, second_factor_since=None).update(second_factor_since=user.second_factor_since)


def check_code(user, typed):
    """By which way ("app", "phone", "codes") the typed code is right; "" where it is not. A right code is used up."""
    code = compact(typed)
    if not (code.isascii() and code.isdecimal()):
        return ""
    if len(code) == printed_codes.DIGITS:
        return "codes" if printed_codes.check(user, code) else ""
    if len(code) != text_codes.DIGITS:
        return ""
    if authenticator_app.check(user, code):
        return "app"
    return "phone" if text_codes.check(user, TextCode.Purpose.SIGN_IN, code) else ""


@transaction.atomic
def remove(user, way, passkey=None):
    """Remove one of WAYS; OnlyFactor where nothing else is left to somebody who must have one.

    `passkey`: the key of the Authenticator row, for that way alone.
    """
    User.objects.select_for_update().get(pk=user.pk)
    left = ways_of(user).without(way)
    if not left and must_have(user):
        raise OnlyFactor
    if way == "app":
        authenticator_app.of_user(user).delete()
    elif way == "passkey":
        passkeys.of_user(user).filter(pk=passkey).delete()
    elif way == "phone":
        bound_phones.withdraw(user)
    else:
        printed_codes.open_codes(user).update(withdrawn_at=timezone.now())
    if not left:
        _forget_since(user)
    logger.info("User %s removed a second factor: %s.", user.pk, way)
    notices.tell(user, Notice.Kind.FACTOR_REMOVED, factor=way)


@transaction.atomic
def remove_all(user):
    """Remove whatever the user has, after the identity was proven as at first use."""
    authenticator_app.of_user(user).delete()
    passkeys.of_user(user).delete()
    bound_phones.withdraw(user)
    printed_codes.open_codes(user).update(withdrawn_at=timezone.now())
    _forget_since(user)
    logger.info("The second factors of user %s were removed.", user.pk)


def _forget_since(user):
    user.second_factor_since = None
    User.objects.filter(pk=user.pk).update(second_factor_since=None)
