"""Calls to 12333: the caller makes a code on her page and reads it out; the desk sees her record for a quarter hour.

Codes are six digits, good for ten minutes and once. Five wrong ones about a person withdraw the code she made.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from registry.encryption import keyed_hash

from .look_up import person_with_number
from .models import Inquiry, PhoneCode

DIGITS = 6
VALID_FOR = timedelta(minutes=10)
WRONG_TRIES = 5


class CodeRefused(Exception):
    """Number and code do not belong together, or the code is used or late; which of them is not said."""


@transaction.atomic
def make_code(user, person):
    """Six digits for the caller to read out; her earlier code is withdrawn. IntegrityError where two ask at once."""
    now = timezone.now()
    _open_codes(person).update(withdrawn_at=now)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    PhoneCode.objects.create(
        person=person, user=user, code_hash=_hash(person.pk, code), made_at=now, expires_at=now + VALID_FOR
    )
    return code


def withdraw(person):
    """Withdraw the open code and close what the desk has open about the person; gives the number of closed look-ups."""
    now = timezone.now()
    _open_codes(person).update(withdrawn_at=now)
    return under_way(person).update(closed_at=now)


def under_way(person):
    """The desk's look-ups of this person that are open now."""
    return Inquiry.objects.filter(
        person=person, capacity=Inquiry.Capacity.PHONE, closed_at=None, expires_at__gt=timezone.now()
    )


def use_code(id_type, number, code):
    """The id of the caller's person, and the code is used up; CodeRefused otherwise. A wrong code counts."""
    person_id = person_with_number(id_type, number)
    with transaction.atomic():
        # The lock lets two desks that enter one code at once get it once.
        made = PhoneCode.objects.usable().select_for_update().filter(person=person_id).first()
        expected = bytes(made.code_hash) if made else b""
        is_right = constant_time_compare(expected, _hash(person_id, code))
        if made and is_right:
            PhoneCode.objects.filter(pk=made.pk).update(used_at=timezone.now())
        elif made:
            late = made.wrong_tries + 1 >= WRONG_TRIES
            facts = {"withdrawn_at": timezone.now()} if late else {}
            PhoneCode.objects.filter(pk=made.pk).update(wrong_tries=F("wrong_tries") + 1, **facts)
    if not is_right:
        raise CodeRefused
    return person_id


def _open_codes(person):
    return PhoneCode.objects.filter(person=person, used_at=None, withdrawn_at=None)


def _hash(person_id, code):
    return keyed_hash("phone", f"{person_id}:{code}")
