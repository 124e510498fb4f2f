"""How operators and auditors begin a look-up: with a purpose and a document, of one person or of batches."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inquiries import opening
from inquiries.door import for_operator, of_open_inquiry
from inquiries.operator_forms import FindPersonForm, LookForm
from inquiries.ways_back import is_ours


@require_safe
@for_operator
def find_person(request, member):
    """One person by her exact identity number, with a reason; nothing else finds anybody."""
    return render(request, "inquiries/find_person.html", {"form": FindPersonForm()})


@sensitive_post_parameters("number")
@require_POST
@for_operator
def look_up_person(request, member):
    form = FindPersonForm(request.POST)
    if not form.is_valid():
        return render(request, "inquiries/find_person.html", {"form": form})
    data = form.cleaned_data
    opening.open_for_operator(request, member, data["purpose"], data["reference"], form.person_id)
    return redirect("person_entries")


@require_safe
@for_operator
def why_these_entries(request, member):
    """Before the entries of batches are shown: why."""
    context = {"form": LookForm(), "next": request.GET.get("next", "")}
    return render(request, "inquiries/why_these_entries.html", context)


@require_POST
@for_operator
def look_into_books(request, member):
    form, target = LookForm(request.POST), request.POST.get("next", "")
    if not form.is_valid():
        return render(request, "inquiries/why_these_entries.html", {"form": form, "next": target})
    opening.open_for_operator(request, member, form.cleaned_data["purpose"], form.cleaned_data["reference"])
    if not is_ours(request, target):
        target = reverse("batches")
    return redirect(target)


@require_POST
@for_operator
@of_open_inquiry
def end_look_up(request, member):
    """Close what the operator has open; the next look-up says its own reason."""
    opening.close(request)
    return redirect("operators_desk")
