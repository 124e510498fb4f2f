"""Whose record is open in this session, and whether whoever opened it may still see it."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from registry.models import InsuredPerson

from ..models import EmployerAgent, Inquiry, StaffMember, User

SESSION_KEY = "inquiry"
OF_OPERATORS = (Inquiry.Capacity.OPERATOR, Inquiry.Capacity.AUDITOR)


def open_inquiry(request):
    """The inquiry open in this session, if it still holds for this user; None otherwise. One query."""
    token = request.session.get(SESSION_KEY)
    if not token:
        return None
    duplicates = InsuredPerson.objects.filter(merged_into=OuterRef("person")).order_by().values("pk")
    inquiry = (
        Inquiry.objects.filter(token=token, user=request.user, closed_at=None, expires_at__gt=timezone.now())
        .select_related("person", "employer", "visit__clerk__agency", "visit__identity_check")
        .annotate(merged_ids=ArraySubquery(duplicates))
        .first()
    )
    if inquiry is None or not has_authority(inquiry, request.user):
        return None
    if inquiry.person:
        inquiry.person.record_ids = [inquiry.person_id, *inquiry.merged_ids]
    return inquiry


def has_authority(inquiry, user):
    """Whether the capacity in which the inquiry was opened still holds now."""
    if inquiry.capacity == Inquiry.Capacity.SELF:
        return user.kind == User.Kind.PERSON and user.person_id == inquiry.person_id
    if inquiry.capacity == Inquiry.Capacity.AGENT:
        return EmployerAgent.objects.in_force().filter(user=user, employer=inquiry.employer_id).exists()
    if inquiry.capacity == Inquiry.Capacity.CLERK:
        clerk, today = inquiry.visit.clerk, timezone.localdate()
        in_force = clerk.since <= today and (clerk.until is None or today < clerk.until)
        return (
            clerk.user_id == user.pk
            and clerk.role == StaffMember.Role.CLERK
            and in_force
            and not inquiry.visit.closed_at
        )
    if inquiry.capacity in OF_OPERATORS:
        member = user.staff_member if user.kind == User.Kind.STAFF else None
        return member is not None and member.role == inquiry.capacity
    return False
