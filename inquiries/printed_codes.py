"""Ten codes on paper, each good once: for people without a smartphone, and in reserve for those with an app."""

import secrets

from django.db import transaction
from django.utils import timezone

from .models import PrintedCode

COUNT, DIGITS = 10, 8
FEW = 3


@transaction.atomic
def hand_out(user, by=None, visit=None):
    """Ten new codes of eight digits, shown now and never again; those of an older sheet stop working.

    `by`, `visit`: the clerk who hands the sheet out, and in which visit.
    """
    now = timezone.now()
    open_codes(user).update(withdrawn_at=now)
    codes = set()
    while len(codes) < COUNT:
        codes.add(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")
    codes = secrets.SystemRandom().sample(sorted(codes), COUNT)
    PrintedCode.objects.bulk_create(
        PrintedCode(
            user=user,
            code_hash=PrintedCode.hash_of(user.pk, code),
            printed_at=now,
            handed_out_by=by,
            visit=visit,
        )
        for code in codes
    )
    return codes


def check(user, code):
    """Whether this is an open code of the user's; it is used up by asking."""
    found = open_codes(user).filter(code_hash=PrintedCode.hash_of(user.pk, code))
    return found.update(used_at=timezone.now()) > 0


def open_codes(user):
    return PrintedCode.objects.filter(user=user, used_at=None, withdrawn_at=None)
