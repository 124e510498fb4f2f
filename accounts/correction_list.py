"""Corrections as they are read: the operators' list, one request, and what the person sees beside her entries."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef

from inquiries.models import StaffMember
from registry.insurance import SCHEMES_OF
from registry.models import Area

from .closings import undone_by_it
from .models import Correction, CorrectionLine

SHOWN = 50
# No inquiry is open where these are listed: the function says what stands in the list, and nobody's id.
LISTED = "SELECT * FROM corrections_listed(%s::boolean, %s::integer)"


def open_requests():
    """Requests that wait for a decision or for the posting, oldest first. Two queries."""
    return _with_areas([False, None])


def ended_requests():
    """The latest that were refused, posted, or could not be posted. Two queries."""
    return _with_areas([True, SHOWN])


def _with_areas(asked):
    found = list(Correction.objects.raw(LISTED, asked))
    areas = Area.objects.in_bulk({correction.area_code for correction in found})
    for correction in found:
        correction.area = areas.get(correction.area_code)
    return found


@dataclass(frozen=True)
class About:
    """Whose record a look at a request opens, and for the sake of which document."""

    person_id: int
    document_ref: str


def about(pk):
    """The About of a request, before there is an inquiry; None where there is no such request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, document_ref FROM correction_about(%s::bigint)", [pk])
        found = cursor.fetchone()
    return found and About(*found)


def told(correction):
    """One request with its `.undone` and `.rights` lines, who asked and decided, the balance there is and would be.

    `correction`: with its lines prefetched. `.asker` and `.decider` are staff numbers, for staff alone.
    `.undoes_closing`: whether it opens a closed account again. Four queries.
    """
    lines = list(correction.lines.all())
    correction.undone = [line for line in lines if line.what == CorrectionLine.What.UNDO]
    correction.rights = [line for line in lines if line.what == CorrectionLine.What.RIGHT]
    correction.moved = sum((line.amount for line in correction.rights), Decimal("0.00")) - sum(
        (line.amount for line in correction.undone), Decimal("0.00")
    )
    correction.area = Area.objects.filter(pk=correction.area_code).first()
    staff = StaffMember.objects.filter(user__in=[correction.asked_by_id, correction.decided_by_id])
    numbers = dict(staff.values_list("user", "staff_no"))
    correction.asker, correction.decider = (
        numbers.get(correction.asked_by_id, ""),
        numbers.get(correction.decided_by_id, ""),
    )
    correction.undoes_closing = Correction.objects.filter(undone_by_it(), pk=correction.pk).exists()
    correction.stands = correction.account.balance
    correction.would_stand = correction.stands + correction.moved
    return correction


def by_batch(person, insurance):
    """{batch id: Correction} of what was posted for the person in one insurance. One query.

    `.undoes_closing`: it opened the account again; `.has_entries`: false where it undid a closing that paid nothing.
    """
    posted = Correction.objects.posted().filter(person__in=person.record_ids, scheme__in=SCHEMES_OF[insurance])
    moving = CorrectionLine.objects.filter(correction=OuterRef("pk")).exclude(amount=0)
    posted = posted.annotate(undoes_closing=undone_by_it(), has_entries=Exists(moving)).order_by("pk")
    return {pk: c for c in posted for pk in (c.undo_batch_id, c.right_batch_id) if pk}
