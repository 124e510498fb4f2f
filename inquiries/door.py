"""The door: the only place that decides whether somebody may see a record, and the writer of the access log.

Every page that shows a record goes through one of the two decorators. In this order: the open inquiry of the session
is read and must still hold (role in force, visit open, not expired); the log row is written and committed; then the
page is made in a transaction that cannot write and carries the inquiry's id, `portal.inquiry`.
No address names a person: a stranger's session can only ever show the stranger's own record.
"""

import re
import uuid
from functools import wraps
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import OuterRef
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_POST

from registry.models import InsuredPerson

from .models import AccessLog, EmployerAgent, Inquiry, StaffMember, User
from .models.access_log import NO_PERSON

SESSION_KEY = "inquiry"
OF_OPERATORS = (Inquiry.Capacity.OPERATOR, Inquiry.Capacity.AUDITOR)
DETAIL_KEYS = ("insurance", "scheme", "year", "month", "from", "to", "page")
UNSAFE = re.compile(r"[^\w.:-]", re.ASCII)

LOG = """
INSERT INTO inquiries_accesslog (person_id, month, act, at, kind, page, detail, inquiry_id, user_id, employer_id,
                                 visit_id, channel, capacity, purpose, legal_basis, agency_code, office)
SELECT person, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM unnest(%s::bigint[]) AS person
"""


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
    if inquiry is None or not _authority(inquiry, request.user):
        return None
    if inquiry.person:
        inquiry.person.record_ids = [inquiry.person_id, *inquiry.merged_ids]
    return inquiry


def _authority(inquiry, user):
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


def on_record(page, kind=AccessLog.Kind.LOOK, before_match=False, begins_at=None):
    """Decorate `view(request, person, …)`: a page about the person of the open inquiry.

    At the window the record opens only once the identity check matched; `before_match` marks the check's own page.
    `begins_at` marks a page of operators and auditors: the name of the page where they begin such a look-up. Their
    inquiries open these pages alone, and nobody else's inquiry does.
    """

    def decorate(view):
        @wraps(view)
        def behind_the_door(request, **kwargs):
            inquiry = open_inquiry(request)
            if inquiry is None or inquiry.person is None or (inquiry.capacity in OF_OPERATORS) != bool(begins_at):
                return _no_record_here(request, begins_at)
            if inquiry.visit and not before_match and not inquiry.visit.is_identity_matched:
                return redirect("check_identity")
            clerk = request.user.staff_member if begins_at else None
            write_log(inquiry, page, kind, _detail(request, kwargs), [inquiry.person_id], clerk)
            request.inquiry = inquiry
            with _shown_only(inquiry):
                return view(request, inquiry.person, **kwargs)

        behind_the_door.door = page
        return behind_the_door

    return decorate


def on_list(page, listing, kind=AccessLog.Kind.LOOK):
    """Decorate `view(request, employer, listed, …)`: a page that lists persons of the open inquiry's employer.

    `listing(request, employer, …)` reads what will be shown and returns an object whose `person_ids` are the persons
    on it; each of them gets a log row, committed, before the page is made.
    """

    def decorate(view):
        @wraps(view)
        def behind_the_door(request, **kwargs):
            inquiry = open_inquiry(request)
            if inquiry is None or inquiry.employer is None:
                return _no_record_here(request)
            request.inquiry = inquiry
            with _shown_only(inquiry):
                listed = listing(request, inquiry.employer, **kwargs)
            write_log(inquiry, page, kind, _detail(request, kwargs), listed.person_ids)
            with _shown_only(inquiry):
                return view(request, inquiry.employer, listed, **kwargs)

        behind_the_door.door = page
        return behind_the_door

    return decorate


def on_books(page, listing, begins_at):
    """Decorate `view(request, listed, …)`: a page of operators and auditors that shows the persons in a batch.

    The open inquiry names no person but a purpose and a document; `listing(request, …)` works as for `on_list`.
    `begins_at`: the name of the page where such an inquiry is opened.
    """

    def decorate(view):
        @wraps(view)
        def behind_the_door(request, **kwargs):
            inquiry = open_inquiry(request)
            if inquiry is None or inquiry.capacity not in OF_OPERATORS or inquiry.person:
                return _no_record_here(request, f"{reverse(begins_at)}?{urlencode({'next': request.path})}")
            request.inquiry = inquiry
            with _shown_only(inquiry):
                listed = listing(request, **kwargs)
            clerk, detail = request.user.staff_member, _detail(request, kwargs)
            write_log(inquiry, page, AccessLog.Kind.LOOK, detail, listed.person_ids, clerk)
            with _shown_only(inquiry):
                return view(request, listed, **kwargs)

        behind_the_door.door = page
        return behind_the_door

    return decorate


def for_clerk(view):
    """Decorate `view(request, clerk, …)`: a window page, for clerks whose role is in force."""

    @wraps(view)
    def behind_the_door(request, **kwargs):
        member = request.user.staff_member if request.user.kind == User.Kind.STAFF else None
        if member is None or member.role != StaffMember.Role.CLERK:
            raise PermissionDenied
        return view(request, member, **kwargs)

    behind_the_door.door = "window"
    return behind_the_door


