"""Mandates: the grantor's pages and deeds, and how a proxy or guardian chooses whose record to ask about."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from inquiries import mandates, opening
from inquiries.door import deed_on, on_record
from inquiries.first_pages import first_page
from inquiries.kiosk import is_kiosk
from inquiries.mandate_forms import GrantForm
from inquiries.models import Mandate, User
from inquiries.step_up import fresh


@require_safe
@on_record("inquiries.mandates")
def my_mandates(request, person):
    """Who may ask for me: what, until when, and the button that ends it."""
    found = list(mandates.granted_by(person))
    open_ones = [m for m in found if m.is_in_force]
    context = {"open": open_ones, "ended": [m for m in found if m not in open_ones]}
    return render(request, "inquiries/mandates.html", context)


@fresh
@require_safe
@on_record("inquiries.grant_mandate")
def grant_mandate(request, person):
    return render(request, "inquiries/grant_mandate.html", {"form": GrantForm()})


@fresh
@sensitive_post_parameters("name", "number")
@deed_on("inquiries.grant_mandate")
def check_mandate(request, inquiry):
    """The answers to be checked; nothing is granted yet."""
    form = GrantForm(request.POST)
    if not _is_valid(form, inquiry.person) or "change" in request.POST:
        return render(request, "inquiries/grant_mandate.html", {"form": form})
    return render(request, "inquiries/check_mandate.html", {"form": form, "answers": form.answers()})


@fresh
@sensitive_post_parameters("name", "number")
@deed_on("inquiries.grant_mandate")
def confirm_mandate(request, inquiry):
    form = GrantForm(request.POST)
    if _is_valid(form, inquiry.person):
        data = form.cleaned_data
        what = (data["name"], data["number"], data["scopes"], data["purpose"], form.until)
        try:
            with transaction.atomic():
                mandates.grant(request.user, inquiry.person, *what)
        except IntegrityError:
            form.add_error("number", _("This person may already ask for you. End that mandate first."))
        else:
            messages.success(request, _("The mandate is granted. You can end it here at any time."))
            return redirect("my_mandates")
    return render(request, "inquiries/grant_mandate.html", {"form": form})


@deed_on("inquiries.mandates")
def end_mandate(request, inquiry):
    """One click ends it; a look-up under way ends with it."""
    ids = inquiry.person.record_ids
    if not mandates.end(request.user, token=request.POST.get("mandate", ""), person__in=ids):
        raise Http404
    messages.success(request, _("The mandate has ended."))
    return redirect("my_mandates")


def _is_valid(form, person):
    if form.is_valid() and mandates.is_own_number(person, form.cleaned_data["number"]):
        form.add_error("number", _("This is your own number. A mandate is for somebody else."))
    return form.is_valid()


@require_http_methods(["GET", "HEAD", "POST"])
def choose_record(request):
    """A person says whose record she asks about: her own, or that of somebody who has entrusted it to her."""
    if request.user.kind != User.Kind.PERSON or is_kiosk(request):
        raise PermissionDenied
    held = mandates.held_by(request.user)
    if request.method == "POST":
        return _open_chosen(request, held, request.POST.get("mandate", ""))
    context = {"held": held, "guardian": Mandate.Kind.GUARDIAN, "today": timezone.localdate()}
    return render(request, "inquiries/choose_record.html", context)


def _open_chosen(request, held, token):
    if not token:
        opening.open_own_record(request)
        return redirect("my_accounts")
    mandate = next((m for m in held if m.token == token), None)
    if mandate is None:
        raise Http404
    return redirect(first_page(opening.open_by_mandate(request, mandate)))
