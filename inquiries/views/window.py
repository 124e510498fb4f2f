from dataclasses import dataclass

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inquiries import activation, bound_phones, mandates, notices, printed_codes, quotas, second_factors, window
from inquiries.door import deed_of_inquiry, deed_on, for_clerk, may_open, on_list, on_record
from inquiries.first_pages import first_page
from inquiries.forms import CheckIdentityForm
from inquiries.looked import PAGE_NAMES
from inquiries.models import BoundPhone, Notice, RequiredPaper, Visit
from inquiries.models.visits import Actor
from inquiries.proof_forms import PhoneForm
from inquiries.visit_forms import FORMS, facts_of
from registry.identity import masked

_QUOTA = gettext_noop(
    "You have looked up %(visits)s persons today: that is the limit. If you must go on, ask a supervisor."
)


@require_safe
@for_clerk
def today(request, clerk):
    """The clerk's open visit, today's closed ones, and papers that wait for her; by number, no name, no search box."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    visits = Visit.objects.filter(clerk=clerk, opened_at__gte=midnight).exclude(closed_at=None)
    open_visit = window.open_visit_of(clerk)
    context = {"clerk": clerk, "open_visit": open_visit, "visits": visits, "waiting": window.waiting_for(clerk).count()}
    return render(request, "inquiries/window_today.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerk
def start_visit(request, clerk):
    """Who is here, with which papers, what for: written down before anything is shown."""
    if window.open_visit_of(clerk):
        return redirect("window_today")
    asked = (request.POST if request.method == "POST" else request.GET).get("actor", Actor.SELF)
    actor = Actor(asked) if asked in Actor.values else Actor.SELF
    papers = RequiredPaper.objects.filter(actor=actor)
    form = FORMS[actor](papers, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                visit = _start(request, clerk, actor, form)
            return redirect(_after_start(visit))
        except IntegrityError:
            messages.error(request, _("Close the open visit before you start another."))
            return redirect("window_today")
        except quotas.QuotaReached as reached:
            form.add_error(None, _(_QUOTA) % {"visits": reached.visits})
        except mandates.OwnNumber:
            form.add_error("visitor_number", _("This is the number of the insured person. Nobody is her own proxy."))
        except mandates.OfAge:
            form.add_error("last_day", _("This person is of age. Enter the last day that the papers name."))
    context = {"form": form, "papers": papers, "actor": actor, "actors": Actor}
    return render(request, "inquiries/start_visit.html", context)


def _start(request, clerk, actor, form):
    data, proxy = form.cleaned_data, None
    if "visitor_number" in data:
        proxy = window.Proxy(data["visitor_name"], data["visitor_number"], data.get("last_day"))
    return window.start_visit(request, clerk, data["papers"], actor, proxy, **facts_of(actor, form))


def _after_start(visit):
    if visit.by_mandate:
        return "window_today"
    return "employer_home" if visit.actor == Actor.UNIT else "check_identity"


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


@deed_on("inquiries.check_identity")
def confirm_identity(request, inquiry):
    form = CheckIdentityForm(request.POST)
    if not form.is_valid() or inquiry.visit.is_waiting or inquiry.visit.is_identity_matched:
        return redirect("check_identity")
    matched = form.cleaned_data["result"] == "matched"
    window.write_identity_check(inquiry.visit, matched)
    if matched:
        visit = inquiry.visit
        if inquiry.person:
            notices.tell(inquiry.person, Notice.Kind.LOOKED_UP, office=visit.office, purpose=visit.purpose)
        return redirect(first_page(inquiry))
    window.close_visit(request, inquiry.visit)
    return render(request, "inquiries/identity_mismatch.html", {"visit": inquiry.visit})


@require_safe
@on_record("inquiries.finish_visit", before_match=True)
def finish_visit(request, person):
    """What was shown and printed during the visit: the receipt, and the button that ends it."""
    return _receipt(request)


@dataclass(frozen=True)
class NobodyListed:
    """The receipt of an employer's visit shows no person."""

    person_ids: tuple = ()


@require_safe
@on_list("inquiries.finish_unit_visit", lambda request, employer: NobodyListed())
def finish_unit_visit(request, employer, listed):
    """As `finish_visit`, for an employer's agent."""
    return _receipt(request)


def _receipt(request):
    visit = request.inquiry.visit
    shown = [(row, PAGE_NAMES.get(row.page, row.page)) for row in window.shown_during(visit)]
    context = {"visit": visit, "shown": shown, "seen_papers": visit.seen_papers.select_related("paper")}
    context["may_issue_code"] = may_open(request.inquiry, "inquiries.issue_code")
    return render(request, "inquiries/finish_visit.html", context | {"go_on": first_page(request.inquiry)})


@deed_on("inquiries.issue_code")
def issue_code(request, inquiry):
    """Hand a new activation code to the insured person whose identity has just been confirmed; to nobody else."""
    if not inquiry.visit.is_identity_matched:
        return redirect("check_identity")
    user = _user_of_visitor(inquiry)
    code = activation.issue(user, issued_by=request.user)
    return render(request, "inquiries/activation_code.html", {"code": code, "person": inquiry.person})


@deed_on("inquiries.hand_out_codes")
def hand_out_codes(request, inquiry):
    """A sheet of ten sign-in codes for the visitor whose identity has just been confirmed: a second factor on paper."""
    if not inquiry.visit.is_identity_matched:
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
    bound = BoundPhone.objects.in_use().filter(user__person=person).first()
    return render(request, "inquiries/phone_of_visitor.html", {"form": PhoneForm(), "bound": bound})


@deed_on("inquiries.phone_of_visitor")
def bind_phone(request, inquiry):
    """Codes go to this number from now on: the visitor is here, and the identity confirmed."""
    if not inquiry.visit.is_identity_matched:
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
