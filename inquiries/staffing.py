"""Accounts of staff: asked for by a system administrator, decided by a security administrator, closed by either.

Every deed leaves a row in StaffDeed. The database keeps the two people apart too: inquiries/staff_guards.py.
"""

import logging
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import activation, sessions
from .models import Inquiry, Session, StaffDeed, StaffMember, StaffRequest, User

What, Decision, Deed = StaffRequest.What, StaffRequest.Decision, StaffDeed.Deed

# The practice of 等保 8.1.4.2 c): accounts that nobody uses are closed in time; the norm names no number of days.
IDLE_DAYS = 90

KNOWN_NUMBER = _("This staff number is in use. A number is given once, also after its role has ended.")
WAITING_ALREADY = _("A request about this staff number is waiting for its decision.")
ABOUT_ONESELF = _("Nobody asks for or decides about the own account.")
ENDED = _("This role has ended. Ask for a new member of staff, with a new number.")
NOT_DISABLED = _("This account is not disabled.")
DISABLED_ALREADY = _("This account is disabled already.")
IS_DISABLED = _("This account is disabled. Ask to open it again first.")
NOTHING_CHANGES = _("This is the role and office of today. Nothing would change.")
DECIDED_ALREADY = _("This request is decided already.")
OWN_REQUEST = _("Whoever asked cannot decide.")
NO_CODE = _("No code may be issued: the request is not approved, or its code was issued already.")


class StaffingRefused(Exception):
    """What stands in the way, as a sentence for the page."""


def ask_for_new(by, *, staff_no, reason, **account):
    """Ask for a new member of staff; `account`: name, role, agency, office. Raises StaffingRefused."""
    if StaffMember.objects.filter(staff_no=staff_no).exists():
        raise StaffingRefused(KNOWN_NUMBER)
    return _ask(by, What.NEW, staff_no, reason, **account)


def ask_for_change(by, member, *, reason, role, agency, office):
    """Ask that a member of staff get another role or office. Raises StaffingRefused."""
    if (member.role, member.agency_id, member.office) == (role, agency.pk, office):
        raise StaffingRefused(NOTHING_CHANGES)
    return _ask_about(by, What.CHANGE, member, reason, role=role, agency=agency, office=office)


def ask_for_end(by, member, *, reason, until):
    """Ask that a role end; `until`: its first day without rights. Raises StaffingRefused."""
    return _ask_about(by, What.END, member, reason, until=until)


def ask_to_enable(by, member, *, reason):
    """Ask that a disabled account be opened again. Raises StaffingRefused."""
    if member.user.is_active:
        raise StaffingRefused(NOT_DISABLED)
    return _ask_about(by, What.ENABLE, member, reason)


def ask_for_code(by, member, *, reason):
    """Ask that a member of staff may get a new activation code. Raises StaffingRefused."""
    if not member.user.is_active:
        raise StaffingRefused(IS_DISABLED)
    return _ask_about(by, What.CODE, member, reason)


def _ask_about(by, what, member, reason, **account):
    if member.user_id == by.pk:
        raise StaffingRefused(ABOUT_ONESELF)
    if member.has_ended:
        raise StaffingRefused(ENDED)
    return _ask(by, what, member.staff_no, reason, member=member, **account)


def _ask(by, what, staff_no, reason, **account):
    try:
        with transaction.atomic():
            request = StaffRequest.objects.create(what=what, staff_no=staff_no, asked_by=by, reason=reason, **account)
            _note(Deed.ASKED, by, reason, request=request, staff_no=staff_no, member=account.get("member"))
    except IntegrityError as error:
        raise StaffingRefused(WAITING_ALREADY) from error
    return request


@transaction.atomic
def decide(request, decision, *, by, reason):
    """Approve or refuse a waiting request, once; what is approved is in force when this returns.

    Raises StaffingRefused.
    """
    if request.asked_by_id == by.pk:
        raise StaffingRefused(OWN_REQUEST)
    if request.member and request.member.user_id == by.pk:
        raise StaffingRefused(ABOUT_ONESELF)
    decided = StaffRequest.objects.waiting().filter(pk=request.pk)
    if not decided.update(decision=decision, decision_reason=reason, decided_by=by, decided_at=timezone.now()):
        raise StaffingRefused(DECIDED_ALREADY)
    if decision == Decision.APPROVED:
        _carry_out(request)
    deed = Deed.APPROVED if decision == Decision.APPROVED else Deed.REFUSED
    _note(deed, by, reason, request=request, staff_no=request.staff_no, member=request.member)