def for_operator(view):
    """Decorate `view(request, member, …)`: an operators' page about nobody's record; auditors may look at it too."""
    return _for_staff(view, {StaffMember.Role.OPERATOR, StaffMember.Role.AUDITOR})


def deed_of_operator(view):
    """Decorate `view(request, member, …)`: a deed (POST) on nobody's record, for operators alone."""

    @require_POST
    @wraps(view)
    def deed(request, member, **kwargs):
        with transaction.atomic():
            return view(request, member, **kwargs)

    return _for_staff(deed, {StaffMember.Role.OPERATOR})


def _for_staff(view, roles):
    @wraps(view)
    def behind_the_door(request, **kwargs):
        member = request.user.staff_member if request.user.kind == User.Kind.STAFF else None
        if member is None or member.role not in roles:
            raise PermissionDenied
        return view(request, member, **kwargs)

    behind_the_door.door = "operators"
    return behind_the_door


def deed_of_inquiry(view):
    """Decorate `view(request, inquiry, …)`: a deed whose form carries the token of the inquiry it was shown in.

    If another inquiry is open by now (a second tab), nothing is done and the answer is a 409 page.
    """

    @wraps(view)
    def behind_the_door(request, **kwargs):
        inquiry = open_inquiry(request)
        if inquiry is None or inquiry.capacity in OF_OPERATORS:
            return _no_record_here(request)
        request.inquiry = inquiry
        if not _is_form_of(inquiry, request):
            return render(request, "409.html", status=409)
        with transaction.atomic():
            return view(request, inquiry, **kwargs)

    behind_the_door.door = "deed"
    return behind_the_door


def operators_deed_on_record(page, begins_at):
    """Decorate `view(request, person, …)`: an operator's deed (POST) on the record of the person looked up.

    Token and 409 as for `deed_of_inquiry`. The log row comes first, because what is wrong is shown beside the record.
    """

    def decorate(view):
        @require_POST
        @wraps(view)
        def behind_the_door(request, **kwargs):
            inquiry = open_inquiry(request)
            if inquiry is None or inquiry.person is None or inquiry.capacity != Inquiry.Capacity.OPERATOR:
                return _no_record_here(request, begins_at, {StaffMember.Role.OPERATOR})
            request.inquiry = inquiry
            if not _is_form_of(inquiry, request):
                return render(request, "409.html", status=409)
            clerk, detail = request.user.staff_member, _detail(request, kwargs)
            write_log(inquiry, page, AccessLog.Kind.LOOK, detail, [inquiry.person_id], clerk)
            with transaction.atomic():
                return view(request, inquiry.person, **kwargs)

        behind_the_door.door = page
        return behind_the_door

    return decorate


def _is_form_of(inquiry, request):
    return constant_time_compare(request.POST.get("inquiry", ""), inquiry.token)


def _no_record_here(request, begins_at=None, roles=OF_OPERATORS):
    """Where to send a user who has no such inquiry open. Only the role decides: nothing about any record is told."""
    if request.user.kind == User.Kind.STAFF:
        member = request.user.staff_member
        if member and member.role == StaffMember.Role.CLERK and not begins_at:
            return redirect("window_today")
        if member and member.role in roles and begins_at:
            return redirect(begins_at)
    elif not begins_at and open_inquiry(request) is None:
        is_agent = request.user.kind == User.Kind.AGENT
        return redirect("choose_employer") if is_agent else redirect("sign_in", kind=User.Kind.PERSON)
    raise PermissionDenied


def _detail(request, kwargs):
    """What was asked for, from known words of the address alone; never a name or number of a person."""
    asked = [str(value) for value in kwargs.values()] + [request.GET[k] for k in DETAIL_KEYS if k in request.GET]
    return " ".join(UNSAFE.sub("", word)[:20] for word in asked)[:120]


def write_log(inquiry, page, kind, detail, person_ids, clerk=None):
    """Commit the log rows of one act. `clerk`: the member of staff who acts, where no visit names one."""
    now = timezone.now()
    office = inquiry.visit.office if inquiry.visit else clerk.office if clerk else ""
    clerk = inquiry.visit.clerk if inquiry.visit else clerk
    row = [
        timezone.localdate(now).replace(day=1),
        uuid.uuid4(),
        now,
        kind,
        page,
        detail,
        inquiry.pk,
        inquiry.user_id,
        inquiry.employer_id,
        inquiry.visit_id,
        inquiry.channel,
        inquiry.capacity,
        inquiry.purpose,
        inquiry.legal_basis,
        clerk.agency_id if clerk else "",
        office,
    ]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(LOG, [*row, list(dict.fromkeys(person_ids)) or [NO_PERSON]])


class _shown_only(transaction.Atomic):
    """A transaction that reads only and names the inquiry it serves (row-level policies compare with it)."""

    def __init__(self, inquiry):
        super().__init__(using=None, savepoint=True, durable=False)
        self.inquiry = inquiry

    def __enter__(self):
        super().__enter__()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('transaction_read_only', 'on', true), set_config('portal.inquiry', %s, true)",
                [str(self.inquiry.pk)],
            )
