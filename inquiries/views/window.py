from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inquiries import activation, bound_phones, notices, printed_codes, second_factors, window
from inquiries.door import deed_of_inquiry, for_clerk, on_record
from inquiries.forms import CheckIdentityForm, StartVisitForm
from inquiries.looked import PAGE_NAMES
from inquiries.models import BoundPhone, Notice, RequiredPaper, Visit
from inquiries.models.visits import Actor
from inquiries.proof_forms import PhoneForm
from registry.identity import masked


@require_safe
@for_clerk
def today(request, clerk):
    """The clerk's open visit and today's closed ones, by number; no name, no search box."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    visits = Visit.objects.filter(clerk=clerk, opened_at__gte=midnight).exclude(closed_at=None)
    context = {"clerk": clerk, "open_visit": window.open_visit_of(clerk), "visits": visits}
    return render(request, "inquiries/window_today.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerk
def start_visit(request, clerk):
    """Who is here, with which papers, what for: written down before anything is shown."""
    if window.open_visit_of(clerk):
        return redirect("window_today")
    papers = RequiredPaper.objects.filter(actor=Actor.SELF)
    form = StartVisitForm(papers, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                window.start_visit(
                    request, clerk, form.person, data["papers"], purpose=data["purpose"], queue_no=data["queue_no"]
                )
        except IntegrityError:
            messages.error(request, _("Close the open visit before you start another."))
            return redirect("window_today")
        return redirect("check_identity")
    return render(request, "inquiries/start_visit.html", {"form": form, "papers": papers})


@require_safe
@on_record("inquiries.check_identity", before_match=True)
def check_identity(request, person):
    """The masked person card and three facts to compare with what the visitor says."""
    number = person.identifiers.get(is_main=True)
    context = {
        "form": CheckIdentityForm(),
        "person": person,
        "number": masked(number.number),
        "facts": window.facts_of(person),
    }
    return render(request, "inquiries/check_identity.html", context)


@require_POST
@deed_of_inquiry
def confirm_identity(request, inquiry):
    form = CheckIdentityForm(request.POST)
    if not form.is_valid() or inquiry.visit is None or inquiry.visit.is_identity_matched:
        return redirect("check_identity")
    matched = form.cleaned_data["result"] == "matched"
    window.write_identity_check(inquiry.visit, matched)
    if matched:
        visit = inquiry.visit
        notices.tell(inquiry.person, Notice.Kind.LOOKED_UP, office=visit.office, purpose=visit.purpose)
        return redirect("my_accounts")
    window.close_visit(request, inquiry.visit)
    return render(request, "inquiries/identity_mismatch.html", {"visit": inquiry.visit})


@require_safe
@on_record("inquiries.finish_visit", before_match=True)
def finish_visit(request, person):
    """What was shown and printed during the visit: the receipt, and the button that ends it."""
    visit = request.inquiry.visit
    if visit is None:
        return redirect("my_accounts")
    shown = [(row, PAGE_NAMES.get(row.page, row.page)) for row in window.shown_during(visit)]
    context = {"visit": visit, "shown": shown, "seen_papers": visit.seen_papers.select_related("paper")}
    return render(request, "inquiries/finish_visit.html", context)


@require_POST
@deed_of_inquiry
def issue_code(request, inquiry):
    """Hand a new activation code to the visitor whose identity has just been confirmed."""
    if inquiry.visit is None or not inquiry.visit.is_identity_matched:
        return redirect("check_identity")
    user = _user_of_visitor(inquiry)
    code = activation.issue(user, issued_by=request.user)
    return render(request, "inquiries/activation_code.html", {"code": code, "person": inquiry.person})


@require_POST
@deed_of_inquiry
def hand_out_codes(request, inquiry):
    """A sheet of ten sign-in codes for the visitor whose identity has just been confirmed: a second factor on paper."""
    if inquiry.visit is None or not inquiry.visit.is_identity_matched:
        return redirect("check_identity")
    user = _user_of_visitor(inquiry)
    codes = printed_codes.hand_out(user, by=request.user, visit=inquiry.visit)
    second_factors.note_set_up(user, "codes")
    context = {"codes": codes, "person": inquiry.person, "goes_on_at": reverse("finish_visit")}
    return render(request, "inquiries/printed_codes.html", context)


@require_safe
@on_record("inquiries.phone_of_visitor")
def phone_of_visitor(request, person):
    """The visitor's mobile number for codes: which one is bound, and a field for another."""
    if request.inquiry.visit is None:
        return redirect("my_protection")
    bound = BoundPhone.objects.in_use().filter(user__person=person).first()
    return render(request, "inquiries/phone_of_visitor.html", {"form": PhoneForm(), "bound": bound})


@require_POST
@deed_of_inquiry
def bind_phone(request, inquiry):
    """Codes go to this number from now on: the visitor is here, and the identity confirmed."""
    if inquiry.visit is None or not inquiry.visit.is_identity_matched:
        return redirect("check_identity")
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return render(request, "inquiries/phone_of_visitor.html", {"form": form})
    user = _user_of_visitor(inquiry)
    source = BoundPhone.Source.WINDOW
    bound = bound_phones.bind(user, form.cleaned_data["phone"], source, request.user, inquiry.visit)
    second_factors.note_set_up(user, "phone")
    messages.success(request, _("Codes for signing in now go to %(phone)s.") % {"phone": bound.masked})
    return redirect("finish_visit")


def _user_of_visitor(inquiry):
    number = inquiry.person.identifiers.get(is_main=True).number
    return activation.user_for_person(inquiry.person, number)


@require_POST
@deed_of_inquiry
def close_visit(request, inquiry):
    if inquiry.visit is None:
        return redirect("my_accounts")
    window.close_visit(request, inquiry.visit)
    messages.success(request, _("Visit %(number)s is closed.") % {"number": inquiry.visit.number})
    return redirect("window_today")


@require_POST
@for_clerk
def end_visit_left_open(request, clerk):
    """Close a visit left open in an earlier session (its inquiry is gone); the record is not shown again."""
    visit = window.open_visit_of(clerk)
    if visit:
        window.close_visit(request, visit)
    return redirect("window_today")
