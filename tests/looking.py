"""Look-ups planted in the access log: rows as the door writes them, at whatever time a test needs."""

import uuid
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from inquiries.models import AccessLog, Inquiry, StaffMember, User
from registry.models import InsuredPerson
from tests import visitors
from tests.cast import CLERK

PURPOSES = {"self": "own_record", "agent": "payment_list", "auditor": "audit", "operator": "verify"}


def person_of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def user_of(staff_no=CLERK):
    return StaffMember.objects.get(staff_no=staff_no).user


def moment(days_ago=0, hour=10):
    """That many days ago at this hour of the agency's clock."""
    local = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    return local - timedelta(days=days_ago)


def plant(
    member,
    *,
    capacity="clerk",
    user=None,
    at=None,
    count=1,
    page="accounts.my_accounts",
    kind="look",
    employer=None,
    reference="T-1",
    agency="",
    office="",
    inquiry=None,
):
    """`count` look-ups of a member of the cast (or of this person id) within one inquiry; gives the inquiry."""
    person_id = member if isinstance(member, int) else person_of(member).pk
    user, at = user or user_of(), at or timezone.now()
    inquiry = inquiry or Inquiry.objects.create(
        token=uuid.uuid4().hex,
        user=user,
        channel="window" if capacity == "clerk" else "web",
        # A proxy's inquiry names a mandate, which no test of the log needs.
        capacity="self" if capacity == "proxy" else capacity,
        purpose=PURPOSES.get(capacity, "balance"),
        legal_basis="-",
        reference=reference,
        person_id=None if employer else person_id,
        employer_id=employer,
        opened_at=at,
        expires_at=at + timedelta(minutes=30),
    )
    AccessLog.objects.bulk_create(
        AccessLog(
            person_id=person_id,
            month=timezone.localdate(at).replace(day=1),
            act=uuid.uuid4(),
            at=at + timedelta(seconds=number),
            kind=kind,
            page=page,
            inquiry_id=inquiry.pk,
            user_id=user.pk,
            employer_id=employer,
            channel=inquiry.channel,
            capacity=capacity,
            purpose=inquiry.purpose,
            legal_basis="社会保险法 §74",
            agency_code=agency,
            office=office,
        )
        for number in range(count)
    )
    return inquiry


def own_user(member):
    return User.objects.get(person=person_of(member))


def into_books(staff_no, target, purpose="audit"):
    """A member of staff who has said why, on the page that `target` names."""
    client = visitors.staff(staff_no)
    say_why(client, target, purpose)
    return client


def say_why(client, target, purpose="audit"):
    form = {"purpose": purpose, "reference": "A-2026-7", "next": reverse(target)}
    return client.post(reverse("look_into_books"), form)
