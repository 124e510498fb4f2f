"""First use: a one-time activation code (启用码), handed out after a document check, lets its owner set a password.

Nobody ever has a default password. Codes are 12 characters of Crockford's base 32 (60 bits), kept as a keyed hash,
good for 72 hours and once; a new code withdraws the older ones. A forgotten password is recovered by the same proof.
"""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from registry.encryption import keyed_hash
from registry.identity import compact, plain_name

from . import devices, freezing, notices, passwords, second_factors, sessions, throttle
from .models import ActivationCode, Notice, Session, User

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
VALID_FOR = timedelta(hours=72)
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


class ActivationRefused(Exception):
    """The code, the number or the name is wrong, used or late; which of them is not said."""


@transaction.atomic
def issue(user, issued_by=None, drops_factors=False):
    """A new activation code for `user`, in three groups of four; older open codes are withdrawn.

    It is handed out after an identity check, so guesses counted against the account are forgiven. `drops_factors`: its
    use removes the second factors too, because they were lost.
    """
    now = timezone.now()
    throttle.reopen(user)
    user.activation_codes.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    ActivationCode.objects.create(
        user=user,
        code_hash=_hash(code),
        issued_at=now,
        expires_at=now + VALID_FOR,
        issued_by=issued_by,
        drops_factors=drops_factors,
    )
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def user_for_person(person, number):
    """The user with which this insured person signs in by this identity number; made when first needed."""
    key = User.key_of(User.Kind.PERSON, number)
    user, _made = User.objects.get_or_create(
        person=person,
        defaults={"kind": User.Kind.PERSON, "login_key": key, "name": person.name, "password": make_password(None)},
    )
    return user


def open_code(kind, login, name, code):
    """The usable ActivationCode that belongs to number, name and code together; ActivationRefused otherwise."""
    found = (
        ActivationCode.objects.filter(
            code_hash=_hash(_clean(code)),
            user__login_key=User.key_of(kind, login),
            user__is_active=True,
            used_at=None,
            withdrawn_at=None,
            expires_at__gt=timezone.now(),
        )
        .select_related("user")
        .first()
    )
    if found is None or plain_name(found.user.name) != plain_name(name):
        raise ActivationRefused
    return found


@transaction.atomic
def activate(activation_code, password, alone=False):
    """Set the password of the code's owner and use the code up; ActivationRefused if it was used meanwhile.

    Who was signed in with the old password is out at once, and a frozen account is open again. `alone`: whether a
    person wants no second factor beside it.
    """
    used = ActivationCode.objects.filter(pk=activation_code.pk, used_at=None).update(used_at=timezone.now())
    if not used:
        raise ActivationRefused
    user = activation_code.user
    is_first = not user.has_usable_password()
    passwords.set_password(user, password, alone)
    if activation_code.drops_factors:
        second_factors.remove_all(user)
    throttle.reopen(user)
    sessions.end_all(user, Session.Ended.PASSWORD)
    devices.revoke(user.known_devices)
    freezing.unfreeze(user)
    if not is_first:
        notices.tell(user, Notice.Kind.PASSWORD_CHANGED)
    return user


def _clean(code):
    return compact(code).translate(READ_AS)


def _hash(code):
    return keyed_hash("activation", code)
