"""Whose record is open in this session, and whether whoever opened it may still see it."""

from django.utils import timezone

from ..models import EmployerAgent, Inquiry, StaffMember, User

SESSION_KEY = "inquiry"
OF_OPERATORS = (Inquiry.Capacity.OPERATOR, Inquiry.Capacity.AUDITOR)


def open_inquiry(request):
    """The inquiry open in this session, if it still holds for this user; None otherwise. One query.

    Its person is known by her id alone: her record opens in the transaction that names the inquiry (ways.py).
    """
    token = request.session.get(SESSION_KEY)
    if not token:
        return None
    inquiry = (
        Inquiry.objects.filter(token=token, user=request.user, closed_at=None, expires_at__gt=timezone.now())
        .select_related("employer", "visit__clerk__agency", "visit__identity_check")
        .first()
    )
    return inquiry if inquiry and has_authority(inquiry, request.user) else None


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
