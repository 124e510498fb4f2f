"""Corrections of staged people: asked for by one operator of the cast, decided by the other, posted by the job role."""

from decimal import Decimal

from accounts import corrections
from accounts.models import Account, Entry
from inquiries.models import StaffMember
from registry.roles import acting_as
from tests.cast import OPERATOR, SECOND_OPERATOR
from tests.staged import OCTOBER


def operator(staff_no=OPERATOR):
    return StaffMember.objects.select_related("user").get(staff_no=staff_no).user


def account_of(person, scheme="pension"):
    return Account.objects.get(person_id=person, scheme=scheme)


def key_of(person, kind):
    """The key of the person's first entry of a kind, as corrections.ask takes it."""
    entry = Entry.objects.filter(person_id=person, kind=kind).order_by("booked_month", "batch_id", "line").first()
    return entry.booked_month, entry.kind, entry.batch_id, entry.line


def right(kind, amount, period=OCTOBER):
    return corrections.RightEntry(kind, period, Decimal(amount))


def ask(person, undone=("contrib_ind",), rights=(), scheme="pension", **words):
    words = {"by": operator(), "reason": "Base was 8,000, not 9,000", "document_ref": "2026-0042"} | words
    keys = [key_of(person, kind) for kind in undone]
    return corrections.ask(account_of(person, scheme), keys, rights, **words)


def approve(correction, staff_no=SECOND_OPERATOR):
    corrections.decide(correction, "approved", by=operator(staff_no), reason="Compared with the slip")
    return correction


def post(correction):
    with acting_as("job"):
        outcome = corrections.post(correction.pk)
    correction.refresh_from_db()
    return outcome


def corrected(person, **asked):
    """A correction all the way to its posting."""
    correction = approve(ask(person, **asked))
    post(correction)
    return correction
