"""Accounts of staff: who holds which role, what is asked for and decided, and every deed about it."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from inquiries import staffing
from inquiries.door import deed_of_administrator, for_administrator
from inquiries.models import StaffDeed, StaffMember, StaffRequest
from inquiries.staff_forms import AccountForm, EndForm, NewStaffForm, ReasonForm
from inquiries.step_up import fresh

SYSTEM, SECURITY = StaffMember.Role.SYSTEM, StaffMember.Role.SECURITY
MEMBERS_SHOWN, DEEDS_SHOWN = 50, 100
REFUSED = 409


@require_safe
@for_administrator
def staff_list(request, member):
    """Who is on the staff: role, since and until when, last sign-in, state; and what waits for a decision."""
    members = StaffMember.objects.select_related("user", "agency").order_by("staff_no")
    waiting = StaffRequest.objects.waiting().select_related("asked_by").order_by("pk")
    context = {
        "page": Paginator(members, MEMBERS_SHOWN).get_page(request.GET.get("page")),
        "waiting": waiting,
        "idle": {m.pk for m in staffing.idle_members()},
        "idle_days": staffing.IDLE_DAYS,
        "is_system": member.role == SYSTEM,
    }
    return render(request, "inquiries/staff/list.html", context)


@require_safe
@for_administrator
def staff_deeds(request, member):
    """Every deed on an account of staff, newest first."""
    deeds = StaffDeed.objects.select_related("by", "request").order_by("-pk")
    page = Paginator(deeds, DEEDS_SHOWN).get_page(request.GET.get("page"))
    return render(request, "inquiries/staff/deeds.html", {"page": page})


@require_safe
@for_administrator
def staff_account(request, member, number):
    """One account, its requests and deeds, and the forms for what this administrator may do."""
    return _account(request, member, _member(number))


@require_safe
@for_administrator
def staff_request(request, member, number):
    """One request, to be decided by a security administrator."""
    return _request(request, member, _asked(number))


@require_safe
@for_administrator
def new_staff(request, member):
    """The empty form for a new member of staff."""
    return render(request, "inquiries/staff/new.html", {"form": NewStaffForm(), "is_system": member.role == SYSTEM})


@fresh
@deed_of_administrator(SYSTEM)
def ask_for_staff(request, member):
    form = NewStaffForm(request.POST)
    if form.is_valid():
        try:
            asked = staffing.ask_for_new(request.user, **form.cleaned_data)
        except staffing.StaffingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("staff_request", number=asked.pk)
    return render(request, "inquiries/staff/new.html", {"form": form, "is_system": True})


@fresh
@deed_of_administrator(SYSTEM)
def ask_for_change(request, member, number):
    return _ask(request, member, number, AccountForm(request.POST), staffing.ask_for_change, "change")


@fresh
@deed_of_administrator(SYSTEM)
def ask_for_end(request, member, number):
    return _ask(request, member, number, EndForm(request.POST), staffing.ask_for_end, "end")


@fresh
@deed_of_administrator(SYSTEM)
def ask_to_enable(request, member, number):
    return _ask(request, member, number, ReasonForm(request.POST), staffing.ask_to_enable, "enable")


@fresh
@deed_of_administrator(SYSTEM)
def ask_for_code(request, member, number):
    return _ask(request, member, number, ReasonForm(request.POST), staffing.ask_for_code, "code")


@deed_of_administrator()
def disable_staff(request, member, number):
    """Close an account at once; either administrator may, with a reason."""
    about, form = _member(number), ReasonForm(request.POST)
    if form.is_valid():
        try:
            staffing.disable(about, by=request.user, reason=form.cleaned_data["reason"])
        except staffing.StaffingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("staff_account", number=about.pk)
    return _account(request, member, about, disable=form)


@fresh
@deed_of_administrator(SECURITY)
def approve_staff_request(request, member, number):
    return _decide(request, member, number, StaffRequest.Decision.APPROVED)


@deed_of_administrator(SECURITY)
def refuse_staff_request(request, member, number):
    return _decide(request, member, number, StaffRequest.Decision.REFUSED)


@fresh
@deed_of_administrator(SYSTEM)
def issue_staff_code(request, member, number):
    """Show the activation code once, to be handed over in person."""
    asked = _asked(number)
    if asked.member is None:
        return _request(request, member, asked, refusal=staffing.NO_CODE)
    try:
        code = staffing.issue_code(asked, by=request.user)
    except staffing.StaffingRefused as refusal:
        return _request(request, member, asked, refusal=str(refusal))
    return render(request, "inquiries/staff/code.html", {"code": code, "asked": asked})


def _ask(request, member, number, form, deed, which):
    about = _member(number)
    if form.is_valid():
        try:
            asked = deed(request.user, about, **form.cleaned_data)
        except staffing.StaffingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("staff_request", number=asked.pk)
    return _account(request, member, about, **{which: form})


def _decide(request, member, number, decision):
    asked, form = _asked(number), ReasonForm(request.POST)
    if not form.is_valid():
        return _request(request, member, asked, form)
    try:
        staffing.decide(asked, decision, by=request.user, reason=form.cleaned_data["reason"])
    except staffing.StaffingRefused as refusal:
        return _request(request, member, asked, form, refusal=str(refusal))
    return redirect("staff_request", number=asked.pk)


def _account(request, member, about, **forms):
    """`forms`: one that was sent and is shown again with what is wrong, under the name of its deed."""
    sent = next(iter(forms.values()), None)
    account = {"role": about.role, "agency": about.agency_id, "office": about.office}
    context = {
        "about": about,
        "is_own": about.user_id == request.user.pk,
        "is_system": member.role == SYSTEM,
        "is_auditor": member.role == StaffMember.Role.AUDITOR,
        "requests": about.requests.order_by("-pk")[:DEEDS_SHOWN],
        "deeds": about.deeds.select_related("by").order_by("-pk")[:DEEDS_SHOWN],
        "form": sent,
        "change": forms.get("change") or AccountForm(initial=account, auto_id="change_%s"),
        "end": forms.get("end") or EndForm(auto_id="end_%s"),
        "code": forms.get("code") or ReasonForm(auto_id="code_%s"),
        "enable": forms.get("enable") or ReasonForm(auto_id="enable_%s"),
        "disable": forms.get("disable") or ReasonForm(auto_id="disable_%s"),
    }
    return render(request, "inquiries/staff/account.html", context)


def _request(request, member, asked, form=None, refusal=""):
    same_name = StaffMember.objects.none()
    if asked.what == StaffRequest.What.NEW and not asked.decision:
        same_name = StaffMember.objects.in_force().filter(user__name=asked.name)
    context = {
        "asked": asked,
        "about": asked.member,
        "same_name": same_name,
        "may_decide": member.role == SECURITY and not asked.decision,
        "may_issue_code": member.role == SYSTEM and asked.may_issue_code,
        "form": form or ReasonForm(),
        "refusal": refusal,
    }
    return render(request, "inquiries/staff/request.html", context, status=REFUSED if refusal else 200)


def _member(number):
    member = StaffMember.objects.select_related("user", "agency").filter(pk=number).first()
    if member is None:
        raise Http404
    return member


def _asked(number):
    related = ("member__user", "member__agency", "agency", "asked_by", "decided_by")
    asked = StaffRequest.objects.select_related(*related).filter(pk=number).first()
    if asked is None:
        raise Http404
    return asked
