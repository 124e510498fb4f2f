"""12333: the caller's page with the code, and the desk that enters it."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inquiries import calls, opening
from inquiries.door import deed_on, for_phone_desk, of_open_inquiry, on_record
from inquiries.first_pages import first_page
from inquiries.limits import IN_ALL
from inquiries.models import Inquiry
from inquiries.phone_forms import CallForm
from inquiries.step_up import fresh

MINUTES = {
    "code": int(calls.VALID_FOR.total_seconds() // 60),
    "look": int(IN_ALL[Inquiry.Channel.PHONE].total_seconds() // 60),
}


@require_safe
@on_record("inquiries.phone_code")
def phone_code(request, person):
    """What the desk would see and for how long; what it has open now, and the button that ends that."""
    context = {"under_way": calls.under_way(person), "minutes": MINUTES}
    return render(request, "inquiries/phone_code.html", context)


@fresh
@deed_on("inquiries.phone_code")
def make_phone_code(request, inquiry):
    try:
        with transaction.atomic():
            code = calls.make_code(request.user, inquiry.person)
    except IntegrityError:
        messages.error(request, _("A code was made at the same moment. Make another one."))
        return redirect("phone_code")
    return render(request, "inquiries/phone_code_made.html", {"code": code, "minutes": MINUTES})


@deed_on("inquiries.phone_code")
def end_call(request, inquiry):
    """Nobody at the desk sees the record any more, with the next click there."""
    calls.withdraw(inquiry.person)
    messages.success(request, _("The desk no longer sees your record."))
    return redirect("phone_code")


@require_safe
@for_phone_desk
def phone_desk(request, member):
    return render(request, "inquiries/phone_desk.html", {"form": CallForm(request)})


@sensitive_post_parameters("number", "code")
@require_POST
@for_phone_desk
def take_call(request, member):
    """Open the caller's record, if number and code belong together."""
    form = CallForm(request, request.POST)
    if not form.is_valid():
        return render(request, "inquiries/phone_desk.html", {"form": form})
    return redirect(first_page(opening.open_call(request, form.person_id)))


@require_POST
@for_phone_desk
@of_open_inquiry
def hang_up(request, member):
    opening.close(request)
    return redirect("phone_desk")
