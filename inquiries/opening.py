"""Opening and closing inquiries: in what capacity, for what purpose, on what legal basis, until when."""

import secrets
from datetime import timedelta

from django.utils import timezone

from . import kiosk
from .door import SESSION_KEY, write_log
from .limits import IN_ALL
from .models import AccessLog, EmployerAgent, Inquiry, Mandate, Purpose

OWN_RECORD_HOURS = 8
PROXY_MINUTES = 30
EMPLOYER_HOURS = 8
WINDOW_MINUTES = 30
BASIS_OWN = "社会保险法 §4, §74"
BASIS_EMPLOYER = "社会保险法 §4, §74; 人社部令14号 §15"
BASIS_COPY = "社会保险法 §74; 个人信息保护法 §45"
OPERATOR_MINUTES = 30
BASIS_OPERATOR = "社会保险法 §74; 社会保险经办条例 §36"
BASIS_WINDOW = "社会保险法 §74; 社会保险经办条例 §32"
BASIS_REVIEW = "社会保险经办条例 §37"
BASIS_PROXY = "人社部令14号 §15; 社会保险经办条例 §30"
BASIS_GUARDIAN = "民法典 §23, §34; 人社部令14号 §15"
BASIS_PHONE = "社会保险法 §74; 社会保险经办条例 §29, §32"


def open_own_record(request):
    """The signed-in person asks about her own record, on the web or at a registered kiosk."""
    terminal = kiosk.terminal_of(request)
    channel = Inquiry.Channel.KIOSK if terminal else Inquiry.Channel.WEB
    kiosk.remember(request, terminal)
    return _open(
        request,
        IN_ALL.get(channel, timedelta(hours=OWN_RECORD_HOURS)),
        capacity=Inquiry.Capacity.SELF,
        channel=channel,
        terminal=terminal,
        purpose=Purpose.OWN_RECORD,
        legal_basis=BASIS_OWN,
        person_id=request.user.person_id,
    )


def open_by_mandate(request, mandate):
    """The signed-in proxy or guardian asks about the record that the mandate opens."""
    is_guardian = mandate.kind == Mandate.Kind.GUARDIAN
    return _open(
        request,
        timedelta(minutes=PROXY_MINUTES),
        capacity=Inquiry.Capacity.GUARDIAN if is_guardian else Inquiry.Capacity.PROXY,
        channel=Inquiry.Channel.WEB,
        purpose=mandate.purpose,
        legal_basis=BASIS_GUARDIAN if is_guardian else BASIS_PROXY,
        person_id=mandate.person_id,
        mandate=mandate,
    )


def open_call(request, person_id):
    """The 12333 desk looks up the caller, who has read out her code."""
    return _open(
        request,
        IN_ALL[Inquiry.Channel.PHONE],
        capacity=Inquiry.Capacity.PHONE,
        channel=Inquiry.Channel.PHONE,
        purpose=Purpose.CONSULT,
        legal_basis=BASIS_PHONE,
        person_id=person_id,
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
    """The clerk looks up the person of a visit whose identity check matched, or the lists of the visiting employer."""
    return _open(
        request,
        timedelta(minutes=WINDOW_MINUTES),
        capacity=Inquiry.Capacity.CLERK,
        channel=Inquiry.Channel.WINDOW,
        purpose=visit.purpose,
        legal_basis=BASIS_WINDOW,
        person_id=visit.person_id,
        employer=visit.employer,
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


def note_review(clerk, mandate):
    """A second clerk looks at the papers of a mandate: the log row is committed before she decides."""
    now = timezone.now()
    inquiry = Inquiry.objects.create(
        token=secrets.token_urlsafe(32),
        user_id=clerk.user_id,
        channel=Inquiry.Channel.WINDOW,
        capacity=Inquiry.Capacity.CLERK,
        purpose=mandate.visit.purpose,
        legal_basis=BASIS_REVIEW,
        person_id=mandate.person_id,
        opened_at=now,
        expires_at=now + timedelta(minutes=1),
    )
    write_log(inquiry, "inquiries.papers_waiting", AccessLog.Kind.LOOK, "", [mandate.person_id], clerk=clerk)
    Inquiry.objects.filter(pk=inquiry.pk).update(closed_at=timezone.now())


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
