"""Opening and closing inquiries: in what capacity, for what purpose, on what legal basis, until when."""

import secrets
from datetime import timedelta

from django.utils import timezone

from .door import SESSION_KEY, write_log
from .models import AccessLog, EmployerAgent, Inquiry, Purpose

OWN_RECORD_HOURS = 8
EMPLOYER_HOURS = 8
WINDOW_MINUTES = 30
BASIS_OWN = "社会保险法 §4, §74"
BASIS_EMPLOYER = "社会保险法 §4, §74; 人社部令14号 §15"
BASIS_COPY = "社会保险法 §74; 个人信息保护法 §45"
OPERATOR_MINUTES = 30
BASIS_OPERATOR = "社会保险法 §74; 社会保险经办条例 §36"
BASIS_WINDOW = "社会保险法 §74; 社会保险经办条例 §32"


def open_own_record(request):
    """The signed-in person asks about her own record."""
    return _open(
        request,
        timedelta(hours=OWN_RECORD_HOURS),
        capacity=Inquiry.Capacity.SELF,
        channel=Inquiry.Channel.WEB,
        purpose=Purpose.OWN_RECORD,
        legal_basis=BASIS_OWN,
        person_id=request.user.person_id,
    )


def employers_of(user):
    """The employers for which this agent may ask today."""
    return [a.employer for a in EmployerAgent.objects.in_force().filter(user=user).select_related("employer")]


def open_employer(request, employer):
    """The signed-in agent asks about the payment lists of an employer he may ask for."""
    return _open(
        request,
        timedelta(hours=EMPLOYER_HOURS),
        capacity=Inquiry.Capacity.AGENT,
        channel=Inquiry.Channel.WEB,
        purpose=Purpose.PAYMENT_LIST,
        legal_basis=BASIS_EMPLOYER,
        employer=employer,
    )


def open_visit_record(request, visit):
    """The clerk looks up the person of a visit whose identity check matched."""
    return _open(
        request,
        timedelta(minutes=WINDOW_MINUTES),
        capacity=Inquiry.Capacity.CLERK,
        channel=Inquiry.Channel.WINDOW,
        purpose=visit.purpose,
        legal_basis=BASIS_WINDOW,
        person_id=visit.person_id,
        visit=visit,
    )


def hand_out(member, person, page):
    """A member of staff hands a person her own record outside the pages: the log row is committed before it is read."""
    now = timezone.now()
    inquiry = Inquiry.objects.create(
        token=secrets.token_urlsafe(32),
        user_id=member.user_id,
        channel=Inquiry.Channel.WINDOW,
        capacity=Inquiry.Capacity.CLERK,
        purpose=Purpose.PRINT,
        legal_basis=BASIS_COPY,
        person=person,
        opened_at=now,
        expires_at=now,
        closed_at=now,
    )
    write_log(inquiry, page, AccessLog.Kind.EXPORT, "", [person.pk], clerk=member)


def open_for_operator(request, member, purpose, reference, person_id=None):
    """An operator or auditor looks into the batches of the ledger, or up one person, for the sake of a document."""
    return _open(
        request,
        timedelta(minutes=OPERATOR_MINUTES),
        capacity=Inquiry.Capacity(member.role),
        channel=Inquiry.Channel.WEB,
        purpose=purpose,
        reference=reference,
        legal_basis=BASIS_OPERATOR,
        person_id=person_id,
    )


def close(request):
    """Close the session's inquiry, if one is open."""
    token = request.session.pop(SESSION_KEY, None)
    if token:
        Inquiry.objects.filter(token=token, closed_at=None).update(closed_at=timezone.now())


def _open(request, lifetime, **facts):
    close(request)
    now = timezone.now()
    inquiry = Inquiry.objects.create(
        token=secrets.token_urlsafe(32), user=request.user, opened_at=now, expires_at=now + lifetime, **facts
    )
    request.session[SESSION_KEY] = inquiry.token
    return inquiry