def _carry_out(request):
    member = StaffMember.objects.filter(pk=request.member_id)
    if request.what == What.NEW:
        _make(request)
    elif request.what == What.CHANGE:
        member.update(role=request.role, agency=request.agency, office=request.office)
    elif request.what == What.END:
        member.update(until=request.until)
    elif request.what == What.ENABLE:
        User.objects.filter(pk=request.member.user_id).update(is_active=True)


def _make(request):
    """The user, without a usable password, and the role of a new member of staff."""
    if StaffMember.objects.filter(staff_no=request.staff_no).exists():
        raise StaffingRefused(KNOWN_NUMBER)
    key = User.key_of(User.Kind.STAFF, request.staff_no)
    user = User.objects.create(kind=User.Kind.STAFF, login_key=key, name=request.name, password=make_password(None))
    request.member = StaffMember.objects.create(
        user=user,
        staff_no=request.staff_no,
        role=request.role,
        agency=request.agency,
        office=request.office,
        since=timezone.localdate(),
    )
    request.save(update_fields=["member"])


@transaction.atomic
def issue_code(request, *, by):
    """A new activation code on the strength of an approved request, once. Raises StaffingRefused."""
    approved = StaffRequest.objects.filter(
        pk=request.pk, decision=Decision.APPROVED, what__in=[What.NEW, What.CODE], code_issued_at=None
    )
    if not request.member.user.is_active or not approved.update(code_issued_at=timezone.now()):
        raise StaffingRefused(NO_CODE)
    _note(Deed.CODE, by, request.reason, request=request, staff_no=request.staff_no, member=request.member)
    return activation.issue(request.member.user, issued_by=by)


@transaction.atomic
def disable(member, *, by, reason):
    """Close an account at once; sessions, inquiries and codes of its user are worth nothing from now on.

    Raises StaffingRefused.
    """
    if member.user_id == by.pk:
        raise StaffingRefused(ABOUT_ONESELF)
    if not member.user.is_active:
        raise StaffingRefused(DISABLED_ALREADY)
    _close(member, Deed.DISABLED, by, reason)


def idle_members(day=None, days=IDLE_DAYS):
    """Members of staff in force whose account is open and was not used for `days` before `day` (today)."""
    day = day or timezone.localdate()
    opened_again = Q(deeds__deed=Deed.APPROVED, deeds__request__what=What.ENABLE)
    return (
        StaffMember.objects.in_force(day)
        .filter(user__is_active=True)
        .annotate(used=Greatest("user__last_login", "user__date_joined", Max("deeds__at", filter=opened_again)))
        .filter(used__lt=timezone.now() - timedelta(days=days))
        .select_related("user")
        .order_by("staff_no")
    )


@transaction.atomic
def disable_idle(days=IDLE_DAYS):
    """Close the accounts of staff that nobody used for `days`; the members, in the order of their numbers."""
    idle = list(idle_members(days=days))
    for member in idle:
        _close(member, Deed.IDLE, None, f"{days} days: {timezone.localtime(member.used):%Y-%m-%d}")
    return idle


def note_code_by_command(user):
    """Write down that a command issued an activation code to a member of staff."""
    member = StaffMember.objects.filter(user=user).first()
    if member:
        _note(Deed.CODE, None, "issue_activation", staff_no=member.staff_no, member=member)


def _close(member, deed, by, reason):
    now = timezone.now()
    _note(deed, by, reason, staff_no=member.staff_no, member=member)
    User.objects.filter(pk=member.user_id).update(is_active=False)
    sessions.end_all(member.user, Session.Ended.DISABLED)
    Inquiry.objects.filter(user=member.user_id, closed_at=None).update(closed_at=now)
    member.user.activation_codes.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)


def _note(deed, by, reason, **about):
    StaffDeed.objects.create(deed=deed, by=by, reason=reason, **about)
    staff_no, who = about["staff_no"], by.pk if by else "-"
    logging.getLogger(__name__).info("Account of staff %s: %s by user %s", staff_no, deed, who)
