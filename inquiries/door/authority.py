"""Whose record is open in this session, and whether whoever opened it may still see it.

Each capacity has one question, asked anew with every request (AUTHORITY); a capacity without one opens nothing.
Which pages it opens, once the answer is yes, stands in scopes.py.
"""

from django.utils import timezone

from ..models import EmployerAgent, Inquiry, StaffMember, User, Visit
from ..models.visits import Actor

SESSION_KEY = "inquiry"
Capacity = Inquiry.Capacity
OF_OPERATORS = (Capacity.OPERATOR, Capacity.AUDITOR)
OF_PROXIES = (Capacity.PROXY, Capacity.GUARDIAN)
OF_VISITS = ("clerk__agency", "identity_check", "mandate")


def open_inquiry(request):
    """The inquiry open in this session, if it still holds for this user; None otherwise. One query; two at the window.

    Its person is known by her id alone: her record opens in the transaction that names the inquiry (ways.py). Employer,
    mandate and terminal are read where there is one: joining them for everybody took longer than all else here.
    """
    token = request.session.get(SESSION_KEY)
    if not token:
        return None
    held = Inquiry.objects.filter(token=token, user=request.user, closed_at=None, expires_at__gt=timezone.now())
    inquiry = held.first()
    if inquiry and inquiry.visit_id:
        inquiry.visit = Visit.objects.select_related(*OF_VISITS).get(pk=inquiry.visit_id)
    return inquiry if inquiry and has_authority(inquiry, request.user) else None


def has_authority(inquiry, user):
    """Whether the capacity in which the inquiry was opened still holds now."""
    question = AUTHORITY.get(inquiry.capacity)
    return question is not None and question(inquiry, user)


def _is_the_person(inquiry, user):
    """Signed in as the person; at a kiosk, on a machine that is still registered."""
    at_home = inquiry.terminal is None or inquiry.terminal.ended_at is None
    return user.kind == User.Kind.PERSON and user.person_id == inquiry.person_id and at_home


def _holds_the_mandate(inquiry, user):
    """Signed in as the proxy of a mandate about this person that has not ended."""
    mandate = inquiry.mandate
    return (
        user.kind == User.Kind.PERSON
        and user.login_key == mandate.proxy_key
        and mandate.person_id == inquiry.person_id
        and mandate.is_in_force
    )


def _speaks_for_the_employer(inquiry, user):
    """An agent of this employer today; the same question brings the employer, whose name every page of hers shows."""
    held = EmployerAgent.objects.in_force().filter(user=user, employer=inquiry.employer_id)
    agent = held.select_related("employer").first()
    if agent is not None:
        inquiry.employer = agent.employer
    return agent is not None


def _serves_the_visitor(inquiry, user):
    """A clerk in force whose visit is open, with the mandate that a proxy or guardian brought not ended."""
    visit, today = inquiry.visit, timezone.localdate()
    clerk, mandate = visit.clerk, visit.by_mandate
    in_force = clerk.since <= today and (clerk.until is None or today < clerk.until)
    needs_mandate = visit.actor in {Actor.PROXY, Actor.GUARDIAN}
    has_mandate = mandate is not None and mandate.ended_at is None and mandate.since <= today < mandate.until
    return (
        clerk.user_id == user.pk
        and clerk.role == StaffMember.Role.CLERK
        and in_force
        and not visit.closed_at
        and (has_mandate or not needs_mandate)
    )


def _has_the_role(inquiry, user):
    """Desk, operators and auditors: the role of today bears the name of the capacity."""
    member = user.staff_member if user.kind == User.Kind.STAFF else None
    return member is not None and member.role == inquiry.capacity


AUTHORITY = {
    Capacity.SELF: _is_the_person,
    Capacity.PROXY: _holds_the_mandate,
    Capacity.GUARDIAN: _holds_the_mandate,
    Capacity.AGENT: _speaks_for_the_employer,
    Capacity.CLERK: _serves_the_visitor,
    Capacity.PHONE: _has_the_role,
    Capacity.OPERATOR: _has_the_role,
    Capacity.AUDITOR: _has_the_role,
}
